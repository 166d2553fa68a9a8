import type { OptionTable } from "./option.js";
import type { Checks, Finding, RuleContext } from "./rule.js";
import type { ActiveRule } from "./rule-settings.js";
import type { Diagnostic } from "./run-result.js";
import type { Job, JobPlace, Subject } from "./subjects.js";

/**
 * Runs one rule on one subject and hands over what it finds; what was found before a crash stays. Never throws.
 *
 * @returns the crash; undefined when all went well
 */
export function runCheck(active: ActiveRule, job: Job, report: (finding: Finding) => void): Diagnostic | undefined {
  try {
    return collect(active, job, findingsOf(active.rule.check, job.subject, active.context), report);
  } catch (cause) {
    return crashOf(active, job, cause);
  }
}

/** Hands over findings that a rule makes one by one; as {@link runCheck}. */
export function collect(
  active: ActiveRule,
  job: JobPlace,
  findings: Iterable<Finding>,
  report: (finding: Finding) => void,
): Diagnostic | undefined {
  try {
    // The loop is inside `try` on purpose: a generator runs, and can throw, only while it is read.
    for (const finding of findings) report(finding);
    return undefined;
  } catch (cause) {
    return crashOf(active, job, cause);
  }
}

function crashOf({ rule }: ActiveRule, job: JobPlace, cause: unknown): Diagnostic {
  return {
    kind: "internal",
    path: job.source.path,
    message: `${rule.id} crashed here; its other findings may be missing`,
    cause,
  };
}

const NOTHING: readonly Finding[] = [];

function findingsOf(check: Checks<OptionTable>, subject: Subject, context: RuleContext): Iterable<Finding> {
  switch (subject.kind) {
    case "dockerfile":
      return check.dockerfile?.(subject.dockerfile, context) ?? NOTHING;
    case "build":
      return check.build?.(subject.build, context) ?? NOTHING;
    case "stage":
      return check.stage?.(subject.stage, context) ?? NOTHING;
    case "context":
      return check.context?.(subject.context, context) ?? NOTHING;
    case "composeFile":
      return check.composeFile?.(subject.composeFile, context) ?? NOTHING;
    case "variant":
      return check.variant?.(subject.variant, context) ?? NOTHING;
    case "service":
      return check.service?.(subject.service, context) ?? NOTHING;
    default:
      return assertNever(subject);
  }
}

function assertNever(subject: never): never {
  throw new Error(`no such subject: ${String(subject)}`);
}
