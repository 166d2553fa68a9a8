import { type Segment, SegmentMap } from "../text/segment-map.js";
import type { Range } from "../text/source.js";

/** A text that a shell reads, and the way from its 0-based offsets to the file that people see. */
export interface TextFrame {
  readonly text: string;
  readonly rangeAt: (start: number, end: number) => Range;
}

/** Collects a decoded text piece by piece, with the place in the outer frame that each piece stands for. */
export class DerivedText {
  #text = "";
  readonly #segments: Segment[] = [];

  /** What has been collected. */
  get text(): string {
    return this.#text;
  }

  /** Adds text that stands in the outer frame as it is, character by character. */
  appendExact(value: string, outer: number): void {
    this.#push(value, outer, value.length);
  }

  /** Adds text that stands for the outer stretch as a whole: the value of a variable, an escape. */
  appendWhole(value: string, outer: number, outerLength: number): void {
    if (value.length === outerLength && value.length > 1) {
      // Equal lengths would be read as a character by character copy; two segments over the same stretch are not.
      this.#push(value.slice(0, -1), outer, outerLength);
      this.#push(value.slice(-1), outer, outerLength);
    } else this.#push(value, outer, outerLength);
  }

  /** Adds text whose written form may hold backslash escapes and continuations; other differences stand as a whole. */
  appendEscaped(value: string, written: string, outer: number): void {
    if (value === written) {
      this.appendExact(value, outer);
      return;
    }
    const pieces = alignEscapes(value, written);
    if (pieces === undefined) {
      this.appendWhole(value, outer, written.length);
      return;
    }
    for (const piece of pieces) {
      this.#push(value.slice(piece.inner, piece.inner + piece.length), outer + piece.outer, piece.outerLength);
    }
  }

  /** The collected text as a frame of its own. */
  toFrame(outer: TextFrame): TextFrame {
    const text = this.#text;
    const segments = this.#segments;
    let map: SegmentMap | undefined;
    return {
      text,
      rangeAt: (start, end) => {
        map ??= new SegmentMap(segments);
        const span = map.toOuter({ start, end });
        return outer.rangeAt(span.start, span.end);
      },
    };
  }

  #push(value: string, outer: number, outerLength: number): void {
    if (value === "") return;
    this.#segments.push({ inner: this.#text.length, outer, length: value.length, outerLength });
    this.#text += value;
  }
}

/** Pairs a decoded text with its written form; undefined when they differ by more than backslashes and continuations. */
function alignEscapes(value: string, written: string): Segment[] | undefined {
  const pieces: Segment[] = [];
  let inner = 0;
  let outer = 0;
  let runInner = 0;
  let runOuter = 0;
  const flush = () => {
    if (inner > runInner)
      pieces.push({ inner: runInner, outer: runOuter, length: inner - runInner, outerLength: outer - runOuter });
  };
  while (outer < written.length) {
    const isEscape = written[outer] === "\\";
    if (isEscape && written[outer + 1] === "\n") {
      flush();
      outer += 2;
      runInner = inner;
      runOuter = outer;
    } else if (isEscape && outer + 1 < written.length && written[outer + 1] === value[inner]) {
      flush();
      pieces.push({ inner, outer, length: 1, outerLength: 2 });
      inner += 1;
      outer += 2;
      runInner = inner;
      runOuter = outer;
    } else {
      if (written[outer] !== value[inner]) return undefined;
      inner += 1;
      outer += 1;
    }
  }
  flush();
  return inner === value.length ? pieces : undefined;
}
