import type { Edit } from "./source.js";

/**
 * The text after all edits of one source, which may be given in any order.
 *
 * @returns undefined when two edits touch the same text, so that the result would depend on their order
 */
export function applyEdits(text: string, edits: readonly Edit[]): string | undefined {
  const ordered = [...edits].sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
  let result = "";
  let position = 0;
  for (const [index, { range, text: replacement }] of ordered.entries()) {
    const previous = ordered[index - 1];
    if (range.start < position) return undefined;
    if (previous !== undefined && previous.range.start === range.start && previous.range.end === range.end)
      return undefined;
    result += text.slice(position, range.start) + replacement;
    position = range.end;
  }
  return result + text.slice(position);
}
