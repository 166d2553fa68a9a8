/** Code points that take no column of their own: combining marks, joiners, variation selectors, skin tones. */
const NO_WIDTH = /^(?:\p{Mn}|\p{Me}|\u200d|[\ufe00-\ufe0f]|[\u{1f3fb}-\u{1f3ff}])$/u;

/** First and last code points of the blocks that terminals draw two columns wide. */
const WIDE = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x20000, 0x3fffd],
] as const;

const WIDE_PICTURE = /^\p{Emoji_Presentation}$/u;

/**
 * How many columns a terminal gives to a code point: 0, 1 or 2. A rule of thumb by Unicode blocks, good enough to put a
 * caret below the right character.
 *
 * @see https://www.unicode.org/reports/tr11/ (East Asian Width)
 */
export function displayWidth(codePoint: number): 0 | 1 | 2 {
  if (codePoint < 0x300) return 1;
  const character = String.fromCodePoint(codePoint);
  if (NO_WIDTH.test(character)) return 0;
  if (WIDE_PICTURE.test(character)) return 2;
  return WIDE.some(([first, last]) => codePoint >= first && codePoint <= last) ? 2 : 1;
}

/** Columns that a text takes in a terminal. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += displayWidth(character.codePointAt(0) ?? 0);
  return width;
}
