import fc from "fast-check";
import { expect, test } from "vitest";
import { EnvFile } from "../../src/compose/env-file.js";
import { Source, textOf } from "../../src/text/source.js";

function parse(...lines: string[]) {
  return EnvFile.parse(new Source(".env", lines.join("\n")));
}

test.each([
  ["A=b", "b"],
  ["A: b", "b"],
  ["export A=b", "b"],
  ["  A = b  ", "b"],
  ["A=", ""],
  ["A=b # why", "b"],
  ["A=b#c", "b#c"],
  ["A='b # $C'", "b # $C"],
  ['A="b # c" # why', "b # c"],
  ['A="b\\nc"', "b\nc"],
  ['A="b\\$c"', "b$c"],
  ["A='b\nc'", "b\nc"],
  ["B=x\nA=${B}y", "xy"],
  ["A=${C:-d}", "d"],
  ["A=x$C", "x"],
])("%j sets A to %j", (text, value) => {
  expect(parse(text).valueForInterpolation("A")).toBe(value);
});

test("names have places; bare ones are inherited, empty ones are known to be empty", () => {
  const file = parse("# head", "", "FIRST=1", "BARE", "export EMPTY=", "LAST='a", "b'", "NEXT=2");

  expect(
    file.names.map(({ name, range, isInherited, isEmpty }) => [name, textOf(range), isInherited, isEmpty]),
  ).toEqual([
    ["FIRST", "FIRST", false, false],
    ["BARE", "BARE", true, false],
    ["EMPTY", "EMPTY", false, true],
    ["LAST", "LAST", false, false],
    ["NEXT", "NEXT", false, false],
  ]);
  expect(file.problems).toEqual([]);
});

test("a later line wins over an earlier one", () => {
  expect(parse("A=1", "A=2").valueForInterpolation("A")).toBe("2");
});

test("a key with a blank and an unclosed quote are problems, and the rest is read", () => {
  const file = parse("MY KEY=1", "B='x", "C=2");

  expect(file.problems.map(({ range }) => textOf(range))).toEqual(["MY KEY=1", "'x"]);
  expect(file.valueForInterpolation("C")).toBe("2");
});

test("values do not appear when the file is turned into text", () => {
  expect(JSON.stringify(parse("A=hidden").names)).not.toContain('"hidden"');
});

test("property: any text is read without throwing, with ranges in bounds", () => {
  const parts = fc.array(
    fc.constantFrom("A", "=", ":", "'", '"', "\n", "\r\n", "#", " ", "$", "{", "}", "\\", "export "),
  );
  fc.assert(
    fc.property(parts, (pieces) => {
      const text = pieces.join("");
      const file = EnvFile.parse(new Source(".env", text));

      for (const { range } of [...file.names, ...file.problems]) expect(range.end).toBeLessThanOrEqual(text.length);
    }),
  );
});
