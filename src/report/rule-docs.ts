import type { BadExample, Example } from "../engine/rule.js";

/** What people read about a rule; kept out of the shipped program, which loads it when it is asked for. */
export interface RuleDocs {
  /** The policy as a true sentence, without a final period. */
  readonly summary: string;
  readonly why: readonly string[];
  readonly references: readonly string[];
  /** What each kind is, by its name; empty for a rule without kinds. */
  readonly kinds: Readonly<Record<string, string>>;
  readonly examples: { readonly bad: readonly BadExample[]; readonly good: readonly Example[] };
}

/** The parts of a rule as its file declares them that {@link ruleDocs} reads. */
export interface DocumentedRule {
  readonly summary: string;
  readonly why: readonly string[];
  readonly references?: readonly string[];
  readonly kinds?: Readonly<Record<string, { readonly summary: string }>>;
  readonly examples: RuleDocs["examples"];
}

/** The prose of a rule, as `dist/rule-docs.json` holds it by rule id. */
export function ruleDocs(rule: DocumentedRule): RuleDocs {
  const kinds = Object.entries(rule.kinds ?? {}).map(([name, kind]): [string, string] => [name, kind.summary]);
  return {
    summary: rule.summary,
    why: rule.why,
    references: rule.references ?? [],
    kinds: Object.fromEntries(kinds),
    examples: rule.examples,
  };
}
