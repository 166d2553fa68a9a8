import type { Range } from "../text/source.js";

/**
 * 64 bits of a text as 16 lower-case hexadecimal digits; equal on every machine. Two halves of 32 bits that are mixed
 * as in MurmurHash3's finalizer. Not meant against an attacker.
 */
export function hash64(text: string): string {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    high = Math.imul(high ^ unit, 2654435761);
    low = Math.imul(low ^ unit, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return hexadecimal(high) + hexadecimal(low);
}

function hexadecimal(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/**
 * The line where a range begins, for telling findings apart without their line number: runs of blanks are one blank, and
 * what is masked is gone, so that no secret can be guessed from the fingerprint.
 *
 * @param masked ranges of the same source whose text may not count
 */
export function lineText(range: Range, masked: readonly Range[]): string {
  const { source } = range;
  const span = source.lineSpan(source.positionAt(range.start).line) ?? range;
  let text = "";
  let position = span.start;
  for (const hidden of [...masked].sort((a, b) => a.start - b.start)) {
    if (hidden.end <= position || hidden.start >= span.end) continue;
    text += source.text.slice(position, Math.max(position, hidden.start));
    position = Math.min(hidden.end, span.end);
  }
  text += source.text.slice(position, span.end);
  return text
    .slice(0, LONGEST_LINE)
    .replace(/[ \t]+/g, " ")
    .trim();
}

/** Longer lines are told apart by their beginning: many findings in one long line must not cost its length each. */
const LONGEST_LINE = 500;
