import { expect, test } from "vitest";
import { GitIgnore } from "../../src/files/gitignore.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { classify, discover, kindOfName } from "../../src/project/discover.js";

test.each([
  ["Dockerfile", "dockerfile"],
  ["dockerfile", "dockerfile"],
  ["Dockerfile.dev", "dockerfile"],
  ["Dockerfile-prod", "dockerfile"],
  ["Dockerfile_ci", "dockerfile"],
  ["api.Dockerfile", "dockerfile"],
  ["api.dockerfile", "dockerfile"],
  ["Containerfile", "dockerfile"],
  ["Containerfile.release", "dockerfile"],
  ["Dockerfile.dockerignore", "dockerignore"],
  [".dockerignore", "dockerignore"],
  [".containerignore", "dockerignore"],
  ["api.dockerignore", "dockerignore"],
  ["Dockerfile.md", "other"],
  ["Dockerfile.j2", "other"],
  ["Dockerfile.rego", "other"],
  ["Dockerfile.yaml", "other"],
  ["Dockerfile~", "other"],
  ["Dockerfiles", "other"],
  ["dockerfile.go", "other"],
  ["mydockerfile", "other"],
  ["compose.yaml", "compose"],
  ["docker-compose.prod.yml", "compose"],
  ["values.yaml", "other"],
  ["plimsoll.yaml", "policy"],
  [".plimsoll.yml", "policy"],
  ["plimsoll.json", "policy"],
])("by its name, %s is: %s", (name, kind) => {
  expect(kindOfName(name)).toBe(kind);
});

test.each([
  ["deploy/stack.yml", "services: {}", "compose"],
  ["build/image", "# comment\n\nfrom node:22\n", "dockerfile"],
  ["build/image", "# syntax=docker/dockerfile:1\n", "dockerfile"],
  ["build/image", "ARG BASE=node\nFROM $BASE\n", "dockerfile"],
  ["build/image", "#!/bin/sh\necho FROM\n", "other"],
  ["notes.txt", "", "other"],
  ["notes.txt", undefined, "other"],
])("a file named by the user, %s with text %j, is: %s", (path, head, kind) => {
  expect(classify(path, head)).toBe(kind);
});

const TREE = {
  "/repo/.git": { kind: "directory" },
  "/repo/.gitignore": "build/\n*.local.Dockerfile\n",
  "/repo/Dockerfile": "FROM node\n",
  "/repo/api/Dockerfile": "FROM node\n",
  "/repo/api/.dockerignore": "*\n",
  "/repo/api/me.local.Dockerfile": "FROM node\n",
  "/repo/api/up": { kind: "symlink", target: "/repo" },
  "/repo/api/Dockerfile.link": { kind: "symlink", target: "/repo/Dockerfile" },
  "/repo/api/Dockerfile.gone": { kind: "symlink", target: "/nowhere" },
  "/repo/build/Dockerfile": "FROM node\n",
  "/repo/compose.yaml": "services: {}\n",
  "/repo/node_modules/a/Dockerfile": "FROM node\n",
  "/repo/vendor/Dockerfile": "FROM node\n",
} as const;

test("a search finds every kind of file, in order, and leaves out what git ignores and links to folders", () => {
  const fs = new MemoryFileSystem(TREE);
  const git = new GitIgnore(fs, "/repo");

  const found = discover("/repo", { fs, isIgnored: (path, isFolder) => git.isIgnored(path, isFolder) });

  expect(found).toEqual({
    files: [
      { path: "/repo/Dockerfile", kind: "dockerfile" },
      { path: "/repo/api/.dockerignore", kind: "dockerignore" },
      { path: "/repo/api/Dockerfile", kind: "dockerfile" },
      { path: "/repo/api/Dockerfile.link", kind: "dockerfile" },
      { path: "/repo/compose.yaml", kind: "compose" },
    ],
    skipped: [{ path: "/repo/api/Dockerfile.gone", message: "a link that leads nowhere; skipped" }],
  });
});

test("a folder that cannot be read is told, and the rest is found", () => {
  const fs = new MemoryFileSystem({
    "/repo/Dockerfile": "FROM node\n",
    "/repo/secret": { kind: "directory", isUnreadable: true },
  });

  expect(discover("/repo", { fs, isIgnored: () => false })).toEqual({
    files: [{ path: "/repo/Dockerfile", kind: "dockerfile" }],
    skipped: [{ path: "/repo/secret", message: "this folder cannot be searched: permission denied" }],
  });
});
