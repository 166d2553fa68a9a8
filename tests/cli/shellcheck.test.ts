import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readAnswer } from "../../src/cli/shellcheck/answer.js";
import { findShellCheck } from "../../src/cli/shellcheck/find.js";
import { LIMITS, ShellCheck } from "../../src/cli/shellcheck/shellcheck.js";
import type { ShellText } from "../../src/project/shell-texts.js";
import { Source } from "../../src/text/source.js";
import { type Files, runCli } from "../support/run-cli.js";

/** What a stand-in for ShellCheck does, as JavaScript; `texts` are the scripts, `files` what they are called. */
type Behaviour = "answers" | "crashes" | "hangs" | "prints no JSON" | "prints too much" | "prints other JSON";

const BEHAVIOURS: Readonly<Record<Behaviour, string>> = {
  answers: `
    const comments = texts.flatMap((text, index) => {
      const line = text.split("\\n").length;
      return [{ file: files[index], line, endLine: line, column: 1, endColumn: 5, level: "warning", code: 2034, message: "seen.", fix: null }];
    });
    process.stdout.write(JSON.stringify({ comments }));
    process.exitCode = 1;`,
  crashes: "process.exitCode = 4;",
  hangs: "setTimeout(() => undefined, 600000);",
  "prints no JSON": "process.stdout.write('In line 1:');",
  "prints other JSON": "process.stdout.write('[]');",
  "prints too much": "process.stdout.write('x'.repeat(100000)); setTimeout(() => undefined, 600000);",
};

/** A stand-in that writes down how it was called, a line of JSON each, into `calls` beside it. */
function standIn(behaviour: string): string {
  return `#!${process.execPath}
const { readFileSync, appendFileSync, statSync } = require("node:fs");
const { dirname } = require("node:path");
const args = process.argv.slice(2);
if (args.includes("--version")) {
  process.stdout.write("ShellCheck\\nversion: 0.9.0\\n");
} else {
  const files = args.filter((arg) => !arg.startsWith("--"));
  const texts = files.map((file) => readFileSync(file === "-" ? 0 : file, "utf8"));
  const modes = files.map((file) => file === "-" ? "stdin" : (statSync(dirname(file)).mode & 0o777).toString(8));
  const opts = process.env.SHELLCHECK_OPTS;
  appendFileSync(__dirname + "/calls", JSON.stringify({ args, texts, modes, opts }) + "\\n");
  ${behaviour}
}
`;
}

const SHORT = { ...LIMITS, timeoutMs: 2000, outputBytes: 50_000 };
const REAL = findShellCheck({ path: process.env["PATH"], distrusted: [] });
let folder = "";

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "stand-ins-")));
  for (const [name, behaviour] of Object.entries(BEHAVIOURS)) {
    const own = join(folder, name.replaceAll(" ", "-"));
    await mkdir(own);
    await writeFile(join(own, "shellcheck"), standIn(behaviour));
    await chmod(join(own, "shellcheck"), 0o755);
  }
});

afterAll(() => rm(folder, { recursive: true, force: true }));

function pathOf(behaviour: Behaviour): string {
  return join(folder, behaviour.replaceAll(" ", "-"));
}

async function callsOf(behaviour: Behaviour): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const text = await readFile(join(pathOf(behaviour), "calls"), "utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

function shellText(text: string, declared: readonly string[] = []): ShellText {
  const source = new Source("script.sh", text);
  const rangeAt = (start: number, end: number) => source.range(start, end);
  return { kind: "shell-form", shell: "sh-dash", text, rangeAt, nested: [], dialect: "dash", declared };
}

describe("a program that answers", () => {
  test("gets one script on standard input and several as files of a private folder that is gone afterwards", async () => {
    await rm(join(pathOf("answers"), "calls"), { force: true });
    const before = new Set(await readdir(tmpdir()));
    const shellCheck = new ShellCheck(join(pathOf("answers"), "shellcheck"), { ...SHORT, scripts: 2, processes: 1 });
    const texts = ["echo a", "echo b; rm -rf $(x)", "echo 'c", "echo a"].map((text) => shellText(text, ["HOME"]));

    const answers = texts.map((text) => shellCheck.check(text));
    shellCheck.flush();

    const remark = { code: "SC2034", severity: "warning", message: "seen.", start: 0, end: 4, edits: [] };
    expect(await Promise.all(answers)).toEqual(texts.map(() => [remark]));
    const head = "# shellcheck shell=dash\nexport HOME=1\n";
    const calls = await callsOf("answers");
    expect(calls.map(({ texts: sent, modes, opts }) => ({ sent, modes, opts }))).toEqual([
      { sent: [`${head}echo a`, `${head}echo b; rm -rf $(x)`], modes: ["700", "700"], opts: undefined },
      { sent: [`${head}echo 'c`], modes: ["stdin"], opts: undefined },
    ]);
    for (const { args } of calls) expect(JSON.stringify(args)).not.toContain("echo");
    const left = (await readdir(tmpdir())).filter((name) => name.startsWith("plimsoll-") && !before.has(name));
    for (const name of left) expect(await readdir(join(tmpdir(), name))).not.toContain("0.sh");
    expect(await shellCheck.version()).toBe("0.9.0");
    expect(shellCheck.diagnostics).toEqual([]);
  });
});

describe("a program that fails", () => {
  test.each<[Behaviour, string]>([
    ["crashes", "ended with status 4"],
    ["hangs", "did not answer within 2 s"],
    ["prints no JSON", "its answer is no JSON of version 0.7 or later"],
    ["prints other JSON", "its answer is no JSON of version 0.7 or later"],
    ["prints too much", "printed too much"],
  ])("that %s is one diagnostic", async (behaviour, reason) => {
    const shellCheck = new ShellCheck(join(pathOf(behaviour), "shellcheck"), SHORT);

    const answers = [shellCheck.check(shellText("echo a")), shellCheck.check(shellText("echo b"))];
    shellCheck.flush();

    expect(await Promise.all(answers)).toEqual([[], []]);
    expect(shellCheck.diagnostics).toEqual([
      { kind: "skipped", path: "shellcheck", message: `${reason}; 2 scripts were not checked` },
    ]);
  });

  test("leaves everything else as it is", async () => {
    const files: Files = { Dockerfile: ["FROM node", "RUN echo $x"] };
    const args = ["--format", "compact", "--only", "images/pin-tag", "--only", "shell/pass-shellcheck"];

    const run = await runCli(args, files, { env: { PATH: pathOf("crashes") } });

    expect(run.stdout).toContain("Dockerfile:1:6: warning: ");
    expect(run.stderr).toBe("shellcheck: ended with status 4; 1 script was not checked\n");
    expect(run.exitCode).toBe(1);
  });
});

describe("reading answers", () => {
  test("counts code points and leaves out what lies before the script", () => {
    const text = "# head\necho 😀 $x é $y\n";
    const place = { file: "-", line: 2, endLine: 2, level: "style", message: "m" };
    const fix = {
      replacements: [
        { line: 2, endLine: 2, column: 10, endColumn: 10, replacement: '"' },
        { line: 2, endLine: 2, column: 8, endColumn: 8, replacement: '"' },
      ],
    };
    const comments = [
      { ...place, line: 1, column: 1, endColumn: 3, code: 1 },
      { ...place, column: 8, endColumn: 10, code: 2086, fix },
      { ...place, column: 13, endColumn: 15, code: 2086, fix: null },
    ];

    expect(readAnswer(JSON.stringify({ comments }), [{ text, headLength: 7 }])).toEqual([
      {
        script: 0,
        remark: {
          code: "SC2086",
          severity: "info",
          message: "m",
          start: 8,
          end: 10,
          edits: [
            { start: 8, end: 8, text: '"' },
            { start: 10, end: 10, text: '"' },
          ],
        },
      },
      { script: 0, remark: { code: "SC2086", severity: "info", message: "m", start: 13, end: 15, edits: [] } },
    ]);
  });

  test.each(["", "null", '{"comments": 1}', '{"comments": [1]}', '{"comments": [{"file": "7.sh"}]}'])(
    "%s is no answer",
    (printed) => {
      expect(readAnswer(printed, [{ text: "echo", headLength: 0 }])).toBe(undefined);
    },
  );
});

describe("finding the program", () => {
  test("looks through PATH, and starts nothing that lies in what is linted", () => {
    const path = ["relative", pathOf("hangs"), pathOf("answers")].join(":");

    expect(findShellCheck({ path, distrusted: [] })).toBe(join(pathOf("hangs"), "shellcheck"));
    expect(findShellCheck({ path, distrusted: [pathOf("hangs")] })).toBe(join(pathOf("answers"), "shellcheck"));
    expect(findShellCheck({ path, distrusted: [folder] })).toBe(undefined);
    expect(findShellCheck({ path: undefined, distrusted: [] })).toBe(undefined);
  });

  test("its absence is told to those who ask for details only", async () => {
    const files: Files = { Dockerfile: ["FROM node:22.14.0", "RUN echo $x"] };

    expect((await runCli(["--only", "shell/pass-shellcheck"], files)).stderr).toBe("");
    expect((await runCli(["--only", "shell/pass-shellcheck", "--verbose"], files)).stderr).toContain(
      "shellcheck is not on PATH: `shell/pass-shellcheck` is silent\n",
    );
  });

  test("nothing is started where its rule is off", async () => {
    const files: Files = { Dockerfile: ["FROM node:22.14.0", "RUN echo $x"] };

    const run = await runCli(["--rule", "shell/pass-shellcheck=off"], files, { env: { PATH: pathOf("crashes") } });

    expect(run.stderr).toBe("");
  });
});

const describeReal = describe.skipIf(REAL === undefined);

describeReal(`the real program${REAL === undefined ? " (not on PATH)" : ""}`, () => {
  const env = { PATH: process.env["PATH"] ?? "" };

  test("marks the exact place behind continuations, comments and characters outside of the BMP", async () => {
    const files: Files = {
      Dockerfile: [
        "FROM debian:12.10",
        "ARG known",
        "RUN echo '😀' $known; \\",
        "    # a comment",
        "    echo $(date) \\",
        "      😀 $lost",
      ],
    };

    const run = await runCli(["--only", "shellcheck:SC*", "--format", "json"], files, { env });

    const report = JSON.parse(run.stdout);
    const found = report.files[0].findings.map(({ kind, severity, line, column, endColumn, aliases }: never) => {
      return { kind, severity, line, column, endColumn, aliases };
    });
    expect(found).toEqual([
      {
        kind: "SC2046",
        severity: "info",
        line: 5,
        column: 10,
        endColumn: 17,
        aliases: ["shellcheck:SC2046", "hadolint:SC2046"],
      },
      {
        kind: "SC2086",
        severity: "info",
        line: 6,
        column: 10,
        endColumn: 15,
        aliases: ["shellcheck:SC2086", "hadolint:SC2086"],
      },
      {
        kind: "SC2154",
        severity: "info",
        line: 6,
        column: 10,
        endColumn: 15,
        aliases: ["shellcheck:SC2154", "hadolint:SC2154"],
      },
    ]);
    expect(report.tool.extensions).toEqual([{ name: "shellcheck", version: expect.stringMatching(/^\d/) }]);
  });

  test("takes the severity of the code under the preset of hadolint, and the comments of all tools", async () => {
    const files: Files = {
      Dockerfile: [
        "FROM debian:12.10",
        "RUN cd $(cat /folder)",
        "# hadolint ignore=SC2046",
        "RUN ls $(pwd)",
        "RUN echo a; \\",
        "    # shellcheck disable=SC2046",
        "    echo b; \\",
        "    ls $(pwd)",
      ],
    };
    const args = ["--preset", "hadolint", "--only", "hadolint:SC*", "--format", "compact"];

    const run = await runCli(args, files, { env });

    expect(run.stdout.match(/^Dockerfile:\d+:\d+: \w+: SC\d+/gm)).toEqual([
      "Dockerfile:2:5: warning: SC2164",
      "Dockerfile:2:8: warning: SC2046",
    ]);
  });
});
