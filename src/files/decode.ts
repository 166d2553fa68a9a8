/** Largest source that is read (Dockerfile, Compose file, ignore file, env file, manifest): 1 MiB. */
export const SOURCE_LIMIT_BYTES = 1_048_576;

/** What the bytes of a file say. */
export type Decoded =
  | {
      readonly kind: "text";
      /** Without a byte order mark; line endings as they are. */
      readonly text: string;
      /** Whether a UTF-8 byte order mark was there, to be kept by whoever writes the file. */
      readonly hasBom: boolean;
      /** First byte that is no UTF-8; undefined for valid text. Each wrong sequence is U+FFFD in `text`, so it must not be written back. */
      readonly invalidAt: InvalidByte | undefined;
    }
  | {
      readonly kind: "binary";
      /** `nul`: a NUL byte, which no text file holds; `utf-16`, `utf-32`: their byte order mark. */
      readonly reason: "nul" | "utf-16" | "utf-32";
    };

/** Where a text stops being UTF-8. */
export interface InvalidByte {
  /** 0-based, counted with a byte order mark. */
  readonly byteOffset: number;
  /** 1-based; lines end at LF, CRLF or CR. */
  readonly line: number;
}

/** Reads bytes as UTF-8. Never throws. */
export function decode(bytes: Uint8Array): Decoded {
  const wide = wideMark(bytes);
  if (wide !== undefined) return { kind: "binary", reason: wide };
  if (bytes.includes(0)) return { kind: "binary", reason: "nul" };
  const hasBom = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  // A second mark is part of the text, so only the first is cut off, by hand.
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(hasBom ? bytes.subarray(3) : bytes);
  const invalidAt = text.includes("\ufffd") ? findInvalidByte(bytes) : undefined;
  return { kind: "text", text, hasBom, invalidAt };
}

/** The bytes of a text, with a byte order mark in front when asked for; the inverse of {@link decode} for valid text. */
export function encode(text: string, hasBom = false): Uint8Array {
  return new TextEncoder().encode(hasBom ? `\ufeff${text}` : text);
}

function wideMark(bytes: Uint8Array): "utf-16" | "utf-32" | undefined {
  const [a, b, c, d] = bytes;
  if ((a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff))
    return "utf-32";
  return (a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff) ? "utf-16" : undefined;
}

/** First byte that starts no well-formed sequence; undefined when U+FFFD itself was in the text. */
function findInvalidByte(bytes: Uint8Array): InvalidByte | undefined {
  let line = 1;
  for (let offset = 0; offset < bytes.length; ) {
    const byte = bytes[offset] ?? 0;
    const length = sequenceLength(bytes, offset);
    if (length === 0) return { byteOffset: offset, line };
    if (byte === 10 && bytes[offset - 1] !== 13) line += 1;
    if (byte === 13) line += 1;
    offset += length;
  }
  return undefined;
}

/**
 * Length of the well-formed sequence at an offset, 0 when there is none.
 *
 * @see https://www.unicode.org/versions/Unicode15.0.0/ch03.pdf (table 3-7)
 */
function sequenceLength(bytes: Uint8Array, offset: number): number {
  const first = bytes[offset] ?? 0;
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // Overlong forms, surrogates and numbers above U+10FFFF are cut off by the second byte.
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  const second = bytes[offset + 1] ?? 0;
  if (second < low || second > high) return 0;
  for (let index = 2; index < length; index += 1) {
    const byte = bytes[offset + index] ?? 0;
    if (byte < 0x80 || byte > 0xbf) return 0;
  }
  return length;
}
