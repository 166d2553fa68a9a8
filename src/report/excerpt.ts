import { printable } from "../text/printable.js";
import type { Range } from "../text/source.js";
import { displayWidth } from "./display-width.js";

/** A line of a source as a terminal shows it, and the line of carets that goes below it. */
export interface Excerpt {
  /** 1-based. */
  readonly line: number;
  readonly text: string;
  /** Blanks, then at least one `^`; the same columns as `text`. */
  readonly carets: string;
}

/** What stands for a value that nobody may see. Its length says nothing about the value. */
const MASK = "********";
const TAB_STOP = 4;
/** Columns kept before the range when a line is too long to be shown as a whole. */
const LEAD = 24;
const CUT = "…";

/** A piece of the line as it is shown: some code units of the source in `width` columns. */
interface Cell {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly width: number;
}

/**
 * The first line of a range with carets under the range. Tabs become blanks, control characters visible, masked text
 * eight `*`; of a line wider than `columns` the part around the range is shown.
 *
 * @param masked ranges whose text may not be shown; those of other sources are ignored
 * @param columns how wide the line may be
 */
export function excerpt(range: Range, masked: readonly Range[], columns: number): Excerpt {
  const { source } = range;
  const { line } = source.positionAt(range.start);
  const span = source.lineSpan(line) ?? { start: range.start, end: range.start };
  const hidden = masked
    .filter((part) => part.source === source && part.start < span.end && part.end > span.start && part.start < part.end)
    .sort((a, b) => a.start - b.start);
  const from = Math.max(span.start, range.start - columns * 2);
  const to = Math.min(span.end, Math.max(range.start, span.start) + columns * 2);
  const cells = cellsOf(source.text, { start: clear(from, hidden), end: to }, hidden);
  return { line, ...drawn(cells, { start: range.start, end: Math.min(range.end, span.end) }, columns) };
}

/** The offset itself, or the start of the hidden part that it lies in: a part is shown as a whole or not at all. */
function clear(offset: number, hidden: readonly Range[]): number {
  return hidden.find((part) => part.start < offset && offset < part.end)?.start ?? offset;
}

function cellsOf(text: string, { start, end }: { start: number; end: number }, hidden: readonly Range[]): Cell[] {
  const cells: Cell[] = [];
  let next = 0;
  let column = 0;
  for (let offset = start; offset < end; ) {
    while ((hidden[next]?.end ?? end) <= offset && next < hidden.length) next += 1;
    const part = hidden[next];
    const cell =
      part !== undefined && part.start <= offset
        ? { start: offset, end: Math.min(part.end, end), text: MASK, width: MASK.length }
        : characterCell(text, offset, column);
    cells.push(cell);
    column += cell.width;
    offset = cell.end;
  }
  return cells;
}

function characterCell(text: string, offset: number, column: number): Cell {
  const code = text.codePointAt(offset) ?? 0;
  const end = offset + (code > 0xffff ? 2 : 1);
  if (code === 9) {
    const width = TAB_STOP - (column % TAB_STOP);
    return { start: offset, end, text: " ".repeat(width), width };
  }
  const raw = text.slice(offset, end);
  const shown = printable(raw);
  return { start: offset, end, text: shown, width: shown === raw ? displayWidth(code) : shown.length };
}

function drawn(cells: readonly Cell[], range: { start: number; end: number }, columns: number): Omit<Excerpt, "line"> {
  const { first, last } = window(cells, range.start, columns);
  let text = first > 0 ? CUT : "";
  let before = text.length;
  let marked = 0;
  for (const cell of cells.slice(first, last)) {
    text += cell.text;
    if (cell.end <= range.start) before += cell.width;
    else if (cell.start < range.end) marked += cell.width;
  }
  if (last < cells.length) text += CUT;
  return { text: text.trimEnd(), carets: " ".repeat(before) + "^".repeat(Math.max(1, marked)) };
}

/** Which cells are shown: all of them, or as many as fit, beginning a little before the range. */
function window(cells: readonly Cell[], start: number, columns: number): { first: number; last: number } {
  const total = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (total <= columns) return { first: 0, last: cells.length };
  let first = cells.findIndex((cell) => cell.end > start);
  if (first === -1) first = cells.length;
  for (let lead = 0; first > 0 && lead < LEAD; first -= 1) lead += cells[first - 1]?.width ?? 0;
  let last = first;
  for (let width = 0; last < cells.length && width + (cells[last]?.width ?? 0) <= columns; last += 1) {
    width += cells[last]?.width ?? 0;
  }
  return { first, last };
}
