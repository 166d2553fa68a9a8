import type { Severity } from "../data/levels.js";
import type { RatedFinding } from "../engine/run-result.js";

/** `1 file`, `2 files`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** The severities, the worst first. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "info"];

/** How many findings there are of each severity that occurs, the worst first: `2 warnings`, `1 info`. */
export function severityCounts(
  findings: readonly RatedFinding[],
): readonly { readonly severity: Severity; readonly text: string }[] {
  return SEVERITIES.flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    if (count === 0) return [];
    return [{ severity, text: severity === "info" ? `${count} info` : counted(count, severity) }];
  });
}

/** What the flags for fixing would mend: `2 fixable with --fix`, `1 more with --fix --unsafe-fixes`. */
export function fixCounts(findings: readonly RatedFinding[]): readonly string[] {
  const safe = findings.filter(({ fix }) => fix?.safety === "safe").length;
  const unsafe = findings.filter(({ fix }) => fix?.safety === "unsafe").length;
  const parts: string[] = [];
  if (safe > 0) parts.push(`${safe} fixable with --fix`);
  if (unsafe > 0) parts.push(`${unsafe}${safe > 0 ? " more" : " fixable"} with --fix --unsafe-fixes`);
  return parts;
}
