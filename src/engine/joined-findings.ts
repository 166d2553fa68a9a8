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

/** The findings of one source; joins equal ones, whatever the order in which they come. */
export class JoinedFindings {
  readonly #all: Joined[] = [];
  /** All of them by key, once there are many. */
  #byKey: Map<string, Joined> | undefined;

  add(rated: Rated): void {
    const { rule, finding, labels } = rated;
    const known = this.#find(rated);
    if (known === undefined) {
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
