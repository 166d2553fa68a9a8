import { UserError } from "../config/user-error.js";
import { Run } from "../engine/run.js";
import type { RunResult } from "../engine/run-result.js";
import type { Host } from "./host.js";
import type { InputProblem } from "./inputs.js";
import { Progress } from "./progress.js";
import type { LintFlags } from "./request.js";
import type { Session } from "./session.js";
import { UNREADABLE } from "./unreadable.js";

/** What came of one run over all inputs. */
export interface Judged {
  readonly session: Session;
  readonly result: RunResult;
  /** Named paths that do not exist or cannot be read: the job could not be done as a whole. */
  readonly missing: readonly InputProblem[];
  /** What was thrown outside of the rules; undefined when nothing was. */
  readonly crash: unknown;
}

/** Runs the rules over everything in a session. A crash outside of the rules ends the run, not the report. */
export async function judge(session: Session, flags: LintFlags, host: Host): Promise<Judged> {
  const { registry, policySetFor, inputs, fromRepositoryRoot, isWanted } = session;
  const run = new Run({
    registry,
    policySetFor,
    repositoryPath: ({ path }) => fromRepositoryRoot(path),
    isWanted: ({ root }) => isWanted(root.file),
  });
  const progress = new Progress(host, flags.quiet ? 0 : inputs.files.length);
  let crash: unknown;
  try {
    for await (const project of session.projects()) {
      run.judge(project);
      progress.advance(project.dockerfiles.length + project.composeFiles.length);
    }
  } catch (error) {
    if (error instanceof UserError) run.note({ kind: "config", path: "", message: error.message });
    else crash = error;
  } finally {
    progress.end();
  }
  const { named, found } = unreadableFiles(session);
  for (const { path, message } of [...inputs.skipped, ...session.skipped, ...found]) {
    run.note({ kind: "skipped", path, message });
  }
  return { session, result: run.finish(flags.failOn), missing: [...inputs.missing, ...named], crash };
}

/** Dockerfiles and ignore files that cannot be read: those that were named, and those that were found. */
function unreadableFiles({ inputs, workspace }: Session) {
  const named: InputProblem[] = [];
  const found: InputProblem[] = [];
  for (const { path, kind, isNamed } of inputs.files) {
    if (kind === "compose") continue;
    const read = workspace.read(path);
    if (read.kind === "source") continue;
    const problem = { path: workspace.display(path), message: UNREADABLE[read.problem] };
    (isNamed ? named : found).push(problem);
  }
  return { named, found };
}
