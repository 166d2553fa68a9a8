const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

let digits: ReadonlyMap<string, number> | undefined;

/**
 * Decodes Base64, standard or URL-safe, padded or not, into one character per byte (Latin-1).
 * Absent when the text holds another character or a single left-over digit.
 *
 * @see https://www.rfc-editor.org/rfc/rfc4648#section-4
 */
export function decodeBase64(text: string): string | undefined {
  digits ??= new Map([...[...ALPHABET].map((digit, value) => [digit, value] as const), ["-", 62], ["_", 63]]);
  const body = text.replace(/={1,2}$/, "");
  if (body.length % 4 === 1) return undefined;
  let bits = 0;
  let pending = 0;
  let decoded = "";
  for (const character of body) {
    const value = digits.get(character);
    if (value === undefined) return undefined;
    bits = (bits << 6) | value;
    pending += 6;
    if (pending < 8) continue;
    pending -= 8;
    decoded += String.fromCharCode((bits >> pending) & 0xff);
    bits &= (1 << pending) - 1;
  }
  return decoded;
}
