import { execFile } from "node:child_process";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { type CliRun, type Files, runCli } from "../support/run-cli.js";

const ONLY = ["--only", "images/pin-tag", "-f", "compact"];
const NODE = ["FROM node"];

/** Places of findings, a line each, without their messages. */
function places({ stdout }: CliRun): readonly string[] {
  return stdout
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/: (?:error|warning|info): .*/, ""));
}

/** Linted with every rule on: what must hold of any input is that the program ends, says why, and shows no stack. */
async function survive(files: Files, prepare?: (folder: string) => Promise<void>): Promise<CliRun> {
  const run = await runCli(
    ["-f", "json", "--preset", "all", "--min-confidence", "low"],
    files,
    prepare === undefined ? {} : { prepare },
  );
  expect(JSON.parse(run.stdout).version).toBe(1);
  expect(run.stderr).not.toMatch(/^\s+at /m);
  expect(JSON.parse(run.stdout).diagnostics.filter(({ kind }: { kind: string }) => kind === "internal")).toEqual([]);
  return run;
}

describe("files that are not what their names say", () => {
  test.each([
    ["holds NUL", Buffer.from("FROM node\0\n"), "Dockerfile: no text; skipped\n"],
    ["is UTF-16", Buffer.from("\ufeffFROM node\n", "utf16le"), "Dockerfile: UTF-16; save it as UTF-8\n"],
    ["is larger than 1 MiB", Buffer.alloc(50 << 20, "RUN echo\n"), "Dockerfile: larger than 1 MiB; skipped\n"],
  ])("a Dockerfile that %s is told when it is found, and exits 2 when it is named", async (_, bytes, stderr) => {
    const files = { "web/Dockerfile": NODE };
    const prepare = (folder: string) => writeFile(`${folder}/Dockerfile`, bytes);

    const found = await runCli(ONLY, files, { prepare });
    expect({ ...found, stdout: places(found) }).toEqual({ exitCode: 1, stdout: ["web/Dockerfile:1:6"], stderr });
    const named = await runCli([...ONLY, "Dockerfile", "web"], files, { prepare });
    expect({ ...named, stdout: places(named) }).toEqual({ exitCode: 2, stdout: ["web/Dockerfile:1:6"], stderr });
  });

  test("bytes that are no UTF-8 are told with their line, and the rest is judged", async () => {
    const prepare = (folder: string) =>
      writeFile(`${folder}/Dockerfile`, Buffer.from("FROM node\nRUN echo \xff\n", "latin1"));
    const run = await runCli([...ONLY, "--fail-on", "error"], {}, { prepare });

    expect({ ...run, stdout: places(run) }).toEqual({
      exitCode: 1,
      stdout: ["Dockerfile:1:6"],
      stderr: "Dockerfile:2: no UTF-8 here; save it as UTF-8\n",
    });
  });

  test("pipes, links in a circle and links to nowhere are told, and folders of such names are searched", async () => {
    const prepare = async (folder: string) => {
      await promisify(execFile)("mkfifo", [`${folder}/Dockerfile`]);
      await symlink("compose.yaml", `${folder}/compose.yaml`);
      await symlink("gone", `${folder}/web.Dockerfile`);
      await mkdir(`${folder}/Containerfile`);
      await writeFile(`${folder}/Containerfile/Dockerfile`, "FROM node\n");
      await symlink("..", `${folder}/Containerfile/up`);
    };
    const found = await runCli(ONLY, {}, { prepare });

    expect({ ...found, stdout: places(found) }).toEqual({
      exitCode: 1,
      stdout: ["Containerfile/Dockerfile:1:6"],
      stderr:
        "Dockerfile: no regular file; skipped\n" +
        "compose.yaml: a link that leads nowhere; skipped\n" +
        "web.Dockerfile: a link that leads nowhere; skipped\n",
    });
    expect(await runCli([...ONLY, "Dockerfile", "compose.yaml"], {}, { prepare })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "Dockerfile: no regular file and no folder\ncompose.yaml: a link that leads nowhere\n",
    });
  });

  test("links that leave the repository are not followed when they are found, and are when they are named", async () => {
    const prepare = async (folder: string) => {
      await mkdir(`${folder}/repository/.git`, { recursive: true });
      await writeFile(`${folder}/repository/.git/HEAD`, "ref: refs/heads/main\n");
      await symlink("../outside/Dockerfile", `${folder}/repository/Dockerfile`);
      await symlink("../outside/compose.yaml", `${folder}/repository/compose.yaml`);
    };
    const files = { "outside/Dockerfile": NODE, "outside/compose.yaml": ["services: {web: {image: nginx}}"] };
    const cwd = "repository";

    expect(await runCli(ONLY, files, { prepare: prepare, cwd })).toEqual({
      exitCode: 0,
      stdout: "",
      stderr:
        "Dockerfile: leads outside of the workspace; skipped\ncompose.yaml: leads outside of the workspace; skipped\n",
    });
    const named = await runCli([...ONLY, "Dockerfile", "compose.yaml"], files, { prepare, cwd });
    expect({ ...named, stdout: places(named) }).toEqual({
      exitCode: 1,
      stdout: ["Dockerfile:1:6", "compose.yaml:1:25"],
      stderr: "",
    });
  });

  test("policies that are pipes or folders are no policies, and exit 2 when they are named", async () => {
    const prepare = async (folder: string) => {
      await promisify(execFile)("mkfifo", [`${folder}/plimsoll.yaml`]);
      await mkdir(`${folder}/.plimsoll.yaml`);
    };

    expect((await runCli(ONLY, { Dockerfile: NODE }, { prepare })).exitCode).toBe(1);
    expect(await runCli([...ONLY, "--config", "plimsoll.yaml"], { Dockerfile: NODE }, { prepare })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "plimsoll.yaml: is no file\n",
    });
  });
});

describe("names", () => {
  const NAMES = ["a b", "a\nb", "😀", "\u001b[31mred", "-x", "a:b,c%", "'\"", "constructor", "__proto__"];

  test("of any characters are shown on one line each, without control characters", async () => {
    const files = Object.fromEntries(NAMES.map((name): [string, readonly string[]] => [`${name}/Dockerfile`, NODE]));
    const run = await runCli(ONLY, files);

    expect(places(run).toSorted()).toEqual(
      NAMES.map((name) => `${name.replace("\n", "\\n").replace("\u001b", "\\x1b")}/Dockerfile:1:6`).toSorted(),
    );
    expect(run).toMatchObject({ exitCode: 1, stderr: "" });
  });

  test("of any characters can be named", async () => {
    const files = Object.fromEntries(NAMES.map((name): [string, readonly string[]] => [`${name}/Dockerfile`, NODE]));
    const run = await runCli([...ONLY, "--", ...NAMES], files);

    expect(places(run)).toHaveLength(NAMES.length);
    expect(run).toMatchObject({ exitCode: 1, stderr: "" });
  });

  test("that objects have by themselves are stages, services and variables like any other", async () => {
    const run = await survive({
      Dockerfile: [
        "FROM node AS constructor",
        "FROM constructor AS __proto__",
        "COPY --from=toString /a /b",
        "ENV __proto__=1 constructor=2",
        "LABEL __proto__=1 hasOwnProperty=2",
        "RUN echo $__proto__ ${toString}",
      ],
      "compose.yaml": [
        "services:",
        "  constructor: {image: nginx, depends_on: [__proto__, toString]}",
        "  __proto__: {extends: constructor, build: {context: ., target: __proto__}}",
        "  toString: {extends: {service: hasOwnProperty}}",
        "volumes: {__proto__: {}}",
        "__proto__: {a: 1}",
      ],
    });

    expect(run.exitCode).toBe(1);
  });

  test.each([
    [["--only", "constructor"], "--only: no rule `constructor`; `plimsoll rules` lists all of them\n"],
    [["--rule", "__proto__=error"], "--rule: no rule `__proto__`; `plimsoll rules` lists all of them\n"],
    [["explain", "toString"], "no rule `toString`; `plimsoll rules` lists them\n"],
    [["--constructor"], "no flag `--constructor`; `plimsoll --help` lists the flags\n"],
  ])("that objects have by themselves are unknown to %j", async (args, stderr) => {
    expect(await runCli(args, { Dockerfile: NODE })).toEqual({ exitCode: 2, stdout: "", stderr });
  });
});

describe("texts that are made to be slow or deep", () => {
  test.each<[string, Files]>([
    ["empty files", { Dockerfile: "", "compose.yaml": "", ".dockerignore": "", "plimsoll.yaml": "" }],
    ["a thousand stages", { Dockerfile: chain(1000) }],
    ["more stages than are read", { Dockerfile: chain(30_000) }],
    ["ten thousand lines", { Dockerfile: `FROM node\n${"RUN apt-get install -y curl | sh\n".repeat(10_000)}` }],
    ["one long line", { Dockerfile: `FROM node\nRUN ${"a && ".repeat(100_000)}b\n` }],
    ["open substitutions", { Dockerfile: `FROM node\nRUN ${"$(".repeat(20_000)}\n` }],
    ["nested defaults", { Dockerfile: `FROM ${"${A:-".repeat(20_000)}\n` }],
    ["values that double", { Dockerfile: `FROM node\nARG A=1\n${"ENV A=$A$A\n".repeat(200)}WORKDIR $A\n` }],
    ["open here-documents", { Dockerfile: `FROM node\nRUN ${"<<A ".repeat(10_000)}\n` }],
    ["shells in shells", { Dockerfile: `FROM node\nRUN sh -c "${'sh -c \\"'.repeat(2000)}\n` }],
    ["an alias bomb", { "compose.yaml": bomb("services: {web: {image: nginx, command: *a11}}") }],
    ["an alias in its own anchor", { "compose.yaml": "services: &s\n  web:\n    image: x\n    labels: *s\n" }],
    ["deep lists", { "compose.yaml": `services: {web: {command: ${"[".repeat(5000)}${"]".repeat(5000)}}}\n` }],
    ["deep mappings", { "compose.yaml": `services: ${"{a: ".repeat(3000)}1${"}".repeat(3000)}\n` }],
    ["ports by the thousand", { "compose.yaml": "services: {a: {image: x, ports: ['1-65535:1-65535']}}\n" }],
    ["includes in a circle", { "compose.yaml": "include: [b.yaml]\n", "b.yaml": "include: [compose.yaml]\n" }],
    [
      "extends in a circle",
      { "compose.yaml": "services: {a: {extends: {service: b}}, b: {extends: {service: a}}, c: {extends: c}}\n" },
    ],
    ["many exceptions", { Dockerfile: "FROM node\nCOPY . .\n", ".dockerignore": lines(50_000, (at) => `!a${at}`) }],
    [
      "hard patterns",
      { Dockerfile: "FROM node\nCOPY . .\n", ".dockerignore": `${"*".repeat(5000)}a\n${"**/".repeat(2000)}x\n` },
    ],
  ])(
    "%s end with a report",
    async (_, files) => {
      await survive(files);
    },
    60_000,
  );

  test("a policy that is an alias bomb exits 2 with one line", async () => {
    const run = await runCli(ONLY, { Dockerfile: NODE, "plimsoll.yaml": bomb("rules: *a11") });

    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe("");
    expect(run.stderr).toMatch(/^plimsoll\.yaml:[^\n]+\n$/);
  });
});

function chain(length: number): string {
  return `FROM node AS s0\n${lines(length, (at) => `FROM s${at} AS s${at + 1}`)}`;
}

function lines(count: number, line: (at: number) => string): string {
  return Array.from({ length: count }, (_, at) => `${line(at)}\n`).join("");
}

function bomb(last: string): string {
  const levels = lines(11, (at) => `x-${at + 1}: &a${at + 1} [${Array(9).fill(`*a${at}`).join(", ")}]`);
  return `x-0: &a0 [x, x, x]\n${levels}${last}\n`;
}

describe("what does not parse", () => {
  test("is a finding at its place, the rest is judged, and the exit code is 1", async () => {
    const files = {
      Dockerfile: ["FROM node", "COPY", "USER"],
      "compose.yaml": ["services:", "  web:", "    image: [x", "  db: {image: nginx}"],
    };
    const run = await runCli(["--preset", "recommended", "-f", "compact", "--fail-on", "never"], files);

    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/^Dockerfile:2:1: error: .*\[syntax\/no-parse-error#arguments\]$/m);
    expect(run.stdout).toMatch(/^Dockerfile:1:6: warning: .*\[images\/pin-tag#no-tag\]$/m);
    expect(run.stdout).toMatch(/^compose\.yaml:4:3: error: .*\[compose\/use-valid-yaml\]$/m);
    expect(run.stdout).toMatch(/^compose\.yaml:4:15: warning: .*\[images\/pin-tag#no-tag\]$/m);
  });

  test.each([
    ["a word that is no instruction", ["FROM node:22.14.0", "RUNN x"], 2],
    ["no FROM", ["ARG A"], 1],
    ["nothing", [""], 1],
  ])("a Dockerfile with %s does not parse", async (_, lines, line) => {
    const run = await runCli([...ONLY, "--fail-on", "error"], { Dockerfile: lines });

    expect(run).toEqual({ exitCode: 1, stdout: "", stderr: expect.stringMatching(`^Dockerfile:${line}: [^\n]+\n$`) });
  });

  test("is said on stderr when its rule is not run", async () => {
    const run = await runCli([...ONLY, "--fail-on", "error"], { Dockerfile: ["FROM node:22.14.0", "COPY"] });

    expect(run).toEqual({
      exitCode: 1,
      stdout: "",
      stderr: "Dockerfile:2: `COPY` has neither source nor destination; write `COPY source destination`\n",
    });
  });
});

describe("a policy that is not valid", () => {
  const FILES = {
    "api/plimsoll.yaml": ["failon: error"],
    "api/Dockerfile": NODE,
    "web/Dockerfile": NODE,
  };
  const STDERR = "api/plimsoll.yaml:1:1: no key `failon`; did you mean `failOn`?\n";

  test("leaves out the files below it, and what is found elsewhere is reported", async () => {
    const run = await runCli(ONLY, FILES);

    expect({ ...run, stdout: places(run) }).toEqual({ exitCode: 2, stdout: ["web/Dockerfile:1:6"], stderr: STDERR });
  });

  test("is a diagnostic of machine formats, also for a file that was named", async () => {
    const json = await runCli(["--only", "images/pin-tag", "-f", "json", "api/Dockerfile"], FILES);
    const sarif = await runCli(["--only", "images/pin-tag", "-f", "sarif", "api"], FILES);

    expect(json).toMatchObject({ exitCode: 2, stderr: STDERR });
    expect(JSON.parse(json.stdout)).toMatchObject({
      files: [],
      diagnostics: [
        {
          kind: "config",
          path: "api/plimsoll.yaml",
          line: 1,
          column: 1,
          message: "no key `failon`; did you mean `failOn`?",
        },
      ],
    });
    const [invocation] = JSON.parse(sarif.stdout).runs[0].invocations;
    expect(invocation).toMatchObject({ executionSuccessful: true, toolConfigurationNotifications: [{}] });
  });

  test.each([
    ["config", ["config", "api/Dockerfile"]],
    ["inspect", ["inspect", "api/Dockerfile"]],
  ])("ends %s with the same line", async (_, args) => {
    expect(await runCli(args, FILES)).toMatchObject({ exitCode: 2, stderr: STDERR });
  });

  test.each([
    ["presets: [strcit]", "plimsoll.yaml:1:11: no preset `strcit`; did you mean `strict`?\n"],
    ["rules: {images/pin-tags: off}", "plimsoll.yaml:1:9: no rule `images/pin-tags`; did you mean `images/pin-tag`?\n"],
    [
      "extends: ./plimsoll.yaml",
      "plimsoll.yaml:1:10: `extends` leads back to `plimsoll.yaml`; remove one of the entries\n",
    ],
    ["extends: ../../outside.yaml", /^plimsoll\.yaml:1:10: .*\n$/],
    ["rules: {x: [", /^plimsoll\.yaml:2:1: not valid YAML: .*\n$/],
    ["- a", "plimsoll.yaml:1:1: the policy must be a mapping\n"],
    ["__proto__: 1", /^plimsoll\.yaml:1:1: no key `__proto__`; .*\n$/],
  ])("%j is one line on stderr", async (policy, stderr) => {
    expect(await runCli(["-f", "compact"], { "plimsoll.yaml": [policy], Dockerfile: NODE })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: typeof stderr === "string" ? stderr : expect.stringMatching(stderr),
    });
  });
});

describe("flags that name nothing", () => {
  test.each([
    [["--target", "biuld"], "--target: no Dockerfile has a stage `biuld`; did you mean `build`?\n", 1],
    [["--context", "gone"], "--context: `gone` is no folder\n", 0],
  ])("%j exits 2 with one line", async (args, stderr, findings) => {
    const run = await runCli([...ONLY, ...args, "Dockerfile"], { Dockerfile: ["FROM node AS build", "FROM build"] });

    expect(run).toMatchObject({ exitCode: 2, stderr });
    expect(run.stdout.split("\n")).toHaveLength(findings + 1);
  });
});

test("a folder that was removed is told with one line", async () => {
  const bin = `${process.cwd()}/bin/plimsoll.js`;
  const script = `cd gone; rm -r ../gone; exec "${process.execPath}" "${bin}"`;
  const removed: CliRun[] = [];
  await runCli(
    [],
    { "gone/x": [] },
    {
      prepare: async (folder) => {
        removed.push(await runShell(script, folder));
      },
    },
  );

  expect(removed).toMatchObject([
    {
      exitCode: 2,
      stdout: "",
      stderr: expect.stringMatching(/(?:^|\n)the folder you are in does not exist any more; go to another\n$/),
    },
  ]);
});

function runShell(script: string, cwd: string): Promise<CliRun> {
  return new Promise((resolve) => {
    execFile("sh", ["-c", script], { cwd }, (error, stdout, stderr) => {
      const exitCode = typeof error?.code === "number" ? error.code : 0;
      resolve({ exitCode, stdout, stderr });
    });
  });
}
