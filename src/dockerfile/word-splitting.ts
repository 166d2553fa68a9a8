import { isSeparator, isSpace } from "./characters.js";
import type { JoinedText } from "./joined-text.js";
import { plainWord, type Word } from "./word.js";

/** Words between separators, quotes not respected: EXPOSE, FROM, and COPY, ADD, VOLUME outside the JSON form. */
export function splitAtSeparators(joined: JoinedText, start: number, end: number): readonly Word[] {
  const { text } = joined;
  const words: Word[] = [];
  let index = start;
  while (index < end) {
    while (index < end && isSeparator(text.charCodeAt(index))) index += 1;
    const first = index;
    while (index < end && !isSeparator(text.charCodeAt(index))) index += 1;
    if (index > first) words.push(plainWord(joined, first, index));
  }
  return words;
}

/**
 * Words of ENV, LABEL and ARG: white space splits them unless it is quoted or escaped; quotes and escapes stay.
 *
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/parser/line_parsers.go (parseWords)
 */
export function splitQuotedWords(joined: JoinedText, start: number, end: number): readonly Word[] {
  const { text } = joined;
  const escapeCode = joined.escape.charCodeAt(0);
  const words: Word[] = [];
  let first = -1;
  let quote = 0;
  // An escape character at the very end is dropped.
  let last = end;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    if (first < 0) {
      if (isSpace(code)) continue;
      first = index;
    }
    if (quote !== 0) {
      if (code === quote) quote = 0;
      else if (code === escapeCode && quote !== 0x27) index += 1;
    } else if (isSpace(code)) {
      words.push(plainWord(joined, first, index));
      first = -1;
    } else if (code === 0x27 || code === 0x22) quote = code;
    else if (code === escapeCode) index += 1;
    if (index >= end) last = end - 1;
  }
  if (first >= 0 && first < last) words.push(plainWord(joined, first, last));
  return words;
}
