import { expect, test } from "vitest";
import { BuildContext } from "../../src/context/context.js";
import { isBareContext, nearestPath } from "../../src/context/nearest-path.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";

function contextOf(paths: readonly string[]): BuildContext {
  const fs = new MemoryFileSystem({});
  for (const path of paths) fs.add(`/app/${path}`, "x");
  return new BuildContext({ workspace: new Workspace({ fs, root: "/app", cwd: "/app", given: [] }), root: "/app" });
}

const CONTEXT = contextOf(["Docs/README.md", "src/server.js", "requirements.txt"]);

test.each([
  ["src/server.js", { kind: "exact" }],
  ["src", { kind: "exact" }],
  ["docs/readme.md", { kind: "case", path: "Docs/README.md" }],
  ["requirments.txt", { kind: "similar", path: "requirements.txt" }],
  ["Src/sever.js", { kind: "similar", path: "src/server.js" }],
  ["scr/sever.js", { kind: "none", isFolderEmpty: false }],
  ["nginx.conf", { kind: "none", isFolderEmpty: false }],
  ["src/server.js/x", { kind: "none", isFolderEmpty: false }],
] as const)("%s is found as what it is", (path, expected) => {
  expect(nearestPath(CONTEXT, path)).toEqual(expected);
});

test("misspelt names are not looked for when nobody asks", () => {
  expect(nearestPath(CONTEXT, "requirments.txt", "none")).toEqual({ kind: "none", isFolderEmpty: false });
});

test("in a folder of very many names only the very name is looked for", () => {
  const large = contextOf(Array.from({ length: 600 }, (_, index) => `file${index}.txt`));

  expect(nearestPath(large, "file7.txt")).toEqual({ kind: "exact" });
  expect(nearestPath(large, "File7.txt")).toEqual({ kind: "none", isFolderEmpty: false });
});

test("a folder that holds only what builds it is bare", () => {
  expect(isBareContext(contextOf(["Dockerfile", "compose.yaml", "api.Dockerfile.dockerignore"]))).toBe(true);
  expect(isBareContext(contextOf(["Dockerfile", ".gitignore"]))).toBe(false);
  expect(isBareContext(contextOf(["Dockerfile", ".gitignore"]), [".gitignore"])).toBe(true);
});
