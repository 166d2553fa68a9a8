/** Number of code units that a line's hash looks at, from its first one that is no blank. */
const WINDOW = 100;
/** Stands for the end of the file; no text holds it. */
const END_OF_FILE = 65535;
const TWO_32 = 2 ** 32;

const SPACE = 32;
const TAB = 9;
const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;

/**
 * The values of `primaryLocationLineHash` for the lines of a text: index 0 is line 1. GitHub recognises an alert by
 * them after edits elsewhere in the file, and computes them itself for results that have none, so that another
 * algorithm would mean a warning for every result.
 *
 * Blanks and tabs do not count and every line break counts as LF. The hash of the last 100 code units is
 * `h = 37 h + c` modulo 2^64, without the unit that leaves the window; a line has the value that stands when its first
 * unit leaves, in hexadecimal digits, then `:` and how many lines so far had that value.
 *
 * @param text without a byte order mark
 * @see https://github.com/github/codeql-action/blob/v3.28.0/src/fingerprints.ts
 */
export function lineHashes(text: string): readonly string[] {
  const hasher = new LineHasher();
  let afterReturn = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    const isSkipped = code === SPACE || code === TAB || (afterReturn && code === LINE_FEED);
    afterReturn = code === CARRIAGE_RETURN;
    if (!isSkipped) hasher.add(afterReturn ? LINE_FEED : code);
  }
  hasher.add(END_OF_FILE);
  return hasher.finish();
}

/** A 64-bit hash over a sliding window, kept as two halves because numbers are exact up to 2^53 only. */
class LineHasher {
  readonly #window = new Uint16Array(WINDOW);
  /** 0-based number of the line whose first unit stands at this place of the window, or -1. */
  readonly #lines = new Int32Array(WINDOW).fill(-1);
  readonly #values: string[] = [];
  readonly #counts = new Map<string, number>();
  #high = 0;
  #low = 0;
  #index = 0;
  #line = 0;
  #atLineStart = true;

  add(code: number): void {
    this.#emit();
    if (this.#atLineStart) {
      this.#lines[this.#index] = this.#line;
      this.#line += 1;
    }
    this.#atLineStart = code === LINE_FEED;
    this.#roll(code);
  }

  finish(): readonly string[] {
    for (let count = 0; count < WINDOW; count += 1) {
      this.#emit();
      this.#roll(0);
    }
    return this.#values;
  }

  #emit(): void {
    const line = this.#lines[this.#index] ?? -1;
    if (line === -1) return;
    this.#lines[this.#index] = -1;
    const low = this.#low.toString(16);
    const hash = this.#high === 0 ? low : this.#high.toString(16) + low.padStart(8, "0");
    const count = (this.#counts.get(hash) ?? 0) + 1;
    this.#counts.set(hash, count);
    this.#values[line] = `${hash}:${count}`;
  }

  #roll(code: number): void {
    const leaving = this.#window[this.#index] ?? 0;
    this.#window[this.#index] = code;
    this.#index = (this.#index + 1) % WINDOW;
    // Every product stays below 2^48, so that both halves are exact.
    const low = this.#low * 37 + code - LEAVING_FACTOR.low * leaving;
    const carry = Math.floor(low / TWO_32);
    this.#low = low - carry * TWO_32;
    const high = this.#high * 37 + carry - LEAVING_FACTOR.high * leaving;
    this.#high = high - Math.floor(high / TWO_32) * TWO_32;
  }
}

/** 37^100 modulo 2^64: the weight of the code unit that leaves the window. */
const LEAVING_FACTOR = { high: 0xe59cd09a, low: 0x331cdb71 } as const;
