import { overlaps, type Range } from "../text/source.js";
import type { Joined } from "./joined-findings.js";
import type { Registry } from "./registry.js";

/** Findings of one rule or kind in one source, by where they begin. */
interface Marked {
  readonly ranges: readonly Range[];
  /** Index of the range with the greatest end among those up to each. */
  readonly furthest: readonly number[];
}

/**
 * The findings of each source, in the order given, without those where a narrower rule speaks: on overlapping text (`yieldsTo`), or for the same build or service
 * (`yieldsOnSubjectTo`). Whether the narrower finding is suppressed or itself yields makes no difference: else silencing
 * one finding would bring up another about the same cause.
 *
 * @param files findings by source
 */
export function withoutYielding(files: readonly (readonly Joined[])[], registry: Registry): readonly Joined[][] {
  const spoken = speakersByLabel(files, registry);
  return files.map((findings) => {
    const marked = new MarkedText(findings);
    return findings.filter((joined) => !isMarked(joined, marked) && hasSubjectLeft(joined, spoken));
  });
}

/** Whether a narrower rule marks the place of a finding or of its cause. */
function isMarked({ rule, range, best: { finding } }: Joined, marked: MarkedText): boolean {
  const { cause } = finding;
  const names = finding.yieldsTo === undefined ? rule.yieldsTo : [...(rule.yieldsTo ?? []), ...finding.yieldsTo];
  return (
    names?.some((name) => marked.overlaps(name, range) || (cause !== undefined && marked.overlaps(name, cause))) ===
    true
  );
}

/** Takes away the builds and services for which a narrower rule speaks; false when none is left. */
function hasSubjectLeft(joined: Joined, spoken: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const { yieldsOnSubjectTo } = joined.rule;
  if (yieldsOnSubjectTo === undefined) return true;
  const all = [...joined.labels];
  const left = all.filter((label) => {
    const names = spoken.get(label);
    return names === undefined || !yieldsOnSubjectTo.some((name) => names.has(name));
  });
  joined.labels = left;
  return all.length === 0 || left.length > 0;
}

/** For each build or service, the names (`id`, `id#kind`) of rules that others yield to and that found something. */
function speakersByLabel(
  groups: readonly (readonly Joined[])[],
  registry: Registry,
): ReadonlyMap<string, ReadonlySet<string>> {
  const byLabel = new Map<string, Set<string>>();
  if (registry.narrowerOnSubject.size === 0) return byLabel;
  for (const { rule, kind, labels } of groups.flat()) {
    for (const name of namesOf(rule.id, kind)) {
      if (!registry.narrowerOnSubject.has(name)) continue;
      for (const label of labels) {
        const names = byLabel.get(label);
        if (names === undefined) byLabel.set(label, new Set([name]));
        else names.add(name);
      }
    }
  }
  return byLabel;
}

function namesOf(id: string, kind: string | undefined): readonly string[] {
  return kind === undefined ? [id] : [id, `${id}#${kind}`];
}

/** The ranges that the findings of one source mark, by rule and by kind; sorted on first use. */
class MarkedText {
  readonly #findings: readonly Joined[];
  readonly #byName = new Map<string, Marked>();

  constructor(findings: readonly Joined[]) {
    this.#findings = findings;
  }

  /** Whether a finding of a rule (`id`) or kind (`id#kind`) overlaps a range. */
  overlaps(name: string, range: Range): boolean {
    let marked = this.#byName.get(name);
    if (marked === undefined) {
      marked = markedBy(this.#findings, name);
      this.#byName.set(name, marked);
    }
    const { ranges, furthest } = marked;
    const last = lastStartingBy(ranges, range.end);
    const widest = ranges[furthest[last] ?? -1];
    if (widest === undefined) return false;
    if (overlaps(widest, range)) return true;
    // Ranges that only touch: few can, as the widest of all that begin earlier ends at or before this one.
    for (let index = last; index >= 0; index -= 1) {
      const candidate = ranges[index];
      const reach = ranges[furthest[index] ?? -1];
      if (candidate === undefined || reach === undefined || reach.end < range.start) return false;
      if (overlaps(candidate, range)) return true;
      if (candidate.start < range.start && candidate.end < range.start) return false;
    }
    return false;
  }
}

function markedBy(findings: readonly Joined[], name: string): Marked {
  const hash = name.indexOf("#");
  const id = hash === -1 ? name : name.slice(0, hash);
  const kind = hash === -1 ? undefined : name.slice(hash + 1);
  const ranges = findings
    .filter((joined) => joined.rule.id === id && (kind === undefined || joined.kind === kind))
    .map((joined) => joined.range)
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const furthest: number[] = [];
  for (const [index, range] of ranges.entries()) {
    const best = furthest.at(-1);
    furthest.push(best !== undefined && (ranges[best]?.end ?? 0) >= range.end ? best : index);
  }
  return { ranges, furthest };
}

/** Index of the last range that begins at or before an offset; -1 when there is none. */
function lastStartingBy(ranges: readonly Range[], offset: number): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
