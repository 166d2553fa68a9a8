import type { Range, Source } from "../text/source.js";
import type { EscapeCharacter } from "./model.js";

/** Text that stands in the source as it is, and its offset there. */
export interface Stretch {
  readonly text: string;
  readonly origin: number;
}

/**
 * The lines of one instruction joined as the builder joins them, with the way back to the source. Continuations, and the
 * comments and blank lines between them, are not in `text`.
 */
export class JoinedText {
  readonly source: Source;
  readonly escape: EscapeCharacter;
  readonly text: string;
  /** Offsets of `text` at which a new piece begins; the first is 0. */
  readonly #starts: readonly number[];
  /** Offset in the source at which each piece begins. */
  readonly #origins: readonly number[];

  /** @param starts ascending offsets of pieces in `text`, the first 0; `origins` are their offsets in the source */
  constructor(
    source: Source,
    escapeCharacter: EscapeCharacter,
    text: string,
    starts: readonly number[],
    origins: readonly number[],
  ) {
    this.source = source;
    this.escape = escapeCharacter;
    this.text = text;
    this.#starts = starts;
    this.#origins = origins;
  }

  /** Offset in the source of the code unit at `index`; the end of the text leads to the end of its last piece. */
  sourceStart(index: number): number {
    const piece = this.#pieceAt(index);
    return (this.#origins[piece] ?? 0) + index - (this.#starts[piece] ?? 0);
  }

  /** Offset in the source behind the code unit before `index`, so that a span never reaches over a line break in vain. */
  sourceEnd(index: number): number {
    return index === 0 ? this.sourceStart(0) : this.sourceStart(index - 1) + 1;
  }

  /** The range that `[start, end)` of `text` stands for. */
  range(start: number, end: number): Range {
    const from = this.sourceStart(start);
    return this.source.range(from, start === end ? from : this.sourceEnd(end));
  }

  /** The stretches of the source that `[start, end)` of `text` consists of, in order; what is between them is not in `text`. */
  stretches(start: number, end: number): readonly Stretch[] {
    const result: Stretch[] = [];
    for (let piece = this.#pieceAt(start); piece < this.#starts.length; piece += 1) {
      const pieceStart = this.#starts[piece] ?? 0;
      if (pieceStart >= end) break;
      const from = Math.max(start, pieceStart);
      const to = Math.min(end, this.#starts[piece + 1] ?? this.text.length);
      if (to > from) {
        result.push({ text: this.text.slice(from, to), origin: (this.#origins[piece] ?? 0) + from - pieceStart });
      }
    }
    return result;
  }

  #pieceAt(index: number): number {
    const starts = this.#starts;
    if (starts.length === 1) return 0;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
