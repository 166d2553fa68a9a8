import type { Range } from "../text/source.js";
import { assignmentOfWord } from "./assignment-word.js";
import { findCommands, unwrap } from "./command-words.js";
import type { TextFrame } from "./frame.js";
import type { Invocation, Script, ShellFlags, ShellKind, VariableLookup, Wrapper } from "./model.js";
import { parseScript } from "./script.js";
import { baseName, NO_FLAGS, readFlags, shellKindOfName } from "./shell-kind.js";
import { shellOperand, suScript } from "./shell-operand.js";
import { GivenWord, type ShellWord } from "./word.js";
import { SHELLS } from "./wrapper-table.js";

/** One element of an exec array, decoded. */
export interface ArgvItem {
  readonly value: string;
  /** The element as written, quotes included. */
  readonly range: Range;
  /** Range of a stretch of `value`, in 0-based UTF-16 code units. */
  readonly rangeAt: (start: number, end: number) => Range;
}

/** What surrounds an exec array. */
export interface ArgvScope {
  /** What `sh` is in this image. */
  readonly sh: ShellKind;
  /** Variables that the container has when it runs; undefined values are unknown. */
  readonly variables?: VariableLookup | undefined;
}

/** An exec array as a command. */
export interface ArgvCommand {
  /** The command with its wrappers taken off; undefined for an empty array. */
  readonly invocation: Invocation | undefined;
  /** It, and all commands of the scripts that it runs, in order. */
  readonly invocations: readonly Invocation[];
  /** The scripts that it runs (`["sh", "-c", "…"]`). */
  readonly scripts: readonly Script[];
}

/** Reads the elements of an exec array: no shell expands them. Never throws. */
export function argvInvocation(items: readonly ArgvItem[], scope: ArgvScope): ArgvCommand {
  const words = items.map((item) => new GivenWord(item.value, item.range, item.rangeAt));
  const [first] = words;
  if (first === undefined) return { invocation: undefined, invocations: [], scripts: [] };
  const invocations: Invocation[] = [];
  const scripts: Script[] = [];
  const outer = addCommand(words, [], { scope, invocations, scripts });
  return { invocation: outer, invocations, scripts };
}

interface Collector {
  readonly scope: ArgvScope;
  readonly invocations: Invocation[];
  readonly scripts: Script[];
}

function addCommand(written: readonly ShellWord[], outer: readonly Wrapper[], collector: Collector): Invocation {
  const { invocations, scripts } = collector;
  const command = unwrap(written);
  const script = nestedScript(command.words, collector.scope);
  const nested = script === undefined ? [] : [script];
  const wrappers = [...outer, ...command.wrappers];
  const invocation = new ArgvInvocation(
    invocations.length,
    written,
    command.words,
    wrappers,
    command.assignments,
    nested,
  );
  invocations.push(invocation);
  if (script !== undefined) {
    scripts.push(script);
    for (const inner of script.invocations) invocations.push(inner);
  }
  const [first] = command.words;
  if (invocation.name === "find" && first !== undefined) {
    const wrapper = { name: "find", range: first.range, words: [] };
    for (const part of findCommands(command.words)) addCommand(part, [...wrappers, wrapper], collector);
  }
  return invocation;
}

function nestedScript(words: readonly ShellWord[], scope: ArgvScope): Script | undefined {
  const name = nameOf(words);
  if (name === undefined) return undefined;
  const rest = words.slice(1);
  if (name === "su" || name === "runuser") return parse(suScript(rest)?.asScript(), scope.sh, NO_FLAGS, scope);
  if (!SHELLS.has(name)) return undefined;
  const { isScript, operand, options } = shellOperand(rest);
  if (!isScript) return undefined;
  return parse(operand?.asScript(), shellKindOfName(name, scope.sh), readFlags(options, NO_FLAGS), scope);
}

function parse(
  frame: TextFrame | undefined,
  shell: ShellKind,
  flags: ShellFlags,
  scope: ArgvScope,
): Script | undefined {
  if (frame === undefined) return undefined;
  const { variables } = scope;
  return parseScript({ text: frame.text, toRange: frame.rangeAt, shell, flags, variables, kind: "exec-nested" });
}

function nameOf(words: readonly ShellWord[]): string | undefined {
  const value = words[0]?.value;
  return value === undefined ? undefined : baseName(value);
}

/** The command of an exec array. */
class ArgvInvocation implements Invocation {
  readonly name: string | undefined;
  readonly nameRange: Range;
  readonly args: readonly ShellWord[];
  readonly assignments: Invocation["assignments"];
  readonly redirects: Invocation["redirects"] = [];
  readonly via = "exec-form" as const;
  readonly range: Range;
  readonly pipeline = undefined;
  readonly onlyIf = "none" as const;
  readonly guarded = false;
  readonly isTolerated = false;
  readonly background = false;
  readonly negated = false;
  readonly inSubstitution = "none" as const;
  readonly inSubshell = false;
  readonly flags = NO_FLAGS;
  readonly precededBy = undefined;
  readonly followedBy = undefined;
  readonly script = undefined;
  readonly index: number;
  readonly words: readonly ShellWord[];
  readonly wrappers: readonly Wrapper[];
  readonly nested: readonly Script[];

  constructor(
    index: number,
    written: readonly ShellWord[],
    words: readonly ShellWord[],
    wrappers: readonly Wrapper[],
    assignments: readonly ShellWord[],
    nested: readonly Script[],
  ) {
    this.index = index;
    this.words = words;
    this.wrappers = wrappers;
    this.nested = nested;
    this.name = nameOf(words);
    this.args = words.slice(1);
    this.assignments = assignments.map(assignmentOfWord);
    const range = words[0]?.range ?? written[0]?.range;
    const last = written.at(-1)?.range ?? range;
    if (range === undefined || last === undefined) throw new Error("an exec array has at least one element");
    this.nameRange = range;
    const start = written[0]?.range.start ?? range.start;
    this.range = range.source.range(Math.min(start, last.end), last.end);
  }
}
