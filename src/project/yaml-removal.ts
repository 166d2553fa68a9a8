import type { Node } from "../compose/node-model.js";
import type { Edit, Range } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";

/** Nobody mends a longer list item by item, and a look at the whole of it for each would never end. */
const MOST_ITEMS = 1000;

/**
 * Takes one item out of a list: its line from a block list, itself and one comma from a flow list.
 *
 * @param list the list as merged
 * @param item range of the item's value
 * @returns undefined where the item is the only one of a block list (the key would be left without value), shares its
 *   lines with something else, has an anchor or a tag, or comes from another file than the list, and for a list that an
 *   alias or merge key brings or that is very long
 */
export function itemRemoval(list: Node | undefined, item: Range): Edit | undefined {
  if (list?.kind !== "sequence" || list.range.source !== item.source || isBrought(list)) return undefined;
  if (list.items.length > MOST_ITEMS) return undefined;
  const { source } = item;
  const ranges = list.items.map(({ range }) => range);
  const index = ranges.findIndex(({ start, end }) => start === item.start && end === item.end);
  const { start, end } = list.range;
  const isOwn = ranges.every((range) => range.source === source && range.start >= start && range.end <= end);
  if (index === -1 || !isOwn) return undefined;
  if (source.text[start] === "[") return fromFlow(list.range, ranges, index);
  if (ranges.length === 1) return undefined;
  const lines = wholeLines(item);
  const text = source.text.slice(lines.start, item.start);
  const rest = source.text.slice(item.end, lines.end);
  const isAlone = /^[ \t]*-[ \t]+$/.test(text) && /^[ \t]*(?:#.*)?\s*$/.test(rest);
  return isAlone && !holdsAnchor(lines) ? { range: lines, text: "" } : undefined;
}

function fromFlow(list: Range, items: readonly Range[], index: number): Edit | undefined {
  const { source } = list;
  const { text } = source;
  const item = items[index];
  if (item === undefined) return undefined;
  const before = items[index - 1]?.end ?? list.start + 1;
  // What else stands in front of the item is a comment, or belongs to it.
  if (!/^[\s,]*$/.test(text.slice(before, item.start)) || holdsAnchor(item)) return undefined;
  const isLast = index === items.length - 1;
  if (isLast && index > 0) return { range: source.range(before, item.end), text: "" };
  const comma = /^\s*,[ \t]*/.exec(text.slice(item.end, items[index + 1]?.start ?? list.end))?.[0] ?? "";
  return { range: source.range(item.start, item.end + comma.length), text: "" };
}

/** Whether an alias or merge key brings a value from another place of the file: an edit would change that place, too. */
export function isBrought({ via }: Node): boolean {
  return via.some(({ kind }) => kind === "alias" || kind === "merge");
}

/** Whether a text may hold an anchor: an alias elsewhere would be left without. */
export function holdsAnchor({ source, start, end }: Range): boolean {
  const at = source.text.indexOf("&", start);
  return at !== -1 && at < end && /(?:^|[\s,[{:])&[^\s,[\]{}]/.test(source.text.slice(start, end));
}
