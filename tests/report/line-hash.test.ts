import fc from "fast-check";
import { expect, test } from "vitest";
import { lineHashes } from "../../src/report/line-hash.js";

test.each([
  { text: "", hashes: ["c129715d7a2bc9a3:1"] },
  {
    text: " a\nb\n  \t\tc\n d",
    hashes: ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"],
  },
])("the values for $text are those that the upload action computes", ({ text, hashes }) => {
  expect(lineHashes(text)).toEqual(hashes);
});

test("every line break counts as a line feed", () => {
  const hashes = lineHashes("FROM node\nUSER app\n");

  expect(lineHashes("FROM node\r\nUSER app\r\n")).toEqual(hashes);
  expect(lineHashes("FROM node\rUSER app\r")).toEqual(hashes);
  expect(lineHashes("\tFROM  node\n USER app\n")).toEqual(hashes);
});

test("a text that ends in a line break has a value for its empty last line", () => {
  expect(lineHashes("a\n\nb\n")).toHaveLength(4);
});

test("equal lines far from any difference are numbered", () => {
  const counts = lineHashes("RUN x\n".repeat(200)).map((hash) => hash.slice(hash.indexOf(":")));

  expect(counts.slice(0, 3)).toEqual([":1", ":2", ":3"]);
});

test("property: the halves give the same value as one 64-bit integer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => {
      expect(lineHashes(text)).toEqual(referenceHashes(text));
    }),
  );
});

/** The same definition, straight and slow: each line's hash is computed from its own 100 code units. */
function referenceHashes(text: string): string[] {
  const units = [...text.replace(/\r\n?/g, "\n").replace(/[ \t]/g, "")].flatMap((character) =>
    Array.from({ length: character.length }, (_, index) => character.charCodeAt(index)),
  );
  units.push(65535);
  const starts = units.flatMap((_, index) => (index === 0 || units[index - 1] === 10 ? [index] : []));
  const seen = new Map<string, number>();
  return starts.map((start) => {
    let hash = 0n;
    for (let index = start; index < start + 100; index += 1) {
      hash = BigInt.asUintN(64, hash * 37n + BigInt(units[index] ?? 0));
    }
    const digits = hash.toString(16);
    seen.set(digits, (seen.get(digits) ?? 0) + 1);
    return `${digits}:${seen.get(digits)}`;
  });
}
