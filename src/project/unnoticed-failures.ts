import { buildEvidence } from "../shell/build-evidence.js";
import { downloadsOf } from "../shell/download-facts.js";
import type { Connector, Invocation, Script, Step } from "../shell/model.js";
import { packageCommand } from "../shell/packages.js";
import { words } from "../text/words.js";

let harmless: ReadonlySet<string> | undefined;

/** Commands that hardly ever fail, that only look at something, or whose status nobody waits for. */
function isHarmlessName(name: string): boolean {
  harmless ??= new Set(
    words(
      ": [ alias cat command date echo env exit export false grep egrep fgrep hash help id kill local ls printf ps pwd " +
        "readonly return set shift shopt sleep sync test time times trap true type typeset declare ulimit umask unalias uname " +
        "unset wait which whoami",
    ),
  );
  return harmless.has(name);
}

/** A command whose failing does not stop its script. */
export interface UnnoticedFailure {
  readonly command: Invocation;
  /** The `;` or line break after it, or after the `&&` list that it is part of. */
  readonly end: Connector;
}

/** The first top-level command of a script that can fail while the script goes on; undefined when there is none. */
export function unnoticedFailure(script: Script): UnnoticedFailure | undefined {
  const { steps } = script;
  if (steps.length < 2 || script.partial) return undefined;
  let seen = 0;
  for (const chain of chainsOf(steps)) {
    seen += chain.length;
    const next = steps[seen];
    const end = chain.at(-1)?.after;
    if (end === undefined || next === undefined || end.operator === "&") continue;
    if (chain.some(({ after }) => after?.operator === "||") || asksStatus(next)) continue;
    for (const { invocation } of chain) {
      if (invocation !== undefined && canFail(invocation)) return { command: invocation, end };
    }
  }
  return undefined;
}

/** Steps joined by `&&` and `||`, whose status is one. */
function chainsOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const chains: Step[][] = [];
  let current: Step[] = [];
  for (const step of steps) {
    current.push(step);
    if (step.after?.operator === "&&" || step.after?.operator === "||") continue;
    chains.push(current);
    current = [];
  }
  if (current.length > 0) chains.push(current);
  return chains;
}

/** Whether a step looks at `$?` of the one before. */
function asksStatus({ range }: Step): boolean {
  return range.source.slice(range).includes("$?");
}

function canFail(command: Invocation): boolean {
  const { name, words: written, flags, negated, background, args } = command;
  if (flags.errexit || negated || background || written.length === 0) return false;
  if (name === undefined) return true;
  if (name === "rm") return !args.some(({ value }) => value !== undefined && /^-[a-z]*f/.test(value));
  if (name === "mkdir") return !args.some(({ value }) => value === "-p" || value === "--parents");
  return !isHarmlessName(name);
}

/** A failing that is thrown away on purpose, after a command that has to work. */
export interface MaskedFailure {
  /** For people: `npm ci`. */
  readonly what: string;
  readonly command: Invocation;
  /** The `||`, or the `;` before `exit 0`. */
  readonly mask: Connector;
  /** As written: `|| true`. */
  readonly written: string;
}

/** Installs, builds, tests and downloads whose failing is followed by `|| true` or `; exit 0`, in source order. */
export function maskedFailures(script: Script): readonly MaskedFailure[] {
  const found: MaskedFailure[] = [];
  const { steps } = script;
  for (const [index, step] of steps.entries()) {
    const { invocation: command, after: mask } = step;
    const ending = steps[index + 1]?.invocation;
    if (command === undefined || mask === undefined || ending === undefined || !endsWell(ending, mask)) continue;
    const what = essentialOf(command);
    if (what === undefined) continue;
    found.push({ what, command, mask, written: `${mask.operator} ${ending.words.map(({ text }) => text).join(" ")}` });
  }
  return found;
}

/** `|| true`, `|| :`, `|| exit 0`; `; exit 0`. */
function endsWell({ name, args }: Invocation, { operator }: Connector): boolean {
  const exitsWell = name === "exit" && args[0]?.value === "0";
  if (operator === "||") return name === "true" || name === ":" || exitsWell;
  return operator === ";" && exitsWell;
}

let tests: ReadonlySet<string> | undefined;

/** What an image cannot do without: an install, a build, a test or a download; undefined for other commands. */
function essentialOf(command: Invocation): string | undefined {
  const { name, args } = command;
  if (name === undefined) return undefined;
  const packages = packageCommand(command);
  if (packages?.action === "install" || packages?.action === "lock-install" || packages?.action === "download") {
    return packages.verb === "" ? packages.manager : `${packages.manager} ${packages.verb}`;
  }
  const build = buildEvidence(command);
  if (build !== undefined) return build.command;
  const [first] = args;
  if (first?.value === "test" && isTestRunner(name)) return `${name} test`;
  if (name === "pytest" || name === "tox" || name === "jest" || name === "phpunit" || name === "rspec") return name;
  return downloadsOf(command).some(({ output }) => output === "file" || output === "stdout") ? name : undefined;
}

function isTestRunner(name: string): boolean {
  tests ??= new Set(words("npm yarn pnpm bun go cargo dotnet mvn gradle make mix composer deno flutter"));
  return tests.has(name);
}
