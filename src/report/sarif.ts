import type { Related } from "../engine/rule.js";
import type { Diagnostic, RatedFinding, RunResult } from "../engine/run-result.js";
import { printable } from "../text/printable.js";
import type { Range, Source } from "../text/source.js";
import { ruleName, showableFix } from "./finding-text.js";
import { lineHashes } from "./line-hash.js";
import type { Renderer, ReportContext } from "./report-context.js";
import { LEVEL, ruleDescriptor } from "./sarif-rule.js";
import { wellFormed } from "./well-formed.js";

/** Results of one run that GitHub accepts; the file is refused when there are more. */
const RESULT_LIMIT = 25_000;
/** Related places of one result that GitHub accepts, less the primary one. */
const RELATED_LIMIT = 99;

/**
 * SARIF 2.1.0 as GitHub code scanning wants it: one run, uris relative to the root of the repository, one location per
 * result, no suppressed results. Project-level findings have a place in a file like all others.
 *
 * @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 * @see https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support-for-code-scanning
 */
export const sarif: Renderer = (result, context) => {
  const findings = withinLimit(result.findings);
  const ids = [...new Set(findings.map(({ rule }) => rule))].sort();
  const indexes = new Map(ids.map((id, index) => [id, index]));
  const hashes = new HashesBySource();
  const paths = new Set(result.files.map(({ path }) => path));
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: {
          driver: {
            name: "plimsoll",
            semanticVersion: context.version,
            version: context.version,
            informationUri: context.homepage,
            rules: ids.map((id) => ruleDescriptor(id, context)),
          },
          extensions: result.extensions,
        },
        columnKind: "utf16CodeUnits",
        invocations: [invocation(result, findings.length, context)],
        results: findings.map((finding) => ({
          ...resultOf(finding, indexes.get(finding.rule) ?? 0, hashes, context),
          properties: propertiesOf(finding, paths, context),
        })),
      },
    ],
  };
  return `${JSON.stringify(log, undefined, 2)}\n`;
};

/** The findings themselves, or the worst ones in their order when there are too many. */
function withinLimit(findings: readonly RatedFinding[]): readonly RatedFinding[] {
  if (findings.length <= RESULT_LIMIT) return findings;
  const kept = new Set<RatedFinding>();
  for (const severity of ["error", "warning", "info"] as const) {
    for (const finding of findings) {
      if (finding.severity === severity && kept.size < RESULT_LIMIT) kept.add(finding);
    }
  }
  return findings.filter((finding) => kept.has(finding));
}

function resultOf(finding: RatedFinding, ruleIndex: number, hashes: HashesBySource, context: ReportContext): object {
  const { rule, severity, range, fingerprint } = finding;
  const related = finding.related.slice(0, RELATED_LIMIT);
  const fix = fixOf(finding, context);
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVEL[severity],
    message: { text: messageText(finding.message, related) },
    locations: [{ physicalLocation: physicalLocation(range, context) }],
    ...(related.length === 0
      ? {}
      : { relatedLocations: related.map((place, at) => relatedLocation(place, at, context)) }),
    partialFingerprints: { primaryLocationLineHash: hashes.of(range), "plimsoll/v1": fingerprint },
    ...(fix === undefined ? {} : { fixes: [fix] }),
  };
}

function propertiesOf(finding: RatedFinding, paths: ReadonlySet<string>, context: ReportContext): object {
  const { aliases, builds, confidence } = finding;
  const labels = builds.map((label) => labelFromRoot(label, paths, context));
  return { name: ruleName(finding), confidence, aliases, builds: labels };
}

/** `service (compose file)`, `Dockerfile (target)` or `Dockerfile`, with the path relative to the repository as in uris. */
function labelFromRoot(label: string, paths: ReadonlySet<string>, context: ReportContext): string {
  if (paths.has(label)) return context.fromRepositoryRoot(label);
  const [, before = "", inside = ""] = /^(.*) \(([^()]*)\)$/s.exec(label) ?? [];
  if (paths.has(inside)) return `${before} (${context.fromRepositoryRoot(inside)})`;
  return paths.has(before) ? `${context.fromRepositoryRoot(before)} (${inside})` : label;
}

/** The message, and a link to each related place: `[text](id)`. */
function messageText(message: string, related: readonly Related[]): string {
  const plain = printable(message).replaceAll("](", "\\](");
  if (related.length === 0) return plain;
  const links = related.map((place, index) => `[${escapeLink(printable(place.message))}](${index + 1})`);
  return `${plain}. See ${links.join(", ")}.`;
}

/** @see https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html (3.11.6 Messages with embedded links) */
function escapeLink(text: string): string {
  return text.replaceAll(/[\\[\]]/g, "\\$&");
}

function relatedLocation({ range, message }: Related, index: number, context: ReportContext): object {
  return {
    id: index + 1,
    message: { text: printable(message) },
    physicalLocation: physicalLocation(range, context),
  };
}

function physicalLocation({ source, start, end }: Range, context: ReportContext): object {
  return { artifactLocation: { uri: uriOf(source.path, context) }, region: region(source, start, end) };
}

function region(source: Source, start: number, end: number): object {
  const first = source.positionAt(start);
  const last = source.positionAt(end);
  return { startLine: first.line, startColumn: first.column, endLine: last.line, endColumn: last.column };
}

/** A path as a relative reference: each part percent-encoded, so that no colon is taken for a scheme. */
function uriOf(path: string, context: ReportContext): string {
  return context.fromRepositoryRoot(path).split("/").map(encodePart).join("/");
}

function encodePart(part: string): string {
  return encodeURIComponent(wellFormed(part));
}

function fixOf(finding: RatedFinding, context: ReportContext): object | undefined {
  const fix = showableFix(finding);
  if (fix === undefined || fix.edits.length === 0 || (fix.creates ?? []).length > 0) return undefined;
  const changes = new Map<Source, object[]>();
  for (const { range, text } of fix.edits) {
    const replacements = changes.get(range.source) ?? [];
    replacements.push({ deletedRegion: region(range.source, range.start, range.end), insertedContent: { text } });
    changes.set(range.source, replacements);
  }
  return {
    description: {
      text: `${printable(fix.description)}${fix.safety === "safe" ? "" : " (may change what the image does)"}`,
    },
    artifactChanges: [...changes].map(([source, replacements]) => ({
      artifactLocation: { uri: uriOf(source.path, context) },
      replacements,
    })),
  };
}

function invocation({ diagnostics, findings }: RunResult, reported: number, context: ReportContext): object {
  const execution = diagnostics.filter(({ kind }) => kind !== "config").map((item) => notification(item, context));
  const configuration = diagnostics.filter(({ kind }) => kind === "config").map((item) => notification(item, context));
  if (reported < findings.length) {
    const text = `${findings.length - reported} milder findings are left out: a file holds at most ${RESULT_LIMIT}`;
    execution.push({ level: "warning", message: { text } });
  }
  return {
    executionSuccessful: diagnostics.every(({ kind }) => kind !== "internal"),
    ...(execution.length === 0 ? {} : { toolExecutionNotifications: execution }),
    ...(configuration.length === 0 ? {} : { toolConfigurationNotifications: configuration }),
  };
}

function notification({ kind, path, line, column, message }: Diagnostic, context: ReportContext): object {
  const region = { startLine: line, ...(column === undefined ? {} : { startColumn: column }) };
  const place = line === undefined ? {} : { region };
  return {
    level: kind === "skipped" ? "note" : "error",
    message: { text: printable(message) },
    ...(path === ""
      ? {}
      : { locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path, context) }, ...place } }] }),
  };
}

/** Hashes of lines, computed once per source. */
class HashesBySource {
  readonly #bySource = new Map<Source, readonly string[]>();

  /** Hash of the line in which a range begins. */
  of({ source, start }: Range): string {
    let hashes = this.#bySource.get(source);
    if (hashes === undefined) {
      hashes = lineHashes(source.text);
      this.#bySource.set(source, hashes);
    }
    return hashes[source.positionAt(start).line - 1] ?? "";
  }
}
