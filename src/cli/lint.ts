import { UserError } from "../config/user-error.js";
import type { FixOutcome } from "../engine/fixes/fix-files.js";
import type { RunResult } from "../engine/run-result.js";
import { relativePath } from "../files/path.js";
import { printable } from "../text/printable.js";
import type { Host } from "./host.js";
import { type Judged, type JudgeTools, judge } from "./judge.js";
import { crashText, type ExitCode } from "./main.js";
import { diagnosticLines, writeReports } from "./reports.js";
import type { LintFlags } from "./request.js";
import { openFiles, openSession, type Session, type SessionFiles, type SessionOptions } from "./session.js";
import { ShellCheckSlot } from "./shellcheck/slot.js";
import { Timing } from "./timing.js";

/**
 * Lints what the paths stand for, fixes what was asked for, and writes the reports.
 *
 * @throws UserError for a mistake that leaves nothing to report
 */
export async function lint(paths: readonly string[], flags: LintFlags, host: Host): Promise<ExitCode> {
  const timing = new Timing(host, flags.timing);
  if (flags.fix && !flags.diff && paths.includes("-")) {
    throw new UserError({
      place: "--fix",
      problem: "standard input cannot be fixed",
      remedy: "show fixes with `--diff`",
    });
  }
  const { forceExclude, stdinFilename } = flags;
  const options = { paths, flags, forceExclude, stdinFilename, takesAnyFile: false, host };
  const files = await openFiles(options);
  const tools = { host, timing, shellCheck: new ShellCheckSlot(host) };
  const judged =
    flags.fix || flags.diff ? await fix(options, flags, files, tools) : await judgeOnce(options, flags, files, tools);
  await report(judged, flags, files, host);
  timing.mark("reports");
  host.writeError(notes(judged, flags, tools));
  host.writeError(timing.text());
  return exitCode(judged);
}

async function judgeOnce(
  options: SessionOptions,
  flags: LintFlags,
  files: SessionFiles,
  tools: JudgeTools,
): Promise<Judged> {
  const session = await openSession(options, files);
  tools.timing.mark("files and policy");
  return judge(session, flags, tools);
}

/** Fixes, or shows what fixing would change; what is reported is what is left afterwards, or what there is. */
async function fix(options: SessionOptions, flags: LintFlags, files: SessionFiles, tools: JudgeTools): Promise<Judged> {
  const { fixFiles } = await import("../engine/fixes/fix-files.js");
  const passes: Judged[] = [];
  const outcome = await fixFiles({
    fs: files.fs,
    unsafe: flags.unsafeFixes,
    display: (file) => relativePath(options.host.cwd, file),
    lint: async (fs): Promise<RunResult> => {
      const session = await openSession(options, { ...files, fs });
      tools.timing.mark("files and policy");
      const judged = await judge(session, flags, tools);
      passes.push(judged);
      return judged.result;
    },
  });
  const [first] = passes;
  if (first === undefined) throw new Error("fixing ended without a single run");
  if (!flags.diff) return writeFixed(outcome, passes.at(-1) ?? first, files, options.host);
  const { diffFixes } = await import("../engine/fixes/diff-fixes.js");
  const diff = await diffFixes(outcome.files);
  // What is piped can be applied as it is; a terminal must not obey what a file says.
  options.host.writeOut(options.host.isOutputTerminal ? diff.split("\n").map(printable).join("\n") : diff);
  return first;
}

async function writeFixed({ files, applied, result }: FixOutcome, last: Judged, { disk }: SessionFiles, host: Host) {
  const { writeFixes } = await import("../engine/fixes/write-fixes.js");
  const { written, problems } = writeFixes(files, disk);
  if (written.length > 0) {
    const names = `${applied} ${applied === 1 ? "fix" : "fixes"} in ${written.length} ${written.length === 1 ? "file" : "files"}`;
    host.writeError(`${names}\n`);
  }
  const missing = problems.map(({ place, problem }) => ({ path: place ?? "", message: problem }));
  return { ...last, result, missing: [...last.missing, ...missing] };
}

/** Writes the reports; with `--diff` stdout holds the diff alone. */
async function report(judged: Judged, flags: LintFlags, { disk }: SessionFiles, host: Host): Promise<void> {
  const outputs = flags.diff ? flags.outputs.filter(({ file }) => file !== undefined) : flags.outputs;
  await writeReports(
    judged.result,
    { ...flags, outputs },
    {
      host,
      fs: disk,
      fromRepositoryRoot: judged.session.fromRepositoryRoot,
      display: (file) => judged.session.workspace.display(file),
    },
  );
}

/** Everything for stderr: notes, missing paths, the crash. */
function notes(
  { result, crash, missing, session, contexts }: Judged,
  flags: LintFlags,
  { shellCheck }: JudgeTools,
): string {
  const { inputs } = session;
  const isEmpty =
    inputs.files.length === 0 &&
    inputs.policies.length === 0 &&
    missing.length === 0 &&
    session.policies.problems.length === 0;
  return [
    flags.verbose ? listing(session) + shellCheckNote(shellCheck, result) : "",
    ...contexts.map((line) => `${printable(line)}\n`),
    diagnosticLines(result.diagnostics, flags.quiet),
    ...missing.map(({ path, message }) => `${printable(path)}: ${message}\n`),
    isEmpty && !flags.quiet ? "nothing to lint: no Dockerfile, Compose file or ignore file here\n" : "",
    sarifNote(result, flags),
    crash === undefined ? "" : crashText(crash),
  ].join("");
}

/** Which ShellCheck took part, or that there is none. */
function shellCheckNote({ isMissing }: ShellCheckSlot, { extensions = [] }: RunResult): string {
  if (isMissing) return "shellcheck is not on PATH: `shell/pass-shellcheck` is silent\n";
  return extensions.map(({ name, version }) => `${name} ${version} checks shell scripts\n`).join("");
}

/** What is linted, a line each: the kind of file and its policy. */
function listing({ inputs, policies, workspace }: Session): string {
  return inputs.files
    .map(({ path, kind }) => {
      const [policy] = policies.for(path).paths;
      return `${printable(workspace.display(path))}: ${kind}, ${policy === undefined ? "no policy" : workspace.display(policy)}\n`;
    })
    .join("");
}

/** GitHub keeps this many results of a run, the worst ones. */
const SHOWN_BY_GITHUB = 5000;

/** A warning when GitHub would not show everything. */
function sarifNote({ findings }: RunResult, { outputs }: LintFlags): string {
  if (findings.length <= SHOWN_BY_GITHUB || outputs.every(({ format }) => format !== "sarif")) return "";
  return `GitHub shows the ${SHOWN_BY_GITHUB} worst of ${findings.length} findings; \`--skip\` leaves rules out\n`;
}

function exitCode({ result, crash, missing }: Judged): ExitCode {
  const isBroken = result.diagnostics.some(({ kind }) => kind === "internal" || kind === "config");
  if (crash !== undefined || isBroken || missing.length > 0) return 2;
  const isUnparsed = result.unparsed.length > 0 || result.diagnostics.some(({ kind }) => kind === "parse");
  return result.failing > 0 || isUnparsed ? 1 : 0;
}
