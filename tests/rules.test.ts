import { describe, expect, test } from "vitest";
import { rules } from "../rules/index.js";
import type { BadExample, Example, Rule } from "../src/engine/rule.js";
import type { RatedFinding } from "../src/engine/run-result.js";
import { runExample, treeOf, whyNotRun } from "./support/example-project.js";
import { fixExample } from "./support/fix-example.js";
import { type MarkedText, readMarks } from "./support/marks.js";

/** A range with the text that it holds, so that a failure can be read. */
interface Place {
  readonly path: string;
  readonly start: number;
  readonly text: string;
}

for (const rule of rules) {
  const reason = whyNotRun(rule.id);
  describe.skipIf(reason !== undefined)(reason === undefined ? rule.id : `${rule.id} (${reason})`, () => {
    for (const example of rule.examples.good) {
      test(`good: ${example.name}`, async () => {
        expect(await placesFound(rule, example)).toEqual([]);
      });
    }
    for (const example of rule.examples.bad) {
      test(`bad: ${example.name}`, async () => {
        await checkBad(rule, example);
      });
    }
  });
}

async function placesFound(rule: Rule, example: Example): Promise<readonly Place[]> {
  return (await run(rule, example, plainTexts(example.files))).map(placeOf);
}

async function checkBad(rule: Rule, example: BadExample): Promise<void> {
  const findings = await run(rule, example, plainTexts(example.files));

  expect(findings.map(placeOf)).toEqual(expectedPlaces(example));
  if (example.kind !== undefined) expect(new Set(findings.map(({ kind }) => kind))).toEqual(new Set([example.kind]));
  if (example.severity !== undefined) {
    expect(new Set(findings.map(({ severity }) => severity))).toEqual(new Set([example.severity]));
  }
  if (example.message !== undefined) expect(findings[0]?.message).toContain(example.message);
  for (const { message } of findings) expect(message).toMatch(/^[^\n]{1,160}(?<!\.)$/);
  const hasFix = findings.some(({ fix }) => fix !== undefined);
  expect(hasFix, "`fixed` is there when the rule offers a fix").toBe(example.fixed !== undefined);
  if (example.fixed !== undefined) await checkFix(rule, example, example.fixed);
}

/** The fixed texts are exactly those promised, silence what was fixed, and fixing again changes nothing. */
async function checkFix(rule: Rule, example: BadExample, promised: Example["files"]): Promise<void> {
  const before = plainTexts(example.files);
  const after = await fixExample(rule.id, example, before);

  expect(Object.fromEntries(changesBetween(before, after))).toEqual(
    Object.fromEntries(changesBetween(before, new Map([...before, ...plainTexts(promised)]))),
  );
  expect(Object.fromEntries(await fixExample(rule.id, example, after))).toEqual(Object.fromEntries(after));
  const left = await run(rule, example, after);
  expect(left.filter(({ fix }) => fix !== undefined).map(placeOf)).toEqual([]);
}

async function run(rule: Rule, example: Example, texts: ReadonlyMap<string, string>): Promise<readonly RatedFinding[]> {
  const result = await runExample(rule.id, example, treeOf(rule.id, example, texts));
  expect(result.diagnostics.filter(({ kind }) => kind === "internal" || kind === "config")).toEqual([]);
  return result.findings.filter((finding) => finding.rule === rule.id);
}

function expectedPlaces({ files }: Example): readonly Place[] {
  const places = Object.entries(files).flatMap(([path, written]) => {
    const { text, ranges } = readMarks(written);
    return ranges.map(({ start, end }) => ({ path, start, text: text.slice(start, end) }));
  });
  return places.sort((a, b) => (a.path === b.path ? a.start - b.start : a.path < b.path ? -1 : 1));
}

function placeOf({ range: { source, start, end } }: RatedFinding): Place {
  return { path: source.path, start, text: source.text.slice(start, end) };
}

function plainTexts(files: Example["files"]): ReadonlyMap<string, string> {
  return new Map(Object.entries(files).map(([path, written]) => [path, withoutMark(readMarks(written))]));
}

function withoutMark({ text }: MarkedText): string {
  return text;
}

function changesBetween(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>) {
  return [...after].filter(([path, text]) => before.get(path) !== text).sort(([a], [b]) => (a < b ? -1 : 1));
}
