import type { Range } from "../text/source.js";
import { parseByteSize } from "../values/byte-size.js";
import { parseDuration } from "../values/duration.js";
import type { Entry, Hop, MappingNode, Node, ScalarNode, Value } from "./node-model.js";
import { isNull } from "./nodes.js";
import { booleanOf, numberOf } from "./scalar-type.js";

/** A typed reading of a text: the value, or what is wrong. */
export type Reading<T> = { readonly value: T } | { readonly problem: string };

/** Reads a leaf with a reader for its place; a text with holes is not read, and its value is undefined. */
export function readLeaf<T>(
  node: ScalarNode,
  keyRange: Range | undefined,
  read: (text: string, node: ScalarNode) => Reading<T>,
): Value<T> {
  const isOpen = node.certainty === "unknown" || node.certainty === "required";
  const reading = isOpen ? undefined : read(node.resolved, node);
  const variables = node.uses;
  const via: readonly Hop[] =
    variables.length === 0
      ? node.via
      : [...variables.map(({ name, range }) => ({ kind: "variable", name, range }) as const), ...node.via];
  return {
    value: reading !== undefined && "value" in reading ? reading.value : undefined,
    text: node.text,
    certainty: node.certainty,
    range: node.range,
    keyRange,
    via,
    overridden: node.overridden,
    isSecret: node.isSecret,
    problem: reading !== undefined && "problem" in reading ? reading.problem : undefined,
    node,
  };
}

/** Any scalar as text. */
export function textValue(node: ScalarNode, keyRange?: Range): Value<string> {
  return readLeaf(node, keyRange, (value) => ({ value }));
}

/** A stretch of a scalar's resolved text as a value of its own. */
export function partValue(node: ScalarNode, span: { readonly start: number; readonly end: number }): Value<string> {
  return textValue(node.part(span.start, span.end));
}

/** A truth value. */
export function booleanValue(node: ScalarNode, keyRange?: Range): Value<boolean> {
  return readLeaf(node, keyRange, (text) => {
    const value = booleanOf(text);
    return value === undefined ? { problem: "neither true nor false" } : { value };
  });
}

/** A number as the loader reads it: a plain `0444` is octal, a quoted one too where a number is asked for. */
export function numberValue(node: ScalarNode, keyRange?: Range): Value<number> {
  return readLeaf(node, keyRange, (text) => {
    const value = numberOf(text);
    return value === undefined ? { problem: "not a number" } : { value };
  });
}

/** A duration in milliseconds. */
export function durationValue(node: ScalarNode, keyRange?: Range): Value<number> {
  return readLeaf(node, keyRange, (text) => {
    const read = parseDuration(text, "compose");
    if (read.kind === "duration") return { value: read.durationMs };
    return { problem: read.problem === "no-unit" ? "a duration without a unit" : "not a duration" };
  });
}

/** A number of bytes; −1 stays −1. */
export function bytesValue(node: ScalarNode, keyRange?: Range): Value<number> {
  return readLeaf(node, keyRange, (text) => {
    if (text === "-1") return { value: -1 };
    const read = parseByteSize(text.replaceAll("_", ""));
    return read.kind === "size" ? { value: read.sizeBytes } : { problem: "not a size" };
  });
}

/** The node at a path of keys and list indexes; undefined when absent. */
export function nodeAt(root: Node | undefined, path: readonly (string | number)[]): Node | undefined {
  let node = root;
  for (const step of path) {
    if (node === undefined) return undefined;
    if (node.kind === "mapping" && typeof step === "string") node = node.entries.get(step)?.value;
    else if (node.kind === "sequence" && typeof step === "number") node = node.items[step];
    else return undefined;
  }
  return node;
}

/** The entry at a path of keys. */
export function entryAt(root: Node | undefined, path: readonly string[]): Entry | undefined {
  const parent = nodeAt(root, path.slice(0, -1));
  const key = path.at(-1);
  return parent?.kind === "mapping" && key !== undefined ? parent.entries.get(key) : undefined;
}

/** Reads the scalar under a key of a mapping; undefined when absent, null, or no scalar. */
export function leafAt<T>(
  root: Node | undefined,
  path: readonly string[],
  read: (node: ScalarNode, keyRange?: Range) => Value<T>,
): Value<T> | undefined {
  const entry = entryAt(root, path);
  if (entry === undefined || entry.value.kind !== "scalar" || isNull(entry.value)) return undefined;
  return read(entry.value, entry.keyRange);
}

/** The items of a list as text; a scalar counts as a list of one, anything but scalars is left out. */
export function textsOf(node: Node | undefined, keyRange?: Range): readonly Value<string>[] {
  if (node === undefined || isNull(node)) return [];
  if (node.kind === "scalar") return [textValue(node, keyRange)];
  if (node.kind === "mapping") return [];
  return node.items.flatMap((item) => (item.kind === "scalar" && !isNull(item) ? [textValue(item, keyRange)] : []));
}

/** The value of a key as a mapping. */
export function mappingAt(root: Node | undefined, ...path: readonly string[]): MappingNode | undefined {
  const node = nodeAt(root, path);
  return node?.kind === "mapping" ? node : undefined;
}

/** Items of a list; of anything else there are none. */
export function itemsAt(root: Node | undefined, ...path: readonly string[]): readonly Node[] {
  const node = nodeAt(root, path);
  return node?.kind === "sequence" ? node.items : [];
}
