import type { Confidence, Severity } from "../data/levels.js";
import type { Role } from "../data/roles.js";
import type { Range, Source } from "../text/source.js";
import { compareLevels } from "./level.js";
import type { Finding, Rule } from "./rule.js";

/** A finding with its severity, as one subject gave it. */
export interface Rated {
  readonly rule: Rule;
  readonly finding: Finding;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly role: Role;
  readonly labels: readonly string[];
  readonly embedded: Source | undefined;
}

/** Equal findings of several subjects: same rule, kind and range. */
export interface Joined {
  readonly rule: Rule;
  readonly kind: string | undefined;
  readonly range: Range;
  /** The one that speaks for all: the worst, of equals the one with the smallest message. */
  best: Rated;
  /** The builds and services concerned. A set only where several subjects join: most findings have one. */
  labels: readonly string[] | Set<string>;
}

/** Up to this many findings are looked through one by one: keys for all findings of a large run are a quarter of its memory. */
const FEW = 32;

/** More findings of one rule in one file tell nobody anything, and a file can be made that has hundreds of thousands. */
export const MOST_OF_A_RULE = 2000;

/** The findings of one source; joins equal ones, whatever the order in which they come. */
export class JoinedFindings {
  readonly #all: Joined[] = [];
  /** All of them by key, once there are many. */
  #byKey: Map<string, Joined> | undefined;
  /** How many each rule has, once there are many. */
  #counts: Map<Rule, number> | undefined;
  /** Rules of which findings were left out. */
  readonly cut = new Set<Rule>();

  add(rated: Rated): void {
    const { rule, finding, labels } = rated;
    const known = this.#find(rated);
    if (known === undefined) {
      if (this.#isFull(rule)) return;
      const { kind, range } = finding;
      const joined = { rule, kind, range, best: rated, labels };
      this.#all.push(joined);
      this.#byKey?.set(keyOf(rated), joined);
      return;
    }
    if (known.labels !== labels) {
      if (!(known.labels instanceof Set)) known.labels = new Set(known.labels);
      for (const label of labels) known.labels.add(label);
    }
    if (speaksBefore(rated, known.best)) known.best = rated;
  }

  #isFull(rule: Rule): boolean {
    if (this.#all.length < MOST_OF_A_RULE) return false;
    if (this.#counts === undefined) {
      this.#counts = new Map();
      for (const known of this.#all) this.#counts.set(known.rule, (this.#counts.get(known.rule) ?? 0) + 1);
    }
    const count = this.#counts.get(rule) ?? 0;
    if (count >= MOST_OF_A_RULE) this.cut.add(rule);
    else this.#counts.set(rule, count + 1);
    return count >= MOST_OF_A_RULE;
  }

  /** In the order in which the first of each came. */
  get all(): readonly Joined[] {
    return this.#all;
  }

  #find(rated: Rated): Joined | undefined {
    if (this.#all.length <= FEW) return this.#all.find(({ best }) => isSame(best, rated));
    this.#byKey ??= new Map(this.#all.map((joined) => [keyOf(joined.best), joined]));
    return this.#byKey.get(keyOf(rated));
  }
}

function isSame(a: Rated, b: Rated): boolean {
  const { range } = a.finding;
  return (
    a.rule === b.rule &&
    range.start === b.finding.range.start &&
    range.end === b.finding.range.end &&
    a.finding.kind === b.finding.kind
  );
}

function keyOf({ rule, finding: { kind, range } }: Rated): string {
  return `${range.start} ${range.end} ${rule.id}#${kind ?? ""}`;
}

function speaksBefore(a: Rated, b: Rated): boolean {
  const bySeverity = compareLevels(a.severity, b.severity);
  if (bySeverity !== 0) return bySeverity > 0;
  if (a.finding.message !== b.finding.message) return a.finding.message < b.finding.message;
  return (a.labels[0] ?? "") < (b.labels[0] ?? "");
}
