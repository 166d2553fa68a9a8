import type { Wrapper } from "./model.js";
import { baseName } from "./shell-kind.js";
import { splitWords } from "./split-words.js";
import type { ShellWord } from "./word.js";
import { COREPACK_MANAGERS, WRAPPERS, type WrapperSpec } from "./wrapper-table.js";

/** A command with its wrappers taken off. */
export interface UnwrappedCommand {
  readonly wrappers: readonly Wrapper[];
  /** The command itself; the innermost wrapper when it runs nothing. */
  readonly words: readonly ShellWord[];
  /** `NAME=value` words of `env` and `sudo`. */
  readonly assignments: readonly ShellWord[];
}

/** Wrappers inside wrappers beyond this depth are left alone. */
const MAX_WRAPPERS = 8;
const ASSIGNMENT = /^[A-Za-z_][A-Za-z0-9_]*=/;

/** Takes `sudo`, `env`, `xargs` and the like off the front of a command. */
export function unwrap(written: readonly ShellWord[]): UnwrappedCommand {
  const wrappers: Wrapper[] = [];
  const assignments: ShellWord[] = [];
  let words = written;
  while (wrappers.length < MAX_WRAPPERS) {
    const [first] = words;
    const name = first?.value === undefined ? undefined : baseName(first.value);
    const spec = name === undefined ? undefined : WRAPPERS.get(name);
    if (first === undefined || name === undefined || spec === undefined) break;
    const inner = innerCommand(name, spec, words);
    if (inner === undefined) break;
    wrappers.push({ name, range: first.range, words: words.slice(1, inner.at) });
    for (const word of inner.assignments) assignments.push(word);
    words = inner.split === undefined ? words.slice(inner.at) : [...inner.split, ...words.slice(inner.at)];
  }
  return { wrappers, words, assignments };
}

interface InnerCommand {
  /** Index of the first word of the command. */
  readonly at: number;
  readonly assignments: readonly ShellWord[];
  /** Words that `env -S` made of one word; they stand before the word at `at`. */
  readonly split: readonly ShellWord[] | undefined;
}

/** Where the command of a wrapper begins; undefined when it runs none. */
function innerCommand(name: string, spec: WrapperSpec, words: readonly ShellWord[]): InnerCommand | undefined {
  const assignments: ShellWord[] = [];
  let operands = spec.operands;
  let at = 1;
  let optionsEnded = false;
  let skipsOperand = name !== "runuser";
  for (; at < words.length; at += 1) {
    const shape = words[at]?.shape ?? "";
    if (!optionsEnded && shape === "--") optionsEnded = true;
    else if (!optionsEnded && shape.length > 1 && shape.startsWith("-")) {
      if (spec.queries.has(shape)) return undefined;
      if (name === "env" && (shape === "-S" || shape === "--split-string" || shape.startsWith("-S"))) {
        return splitOperand(shape, words, at, assignments);
      }
      if (name === "runuser" && (shape === "-u" || shape === "--user" || shape.startsWith("--user=")))
        skipsOperand = true;
      if (takesNext(spec, shape)) at += 1;
    } else if (spec.takesAssignments && ASSIGNMENT.test(shape)) {
      const word = words[at];
      if (word !== undefined) assignments.push(word);
    } else if (operands > 0) operands -= 1;
    else break;
  }
  if (at >= words.length || !skipsOperand) return undefined;
  if (name === "corepack" && !COREPACK_MANAGERS.has((words[at]?.value ?? "").split("@")[0] ?? "")) return undefined;
  return { at, assignments, split: undefined };
}

/** Whether an option takes the next word: it is listed, or ends a cluster in a listed letter (`-nu user`). */
function takesNext(spec: WrapperSpec, shape: string): boolean {
  if (spec.withValue.has(shape)) return true;
  if (shape.startsWith("--")) return false;
  for (let index = 1; index < shape.length; index += 1) {
    if (spec.withValue.has(`-${shape[index]}`)) return index === shape.length - 1;
  }
  return false;
}

function splitOperand(
  shape: string,
  words: readonly ShellWord[],
  at: number,
  assignments: readonly ShellWord[],
): InnerCommand | undefined {
  const isJoined = shape !== "-S" && shape !== "--split-string";
  const word = words[isJoined ? at : at + 1];
  if (word === undefined || isJoined) return undefined;
  return { at: at + 2, assignments, split: splitWords(word.asScript()) };
}

/** The commands of `find … -exec CMD … ;`, in order. */
export function findCommands(words: readonly ShellWord[]): readonly (readonly ShellWord[])[] {
  const commands: ShellWord[][] = [];
  let current: ShellWord[] | undefined;
  for (const word of words) {
    const { shape } = word;
    if (current === undefined) {
      if (shape === "-exec" || shape === "-execdir" || shape === "-ok" || shape === "-okdir") current = [];
    } else if (shape === ";" || (shape === "+" && current.at(-1)?.shape === "{}")) {
      if (current.length > 0) commands.push(current);
      current = undefined;
    } else current.push(word);
  }
  if (current !== undefined && current.length > 0) commands.push(current);
  return commands;
}
