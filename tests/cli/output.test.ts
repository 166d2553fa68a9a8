import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

const FLOATING = { "api/Dockerfile": ["FROM node"] };
const ONLY = ["--only", "images/pin-tag"];

test("several formats go to several files, and one to stdout", async () => {
  let sarif = "";
  let json = "";
  const run = await runCli([...ONLY, "-f", "compact", "-f", "sarif:out.sarif", "-f", "json:out.json"], FLOATING, {
    inspect: async (folder) => {
      sarif = await readFile(`${folder}/out.sarif`, "utf8");
      json = await readFile(`${folder}/out.json`, "utf8");
    },
  });

  expect(run.stdout).toMatch(/^api\/Dockerfile:1:6: warning: [^\n]+\n$/);
  expect(JSON.parse(sarif).runs[0].results[0].locations[0].physicalLocation).toEqual({
    artifactLocation: { uri: "api/Dockerfile" },
    region: { startLine: 1, startColumn: 6, endLine: 1, endColumn: 10 },
  });
  expect(JSON.parse(json).summary.findings).toEqual({ error: 0, warning: 1, info: 0 });
});

test("--output takes the report instead of stdout", async () => {
  let written = "";
  const run = await runCli([...ONLY, "-f", "compact", "-o", "report.txt"], FLOATING, {
    inspect: async (folder) => {
      written = await readFile(`${folder}/report.txt`, "utf8");
    },
  });

  expect(run).toEqual({ exitCode: 1, stdout: "", stderr: "" });
  expect(written).toMatch(/^api\/Dockerfile:1:6: warning: /);
});

test("a report that cannot be written exits 2", async () => {
  expect(await runCli(["-o", "gone/report.txt"], FLOATING)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "gone/report.txt: the report cannot be written there; name a file in a folder that exists\n",
  });
});

test("SARIF paths are relative to the repository, whatever the working directory", async () => {
  const files = { ".git/HEAD": ["ref: refs/heads/main"], "a b/api/Dockerfile": ["FROM node"] };
  const run = await runCli([...ONLY, "-f", "sarif", "api"], files, { cwd: "a b" });

  const [result] = JSON.parse(run.stdout).runs[0].results;
  expect(result.locations[0].physicalLocation.artifactLocation).toEqual({ uri: "a%20b/api/Dockerfile" });
});

test("standard input is linted under the name that it is given", async () => {
  const options = { stdin: "FROM node\n" };

  expect((await runCli([...ONLY, "-f", "compact", "-"], {}, options)).stdout).toMatch(/^-:1:6: warning: /);
  expect(
    (await runCli([...ONLY, "-f", "compact", "-", "--stdin-filename", "api/Dockerfile"], {}, options)).stdout,
  ).toMatch(/^api\/Dockerfile:1:6: warning: /);
});

test("standard input that is a Compose file is read as one", async () => {
  const stdin = "services:\n  web:\n    image: nginx\n";

  expect((await runCli([...ONLY, "-f", "compact", "-"], {}, { stdin })).stdout).toMatch(/^-:3:12: /);
});

test("globs and folders are searched, and what git ignores is left out", async () => {
  const files = {
    ".git/HEAD": ["ref: refs/heads/main"],
    ".gitignore": ["old/"],
    "a/Dockerfile": ["FROM node"],
    "b/web.Dockerfile": ["FROM node"],
    "old/Dockerfile": ["FROM node"],
    "node_modules/x/Dockerfile": ["FROM node"],
  };
  const paths = ({ stdout }: { readonly stdout: string }) => stdout.split("\n").map((line) => line.split(":")[0]);

  expect(paths(await runCli([...ONLY, "-f", "compact"], files))).toEqual(["a/Dockerfile", "b/web.Dockerfile", ""]);
  expect(paths(await runCli([...ONLY, "-f", "compact", "*/Dockerfile"], files))).toEqual(["a/Dockerfile", ""]);
});

test("colours appear only when they are asked for", async () => {
  const isColored = ({ stdout }: { readonly stdout: string }) => stdout.includes("\u001b[");

  expect(isColored(await runCli(ONLY, FLOATING))).toBe(false);
  expect(isColored(await runCli(ONLY, FLOATING, { env: { FORCE_COLOR: "1" } }))).toBe(true);
  expect(isColored(await runCli(ONLY, FLOATING, { env: { FORCE_COLOR: "1", NO_COLOR: "1" } }))).toBe(false);
  expect(isColored(await runCli([...ONLY, "--no-color"], FLOATING, { env: { FORCE_COLOR: "1" } }))).toBe(false);
});

test("the same input gives the same bytes", async () => {
  const args = ["-f", "json", "--fail-on", "never"];
  const files = { "b/Dockerfile": ["FROM node"], "a/Dockerfile": ["FROM node"], "compose.yaml": ["services: {}"] };

  expect(await runCli(args, files)).toEqual(await runCli(args, files));
});

test("--timing says on stderr how long the parts and the slowest rules took", async () => {
  const run = await runCli([...ONLY, "-f", "compact", "--timing"], FLOATING);

  expect(run.stderr.replaceAll(/\d+\.\d/g, "N").replaceAll(/^ +/gm, "")).toBe(
    [
      "N ms  files and policy",
      "N ms  reading and linking",
      "N ms  models and rules",
      "N ms  suppressions and order",
      "N ms  reports",
      "slowest rules, with what they were the first to derive:",
      "N ms  images/pin-tag",
      "",
    ].join("\n"),
  );
});

test("a job summary gets Markdown, and a page gets HTML, beside what stdout shows", async () => {
  let summary = "";
  let page = "";
  const formats = ["-f", "compact", "-f", "markdown:summary.md", "-f", "html:report.html"];
  const run = await runCli([...ONLY, ...formats], FLOATING, {
    inspect: async (folder) => {
      summary = await readFile(`${folder}/summary.md`, "utf8");
      page = await readFile(`${folder}/report.html`, "utf8");
    },
  });

  expect(run.stdout).toMatch(/^api\/Dockerfile:1:6: warning: [^\n]+\n$/);
  expect(summary).toMatch(/^## Plimsoll: 1 finding\n\n1 warning in 1 file/);
  expect(summary).toContain("#### `api/Dockerfile`: 1 finding\n");
  expect(page).toMatch(/^<!doctype html>\n/);
  expect(page).toContain("<mark>node</mark>");
});

test("the same input gives the same Markdown and the same page", async () => {
  const once = (format: string) => runCli(["-f", format], FLOATING);

  expect((await once("markdown")).stdout).toBe((await once("markdown")).stdout);
  expect((await once("html")).stdout).toBe((await once("html")).stdout);
});
