import { UserError } from "../config/user-error.js";
import { Run } from "../engine/run.js";
import type { RunResult } from "../engine/run-result.js";
import { printable } from "../text/printable.js";
import type { Host } from "./host.js";
import type { InputProblem } from "./inputs.js";
import { crashText, type ExitCode } from "./main.js";
import { Progress } from "./progress.js";
import { diagnosticLines, writeReports } from "./reports.js";
import type { LintFlags } from "./request.js";
import { openSession, type Session } from "./session.js";
import { Timing } from "./timing.js";
import { UNREADABLE } from "./unreadable.js";

/**
 * Lints what the paths stand for, and writes the reports.
 *
 * @throws UserError for a mistake that leaves nothing to report
 */
export async function lint(paths: readonly string[], flags: LintFlags, host: Host): Promise<ExitCode> {
  const timing = new Timing(host);
  const { forceExclude, stdinFilename } = flags;
  const session = await openSession({ paths, flags, forceExclude, stdinFilename, takesAnyFile: false, host });
  timing.mark("files and policy");
  const judged = await judge(session, flags, host);
  timing.mark("models and rules");
  const { result } = judged;
  await writeReports(result, flags, {
    host,
    fs: session.disk,
    fromRepositoryRoot: session.fromRepositoryRoot,
    display: (file) => session.workspace.display(file),
  });
  timing.mark("reports");
  host.writeError(notes(judged, session, flags));
  if (flags.timing) host.writeError(timing.text());
  return exitCode(judged, session);
}

/** What came of the rules, and what was thrown outside of them. */
interface Judged {
  readonly result: RunResult;
  /** Files that were named and cannot be read. */
  readonly unreadable: readonly InputProblem[];
  readonly crash: unknown;
}

async function judge(session: Session, flags: LintFlags, host: Host): Promise<Judged> {
  const { registry, policySetFor, inputs, fromRepositoryRoot } = session;
  const run = new Run({ registry, policySetFor, repositoryPath: ({ path }) => fromRepositoryRoot(path) });
  const progress = new Progress(host, flags.quiet ? 0 : inputs.files.length);
  let crash: unknown;
  try {
    for await (const project of session.projects()) {
      run.judge(project);
      progress.advance(project.dockerfiles.length + project.composeFiles.length);
    }
  } catch (error) {
    // What was found before is still worth a report.
    if (error instanceof UserError) run.note({ kind: "config", path: "", message: error.message });
    else crash = error;
  } finally {
    progress.end();
  }
  const { named, found } = unreadableFiles(session);
  for (const { path, message } of [...inputs.skipped, ...session.skipped, ...found]) {
    run.note({ kind: "skipped", path, message });
  }
  return { result: run.finish(flags.failOn), unreadable: named, crash };
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

/** Everything for stderr: notes, missing paths, the crash. */
function notes({ result, crash, unreadable }: Judged, { inputs }: Session, flags: LintFlags): string {
  const missing = [...inputs.missing, ...unreadable].map(({ path, message }) => `${printable(path)}: ${message}\n`);
  const isEmpty = inputs.files.length === 0 && inputs.policies.length === 0 && inputs.missing.length === 0;
  return [
    diagnosticLines(result.diagnostics, flags.quiet),
    ...missing,
    isEmpty && !flags.quiet ? "nothing to lint: no Dockerfile, Compose file or ignore file here\n" : "",
    crash === undefined ? "" : crashText(crash),
  ].join("");
}

function exitCode({ result, crash, unreadable }: Judged, { inputs }: Session): ExitCode {
  const isBroken = result.diagnostics.some(({ kind }) => kind === "internal" || kind === "config");
  if (crash !== undefined || isBroken || inputs.missing.length + unreadable.length > 0) return 2;
  return result.failing > 0 || result.unparsed.length > 0 ? 1 : 0;
}
