import type { Variant } from "../../src/compose/model.js";
import type { Node } from "../../src/compose/node-model.js";
import { type ComposeRequest, type ComposeWorkspace, openComposeProjects } from "../../src/compose/project.js";
import type { Range } from "../../src/text/source.js";
import { Source, textOf } from "../../src/text/source.js";

/** Opens the Compose projects of a small tree of files below `/w`; a name with `compose` or `stack` is a found file. */
export function openTree(
  files: Readonly<Record<string, string>>,
  more: Partial<ComposeRequest> = {},
): ComposeWorkspace {
  const sources = new Map<string, Source>();
  for (const [path, text] of Object.entries(files)) {
    sources.set(`/w/${path}`, new Source(path, text, { file: `/w/${path}` }));
  }
  return openComposeProjects({
    root: "/w",
    sources: [...sources.values()].filter(({ path }) => /(?:compose|stack)[^/]*$/.test(path)),
    read: (path) => sources.get(path) ?? { problem: "absent" },
    exists: (path) => sources.has(path),
    mayReadEnv: () => true,
    ...more,
  });
}

/** The first variant of a tree, or of one file. */
export function openVariant(files: Readonly<Record<string, string>> | string): Variant {
  const tree = typeof files === "string" ? { "compose.yaml": files } : files;
  const variant = openTree(tree).projects[0]?.variants[0];
  if (variant === undefined) throw new Error("no variant");
  return variant;
}

/** The service `web` of a Compose file that holds the given lines for it. */
export function webService(lines: string, env = "") {
  const body = lines
    .split("\n")
    .map((line) => `    ${line}`)
    .join("\n");
  const web = openVariant({ "compose.yaml": `services:\n  web:\n${body}\n`, ".env": env }).services.get("web");
  if (web === undefined) throw new Error("no service");
  return web;
}

/** An effective node as plain data. */
export function plain(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === "scalar") return node.type === "null" ? "(null)" : node.resolved;
  if (node.kind === "sequence") return node.items.map(plain);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
}

/** `file:text` of a range. */
export function written(range: Range | undefined): string | undefined {
  return range === undefined ? undefined : `${range.source.path}:${textOf(range)}`;
}
