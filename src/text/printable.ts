/**
 * Makes control characters visible, so that text from a scanned file cannot move a cursor, colour a terminal, reorder
 * what is shown or start a second line. Tabs become one blank; the rest becomes `\xNN` or `\u{NNNN}`.
 */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, (character) => {
    if (character === "\t") return " ";
    const code = character.codePointAt(0) ?? 0;
    if (character === "\n") return "\\n";
    if (character === "\r") return "\\r";
    const hex = code.toString(16);
    return code < 0x100 ? `\\x${hex.padStart(2, "0")}` : `\\u{${hex}}`;
  });
}

// C0, DEL, C1, zero-width and bidirectional controls, line and paragraph separators, BOM, lone surrogates.
const UNPRINTABLE =
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;
