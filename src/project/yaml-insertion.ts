import type { Edit, Range } from "../text/source.js";

const BLANK = /^[ \t]*$/;

/**
 * Inserts keys behind one of a block mapping whose value ends on the line where it begins.
 *
 * @param key the key after which they go
 * @param value its value
 * @param lines the keys, without the indentation of the mapping
 * @returns undefined in a flow mapping, where lines cannot be inserted
 */
export function keysAfter(key: Range, value: Range, lines: readonly string[]): Edit | undefined {
  const { source } = key;
  const indent = leadOf(key);
  const from = source.positionAt(key.start).line;
  if (!BLANK.test(indent) || value.source !== source || source.positionAt(value.end).line !== from) return undefined;
  const end = source.lineSpan(from)?.end;
  if (end === undefined) return undefined;
  return { range: source.range(end, end), text: lines.map((line) => `\n${indent}${line}`).join("") };
}

/** What stands before a range on its line. */
function leadOf({ source, start }: Range): string {
  return source.text.slice(start - source.positionAt(start).column + 1, start);
}
