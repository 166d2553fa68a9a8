import type { ComposeFile } from "../compose/model.js";
import type { YamlNode } from "../compose/yaml-model.js";
import type { Range, Source } from "../text/source.js";

/** A block mapping that is not indented by one unit more than the key that holds it. */
export interface YamlIndentFlaw {
  /** The blanks in front of its first key. */
  readonly range: Range;
  /** Columns more than its parent. */
  readonly found: number;
}

/** The first key of each block mapping whose indent is not `size` columns more than that of its parent, in order. */
export function* yamlIndentFlaws({ source, yaml }: ComposeFile, size: number): Iterable<YamlIndentFlaw> {
  for (const document of yaml.documents) yield* flawsOf(document, source, size);
}

function* flawsOf(node: YamlNode, source: Source, size: number): Iterable<YamlIndentFlaw> {
  if (node.kind === "sequence" && node.style === "block")
    for (const item of node.items) yield* flawsOf(item, source, size);
  if (node.kind !== "mapping" || node.style !== "block") return;
  for (const { key, value } of node.entries) {
    const first = value.kind === "mapping" && value.style === "block" ? value.entries[0]?.key.range : undefined;
    const parent = source.positionAt(key.range.start);
    const place = first === undefined ? undefined : source.positionAt(first.start);
    if (first !== undefined && place !== undefined && place.line > parent.line) {
      const found = place.column - parent.column;
      if (found !== size) yield { range: source.range(first.start - place.column + 1, first.start), found };
    }
    yield* flawsOf(value, source, size);
  }
}
