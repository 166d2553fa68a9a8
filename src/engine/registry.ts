import { RuleIndex } from "../config/rule-index.js";
import { RESERVED_OPTION_NAMES } from "../config/schema.js";
import type { Checks, Rule } from "./rule.js";

/** A subject that rules hook, by the name of the hook. */
export type Hook = keyof Checks<never>;

/** All rules, by every name they have and by what they yield to. */
export class Registry extends RuleIndex<Rule> {
  /** Rules and kinds that others yield to on the same build or service: `id` or `id#kind`. */
  readonly narrowerOnSubject: ReadonlySet<string>;

  /** @throws Error for two rules of one id, and for options with a reserved name (bugs in rules) */
  constructor(rules: readonly Rule[]) {
    super(rules);
    checkDeclarations(this.rules);
    this.narrowerOnSubject = new Set(this.rules.flatMap((rule) => rule.yieldsOnSubjectTo ?? []));
  }

  /** Rules of a family, in the order of ids. */
  family(name: string): readonly Rule[] {
    return this.rules.filter((rule) => rule.family === name);
  }
}

function checkDeclarations(rules: readonly Rule[]): void {
  let previous = "";
  for (const { id, options = {} } of rules) {
    if (id === previous) throw new Error(`two rules are called ${id}`);
    const reserved = RESERVED_OPTION_NAMES.find((name) => Object.hasOwn(options, name));
    if (reserved !== undefined) throw new Error(`${id}: no option may be called ${reserved}`);
    previous = id;
  }
}
