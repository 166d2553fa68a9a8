import { missingStage, unknownInstructions } from "../dockerfile/refusals.js";
import type { Project } from "../project/model.js";
import type { Range } from "../text/source.js";

/** The rules that report what does not parse; switching them off does not make a broken file a good one. */
export const PARSE_RULES = {
  dockerfile: "syntax/no-parse-error",
  directive: "syntax/use-valid-directives",
  instruction: "syntax/no-unknown-instruction",
  stage: "syntax/start-with-from",
  compose: "compose/use-valid-yaml",
  limit: "compose/stay-within-limits",
} as const;

/** Text that keeps a file from being read as what it is. */
export interface ParseProblem {
  readonly range: Range;
  readonly message: string;
  /** Id of the rule that reports it. */
  readonly rule: string;
}

/** All parse problems of a project's files. */
export function* parseProblemsOf(project: Project): Iterable<ParseProblem> {
  for (const { dockerfile } of project.dockerfiles) {
    for (const { range, message, kind } of dockerfile.problems) {
      yield { range, message, rule: kind === "directive" ? PARSE_RULES.directive : PARSE_RULES.dockerfile };
    }
    for (const { range, message } of unknownInstructions(dockerfile)) {
      yield { range, message, rule: PARSE_RULES.instruction };
    }
    const missing = missingStage(dockerfile);
    if (missing !== undefined) yield { ...missing, rule: PARSE_RULES.stage };
  }
  for (const { yaml } of project.composeFiles) {
    for (const { range, message, kind } of yaml.problems) {
      // The loader refuses a doubled key too, but the file is YAML, and `compose/no-duplicate-keys` speaks of it.
      if (kind !== "duplicate-key") {
        yield { range, message, rule: kind === "limit" ? PARSE_RULES.limit : PARSE_RULES.compose };
      }
    }
  }
}
