import { type Edit, join, type Range } from "../text/source.js";

/**
 * An edit that takes words out of a command, with the blank in front of them, or with the line that they have for themselves.
 *
 * @param first the first word
 * @param last the last word, in the same command; the first one itself for a single word
 */
export function removeWords(first: Range, last: Range = first): Edit {
  const { source, start, end } = first.source === last.source && last.end >= first.start ? join(first, last) : first;
  const { text } = source;
  let from = start;
  while (from > 0 && isBlank(text[from - 1])) from -= 1;
  const isLineStart = from === 0 || isBreak(text[from - 1]);
  if (!isLineStart) return { range: source.range(from, end), text: "" };
  let to = end;
  while (isBlank(text[to])) to += 1;
  // A word that is alone on a continued line takes the line with it.
  const isContinued = (text[to] === "\\" || text[to] === "`") && isBreak(text[to + 1]);
  if (isContinued) {
    to += text[to + 1] === "\r" && text[to + 2] === "\n" ? 3 : 2;
    return { range: source.range(from, to), text: "" };
  }
  if (to < text.length && !isBreak(text[to])) return { range: source.range(start, to), text: "" };
  // The last line: the one above is continued no more.
  const above = continuationAbove(text, from);
  return { range: source.range(above ?? from, end), text: "" };
}

/** Offset of the blanks and the escape character that end the line above; undefined when it is not continued. */
function continuationAbove(text: string, lineStart: number): number | undefined {
  let at = lineStart;
  if (text[at - 1] === "\n") at -= 1;
  if (text[at - 1] === "\r") at -= 1;
  while (isBlank(text[at - 1])) at -= 1;
  if (text[at - 1] !== "\\" && text[at - 1] !== "`") return undefined;
  at -= 1;
  while (isBlank(text[at - 1])) at -= 1;
  return at;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}

function isBreak(character: string | undefined): boolean {
  return character === "\n" || character === "\r";
}
