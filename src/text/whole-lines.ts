import type { Range } from "./source.js";

/**
 * The lines that a range stands on, with the line break behind the last one: what an edit removes so that no empty line
 * is left. At the end of the text there may be no line break.
 */
export function wholeLines({ source, start, end }: Range): Range {
  const first = source.lineStarts[source.positionAt(start).line - 1] ?? start;
  const next = source.lineStarts[source.positionAt(end).line] ?? source.text.length;
  return source.range(first, next);
}
