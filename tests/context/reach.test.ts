import { expect, test } from "vitest";
import { compileSource, contextPath, exampleOf, Reach, type ReachedSource } from "../../src/context/reach.js";
import { filterSuggestions } from "../../src/context/suggestion.js";
import { Source } from "../../src/text/source.js";

const sourceOf = (written: string, excludes?: readonly string[]): ReachedSource => {
  const range = new Source("Dockerfile", written).range(0, written.length);
  return excludes === undefined ? { written, range, via: "copy" } : { written, range, via: "copy", excludes };
};

test.each([
  [".", "."],
  ["/", "."],
  ["./src/", "src"],
  ["/src", "src"],
  ["../src", "src"],
  ["a/../../b", "b"],
])("the source %s is %s of the context", (written, expected) => {
  expect(contextPath(written)).toBe(expected);
});

test.each([
  [".", "a/b", true],
  ["*", ".hidden/x", true],
  ["src", "src", true],
  ["src", "src/a/b", true],
  ["src", "srcs", false],
  ["*.json", "package.json", true],
  ["*.json", "a/package.json", false],
  ["*/src", "api/src/x", true],
  ["a[", "a[", false],
])("the source %s reaches %s: %s", (written, path, expected) => {
  expect(compileSource(sourceOf(written)).reaches(path)).toBe(expected);
});

test("excluded paths are not reached; they are seen from the folder that is copied", () => {
  const source = compileSource(sourceOf("src", ["gen", "*.md"]));

  expect(["src/a", "src/gen/x", "src/a.md", "src/b/a.md"].map(source.reaches)).toEqual([true, false, false, true]);
});

test("the whole context is taken when nothing is left out", () => {
  expect([undefined, [], ["*.md"]].map((excludes) => new Reach([sourceOf(".", excludes)]).isEverything)).toEqual([
    true,
    true,
    false,
  ]);
});

test("the widest source is the one that takes most", () => {
  expect([
    new Reach([sourceOf("a/b"), sourceOf("src"), sourceOf(".")]).widest?.source.written,
    new Reach([sourceOf("a/b"), sourceOf("src"), sourceOf("lib")]).widest?.source.written,
    new Reach([]).widest,
  ]).toEqual([".", "src", undefined]);
});

test("a build that takes everything but exclusions does not take everything", () => {
  expect([new Reach([sourceOf("./")]).isEverything, new Reach([sourceOf(".", ["x"])]).isEverything]).toEqual([
    true,
    false,
  ]);
});

test.each([
  ["target/*.jar", "target/x.jar"],
  ["a?[b-d]", "axb"],
  ["a\\*", "a*"],
  ["src", "src"],
  ["[", "["],
])("an example of %s is %s", (written, expected) => {
  expect(exampleOf(compileSource(sourceOf(written)))).toBe(expected);
});

test.each([
  [[".git", "**/node_modules"], ["."], [".git", "**/node_modules"]],
  [["dist"], ["dist"], []],
  [["dist"], ["dist/"], []],
  [["target"], ["target/*.jar"], ["target", "!target/*.jar"]],
  [["*.md"], ["README.md", "docs"], ["*.md", "!README.md"]],
  [["docs", "*.md"], ["docs"], ["*.md"]],
  [["**/.env", "!**/.env.example"], ["src"], ["**/.env", "!**/.env.example"]],
  [["dist", "!dist/x"], ["dist"], []],
])("of the lines %j, beside COPY %j, these are left: %j", (lines, sources, expected) => {
  expect(filterSuggestions(lines, new Reach(sources.map((written) => sourceOf(written))))).toEqual(expected);
});
