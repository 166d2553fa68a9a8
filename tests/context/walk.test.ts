import { expect, test } from "vitest";
import { matcherOf } from "../../src/context/ignore-file.js";
import { measureContext, savedPercent } from "../../src/context/measure.js";
import { type WalkLimits, walkContext } from "../../src/context/walk.js";
import { MemoryFileSystem } from "../../src/files/memory.js";

const sized = (sizeBytes: number) => ({ kind: "file", content: "", sizeBytes }) as const;

const fs = new MemoryFileSystem({
  "/c/.git/objects/pack": sized(1_900_000),
  "/c/Dockerfile": sized(100),
  "/c/src/b.py": sized(2000),
  "/c/src/a.py": sized(1000),
  "/c/src/cache/a.pyc": sized(500),
  "/c/link": { kind: "symlink", target: "src" },
  "/c/pipe": { kind: "other" },
  "/c/loop/again": { kind: "symlink", target: ".." },
});

test("a walk lists files in order, does not follow links, and tells what is ignored", () => {
  const matcher = matcherOf([".git", "src/cache/*.pyc"]);

  const walk = walkContext({ fs, root: "/c", matcher, isPruned: true });

  expect(walk.files).toEqual([
    { path: "Dockerfile", kind: "file", isIgnored: false, decidedBy: undefined },
    { path: "link", kind: "symlink", isIgnored: false, decidedBy: undefined },
    { path: "loop/again", kind: "symlink", isIgnored: false, decidedBy: undefined },
    { path: "pipe", kind: "other", isIgnored: false, decidedBy: undefined },
    { path: "src/a.py", kind: "file", isIgnored: false, decidedBy: undefined },
    { path: "src/b.py", kind: "file", isIgnored: false, decidedBy: undefined },
    { path: "src/cache/a.pyc", kind: "file", isIgnored: true, decidedBy: 1 },
  ]);
  expect([walk.folders, walk.isLowerBound]).toEqual([["loop", "src", "src/cache"], false]);
});

test("a full walk enters ignored folders too", () => {
  const walk = walkContext({ fs, root: "/c", matcher: matcherOf([".git"]), isPruned: false });

  expect(walk.files[0]).toEqual({ path: ".git/objects/pack", kind: "file", isIgnored: true, decidedBy: 0 });
});

test("an exception below an ignored folder is found", () => {
  const walk = walkContext({ fs, root: "/c", matcher: matcherOf(["*", "!src/a.py"]), isPruned: true });

  expect(walk.files.filter((file) => !file.isIgnored).map((file) => file.path)).toEqual(["src/a.py"]);
});

test.each<[string, WalkLimits, unknown, readonly string[]]>([
  ["entries", { entries: 3, levels: 9, work: 99 }, { kind: "entries", path: ".git/objects/pack/3" }, []],
  ["levels", { entries: 99, levels: 2, work: 99 }, { kind: "levels", path: "a/b" }, ["a/x", "z"]],
  ["work", { entries: 99, levels: 9, work: 2 }, { kind: "work", path: "a/b" }, []],
])("a limit on %s ends the walk and says where", (kind, limits, limit, paths) => {
  const tree =
    kind === "entries" ? { "/d/.git/objects/pack/3": "", "/d/z": "" } : { "/d/a/b/c": "1", "/d/a/x": "2", "/d/z": "3" };
  const matcher = kind === "work" ? matcherOf(["q", "r"]) : undefined;

  const walk = walkContext({ fs: new MemoryFileSystem(tree), root: "/d", matcher, isPruned: true, limits });

  expect([walk.limit, walk.files.map((file) => file.path), walk.isLowerBound]).toEqual([limit, paths, true]);
});

test("a folder that cannot be read makes a lower bound", () => {
  const tree = new MemoryFileSystem({ "/d/a": "", "/d/closed": { kind: "directory", isUnreadable: true } });

  const walk = walkContext({ fs: tree, root: "/d", isPruned: true });

  expect([walk.unreadable, walk.isLowerBound]).toEqual([["closed"], true]);
});

test("a context is measured without its ignore file, with it, and as it could be", () => {
  const matcher = matcherOf([".git"]);
  const measure = measureContext({
    walk: walkContext({ fs, root: "/c", matcher, isPruned: true }),
    fullWalk: walkContext({ fs, root: "/c", matcher, isPruned: false }),
    reaches: (path) => path !== "Dockerfile",
    suggested: matcherOf([".git", "**/*.pyc"]),
  });

  expect(measure).toEqual({
    before: { sizeBytes: 1_903_500, files: 7 },
    after: { sizeBytes: 3500, files: 6 },
    possible: { sizeBytes: 3000, files: 5 },
    whole: { sizeBytes: 3600, files: 7 },
    largest: [
      { path: "src", sizeBytes: 3500, files: 3 },
      { path: "link", sizeBytes: 0, files: 1 },
      { path: "loop", sizeBytes: 0, files: 1 },
      { path: "pipe", sizeBytes: 0, files: 1 },
    ],
    isLowerBound: false,
  });
});

test("savings are whole percents", () => {
  expect([
    savedPercent({ sizeBytes: 2_300_000, files: 1 }, { sizeBytes: 450_000, files: 1 }),
    savedPercent({ sizeBytes: 0, files: 0 }, { sizeBytes: 0, files: 0 }),
  ]).toEqual([80, 0]);
});
