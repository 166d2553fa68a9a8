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

/** The findings of one source; joins equal ones, whatever the order in which they come. */
export class JoinedFindings {
  readonly #byKey = new Map<string, Joined>();

  add(rated: Rated): void {
    const { rule, finding } = rated;
    const { kind, range } = finding;
    const key = `${range.start} ${range.end} ${rule.id}#${kind ?? ""}`;
    const known = this.#byKey.get(key);
    if (known === undefined) {
      this.#byKey.set(key, { rule, kind, range, best: rated, labels: rated.labels });
      return;
    }
    if (known.labels !== rated.labels) {
      if (!(known.labels instanceof Set)) known.labels = new Set(known.labels);
      for (const label of rated.labels) known.labels.add(label);
    }
    if (speaksBefore(rated, known.best)) known.best = rated;
  }

  get all(): readonly Joined[] {
    return [...this.#byKey.values()];
  }
}

function speaksBefore(a: Rated, b: Rated): boolean {
  const bySeverity = compareLevels(a.severity, b.severity);
  if (bySeverity !== 0) return bySeverity > 0;
  if (a.finding.message !== b.finding.message) return a.finding.message < b.finding.message;
  return (a.labels[0] ?? "") < (b.labels[0] ?? "");
}
