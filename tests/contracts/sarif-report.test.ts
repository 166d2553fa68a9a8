import { cp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type Files, runCli } from "../support/run-cli.js";

// What GitHub's ingestion asks of a file; one result that breaks a rule makes it refuse all of them.
// See https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning

const FIXTURES = join(import.meta.dirname, "..", "..", "fixtures");
const fixtures = (await readdir(FIXTURES, { withFileTypes: true })).filter((entry) => entry.isDirectory());

interface Place {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string };
    readonly region: {
      readonly startLine: number;
      readonly startColumn: number;
      readonly endLine: number;
      readonly endColumn: number;
    };
  };
}

interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly semanticVersion: string;
      readonly rules: readonly {
        readonly id: string;
        readonly shortDescription: { readonly text: string };
        readonly fullDescription: { readonly text: string };
        readonly help: { readonly text: string; readonly markdown: string };
        readonly helpUri: string;
        readonly defaultConfiguration: { readonly level: string };
        readonly properties: { readonly tags: readonly string[]; readonly "security-severity"?: string };
      }[];
    };
  };
  readonly columnKind: string;
  readonly automationDetails?: object;
  readonly invocations: readonly { readonly executionSuccessful: boolean }[];
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly Place[];
    readonly relatedLocations?: readonly (Place & { readonly id: number })[];
    readonly partialFingerprints: { readonly primaryLocationLineHash: string };
  }[];
}

async function sarifOf(files: Files, prepare = async (_: string) => {}): Promise<SarifRun> {
  const args = ["-f", "sarif", "--preset", "all", "--min-confidence", "low", "--fail-on", "never"];
  const { stdout } = await runCli(args, files, { prepare });
  const log = JSON.parse(stdout);
  expect(Object.keys(log)).toEqual(["$schema", "version", "runs"]);
  expect(log.version).toBe("2.1.0");
  expect(log.runs).toHaveLength(1);
  return log.runs[0];
}

function checkRun(run: SarifRun): void {
  const { semanticVersion, rules } = run.tool.driver;
  expect(semanticVersion).toMatch(/^\d+\.\d+\.\d+/);
  expect(run.columnKind).toBe("utf16CodeUnits");
  expect(run.automationDetails).toBeUndefined();
  expect(run.invocations.map(({ executionSuccessful }) => executionSuccessful)).toEqual([true]);
  for (const rule of rules) checkRule(rule);
  for (const result of run.results) checkResult(result, rules);
}

function checkRule(rule: SarifRun["tool"]["driver"]["rules"][number]): void {
  const texts = [rule.id, rule.shortDescription.text, rule.fullDescription.text, rule.help.text, rule.help.markdown];
  for (const text of texts) expect(text).toMatch(/\S/);
  expect(rule.shortDescription.text.length).toBeLessThanOrEqual(1024);
  expect(rule.fullDescription.text.length).toBeLessThanOrEqual(1024);
  expect(rule.helpUri).toMatch(/^https:\/\//);
  expect(rule.defaultConfiguration.level).toMatch(/^(?:note|warning|error)$/);
  const { tags, "security-severity": severity } = rule.properties;
  expect(tags.length).toBeLessThanOrEqual(10);
  expect(tags.includes("security")).toBe(severity !== undefined);
  if (severity === undefined) return;
  expect(Number(severity)).toBeGreaterThan(0);
  expect(Number(severity)).toBeLessThanOrEqual(10);
  // Above 9.0 is critical, and 9.0 itself is read both ways.
  expect(severity).not.toBe("9.0");
}

function checkResult(result: SarifRun["results"][number], rules: SarifRun["tool"]["driver"]["rules"]): void {
  expect(rules[result.ruleIndex]?.id).toBe(result.ruleId);
  expect(result.level).toMatch(/^(?:note|warning|error)$/);
  expect(result.message.text).toMatch(/\S/);
  expect(result.locations).toHaveLength(1);
  for (const place of [...result.locations, ...(result.relatedLocations ?? [])]) checkPlace(place);
  for (const { id } of result.relatedLocations ?? []) expect(result.message.text).toContain(`](${id})`);
  expect(result.partialFingerprints.primaryLocationLineHash).toMatch(/^[0-9a-f]{1,16}:\d+$/);
}

function checkPlace({ physicalLocation: { artifactLocation, region } }: Place): void {
  expect(artifactLocation.uri).toMatch(/^[\w!'()*~%-][\w!'()*~./%-]*$/);
  const { startLine, startColumn, endLine, endColumn } = region;
  for (const number of [startLine, startColumn, endLine, endColumn]) expect(number).toBeGreaterThanOrEqual(1);
  expect(endLine > startLine || (endLine === startLine && endColumn >= startColumn)).toBe(true);
}

test.each(fixtures.map(({ name }) => name))("the report of fixture %s is as GitHub wants it", async (name) => {
  const run = await sarifOf({}, (folder) => cp(join(FIXTURES, name), folder, { recursive: true }));

  checkRun(run);
});

describe("other reports are as GitHub wants them", () => {
  test("of an empty folder: empty results and rules", async () => {
    const run = await sarifOf({});

    checkRun(run);
    expect({ results: run.results, rules: run.tool.driver.rules }).toEqual({ results: [], rules: [] });
  });

  test.each<[string, Files]>([
    [
      "names of any characters",
      { "a b/ö😀/c:d%/#?/Dockerfile": ["FROM node"], "\u001b[31m\n/Dockerfile": ["FROM node"] },
    ],
    ["texts that look like links", { Dockerfile: ["FROM [x](y)", "COPY --from=a](1) [b c", "LABEL a=[1](2) a=b"] }],
    ["files that do not parse", { Dockerfile: ["FROM", "COPY", "RUN <<A"], "compose.yaml": "services: [\n\tx" }],
    ["empty files", { Dockerfile: "", "compose.yaml": "", ".dockerignore": "" }],
    [
      "a policy that is not valid",
      { "a/plimsoll.yaml": ["x: 1"], "a/Dockerfile": ["FROM node"], Dockerfile: ["FROM node"] },
    ],
    ["lone surrogates in YAML", { "compose.yaml": ['services: {"\\ud800": {image: "\\udfff", x: 1}}'] }],
  ])("of %s", async (_, files) => {
    checkRun(await sarifOf(files));
  });
});
