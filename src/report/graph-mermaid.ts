import { printable } from "../text/printable.js";
import type { Graph, GraphBuild, GraphNetwork, GraphPort, GraphService, GraphVariant } from "./graph.js";

/**
 * A graph as a Mermaid flowchart: a box for each variant with its services, and the networks, Dockerfiles, contexts and
 * ignore files that they lead to.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function graphMermaid({ composeProjects, builds }: Graph): string {
  const lines = ["flowchart LR"];
  const nodeOfBuild = new Map(builds.map(({ id }, index) => [id, `b${index + 1}`]));
  const variants = composeProjects.flatMap((project) => project.variants);
  for (const [index, variant] of variants.entries()) lines.push(...variantLines(variant, `v${index + 1}`, nodeOfBuild));
  const shared = new Map<string, string>();
  for (const build of builds) lines.push(...buildLines(build, nodeOfBuild.get(build.id) ?? build.id, shared));
  return `${lines.join("\n")}\n`;
}

function variantLines(
  { files, services, networks }: GraphVariant,
  id: string,
  nodeOfBuild: ReadonlyMap<string, string>,
): readonly string[] {
  const nodes = new Map(services.map(({ name }, index) => [name, `${id}s${index + 1}`]));
  const lines = [`  subgraph ${id}[${label(files.join(" + "))}]`];
  for (const [name, node] of nodes) lines.push(`    ${node}[${label(name)}]`);
  lines.push("  end");
  for (const service of services) lines.push(...serviceLines(service, nodes, nodeOfBuild));
  for (const [index, network] of networks.entries()) lines.push(...networkLines(network, `${id}n${index + 1}`, nodes));
  return lines;
}

function serviceLines(
  { name, needs, publishes, build }: GraphService,
  nodes: ReadonlyMap<string, string>,
  nodeOfBuild: ReadonlyMap<string, string>,
): readonly string[] {
  const node = nodes.get(name);
  if (node === undefined) return [];
  const lines: string[] = [];
  for (const { service, key, condition } of needs) {
    const needed = nodes.get(service);
    if (needed !== undefined) lines.push(`  ${node} -->|${label(condition ?? key)}| ${needed}`);
  }
  for (const [index, port] of publishes.entries()) {
    lines.push(`  ${node}p${index + 1}([${label(hostText(port))}]) -->|${label(targetText(port))}| ${node}`);
  }
  const made = build === undefined ? undefined : nodeOfBuild.get(build);
  if (made !== undefined) lines.push(`  ${node} ==>|builds| ${made}`);
  return lines;
}

function hostText({ hostIp, published }: GraphPort): string {
  return `${hostIp === undefined ? "" : `${hostIp} `}${published ?? "any port"}`;
}

function targetText({ target, protocol }: GraphPort): string {
  return `${target}/${protocol}`;
}

function networkLines(
  { name, services }: GraphNetwork,
  id: string,
  nodes: ReadonlyMap<string, string>,
): readonly string[] {
  if (services.length === 0) return [];
  const members = services.flatMap((service) => nodes.get(service) ?? []);
  return [`  ${id}((${label(name)}))`, ...members.map((member) => `  ${member} -.- ${id}`)];
}

/** @param shared nodes of contexts and ignore files by their text; filled on the way, so that each stands once */
function buildLines(build: GraphBuild, node: string, shared: Map<string, string>): readonly string[] {
  const { dockerfile, target, context } = build;
  const lines = [`  ${node}[[${label(target === undefined ? dockerfile : `${dockerfile}, target ${target}`)}]]`];
  const place = context.kind === "local" ? context.path : context.written;
  const folder = sharedNode(`context ${place}`, "c", ["[/", "/]"], shared, lines);
  lines.push(`  ${node} --> ${folder}`);
  if (context.kind !== "local" || context.ignoreFile === undefined) return lines;
  const ignoreFile = sharedNode(context.ignoreFile, "i", [">", "]"], shared, lines);
  const edge = `  ${folder} --> ${ignoreFile}`;
  const known = `edge ${folder} ${ignoreFile}`;
  if (shared.has(known)) return lines;
  shared.set(known, edge);
  lines.push(edge);
  return lines;
}

function sharedNode(
  text: string,
  prefix: string,
  [open, close]: readonly [string, string],
  shared: Map<string, string>,
  lines: string[],
): string {
  const known = shared.get(`${prefix} ${text}`);
  if (known !== undefined) return known;
  const node = `${prefix}${shared.size + 1}`;
  shared.set(`${prefix} ${text}`, node);
  lines.push(`  ${node}${open}${label(text)}${close}`);
  return node;
}

/**
 * A quoted label. What could end it, or mean markup, HTML or Markdown in it, is written as a character reference of
 * Mermaid's own kind, `#35;`.
 */
function label(text: string): string {
  const escaped = printable(text).replace(SPECIAL, (character) => `#${character.codePointAt(0) ?? 0};`);
  return `"${escaped}"`;
}

// Underlines emphasise only at the edge of a word.
const SPECIAL = /[^\p{L}\p{N} _./:@,+=-]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu;
