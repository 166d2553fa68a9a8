import { UserError } from "../config/user-error.js";
import { Run } from "../engine/run.js";
import type { Diagnostic, RunResult } from "../engine/run-result.js";
import { contextSizeLine } from "../project/context-size.js";
import type { Project } from "../project/model.js";
import type { Host } from "./host.js";
import type { InputProblem } from "./inputs.js";
import { Progress } from "./progress.js";
import type { LintFlags } from "./request.js";
import type { Session } from "./session.js";
import type { ShellCheckSlot } from "./shellcheck/slot.js";
import { TargetCheck } from "./target-check.js";
import type { Timing } from "./timing.js";
import { UNREADABLE } from "./unreadable.js";

/** What a run needs besides files and flags; kept from pass to pass while files are fixed. */
export interface JudgeTools {
  readonly host: Host;
  readonly timing: Timing;
  readonly shellCheck: ShellCheckSlot;
}

/** What came of one run over all inputs. */
export interface Judged {
  readonly session: Session;
  readonly result: RunResult;
  /** Named paths that do not exist or cannot be read: the job could not be done as a whole. */
  readonly missing: readonly InputProblem[];
  /** With `--verbose`: how much of each context is sent, a line each. */
  readonly contexts: readonly string[];
  /** What was thrown outside of the rules; undefined when nothing was. */
  readonly crash: unknown;
}

/** Runs the rules over everything in a session. A crash outside of the rules ends the run, not the report. */
export async function judge(
  session: Session,
  flags: LintFlags,
  { host, timing, shellCheck }: JudgeTools,
): Promise<Judged> {
  const { registry, policySetFor, inputs, fromRepositoryRoot, isWanted } = session;
  const scripts = await shellCheck.open(session, flags);
  const run = new Run({
    registry,
    policySetFor,
    repositoryPath: ({ path }) => fromRepositoryRoot(path),
    isWanted: ({ root }) => isWanted(root.file),
    clock: timing.rules,
    scripts,
  });
  const progress = new Progress(host, flags.quiet ? 0 : inputs.files.length);
  const targets = new TargetCheck(flags.target);
  const contexts: string[] = [];
  let crash: unknown;
  try {
    for await (const project of session.projects()) {
      timing.mark("reading and linking");
      judgeProject(run, project);
      targets.add(project);
      if (flags.verbose) contexts.push(...project.contexts.map((context) => contextSizeLine(context, project)));
      timing.mark("models and rules");
      if (scripts !== undefined) {
        await scripts.room();
        timing.mark("waiting for ShellCheck");
      }
      progress.advance(project.dockerfiles.length + project.composeFiles.length);
    }
    timing.mark("models and rules");
    await run.settle();
    if (scripts !== undefined) timing.mark("waiting for ShellCheck");
  } catch (error) {
    if (error instanceof UserError) run.note(configProblem(error));
    else crash = error;
  } finally {
    progress.end();
  }
  for (const problem of session.policies.problems) run.note(configProblem(problem));
  const { named, found, invalid } = unreadableFiles(session);
  const failed = new Set(named.map(({ path }) => path));
  for (const { path, message } of [...inputs.skipped, ...session.skipped, ...found]) {
    if (!failed.has(path)) run.note({ kind: "skipped", path, message });
  }
  for (const diagnostic of invalid) run.note(diagnostic);
  for (const diagnostic of scripts?.diagnostics ?? []) run.note(diagnostic);
  const result = withTool(run.finish(flags.failOn), showsTools(flags) ? await scripts?.version() : undefined);
  timing.mark("suppressions and order");
  const missing = [...inputs.missing, ...named];
  if (targets.problem !== undefined) missing.push(targets.problem);
  return { session, result, missing, crash, contexts };
}

/** Whether somebody will read which programs took part; asking costs a process. */
function showsTools({ outputs, verbose }: LintFlags): boolean {
  return verbose || outputs.some(({ format }) => format === "json" || format === "sarif");
}

/** Names the program that took part. */
function withTool(result: RunResult, version: string | undefined): RunResult {
  return version === undefined ? result : { ...result, extensions: [{ name: "shellcheck", version }] };
}

/** A mistake in a policy that shows only when a rule reads it concerns one project; the others are judged. */
function judgeProject(run: Run, project: Project): void {
  try {
    run.judge(project);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    run.note(configProblem(error));
  }
}

/** A mistake of the user as reports tell it: `place` is a path, with or without a line and column. */
function configProblem({ place = "", problem, remedy }: UserError): Diagnostic {
  const [, path = place, line, column] = /^(.*):(\d+):(\d+)$/s.exec(place) ?? [];
  const message = remedy === undefined ? problem : `${problem}; ${remedy}`;
  if (line === undefined) return { kind: "config", path, message };
  return { kind: "config", path, message, line: Number(line), column: Number(column) };
}

/** Files that cannot be read: those that were named, those that were found; and files that are not UTF-8 throughout. */
function unreadableFiles({ inputs, workspace }: Session) {
  const named: InputProblem[] = [];
  const found: InputProblem[] = [];
  const invalid: Diagnostic[] = [];
  for (const { path, kind, isNamed } of inputs.files) {
    const read = workspace.read(path);
    if (read.kind === "problem") {
      const problem = { path: workspace.display(path), message: UNREADABLE[read.problem] };
      if (isNamed) named.push(problem);
      // What keeps a Compose file from being read is among the notes about Compose files already.
      else if (kind !== "compose") found.push(problem);
    } else if (read.invalidAt !== undefined) {
      const { line } = read.invalidAt;
      invalid.push({ kind: "parse", path: workspace.display(path), line, message: "no UTF-8 here; save it as UTF-8" });
    }
  }
  return { named, found, invalid };
}
