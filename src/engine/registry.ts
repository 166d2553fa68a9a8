import { RuleIndex } from "../config/rule-index.js";
import type { Rule } from "./rule.js";

/** All rules, by every name they have and by what they yield to. */
export class Registry extends RuleIndex<Rule> {
  /** Rules and kinds that others yield to on the same build or service: `id` or `id#kind`. */
  readonly narrowerOnSubject: ReadonlySet<string>;

  /** @throws Error for two rules of one id (a bug) */
  constructor(rules: readonly Rule[]) {
    super(rules);
    checkIds(this.rules);
    this.narrowerOnSubject = new Set(this.rules.flatMap((rule) => rule.yieldsOnSubjectTo ?? []));
  }

  /** Rules of a family, in the order of ids. */
  family(name: string): readonly Rule[] {
    return this.rules.filter((rule) => rule.family === name);
  }
}

function checkIds(rules: readonly Rule[]): void {
  let previous = "";
  for (const { id } of rules) {
    if (id === previous) throw new Error(`two rules are called ${id}`);
    previous = id;
  }
}
