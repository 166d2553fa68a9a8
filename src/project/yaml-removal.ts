import type { Node } from "../compose/node-model.js";
import type { Edit, Range } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";

/**
 * Takes one item out of a list: its line from a block list, itself and one comma from a flow list.
 *
 * @param list the list as merged
 * @param item range of the item's value
 * @returns undefined where the item is the only one of a block list (the key would be left without value), shares its
 *   lines with something else, or comes from another file than the list
 */
export function itemRemoval(list: Node | undefined, item: Range): Edit | undefined {
  if (list?.kind !== "sequence" || list.range.source !== item.source) return undefined;
  const { source } = item;
  const ranges = list.items.map(({ range }) => range);
  const index = ranges.findIndex(({ start, end }) => start === item.start && end === item.end);
  const { start, end } = list.range;
  const isOwn = ranges.every((range) => range.source === source && range.start >= start && range.end <= end);
  if (index === -1 || !isOwn) return undefined;
  if (source.text[start] === "[") {
    const next = ranges[index + 1];
    const before = ranges[index - 1];
    if (next !== undefined) return { range: source.range(item.start, next.start), text: "" };
    return { range: source.range(before?.end ?? item.start, item.end), text: "" };
  }
  if (ranges.length === 1) return undefined;
  const lines = wholeLines(item);
  const text = source.text.slice(lines.start, item.start);
  const rest = source.text.slice(item.end, lines.end);
  return /^[ \t]*-[ \t]+$/.test(text) && /^[ \t]*(?:#.*)?\s*$/.test(rest) ? { range: lines, text: "" } : undefined;
}
