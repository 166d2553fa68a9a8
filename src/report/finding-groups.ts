import type { RatedFinding } from "../engine/run-result.js";
import { ruleName } from "./finding-text.js";

/** Findings that share an entry: at least one. */
export type Group = readonly [RatedFinding, ...RatedFinding[]];

/** Findings in their order; those about keys of one file for the same rule and kind follow the first of them. */
export function grouped(findings: readonly RatedFinding[]): readonly Group[] {
  const groups: [RatedFinding, ...RatedFinding[]][] = [];
  const open = new Map<string, [RatedFinding, ...RatedFinding[]]>();
  for (const finding of findings) {
    if (!isAtKey(finding)) {
      groups.push([finding]);
      continue;
    }
    const key = `${finding.range.source.path}\n${ruleName(finding)}\n${finding.severity}`;
    const group = open.get(key);
    if (group !== undefined) {
      group.push(finding);
      continue;
    }
    const first: [RatedFinding, ...RatedFinding[]] = [finding];
    open.set(key, first);
    groups.push(first);
  }
  return groups;
}

/** Whether the range is a YAML key with nothing but its block after it: where a service is told what it lacks. */
function isAtKey({ range: { source, start, end }, related }: RatedFinding): boolean {
  if (related.length > 0 || !/\.ya?ml$/i.test(source.path)) return false;
  const { line } = source.positionAt(start);
  const span = source.lineSpan(line);
  if (span === undefined || end > span.end) return false;
  return /^:[ \t]*(?:#|$)/.test(source.text.slice(end, span.end)) && source.text.slice(span.start, start).trim() === "";
}
