import { expect, test } from "vitest";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { findRepositoryRoot } from "../../src/files/repository.js";
import { Workspace } from "../../src/files/workspace.js";

const fs = new MemoryFileSystem({
  "/repo/.git/HEAD": "ref: refs/heads/main\n",
  "/repo/api/Dockerfile": "\ufeffFROM node\n",
  "/repo/api/latin": Uint8Array.from([35, 0xe9, 10]),
  "/repo/api/image.png": Uint8Array.from([0x89, 0, 1]),
  "/repo/api/wide": Uint8Array.from([0xff, 0xfe, 65, 0]),
  "/repo/api/large": "x".repeat(2_000_000),
  "/repo/api/out": { kind: "symlink", target: "/etc/passwd" },
  "/repo/api/folder-out": { kind: "symlink", target: "/etc" },
  "/repo/api/in": { kind: "symlink", target: "../api/Dockerfile" },
  "/repo/worktree/.git": "gitdir: /repo/.git/worktrees/x\n",
  "/etc/passwd": "root:x:0:0\n",
  "/given/Dockerfile": "FROM alpine\n",
});

const workspace = (): Workspace => new Workspace({ fs, root: "/repo", cwd: "/repo/api", given: ["/given/Dockerfile"] });

test("a file is read once, without its byte order mark, and shown relative to the working directory", () => {
  const files = workspace();

  const result = files.read("/repo/api/Dockerfile");

  expect(result).toMatchObject({ kind: "source", hasBom: true, invalidAt: undefined });
  expect(files.source("/repo/api/Dockerfile")).toMatchObject({
    path: "Dockerfile",
    file: "/repo/api/Dockerfile",
    text: "FROM node\n",
  });
  expect(files.read("/repo/api/Dockerfile")).toBe(result);
});

test("a forgotten file is read anew", () => {
  const files = workspace();
  const before = files.source("/repo/api/Dockerfile");

  files.forget("/repo/api/Dockerfile");

  expect(files.source("/repo/api/Dockerfile")).not.toBe(before);
});

test.each([
  ["/repo/api/none", "absent"],
  ["/repo/api", "not-a-file"],
  ["/repo/api/large", "too-large"],
  ["/repo/api/image.png", "binary"],
  ["/repo/api/wide", "utf-16"],
  ["/repo/api/out", "outside"],
  ["/repo/api/folder-out/passwd", "outside"],
  ["/etc/passwd", "outside"],
  ["/etc/none", "outside"],
])("%s gives no source: %s", (path, problem) => {
  expect(workspace().read(path)).toEqual({ kind: "problem", problem });
});

test("a file that is not UTF-8 throughout is read, and says where it goes wrong", () => {
  expect(workspace().read("/repo/api/latin")).toMatchObject({
    kind: "source",
    source: { text: "#\ufffd\n" },
    invalidAt: { byteOffset: 1, line: 1 },
  });
});

test("what the user named is inside wherever it lies, and so are links that stay", () => {
  const files = workspace();

  expect([files.source("/given/Dockerfile")?.path, files.source("/repo/api/in")?.text]).toEqual([
    "../../given/Dockerfile",
    "FROM node\n",
  ]);
});

test("the repository root is the nearest folder with .git, a folder or a file", () => {
  expect([
    findRepositoryRoot(fs, "/repo/api"),
    findRepositoryRoot(fs, "/repo/worktree"),
    findRepositoryRoot(fs, "/repo/none/deeper"),
    findRepositoryRoot(fs, "/etc"),
    findRepositoryRoot(fs, "/repo/api", "/repo/api"),
  ]).toEqual(["/repo", "/repo/worktree", "/repo", undefined, undefined]);
});
