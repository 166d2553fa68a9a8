import { execFile } from "node:child_process";
import { chmod, readdir, readFile, stat, symlink, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { type CliRun, type Files, runCli } from "../support/run-cli.js";

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");
const JSON_OF_ALL = ["-f", "json", "--preset", "all", "--fail-on", "never"];

/** Texts of all files below a folder, by relative path with `/`. */
async function textsIn(folder: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const texts: [string, string][] = [];
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    texts.push([relative(folder, path).replaceAll("\\", "/"), await readFile(path, "utf8")]);
  }
  return Object.fromEntries(texts.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Runs, and gives the files as they are afterwards. */
async function runAndRead(args: readonly string[], files: Files): Promise<CliRun & { texts: Files }> {
  let texts: Files = {};
  const run = await runCli(args, files, {
    inspect: async (folder) => {
      texts = await textsIn(folder);
    },
  });
  return { ...run, texts };
}

const FORMS: readonly (readonly [string, (text: string) => string])[] = [
  ["as they are", (text) => text],
  ["with CRLF and a byte order mark", (text) => `\ufeff${text.replaceAll(/\r?\n/g, "\r\n")}`],
];

describe.each(FORMS)("the fixtures, %s", (_, form) => {
  let files: Files = {};
  beforeAll(async () => {
    const texts = await textsIn(FIXTURES);
    files = Object.fromEntries(Object.entries(texts).map(([path, text]) => [path, form(text)]));
  });

  test.each([
    ["--fix", ["--fix"]],
    ["--fix --unsafe-fixes", ["--fix", "--unsafe-fixes"]],
  ])("%s changes nothing more when it is run again, and reports what a run without it does", async (name, flags) => {
    const first = await runAndRead([...flags, ...JSON_OF_ALL], files);
    const again = await runAndRead([...flags, ...JSON_OF_ALL], first.texts);
    const plain = await runCli(JSON_OF_ALL, first.texts);

    expect(first.texts).not.toEqual(files);
    expect(again.texts).toEqual(first.texts);
    expect(first.stdout).toBe(again.stdout);
    expect(plain.stdout).toBe(first.stdout);
    const { summary, files: judged } = JSON.parse(first.stdout);
    if (name === "--fix") expect(summary.fixable).toBe(0);
    const rules = judged.flatMap(({ findings }: { findings: { rule: string }[] }) => findings.map(({ rule }) => rule));
    expect(rules).not.toContain("compose/use-valid-yaml");
  });

  test("fixed files keep their line endings, byte order mark and comments", async () => {
    const { texts } = await runAndRead(["--fix", "--unsafe-fixes", ...JSON_OF_ALL], files);

    for (const [path, before] of Object.entries(files)) {
      const after = texts[path];
      if (typeof before !== "string" || typeof after !== "string" || after === before) continue;
      expect(after.startsWith("\ufeff")).toBe(before.startsWith("\ufeff"));
      expect(after.slice(1).includes("\ufeff")).toBe(false);
      if (before.includes("\r\n")) expect(after.replaceAll("\r\n", "")).not.toMatch(/[\r\n]/);
      else expect(after).not.toContain("\r");
      for (const [comment] of before.matchAll(/^\s*#[^\r\n]*/gm)) expect(after).toContain(comment.trim());
    }
  });

  test("--diff changes nothing", async () => {
    const { texts } = await runAndRead(["--diff", "--unsafe-fixes", ...JSON_OF_ALL], files);

    expect(texts).toEqual(files);
  });
});

test("a diff without secrets is what --fix does, also to files that are created", async () => {
  const files = { Dockerfile: ["FROM node", "ADD . /app", "USER root"], "package.json": ["{}"], "a.js": [""] };
  const args = ["--unsafe-fixes", "--preset", "all"];
  const fixed = await runAndRead(["--fix", ...args], files);
  const { stdout: diff } = await runCli(["--diff", ...args], files);
  let applied: Files = {};
  await runCli([], files, {
    prepare: async (folder) => {
      const apply = promisify(execFile)("git", ["apply"], { cwd: folder });
      apply.child.stdin?.end(diff);
      await apply;
      applied = await textsIn(folder);
    },
  });

  expect(diff).toContain("--- /dev/null\n+++ b/.dockerignore\n");
  expect(applied).toEqual(fixed.texts);
});

test("fixing keeps the mode of a file, and writes through a link", async () => {
  let mode = 0;
  let isLink = false;
  await runCli(
    ["--fix", "--unsafe-fixes", "--only", "images/prefer-minimal-base"],
    { "real/file": ["FROM node:22"] },
    {
      prepare: async (folder) => {
        await chmod(`${folder}/real/file`, 0o640);
        await symlink("real/file", `${folder}/Dockerfile`);
      },
      inspect: async (folder) => {
        mode = (await stat(`${folder}/real/file`)).mode & 0o777;
        isLink = (await readdir(folder, { withFileTypes: true })).some((entry) => entry.isSymbolicLink());
        expect(await readFile(`${folder}/real/file`, "utf8")).toBe("FROM node:22-slim\n");
      },
    },
  );

  expect({ mode, isLink }).toEqual({ mode: 0o640, isLink: true });
});

test("a file that is not UTF-8 throughout is never written", async () => {
  const bytes = Buffer.from("FROM node:22\nRUN echo \xff\n", "latin1");
  let after = Buffer.from("");
  await runCli(
    ["--fix", "--unsafe-fixes", "--preset", "all"],
    {},
    {
      prepare: (folder) => writeFile(`${folder}/Dockerfile`, bytes),
      inspect: async (folder) => {
        after = await readFile(`${folder}/Dockerfile`);
      },
    },
  );

  expect(after).toEqual(bytes);
});

test("names with control characters are escaped in a diff", async () => {
  const { stdout } = await runCli(["--diff", "--unsafe-fixes", "--only", "images/prefer-minimal-base"], {
    "\u001b[31m/Dockerfile": ["FROM node:22"],
  });

  expect(stdout).toContain("--- a/\\x1b[31m/Dockerfile\n");
  expect(stdout).not.toContain("\u001b");
});
