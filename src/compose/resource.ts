import { resolvePath } from "../files/path.js";
import { keyValuesOf } from "./key-values.js";
import type { Resource } from "./model.js";
import type { Entry, MappingNode } from "./node-model.js";
import { booleanValue, leafAt, nodeAt, textValue } from "./values-of-nodes.js";

/** Reads one section of the top level; empty when it is absent or no mapping. */
export function resourcesOf(root: MappingNode, section: string, kind: Resource["kind"]): ReadonlyMap<string, Resource> {
  const node = root.entries.get(section)?.value;
  if (node?.kind !== "mapping") return new Map();
  return new Map([...node.entries.values()].map((entry) => [entry.key, resourceOf(entry, kind)]));
}

function resourceOf(entry: Entry, kind: Resource["kind"]): Resource {
  const node = entry.value.kind === "mapping" ? entry.value : undefined;
  const external = leafAt(node, ["external"], booleanValue);
  const file = leafAt(node, ["file"], textValue);
  // `external: {name: x}` is the old spelling of `external: true` and `name: x`.
  const externalMapping = nodeAt(node, ["external"])?.kind === "mapping";
  return {
    kind,
    name: entry.key,
    keyRange: entry.keyRange,
    node,
    isExternal: externalMapping || external?.value === true,
    external,
    realName: leafAt(node, ["name"], textValue) ?? leafAt(node, ["external", "name"], textValue),
    driver: leafAt(node, ["driver"], textValue),
    file,
    filePath: file?.value === undefined ? undefined : resolvePath(file.node.folder, file.value),
    environment: leafAt(node, ["environment"], textValue),
    content: leafAt(node, ["content"], textValue),
    labels: keyValuesOf(node?.entries.get("labels")?.value),
    at: (...path) => nodeAt(node, path),
  };
}
