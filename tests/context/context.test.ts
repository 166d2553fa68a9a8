import { expect, test } from "vitest";
import { BuildContext } from "../../src/context/context.js";
import { inferContext } from "../../src/context/infer.js";
import { MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";

const fs = new MemoryFileSystem({
  "/w/.dockerignore": "dist\n!dist/app.js\n",
  "/w/.containerignore": "out\n",
  "/w/Dockerfile": "",
  "/w/docker/api.Dockerfile": "",
  "/w/docker/api.Dockerfile.dockerignore": "",
  "/w/docker/web.Dockerfile.dockerignore": Uint8Array.from([0]),
  "/w/src/main.ts": "",
  "/w/src/util.ts": "",
  "/w/src/deep/x.ts": "",
  "/w/package.json": "{}",
  "/w/inside": { kind: "symlink", target: "src" },
  "/w/outside": { kind: "symlink", target: "/etc" },
  "/etc/passwd": "",
});

const contextOf = (details: Partial<ConstructorParameters<typeof BuildContext>[0]> = {}): BuildContext =>
  new BuildContext({ workspace: new Workspace({ fs, root: "/w" }), root: "/w", ...details });

test("the ignore file beside the Dockerfile comes first, also when it is empty, and hides the other", () => {
  const context = contextOf({ dockerfile: "/w/docker/api.Dockerfile" });

  expect(context.ignoreFile).toMatchObject({
    path: "/w/docker/api.Dockerfile.dockerignore",
    isSpecific: true,
    shadowed: "/w/.dockerignore",
  });
  expect(context.includes("dist/a")).toBe(true);
});

test.each([
  [{ dockerfile: "/w/Dockerfile" }, "/w/.dockerignore"],
  [{}, "/w/.dockerignore"],
  [{ builder: "classic", dockerfile: "/w/docker/api.Dockerfile" }, "/w/.dockerignore"],
  [{ builder: "buildah", dockerfile: "/w/Dockerfile" }, "/w/.containerignore"],
  [{ root: "/w/src" }, undefined],
] as const)("a build with %j reads %s", (details, expected) => {
  expect(contextOf(details).ignoreFile?.path).toBe(expected);
});

test("an ignore file that cannot be read makes the context uncertain", () => {
  const context = contextOf({ root: "/w/docker", dockerfile: "/w/docker/web.Dockerfile" });

  expect([context.ignoreFile, context.unreadableIgnoreFile, context.isCertain]).toEqual([
    undefined,
    "/w/docker/web.Dockerfile.dockerignore",
    false,
  ]);
  expect(contextOf().isCertain).toBe(true);
});

test("a path is judged however it is written", () => {
  const context = contextOf();

  expect(["dist", "./dist/x", "/dist/app.js", "../dist", "src"].map((path) => context.includes(path))).toEqual([
    false,
    false,
    true,
    false,
    true,
  ]);
  expect(context.verdict("dist/app.js").pattern?.written).toBe("!dist/app.js");
});

test("links are followed inside of the context only", () => {
  const context = contextOf();

  expect(["src", "inside", "outside", "package.json", "none", "../../src"].map((path) => context.kindOf(path))).toEqual(
    ["directory", "directory", "symlink", "file", undefined, "directory"],
  );
});

test.each([
  ["src/*.ts", { path: "src/*.ts", isGlob: true, matches: ["src/main.ts", "src/util.ts"], isComplete: true }],
  ["*/deep", { path: "*/deep", isGlob: true, matches: ["src/deep"], isComplete: true }],
  ["./src/", { path: "src", isGlob: false, matches: ["src"], isComplete: true }],
  ["none", { path: "none", isGlob: false, matches: [], isComplete: true }],
  [".", { path: ".", isGlob: false, matches: ["."], isComplete: true }],
  ["a[", { path: "a[", isGlob: true, matches: [], isComplete: true }],
])("the source %s is resolved", (written, expected) => {
  expect(contextOf().resolveSource(written)).toEqual(expected);
});

test("a context is walked once", () => {
  const context = contextOf();

  expect(context.walk).toBe(context.walk);
  expect(context.fullWalk.files.length).toBe(12);
});

test.each([
  ["/w/docker", [], "/w/docker", true],
  ["/w/docker", ["."], "/w/docker", true],
  ["/w/docker", ["package.json", "src"], "/w", true],
  ["/w/src", ["main.ts"], "/w/src", true],
  ["/w/docker", ["none"], "/w/docker", false],
  ["/w/docker", ["w/package.json"], "/w/docker", false],
])("a Dockerfile in %s that takes %j is built from %s (certain: %s)", (folder, sources, root, isCertain) => {
  expect(inferContext({ fs, folder, top: "/w", sources })).toEqual({ root, isCertain });
});
