import { expect, test } from "vitest";
import { BuildContext } from "../../src/context/context.js";
import { type CoverageFacts, type CoverageRow, judgeCoverage, judgeLargeFiles } from "../../src/context/coverage.js";
import { Reach } from "../../src/context/reach.js";
import { GitIgnore } from "../../src/files/gitignore.js";
import { type MemoryEntry, MemoryFileSystem } from "../../src/files/memory.js";
import { Workspace } from "../../src/files/workspace.js";
import { Source } from "../../src/text/source.js";

interface Case {
  readonly files: Readonly<Record<string, MemoryEntry>>;
  readonly copy?: readonly string[];
  readonly shared?: readonly string[];
  readonly facts?: Partial<CoverageFacts>;
}

const reachOf = (copies: readonly string[]): Reach =>
  new Reach(
    copies.map((written) => ({
      written,
      range: new Source("Dockerfile", written).range(0, written.length),
      via: "copy",
    })),
  );

const inputOf = ({ files, copy = ["."], shared, facts }: Case) => {
  const tree = Object.fromEntries(Object.entries(files).map(([path, entry]) => [`/w/${path}`, entry]));
  const fs = new MemoryFileSystem(tree);
  const git = new GitIgnore(fs, "/w");
  const context = new BuildContext({ workspace: new Workspace({ fs, root: "/w" }), root: "/w" });
  const reach = reachOf(copy);
  const all: CoverageFacts = {
    holds: () => false,
    isGitIgnored: (path, isDirectory) => git.isIgnored(`/w/${path}`, isDirectory),
    contentOf: () => "unread",
    composePaths: [],
    ...facts,
  };
  return { context, reach, sharedReach: shared === undefined ? reach : reachOf([...copy, ...shared]), facts: all };
};

const missingOf = (example: Case): unknown =>
  Object.fromEntries(
    judgeCoverage(inputOf(example))
      .filter((row) => !row.isCovered)
      .map((row) => [row.id, row.suggestions]),
  );

const rowOf = (example: Case, id: string): CoverageRow | undefined =>
  judgeCoverage(inputOf(example)).find((row) => row.id === id);

test("a Python project without an ignore file misses git, caches and its environment", () => {
  expect(missingOf({ files: { "requirements.txt": "", "app.py": "" } })).toEqual({
    git: [".git"],
    python: ["**/__pycache__", "**/*.py[cod]"],
    "python-venv": ["**/.venv"],
  });
});

test("a row says what it rests on", () => {
  expect(rowOf({ files: { "package.json": "{}", "node_modules/x/index.js": "" } }, "node")).toEqual({
    id: "node",
    class: "deps",
    isRequired: true,
    isCovered: false,
    missing: ["node_modules/x"],
    suggestions: ["**/node_modules"],
    evidence: [
      { path: "package.json", kind: "manifest", range: undefined },
      { path: "node_modules", kind: "found", range: undefined },
    ],
    isReal: true,
    isDoubtful: false,
  });
});

test.each([
  ["**/node_modules", true],
  ["node_modules/", true],
  ["node_modules", true],
  ["*\n!src", true],
  ["**/node_module", false],
])("the line %j covers node_modules: %s", (ignore, expected) => {
  expect(rowOf({ files: { ".dockerignore": ignore, "package.json": "{}" } }, "node")?.isCovered).toBe(expected);
});

test("a manifest in a folder asks for cover there too", () => {
  const files = { ".dockerignore": "node_modules\ntarget\n", "web/package.json": "{}", "core/Cargo.toml": "" };

  expect(missingOf({ files: { ...files, ".git": { kind: "directory" } }, copy: ["web", "core"] })).toEqual({
    node: ["**/node_modules"],
    rust: ["**/target"],
  });
});

test("only what a build takes is asked about", () => {
  expect(missingOf({ files: { "package.json": "{}", "app.py": "" }, copy: ["package.json"] })).toEqual({});
});

test("a build that needs git keeps it", () => {
  expect(missingOf({ files: { a: "" }, facts: { holds: (fact) => fact === "needs-git" } })).toEqual({});
});

test("a git row is doubtful where Go may stamp the version", () => {
  const example: Case = { files: { a: "" }, facts: { holds: (fact) => fact === "stamps-go-version" } };

  expect(rowOf(example, "git")?.isDoubtful).toBe(true);
});

test("what another build of the same ignore file copies on purpose is left alone", () => {
  const files = { "Cargo.toml": "", ".dockerignore": ".git" };

  expect([missingOf({ files }), missingOf({ files, shared: ["target/release/api"] })]).toEqual([
    { rust: ["target"] },
    {},
  ]);
});

test("environment files count by name, by git and by their example", () => {
  const lines = ["**/.env", "**/.env.*", "!**/.env.example"];

  expect([
    missingOf({ files: { ".dockerignore": ".git", ".env": "A=1" } }),
    missingOf({ files: { ".dockerignore": ".git", ".gitignore": ".env*\n" } }),
    missingOf({ files: { ".dockerignore": ".git", "api/.env.dist": "" } }),
    missingOf({ files: { ".dockerignore": ".git\n.env*\n", ".env": "" } }),
    missingOf({ files: { ".dockerignore": ".git", ".env": "" }, facts: { contentOf: () => "harmless" } }),
  ]).toEqual([{ env: lines }, { env: lines }, { env: [...lines, "!**/.env.dist"] }, {}, {}]);
});

test("keys count by their name, certificates and public files by their content", () => {
  const files = { ".dockerignore": ".git", "deploy/id_ed25519": "", "tls/ca.pem": "", "tls/server.key": "" };
  const contentOf = (path: string) => (path === "tls/server.key" ? "private-key" : "harmless");

  expect(rowOf({ files, facts: { contentOf } }, "keys")).toMatchObject({
    class: "secret",
    missing: ["tls/server.key", "deploy/id_ed25519"],
    suggestions: ["**/*.key", "**/id_ed25519"],
    isReal: true,
  });
});

test("what Compose names inside the context counts with the place where it says so", () => {
  const range = new Source("compose.yaml", "./db.txt").range(0, 8);
  const files = { ".dockerignore": ".git", "db.txt": "x", "data/file": "", "src/main.c": "" };
  const composePaths = [
    { kind: "secret", path: "db.txt", range },
    { kind: "data", path: "data", range },
    { kind: "data", path: "src", range },
    { kind: "data", path: "none", range },
  ] as const;

  const rows = judgeCoverage(inputOf({ files, copy: [".", "src"], facts: { composePaths } })).filter(
    (row) => !row.isCovered,
  );

  expect(rows.map(({ id, suggestions, evidence }) => ({ id, suggestions, evidence }))).toEqual([
    { id: "compose-secret", suggestions: ["db.txt"], evidence: [{ path: "db.txt", kind: "compose", range }] },
    { id: "compose-data", suggestions: ["data"], evidence: [{ path: "data", kind: "compose", range }] },
  ]);
});

test("build output counts where it is built, and exists or git ignores it", () => {
  const files = {
    ".dockerignore": ".git\nnode_modules",
    "package.json": "{}",
    ".gitignore": "dist\n",
    "coverage/x": "",
  };

  expect([missingOf({ files }), missingOf({ files, facts: { holds: (fact) => fact === "builds-node" } })]).toEqual([
    {},
    { "node-out": ["coverage", "dist"] },
  ]);
});

test("a context that is a guess is not judged", () => {
  const { context, ...input } = inputOf({ files: { "package.json": "{}" } });
  const guess = new BuildContext({ workspace: context.workspace, root: "/w", isCertain: false });

  expect([judgeCoverage({ ...input, context: guess }), judgeLargeFiles({ ...input, context: guess })]).toEqual([
    [],
    [],
  ]);
});

test("a large file that no COPY names is worth a line", () => {
  const large = { kind: "file", content: "", sizeBytes: 12_000_000 } as const;
  const files = { "dump[1].sql": large, "model.bin": large, "small.bin": "" };

  expect(judgeLargeFiles(inputOf({ files, copy: [".", "model.bin"] })).map((row) => row.suggestions)).toEqual([
    ["dump\\[1\\].sql"],
  ]);
});
