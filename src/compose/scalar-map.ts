import { type Segment, SegmentMap } from "../text/segment-map.js";
import type { ScalarStyle } from "./yaml-model.js";

/**
 * Leads from the decoded text of a scalar back to where it was written.
 *
 * The decoded text itself comes from the YAML parser; this walks both texts side by side. Where they do not agree as
 * expected the scalar stands for its whole source, so that a range is never wrong, only wider.
 *
 * @param raw the scalar as written, with quotes or block header
 * @param outer offset of `raw` in its source
 */
export function scalarMap(style: ScalarStyle, raw: string, text: string, outer: number): SegmentMap {
  const trail = new Trail(raw, text, outer);
  const agrees =
    style === "literal" || style === "folded"
      ? walkBlock(trail, style)
      : walkFlow(trail, style === "plain" ? 0 : 1, style);
  if (agrees && trail.inner === text.length) return new SegmentMap(trail.segments);
  return new SegmentMap([{ inner: 0, outer, length: text.length, outerLength: raw.length }]);
}

/** Collects segments while both texts are walked; neighbours that run in step are joined. */
class Trail {
  readonly segments: Segment[] = [];
  inner = 0;
  readonly raw: string;
  readonly text: string;
  readonly #outer: number;

  constructor(raw: string, text: string, outer: number) {
    this.raw = raw;
    this.text = text;
    this.#outer = outer;
  }

  /** Notes that `length` units of the text stand for `rawLength` units of the source from `at`. */
  add(at: number, rawLength: number, length: number): void {
    if (length === 0) return;
    const outer = this.#outer + at;
    const last = this.segments.at(-1);
    const inStep = rawLength === length && last !== undefined && last.length === last.outerLength;
    if (inStep && last.outer + last.outerLength === outer) {
      this.segments[this.segments.length - 1] = {
        ...last,
        length: last.length + length,
        outerLength: last.outerLength + length,
      };
    } else this.segments.push({ inner: this.inner, outer, length, outerLength: rawLength });
    this.inner += length;
  }

  /** As {@link add} for text that is the same on both sides; false when it is not. */
  copy(at: number, length: number): boolean {
    if (!this.text.startsWith(this.raw.slice(at, at + length), this.inner)) return false;
    this.add(at, length, length);
    return true;
  }
}

const BREAK_RUN = /[ \t]*(?:\r\n|\n)[ \t\r\n]*/y;
const PLAIN_RUN = /[^ \t\r\n]+|[ \t\r]/y;
const SINGLE_RUN = /[^ \t\r\n']+|[ \t\r]|''/y;
const DOUBLE_RUN =
  /[^ \t\r\n\\"]+|[ \t\r]|\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|(?:\r\n|\n)[ \t]*|[\s\S])/y;

function walkFlow(trail: Trail, quote: number, style: ScalarStyle): boolean {
  const run = style === "plain" ? PLAIN_RUN : style === "single" ? SINGLE_RUN : DOUBLE_RUN;
  const end = trail.raw.length - quote;
  let at = quote;
  while (at < end) {
    BREAK_RUN.lastIndex = at;
    const fold = BREAK_RUN.exec(trail.raw)?.[0];
    if (fold !== undefined) {
      const breaks = countBreaks(fold);
      trail.add(at, fold.length, breaks === 1 ? 1 : breaks - 1);
      at += fold.length;
      continue;
    }
    run.lastIndex = at;
    const piece = run.exec(trail.raw)?.[0];
    if (piece === undefined) return false;
    if (style === "single" && piece === "''") trail.add(at, 2, 1);
    else if (style === "double" && piece.startsWith("\\")) trail.add(at, piece.length, decodedLength(piece));
    else if (!trail.copy(at, piece.length)) return false;
    at += piece.length;
  }
  return true;
}

function countBreaks(text: string): number {
  let breaks = 0;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) === 10) breaks += 1;
  return breaks;
}

function decodedLength(written: string): number {
  if (written[1] === "\n" || written[1] === "\r") return 0;
  if (written[1] !== "U" || written.length !== 10) return 1;
  return Number.parseInt(written.slice(2), 16) > 0xffff ? 2 : 1;
}

function walkBlock(trail: Trail, style: "literal" | "folded"): boolean {
  const { raw, text } = trail;
  let at = raw.indexOf("\n") + 1;
  if (at === 0) return true;
  const indent = bodyIndent(raw, at, text);
  while (at < raw.length && trail.inner < text.length) {
    const lineBreak = raw.indexOf("\n", at);
    const lineEnd = lineBreak === -1 ? raw.length : lineBreak;
    const contentEnd = raw[lineEnd - 1] === "\r" && lineEnd > at ? lineEnd - 1 : lineEnd;
    const start = Math.min(at + indent, contentEnd);
    const length = contentEnd - start;
    const isBlank = raw.slice(start, contentEnd).trim() === "";
    if (length > 0 && !trail.copy(start, length) && !isBlank) return false;
    // A text may end in a break that the file does not have.
    const breakLength = lineBreak === -1 ? 0 : lineEnd - contentEnd + 1;
    if (style === "literal") {
      if (text[trail.inner] === "\n") trail.add(contentEnd, breakLength, 1);
    } else if (text[trail.inner] === "\n" || (text[trail.inner] === " " && lineEnd < raw.length && !isBlank)) {
      // A fold may drop this break and keep a later one: which of equal breaks it is makes no difference to a reader.
      trail.add(contentEnd, breakLength, 1);
    }
    at = lineEnd + 1;
  }
  return true;
}

/** Columns that the parser removed from each line: seen from the first line with content in both texts. */
function bodyIndent(raw: string, bodyStart: number, text: string): number {
  return Math.max(0, leadingBlanks(raw, bodyStart) - leadingBlanks(text, 0));
}

/** Blanks before the first character of the first line at or after `start` that holds more than white space. */
function leadingBlanks(text: string, start: number): number {
  let lineStart = start;
  let index = start;
  while (index < text.length) {
    const code = text.charCodeAt(index);
    if (code === 10) lineStart = index + 1;
    else if (code !== 32 && code !== 13 && code !== 9) return index - lineStart;
    index += 1;
  }
  return 0;
}
