import fc from "fast-check";
import ignore from "ignore";
import { expect, test } from "vitest";
import { GitIgnore } from "../../src/files/gitignore.js";
import { MemoryFileSystem } from "../../src/files/memory.js";

const rules = (...lines: string[]): GitIgnore =>
  new GitIgnore(new MemoryFileSystem({ "/r/.git/HEAD": "", "/r/.gitignore": lines.join("\n") }), "/r");

test.each([
  ["*.log", "a.log", true],
  ["*.log", "deep/er/a.log", true],
  ["/a.log", "deep/a.log", false],
  ["logs/", "logs/x", true],
  ["logs/", "logs", false],
  ["doc/*.txt", "doc/a.txt", true],
  ["doc/*.txt", "doc/b/a.txt", false],
  ["doc/*.txt", "x/doc/a.txt", false],
  ["**/foo", "a/b/foo", true],
  ["**/foo/bar", "foo/bar", true],
  ["a/**/b", "a/b", true],
  ["a/**/b", "a/x/y/b", true],
  ["a/**", "a/x/y", true],
  ["a/**", "a", false],
  ["foo**bar", "fooxbar", true],
  ["foo**bar/x", "foo/bar/x", false],
  ["[ab].c", "b.c", true],
  ["[!ab].c", "b.c", false],
  ["[[:digit:]]x", "7x", true],
  ["a[", "a[", false],
  ["\\#x", "#x", true],
  ["#x", "#x", false],
  ["\\!x", "!x", true],
  ["x\\ ", "x ", true],
  ["x  ", "x", true],
  ["a?c", "a/c", false],
  ["*", "anything/below", true],
  ["x", ".git/x", true],
])("the rule %j against %s: %s", (rule, path, expected) => {
  expect(rules(rule).isIgnored(`/r/${path}`)).toBe(expected);
});

test("the last rule wins, but nothing comes back below an ignored folder", () => {
  const git = rules("*.log", "!keep.log", "build/", "!build/keep.txt");

  expect(["/r/a.log", "/r/keep.log", "/r/build/keep.txt"].map((path) => git.isIgnored(path))).toEqual([
    true,
    false,
    true,
  ]);
});

test("the nearest file has the say, and .git/info/exclude the last", () => {
  const fs = new MemoryFileSystem({
    "/r/.git/info/exclude": "*.tmp\n*.local\n",
    "/r/.gitignore": "*.log\r\nsub/\r\n!x.local\r\n",
    "/r/a/.gitignore": "!b.log\n/only-here\n!sub\n",
  });
  const git = new GitIgnore(fs, "/r");
  const paths = ["/r/b.log", "/r/a/b.log", "/r/a/only-here", "/r/a/c/only-here", "/r/a/sub/file", "/r/sub/file"];

  expect(
    [...paths, "/r/x.tmp", "/r/x.local", "/r/y.local", "/elsewhere/b.log", "/r"].map((path) => git.isIgnored(path)),
  ).toEqual([true, false, true, false, false, true, true, false, true, false, false]);
});

test("a rule for folders holds for a folder", () => {
  expect([rules("logs/").isIgnored("/r/logs", true), rules("logs/").isIgnored("/r/logs", false)]).toEqual([
    true,
    false,
  ]);
});

test("a pattern made to be slow is answered at once", () => {
  const git = rules(`${"*a".repeat(200)}b`);

  expect(git.isIgnored(`/r/${"a".repeat(1000)}`)).toBe(false);
});

test("property: one file of rules agrees with the ignore library", () => {
  const line = fc
    .array(fc.constantFrom("a", "b", "c", "/", "*", "**", "?", "[ab]", "!", "."), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(""));
  const path = fc
    .array(fc.constantFrom("a", "b", "ab", "c", ".a"), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 4 }), path, (lines, name) => {
      // Both read runs of stars and doubled or dotted slashes in their own way where git's manual is silent.
      fc.pre(lines.every((text) => !/\*{2,}|\/\/|(?:^|\/)\.(?:\/|$)|!\/?$|!!|^!?\/?$/.test(text)));
      const oracle = ignore({ ignorecase: false }).add(lines);

      expect(rules(...lines).isIgnored(`/r/${name}`)).toBe(oracle.ignores(name));
    }),
    { numRuns: 500 },
  );
});
