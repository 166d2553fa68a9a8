import type { Node } from "../compose/node-model.js";
import type { Edit, Range } from "../text/source.js";
import { isBrought } from "./yaml-removal.js";

const BLANK = /^[ \t]*$/;

/**
 * Inserts keys behind one of a block mapping, below its value and the comments that are indented as deep as that.
 *
 * @param mapping the mapping, which may be a merged one
 * @param key the key after which they go
 * @param value its value
 * @param lines the keys, without the indentation of the mapping
 * @returns undefined in a flow mapping, where lines cannot be inserted
 */
export function keysAfter(mapping: Node, key: Range, value: Range, lines: readonly string[]): Edit | undefined {
  const { source } = key;
  if (!isInBlockMapping(mapping, key)) return undefined;
  const indent = leadOf(key);
  if (!BLANK.test(indent) || value.source !== source || value.start < key.end) return undefined;
  const end = endOfBlock(value, indent.length);
  if (end === undefined) return undefined;
  return { range: source.range(end, end), text: lines.map((line) => `\n${indent}${line}`).join("") };
}

/** Where the last line of a value ends, or that of the comments below it that stand deeper than that many characters. */
function endOfBlock({ source, start, end }: Range, indentation: number): number | undefined {
  // A literal text ends with a line break of its own.
  let { line } = source.positionAt(start + source.text.slice(start, end).trimEnd().length);
  for (;;) {
    const below = source.lineSpan(line + 1);
    if (below === undefined) break;
    const lead = source.text.slice(below.start, below.end);
    const depth = lead.length - lead.trimStart().length;
    if (depth <= indentation || lead[depth] !== "#") break;
    line++;
  }
  return source.lineSpan(line)?.end;
}

/** Whether a key stands in the very mapping, and that in block style. False for a key that a merge brought from elsewhere. */
export function isInBlockMapping({ kind, range }: Node, key: Range): boolean {
  const isInside = range.source === key.source && range.start <= key.start && range.end >= key.end;
  return kind === "mapping" && isInside && range.source.text[range.start] !== "{";
}

/** What stands before a range on its line. */
function leadOf({ source, start }: Range): string {
  return source.text.slice(start - source.positionAt(start).column + 1, start);
}

/**
 * Appends texts to a list: each on a line of its own to a block list, in quotes to a flow list.
 *
 * @param list the list as merged
 * @param texts without a character that YAML would read otherwise, but for colons
 * @returns undefined where the list is empty, brought by an alias or merge key, or not written in one place
 */
export function itemInsertion(list: Node | undefined, texts: readonly string[]): Edit | undefined {
  const last = list?.kind === "sequence" ? list.items.at(-1) : undefined;
  if (list?.kind !== "sequence" || last === undefined || last.range.source !== list.range.source) return undefined;
  if (isBrought(list)) return undefined;
  const { source, start, end } = list.range;
  if (last.range.start < start || last.range.end > end) return undefined;
  if (source.text[start] === "[") {
    return { range: source.range(last.range.end, last.range.end), text: texts.map((text) => `, "${text}"`).join("") };
  }
  const lead = leadOf(last.range);
  const line = source.positionAt(last.range.end).line;
  const to = source.lineSpan(line)?.end;
  if (to === undefined || !ITEM.test(lead) || source.positionAt(last.range.start).line !== line) return undefined;
  return { range: source.range(to, to), text: texts.map((text) => `\n${lead}${text}`).join("") };
}

const ITEM = /^[ \t]*-[ \t]+$/;
