import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeBase64 } from "../../src/values/base64.js";

describe("decoding", () => {
  test.each([
    ["", ""],
    ["Zg==", "f"],
    ["Zg", "f"],
    ["Zm8=", "fo"],
    ["Zm9v", "foo"],
    ["_-8", "\u00ff\u00ef"],
    ["/+8=", "\u00ff\u00ef"],
    ["Z", undefined],
    ["Zm 9v", undefined],
    ["Z===", undefined],
  ])("%j gives %j", (text, expected) => {
    expect(decodeBase64(text)).toBe(expected);
  });
});

test("property: what the platform encodes is decoded again", () => {
  const bytes = fc.array(fc.integer({ min: 0, max: 255 })).map((codes) => String.fromCharCode(...codes));
  fc.assert(
    fc.property(bytes, (text) => {
      expect(decodeBase64(btoa(text))).toBe(text);
    }),
  );
});
