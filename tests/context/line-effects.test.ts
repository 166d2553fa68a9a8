import fc from "fast-check";
import { expect, test } from "vitest";
import { IgnoreFile } from "../../src/context/ignore-file.js";
import { type LineEffect, lineEffects } from "../../src/context/line-effects.js";
import { walkContext } from "../../src/context/walk.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Source } from "../../src/text/source.js";

const sized = (sizeBytes: number) => ({ kind: "file", content: "", sizeBytes }) as const;

/** Effects of a file with these lines in a folder with these files, given as sizes by path. */
function effects(lines: readonly string[], files: Readonly<Record<string, number>>): readonly LineEffect[] {
  const entries = Object.entries(files).map(([path, size]) => [`/c/${path}`, sized(size)] as const);
  const file = new IgnoreFile(new Source(".dockerignore", lines.join("\n")));
  const fs = new MemoryFileSystem(Object.fromEntries(entries));
  return lineEffects(file, walkContext({ fs, root: "/c", matcher: file.matcher, isPruned: false }));
}

const TREE = { "node_modules/a/x.js": 100, "a.log": 3, "keep.log": 5, "logs/b.log": 7, "src/main.js": 11 };

test.each<[string, readonly string[], readonly (readonly [string, string])[]]>([
  ["a folder stands for all below it", ["node_modules"], [["1 file 100", "1 file 100"]]],
  ["a line that matches nothing", ["*.tmp"], [["0 file 0", "0 file 0"]]],
  [
    "an exception brings back what a line before it left out",
    ["*.log", "!keep.log"],
    [
      ["2 file 8", "1 file 3"],
      ["1 file 5", "1 file 5"],
    ],
  ],
  ["an exception from nothing decides nothing", ["!src"], [["1 file 11", "0 file 0"]]],
  [
    "of two lines that match, the last one decides",
    ["logs", "**/*.log"],
    [
      ["1 file 7", "0 file 0"],
      ["3 file 15", "3 file 15"],
    ],
  ],
  [
    "an exception that a later line takes back decides nothing",
    ["*.log", "!keep.log", "*.log"],
    [
      ["2 file 8", "0 file 0"],
      ["1 file 5", "0 file 0"],
      ["2 file 8", "2 file 8"],
    ],
  ],
])("%s", (_, lines, expected) => {
  const found = effects(lines, TREE).map(({ matched, decided }) => [
    `${matched.files} file ${matched.sizeBytes}`,
    `${decided.files} file ${decided.sizeBytes}`,
  ]);

  expect(found).toEqual(expected);
});

test("property: lines decide about exactly the files that are left out, and match what they match one by one", () => {
  const name = fc.constantFrom("a", "b", "a.log", "src");
  const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((parts) => `${parts.join("/")}/f`);
  const line = fc.tuple(fc.boolean(), fc.constantFrom("a", "b/", "*", "**/b", "a/b", "*.log", "src/*/f", "**/f"));
  const lines = fc.array(
    line.map(([isException, text]) => `${isException ? "!" : ""}${text}`),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(fc.uniqueArray(path, { maxLength: 12 }), lines, (paths, written) => {
      const files = paths.filter((each) => !paths.some((other) => other.startsWith(`${each}/`)));
      const found = effects(written, Object.fromEntries(files.map((each) => [each, 1])));
      const { matcher } = new IgnoreFile(new Source(".dockerignore", written.join("\n")));

      const ignored = files.filter((each) => matcher.ignores(each)).length;
      const decided = found.filter(({ pattern }) => !pattern.isException).map((each) => each.decided.files);
      expect(decided.reduce((sum, count) => sum + count, 0)).toBe(ignored);
      for (const { pattern, matched } of found) {
        const above = (each: string) => each.split("/").map((_, index, parts) => parts.slice(0, index + 1).join("/"));
        expect(matched.files).toBe(files.filter((each) => above(each).some((part) => pattern.matches(part))).length);
      }
    }),
  );
});
