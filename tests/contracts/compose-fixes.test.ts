import fc from "fast-check";
import { expect, test } from "vitest";
import { parseDocument } from "yaml";
import { rules } from "../../rules/index.js";
import type { RunResult } from "../../src/engine/run-result.js";
import { applyEdits } from "../../src/text/edits.js";
import { lint, treeOf } from "../engine/lint-tree.js";
import { composeText } from "../support/compose-scribe.js";

const FIXING = rules.filter(({ fixable }) => fixable !== "never");
const PATH = "compose.yaml";

type Data = Readonly<Record<string, unknown>>;

/** A file as plain data. Throws where it does not parse. */
function dataOf(text: string): Data {
  const document = parseDocument(text, { merge: true });
  if (document.errors.length > 0) throw new Error(document.errors[0]?.message);
  return recordOf(document.toJS());
}

function recordOf(value: unknown): Data {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

/** `web.ports` of a service, and names of other sections, whose values differ. */
function changes(before: Data, after: Data): readonly string[] {
  const sections = keysThatDiffer(before, after).filter((key) => key !== "services");
  const [old, fresh] = [recordOf(before["services"]), recordOf(after["services"])];
  const settings = keysThatDiffer(old, fresh).flatMap((name) =>
    keysThatDiffer(recordOf(old[name]), recordOf(fresh[name])).map((key) => `${name}.${key}`),
  );
  return [...sections, ...settings];
}

/** The key of a setting, what it was, and what it is. */
function changeOf(name: string, before: Data, after: Data): string {
  const [service = "", ...key] = name.split(".");
  const setting = (data: Data) => recordOf(recordOf(data["services"])[service])[key.join(".")];
  return JSON.stringify([key, setting(before), setting(after)]);
}

function keysThatDiffer(before: Data, after: Data): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]));
}

/** Rules whose fixes change how a value is written, and what may differ in it then. */
const SAME_IN_OTHER_WORDS = new Set(["style/sort-lists", "style/use-one-environment-form"]);

/** A value with lists in order, and mappings as lists of `K=V`. */
function loosely(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => JSON.stringify(loosely(item))).sort();
  if (typeof value !== "object" || value === null) return String(value);
  const parts = Object.entries(value).map(([key, part]) =>
    typeof part === "object" ? [key, loosely(part)] : `${key}=${part}`,
  );
  return parts.map((part) => JSON.stringify(part)).sort();
}

/** Comments with what stands in front of them on their line. */
function commentedLines(text: string): readonly string[] {
  return text
    .split(/\r?\n/)
    .flatMap((line) => (/(?:^|\s)# (?:why|note|&no|\[not|a file)/.test(line) ? [line.trim()] : []));
}

type Found = RunResult["findings"][number];

function checkFix(text: string, { rule, kind, fix, message }: Found): void {
  const edits = fix?.edits ?? [];
  if (edits.length === 0 || edits.some(({ range }) => range.source.path !== PATH)) return;
  const after = applyEdits(text, edits);
  const story = `${rule}#${kind}: ${message}\n${text}\n-----\n${after}`;
  if (after === undefined) throw new Error(`edits overlap\n${story}`);
  const [old, fresh] = [dataOf(text), dataOf(after)];
  const changed = changes(old, fresh);

  // A fix reaches into another service only where an anchor makes both the same.
  if (new Set(changed.map((name) => name.split(".")[0])).size > 1)
    expect(new Set(changed.map((name) => changeOf(name, old, fresh))).size, story).toBe(1);
  if (rule.startsWith("style/")) {
    if (SAME_IN_OTHER_WORDS.has(rule)) expect(loosely(fresh), story).toEqual(loosely(old));
    else expect(changed, story).toEqual([]);
    expect(commentedLines(after).length, story).toBe(commentedLines(text).length);
  }
  if (rule === "style/sort-lists") expect(commentedLines(after), story).toEqual(commentedLines(text));
  if (text.includes("\r\n")) expect(after, story).not.toMatch(/(?<!\r)\n/);
}

test("property: every fix leaves a Compose file that parses, and changes at most the service or section it is about", async () => {
  const texts = fc.sample(
    fc.gen().map((draw) => composeText(draw)),
    { numRuns: 120, seed: Number(process.env["FC_SEED"] ?? 20261121) },
  );
  const flags = { presets: ["all"], minConfidence: "low" } as const;
  const rulesSeen = new Set<string>();
  for (const text of texts) {
    const { findings } = await lint(treeOf({ [PATH]: text }), FIXING, { flags });
    for (const finding of findings) {
      checkFix(text, finding);
      if (finding.fix !== undefined) rulesSeen.add(finding.rule);
    }
  }
  // The files are such that most fixes have something to do.
  expect(rulesSeen.size).toBeGreaterThan(15);
}, 60_000);
