import fc from "fast-check";
import { expect, test } from "vitest";
import { IgnoreFile, matcherOf, tableMatcher } from "../../src/context/ignore-file.js";
import { Source } from "../../src/text/source.js";
import { slowlyIgnores } from "./slow-matcher.js";

const fileOf = (...lines: string[]): IgnoreFile => new IgnoreFile(new Source(".dockerignore", lines.join("\n")));

test.each([
  ["x", "x", true],
  ["x", "a/x", false],
  ["x", "x/below/it", true],
  ["*.pyc", "a.pyc", true],
  ["*.pyc", "pkg/a.pyc", false],
  ["**/x", "x", true],
  ["**/x", "a/b/x", true],
  ["**/x", "a/b/xx", false],
  ["**x", "a/bx", true],
  ["**x*", "bxy", false],
  ["**x*", "b/xy", true],
  ["x/**", "x/a/b", true],
  ["x/**", "x", false],
  ["x**", "xy/z", true],
  ["x/**/y", "x/y", true],
  ["x/**/y", "x/a/b/y", true],
  ["a**b", "axb", false],
  ["a**b", "ax/b", true],
  ["**", "a/b", true],
  ["**/*", "a", true],
  ["***", "a/b", true],
  ["*", "a/b", true],
  ["a/", "a", true],
  ["/a", "a", true],
  ["./a//b/", "a/b", true],
  ["a/../b", "b", true],
  ["../a", "a", false],
  [".", "a", false],
  ["/", "a", false],
  ["a?", "ab", true],
  ["a?", "a/", false],
  ["a?", "a😀", true],
  ["[a-c]", "b", true],
  ["[^a-c]", "b", false],
  ["[!a]", "!", true],
  ["[[:digit:]]", "7", true],
  ["[*]", "*", false],
  ["a\\*", "a*", true],
  ["a\\*", "ab", false],
  ["\\d", "7", true],
  ["\\d", "d", false],
  ["a.b*", "axb", false],
  ["(a|b){1}$+", "(a|b){1}$+", true],
  ["a]", "a]", true],
  ["^a", "^a", true],
  ["^a*", "ab", true],
  ["a^b*", "a^b", false],
  ["A", "a", false],
  ["\\#x", "#x", true],
  ["  x  ", "x", true],
  ["x\r", "x", true],
  [" #x", "#x", true],
  ["#x", "#x", false],
  ["x # why", "x", false],
  ["! x", "x", false],
])("the line %j against %s: %s", (line, path, expected) => {
  expect(fileOf(line).ignores(path)).toBe(expected);
});

test.each([
  [["a", "!a/b"], "a/b", false],
  [["a", "!a/b"], "a/c", true],
  [["!a/b", "a"], "a/b", true],
  [["*", "!src", "src/gen"], "src/x", false],
  [["*", "!src", "src/gen"], "src/gen/x", true],
  [["*", "!src"], "README.md", true],
  [["**/*.md", "!README.md"], "README.md", false],
  [["**/*.md", "!README.md"], "docs/README.md", true],
  [["**/x", "!a"], "a/x", false],
  [["a", "!!a"], "a", true],
  [["a", "/!a"], "a", false],
])("the lines %j against %s: %s", (lines, path, expected) => {
  expect(fileOf(...lines).ignores(path)).toBe(expected);
});

test("patterns say where they stand and what they mean", () => {
  const file = fileOf("# caches", "", "  node_modules/ \r", "! ./src/**");

  expect(
    file.patterns.map(({ index, written, cleaned, isException, form, range }) => {
      return { index, written, cleaned, isException, form, start: range.start, end: range.end };
    }),
  ).toEqual([
    {
      index: 0,
      written: "node_modules/",
      cleaned: "node_modules",
      isException: false,
      form: "exact",
      start: 12,
      end: 25,
    },
    { index: 1, written: "! ./src/**", cleaned: "src/**", isException: true, form: "prefix", start: 28, end: 38 },
  ]);
  expect(file.comments.map(({ range }) => [range.start, range.end])).toEqual([[0, 8]]);
});

test.each([
  ["!", "lone-exception", 2, 3],
  ["!/", "lone-exception", 2, 4],
  ["ab[", "class", 4, 5],
  ["a[]", "class", 3, 5],
  ["!x\\", "escape", 4, 5],
  ["src\\main", "expression", 2, 10],
  ["[z-a]", "expression", 2, 7],
  ["x".repeat(65_536), "line-too-long", 2, 65_538],
])("the line %j fails the build: %s", (line, kind, start, end) => {
  const file = fileOf("x", line, "y");

  expect(file.problems.map(({ kind: found, range }) => [found, range.start, range.end])).toEqual([[kind, start, end]]);
  expect(file.patterns.map(({ cleaned }) => cleaned)).toEqual(["x", "y"]);
});

test("a file of blanks and comments is empty", () => {
  expect([fileOf("", "# x", "  ").isEmpty, fileOf("x").isEmpty, fileOf("!").isEmpty]).toEqual([true, false, false]);
});

test("a verdict names the line that decides", () => {
  const file = fileOf("*", "!src");

  expect([
    file.verdict("src/a").pattern?.written,
    file.verdict("b").pattern?.written,
    file.verdict("").pattern,
  ]).toEqual(["!src", "*", undefined]);
});

test.each([
  [["a"], "a", false],
  [["a", "!b"], "a", false],
  [["a", "!a/b"], "a", true],
  [["!a/b", "a"], "a", false],
  [["a", "!a/b/c"], "a/b", true],
  [["a", "!a/b/c"], "a/d", false],
  [["*", "!*.md"], "docs", false],
  [["*", "!**/*.md"], "docs", true],
  [["*", "!docs/*.md"], "docs", true],
  [["*", "!docs/*.md"], "docs/a", false],
  [["*", "!src/**"], "src", true],
])("with the lines %j something below %s may be sent: %s", (lines, folder, expected) => {
  expect(fileOf(...lines).matcher.mayReincludeBelow(folder)).toBe(expected);
});

test("lines of no file match as those of a file; lines that do not compile are left out", () => {
  const lines = ["a", "!a/keep", "["];

  expect([matcherOf(lines).ignores("a/b"), matcherOf(lines).ignores("a/keep"), matcherOf(["["]).ignores("[")]).toEqual([
    true,
    false,
    false,
  ]);
});

test("a line of a table is compiled once, and means the same", () => {
  const matcher = tableMatcher("**/*.py[cod]");

  expect(matcher).toBe(tableMatcher("**/*.py[cod]"));
  expect(["x.pyc", "a/x.pyo", "a/x.py"].map((path) => matcher.ignores(path))).toEqual([true, true, false]);
});

const line = fc
  .tuple(
    fc.constantFrom("", "", "!"),
    fc.array(fc.constantFrom("a", "b", "/", "*", "**", "?", "/**/", "."), { minLength: 1, maxLength: 6 }),
  )
  .map(([sign, parts]) => sign + parts.join(""))
  // `..` and three stars in a row are in the table above.
  .filter((text) => !text.includes("..") && !text.includes("***") && !/^!?[/.]*$/.test(text) && !/!\/*\./.test(text));
const path = fc
  .array(fc.constantFrom("a", "b", "ab", ".a", "ba"), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join("/"));

test("property: the matcher agrees with the slow one", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), path, (lines, name) => {
      expect(fileOf(...lines).ignores(name)).toBe(slowlyIgnores(lines, name));
    }),
    { numRuns: 2000 },
  );
});

test("property: walking down gives the verdict of asking at once, and pruning loses nothing", () => {
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), path, (lines, name) => {
      const { matcher } = fileOf(...lines);
      const parts = name.split("/");
      let state: ReturnType<typeof matcher.enter> | undefined;
      for (const [index] of parts.entries()) {
        const current = parts.slice(0, index + 1).join("/");
        expect(matcher.verdictIn(state, current)).toEqual(matcher.verdict(current));
        if (matcher.ignores(current) && !matcher.ignores(name)) expect(matcher.mayReincludeBelow(current)).toBe(true);
        state = matcher.enter(current, state);
      }
    }),
    { numRuns: 1000 },
  );
});

test("property: no text throws, and every range lies in it", () => {
  const pieces = fc.constantFrom(
    "a",
    "!",
    "#",
    " ",
    "\n",
    "\r",
    "[",
    "]",
    "\\",
    "*",
    "^",
    "-",
    "/",
    "[:",
    "x",
    "\ufeff",
    "😀",
    "{",
  );
  fc.assert(
    fc.property(fc.array(pieces), (parts) => {
      const file = new IgnoreFile(new Source(".dockerignore", parts.join("")));

      for (const { range } of [...file.patterns, ...file.problems, ...file.comments]) {
        expect(range.start).toBeLessThan(range.end);
        expect(range.end).toBeLessThanOrEqual(file.source.text.length);
      }
      expect(typeof file.ignores("a/b")).toBe("boolean");
    }),
    { numRuns: 1000 },
  );
});
