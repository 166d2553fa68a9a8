import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { toolLevel } from "../../src/data/tool-levels.js";
import { type CliOptions, type CliRun, type Files, runCli } from "../support/run-cli.js";

const ONLY = ["--only", "images/pin-tag", "-f", "compact"];
const NODE = ["FROM node"];
const COMPACT = /^(.*): (error|warning|info): .* \[(.*)\]$/;

/** `place severity rule#kind` of each finding. */
function shown({ stdout }: CliRun): readonly string[] {
  return stdout
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => COMPACT.exec(line)?.slice(1).join(" ") ?? line);
}

async function shownBy(args: readonly string[], files: Files, options: CliOptions = {}): Promise<readonly string[]> {
  return shown(await runCli(args, files, options));
}

const MANY: Files = {
  Dockerfile: [
    "FROM node",
    "MAINTAINER ada@example.net",
    "ENV API_TOKEN=abcdefgh",
    "RUN cd /srv && sudo apt-get install curl | sh",
    "WORKDIR srv",
    "ADD a b",
    "COPY --from=biuld /x /y",
    "CMD node x.js",
    "CMD node y.js",
    "EXPOSE 99999",
    "LABEL a=1 a=2",
  ],
  "compose.yaml": [
    'version: "3"',
    "services:",
    "  web:",
    "    image: nginx",
    "    build: .",
    "    ports: [80:80]",
    "  api:",
    "    image: redis:latest",
    "    container_name: a b",
  ],
};

describe("a preset of another tool", () => {
  test.each(["hadolint", "buildkit", "dclint"])(
    "%s holds only what bears an id of the tool, at its level",
    async (preset) => {
      const { stdout } = await runCli(["--preset", preset, "-f", "json", "--min-confidence", "low"], MANY);

      const findings: readonly { rule: string; aliases: readonly string[]; severity: string }[] = JSON.parse(
        stdout,
      ).files.flatMap(({ findings: list }: { readonly findings: readonly object[] }) => list);
      for (const { aliases, severity } of findings) {
        const levels = aliases
          .filter((alias) => alias.startsWith(`${preset}:`))
          .map((alias) => toolLevel(alias) ?? "off");
        expect(levels).toContain(severity);
      }
      expect(findings.length).toBeGreaterThan(0);
    },
  );

  test("holds nothing more than the preset that is named with it", async () => {
    const both = await shownBy(["--preset", "hadolint", "--preset", "recommended", "-f", "compact"], MANY);
    const hadolint = await shownBy(["--preset", "hadolint", "-f", "compact"], MANY);
    const recommended = await shownBy(["--preset", "recommended", "-f", "compact"], MANY);

    const rules = (list: readonly string[]) => new Set(list.map((line) => line.split(" ").at(-1)));
    expect(rules(both)).toEqual(rules([...hadolint, ...recommended]));
  });
});

describe("a rule can be named", () => {
  const NAMES = [
    "images/pin-tag",
    "images/pin-tag#no-tag",
    "images/pin-*",
    "DL3006",
    "hadolint:DL3006",
    "DS-0001",
    "AVD-DS-0001",
    "DS001",
    "trivy:DS-0001",
    "CKV_DOCKER_7",
    "9efb0b2d-89c9-41a3-91ca-dcc0aec911fd",
    "service-image-require-explicit-tag",
  ];

  test.each(NAMES)("%s in --only", async (name) => {
    const found = await shownBy(["--only", name, "--skip", "images/pin-digest", "-f", "compact"], { Dockerfile: NODE });

    expect(found).toEqual(["Dockerfile:1:6 warning images/pin-tag#no-tag"]);
  });

  test.each(NAMES)("%s in --skip", async (name) => {
    const found = await shownBy(["--preset", "hadolint", "--skip", name, "-f", "compact"], { Dockerfile: NODE });

    expect(found.filter((line) => line.includes("pin-tag"))).toEqual([]);
  });

  test.each(NAMES)("%s in --rule and in the policy", async (name) => {
    const args = ["--only", "images/pin-tag", "-f", "compact"];
    const error = ["Dockerfile:1:6 error images/pin-tag#no-tag"];

    expect(await shownBy([...args, "--rule", `${name}=error`], { Dockerfile: NODE })).toEqual(error);
    const files = { Dockerfile: NODE, "plimsoll.yaml": ["rules:", `  "${name}": error`] };
    expect(await shownBy(args, files)).toEqual(error);
  });

  test.each(NAMES.filter((name) => !name.includes("*")))("%s in explain", async (name) => {
    const run = await runCli(["explain", name], {});

    expect(run).toMatchObject({ exitCode: 0, stderr: "" });
    expect(run.stdout).toContain("# images/pin-tag\n");
  });
});

describe("standard input under a name", () => {
  const stdin = "FROM node\n";

  test("takes the policy, the role and the context of the name", async () => {
    const files = {
      "api/plimsoll.yaml": ["rules:", "  images/pin-tag: error", "roles:", '  "*.dev": development'],
      "api/.dockerignore": ["secret"],
      "api/secret": ["x"],
    };
    const args = ["-f", "json", "-", "--stdin-filename"];
    const pinned = await runCli([...args, "api/Dockerfile.dev"], files, { stdin });
    const copied = await runCli([...args, "api/Dockerfile", "--only", "context/no-ignored-copy"], files, {
      stdin: "FROM node:22.14.0\nCOPY secret /x\n",
    });

    const [file] = JSON.parse(pinned.stdout).files;
    expect(file).toMatchObject({ path: "api/Dockerfile.dev", kind: "dockerfile", role: "development" });
    expect(file.findings[0]).toMatchObject({ rule: "images/pin-tag", severity: "error" });
    const [judged] = JSON.parse(copied.stdout).files.filter(({ kind }: { kind: string }) => kind === "dockerfile");
    expect(judged.findings).toMatchObject([{ rule: "context/no-ignored-copy", line: 2 }]);
  });

  test("stands for the file of that name, which may exist", async () => {
    const args = [...ONLY, "-", "--stdin-filename", "api/Dockerfile"];

    expect(await shownBy(args, { "api/Dockerfile": ["FROM node:22.14.0"] }, { stdin })).toEqual([
      "api/Dockerfile:1:6 warning images/pin-tag#no-tag",
    ]);
  });

  test("is left out when the policy ignores the name and --force-exclude is given", async () => {
    const files = { "plimsoll.yaml": ["ignore: [old]"] };
    const args = [...ONLY, "-", "--stdin-filename", "old/Dockerfile"];

    expect(await shownBy(args, files, { stdin })).toHaveLength(1);
    expect(await shownBy([...args, "--force-exclude"], files, { stdin })).toEqual([]);
  });

  test("that is no text exits 2", async () => {
    expect(await runCli([...ONLY, "-"], {}, { stdin: "FROM a\0" })).toEqual({
      exitCode: 2,
      stdout: "",
      stderr: "-: standard input is no UTF-8 text\n",
    });
  });

  test("is shown as a diff", async () => {
    const { stdout } = await runCli(
      ["--diff", "--unsafe-fixes", "--only", "images/prefer-minimal-base", "-"],
      {},
      {
        stdin: "FROM node:22\n",
      },
    );

    expect(stdout).toContain("-FROM node:22\n+FROM node:22-slim\n");
  });
});

describe("what is reported", () => {
  test("--fail-on and --min-confidence change what fails and what is shown, and nothing else", async () => {
    const all = await shownBy(["--min-confidence", "low", "-f", "compact"], MANY);
    const medium = await shownBy(["-f", "compact"], MANY);
    const high = await shownBy(["--min-confidence", "high", "-f", "compact"], MANY);

    expect(all).toEqual(expect.arrayContaining([...medium]));
    expect(medium).toEqual(expect.arrayContaining([...high]));
    expect(await shownBy(["--fail-on", "never", "-f", "compact"], MANY)).toEqual(medium);
  });

  test("the policy's failOn counts for the files below it, and the flag for all", async () => {
    const files = { "api/plimsoll.yaml": ["failOn: error"], "api/Dockerfile": NODE };

    expect((await runCli(ONLY, files)).exitCode).toBe(0);
    expect((await runCli([...ONLY, "--fail-on", "warning"], files)).exitCode).toBe(1);
    expect((await runCli(ONLY, { ...files, "web/Dockerfile": NODE })).exitCode).toBe(1);
  });

  test("--quiet leaves notes out, and no errors", async () => {
    const files = { "compose.yaml": ["services: {{ x }}"], "api/plimsoll.yaml": ["x: 1"], "api/Dockerfile": NODE };
    const loud = await runCli(ONLY, files);
    const quiet = await runCli([...ONLY, "--quiet", "gone", "."], files);

    expect(loud.stderr).toContain("compose.yaml: a template of another tool; skipped\n");
    expect(quiet.stderr).not.toContain("compose.yaml");
    expect(quiet.stderr).toMatch(/^api\/plimsoll\.yaml:1:1: .*\ngone: no such file or folder\n$/);
  });

  test("a report in a file leaves stdout to the other", async () => {
    let json = "";
    const run = await runCli(
      ["--only", "images/pin-tag", "-f", "json:out.json", "-f", "compact"],
      { Dockerfile: NODE },
      {
        inspect: async (folder) => {
          json = await readFile(`${folder}/out.json`, "utf8");
        },
      },
    );

    expect(shown(run)).toEqual(["Dockerfile:1:6 warning images/pin-tag#no-tag"]);
    expect(JSON.parse(json).summary.findings.warning).toBe(1);
  });
});

describe("which files", () => {
  test("a file that git ignores is linted when it is named", async () => {
    const files = { ".git/HEAD": ["ref: refs/heads/main"], ".gitignore": ["old/"], "old/Dockerfile": NODE };

    expect(await shownBy(ONLY, files)).toEqual([]);
    expect(await shownBy([...ONLY, "old/Dockerfile"], files)).toEqual([
      "old/Dockerfile:1:6 warning images/pin-tag#no-tag",
    ]);
  });

  test("a named file of another name is told by its text", async () => {
    const files = { "build.txt": NODE, "stack.yml": ["services: {web: {image: nginx}}"] };

    expect(await shownBy([...ONLY, "build.txt", "stack.yml"], files)).toEqual([
      "build.txt:1:6 warning images/pin-tag#no-tag",
      "stack.yml:1:25 warning images/pin-tag#no-tag",
    ]);
  });

  test("absolute paths, repeated paths and paths upward are one file", async () => {
    const files = { "api/Dockerfile": NODE };
    let found: readonly string[] = [];
    await runCli([], files, {
      inspect: async (folder) => {
        found = await shownBy([...ONLY, `${folder}/api/Dockerfile`], {});
      },
    });

    expect(found.map((line) => line.replace(/^.*\/api/, "api"))).toEqual([
      "api/Dockerfile:1:6 warning images/pin-tag#no-tag",
    ]);
    expect(await shownBy([...ONLY, "Dockerfile", "./Dockerfile", "../api", "."], files, { cwd: "api" })).toEqual([
      "Dockerfile:1:6 warning images/pin-tag#no-tag",
    ]);
  });
});
