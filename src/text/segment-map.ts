import type { Span } from "./source.js";

/**
 * One stretch of derived text: `length` code units from `inner` stand for `outerLength` code units from `outer`.
 * When both lengths are equal each code unit stands for its counterpart, else the stretch stands as a whole
 * (an escape such as `\n`, a fold, a removed line break).
 */
export interface Segment {
  readonly inner: number;
  readonly outer: number;
  readonly length: number;
  readonly outerLength: number;
}

/**
 * Leads from offsets of a derived text (a decoded YAML scalar, a JSON string, a shell script whose continuations
 * were dropped) back to the text that it was derived from. All offsets are 0-based UTF-16 code units.
 */
export class SegmentMap {
  readonly #segments: readonly Segment[];

  /** @param segments ascending and without gaps in `inner`, ascending in `outer` */
  constructor(segments: readonly Segment[]) {
    this.#segments = segments;
  }

  /** A map in which every inner offset is an outer offset minus `shift`. */
  static shifted(shift: number, length: number): SegmentMap {
    return new SegmentMap([{ inner: 0, outer: shift, length, outerLength: length }]);
  }

  /** The outer span that an inner span stands for; an empty span stays empty. */
  toOuter(span: Span): Span {
    const start = this.#outerStart(span.start);
    if (span.start === span.end) return { start, end: start };
    return { start, end: Math.max(start, this.#outerEnd(span.end)) };
  }

  #outerStart(offset: number): number {
    const segment = this.#find(offset);
    if (segment === undefined) return 0;
    const into = offset - segment.inner;
    if (into >= segment.length) return segment.outer + segment.outerLength;
    return segment.length === segment.outerLength ? segment.outer + into : segment.outer;
  }

  /** The outer end of the text before `offset`: belongs to the last code unit inside the span, not to the next one. */
  #outerEnd(offset: number): number {
    const segment = this.#find(offset - 1);
    if (segment === undefined) return 0;
    const into = offset - segment.inner;
    return segment.length === segment.outerLength
      ? segment.outer + Math.min(into, segment.length)
      : segment.outer + segment.outerLength;
  }

  #find(offset: number): Segment | undefined {
    const segments = this.#segments;
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((segments[middle]?.inner ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return segments[low];
  }
}
