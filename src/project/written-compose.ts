import type { ComposeFile } from "../compose/model.js";
import type { YamlEntry, YamlMapping, YamlNode } from "../compose/yaml-model.js";
import type { Range } from "../text/source.js";

/** The top-level mappings of a Compose file as written, one per document. */
export function* writtenRoots({ yaml }: ComposeFile): Iterable<YamlMapping> {
  for (const document of yaml.documents) if (document.kind === "mapping") yield document;
}

/** Entries of one section of a Compose file as written, merge keys and doubles left out; per document. */
export function* writtenSections(file: ComposeFile, section: string): Iterable<readonly YamlEntry[]> {
  for (const root of writtenRoots(file)) {
    const value = entryOf(root, section)?.value;
    if (value?.kind === "mapping") yield ownEntries(value);
  }
}

/** The services of a Compose file as written: each key with its mapping. */
export function* writtenServices(
  file: ComposeFile,
): Iterable<{ readonly entry: YamlEntry; readonly mapping: YamlMapping }> {
  for (const entries of writtenSections(file, "services")) {
    for (const entry of entries) if (entry.value.kind === "mapping") yield { entry, mapping: entry.value };
  }
}

/** The entry of a mapping with a key; undefined when nobody wrote it there. */
export function entryOf(mapping: YamlMapping, key: string): YamlEntry | undefined {
  return mapping.entries.find((entry) => entry.key.text === key);
}

/** Entries that are keys of their own: no merge keys, no second writing of a key. */
export function ownEntries({ entries }: YamlMapping): readonly YamlEntry[] {
  return entries.filter(({ isMerge, duplicateOf }) => !isMerge && duplicateOf === undefined);
}

/** The items of a list as scalars; undefined when one of them is something else. */
export function scalarItems(node: YamlNode | undefined) {
  if (node?.kind !== "sequence") return undefined;
  const items = [];
  for (const item of node.items) {
    if (item.kind !== "scalar") return undefined;
    items.push(item);
  }
  return items;
}

/** The first key of a Compose file: where to say what concerns all of it. An empty range where there is none. */
export function firstWord({ source, yaml }: ComposeFile): Range {
  const [root] = yaml.documents;
  const key = root?.kind === "mapping" ? root.entries[0]?.key.range : root?.range;
  return key ?? source.range(0, 0);
}
