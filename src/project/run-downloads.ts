import { downloadsOf } from "../shell/download-facts.js";
import type { Invocation, Word } from "../shell/model.js";
import { shellOperand } from "../shell/shell-operand.js";
import { SHELLS } from "../shell/wrapper-table.js";
import type { Range } from "../text/source.js";
import { hostOf } from "../values/host-scope.js";

/** An interpreter that runs what a download answers, without anyone having seen it. */
export interface PipedDownload {
  /** The word that names the interpreter. */
  readonly range: Range;
  readonly interpreter: string;
  /** Host of the address; undefined when it is not known. */
  readonly host: string | undefined;
  readonly urlRange: Range | undefined;
}

const INTERPRETER = /^(?:python|pypy|perl|ruby|node|php|pwsh|lua)[\d.]*$/;
/** Programs that hand through what they read, or unpack it. */
const PASSES: ReadonlySet<string> = new Set(
  "tee gunzip gzip zcat bunzip2 bzcat unxz xzcat zstd base64 cat sed awk tr head tail grep dos2unix envsubst sudo".split(
    " ",
  ),
);

/** Interpreters of a list of commands that run what is downloaded: by a pipe, a substitution, or a here-string; in order. */
export function* pipedDownloads(commands: readonly Invocation[]): Iterable<PipedDownload> {
  for (const invocation of commands) {
    const { name, nameRange, args, redirects } = invocation;
    if (name === undefined || !isInterpreter(name)) continue;
    const source = fromPipe(invocation) ?? fromWords(name, args, commands) ?? fromRedirects(redirects, commands);
    if (source === undefined) continue;
    yield { range: nameRange, interpreter: name, host: source.host, urlRange: source.urlRange };
  }
}

function isInterpreter(name: string): boolean {
  return SHELLS.has(name) || name === "eval" || name === "source" || name === "." || INTERPRETER.test(name);
}

interface Download {
  readonly host: string | undefined;
  readonly urlRange: Range | undefined;
}

/** A download on the left of the interpreter, with nothing but filters between. */
function fromPipe(invocation: Invocation): Download | undefined {
  const { pipeline, name = "", args } = invocation;
  if (pipeline === undefined || pipeline.position === 0 || !readsInput(name, args)) return undefined;
  const { stages } = pipeline.pipeline;
  for (let index = pipeline.position - 1; index >= 0; index -= 1) {
    const left = stages[index]?.invocation;
    if (left === undefined) return firstDownload(stages[index]?.invocations ?? []);
    const download = firstDownload([left]);
    if (download !== undefined) return download;
    if (index > 0 && !PASSES.has(left.name ?? "")) return undefined;
    // `echo "$(curl …)" | sh`
    if (index === 0) return firstDownload(stages[0]?.invocations ?? []);
  }
  return undefined;
}

/** Whether an interpreter runs its standard input, not a file or a text of its own. */
function readsInput(name: string, args: readonly Word[]): boolean {
  if (SHELLS.has(name)) {
    if (args.some(({ value }) => value === "-n" || value === "--version")) return false;
    const { isScript, operand } = shellOperand(args);
    return !isScript && (operand === undefined || args.some(({ value }) => value === "-s") || isInput(operand));
  }
  if (!INTERPRETER.test(name))
    return name === "source" || name === "." ? args[0] !== undefined && isInput(args[0]) : false;
  const [first] = args;
  // Behind `--` stand words for the script.
  return first === undefined || isInput(first) || first.shape === "--";
}

function isInput({ shape }: Word): boolean {
  return shape === "-" || shape === "/dev/stdin" || shape === "/proc/self/fd/0";
}

/** `sh -c "$(curl …)"`, `eval "$(curl …)"`, `bash <(curl …)`, `python -c "$(curl …)"`. */
function fromWords(name: string, args: readonly Word[], commands: readonly Invocation[]): Download | undefined {
  const isShell = SHELLS.has(name);
  for (const [index, word] of args.entries()) {
    // What stands behind other text is an argument of what that text says.
    const [part] = word.parts;
    if (part?.kind !== "command" && part?.kind !== "process") continue;
    const before = args[index - 1]?.shape ?? "";
    const isText = name === "eval" || (isShell ? /^-[a-z]*c$/.test(before) : before === "-c" || before === "-e");
    const isFile = part.kind === "process" && part.operator === "<" && (isShell || index === 0);
    if (!isFile && !(isText && part.kind === "command")) continue;
    const found = firstDownload(commands, part.range);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** `bash <<< "$(curl …)"`, `bash < <(curl …)`. */
function fromRedirects(redirects: Invocation["redirects"], commands: readonly Invocation[]): Download | undefined {
  for (const redirect of redirects) {
    if (redirect.kind === "heredoc" || redirect.target === undefined) continue;
    if (redirect.kind === "file" && redirect.operator !== "<") continue;
    for (const part of redirect.target.parts) {
      const found =
        part.kind === "command" || part.kind === "process" ? firstDownload(commands, part.range) : undefined;
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The first download to standard output among commands, or among those inside of a range. */
function firstDownload(commands: readonly Invocation[], within?: Range): Download | undefined {
  for (const invocation of commands) {
    const { range } = invocation;
    if (
      within !== undefined &&
      (range.source !== within.source || range.start < within.start || range.end > within.end)
    ) {
      continue;
    }
    for (const { urlShape, urlRange, output } of downloadsOf(invocation)) {
      if (output !== "stdout") continue;
      const host = hostOf(urlShape);
      return { host: host !== undefined && /^[\w.:-]+$/.test(host) ? host : undefined, urlRange };
    }
  }
  return undefined;
}
