import type { Fix } from "../engine/rule.js";
import { CHECKLIST_FAMILIES, type LintedFile, type RatedFinding, type RunResult } from "../engine/run-result.js";
import { showableFix } from "./finding-text.js";
import { type Renderer, type ReportContext, ruleUrl } from "./report-context.js";

/**
 * The JSON report, version 1: every file that was judged, with its findings. Lines and columns are 1-based and count
 * UTF-16 code units, ends are exclusive, offsets are 0-based. `summary.fixable` counts what `--fix` mends, that is, safe
 * fixes.
 */
export const json: Renderer = (result, context) => [...jsonParts(result, context)].join("");

/** The same in parts, a file each: of ten thousand files the text and the objects behind it took 250 MB. */
export function* jsonParts(result: RunResult, context: ReportContext): Iterable<string> {
  const findings = byPath(result.findings);
  const start = {
    version: 1,
    tool: { name: "plimsoll", version: context.version, extensions: result.extensions },
    summary: summaryOf(result),
  };
  const diagnostics = result.diagnostics.map(({ kind, path, line, column, message }) => ({
    kind,
    path,
    line,
    column,
    message,
  }));
  yield `${jsonAt("", start).slice(0, -"\n}".length)},\n  "files": `;
  let separator = "[\n    ";
  for (const { path, kind, role } of allFiles(result)) {
    const own = (findings.get(path) ?? []).map((finding) => findingJson(finding, context));
    yield separator + jsonAt("    ", { path, kind, role: role.name, findings: own });
    separator = ",\n    ";
  }
  yield separator.startsWith("[") ? "[]" : "\n  ]";
  yield `,\n  "diagnostics": ${jsonAt("  ", diagnostics)}\n}\n`;
}

/** A value as it stands in JSON at a depth. No text of JSON holds a line break that is not between its parts. */
function jsonAt(indent: string, value: object): string {
  return JSON.stringify(value, undefined, 2).replaceAll("\n", `\n${indent}`);
}

function summaryOf({ files, findings, suppressed, checklist }: RunResult): object {
  const count = (severity: RatedFinding["severity"]) =>
    findings.filter((finding) => finding.severity === severity).length;
  return {
    files: files.length,
    findings: { error: count("error"), warning: count("warning"), info: count("info") },
    suppressed: suppressed.length,
    fixable: findings.filter(({ fix }) => fix?.safety === "safe").length,
    checklist: Object.fromEntries(CHECKLIST_FAMILIES.map((family) => [family, checklist.summary[family]])),
  };
}

/** The files judged, and files that only a finding names (an env file, a policy): no finding may be lost. */
function allFiles({ files, findings }: RunResult): readonly Pick<LintedFile, "path" | "kind" | "role">[] {
  const known = new Set(files.map(({ path }) => path));
  const others = new Map<string, Pick<LintedFile, "path" | "kind" | "role">>();
  for (const { range, role } of findings) {
    const { path } = range.source;
    if (!known.has(path)) others.set(path, { path, kind: kindOfOther(path), role });
  }
  if (others.size === 0) return files;
  return [...files, ...others.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function kindOfOther(path: string): LintedFile["kind"] {
  if (path.endsWith("ignore")) return "dockerignore";
  return /\.ya?ml$/i.test(path) ? "compose" : "dockerfile";
}

function byPath(findings: readonly RatedFinding[]): ReadonlyMap<string, readonly RatedFinding[]> {
  const groups = new Map<string, RatedFinding[]>();
  for (const finding of findings) {
    const { path } = finding.range.source;
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [finding]);
    else group.push(finding);
  }
  return groups;
}

function findingJson(finding: RatedFinding, context: ReportContext): object {
  const { rule, kind, aliases, severity, confidence, message, range, builds, related, fingerprint } = finding;
  const start = range.source.positionAt(range.start);
  const end = range.source.positionAt(range.end);
  const fix = showableFix(finding);
  return {
    rule,
    kind,
    aliases,
    severity,
    confidence,
    message,
    line: start.line,
    column: start.column,
    endLine: end.line,
    endColumn: end.column,
    offset: range.start,
    length: range.end - range.start,
    builds,
    related: related.map((place) => {
      const { source } = place.range;
      return { path: source.path, ...source.positionAt(place.range.start), message: place.message };
    }),
    fix: fix === undefined ? undefined : fixJson(fix, context),
    fingerprint,
    url: ruleUrl(context.homepage, rule),
  };
}

function fixJson({ safety, description, edits, creates }: Fix, context: ReportContext): object {
  return {
    safety,
    description,
    edits: edits.map(({ range, text }) => ({
      path: range.source.path,
      offset: range.start,
      length: range.end - range.start,
      text,
    })),
    creates: creates?.map(({ file, text }) => ({ path: context.display(file), text })),
  };
}
