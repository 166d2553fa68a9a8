import type { Level, Severity } from "../../data/levels.js";
import { compareLevels } from "../level.js";
import { PARSE_RULES } from "../parse-problems.js";
import type { RunResult } from "../run-result.js";

const PARSE_RULE_IDS: ReadonlySet<string> = new Set(Object.values(PARSE_RULES));

/** Findings of one file, counted. */
interface FileTally {
  /** What does not parse. */
  broken: number;
  /** By rule, kind and severity. */
  readonly counts: Map<string, { readonly severity: Severity; count: number }>;
}

/**
 * Files that are worse off in `after`: more of them does not parse, or they have got a finding that is worse than the
 * worst that they lost.
 *
 * @param files absolute path by shown path of the files to compare; undefined paths are left out
 * @returns absolute paths
 */
export function worsened(
  before: RunResult,
  after: RunResult,
  files: ReadonlyMap<string, string | undefined>,
): ReadonlySet<string> {
  const earlier = tallies(before, files);
  const later = tallies(after, files);
  const worse = new Set<string>();
  for (const [path, file] of files) {
    if (file !== undefined && isWorse(earlier.get(path), later.get(path))) worse.add(file);
  }
  return worse;
}

function tallies(result: RunResult, files: ReadonlyMap<string, unknown>): ReadonlyMap<string, FileTally> {
  const byPath = new Map<string, FileTally>();
  const tallyOf = (path: string): FileTally => {
    let tally = byPath.get(path);
    if (tally === undefined) {
      tally = { broken: 0, counts: new Map() };
      byPath.set(path, tally);
    }
    return tally;
  };
  for (const { range, rule, kind, severity } of result.findings) {
    const { path } = range.source;
    if (!files.has(path)) continue;
    const tally = tallyOf(path);
    if (PARSE_RULE_IDS.has(rule)) tally.broken += 1;
    const key = `${rule}#${kind ?? ""} ${severity}`;
    const known = tally.counts.get(key);
    if (known === undefined) tally.counts.set(key, { severity, count: 1 });
    else known.count += 1;
  }
  for (const { kind, path } of result.diagnostics) if (kind === "parse" && files.has(path)) tallyOf(path).broken += 1;
  return byPath;
}

function isWorse(before: FileTally | undefined, after: FileTally | undefined): boolean {
  if ((after?.broken ?? 0) > (before?.broken ?? 0)) return true;
  return compareLevels(worstMore(after, before), worstMore(before, after)) > 0;
}

/** The worst severity of what `a` has more of than `b`; off when it has no more of anything. */
function worstMore(a: FileTally | undefined, b: FileTally | undefined): Level {
  let worst: Level = "off";
  for (const [key, { severity, count }] of a?.counts ?? []) {
    const isMore = count > (b?.counts.get(key)?.count ?? 0);
    if (isMore && compareLevels(severity, worst) > 0) worst = severity;
  }
  return worst;
}
