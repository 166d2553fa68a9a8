import { expect, test } from "vitest";
import { type Files, runCli } from "../support/run-cli.js";

interface Finding {
  readonly rule: string;
  readonly kind?: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly offset: number;
  readonly length: number;
  readonly fingerprint: string;
  readonly related: readonly object[];
  readonly fix?: { readonly edits: readonly object[] };
}

interface Report {
  readonly summary: { readonly files: number; readonly findings: Readonly<Record<string, number>> };
  readonly files: readonly { readonly path: string; readonly findings: readonly Finding[] }[];
}

const DOCKERFILE = [
  "# 😀 a comment",
  "FROM node AS build",
  "ARG API_TOKEN=",
  "RUN apt-get update && \\",
  "    apt-get install -y curl",
  "RUN <<EOF",
  "echo 😀 | sh",
  "EOF",
  "FROM node:latest",
  "LABEL a=1 a=2",
  "COPY --from=biuld /app /app",
  "ADD . /app",
  'CMD ["node", "/app/x.js"]',
];
const COMPOSE = [
  "services:",
  "  web:",
  "    build: .",
  "    image: nginx",
  "    environment:",
  "      GREETING: 😀",
  "  inline:",
  "    build:",
  "      dockerfile_inline: |",
  "        FROM node",
  "        RUN curl -s https://example.net | sh",
];
const FILES: Files = {
  "b/Dockerfile": DOCKERFILE,
  "b/compose.yaml": COMPOSE,
  "a/Dockerfile": DOCKERFILE.join("\r\n"),
  "a/.dockerignore": ["node_modules"],
  "c/Dockerfile": `\ufeff${DOCKERFILE.join("\n")}\n`,
};
const ALL = ["-f", "json", "--preset", "all", "--min-confidence", "low"];

async function report(args: readonly string[] = [], files = FILES): Promise<Report> {
  const { stdout } = await runCli([...ALL, ...args], files);
  return JSON.parse(stdout);
}

function textOf(path: string): string {
  const text = FILES[path] ?? "";
  return typeof text === "string" ? text.replace("\ufeff", "") : `${text.join("\n")}\n`;
}

test("the keys are those of the documentation, in its order", async () => {
  const { stdout } = await runCli(ALL, FILES);
  const found = JSON.parse(stdout);
  const findings: readonly Finding[] = found.files.flatMap(({ findings: list }: { findings: Finding[] }) => list);
  const complete = findings.find(
    ({ kind, fix, related }) => kind !== undefined && fix !== undefined && related.length > 0,
  );

  expect(Object.keys(found)).toEqual(["version", "tool", "summary", "files", "diagnostics"]);
  expect(found.version).toBe(1);
  expect(Object.keys(found.tool)).toEqual(["name", "version"]);
  expect(Object.keys(found.summary)).toEqual(["files", "findings", "suppressed", "fixable", "checklist"]);
  expect(Object.keys(found.summary.findings)).toEqual(["error", "warning", "info"]);
  expect(Object.keys(found.summary.checklist)).toEqual([
    "stages",
    "user",
    "images",
    "health",
    "secrets",
    "layers",
    "labels",
    "context",
  ]);
  for (const file of found.files) expect(Object.keys(file)).toEqual(["path", "kind", "role", "findings"]);
  expect(Object.keys(complete ?? {})).toEqual([
    "rule",
    "kind",
    "aliases",
    "severity",
    "confidence",
    "message",
    "line",
    "column",
    "endLine",
    "endColumn",
    "offset",
    "length",
    "builds",
    "related",
    "fix",
    "fingerprint",
    "url",
  ]);
  expect(Object.keys(complete?.related[0] ?? {})).toEqual(["path", "line", "column", "message"]);
  expect(Object.keys(complete?.fix ?? {}).slice(0, 3)).toEqual(["safety", "description", "edits"]);
  expect(Object.keys(complete?.fix?.edits[0] ?? {})).toEqual(["path", "offset", "length", "text"]);
});

test("lines, columns and offsets say the same, and ends are exclusive", async () => {
  const { files } = await report();

  let count = 0;
  for (const { path, findings } of files) {
    const text = textOf(path);
    const lines = text.split(/\r\n|\n/);
    const isCrlf = text.includes("\r\n");
    const offsetAt = (line: number, column: number) =>
      lines.slice(0, line - 1).reduce((sum, each) => sum + each.length + (isCrlf ? 2 : 1), 0) + column - 1;
    for (const { line, column, endLine, endColumn, offset, length } of findings) {
      count += 1;
      expect({ offset, length }).toEqual({
        offset: offsetAt(line, column),
        length: offsetAt(endLine, endColumn) - offsetAt(line, column),
      });
      expect(column).toBeLessThanOrEqual((lines[line - 1] ?? "").length + 1);
    }
  }
  expect(count).toBeGreaterThan(20);
});

test("what is marked is what the message is about", async () => {
  const { files } = await report(["--only", "images/pin-tag"]);

  const marked = files.flatMap(({ path, findings }) =>
    findings.map(({ offset, length }) => `${path}: ${textOf(path).slice(offset, offset + length)}`),
  );
  expect(marked).toEqual([
    "a/Dockerfile: node",
    "a/Dockerfile: latest",
    "a/Dockerfile: biuld",
    "b/Dockerfile: node",
    "b/Dockerfile: latest",
    "b/Dockerfile: biuld",
    "b/compose.yaml: node",
    "c/Dockerfile: node",
    "c/Dockerfile: latest",
    "c/Dockerfile: biuld",
  ]);
});

test("files, findings and counts are in order and agree", async () => {
  const { files, summary } = await report();
  const paths = files.map(({ path }) => path);

  expect(paths).toEqual(["a/.dockerignore", "a/Dockerfile", "b/Dockerfile", "b/compose.yaml", "c/Dockerfile"]);
  expect(summary.files).toBe(files.length);
  for (const { findings } of files) {
    const keys = findings.map(({ offset, rule }) => [offset, rule] as const);
    expect(keys).toEqual(keys.toSorted(([a, x], [b, y]) => a - b || (x < y ? -1 : x > y ? 1 : 0)));
  }
  const total = Object.values(summary.findings).reduce((sum, count) => sum + count, 0);
  expect(files.flatMap(({ findings }) => findings)).toHaveLength(total);
});

test("fingerprints are unique, and stay when lines are added above", async () => {
  const before = (await report()).files.flatMap(({ findings }) => findings);
  const after = await report([], { ...FILES, "b/Dockerfile": ["# one", "", "# two", ...DOCKERFILE] });

  expect(new Set(before.map(({ fingerprint }) => fingerprint)).size).toBe(before.length);
  const prints = after.files.flatMap(({ findings }) =>
    findings.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`),
  );
  expect(prints).toEqual(before.map(({ rule, fingerprint }) => `${rule} ${fingerprint}`));
});

test("two runs, and paths in another order, give the same bytes", async () => {
  const first = await runCli([...ALL, "a", "b", "c"], FILES);

  expect(await runCli([...ALL, "c", "b/compose.yaml", "b", "a", "a/Dockerfile"], FILES)).toEqual(first);
});

test("nothing found is a whole report", async () => {
  const { stdout } = await runCli(["-f", "json"], {});

  expect(JSON.parse(stdout)).toMatchObject({
    version: 1,
    summary: { files: 0, findings: { error: 0, warning: 0, info: 0 }, suppressed: 0, fixable: 0 },
    files: [],
    diagnostics: [],
  });
});

test("SARIF is the same from any folder of the repository", async () => {
  const files = { ...FILES, ".git/HEAD": ["ref: refs/heads/main"] };
  const args = ["-f", "sarif", "--preset", "all"];
  const fromRoot = await runCli([...args, "b"], files);

  expect(await runCli([...args, "."], files, { cwd: "b" })).toEqual(fromRoot);
  expect(await runCli([...args, "../b"], files, { cwd: "a" })).toEqual(fromRoot);
});
