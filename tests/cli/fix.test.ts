import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

// The policy says which version to write, so that there is something to fix.
const FILES = {
  Dockerfile: "\ufeffFROM node\r\nRUN true\r\n",
  "plimsoll.yaml": ["rules:", "  images/pin-tag:", "    pins:", "      node: 22.14.0-slim"],
};
const ONLY = ["--only", "images/pin-tag", "--format", "compact"];
const FIXED = "\ufeffFROM node:22.14.0-slim\r\nRUN true\r\n";

async function runAndRead(args: readonly string[], options = {}) {
  let text = "";
  const run = await runCli([...ONLY, ...args], FILES, {
    ...options,
    inspect: async (folder) => {
      text = await readFile(`${folder}/Dockerfile`, "utf8");
    },
  });
  return { ...run, text };
}

test("--fix leaves alone what only an unsafe fix would mend", async () => {
  expect(await runAndRead(["--fix"])).toMatchObject({ exitCode: 1, stderr: "", text: FILES.Dockerfile });
});

test("--fix --unsafe-fixes writes, keeps byte order mark and line endings, and exits by what is left", async () => {
  expect(await runAndRead(["--fix", "--unsafe-fixes"])).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "1 fix in 1 file\n",
    text: FIXED,
  });
});

test("--diff shows the change, writes nothing, and exits by what there is", async () => {
  const run = await runAndRead(["--diff", "--unsafe-fixes"]);

  expect(run).toMatchObject({ exitCode: 1, stderr: "", text: FILES.Dockerfile });
  expect(run.stdout).toContain("-FROM node\r\n+FROM node:22.14.0-slim\r\n");
});

test("standard input cannot be fixed", async () => {
  expect(await runCli(["--fix", "-"], {}, { stdin: "FROM node\n" })).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "--fix: standard input cannot be fixed; show fixes with `--diff`\n",
  });
});
