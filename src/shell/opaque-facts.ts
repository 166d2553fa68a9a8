import { managerOf } from "../data/package-managers.js";
import type { OpaqueFact } from "./fact-model.js";
import type { Invocation, Word } from "./model.js";
import { shellOperand } from "./shell-operand.js";
import { SHELLS } from "./wrapper-table.js";

/** Programs that run code given on standard input or as first operand. */
const INTERPRETER = /^(?:python|pypy|perl|ruby|node|php|pwsh|lua|Rscript)[\d.]*$/;
/** Programs that install software by their own rules. */
const INSTALLERS = new Set(
  "make gmake ansible ansible-playbook ansible-galaxy chef-client chef-solo puppet salt-call rosdep playwright cypress nix-env nix brew sdkmanager vcpkg conan pyinfra".split(
    " ",
  ),
);
/** Folders whose programs are what their name says. */
const PROGRAM_FOLDERS = /^\/(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;
/** Files that only set variables. */
const HARMLESS_SOURCES =
  /(?:^|\/)(?:activate|os-release|lsb-release|\.?env|\.bashrc|\.profile|profile|nvm\.sh|envvars|environment)$/;

/** Why nobody can see here what a command does; undefined when its doings follow from its words. */
export function opaqueOf(invocation: Invocation, functions: ReadonlySet<string>): OpaqueFact | undefined {
  const { name, words, nameRange: range } = invocation;
  const [program] = words;
  if (program === undefined) return undefined;
  const fact = (kind: OpaqueFact["kind"], reason: string): OpaqueFact => ({ kind, reason, range, invocation });
  if (name === undefined) return fact("unknown", "runs a program whose name is not known");
  if (functions.has(name)) return undefined;
  if (SHELLS.has(name)) return shellReason(invocation, fact);
  if (INTERPRETER.test(name)) return interpreterReason(invocation, fact);
  if (name === "." || name === "source") {
    const file = words[1]?.value;
    return file !== undefined && HARMLESS_SOURCES.test(file) ? undefined : fact("script", `reads ${said(words[1])}`);
  }
  if (name === "eval" && words.some((word) => word.value === undefined))
    return fact("unknown", "evaluates an unknown text");
  if (INSTALLERS.has(name)) return fact("installer", `\`${name}\` may install software`);
  const path = program.value ?? "";
  if (!path.includes("/") || PROGRAM_FOLDERS.test(path)) return undefined;
  const isKnown = managerOf(name) !== undefined || INTERPRETER.test(name);
  return isKnown ? undefined : fact("script", `runs \`${path}\``);
}

type MakeFact = (kind: OpaqueFact["kind"], reason: string) => OpaqueFact;

function shellReason(invocation: Invocation, fact: MakeFact): OpaqueFact | undefined {
  const { args } = invocation;
  if (args.some((word) => word.value === "-n" || word.value === "--version")) return undefined;
  const { isScript, operand } = shellOperand(args);
  if (isScript)
    return operand?.shape === undefined || !isHole(operand) ? undefined : fact("pipe", "runs an unknown text");
  if (operand !== undefined) {
    const isSubstitution = operand.parts.some((part) => part.kind === "process" || part.kind === "command");
    return fact(isSubstitution ? "pipe" : "script", `runs ${said(operand)}`);
  }
  if (invocation.nested.length > 0) return undefined;
  if (isFed(invocation)) return fact("pipe", `\`${invocation.name ?? ""}\` runs what a pipe delivers`);
  return undefined;
}

/** Whether standard input comes from a pipe or a redirect. */
function isFed(invocation: Invocation): boolean {
  if ((invocation.pipeline?.position ?? 0) > 0) return true;
  return invocation.redirects.some((redirect) => redirect.kind !== "file" || redirect.operator === "<");
}

function interpreterReason(invocation: Invocation, fact: MakeFact): OpaqueFact | undefined {
  const [first] = invocation.args;
  const readsInput = first === undefined || first.shape === "-";
  if (readsInput && isFed(invocation)) return fact("pipe", `\`${invocation.name ?? ""}\` runs what a pipe delivers`);
  if (first === undefined || first.shape.startsWith("-")) return undefined;
  return fact("script", `runs ${said(first)}`);
}

function isHole(word: Word): boolean {
  return word.value === undefined && word.parts.every((part) => part.kind === "command");
}

function said(word: Word | undefined): string {
  return word === undefined ? "a script" : `\`${word.text}\``;
}
