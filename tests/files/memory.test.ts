import { expect, test } from "vitest";
import { decode, encode } from "../../src/files/decode.js";
import type { FileSystem } from "../../src/files/file-system.js";
import { MemoryFileSystem } from "../../src/files/memory.js";

const textAt = (fs: FileSystem, path: string): unknown => {
  const read = fs.readFile(path, 1000);
  if (read.kind === "problem") return read.problem;
  const decoded = decode(read.bytes);
  return decoded.kind === "text" ? decoded.text : decoded.reason;
};

test("files, folders, links and pipes say what they are", () => {
  const fs = new MemoryFileSystem({
    "/app/Dockerfile": "FROM node\n",
    "/app/run.sh": { kind: "file", content: "#!/bin/sh\n", mode: 0o755 },
    "/app/big.bin": { kind: "file", content: "", sizeBytes: 5_000_000 },
    "/app/link": { kind: "symlink", target: "Dockerfile" },
    "/app/pipe": { kind: "other" },
  });

  expect(fs.readDirectory("/app")).toEqual({
    kind: "entries",
    entries: [
      { name: "Dockerfile", kind: "file" },
      { name: "big.bin", kind: "file" },
      { name: "link", kind: "symlink" },
      { name: "pipe", kind: "other" },
      { name: "run.sh", kind: "file" },
    ],
  });
  expect(fs.lstat("/app/run.sh")).toEqual({ kind: "file", sizeBytes: 10, mode: 0o755 });
  expect(fs.lstat("/app/big.bin")?.sizeBytes).toBe(5_000_000);
  expect([fs.lstat("/app/link")?.kind, fs.stat("/app/link")?.kind]).toEqual(["symlink", "file"]);
  expect([textAt(fs, "/app/link"), textAt(fs, "/app/pipe"), textAt(fs, "/app"), textAt(fs, "/app/no")]).toEqual([
    "FROM node\n",
    "not-a-file",
    "not-a-file",
    "absent",
  ]);
});

test("links lead through folders, and a circle leads nowhere", () => {
  const fs = new MemoryFileSystem({
    "/a/b/file": "text",
    "/c": { kind: "symlink", target: "a/b" },
    "/d": { kind: "symlink", target: "/c" },
    "/x": { kind: "symlink", target: "y" },
    "/y": { kind: "symlink", target: "x" },
    "/self": { kind: "symlink", target: "self/deeper" },
  });

  expect([fs.realPath("/d/file"), fs.realPath("/x"), fs.realPath("/self"), fs.stat("/y"), textAt(fs, "/x/z")]).toEqual([
    "/a/b/file",
    undefined,
    undefined,
    undefined,
    "absent",
  ]);
});

test("what is denied or too large is not read", () => {
  const fs = new MemoryFileSystem({
    "/secret": { kind: "file", content: "x", isUnreadable: true },
    "/closed": { kind: "directory", isUnreadable: true },
    "/large": "x".repeat(1001),
  });

  expect([
    textAt(fs, "/secret"),
    fs.readDirectory("/closed"),
    textAt(fs, "/large"),
    fs.readDirectory("/large"),
  ]).toEqual([
    "denied",
    { kind: "problem", problem: "denied" },
    "too-large",
    { kind: "problem", problem: "not-a-directory" },
  ]);
});

test("writing goes through links and keeps the mode", () => {
  const fs = new MemoryFileSystem({
    "/run.sh": { kind: "file", content: "old", mode: 0o755 },
    "/link": { kind: "symlink", target: "run.sh" },
  });

  fs.writeFile("/link", encode("new"));
  fs.writeFile("/fresh/file", encode("1"));

  expect([
    textAt(fs, "/run.sh"),
    fs.lstat("/run.sh")?.mode,
    fs.lstat("/link")?.kind,
    textAt(fs, "/fresh/file"),
  ]).toEqual(["new", 0o755, "symlink", "1"]);
});

test("a removed folder takes along what is below it", () => {
  const fs = new MemoryFileSystem({ "/a/b/c": "1", "/a/d": "2" });

  fs.remove("/a/b");

  expect([fs.lstat("/a/b/c"), fs.readDirectory("/a")]).toEqual([
    undefined,
    { kind: "entries", entries: [{ name: "d", kind: "file" }] },
  ]);
});

test("names that objects have are ordinary names", () => {
  const fs = new MemoryFileSystem({ "/constructor": "1" });

  expect([textAt(fs, "/constructor"), textAt(fs, "/toString")]).toEqual(["1", "absent"]);
});
