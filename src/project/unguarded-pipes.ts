import type { Connector, Invocation, Pipeline, PipelineStage, Script } from "../shell/model.js";
import type { RunView } from "./model.js";
import { isVerification } from "./remote-sources.js";

/** A pipeline of a RUN that succeeds although one of its commands fails. */
export interface UnguardedPipe {
  /** The pipe behind the command that may fail. */
  readonly pipe: Connector;
  /** Name of the command that may fail; undefined for a compound command, and for an unknown name. */
  readonly writer: string | undefined;
  /** Name of the last command, whose status counts. */
  readonly reader: string | undefined;
  readonly pipeline: Pipeline;
}

/** Commands that only fail when their output is closed; source: their manuals in POSIX.1-2024 and GNU coreutils 9. */
const CANNOT_FAIL: ReadonlySet<string> = new Set(
  ": arch date echo env hostname id nproc printenv printf pwd seq set true uname whoami yes".split(" "),
);
/** Filters that fail on files only, not on what a pipe brings. */
const FILTERS: ReadonlySet<string> = new Set(
  "awk base64 cat column cut fold gawk head mawk nl paste rev sed sort tac tail tee tr uniq wc".split(" "),
);

/**
 * The first pipe of a RUN whose left side can fail unnoticed; undefined when pipefail is on, nothing can fail, a reader that
 * stops early would break a healthy build with it, or the status of the pipeline does not decide about the step.
 */
export function unguardedPipe(run: RunView): UnguardedPipe | undefined {
  for (const script of scriptsOf(run)) {
    for (const pipeline of script.pipelines) {
      const found = judge(pipeline);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The first pipe of a RUN, whatever stands around it. */
export function firstPipe(run: RunView): UnguardedPipe | undefined {
  for (const script of scriptsOf(run)) {
    for (const pipeline of script.pipelines) {
      const [pipe] = pipeline.pipes;
      if (pipe !== undefined) return describe(pipeline, pipe, pipeline.stages[0]);
    }
  }
  return undefined;
}

function* scriptsOf({ script, commands }: RunView): Iterable<Script> {
  if (script !== undefined) yield script;
  else for (const { nested } of commands) yield* nested;
}

function judge(pipeline: Pipeline): UnguardedPipe | undefined {
  const { flags, isTolerated, onlyIf, inSubstitution, stages, pipes } = pipeline;
  if (flags.pipefail || isTolerated || onlyIf === "condition") return undefined;
  if (inSubstitution === "argument" || inSubstitution === "process") return undefined;
  if (stages.some(({ invocation }) => invocation?.background === true)) return undefined;
  if (stages.slice(1).some(stopsEarly) || failsOnNothing(stages.at(-1))) return undefined;
  for (const [index, pipe] of pipes.entries()) {
    const stage = stages[index];
    if (stage !== undefined && canFail(stage, index > 0)) return describe(pipeline, pipe, stage);
  }
  return undefined;
}

function describe(pipeline: Pipeline, pipe: Connector, writer: PipelineStage | undefined): UnguardedPipe {
  return { pipe, writer: writer?.invocation?.name, reader: pipeline.stages.at(-1)?.invocation?.name, pipeline };
}

function canFail({ invocation, invocations }: PipelineStage, isFed: boolean): boolean {
  if (invocation === undefined) return invocations.some((command) => commandCanFail(command, isFed));
  return commandCanFail(invocation, isFed);
}

function commandCanFail({ name, words, args, redirects, wrappers }: Invocation, isFed: boolean): boolean {
  // Assignments and redirects alone.
  if (words.length === 0) return false;
  if (name === undefined || wrappers.length > 0) return true;
  if (CANNOT_FAIL.has(name) || isQuestion(args)) return false;
  if (name === "cat" && args.length === 0) return !redirects.some(({ kind }) => kind !== "file") && !isFed;
  return !(isFed && FILTERS.has(name));
}

/** A program that says something about itself. */
function isQuestion([first, second]: Invocation["args"]): boolean {
  const text = second === undefined ? first?.shape : undefined;
  return text === "--version" || text === "--print-architecture" || text === "--help";
}

/** Whether the last command fails by itself when nothing comes: it looks for a text, or compares sums. */
function failsOnNothing(stage: PipelineStage | undefined): boolean {
  const invocation = stage?.invocation;
  if (invocation === undefined) return false;
  const { name, args } = invocation;
  if (name === "grep" || name === "egrep" || name === "fgrep")
    return !args.some(({ shape }) => /^-[a-zA-Z]*v/.test(shape));
  return isVerification(invocation);
}

/** Whether a reader may close the pipe before its writer is done, which kills the writer with SIGPIPE. */
function stopsEarly({ invocation }: PipelineStage): boolean {
  if (invocation === undefined) return false;
  const { name, args } = invocation;
  switch (name) {
    case "head":
    case "read":
    case "more":
    case "less":
      return true;
    case "grep":
    case "egrep":
    case "fgrep":
    case "zgrep":
      return args.some(({ shape }) =>
        shape.startsWith("--") ? EARLY_OPTIONS.some((option) => shape.startsWith(option)) : isEarlyCluster(shape),
      );
    case "sed":
      return args.some(({ shape }) => SED_QUIT.test(shape));
    case "awk":
    case "gawk":
    case "mawk":
      return args.some(({ shape }) => shape.includes("exit"));
    default:
      return false;
  }
}

const EARLY_OPTIONS = ["--quiet", "--silent", "--max-count"] as const;
/** `q` as a command of sed: behind a line number, an address, a brace or a semicolon. */
const SED_QUIT = /(?:^|[\d$/;{}\s])[qQ]\s*(?:\d+\s*)?(?:[;}]|$)/;

/** A cluster of letters with `-q` or `-m`. */
function isEarlyCluster(shape: string): boolean {
  if (!shape.startsWith("-")) return false;
  for (const letter of shape.slice(1)) {
    if (letter === "q" || letter === "m") return true;
    // What follows one of these is its value.
    if (letter === "e" || letter === "f" || letter === "A" || letter === "B" || letter === "C") return false;
  }
  return false;
}
