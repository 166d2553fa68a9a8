import fc from "fast-check";
import { expect, test } from "vitest";
import { CachedFileSystem } from "../../src/files/cached.js";
import type { FileSystem } from "../../src/files/file-system.js";
import { type MemoryEntry, MemoryFileSystem } from "../../src/files/memory.js";

const LIMIT = 100;

/** Everything that a file system says about a path. */
function allOf(fs: FileSystem, path: string) {
  return {
    lstat: fs.lstat(path),
    stat: fs.stat(path),
    realPath: fs.realPath(path),
    file: fs.readFile(path, LIMIT),
    folder: fs.readDirectory(path),
  };
}

test("property: a cached file system answers as the one below it, in whatever order it is asked", () => {
  const path = fc
    .array(fc.constantFrom("a", "b", "A", "link", "loop", "ü", "x~1"), { minLength: 1, maxLength: 3 })
    .map((parts) => `/${parts.join("/")}`);
  const entry: fc.Arbitrary<MemoryEntry> = fc.oneof(
    fc.constantFrom("", "text"),
    fc.constant({ kind: "directory" } as const),
    fc.constant({ kind: "directory", isUnreadable: true } as const),
    fc.constant({ kind: "other" } as const),
    fc.record({ kind: fc.constant("symlink" as const), target: fc.oneof(path, fc.constant("a"), fc.constant("..")) }),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(path, entry), { maxLength: 8 }), fc.array(path, { maxLength: 30 }), (tree, asked) => {
      const base = new MemoryFileSystem();
      for (const [at, what] of tree) {
        // A folder that would have to be made where a file stands is no tree.
        if (!tree.some(([other]) => other !== at && at.startsWith(`${other}/`))) base.add(at, what);
      }
      const cached = new CachedFileSystem(base);

      for (const at of asked) expect([at, allOf(cached, at)]).toEqual([at, allOf(base, at)]);
    }),
  );
});

/** Counts the questions that reach a file system. */
class CountingFileSystem extends MemoryFileSystem {
  readonly asked: string[] = [];

  override lstat(path: string) {
    this.asked.push(`lstat ${path}`);
    return super.lstat(path);
  }

  override readDirectory(path: string) {
    this.asked.push(`list ${path}`);
    return super.readDirectory(path);
  }
}

test("names that are not there are known from one listing", () => {
  const base = new CountingFileSystem({ "/api/Dockerfile": "FROM node\n" });
  const cached = new CachedFileSystem(base);

  for (const name of ["package.json", "go.mod", "pom.xml", "Gemfile", "go.mod"]) {
    expect(cached.lstat(`/api/${name}`)).toBeUndefined();
  }

  expect(base.asked).toEqual(["lstat /api/package.json", "lstat /api/go.mod", "list /api"]);
});

test("a name in other letters is looked up, as the system may not tell them apart", () => {
  const base = new CountingFileSystem({ "/api/Dockerfile": "FROM node\n" });
  const cached = new CachedFileSystem(base);
  cached.readDirectory("/api");

  cached.lstat("/api/DOCKERFILE");

  expect(base.asked).toEqual(["list /api", "lstat /api/DOCKERFILE"]);
});
