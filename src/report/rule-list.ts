import type { Levels } from "../engine/level.js";
import type { OptionSchema } from "../engine/option.js";
import type { Rule } from "../engine/rule.js";
import type { RuleEntry } from "./report-context.js";
import { levelsText } from "./rule-page.js";

/** One rule as `plimsoll rules --format json` lists it. */
interface ListedRule {
  readonly id: string;
  readonly family: string;
  readonly summary: string;
  readonly levels: Levels;
  readonly kinds: Readonly<Record<string, ListedKind>>;
  readonly roles: Rule["roles"];
  readonly fixable: Rule["fixable"];
  readonly aliases: readonly string[];
  readonly options: Readonly<Record<string, OptionSchema>>;
  readonly references: readonly string[];
}

interface ListedKind {
  readonly summary: string;
  readonly levels: Levels;
  readonly aliases: readonly string[];
}

/** What `plimsoll rules --format json` prints: `{"version": 1, "rules": […]}` in the order of ids. */
export function rulesJson(entries: readonly RuleEntry[]): string {
  return `${JSON.stringify({ version: 1, rules: entries.map(listed) }, undefined, 2)}\n`;
}

/** What `plimsoll rules` prints: a line per rule with its id, its recommended level and its summary. */
export function rulesText(entries: readonly RuleEntry[]): string {
  const width = Math.max(0, ...entries.map(({ rule }) => rule.id.length));
  return entries
    .map(({ rule, docs }) => `${rule.id.padEnd(width)}  ${docs.summary} (${levelsText(rule.levels)})\n`)
    .join("");
}

function listed({ rule, docs }: RuleEntry): ListedRule {
  const kinds = Object.entries(rule.kinds ?? {}).map(([name, kind]): [string, ListedKind] => [
    name,
    { summary: docs.kinds[name] ?? "", levels: { ...rule.levels, ...kind.levels }, aliases: kind.aliases ?? [] },
  ]);
  const options = Object.entries(rule.options ?? {}).map(([name, { schema }]): [string, OptionSchema] => [
    name,
    schema,
  ]);
  return {
    id: rule.id,
    family: rule.family,
    summary: docs.summary,
    levels: rule.levels,
    kinds: Object.fromEntries(kinds),
    roles: rule.roles,
    fixable: rule.fixable,
    aliases: rule.aliases ?? [],
    options: Object.fromEntries(options),
    references: docs.references,
  };
}
