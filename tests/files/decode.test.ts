import fc from "fast-check";
import { expect, test } from "vitest";
import { decode, encode } from "../../src/files/decode.js";

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

test.each([
  ["plain text", encode("FROM node\r\n"), { kind: "text", text: "FROM node\r\n", hasBom: false, invalidAt: undefined }],
  ["no bytes", bytes(), { kind: "text", text: "", hasBom: false, invalidAt: undefined }],
  ["a byte order mark", encode("x", true), { kind: "text", text: "x", hasBom: true, invalidAt: undefined }],
  [
    "a second byte order mark",
    encode("\ufeffx", true),
    { kind: "text", text: "\ufeffx", hasBom: true, invalidAt: undefined },
  ],
  ["U+FFFD itself", encode("\ufffd"), { kind: "text", text: "\ufffd", hasBom: false, invalidAt: undefined }],
  ["a NUL byte", bytes(65, 0, 66), { kind: "binary", reason: "nul" }],
  ["UTF-16, little end first", bytes(0xff, 0xfe, 65, 0), { kind: "binary", reason: "utf-16" }],
  ["UTF-16, big end first", bytes(0xfe, 0xff, 0, 65), { kind: "binary", reason: "utf-16" }],
  ["UTF-32", bytes(0xff, 0xfe, 0, 0), { kind: "binary", reason: "utf-32" }],
  [
    "Latin-1 on the third line",
    bytes(35, 10, 35, 13, 10, 35, 0xe9, 10),
    { kind: "text", text: "#\n#\r\n#\ufffd\n", hasBom: false, invalidAt: { byteOffset: 6, line: 3 } },
  ],
  [
    "an overlong form",
    bytes(0xc0, 0xaf),
    { kind: "text", text: "\ufffd\ufffd", hasBom: false, invalidAt: { byteOffset: 0, line: 1 } },
  ],
  [
    "a surrogate",
    bytes(65, 0xed, 0xa0, 0x80),
    { kind: "text", text: "A\ufffd\ufffd\ufffd", hasBom: false, invalidAt: { byteOffset: 1, line: 1 } },
  ],
  [
    "a sequence cut off",
    bytes(0xef, 0xbb, 0xbf, 65, 0xe2, 0x82),
    { kind: "text", text: "A\ufffd", hasBom: true, invalidAt: { byteOffset: 4, line: 1 } },
  ],
])("%s is decoded", (_name, input, expected) => {
  expect(decode(input)).toEqual(expected);
});

test("property: text comes back from its bytes", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.boolean(), (text, hasBom) => {
      fc.pre(!text.includes("\0") && !text.startsWith("\ufeff"));

      expect(decode(encode(text, hasBom))).toEqual({ kind: "text", text, hasBom, invalidAt: undefined });
    }),
  );
});

test("property: wrong bytes are found wherever Node finds them", () => {
  fc.assert(
    fc.property(fc.uint8Array({ min: 1 }), (input) => {
      const decoded = decode(input);
      fc.pre(decoded.kind === "text");

      expect(decoded.kind === "text" && decoded.invalidAt === undefined).toBe(isUtf8(input));
    }),
  );
});

function isUtf8(input: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(input);
    return true;
  } catch {
    return false;
  }
}
