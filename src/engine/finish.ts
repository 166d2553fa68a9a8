import type { Target } from "../config/rule-index.js";
import type { Level, Threshold } from "../data/levels.js";
import { ASSUMED_ROLE } from "../data/roles.js";
import { overlaps, type Range, type Source } from "../text/source.js";
import type { ChecklistTally } from "./checklist.js";
import { hash64, lineText } from "./fingerprint.js";
import { adaptFix } from "./fixes/adapt-edit.js";
import { type Joined, MOST_OF_A_RULE } from "./joined-findings.js";
import { compareLevels } from "./level.js";
import { PARSE_RULES, type ParseProblem } from "./parse-problems.js";
import type { Registry } from "./registry.js";
import type { RuleSettings } from "./rule-settings.js";
import type { FileState } from "./run.js";
import type { Diagnostic, LintedFile, RatedFinding, RunResult, SuppressedFinding } from "./run-result.js";
import { SUPPRESSION_RULE, type SuppressionFinding, suppressionFindings } from "./suppressions/report.js";
import { withoutYielding } from "./yields.js";

/** Everything that a run collected. */
export interface RunParts {
  readonly registry: Registry;
  readonly files: readonly FileState[];
  readonly linted: readonly LintedFile[];
  readonly diagnostics: readonly Diagnostic[];
  readonly checklist: ChecklistTally;
  readonly settingsFor: (file: FileState) => RuleSettings;
  readonly repositoryPath: (source: Source) => string;
  /** Undefined means that `failOn` of each file's policy counts. */
  readonly threshold: Threshold | undefined;
}

/** Puts a run's result in order: yields, fingerprints, suppressions, what does not parse, the checklist. */
export function finishFindings(parts: RunParts): RunResult {
  const files = [...parts.files].sort((a, b) => byText(a.source.path, b.source.path));
  const kept = withoutYielding(
    files.map(({ findings }) => findings.all),
    parts.registry,
  );
  const findings: RatedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  const diagnostics: Diagnostic[] = [...parts.diagnostics];
  const unparsed: string[] = [];
  let failing = 0;
  for (const [index, file] of files.entries()) {
    const result = finishFile(file, kept[index] ?? [], parts);
    // Not `push(...list)`: a hostile file has more findings than a call can have arguments.
    for (const finding of result.findings) findings.push(finding);
    for (const finding of result.suppressed) suppressed.push(finding);
    for (const diagnostic of result.diagnostics) diagnostics.push(diagnostic);
    if (result.isUnparsed) unparsed.push(file.source.path);
    failing += result.findings.filter(({ severity }) => isAtLeast(severity, result.threshold)).length;
  }
  return {
    files: [...parts.linted].sort((a, b) => byText(a.path, b.path)),
    findings,
    suppressed,
    diagnostics: uniqueDiagnostics(diagnostics),
    checklist: parts.checklist.summarize(findings),
    failing,
    unparsed: [...new Set(unparsed)],
  };
}

interface FileResult {
  readonly findings: readonly RatedFinding[];
  readonly suppressed: readonly SuppressedFinding[];
  readonly diagnostics: readonly Diagnostic[];
  readonly isUnparsed: boolean;
  readonly threshold: Threshold;
}

/** Says of which rules findings were left out. */
function cutDiagnostics({ findings, source }: FileState): readonly Diagnostic[] {
  return [...findings.cut].map(({ id }) => ({
    kind: "skipped",
    path: source.path,
    message: `more than ${MOST_OF_A_RULE.toLocaleString("en")} findings of ${id}; the others are left out`,
  }));
}

function finishFile(file: FileState, joined: readonly Joined[], parts: RunParts): FileResult {
  const { suppressions, source } = file;
  const policy = file.policies.policyFor(source.file, file.role ?? ASSUMED_ROLE);
  const problems = problemsOf(file, joined, parts);
  const prints = new Fingerprints(file, joined, parts.repositoryPath(source));
  const findings: RatedFinding[] = [];
  const suppressed: SuppressedFinding[] = [];
  for (const each of [...joined].sort(inFileOrder)) {
    const finding = ratedFinding(each, parts.registry, prints);
    const { rule, kind, aliases, range } = finding;
    const { line } = source.positionAt(range.start);
    const match = policy.inlineConfig ? suppressions.match({ rule, kind, aliases, line }) : undefined;
    if (match === undefined) findings.push(finding);
    else suppressed.push({ finding, by: match.part.range, reason: match.suppression.reason });
  }
  if (policy.inlineConfig && !file.isHidden && suppressions.all.length + suppressions.malformed.length > 0) {
    const level = (kind: string): Level => levelOfSuppressionRule(parts, file, kind);
    const isOn = ({ rule, kind }: Target): boolean => isOnIn(rule, kind, parts, file);
    let count = 0;
    for (const finding of suppressionFindings(suppressions, policy, level, isOn)) {
      count += 1;
      if (count > MOST_OF_A_RULE) break;
      findings.push(aboutSuppression(finding, file, parts.registry, prints));
    }
    findings.sort((a, b) => inFileOrder(sortable(a), sortable(b)));
  }
  return {
    findings,
    suppressed,
    diagnostics: [...parseDiagnostics(problems, file, findings, parts.registry), ...cutDiagnostics(file)],
    isUnparsed: problems.length > 0,
    threshold: parts.threshold ?? policy.failOn,
  };
}

function ratedFinding(
  { rule, kind, range, best, labels }: Joined,
  registry: Registry,
  prints: Fingerprints,
): RatedFinding {
  const { finding, severity, confidence, role, embedded } = best;
  return {
    rule: rule.id,
    kind,
    family: rule.family,
    aliases: registry.aliasesOf(rule.id, kind),
    severity,
    confidence,
    message: finding.message,
    range,
    related: finding.related ?? [],
    fix: finding.fix === undefined ? undefined : adaptFix(finding.fix, embedded),
    role,
    builds: [...new Set(labels)].sort(),
    fingerprint: prints.next(rule.id, kind, range, finding.subject),
    masked: finding.masked ?? [],
  };
}

function aboutSuppression(
  { kind, severity, range, message, fix }: SuppressionFinding,
  { role }: FileState,
  registry: Registry,
  prints: Fingerprints,
): RatedFinding {
  return {
    rule: SUPPRESSION_RULE,
    kind,
    family: SUPPRESSION_RULE.slice(0, SUPPRESSION_RULE.indexOf("/")),
    aliases: registry.aliasesOf(SUPPRESSION_RULE, kind),
    severity,
    confidence: "high",
    message,
    range,
    related: [],
    fix: fix === undefined ? undefined : adaptFix(fix, undefined),
    role: role ?? ASSUMED_ROLE,
    builds: [],
    fingerprint: prints.next(SUPPRESSION_RULE, kind, range, undefined),
    masked: [],
  };
}

/** Makes fingerprints that do not change with edits elsewhere in the file: no line number, no value, an ordinal. */
class Fingerprints {
  readonly #path: string;
  readonly #masked: ReadonlyMap<number, readonly Range[]>;
  readonly #seen = new Map<string, number>();
  /** The line asked last: of a long one with thousands of findings the text is made once. */
  #last: { readonly source: Source; readonly line: number; readonly text: string } | undefined;

  constructor({ source }: FileState, findings: readonly Joined[], path: string) {
    this.#path = path;
    // What one finding masks is no business of another one's fingerprint either.
    const masked = findings.flatMap(({ best }) => best.finding.masked ?? []);
    this.#masked = rangesByLine(masked.filter((range) => range.source === source));
  }

  next(rule: string, kind: string | undefined, range: Range, subject: string | undefined): string {
    const what = subject === undefined ? `line ${this.#lineOf(range)}` : `subject ${subject}`;
    const key = [rule, kind ?? "", this.#path, what].join("\n");
    const ordinal = this.#seen.get(key) ?? 0;
    this.#seen.set(key, ordinal + 1);
    return hash64(`${key}\n${ordinal}`);
  }

  #lineOf(range: Range): string {
    const { source } = range;
    const { line } = source.positionAt(range.start);
    if (this.#last?.source !== source || this.#last.line !== line) {
      this.#last = { source, line, text: lineText(range, this.#masked.get(line) ?? []) };
    }
    return this.#last.text;
  }
}

/** Ranges by each of their lines; of a range that is longer than any secret, by its first lines. */
function rangesByLine(ranges: readonly Range[]): ReadonlyMap<number, readonly Range[]> {
  const byLine = new Map<number, Range[]>();
  for (const range of ranges) {
    const { line: first } = range.source.positionAt(range.start);
    const { line: last } = range.source.positionAt(range.end);
    for (let line = first; line <= Math.min(last, first + MOST_MASKED_LINES); line += 1) {
      const known = byLine.get(line);
      if (known === undefined) byLine.set(line, [range]);
      else known.push(range);
    }
  }
  return byLine;
}

const MOST_MASKED_LINES = 200;

/** Whether a rule, or one kind of it, is on in a file; a rule with kinds when any of them is. */
function isOnIn(id: string, kind: string | undefined, { registry, settingsFor }: RunParts, file: FileState): boolean {
  const settings = settingsFor(file);
  const kinds = kind === undefined ? Object.keys(registry.rule(id)?.kinds ?? {}) : [kind];
  return (kinds.length === 0 ? [undefined] : kinds).some((each) => settings.level(id, each) !== "off");
}

/** Without the rule itself (a run of some rules only), what a comment says wrong is still said. */
function levelOfSuppressionRule({ registry, settingsFor }: RunParts, file: FileState, kind: string): Level {
  const settings = settingsFor(file);
  if (registry.rule(SUPPRESSION_RULE) !== undefined) return settings.level(SUPPRESSION_RULE, kind);
  return kind === "malformed" && settings.policy.only.length === 0 ? "warning" : "off";
}

/** Rules whose options tell what is no problem: words of another frontend, files that are parts of others. */
const EXCUSING: ReadonlySet<string> = new Set([PARSE_RULES.instruction, PARSE_RULES.stage]);

/** What does not parse, without what such a rule was asked about and takes for right. */
function problemsOf(file: FileState, joined: readonly Joined[], { settingsFor }: RunParts): readonly ParseProblem[] {
  if (file.isHidden || file.problems.length === 0) return [];
  const found = new Map<string, Range[]>([...EXCUSING].map((rule) => [rule, []]));
  for (const { rule, range } of joined) found.get(rule.id)?.push(range);
  for (const ranges of found.values()) ranges.sort((a, b) => a.start - b.start);
  return file.problems.filter(({ rule, range }) => {
    const ranges = found.get(rule);
    return ranges === undefined || isOff(rule, settingsFor(file)) || isReported(range, ranges, isAt);
  });
}

/** An empty range overlaps nothing. */
function isAt(range: Range, problem: Range): boolean {
  return range.start === problem.start || overlaps(range, problem);
}

function isOff(rule: string, settings: RuleSettings): boolean {
  const kind = rule === PARSE_RULES.stage ? "no-stage" : undefined;
  return settings.level(rule, kind) === "off";
}

/** A problem that no finding reports, of its rule or of one that speaks instead, is said all the same. */
function parseDiagnostics(
  problems: readonly ParseProblem[],
  file: FileState,
  findings: readonly RatedFinding[],
  registry: Registry,
): readonly Diagnostic[] {
  if (problems.length === 0) return [];
  const reported = new Map<string, Range[]>(problems.map(({ rule }) => [rule, []]));
  for (const { rule, kind, range } of findings) {
    for (const [id, ranges] of reported) {
      const narrower = id === rule ? undefined : registry.rule(id)?.yieldsTo;
      const speaks = narrower?.some((name) => name === rule || name === `${rule}#${kind}`);
      if (id === rule || speaks === true) ranges.push(range);
    }
  }
  const silent = problems.filter(({ rule, range }) => !isReported(range, reported.get(rule) ?? []));
  return silent.slice(0, MOST_PARSE_DIAGNOSTICS).map(({ range, message }) => ({
    kind: "parse",
    path: file.source.path,
    message,
    line: file.source.positionAt(range.start).line,
  }));
}

/** Whether one of the ranges, which are in order of their starts, fits a problem: `fits` holds of no range far from it. */
function isReported(problem: Range, ranges: readonly Range[], fits = overlaps): boolean {
  let low = 0;
  for (let high = ranges.length; low < high; ) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.start ?? 0) <= problem.end) low = middle + 1;
    else high = middle;
  }
  // Ranges are short, so that the one that overlaps is among the last that start before the problem ends.
  return ranges.slice(Math.max(0, low - NEAR), low).some((range) => fits(range, problem));
}

/** Ranges that are looked at before a problem. */
const NEAR = 64;

/** Of one file; a file that is no Dockerfile at all has a problem in every line. */
const MOST_PARSE_DIAGNOSTICS = 20;

function uniqueDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const byText = new Map(
    diagnostics.map((each) => [`${each.kind}\n${each.path}\n${each.line}\n${each.message}`, each]),
  );
  return [...byText.values()].sort(inDiagnosticOrder);
}

function inDiagnosticOrder(a: Diagnostic, b: Diagnostic): number {
  return byText(a.path, b.path) || (a.line ?? 0) - (b.line ?? 0) || byText(a.message, b.message);
}

interface Sortable {
  readonly rule: { readonly id: string };
  readonly kind: string | undefined;
  readonly range: Range;
}

function sortable({ rule, kind, range }: RatedFinding): Sortable {
  return { rule: { id: rule }, kind, range };
}

function inFileOrder(a: Sortable, b: Sortable): number {
  return (
    a.range.start - b.range.start ||
    byText(a.rule.id, b.rule.id) ||
    byText(a.kind ?? "", b.kind ?? "") ||
    a.range.end - b.range.end
  );
}

/** UTF-16 order: the same on every machine, whatever the locale. */
function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function isAtLeast(severity: Level, threshold: Threshold): boolean {
  return threshold !== "never" && compareLevels(severity, threshold) >= 0;
}
