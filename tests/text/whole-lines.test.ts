import { expect, test } from "vitest";
import { Source, textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

test.each([
  { text: "a\nbcd\ne\n", start: 3, end: 4, lines: "bcd\n" },
  { text: "a\r\nb\r\nc", start: 3, end: 4, lines: "b\r\n" },
  { text: "a\nb c", start: 4, end: 5, lines: "b c" },
  { text: "a\nb\\\nc\nd", start: 2, end: 6, lines: "b\\\nc\n" },
])("the lines of $start to $end are whole", ({ text, start, end, lines }) => {
  expect(textOf(wholeLines(new Source("Dockerfile", text).range(start, end)))).toBe(lines);
});
