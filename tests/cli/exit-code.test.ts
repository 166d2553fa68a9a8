import { chmod, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { runCli } from "../support/run-cli.js";

const FLOATING = { Dockerfile: ["FROM node"] };
const ONLY = ["--only", "images/pin-tag", "--format", "compact"];
const FINDING =
  "Dockerfile:1:6: warning: `node` has no tag, which means `latest`; name the version you tested [images/pin-tag#no-tag]\n";

test("a finding exits 1 and is the only thing on stdout", async () => {
  expect(await runCli(ONLY, FLOATING)).toEqual({ exitCode: 1, stdout: FINDING, stderr: "" });
});

test("nothing found exits 0 without output", async () => {
  const run = await runCli(ONLY, { Dockerfile: ["FROM node:22.14.0-slim"] });

  expect(run).toEqual({ exitCode: 0, stdout: "", stderr: "" });
});

test.each([
  ["error", 0],
  ["warning", 1],
  ["info", 1],
  ["never", 0],
])("a warning under --fail-on %s exits %i", async (severity, exitCode) => {
  expect(await runCli([...ONLY, "--fail-on", severity], FLOATING)).toEqual({ exitCode, stdout: FINDING, stderr: "" });
});

test("a named path that does not exist exits 2, and the rest is reported", async () => {
  expect(await runCli([...ONLY, "gone/Dockerfile", "Dockerfile"], FLOATING)).toEqual({
    exitCode: 2,
    stdout: FINDING,
    stderr: "gone/Dockerfile: no such file or folder\n",
  });
});

test("a misspelt command is told from a path", async () => {
  expect(await runCli(["explian"], {})).toMatchObject({
    exitCode: 2,
    stderr: "explian: no such file or folder; did you mean the command `explain`?\n",
  });
});

test("a glob that matches nothing exits 2", async () => {
  expect(await runCli([...ONLY, "api/*.Dockerfile"], FLOATING)).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "api/*.Dockerfile: no file matches\n",
  });
});

test("a folder with nothing to lint exits 0 and says so", async () => {
  expect(await runCli(["--format", "compact"], { "notes.txt": ["hello"] })).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: "nothing to lint: no Dockerfile, Compose file or ignore file here\n",
  });
});

test("a file that is no Dockerfile is left out with a note, and --quiet leaves the note out too", async () => {
  const files = { "notes.txt": ["hello"] };

  expect((await runCli(["--format", "compact", "notes.txt"], files)).stderr).toContain(
    "notes.txt: no Dockerfile, Compose file or ignore file\n",
  );
  expect((await runCli(["--format", "compact", "--quiet", "notes.txt"], files)).stderr).toBe("");
});

test.each([
  [["--fxi"], "no flag `--fxi`; did you mean `--fix`?\n"],
  [["--formt", "json"], "no flag `--formt`; did you mean `--format`?\n"],
  [["--nonsense"], "no flag `--nonsense`; `plimsoll --help` lists the flags\n"],
  [["--format"], "--format: needs a value\n"],
  [["--format", "jsn"], "--format: no format `jsn`; did you mean `json`?\n"],
  [
    ["--format", "github"],
    "--format: no format `github`; the formats are text, compact, json, sarif, markdown, html\n",
  ],
  [["-f", "json", "-f", "text"], "--format: json and text would both go to stdout; name a file: `-f NAME:FILE`\n"],
  [["--fail-on", "warn"], "--fail-on: no `warn`; it takes error, warning, info, never\n"],
  [["--rule", "images/pin-tag"], "--rule: `images/pin-tag` names no level; write ID=LEVEL\n"],
  [["--only", "images/pin-tags"], "--only: no rule `images/pin-tags`; did you mean `images/pin-tag`?\n"],
  [["--build-arg", "A"], "--build-arg: `A` has no value; write NAME=VALUE\n"],
  [["rules", "--fixx"], "no flag `--fixx`; `plimsoll --help` lists the flags\n"],
  [["explain"], "`plimsoll explain` needs a rule\n"],
  [["explain", "DL9999x"], /^no rule `DL9999x`; .*\n$/],
  [["--config", "gone.yaml"], "gone.yaml: does not exist\n"],
])("plimsoll %j exits 2 with one line", async (args, stderr) => {
  const run = await runCli(args, FLOATING);

  expect(run).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: typeof stderr === "string" ? stderr : expect.stringMatching(stderr),
  });
});

test("a misspelt rule in the policy exits 2, says where, and names the nearest rule", async () => {
  const run = await runCli([], { ...FLOATING, "plimsoll.yaml": ["rules:", "  images/pin-tags: error"] });

  expect(run).toEqual({
    exitCode: 2,
    stdout: "",
    stderr: "plimsoll.yaml:2:3: no rule `images/pin-tags`; did you mean `images/pin-tag`?\n",
  });
});

test("the policy sets the level, and the flag wins over it", async () => {
  const files = { ...FLOATING, "plimsoll.yaml": ["rules:", "  DL3006: off"] };

  expect((await runCli(ONLY, files)).exitCode).toBe(0);
  expect((await runCli([...ONLY, "--rule", "images/pin-tag=error"], files)).stdout).toContain(": error: ");
  expect((await runCli([...ONLY, "--no-config"], files)).stdout).toBe(FINDING);
});

test("ignored files are left out, named ones only with --force-exclude", async () => {
  const files = { ...FLOATING, "plimsoll.yaml": ["ignore: [Dockerfile]"] };

  expect((await runCli([...ONLY], files)).stdout).toBe("");
  expect((await runCli([...ONLY, "Dockerfile"], files)).stdout).toBe(FINDING);
  expect((await runCli([...ONLY, "--force-exclude", "Dockerfile"], files)).stdout).toBe("");
});

test.skipIf(process.getuid?.() === 0)("a named file that may not be read exits 2", async () => {
  const run = await runCli(
    [...ONLY, "Dockerfile"],
    { Dockerfile: ["FROM node"] },
    {
      prepare: async (folder) => chmod(`${folder}/Dockerfile`, 0o000),
    },
  );

  expect(run).toEqual({ exitCode: 2, stdout: "", stderr: "Dockerfile: permission denied\n" });
});

test("binary bytes in a named Dockerfile exit 2 without a stack", async () => {
  const run = await runCli(
    [...ONLY, "Dockerfile"],
    {},
    {
      prepare: (folder) => writeFile(`${folder}/Dockerfile`, Buffer.from([0x46, 0, 1, 2])),
    },
  );

  expect(run).toEqual({ exitCode: 2, stdout: "", stderr: "Dockerfile: no text; skipped\n" });
});
