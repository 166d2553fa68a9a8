import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { type CliRun, type Files, runCli } from "../support/run-cli.js";

interface Adopted {
  readonly run: CliRun;
  /** The policy that was written, without its header. */
  readonly policy: readonly string[];
  readonly text: string;
}

async function initFrom(path: string, files: Files): Promise<Adopted> {
  let text = "";
  const run = await runCli(["init", "--from", path], files, {
    inspect: async (folder) => {
      text = await readFile(`${folder}/plimsoll.yaml`, "utf8").catch(() => "");
    },
  });
  return { run, text, policy: text.split("\n").filter((line) => line !== "" && !line.startsWith("#")) };
}

/** The written policy is one: a run under it is not refused. */
async function expectValid(text: string): Promise<void> {
  const run = await runCli(["--format", "compact"], { "plimsoll.yaml": text, Dockerfile: ["FROM scratch"] });
  expect(run.stderr).toBe("");
  expect(run.exitCode).not.toBe(2);
}

test("a .hadolint.yaml becomes a policy, and what it does not hold is said line by line", async () => {
  const { run, policy, text } = await initFrom(".hadolint.yaml", {
    ".hadolint.yaml": [
      "ignored:",
      "  - DL3006",
      "  - SC2086",
      "  - DL9999",
      "override:",
      "  error: [DL3002]",
      "  style:",
      "    - DL3046",
      "  info: [DL3006]",
      "failure-threshold: warning",
      "trustedRegistries:",
      "  - docker.io",
      '  - "*.gcr.io"',
      "label-schema:",
      "  com.example.author: text",
      "  author: text",
      "  com.example.created: rfc3339",
      "strict-labels: true",
      "disable-ignore-pragma: true",
      "format: gnu",
      "no-color: true",
      "unheard-of: 1",
    ],
  });

  expect(run).toEqual({
    exitCode: 0,
    stdout: "",
    stderr: [
      "wrote plimsoll.yaml",
      ".hadolint.yaml:4:5: no rule answers to `DL9999`",
      ".hadolint.yaml:16:3: `author` without a dot would mean `org.opencontainers.image.author`",
      ".hadolint.yaml:20:1: `format` is a flag here: `--format compact`",
      ".hadolint.yaml:21:1: `no-color` is a flag here: `--no-color`",
      ".hadolint.yaml:22:1: `unheard-of` has no counterpart",
      "",
    ].join("\n"),
  });
  expect(text).toContain("# Made from .hadolint.yaml.\n");
  expect(policy).toEqual([
    "presets: [hadolint]",
    "failOn: warning",
    "images:",
    "  allow:",
    '    - "docker.io/**"',
    '    - "*.gcr.io/**"',
    "labels:",
    "  required:",
    "    - com.example.author",
    "    - com.example.created",
    "  types:",
    "    com.example.author: text",
    "    com.example.created: timestamp",
    "  allowed:",
    "    - com.example.author",
    "    - com.example.created",
    "inlineConfig: false",
    "rules:",
    "  images/pin-tag#no-tag: off # DL3006",
    "  shell/pass-shellcheck#SC2086: off # SC2086",
    "  user/no-root-user#image: error # DL3002",
    "  user/use-no-log-init: info # DL3046",
  ]);
  await expectValid(text);
});

test("the verdicts of hadolint's configuration are those of the policy", async () => {
  const { text } = await initFrom("ci/hadolint.yml", {
    "ci/hadolint.yml": ["ignored: [DL3007]", "override:", "  error: [DL3006]"],
  });
  const files: Files = { "plimsoll.yaml": text, Dockerfile: ["FROM node:latest AS a", "FROM node"] };

  const run = await runCli(["--format", "compact", "--only", "images/pin-tag"], files);

  expect(run.stdout).toMatch(/^Dockerfile:2:6: error: [^\n]*\[images\/pin-tag#no-tag\]\n$/);
  expect(run.exitCode).toBe(1);
});

test("hadolint fails from info on, and never with no-fail", async () => {
  expect((await initFrom(".hadolint.yaml", { ".hadolint.yaml": [""] })).policy).toEqual([
    "presets: [hadolint]",
    "failOn: info",
  ]);
  const files = { ".hadolint.yaml": ["no-fail: true", "failure-threshold: error"] };
  expect((await initFrom(".hadolint.yaml", files)).policy).toEqual(["presets: [hadolint]", "failOn: never"]);
});

test("a .dclintrc becomes a policy", async () => {
  const config = {
    rules: {
      "service-image-require-explicit-tag": [1, { prohibitedTags: ["latest", "dev"], other: 1 }],
      "no-such-rule": 0,
      "no-build-and-image": [2, { checkPullPolicy: false }],
      "require-quotes-in-ports": [1, { quoteType: "double" }],
      "top-level-properties-order": [0, { customOrder: ["x-properties", "services"] }],
    },
    exclude: ["legacy/**"],
    quiet: true,
    debug: false,
  };
  const { run, policy, text } = await initFrom(".dclintrc", { ".dclintrc": JSON.stringify(config, undefined, 1) });

  expect(run.stderr).toBe(
    [
      "wrote plimsoll.yaml",
      ".dclintrc:10:5: option `other` of `service-image-require-explicit-tag` is not taken over",
      ".dclintrc:13:3: no rule answers to `no-such-rule`",
      ".dclintrc:39:2: `quiet` is a flag here: `--quiet`",
      "",
    ].join("\n"),
  );
  expect(policy).toEqual([
    "presets: [dclint]",
    "failOn: error",
    "images:",
    "  prohibitedTags:",
    "    - latest",
    "    - dev",
    "ignore:",
    '  - "legacy/**"',
    "rules:",
    "  compose/choose-image-or-build:",
    "    checkPullPolicy: false",
    "  compose/choose-image-or-build#both: error # no-build-and-image",
    "  compose/choose-image-or-build#third-party: error # no-build-and-image",
    "  images/pin-tag#channel: warning # service-image-require-explicit-tag",
    "  images/pin-tag#latest: warning # service-image-require-explicit-tag",
    "  images/pin-tag#no-tag: warning # service-image-require-explicit-tag",
    "  style/order-top-level:",
    "    level: off # top-level-properties-order",
    "    order:",
    '      - "x-*"',
    "      - services",
    "  style/quote-ports:",
    "    level: warning # require-quotes-in-ports",
    "    quotes: double",
  ]);
  await expectValid(text);
});

test.each<[string, string, readonly string[], readonly string[]]>([
  [
    ".trivyignore",
    "# known\nAVD-DS-0001 # later\n\nCVE-2024-1234\nDS002 exp:2027-01-01\n",
    [
      "images/pin-tag#latest: off # AVD-DS-0001",
      "images/pin-tag#no-tag: off # AVD-DS-0001",
      "user/no-root-user#image: off # DS002",
      "user/require-user: off # DS002",
    ],
    ["4:1: `CVE-2024-1234` is no check of Dockerfiles", "5:1: `exp:2027-01-01` is not taken over: levels have no end"],
  ],
  [
    ".trivyignore.yaml",
    "misconfigurations:\n  - id: AVD-DS-0026\n    statement: batch\n    paths: [a]\nvulnerabilities:\n  - id: CVE-1\n",
    ["health/require-healthcheck#image: off # AVD-DS-0026"],
    ["4:5: `paths` is not taken over", "5:1: `vulnerabilities` are found by other means than these rules"],
  ],
  [
    ".checkov.yaml",
    "skip-check:\n  - CKV_DOCKER_2\n  - CKV_AWS_1\nframework: dockerfile\n",
    ["health/require-healthcheck#image: off # CKV_DOCKER_2"],
    ["3:5: `CKV_AWS_1` is no check of Dockerfiles", "4:1: `framework` is not taken over"],
  ],
  [
    "kics.config",
    '{"exclude-queries": "fd54f200-402c-4333-a5a4-36ef6709af2f", "type": "Dockerfile"}',
    ["user/require-user: off # fd54f200-402c-4333-a5a4-36ef6709af2f"],
    ["1:61: `type` is not taken over"],
  ],
])("what %s leaves out becomes rules that are off", async (name, config, rules, notes) => {
  const { run, policy, text } = await initFrom(name, { [name]: config });

  expect(policy).toEqual(["presets: [recommended]", "rules:", ...rules.map((rule) => `  ${rule}`)]);
  expect(run.stderr).toBe(["wrote plimsoll.yaml", ...notes.map((note) => `${name}:${note}`), ""].join("\n"));
  await expectValid(text);
});

test.each<[string, Files, string, string]>([
  [
    "a policy that is there",
    { "plimsoll.yml": [""], ".hadolint.yaml": [""] },
    ".hadolint.yaml",
    "plimsoll.yml: there is a policy already",
  ],
  ["a file that is not there", {}, ".hadolint.yaml", ".hadolint.yaml: "],
  [
    "a file of an unknown tool",
    { "lint.toml": [""] },
    "lint.toml",
    "lint.toml: no tool is known by this name of a file",
  ],
  ["no YAML", { ".hadolint.yaml": ["ignored: [DL3006"] }, ".hadolint.yaml", ".hadolint.yaml:"],
])("%s stops the command before anything is written", async (_, files, from, message) => {
  const { run, text } = await initFrom(from, files);

  expect(run.exitCode).toBe(2);
  expect(run.stderr.startsWith(message)).toBe(true);
  expect(run.stderr.split("\n")).toHaveLength(2);
  expect(text).toBe("");
});
