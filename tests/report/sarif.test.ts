import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { expect, test } from "vitest";
import type { RunResult } from "../../src/engine/run-result.js";
import type { RuleEntry } from "../../src/report/report-context.js";
import { sarif } from "../../src/report/sarif.js";
import { CLEAN, CONTEXT, HOSTILE, MIXED } from "./sample.js";

const SCHEMA = "node_modules/@microsoft/sarif-multitool-linux/sarif-2.1.0.json";

const ENTRY: RuleEntry = {
  rule: {
    id: "images/pin-tag",
    family: "images",
    summary: "",
    levels: { recommended: ["warning", "info"], strict: "error" },
    roles: "all",
    fixable: "never",
    why: [],
    securitySeverity: 5,
    hooks: [],
    check: {},
    examples: { bad: [], good: [] },
  },
  docs: {
    summary: "Images are named by a tag that does not move",
    why: ["Another image tomorrow."],
    references: ["CWE-829", "CIS 4.2", "https://docs.docker.com/build/"],
    kinds: {},
    examples: { bad: [], good: [] },
  },
};

function run(result: RunResult, fromRepositoryRoot = (path: string) => path) {
  const entry = (id: string) => (id === ENTRY.rule.id ? ENTRY : undefined);
  return JSON.parse(sarif(result, { ...CONTEXT, fromRepositoryRoot, entry })).runs[0];
}

test.each([
  ["nothing found", CLEAN],
  ["every severity", MIXED],
  ["hostile text", HOSTILE],
])("%s is valid by the published schema", (_, result) => {
  const { $schema: _dialect, ...schema } = JSON.parse(readFileSync(SCHEMA, "utf8"));
  const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);

  const isValid = validate(JSON.parse(sarif(result, CONTEXT)));

  expect({ isValid, errors: validate.errors }).toEqual({ isValid: true, errors: null });
});

test("without findings there is one run with empty results and rules", () => {
  expect(run(CLEAN)).toEqual({
    tool: {
      driver: {
        name: "plimsoll",
        semanticVersion: "1.2.3",
        version: "1.2.3",
        informationUri: "https://example.org/plimsoll",
        rules: [],
      },
    },
    columnKind: "utf16CodeUnits",
    invocations: [{ executionSuccessful: true }],
    results: [],
  });
});

test("a result has one place, its hash, and links to related places", () => {
  expect(run(MIXED).results[0]).toEqual({
    ruleId: "images/pin-tag",
    ruleIndex: 0,
    level: "warning",
    message: {
      text: "`node` means `node:latest`; name the version you tested. See [built by `api`](1).",
    },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: "api/Dockerfile" },
          region: { startLine: 1, startColumn: 6, endLine: 1, endColumn: 10 },
        },
      },
    ],
    relatedLocations: [
      {
        id: 1,
        message: { text: "built by `api`" },
        physicalLocation: {
          artifactLocation: { uri: "compose.yaml" },
          region: { startLine: 3, startColumn: 12, endLine: 3, endColumn: 15 },
        },
      },
    ],
    partialFingerprints: {
      primaryLocationLineHash: expect.stringMatching(/^[0-9a-f]+:1$/),
      "plimsoll/v1": "0123456789abcdef",
    },
    properties: {
      name: "images/pin-tag#no-tag",
      confidence: "high",
      aliases: ["hadolint:DL3006"],
      builds: ["api (compose.yaml)"],
    },
  });
});

test("a rule tells what GitHub shows and sorts by", () => {
  expect(run(MIXED).tool.driver.rules[0]).toEqual({
    id: "images/pin-tag",
    name: "ImagesPinTag",
    shortDescription: { text: "Images are named by a tag that does not move." },
    fullDescription: { text: "Images are named by a tag that does not move. Another image tomorrow." },
    help: {
      text: [
        "Images are named by a tag that does not move.",
        "Another image tomorrow.",
        "- CWE-829\n- CIS 4.2\n- https://docs.docker.com/build/",
        "https://example.org/plimsoll/blob/main/docs/rules/images/pin-tag.md",
      ].join("\n\n"),
      markdown: [
        "Images are named by a tag that does not move.",
        "Another image tomorrow.",
        "- CWE-829\n- CIS 4.2\n- https://docs.docker.com/build/",
        "[Examples and options](https://example.org/plimsoll/blob/main/docs/rules/images/pin-tag.md)",
      ].join("\n\n"),
    },
    helpUri: "https://example.org/plimsoll/blob/main/docs/rules/images/pin-tag.md",
    defaultConfiguration: { level: "warning" },
    properties: {
      tags: ["security", "images", "external/cwe/cwe-829"],
      precision: "high",
      "problem.severity": "warning",
      "security-severity": "5.0",
    },
  });
});

test("paths are relative to the repository and percent-encoded", () => {
  const [result] = run(HOSTILE, (path) => `deploy/${path}`).results;

  expect(result.locations[0].physicalLocation.artifactLocation).toEqual({ uri: "deploy/a%20b%25/Dockerfile" });
});

test("control characters are visible, and text of a file makes no link", () => {
  expect(run(HOSTILE).results[0].message.text).toBe("`100% ]]> \\x1b[31m\\n::error::😀 [x\\](y)` is odd");
});

test("a safe fix is offered as replacements", () => {
  expect(run(MIXED).results[2].fixes).toEqual([
    {
      description: { text: "use `LABEL`" },
      artifactChanges: [
        {
          artifactLocation: { uri: "api/Dockerfile" },
          replacements: [
            {
              deletedRegion: { startLine: 4, startColumn: 1, endLine: 4, endColumn: 14 },
              insertedContent: { text: 'LABEL maintainer="me"' },
            },
          ],
        },
      ],
    },
  ]);
});

test("suppressed findings are left out, and the value of a secret is nowhere", () => {
  const [first] = MIXED.findings;
  if (first === undefined) throw new Error("the sample has findings");
  const result = { ...MIXED, findings: [], suppressed: [{ finding: first, by: first.range, reason: "known" }] };

  expect(run(result).results).toEqual([]);
  expect(sarif(MIXED, CONTEXT)).not.toContain("hunter2");
});

test("a crash makes the invocation unsuccessful; a skipped file does not", () => {
  const skipped = { kind: "skipped", path: "a.yaml", message: "a template" } as const;
  const crash = { kind: "internal", path: "Dockerfile", message: "images/pin-tag crashed", line: 2 } as const;

  expect(run({ ...CLEAN, diagnostics: [skipped] }).invocations).toEqual([
    {
      executionSuccessful: true,
      toolExecutionNotifications: [
        {
          level: "note",
          message: { text: "a template" },
          locations: [{ physicalLocation: { artifactLocation: { uri: "a.yaml" } } }],
        },
      ],
    },
  ]);
  expect(run({ ...CLEAN, diagnostics: [crash] }).invocations[0].executionSuccessful).toBe(false);
});
