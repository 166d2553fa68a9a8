import { readFile } from "node:fs/promises";
import { rules } from "../../rules/index.js";
import { RuleIndex } from "../config/rule-index.js";
import type { Rule } from "../engine/rule.js";
import type { RuleEntry } from "../report/report-context.js";
import type { RuleDocs } from "../report/rule-docs.js";

/** Every rule with its prose, which the build keeps in a file beside the program. */
export interface RuleLibrary {
  readonly index: RuleIndex<Rule>;
  /** In the order of ids. */
  readonly entries: readonly RuleEntry[];
  entry(id: string): RuleEntry | undefined;
}

/** Loads the prose of all rules. */
export async function loadRuleLibrary(): Promise<RuleLibrary> {
  const docs = parseDocs(await readFile(new URL("rule-docs.json", import.meta.url), "utf8"));
  const entries = rules.flatMap((rule): RuleEntry[] => {
    const found = docs.get(rule.id);
    return found === undefined ? [] : [{ rule, docs: found }];
  });
  const byId = new Map(entries.map((entry) => [entry.rule.id, entry]));
  return { index: new RuleIndex(rules), entries, entry: (id) => byId.get(id) };
}

function parseDocs(text: string): ReadonlyMap<string, RuleDocs> {
  // Written by our own build from the same rules: its shape is what `ruleDocs` gives.
  const data: Readonly<Record<string, RuleDocs>> = JSON.parse(text);
  return new Map(Object.entries(data));
}
