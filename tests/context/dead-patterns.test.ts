import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deadPatterns } from "../../src/context/dead-patterns.js";
import { IgnoreFile } from "../../src/context/ignore-file.js";
import { Source } from "../../src/text/source.js";

function fileOf(lines: readonly string[]): IgnoreFile {
  return new IgnoreFile(new Source(".dockerignore", lines.map((line) => `${line}\n`).join("")));
}

function deadIn(lines: readonly string[]): readonly string[] {
  return deadPatterns(fileOf(lines)).map((dead) => {
    return `${dead.kind} ${dead.pattern.written}${dead.kind === "needless" ? "" : ` by ${dead.by.written}`}`;
  });
}

describe("a line has no effect when", () => {
  test.each<[string, readonly string[], readonly string[]]>([
    ["it is there twice", ["dist", "/dist/"], ["shadowed /dist/ by dist"]],
    ["its folder is excluded", ["logs", "logs/**/*.log"], ["shadowed logs/**/*.log by logs"]],
    ["its name is excluded everywhere", ["**/*.pyc", "app/x.pyc"], ["shadowed app/x.pyc by **/*.pyc"]],
    ["its exclusion comes later", ["!a.md", "*.md"], ["early !a.md by *.md"]],
    ["a later line takes it back", ["*.md", "!a.md", "**/*.md"], ["undone !a.md by **/*.md"]],
    ["nothing is excluded before it", ["dist", "!src"], ["needless !src"]],
  ])("%s", (_, lines, expected) => {
    expect(deadIn(lines)).toEqual(expected);
  });
});

describe("a line has an effect when", () => {
  test.each<[string, readonly string[]]>([
    ["an exception stands between", ["logs", "!logs/keep", "logs/keep/x"]],
    ["it covers more than the one before", ["*.pyc", "**/*.pyc"]],
    ["only what lies below is covered", ["dist/**", "dist"]],
    ["an exception meets something that is excluded below it", ["docs/*.md", "!docs"]],
    ["a program wrote it between marks", ["dist", "# BEGIN generated", "dist", "# END generated"]],
  ])("%s", (_, lines) => {
    expect(deadIn(lines)).toEqual([]);
  });
});

const path = fc.array(fc.constantFrom("a", "b", "a.md", "b.md", "node"), { minLength: 1, maxLength: 3 });
const element = fc.constantFrom("a", "b", "*", "*.md", "**", "a*", "a.md", "?", "node");
const line = fc
  .tuple(fc.boolean(), fc.array(element, { minLength: 1, maxLength: 3 }))
  .map(([isException, elements]) => (isException ? "!" : "") + elements.join("/"));

test("property: dropping a line without effect changes no verdict", () => {
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), fc.array(path, { minLength: 1 }), (lines, paths) => {
      const file = fileOf(lines);
      for (const { pattern } of deadPatterns(file)) {
        const rest = fileOf(lines.filter((_, index) => index !== pattern.index));
        for (const parts of paths) {
          const asked = parts.join("/");
          expect([asked, rest.ignores(asked)]).toEqual([asked, file.ignores(asked)]);
        }
      }
    }),
    { numRuns: 2000 },
  );
});
