import { expect, test } from "vitest";
import { json } from "../../src/report/json.js";
import { CLEAN, CONTEXT, checklistOf, HOSTILE, MIXED } from "./sample.js";

const TOOL = { name: "plimsoll", version: "1.2.3" };

test("without findings every file is listed with none", () => {
  expect(JSON.parse(json(CLEAN, CONTEXT))).toEqual({
    version: 1,
    tool: TOOL,
    summary: {
      files: 1,
      findings: { error: 0, warning: 0, info: 0 },
      suppressed: 0,
      fixable: 0,
      checklist: checklistOf(),
    },
    files: [{ path: "Dockerfile", kind: "dockerfile", role: "production", findings: [] }],
    diagnostics: [],
  });
});

test("the summary counts severities and safe fixes, and says which lines of the checklist are broken", () => {
  expect(JSON.parse(json(MIXED, CONTEXT)).summary).toEqual({
    files: 2,
    findings: { error: 1, warning: 1, info: 3 },
    suppressed: 0,
    fixable: 1,
    checklist: checklistOf({ images: "broken", secrets: "broken" }),
  });
});

test("a finding has its place, the other half of its pair, and the page of its rule", () => {
  expect(JSON.parse(json(MIXED, CONTEXT)).files[0].findings[0]).toEqual({
    rule: "images/pin-tag",
    kind: "no-tag",
    aliases: ["hadolint:DL3006"],
    severity: "warning",
    confidence: "high",
    message: "`node` means `node:latest`; name the version you tested",
    line: 1,
    column: 6,
    endLine: 1,
    endColumn: 10,
    offset: 5,
    length: 4,
    builds: ["api (compose.yaml)"],
    related: [{ path: "compose.yaml", line: 3, column: 12, message: "built by `api`" }],
    fingerprint: "0123456789abcdef",
    url: "https://example.org/plimsoll/blob/main/docs/rules/images/pin-tag.md",
  });
});

test("a fix has its edits as offsets", () => {
  expect(JSON.parse(json(MIXED, CONTEXT)).files[0].findings[2].fix).toEqual({
    safety: "safe",
    description: "use `LABEL`",
    edits: [{ path: "api/Dockerfile", offset: 41, length: 13, text: 'LABEL maintainer="me"' }],
  });
});

test("hostile text comes out as it went in", () => {
  expect(JSON.parse(json(HOSTILE, CONTEXT)).files[0]).toMatchObject({
    path: "a b%/Dockerfile",
    findings: [{ message: "`100% ]]> \u001b[31m\n::error::😀 [x](y)` is odd" }],
  });
});

test("a fix that would write a secret's value somewhere is not shown", () => {
  const findings = MIXED.findings.map((finding) => ({
    ...finding,
    masked: finding.fix === undefined ? [] : [finding.range.source.range(52, 54)],
  }));

  const report = JSON.parse(json({ ...MIXED, findings }, CONTEXT));

  expect(report.files[0].findings[2].fix).toBeUndefined();
});

test.each([
  ["nothing", CLEAN],
  ["findings", MIXED],
  ["hostile texts", HOSTILE],
  ["no file", { ...CLEAN, files: [] }],
] as const)("the parts of a report with %s make one well indented document", (_, result) => {
  const text = json(result, CONTEXT);

  expect(text).toBe(`${JSON.stringify(JSON.parse(text), undefined, 2)}\n`);
});
