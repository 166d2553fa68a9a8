import { printable } from "../text/printable.js";
import type {
  Graph,
  GraphBuild,
  GraphContext,
  GraphNeed,
  GraphNetwork,
  GraphPort,
  GraphProject,
  GraphRole,
  GraphService,
  GraphStage,
  GraphVariant,
} from "./graph.js";

/** A graph for people: Compose projects first, then Dockerfiles that no service builds. Empty for an empty graph. */
export function graphText({ composeProjects, builds }: Graph): string {
  const byId = new Map(builds.map((build) => [build.id, build]));
  const blocks = composeProjects.map((project) => projectLines(project, byId));
  const alone = builds.filter(({ isAlone }) => isAlone);
  if (alone.length > 0) blocks.push(["Dockerfiles that no service builds", ...alone.flatMap(aloneLines)]);
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

type Row = readonly [title: string, text: string];

function projectLines(project: GraphProject, builds: ReadonlyMap<string, GraphBuild>): readonly string[] {
  return [
    `Compose project in ${printable(project.folder)}`,
    ...project.variants.flatMap((variant) => ["", ...variantLines(variant, builds)]),
  ];
}

function variantLines(variant: GraphVariant, builds: ReadonlyMap<string, GraphBuild>): readonly string[] {
  const { files, broughtIn, name, role, isIncomplete, services, networks } = variant;
  return [
    `  ${listed(files, " + ")}: ${roleText(role)}${name === undefined ? "" : `, named ${printable(name)}`}`,
    ...(broughtIn.length === 0 ? [] : [`    also reads ${listed(broughtIn)}`]),
    ...(isIncomplete ? ["    something that it includes cannot be followed"] : []),
    ...services.flatMap((service) => serviceLines(service, builds)),
    ...networks.map((network) => `    ${networkText(network)}`),
  ];
}

function serviceLines(service: GraphService, builds: ReadonlyMap<string, GraphBuild>): readonly string[] {
  const build = service.build === undefined ? undefined : builds.get(service.build);
  const { unlinked, image, publishes, networkMode, networks, needs, profiles } = service;
  const rows: Row[] = [];
  if (build !== undefined) rows.push(...buildRows(build));
  if (unlinked !== undefined) rows.push(["context", unlinkedText(unlinked)]);
  if (image !== undefined) rows.push(["image", printable(image)]);
  if (publishes.length > 0) rows.push(["publishes", publishes.map(portText).join(", ")]);
  if (networkMode !== undefined) rows.push(["network", printable(networkMode)]);
  if (networks.length > 0) rows.push(["networks", listed(networks)]);
  if (needs.length > 0) rows.push(["needs", needs.map(needText).join(", ")]);
  if (profiles.length > 0) rows.push(["profiles", listed(profiles)]);
  return [`    ${printable(service.name)}`, ...rows.map((row) => rowText(row, "      "))];
}

function aloneLines(build: GraphBuild): readonly string[] {
  return ["", `  ${dockerfileText(build)}: ${roleText(build.role)}`, ...buildRows(build).slice(1).map(aloneRow)];
}

function aloneRow(row: Row): string {
  return rowText(row, "    ");
}

/** The Dockerfile comes first. */
function buildRows(build: GraphBuild): readonly Row[] {
  const { target, ships, stages, args, additionalContexts, context } = build;
  const rows: Row[] = [["Dockerfile", dockerfileText(build)]];
  if (target !== undefined) {
    rows.push(["target", ships === undefined ? `${printable(target)}, which no stage is named` : printable(target)]);
  }
  if (stages.length > 0) rows.push(["stages", stages.map((stage) => stageText(stage, ships)).join(", ")]);
  rows.push(["context", contextText(context)]);
  for (const { name, reference } of additionalContexts) {
    rows.push(["context", `${printable(name)}=${printable(reference ?? "unknown")}`]);
  }
  if (context.kind === "local") rows.push(["ignore file", ignoreFileText(context)]);
  if (args.length > 0) rows.push(["args", listed(args)]);
  return rows;
}

function rowText([title, text]: Row, indent: string): string {
  return `${indent}${title.padEnd(13)}${text}`;
}

function dockerfileText({ dockerfile, inlineAt }: GraphBuild): string {
  return inlineAt === undefined ? printable(dockerfile) : `inline, ${printable(dockerfile)}:${inlineAt}`;
}

function stageText({ name, base, isShipped, isReached }: GraphStage, ships: string | undefined): string {
  const facts = [`from ${printable(base)}`];
  if (name === ships) facts.push("ships");
  else if (isShipped) facts.push("part of what ships");
  else if (!isReached && ships !== undefined) facts.push("not needed");
  return `${printable(name)} (${facts.join(", ")})`;
}

function contextText(context: GraphContext): string {
  if (context.kind !== "local") return `${printable(context.written)} (${context.kind})`;
  return context.isCertain ? printable(context.path) : `${printable(context.path)} (a guess; give --context)`;
}

function ignoreFileText({ ignoreFile, hiddenIgnoreFile }: Extract<GraphContext, { readonly kind: "local" }>): string {
  if (ignoreFile === undefined) return "none";
  const hidden = hiddenIgnoreFile === undefined ? "" : ` (instead of ${printable(hiddenIgnoreFile)})`;
  return `${printable(ignoreFile)}${hidden}`;
}

function unlinkedText({ context, dockerfile }: NonNullable<GraphService["unlinked"]>): string {
  const place = context === "" ? "." : printable(context);
  return dockerfile === undefined ? place : `${place}; no Dockerfile to read at ${printable(dockerfile)}`;
}

function portText({ hostIp, published, target, protocol, exposure }: GraphPort): string {
  const address = hostIp === undefined ? "" : `${hostIp.includes(":") ? `[${hostIp}]` : hostIp}:`;
  const host = `${address}${published ?? "(any port)"}`;
  const reach = exposure === "loopback" ? " (this machine only)" : "";
  return printable(`${host} -> ${target}/${protocol}${reach}`);
}

function needText({ service, key, condition, isRequired }: GraphNeed): string {
  const facts = [condition ?? key, ...(isRequired ? [] : ["optional"])];
  return printable(`${service} (${facts.join(", ")})`);
}

function networkText({ name, isDeclared, isExternal, isInternal, services }: GraphNetwork): string {
  const facts = [
    ...(isDeclared || name === "default" ? [] : ["not defined"]),
    ...(isExternal ? ["external"] : []),
    ...(isInternal ? ["internal"] : []),
  ];
  const suffix = facts.length === 0 ? "" : ` (${facts.join(", ")})`;
  return `network ${printable(name)}${suffix}: ${services.length === 0 ? "nobody" : listed(services)}`;
}

function roleText({ name, isStated }: GraphRole): string {
  return isStated ? name : `${name} (assumed)`;
}

function listed(texts: readonly string[], separator = ", "): string {
  return texts.map(printable).join(separator);
}
