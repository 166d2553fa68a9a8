import { posix } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  baseName,
  cleanPath,
  extensionOf,
  foldersAbove,
  isAbsolutePath,
  isWithin,
  joinPath,
  parentPath,
  relativePath,
  resolvePath,
} from "../../src/files/path.js";

test.each([
  ["", "."],
  ["a/", "a"],
  ["a//b/./c", "a/b/c"],
  ["a/../..", ".."],
  ["../../a", "../../a"],
  ["/../a", "/a"],
  ["/", "/"],
  ["C:/a/../..", "C:/"],
  ["./", "."],
])("%j is cleaned to %j", (path, expected) => {
  expect(cleanPath(path)).toBe(expected);
});

test("paths are joined, resolved and taken apart", () => {
  expect([
    joinPath("/a", "/b"),
    resolvePath("/a", "/b"),
    resolvePath("/a/b", "../c"),
    parentPath("/a"),
    parentPath("/"),
    parentPath("C:/a"),
    parentPath("a"),
    parentPath("a/b"),
    baseName("/a/b.txt"),
    baseName("/"),
    extensionOf("a/B.TXT"),
    extensionOf(".env"),
  ]).toEqual(["/a/b", "/b", "/a/c", "/", "/", "C:/", ".", "a", "b.txt", "", ".txt", ""]);
});

test.each([
  ["/a", "/a/b", true],
  ["/a", "/ab", false],
  ["/", "/a", true],
  ["/a", "/a", true],
  [".", "a", true],
  [".", "../a", false],
  [".", "/a", false],
])("whether %s holds %s: %s", (folder, path, expected) => {
  expect(isWithin(folder, path)).toBe(expected);
});

test.each([
  ["/a", "/a", "."],
  ["/a", "/a/b/c", "b/c"],
  ["/", "/a", "a"],
  ["/a/b", "/a/c", "../c"],
  ["/a/b", "/", "../.."],
  ["C:/a", "D:/b", "D:/b"],
])("from %s, %s is %s", (from, to, expected) => {
  expect(relativePath(from, to)).toBe(expected);
});

test("the folders above a path come widest first", () => {
  expect(foldersAbove("a/b/c")).toEqual(["a", "a/b"]);
});

test("a drive is a root", () => {
  expect(["/a", "C:/a", "C:", "a", "C:a"].map(isAbsolutePath)).toEqual([true, true, true, false, false]);
});

const rough = fc.array(fc.constantFrom("a", "b", ".", "..", "/", "//")).map((parts) => parts.join(""));

test("property: cleaning agrees with Node but for a trailing slash, and cleaning again changes nothing", () => {
  fc.assert(
    fc.property(rough, (path) => {
      const expected = posix.normalize(path).replace(/(?<=[^/])\/+$/, "");

      expect(cleanPath(path)).toBe(expected);
      expect(cleanPath(cleanPath(path))).toBe(cleanPath(path));
    }),
  );
});

test("property: a relative path leads to its target", () => {
  fc.assert(
    fc.property(rough, rough, (a, b) => {
      const from = cleanPath(`/${a}`);
      const to = cleanPath(`/${b}`);

      expect(resolvePath(from, relativePath(from, to))).toBe(to);
      expect(relativePath(from, to)).toBe(posix.relative(from, to) || ".");
    }),
  );
});
