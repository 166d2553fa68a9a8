import { HOLE, type Invocation, type Script } from "../shell/model.js";
import { NO_VALUES, readWords } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Edit, Range } from "../text/source.js";
import type { Probe } from "./probes.js";

/** Why a probe succeeds although what it asks has failed; or, for `exit-code`, how it fails. */
export interface MaskedFailure {
  readonly kind: "http-status" | "masked" | "constant" | "exit-code";
  readonly range: Range;
  /** The command in the user's words. */
  readonly what: string;
  /** For `http-status`: what makes curl fail on error answers. */
  readonly insertion: Edit | undefined;
  /** For `masked`: the command that hides the failure, when another one can stand in its place. */
  readonly replacement: Range | undefined;
  /** For `exit-code`: the command whose code is passed on. */
  readonly ending: Range | undefined;
}

const NO_EDITS = { insertion: undefined, replacement: undefined, ending: undefined } as const;
const FAIL_OPTIONS = ["-f", "--fail", "--fail-with-body"] as const;
/** Programs that end with success whatever they are given. */
const CONSTANT: ReadonlySet<string> = new Set(["true", ":", "echo", "printf"]);
/** Programs at the end of a pipe that succeed whatever comes in. */
const PASSING: ReadonlySet<string> = new Set(["cat", "tee", "head", "tail", "true", "wc", "sort", "tr", "cut"]);

/** All ways in which a probe hides a failure, in order. */
export function maskedFailures(probe: Probe): readonly MaskedFailure[] {
  const { script, commands } = probe;
  if (script?.partial === true || script?.skipped !== undefined) return [];
  const found: MaskedFailure[] = [];
  const constant = constantProbe(probe);
  if (constant !== undefined) return [constant];
  for (const command of commands) {
    const curl = unfailingCurl(command, probe);
    if (curl !== undefined) found.push(curl);
  }
  if (script === undefined) return found;
  const masked = maskedEnd(script);
  if (masked !== undefined) found.push(masked);
  else {
    const code = foreignCode(script);
    if (code !== undefined) found.push(code);
  }
  return found;
}

function wordsOf(command: Invocation): string {
  return command.words.map(({ text }) => text).join(" ");
}

function isConstant(command: Invocation): boolean {
  const [, first] = command.words;
  if (command.redirects.length > 0 || command.words.some(({ value }) => value === undefined)) return false;
  if (command.name === "exit") return first?.value === "0";
  return command.name !== undefined && CONSTANT.has(command.name);
}

/** A probe that consists of one command that cannot fail. */
function constantProbe({ commands, form, script }: Probe): MaskedFailure | undefined {
  const [only, ...rest] = commands.filter((command) => command.nested.length === 0);
  if (only === undefined || rest.length > 0 || !isConstant(only)) return undefined;
  const range = form === "exec" && script === undefined ? (only.words[0]?.range ?? only.range) : only.range;
  return { kind: "constant", range, what: only.words.map(({ value }) => value ?? "").join(" "), ...NO_EDITS };
}

/** curl that takes an error page for an answer, where nothing else looks at it. */
function unfailingCurl(command: Invocation, { form }: Probe): MaskedFailure | undefined {
  if (command.name !== "curl" || command.inSubstitution !== "none") return undefined;
  const isLooking = command.pipeline !== undefined && command.pipeline.position < command.pipeline.length - 1;
  const read = readWords(command.args, toolOptions("curl") ?? NO_VALUES);
  const { options, verb, operands } = read;
  if (isLooking || read.has(...FAIL_OPTIONS)) return undefined;
  if (options.some(({ valueShape }) => valueShape?.includes("http_code") || valueShape?.includes("response_code"))) {
    return undefined;
  }
  // Other protocols have no status; a URL that nobody knows may be of one.
  const urls = (verb === undefined ? operands : [verb, ...operands]).map(({ shape }) => shape);
  if (!urls.some((url) => /^https?:\/\//i.test(url) || /^(?:localhost|127\.0\.0\.1|\[::1\])/.test(url)))
    return undefined;
  if (urls.some((url) => url.startsWith(HOLE))) return undefined;
  const [program] = command.words;
  if (program === undefined) return undefined;
  return {
    kind: "http-status",
    range: innerRange(program.range, "curl"),
    what: form === "exec" ? "curl" : wordsOf(command).slice(0, 60),
    insertion: insertionAfter(program.range),
    replacement: undefined,
    ending: undefined,
  };
}

/** The word without quotes around it. */
function innerRange(range: Range, word: string): Range {
  const text = range.source.slice(range);
  const at = text.indexOf(word);
  return at <= 0 ? range : range.source.range(range.start + at, range.start + at + word.length);
}

/** ` -f` behind a word of a command line, or an item of its own behind an item of a list. */
function insertionAfter(range: Range): Edit | undefined {
  const { source, end } = range;
  const quote = /^["']/.exec(source.slice(range))?.[0];
  const after = source.text[end];
  if (quote !== undefined) return { range: source.range(end, end), text: `, ${quote}-f${quote}` };
  if (after === "," || after === "]") return { range: source.range(end, end), text: ", -f" };
  if (after === "\n" || after === "\r") return undefined;
  return { range: source.range(end, end), text: " -f" };
}

/** The last command of a script, when it turns a failure before it into success. */
function maskedEnd(script: Script): MaskedFailure | undefined {
  const last = script.steps.at(-1);
  if (last === undefined || script.initialFlags.errexit || script.finalFlags.errexit) return undefined;
  if (last.kind === "pipeline") return maskedPipe(last.invocations, script);
  const { invocation, before } = last;
  if (last.kind !== "command" || invocation === undefined || before === undefined || !isConstant(invocation))
    return undefined;
  if (before.operator === "&&" || before.operator === "&") return undefined;
  const { range } = invocation;
  return {
    kind: "masked",
    range,
    what: wordsOf(invocation),
    insertion: undefined,
    replacement: range,
    ending: undefined,
  };
}

function maskedPipe(invocations: readonly Invocation[], script: Script): MaskedFailure | undefined {
  const end = invocations.findLast(
    ({ pipeline }) => pipeline !== undefined && pipeline.position === pipeline.length - 1,
  );
  if (end?.name === undefined || !PASSING.has(end.name) || script.finalFlags.pipefail) return undefined;
  return { kind: "masked", range: end.range, what: `| ${wordsOf(end)}`, ...NO_EDITS };
}

/** curl (22 and others) and wget (8 and others) fail with codes of their own; the engine reserves 2. */
function foreignCode(script: Script): MaskedFailure | undefined {
  const last = script.steps.at(-1);
  const command = last?.kind === "command" ? last.invocation : undefined;
  if (command === undefined || command.isTolerated || (command.name !== "curl" && command.name !== "wget"))
    return undefined;
  const [program] = command.words;
  if (program === undefined || last?.before?.operator === "||") return undefined;
  return {
    kind: "exit-code",
    range: program.range,
    what: command.name,
    insertion: undefined,
    replacement: undefined,
    ending: command.range,
  };
}
