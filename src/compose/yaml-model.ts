import type { Range } from "../text/source.js";

/** How a node is written: the five scalar styles of YAML, and the two of collections. */
export type ScalarStyle = "plain" | "single" | "double" | "literal" | "folded";
export type CollectionStyle = "block" | "flow";

/**
 * What the Compose loader takes a scalar for (its own reading, which differs from YAML 1.2 core: `0444` is an octal
 * integer, `1_000` an integer, `2024-01-02` a timestamp). Quoted and block scalars are always text.
 */
export type ScalarType = "text" | "null" | "boolean" | "integer" | "float" | "timestamp";

/** `&name` before a node. `uses` are the aliases that stand for it, in order. */
export interface Anchor {
  readonly name: string;
  readonly range: Range;
  readonly uses: readonly Range[];
}

/** `!name` before a node, as written (`!reset`), with the range of the tag itself. */
export interface Tag {
  readonly name: string;
  readonly range: Range;
}

/** One scalar as written. `range` covers quotes and, for block scalars, the header (`|`) and the body. */
export interface YamlScalar {
  readonly kind: "scalar";
  readonly style: ScalarStyle;
  readonly type: ScalarType;
  /** Decoded text: quotes and escapes resolved, lines folded; for plain scalars what is written. */
  readonly text: string;
  readonly range: Range;
  readonly anchor: Anchor | undefined;
  readonly tag: Tag | undefined;
  /** The range that a stretch of `text` (0-based code units, end exclusive) was written as. */
  rangeOf(start: number, end: number): Range;
}

/** One `key: value`. A later entry with the same key has `duplicateOf`; the model keeps the last one. */
export interface YamlEntry {
  readonly key: YamlScalar;
  readonly value: YamlNode;
  /** `<<`, written plainly. */
  readonly isMerge: boolean;
  readonly duplicateOf: YamlEntry | undefined;
  /** From the start of the key to the end of the value. */
  readonly range: Range;
}

/** A mapping as written: merge keys and duplicates included, in order. */
export interface YamlMapping {
  readonly kind: "mapping";
  readonly style: CollectionStyle;
  readonly entries: readonly YamlEntry[];
  readonly range: Range;
  readonly anchor: Anchor | undefined;
  readonly tag: Tag | undefined;
}

/** A sequence as written. */
export interface YamlSequence {
  readonly kind: "sequence";
  readonly style: CollectionStyle;
  readonly items: readonly YamlNode[];
  readonly range: Range;
  readonly anchor: Anchor | undefined;
  readonly tag: Tag | undefined;
}

/** `*name`. `target` is undefined when nothing above has that anchor, or the alias stands inside its own anchor. */
export interface YamlAlias {
  readonly kind: "alias";
  readonly name: string;
  readonly target: YamlNode | undefined;
  readonly range: Range;
}

/** A node as written, before aliases, merge keys and variables are resolved. */
export type YamlNode = YamlScalar | YamlMapping | YamlSequence | YamlAlias;

/**
 * What is wrong with a text as YAML.
 *
 * - `syntax`: the parser refuses it; `tab`: a tab indents; `alias`: no such anchor; `key`: a key is not text;
 * - `merge-key`: `<<` on something that is no mapping; `tag`: an unknown tag; `root`: the top level is no mapping, or
 *   there is none; `documents`: a later document repeats the first;
 * - `duplicate-key`: a mapping names a key twice; `limit`: too large, too deep, or aliases expand too far.
 */
export type YamlProblemKind =
  | "syntax"
  | "tab"
  | "alias"
  | "key"
  | "merge-key"
  | "tag"
  | "root"
  | "documents"
  | "duplicate-key"
  | "limit";

/** One problem of a text as YAML. `related` is the other place that takes part: the first of two equal keys. */
export interface YamlProblem {
  readonly kind: YamlProblemKind;
  readonly range: Range;
  readonly message: string;
  readonly related: Range | undefined;
  /** A replacement of the text in `range` that ends the problem and changes nothing else. */
  readonly replacement: string | undefined;
}

/** One source read as YAML. `documents` is empty when a limit was exceeded or nothing is there. */
export interface YamlFile {
  readonly documents: readonly YamlNode[];
  /** `# …` without the line break, in order. */
  readonly comments: readonly Range[];
  /** Every anchor of the file, in order of writing. */
  readonly anchors: readonly Anchor[];
  readonly problems: readonly YamlProblem[];
  /** A limit was exceeded: nothing but that is known about this file. */
  readonly isBeyondLimits: boolean;
}
