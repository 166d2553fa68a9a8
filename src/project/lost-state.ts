import type { Invocation, Script, Step } from "../shell/model.js";
import type { RunView } from "./model.js";

/** A command of a RUN whose only effect ends with it. */
export interface LostState {
  /** `shell`: state of the shell; `directory`; `variable`; `process`: something that runs; `kernel`: settings of the machine. */
  readonly kind: "directory" | "kernel" | "process" | "shell" | "variable";
  readonly invocation: Invocation;
  /** What it is called in messages: `service nginx start`. */
  readonly text: string;
}

const SHELL_STATE: ReadonlySet<string> = new Set(["alias", "umask", "ulimit", "set", "shopt", "newgrp"]);
const VARIABLES: ReadonlySet<string> = new Set(["export", "declare", "typeset", "readonly"]);
/** Commands that use nothing of what was started before. */
const IDLE: ReadonlySet<string> = new Set(["echo", "printf", "sleep", "true", ":"]);
/** Files that set variables and functions, and do nothing else. */
const SETTINGS =
  /(?:^|\/)(?:activate|(?:local_)?setup\.(?:ba|z)?sh|\.?bashrc|\.?bash_profile|\.?profile|nvm\.sh|environment|\.env|env|envvars|sdkman-init\.sh)$/;
const KEPT = /(?:profile|bashrc|zshrc|\/environment|[_.]env|ENV_FILE|BASH_ENV|GITHUB_ENV)$|\/profile\.d\//;

/** Commands of a RUN whose effect nothing can see; in order. */
export function* lostState(run: RunView): Iterable<LostState> {
  const { script } = run;
  if (script === undefined || script.partial) return;
  const last = script.steps.at(-1);
  if (last !== undefined) yield* ofLast(last, script, run);
  for (const invocation of script.invocations) {
    if (isKernel(invocation) && run.instruction.security === undefined && invocation.onlyIf !== "condition") {
      yield { kind: "kernel", invocation, text: invocation.name ?? "" };
    }
  }
}

function* ofLast(last: Step, script: Script, run: RunView): Iterable<LostState> {
  const { invocation } = last;
  if (invocation !== undefined && invocation.wrappers.length === 0 && !invocation.background) {
    const kind = stateKind(invocation);
    if (kind !== undefined && !isKept(run)) yield { kind, invocation, text: textOf(invocation) };
  }
  const started = startedAtEnd(script);
  if (started !== undefined) yield { kind: "process", invocation: started, text: textOf(started) };
}

function stateKind(invocation: Invocation): LostState["kind"] | undefined {
  const { name, words, args, assignments, redirects } = invocation;
  if (words.length === 0) {
    // `x=$(make)` does what the substitution does.
    const isPlain = assignments.length > 0 && assignments.every(({ value }) => !value?.parts.some(isCommand));
    return isPlain && redirects.length === 0 ? "variable" : undefined;
  }
  if (name === undefined || redirects.length > 0) return undefined;
  if (name === "cd") return "directory";
  if (VARIABLES.has(name)) {
    const isPlain = assignments.every(({ value }) => !value?.parts.some(isCommand));
    return assignments.length > 0 && isPlain ? "variable" : undefined;
  }
  // Without operands these print what is set.
  if (SHELL_STATE.has(name)) return args.length > 0 ? "shell" : undefined;
  if (name === "." || name === "source") {
    const file = args[0]?.value;
    return file !== undefined && SETTINGS.test(file) ? "shell" : undefined;
  }
  return undefined;
}

function isCommand({ kind }: { readonly kind: string }): boolean {
  return kind === "command" || kind === "process";
}

/** Whether the RUN writes what it sets to a file that shells read. */
function isKept({ facts }: RunView): boolean {
  return facts.writes.some(({ shape }) => KEPT.test(shape));
}

/** What the end of a script leaves running, when nothing after it can have used it. */
function startedAtEnd({ steps, invocations }: Script): Invocation | undefined {
  if (invocations.some(({ name }) => name === "wait")) return undefined;
  for (const step of steps.toReversed()) {
    const { invocation } = step;
    if (invocation === undefined) return undefined;
    if (startsService(invocation) || (invocation.background && invocation.name !== undefined)) return invocation;
    if (!IDLE.has(invocation.name ?? "")) return undefined;
  }
  return undefined;
}

function startsService({ name, words, args }: Invocation): boolean {
  const first = args[0]?.value;
  const second = args[1]?.value;
  switch (name) {
    case "service":
    case "rc-service":
    case "invoke-rc.d":
      return second === "start" || second === "restart";
    case "systemctl":
      return first === "start" || first === "restart" || args.some(({ value }) => value === "--now");
    default:
      return words[0]?.value?.startsWith("/etc/init.d/") === true && (first === "start" || first === "restart");
  }
}

function isKernel({ name, args }: Invocation): boolean {
  switch (name) {
    case "sysctl":
      return args.some(({ shape }) => shape === "-w" || shape === "-p" || shape === "--system" || shape.includes("="));
    case "mount":
      return args.length > 0;
    case "swapon":
    case "modprobe":
    case "insmod":
      return args.some(({ shape }) => !shape.startsWith("-"));
    case "hostname":
      return args.length === 1 && args[0]?.shape.startsWith("-") === false;
    case "date":
      return args.some(({ shape }) => shape === "-s" || shape.startsWith("--set"));
    default:
      return false;
  }
}

const MOST_WORDS = 3;

function textOf({ name, words, assignments }: Invocation): string {
  if (words.length === 0) return `${assignments[0]?.name ?? ""}=`;
  if (name === "." || name === "cd" || name === "source" || VARIABLES.has(name ?? "")) return name ?? "";
  const shown = words.slice(0, MOST_WORDS).map(({ text }) => text);
  return shown.join(" ");
}
