import { expect, test } from "vitest";
import { IgnoreFile } from "../../src/context/ignore-file.js";
import { typoOf, withoutBraces } from "../../src/context/ignore-typos.js";
import { Source } from "../../src/text/source.js";

function typoIn(line: string): string | undefined {
  const pattern = new IgnoreFile(new Source(".dockerignore", line)).patterns[0];
  const typo = pattern === undefined ? undefined : typoOf(pattern);
  return typo && `${typo.kind}: ${pattern?.written.slice(typo.start, typo.end)}`;
}

test.each([
  ["node_modules # deps", "comment: # deps"],
  ["  # deps", "comment: # deps"],
  ["../shared", "parent: ../"],
  ["!~/.aws", "home: ~/"],
  ["*.{log,tmp}", "braces: {log,tmp}"],
  ["(dist|build)", "alternatives: (dist|build)"],
  ["build$", "end: $"],
  ["^build", "start: ^"],
  ['"my notes"', 'quotes: "my notes"'],
])("%s holds something else than a pattern", (line, expected) => {
  expect(typoIn(line)).toBe(expected);
});

// Lines of the templates that people copy from git.
test.each([
  "*.py[cod]",
  "*$py.class",
  "\\#*\\#",
  ".#*",
  "~$*",
  "$RECYCLE.BIN/",
  ".*.sw[a-z]",
  "[Dd]ebug/",
  "Icon?",
  "**/*.*proj.user",
  "a (copy).txt",
  "*~",
])("%s is a pattern", (line) => {
  expect(typoIn(line)).toBeUndefined();
});

test("one group of braces is written out, nested ones are not", () => {
  expect(withoutBraces("**/*.{log, tmp}")).toEqual(["**/*.log", "**/*.tmp"]);
  expect(withoutBraces("{a,{b,c}}")).toBeUndefined();
});
