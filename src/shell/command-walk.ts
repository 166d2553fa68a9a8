import type { Command } from "unbash";
import { ANY_TIME } from "./bindings.js";
import { findCommands, unwrap } from "./command-words.js";
import type { Around, WalkContext } from "./context.js";
import { toAssignment, WrittenInvocation, wordsOf } from "./invocation.js";
import { HOLE } from "./model.js";
import { nestedScripts } from "./nested.js";
import { baseName, readFlags } from "./shell-kind.js";
import { walkRedirect, walkTreeWord } from "./substitutions.js";
import type { ShellWord } from "./word.js";
import { SHELLS, WRAPPERS } from "./wrapper-table.js";

/** Builtins that change the variables or the switches of their shell. */
const STATEFUL = new Set(
  "set setopt unsetopt shopt source . eval export declare typeset local readonly read mapfile readarray unset getopts printf let".split(
    " ",
  ),
);
const RUNS_SCRIPTS = new Set(["su", "runuser", "eval"]);
/** A script with more commands is listed up to here and counts as partial. */
const MAX_INVOCATIONS = 100_000;

/** Adds a simple command to the list, then what its substitutions, its nested scripts and `find -exec` run. */
export function readCommand(node: Command, context: WalkContext, around: Around): void {
  const { root } = context;
  if (root.invocations.length >= MAX_INVOCATIONS) {
    root.partial = true;
    return;
  }
  const written = node.name?.value;
  const isExpanded = written !== undefined && /[$`{]/.test(written);
  const isKnown = written !== undefined && !isExpanded && !written.includes(HOLE);
  const plainName = isKnown ? baseName(written) : undefined;
  const needsWords = isExpanded || (plainName !== undefined && isSpecial(plainName));
  const words = needsWords ? wordsOf(node, context, versionOf(context)) : undefined;
  const command = words === undefined ? undefined : unwrap(words);
  const first = command?.words[0]?.value;
  const invocation = new WrittenInvocation({
    context,
    index: root.invocations.length,
    name: command === undefined ? plainName : first === undefined ? undefined : baseName(first),
    tree: node,
    treeRedirects: [],
    words: command?.words,
    wrappers: command?.wrappers,
    wrapperAssignments: command?.assignments,
    precededBy: around.before,
    followedBy: around.after,
    pos: node.pos,
    end: node.end,
  });
  root.invocations.push(invocation);
  walkSubstitutions(node, context);
  if (node.name === undefined) readAssignments(node, context);
  else if (command !== undefined) {
    runWords(invocation, command.words, node, context);
    changeState(node, command.words, context);
  }
}

function isSpecial(name: string): boolean {
  return WRAPPERS.has(name) || SHELLS.has(name) || STATEFUL.has(name) || RUNS_SCRIPTS.has(name) || name === "find";
}

function versionOf(context: WalkContext): number {
  return context.isFunctionBody ? ANY_TIME : context.scope.bindings.version;
}

function walkSubstitutions(node: Command, context: WalkContext): void {
  const kind = node.name === undefined ? "assignment" : "argument";
  for (const item of node.prefix) {
    if (item.type === "Assignment") walkTreeWord(item, context, kind);
    else walkRedirect(item, context);
  }
  if (node.name !== undefined) walkTreeWord(node.name, context, "argument");
  for (const item of node.suffix) {
    if (item.type === "Word" || item.type === "Assignment") walkTreeWord(item, context, "argument");
    else walkRedirect(item, context);
  }
}

/** Scripts after `-c`, in heredocs and behind `eval`; the commands of `find -exec`. */
function runWords(
  invocation: WrittenInvocation,
  words: readonly ShellWord[],
  node: Command,
  context: WalkContext,
): void {
  const [first] = words;
  if (invocation.name === undefined || first === undefined) return;
  if (invocation.name === "find") {
    for (const command of findCommands(words)) {
      addPart(invocation, [first, ...command], node, context);
    }
    return;
  }
  if (SHELLS.has(invocation.name) || RUNS_SCRIPTS.has(invocation.name)) {
    invocation.nested = nestedScripts(invocation, words, node, context);
  }
}

/** Adds the command that `find` runs; `words` are `find` and the words of the command. */
function addPart(
  parent: WrittenInvocation,
  [find, ...rest]: readonly ShellWord[],
  node: Command,
  context: WalkContext,
): void {
  const { root } = context;
  const command = unwrap(rest);
  const first = command.words[0]?.value;
  if (find === undefined) return;
  const wrapper = { name: "find", range: find.range, words: [] };
  const invocation = new WrittenInvocation({
    context,
    index: root.invocations.length,
    name: first === undefined ? undefined : baseName(first),
    tree: undefined,
    treeRedirects: [],
    words: command.words,
    wrappers: [...parent.wrappers, wrapper, ...command.wrappers],
    wrapperAssignments: undefined,
    precededBy: parent.precededBy,
    followedBy: parent.followedBy,
    pos: node.pos,
    end: node.end,
  });
  root.invocations.push(invocation);
  if (invocation.name !== undefined && SHELLS.has(invocation.name)) {
    invocation.nested = nestedScripts(invocation, command.words, undefined, context);
  }
}

/** Whether an assignment here is certain to happen, in the shell that runs the rest of the script. */
function isCertain(context: WalkContext): boolean {
  return !context.isConditional && !context.isSubprocess;
}

function readAssignments(node: Command, context: WalkContext): void {
  for (const item of node.prefix) if (item.type === "Assignment") bind(item, context, "statement");
}

function bind(
  item: Extract<Command["prefix"][number], { type: "Assignment" }>,
  context: WalkContext,
  kind: "statement" | "declaration",
): void {
  const { bindings } = context.scope;
  const assignment = toAssignment(item, context, versionOf(context), kind);
  if (!context.isSubprocess) context.lists.assignments.push(assignment);
  const isWhole = !assignment.append && item.index === undefined;
  if (isCertain(context) && isWhole) bindings.assign(item.name, assignment.value?.value);
  else forget(item.name, context);
}

function forget(name: string, context: WalkContext): void {
  const { bindings } = context.scope;
  bindings.forget(name, context.loopStart ?? bindings.version);
}

/** Follows builtins that change switches or variables. */
function changeState(node: Command, words: readonly ShellWord[], context: WalkContext): void {
  const [first, ...rest] = words;
  switch (first?.value) {
    case "set":
    case "setopt":
    case "shopt":
      changeFlags(first.value, rest, context);
      return;
    case "source":
    case ".":
    case "eval":
      context.scope.bindings.forgetAll();
      return;
    case "export":
    case "declare":
    case "typeset":
    case "local":
    case "readonly":
      for (const item of node.suffix) if (item.type === "Assignment") bind(item, context, "declaration");
      return;
    case "read":
    case "mapfile":
    case "readarray":
    case "unset":
    case "getopts":
    case "let":
      for (const word of rest) forget((word.value ?? "").split("=")[0] ?? "", context);
      return;
    case "printf":
      if (rest[0]?.value === "-v") forget(rest[1]?.value ?? "", context);
  }
}

function changeFlags(builtin: "set" | "setopt" | "shopt", words: readonly ShellWord[], context: WalkContext): void {
  if (context.isConditional || context.place !== undefined) return;
  const values = words.map((word) => word.shape);
  const before = context.state.flags;
  if (builtin === "set") context.state.flags = readFlags(values, before);
  else if (builtin === "setopt") {
    const hasPipefail = values.some((value) => value.toLowerCase().replaceAll("_", "") === "pipefail");
    context.state.flags = { ...before, pipefail: before.pipefail || hasPipefail };
  } else if (values[0] === "-so") context.state.flags = readFlags(["-o", values[1] ?? ""], before);
}
