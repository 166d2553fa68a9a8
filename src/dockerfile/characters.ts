/**
 * Whether a UTF-16 code unit is white space to Go's `unicode.IsSpace`, by which the builder trims lines and splits words.
 * Unlike `\s` it holds U+0085 and lacks U+FEFF.
 *
 * @see https://pkg.go.dev/unicode#IsSpace
 */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  return (
    code === 0x85 ||
    code === 0xa0 ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/**
 * Whether a code unit separates the keyword and the words of EXPOSE, FROM, VOLUME, COPY and ADD: tab, vertical tab, form
 * feed, carriage return, blank.
 */
export function isSeparator(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0b || code === 0x0c || code === 0x0d;
}

/** The first offset in `[start, end)` whose code unit is not white space, or `end`. */
export function skipSpace(text: string, start: number, end: number): number {
  let index = start;
  while (index < end && isSpace(text.charCodeAt(index))) index += 1;
  return index;
}

/** The end of `[start, end)` without the white space at its end; at least `start`. */
export function trimEnd(text: string, start: number, end: number): number {
  let index = end;
  while (index > start && isSpace(text.charCodeAt(index - 1))) index -= 1;
  return index;
}

const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** Whether a character may stand in the name of a variable: a letter, a digit or `_`. */
export function isNameCharacter(character: string): boolean {
  const code = character.charCodeAt(0);
  if (code < 0x80) {
    return (
      (code >= 0x61 && code <= 0x7a) ||
      (code >= 0x41 && code <= 0x5a) ||
      (code >= 0x30 && code <= 0x39) ||
      code === 0x5f
    );
  }
  return LETTER.test(character) || DIGIT.test(character);
}

/** Whether a character is a decimal digit in any script. */
export function isDigit(character: string): boolean {
  const code = character.charCodeAt(0);
  return code < 0x80 ? code >= 0x30 && code <= 0x39 : DIGIT.test(character);
}
