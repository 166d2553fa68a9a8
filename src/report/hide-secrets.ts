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
  const message = maskMessage(finding.message, texts);
  const related = finding.related.map((place) => {
    const shown = maskMessage(place.message, secrets.of(place.range.source).texts);
    return shown === place.message ? place : { range: place.range, message: shown };
  });
  // Nearly all findings stay as they are: copies of them were a tenth of the memory of a large run.
  const isSame = message === finding.message && related.every((place, index) => place === finding.related[index]);
  if (isSame && ranges.length === 0) return finding;
  const masked = [...finding.masked, ...near(finding.range, ranges), ...repeatedBy(finding.fix, ranges)];
  return { ...finding, masked, message, related };
}

/** Of a longer line reports show a part: its beginning, or what is around the range. In code units. */
const MOST_SHOWN = 2000;

/** Secrets in the lines around a range that reports may show; of long lines those near what is shown. */
function near({ source, start, end }: Range, ranges: readonly Range[]): readonly Range[] {
  if (ranges.length === 0) return ranges;
  const { first, last } = shownLines(source.range(start, end));
  const found = new Set(between(start - MOST_SHOWN, Math.min(end, start + MOST_SHOWN) + MOST_SHOWN, ranges));
  for (let line = first; line <= last; line += 1) {
    const span = source.lineSpan(line);
    if (span === undefined) continue;
    for (const range of between(span.start, Math.min(span.end, span.start + MOST_SHOWN), ranges)) found.add(range);
  }
  return [...found];
}

/** Those of some ranges, which are in order and do not overlap, that reach into a stretch; linear in what is found. */
function between(start: number, end: number, ranges: readonly Range[]): readonly Range[] {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= start) low = middle + 1;
    else high = middle;
  }
  let stop = low;
  while (stop < ranges.length && (ranges[stop]?.start ?? end) < end) stop += 1;
  return ranges.slice(low, stop);
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

const NO_SECRETS: Secrets = { ranges: [], texts: new Set() };

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
      if (ranges.length === 0) {
        this.#known.set(source, NO_SECRETS);
        return NO_SECRETS;
      }
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
