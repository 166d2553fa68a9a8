import type { Fix } from "../engine/rule.js";
import type { RatedFinding, RunResult } from "../engine/run-result.js";
import type { Range, Source } from "../text/source.js";
import { maskMessage, secretSpans } from "../values/secret-spans.js";
import { shownLines } from "./source-lines.js";

/** Of one source; a file that holds more is a list of secrets, and its messages repeat those nearby. */
const MOST_KNOWN = 300;

/**
 * A result in which no text repeats a secret, whichever rules were on: messages are masked, and the ranges that
 * excerpts and fixes may not show are complete.
 */
export function hideSecrets(result: RunResult): RunResult {
  const secrets = new SecretsBySource([...result.findings, ...result.suppressed.map(({ finding }) => finding)]);
  return {
    ...result,
    findings: result.findings.map((finding) => hidden(finding, secrets)),
    diagnostics: result.diagnostics.map((diagnostic) => ({ ...diagnostic, message: maskMessage(diagnostic.message) })),
  };
}

function hidden(finding: RatedFinding, secrets: SecretsBySource): RatedFinding {
  const { source } = finding.range;
  const { ranges, texts } = secrets.of(source);
  const masked = [...finding.masked, ...near(finding.range, ranges), ...repeatedBy(finding.fix, ranges)];
  return {
    ...finding,
    masked,
    message: maskMessage(finding.message, texts),
    related: finding.related.map(({ range, message }) => ({
      range,
      message: maskMessage(message, secrets.of(range.source).texts),
    })),
  };
}

/** Secrets in the lines around a range that reports may show. */
function near(range: Range, ranges: readonly Range[]): readonly Range[] {
  if (ranges.length === 0) return ranges;
  const { source } = range;
  const { first, last } = shownLines(range);
  const start = source.lineSpan(first)?.start ?? range.start;
  const end = source.lineSpan(last)?.end ?? range.end;
  return ranges.filter((secret) => secret.start < end && secret.end > start);
}

/** Secrets that a fix writes down once more. */
function repeatedBy(fix: Fix | undefined, ranges: readonly Range[]): readonly Range[] {
  if (fix === undefined || ranges.length === 0) return [];
  const texts = [fix.description, ...fix.edits.map(({ text }) => text)];
  return ranges.filter(({ source, start, end }) => {
    const secret = source.text.slice(start, end);
    return texts.some((text) => text.includes(secret));
  });
}

interface Secrets {
  readonly ranges: readonly Range[];
  readonly texts: ReadonlySet<string>;
}

/** What looks like a secret in each source, found once. */
class SecretsBySource {
  readonly #known = new Map<Source, Secrets>();
  /** What rules say may not be shown. */
  readonly #masked = new Map<Source, Set<string>>();

  constructor(findings: readonly RatedFinding[]) {
    for (const { masked } of findings) {
      for (const { source, start, end } of masked) {
        const texts = this.#masked.get(source) ?? new Set();
        texts.add(unquoted(source.text.slice(start, end)));
        this.#masked.set(source, texts);
      }
    }
  }

  of(source: Source): Secrets {
    let secrets = this.#known.get(source);
    if (secrets === undefined) {
      const ranges = secretSpans(source.text, this.#masked.get(source)).map(({ start, end }) =>
        source.range(start, end),
      );
      const texts = ranges.slice(0, MOST_KNOWN).map(({ start, end }) => source.text.slice(start, end));
      secrets = { ranges, texts: new Set(texts) };
      this.#known.set(source, secrets);
    }
    return secrets;
  }
}

function unquoted(text: string): string {
  return /^(["']).*\1$/s.test(text) ? text.slice(1, -1) : text;
}
