import { missingStage, unknownInstructions } from "../dockerfile/refusals.js";
import type { Project } from "../project/model.js";
import type { Range } from "../text/source.js";
import type { Session } from "./session.js";
import { UNREADABLE } from "./unreadable.js";

/** Why what a command shows of a model is not all there is, a line each. */
export interface ModelProblems {
  /** A path or policy that cannot be used: the job could not be done. */
  readonly failures: readonly string[];
  /** Scanned files that do not parse. */
  readonly refusals: readonly string[];
}

/** The exit code that the contract gives to problems: 2 beats 1. */
export function exitCodeOf({ failures, refusals }: ModelProblems): 0 | 1 | 2 {
  return failures.length > 0 ? 2 : refusals.length > 0 ? 1 : 0;
}

/** A line for each policy that is not valid, and for each path that does not exist or cannot be read. */
export function failuresOf({ inputs, policies, workspace }: Session): readonly string[] {
  const lines = [
    ...policies.problems.map(({ message }) => message),
    ...inputs.missing.map(({ path, message }) => `${path}: ${message}`),
  ];
  for (const { path } of inputs.files) {
    const read = workspace.read(path);
    if (read.kind === "problem") lines.push(`${workspace.display(path)}: ${UNREADABLE[read.problem]}`);
  }
  return lines;
}

/** `path:line: message` for what the builder or the loader refuses in the files of a project. */
export function refusalsOf(project: Project): readonly string[] {
  const lines: string[] = [];
  for (const { dockerfile } of project.dockerfiles) {
    const missing = missingStage(dockerfile);
    const refusals = [...dockerfile.problems, ...unknownInstructions(dockerfile)];
    for (const each of missing === undefined ? refusals : [...refusals, missing]) lines.push(refusalText(each));
  }
  for (const { yaml } of project.composeFiles) lines.push(...yaml.problems.map(refusalText));
  return lines;
}

function refusalText({ range, message }: { readonly range: Range; readonly message: string }): string {
  return `${range.source.path}:${range.source.positionAt(range.start).line}: ${message}`;
}
