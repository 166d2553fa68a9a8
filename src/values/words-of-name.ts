import type { Span } from "../text/source.js";

/** One word of a name, in lower case, and where it stands (0-based, in the name). */
export interface NameWord extends Span {
  readonly word: string;
}

// Digits, runs of capitals, a capital with what follows, or lower-case letters and all that has no case.
const WORD = /[0-9]+|\p{Lu}+|[^\p{Lu}0-9_\-./\s]+/gu;

/**
 * Splits a name where people see words: at `_ - . /` and white space, where a capital follows a lower-case letter, and
 * between letters and digits. `DB_PASSWORD`, `dbPassword` and `db-password` all give `db`, `password`; `apiKey2` gives
 * `api`, `key`, `2`. A run of capitals is one word (`APIKey` gives `apikey`), as nobody can say where it ends.
 */
export function wordsOfName(name: string): string[] {
  return spannedWordsOfName(name).map(({ word }) => word);
}

/** As {@link wordsOfName}, with where each word stands. */
export function spannedWordsOfName(name: string): NameWord[] {
  const words: { word: string; start: number; end: number; isUpper: boolean }[] = [];
  for (const match of name.matchAll(WORD)) {
    const text = match[0];
    const start = match.index;
    const previous = words.at(-1);
    const first = text.charAt(0);
    const isUpper = first !== first.toLowerCase();
    // `Key` is found as `K` and `ey`: lower case directly behind capitals belongs to them.
    if (previous?.isUpper === true && previous.end === start && !isUpper && !/[0-9]/.test(first)) {
      previous.word += text;
      previous.end = start + text.length;
    } else {
      words.push({ word: text, start, end: start + text.length, isUpper });
    }
  }
  return words.map(({ word, start, end }) => ({ word: word.toLowerCase(), start, end }));
}
