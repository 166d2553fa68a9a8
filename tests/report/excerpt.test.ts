import fc from "fast-check";
import { expect, test } from "vitest";
import { excerpt } from "../../src/report/excerpt.js";
import { Source } from "../../src/text/source.js";

const COLUMNS = 40;

function excerptOf(marked: string, columns = COLUMNS) {
  const start = marked.indexOf("«");
  const end = marked.indexOf("»") - 1;
  const source = new Source("Dockerfile", marked.replace(/[«»]/g, ""));
  return excerpt(source.range(start, end), [], columns);
}

test.each([
  { marked: "FROM «node»\n", line: 1, text: "FROM node", carets: "     ^^^^" },
  { marked: "FROM node\nRUN «»x\n", line: 2, text: "RUN x", carets: "    ^" },
  { marked: "\tRUN «x»", line: 1, text: "    RUN x", carets: "        ^" },
  { marked: "a\tRUN\t«x»", line: 1, text: "a   RUN x", carets: "        ^" },
  { marked: "é 漢字 «x»", line: 1, text: "é 漢字 x", carets: "       ^" },
  { marked: "👍🏽 «漢»", line: 1, text: "👍🏽 漢", carets: "   ^^" },
  { marked: "e\u0301 «x»", line: 1, text: "e\u0301 x", carets: "  ^" },
  { marked: "RUN «a \\\n  b»", line: 1, text: "RUN a \\", carets: "    ^^^" },
  { marked: "«\u001b[0m»", line: 1, text: "\\x1b[0m", carets: "^^^^^^^" },
  { marked: "«»", line: 1, text: "", carets: "^" },
])("the line of $marked is $text", ({ marked, ...expected }) => {
  expect(excerptOf(marked)).toEqual(expected);
});

test("of a long line the part around the range is shown", () => {
  const { text, carets } = excerptOf(`RUN ${"a".repeat(100)} «bad» ${"b".repeat(100)}`);

  expect(text).toBe(`…${"a".repeat(23)} bad ${"b".repeat(12)}…`);
  expect(carets).toBe(`${" ".repeat(25)}^^^`);
});

test("masked text is eight stars, whatever its length", () => {
  const source = new Source("Dockerfile", "ENV A=secret B=x\n");

  expect(excerpt(source.range(4, 5), [source.range(6, 12), source.range(15, 16)], COLUMNS)).toEqual({
    line: 1,
    text: "ENV A=******** B=********",
    carets: "    ^",
  });
});

test("a range that is masked itself is marked as a whole", () => {
  const source = new Source("Dockerfile", "ENV A=secret\n");

  expect(excerpt(source.range(6, 12), [source.range(6, 12)], COLUMNS)).toEqual({
    line: 1,
    text: "ENV A=********",
    carets: "      ^^^^^^^^",
  });
});

test("property: no part of a masked value is shown, however long the line", () => {
  const piece = fc.constantFrom("a", "\t", "漢", "😀", " ", "\u001b");
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 200 }),
      fc.array(piece, { maxLength: 200 }),
      fc.nat(),
      (before, after, at) => {
        const source = new Source("Dockerfile", `${before.join("")}SSSSSSSSSSSS${after.join("")}`);
        const masked = source.range(before.join("").length, before.join("").length + 12);
        const start = at % (source.text.length + 1);

        expect(excerpt(source.range(start, source.text.length), [masked], COLUMNS).text).not.toContain("S");
      },
    ),
  );
});
