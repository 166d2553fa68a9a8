import type { Policy } from "../../config/policy.js";
import type { Target } from "../../config/rule-index.js";
import type { Level, Severity } from "../../data/levels.js";
import type { Range } from "../../text/source.js";
import { compareLevels } from "../level.js";
import type { Fix } from "../rule.js";
import type { FileSuppressions, Suppression, SuppressionPart } from "./suppressions.js";

/** The rule that findings about suppressions belong to. Its findings come from here and cannot be suppressed. */
export const SUPPRESSION_RULE = "style/no-inline-suppression";

/** A finding about a comment that silences, or means to. */
export interface SuppressionFinding {
  readonly kind: "any" | "no-reason" | "unused" | "malformed";
  readonly severity: Severity;
  readonly range: Range;
  readonly message: string;
  readonly fix: Fix | undefined;
}

/**
 * What is to be said about the suppressions of a file, after its findings were matched.
 *
 * @param levelOf level of a kind of {@link SUPPRESSION_RULE}
 * @param isOn whether a rule or kind could have found something in the file
 */
export function* suppressionFindings(
  file: FileSuppressions,
  policy: Policy,
  levelOf: (kind: SuppressionFinding["kind"]) => Level,
  isOn: (target: Target) => boolean,
): Iterable<SuppressionFinding> {
  const malformed = levelOf("malformed");
  if (malformed !== "off") {
    for (const { range, message } of file.malformed) {
      yield { kind: "malformed", severity: malformed, range, message, fix: undefined };
    }
  }
  const any = levelOf("any");
  const noReason = worse(levelOf("no-reason"), policy.reasonlessSuppressions);
  const unused = isPartial(policy) ? "off" : worse(levelOf("unused"), policy.unusedSuppressions);
  for (const suppression of file.all) {
    const { range, reason } = suppression;
    if (any !== "off") {
      const message = "an exception is written in the file; move it to `overrides` of the policy";
      yield { kind: "any", severity: any, range, message, fix: undefined };
    }
    if (noReason !== "off" && reason === undefined) {
      const message = "the exception has no reason; add ` -- ` and why it is right here";
      yield { kind: "no-reason", severity: noReason, range, message, fix: undefined };
    }
    if (unused !== "off") yield* unusedParts(suppression, unused, isOn);
  }
}

/** When only some rules run, a comment for another one is not unused; unless that is what was asked for. */
function isPartial({ only, skip }: Policy): boolean {
  return skip.length > 0 || (only.length > 0 && !only.includes(SUPPRESSION_RULE));
}

/**
 * Comments in the spelling of another tool are idle where a rule of ours makes the check that they name, and is on: of
 * other checks only that tool can say.
 */
function* unusedParts(
  suppression: Suppression,
  severity: Severity,
  isOn: (target: Target) => boolean,
): Iterable<SuppressionFinding> {
  const isOwn = suppression.dialect === "plimsoll";
  const idle = suppression.parts.filter(({ isUsed, targets }) => !isUsed && (isOwn || targets.some(isOn)));
  for (const part of idle) {
    const message = `\`${part.name ?? ""}\` silences nothing here; remove it`;
    const fix = idle.length === suppression.parts.length ? removeComment(suppression.range) : removeName(part);
    yield { kind: "unused", severity, range: part.range, message, fix };
  }
}

function removeComment(range: Range): Fix {
  const { source } = range;
  const { line } = source.positionAt(range.start);
  const span = source.lineSpan(line) ?? range;
  const isAlone = source.text.slice(span.start, range.start).trim() === "";
  let start = isAlone ? span.start : range.start;
  while (!isAlone && start > span.start && /[ \t]/.test(source.text.charAt(start - 1))) start -= 1;
  const end = isAlone ? (source.lineStarts[line] ?? span.end) : span.end;
  return { description: "remove the comment", safety: "safe", edits: [{ range: source.range(start, end), text: "" }] };
}

function removeName({ range, name }: SuppressionPart): Fix {
  const { text } = range.source;
  let { start, end } = range;
  const after = /^\s*,[ \t]*/.exec(text.slice(end, end + LONGEST_GAP));
  if (after !== null) end += after[0].length;
  else start -= /,\s*$/.exec(text.slice(Math.max(0, start - LONGEST_GAP), start))?.[0].length ?? 0;
  const description = `remove \`${name ?? ""}\``;
  return { description, safety: "safe", edits: [{ range: range.source.range(start, end), text: "" }] };
}

/** Blanks around a comma that are looked at. */
const LONGEST_GAP = 40;

function worse(a: Level, b: Level): Level {
  return compareLevels(a, b) >= 0 ? a : b;
}
