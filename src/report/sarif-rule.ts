import type { Level, LevelCell, Severity } from "../engine/level.js";
import type { Rule } from "../engine/rule.js";
import { type ReportContext, ruleUrl } from "./report-context.js";
import type { RuleDocs } from "./rule-docs.js";
import { wellFormed } from "./well-formed.js";

/** SARIF's words for severities. */
export const LEVEL = { error: "error", warning: "warning", info: "note" } as const satisfies Record<Severity, string>;

/** GitHub's words for severities of rules that are not about security. */
const PROBLEM = { error: "error", warning: "warning", info: "recommendation" } as const satisfies Record<
  Severity,
  string
>;

/** Tags of a rule that GitHub keeps. */
const TAG_LIMIT = 10;
/** Longest short and full description that GitHub accepts, in characters. */
const DESCRIPTION_LIMIT = 1024;

/**
 * The entry of a rule in `tool.driver.rules`. An id without a rule (a check of the engine itself) gets an entry that
 * says only its name.
 */
export function ruleDescriptor(id: string, context: ReportContext): object {
  const entry = context.entry(id);
  const url = ruleUrl(context.homepage, id);
  if (entry === undefined) return unknownDescriptor(id, url);
  const { rule, docs } = entry;
  const level = usualSeverity(rule);
  const summary = shortened(`${docs.summary}.`);
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text: summary },
    fullDescription: { text: shortened([summary, ...docs.why].join(" ")) },
    help: help(docs, url),
    helpUri: url,
    defaultConfiguration: { level: LEVEL[level] },
    properties: {
      tags: tagsOf(rule, docs),
      precision: "high",
      "problem.severity": PROBLEM[level],
      ...(rule.securitySeverity === undefined ? {} : { "security-severity": rule.securitySeverity.toFixed(1) }),
    },
  };
}

/** `ImagesPinTag`: SARIF wants a friendly name that is one Pascal-case word, and another one than the id. */
function pascalCase(id: string): string {
  return id.replaceAll(/(?:^|[/-])([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

function unknownDescriptor(id: string, url: string): object {
  const text = `Checks ${id}.`;
  return {
    id,
    name: pascalCase(id),
    shortDescription: { text },
    fullDescription: { text },
    help: { text, markdown: text },
    helpUri: url,
    defaultConfiguration: { level: LEVEL.warning },
    properties: { tags: ["plimsoll"], precision: "high", "problem.severity": PROBLEM.warning },
  };
}

function help({ summary, why, references }: RuleDocs, url: string): object {
  const links = references.map((reference) => `- ${reference}`).join("\n");
  const paragraphs = [`${summary}.`, ...why, ...(links === "" ? [] : [links])];
  return {
    text: [...paragraphs, url].join("\n\n"),
    markdown: [...paragraphs, `[Examples and options](${url})`].join("\n\n"),
  };
}

/** The family, what the rule is about, and the weaknesses that it names: `external/cwe/cwe-250`. */
function tagsOf(rule: Rule, docs: RuleDocs): readonly string[] {
  const weaknesses = docs.references.flatMap((reference) => {
    const number = /^CWE-(\d+)$/i.exec(reference)?.[1];
    return number === undefined ? [] : [`external/cwe/cwe-${number.padStart(3, "0")}`];
  });
  const subject = rule.securitySeverity === undefined ? "maintainability" : "security";
  return [subject, rule.family, ...weaknesses].slice(0, TAG_LIMIT);
}

/** The worst severity that the rule has in the default preset, else in the strict one; a rule of neither is a note. */
function usualSeverity({ levels }: Rule): Severity {
  return worst(levels.recommended) ?? worst(levels.checklist) ?? worst(levels.strict) ?? "info";
}

function worst(cell: LevelCell | undefined): Severity | undefined {
  const levels: readonly Level[] = cell === undefined ? [] : typeof cell === "string" ? [cell] : cell;
  return (["error", "warning", "info"] as const).find((severity) => levels.includes(severity));
}

function shortened(text: string): string {
  return text.length <= DESCRIPTION_LIMIT ? text : `${wellFormed(text.slice(0, DESCRIPTION_LIMIT - 1))}…`;
}
