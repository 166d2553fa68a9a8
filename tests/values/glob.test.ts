import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob, findGlobProblem, hasGlobMeta, matchesGlob } from "../../src/values/glob.js";

test.each([
  ["abc", "abc", true],
  ["*", "abc", true],
  ["*", "", true],
  ["*", "a/b", false],
  ["*c", "abc", true],
  ["a*", "a", true],
  ["a*/b", "abc/b", true],
  ["a*/b", "a/c/b", false],
  ["a?c", "abc", true],
  ["a?c", "a/c", false],
  ["a?c", "a😀c", true],
  ["[a-c]x", "bx", true],
  ["[^a-c]x", "bx", false],
  ["[^a-c]x", "dx", true],
  ["[\\-]", "-", true],
  ["a\\*b", "a*b", true],
  ["a\\*b", "axb", false],
  ["**", "a/b", false],
  ["a*b*c", "aXbYc", true],
  ["a*a*a*a*b", "aaaaaaaa", false],
])("path.Match(%j, %j) is %s", (glob, path, expected) => {
  expect(matchesGlob(glob, path)).toBe(expected);
});

test.each([
  ["**", "a/b/c", true],
  ["**/x", "x", true],
  ["**/x", "a/b/x", true],
  ["**/x", "ax", false],
  ["a/**", "a/b/c", true],
  ["a/**", "a", false],
  ["a/**/c", "a/c", true],
  ["a/**/c", "a/b/d/c", true],
  ["a**", "a/b", false],
])("with folders, %j against %j is %s", (glob, path, expected) => {
  expect(matchesGlob(glob, path, { hasFolders: true })).toBe(expected);
});

test.each([
  ["[a", "class", 0, 2],
  ["x[]", "class", 1, 3],
  ["[]a]", "class", 0, 4],
  ["[-a]", "class", 0, 4],
  ["[a-]", "class", 0, 4],
  ["a\\", "escape", 1, 2],
])("%j is refused: %s", (glob, problem, start, end) => {
  expect(findGlobProblem(glob)).toEqual({ problem, span: { start, end } });
});

test("only wildcards, classes and backslashes are special", () => {
  expect(["a.b", "{a,b}", "(a|b)", "*", "?", "[a]", "\\a"].map(hasGlobMeta)).toEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    true,
  ]);
});

test("property: a glob agrees with a regular expression that says the same", () => {
  const glob = fc.array(fc.constantFrom("a", "b", "/", "*", "?")).map((parts) => parts.join(""));
  const path = fc.array(fc.constantFrom("a", "b", "/")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(glob, path, (text, name) => {
      const expression = new RegExp(`^${text.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`);

      expect(matchesGlob(text, name)).toBe(expression.test(name));
    }),
  );
});

test("property: no text throws", () => {
  const glob = fc.array(fc.constantFrom("a", "[", "]", "^", "-", "\\", "*", "?", "😀")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(glob, (text) => {
      expect(["glob", "malformed"]).toContain(compileGlob(text).kind);
    }),
  );
});
