import { printable } from "../text/printable.js";
import type { Range, Source } from "../text/source.js";

/** A line of a source as a page shows it. */
export interface SourceLine {
  /** 1-based. */
  readonly line: number;
  /** In order; a marked piece is part of the range. Control characters are visible, secrets are eight `*`. */
  readonly pieces: readonly { readonly text: string; readonly isMarked: boolean }[];
}

/** What stands for a value that nobody may see. Its length says nothing about the value. */
const MASK = "********";
const CUT = "…";
/** Lines shown before and after those of the range. */
const AROUND = 1;
/** Lines of a range that are shown. */
const MOST_LINES = 12;
/** Code units of a line that are shown, and how many of them before the range. */
const MOST_UNITS = 400;
const LEAD = 80;

/** First and last line, 1-based, of a source that are shown around a range. */
export function shownLines({ source, start, end }: Range): { readonly first: number; readonly last: number } {
  const from = source.positionAt(start).line;
  // A range that ends with a line break does not reach into the next line.
  const to = source.positionAt(Math.max(start, end - 1)).line;
  return {
    first: Math.max(1, from - AROUND),
    last: Math.min(source.lineCount, Math.min(to, from + MOST_LINES - 1) + AROUND),
  };
}

/**
 * The lines of a range and, unless they are blank, those around it; of a long range the first lines, of a long line the part around the range.
 *
 * @param masked ranges whose text may not be shown; those of other sources are ignored
 */
export function sourceLines(range: Range, masked: readonly Range[]): readonly SourceLine[] {
  const { source } = range;
  const { first, last } = shownLines(range);
  const hidden = masked
    .filter((part) => part.source === source && part.start < part.end)
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const lines: SourceLine[] = [];
  for (let line = first; line <= last; line += 1) lines.push({ line, pieces: piecesOf(source, line, range, hidden) });
  const own = source.positionAt(range.start).line;
  return lines.filter(({ line, pieces }, index) => {
    const isOuter = line !== own && (index === 0 || index === lines.length - 1);
    return !isOuter || pieces.some(({ text, isMarked }) => isMarked || text.trim() !== "");
  });
}

function piecesOf(source: Source, line: number, range: Range, hidden: readonly Range[]): SourceLine["pieces"] {
  const span = source.lineSpan(line);
  if (span === undefined) return [];
  const isMarkedHere = range.start < span.end && range.end >= span.start;
  const wanted = isMarkedHere && span.end - span.start > MOST_UNITS ? range.start - LEAD : span.start;
  let start = Math.max(span.start, wanted);
  start = hidden.find((part) => part.start < start && start < part.end)?.start ?? start;
  start = Math.max(span.start, start);
  const end = Math.min(span.end, start + MOST_UNITS);
  const pieces: { text: string; isMarked: boolean }[] = [];
  if (start > span.start) pieces.push({ text: CUT, isMarked: false });
  for (let offset = start; offset < end; ) {
    const part = hidden.find((one) => one.start <= offset && offset < one.end);
    if (part !== undefined) {
      pieces.push({ text: MASK, isMarked: range.start < part.end && part.start < range.end });
      offset = part.end;
      continue;
    }
    const isMarked = range.start <= offset && offset < range.end;
    const next = hidden.find((one) => one.start > offset)?.start ?? end;
    const edge = isMarked ? range.end : range.start > offset ? range.start : end;
    const stop = Math.min(end, next, edge);
    pieces.push({ text: printable(source.text.slice(offset, stop)), isMarked });
    offset = stop;
  }
  if (end < span.end) pieces.push({ text: CUT, isMarked: false });
  return pieces;
}
