import { type ParsedScript, parse } from "unbash";
import type { Range } from "../text/source.js";
import { Bindings } from "./bindings.js";
import { findConstructs } from "./constructs.js";
import type { ScriptLists, ScriptStart, WalkContext, WalkRoot } from "./context.js";
import type { ScriptFacts } from "./fact-model.js";
import type { TextFrame } from "./frame.js";
import type {
  Assignment,
  Construct,
  Invocation,
  Pipeline,
  Script,
  ScriptError,
  ScriptInput,
  ScriptKind,
  ShellFlags,
  ShellKind,
  Step,
  SwallowedComment,
} from "./model.js";
import { NO_FLAGS } from "./shell-kind.js";
import { findSwallowed } from "./swallowed.js";
import { walkStatements } from "./walker.js";

/** Expansions may add this many words to one root script. */
const EXPANSION_BUDGET = 20_000;
/** Scripts with more heredocs are not read: the parser's time for them grows with the square of their number. */
const MAX_HEREDOCS = 2_000;

interface WalkResult {
  readonly root: WalkRoot;
  readonly lists: ScriptLists;
  readonly skipped: string | undefined;
  readonly finalFlags: ShellFlags;
  /** Where the entries of this script begin and end in the lists of the root. */
  readonly from: RootMark;
  readonly to: RootMark;
}

interface RootMark {
  readonly invocations: number;
  readonly pipelines: number;
  readonly nested: number;
  readonly errors: number;
  readonly trees: number;
}

/**
 * Reads a script. Nothing is parsed before a property of the result is read, and nothing throws: what cannot be read is
 * `skipped`, what was understood in part is `partial`.
 */
export function parseScript(input: ScriptInput): Script {
  return new WrittenScript(
    {
      kind: input.kind,
      frame: frameOf(input.text, input.toRange),
      shell: input.shell,
      flags: input.flags ?? NO_FLAGS,
      lookup: input.variables,
    },
    undefined,
  );
}

/** A function of its own: what it makes may be kept for long, and leads to nothing but what it was given. */
function frameOf(text: string, toRange: ScriptInput["toRange"]): TextFrame {
  const { length } = text;
  // The parser may place the end of what the text breaks off (a heredoc in backticks) behind the text.
  return { text, rangeAt: (start, end) => toRange(Math.min(start, length), Math.min(end, length)) };
}

/** Reads a script that stands inside another one, into the lists of the same root. */
function runScript(start: ScriptStart, outer: WalkContext): Script {
  const script = new WrittenScript(start, outer);
  outer.root.nested.push(script);
  script.walk();
  return script;
}

/** A script that was read from a text. */
export class WrittenScript implements Script {
  readonly kind: ScriptKind;
  readonly shell: ShellKind;
  readonly text: string;
  readonly initialFlags: ShellFlags;
  /** Kept for `scriptFacts`, which computes it once. A field costs the collector less than a weak map. */
  facts: ScriptFacts | undefined;
  readonly #start: ScriptStart;
  readonly #outer: WalkContext | undefined;
  #result: WalkResult | undefined;
  #invocations: readonly Invocation[] | undefined;
  #swallowed: SwallowedComment | "none" | undefined;
  #constructs: readonly Construct[] | undefined;

  constructor(start: ScriptStart, outer: WalkContext | undefined) {
    this.kind = start.kind;
    this.shell = start.shell;
    this.text = start.frame.text;
    this.initialFlags = start.flags;
    this.#start = start;
    this.#outer = outer;
  }

  get range(): Range {
    return this.rangeAt(0, this.text.length);
  }

  rangeAt(start: number, end: number): Range {
    return this.#start.frame.rangeAt(start, end);
  }

  get frame(): TextFrame {
    return this.#start.frame;
  }

  get skipped(): string | undefined {
    return this.walk().skipped;
  }

  get invocations(): readonly Invocation[] {
    this.#invocations ??= this.#own("invocations");
    return this.#invocations;
  }

  get pipelines(): readonly Pipeline[] {
    return this.#own("pipelines");
  }

  get nested(): readonly Script[] {
    return this.#own("nested");
  }

  get errors(): readonly ScriptError[] {
    return this.#own("errors");
  }

  get steps(): readonly Step[] {
    return this.walk().lists.steps;
  }

  get assignments(): readonly Assignment[] {
    return this.walk().lists.assignments;
  }

  get functions(): ReadonlySet<string> {
    return this.walk().lists.functions;
  }

  get partial(): boolean {
    return this.walk().root.partial;
  }

  get finalFlags(): ShellFlags {
    return this.walk().finalFlags;
  }

  get swallowed(): SwallowedComment | undefined {
    this.#swallowed ??= findSwallowed(this.kind, this.#start.frame) ?? "none";
    return this.#swallowed === "none" ? undefined : this.#swallowed;
  }

  get constructs(): readonly Construct[] {
    if (this.#constructs === undefined) {
      const { root, from, to } = this.walk();
      this.#constructs = findConstructs(root.trees.slice(from.trees, to.trees));
    }
    return this.#constructs;
  }

  /** Parses and walks on first use. */
  walk(): WalkResult {
    this.#result ??= walkScript(this.#start, this, this.#outer);
    return this.#result;
  }

  #own<K extends keyof RootMark & keyof WalkRoot>(
    list: K,
  ): WalkRoot[K] extends readonly (infer T)[] ? readonly T[] : never;
  #own(list: keyof RootMark): readonly unknown[] {
    const { root, from, to } = this.walk();
    const all = root[list];
    return from[list] === 0 && to[list] === all.length ? all : all.slice(from[list], to[list]);
  }
}

function markOf(root: WalkRoot): RootMark {
  return {
    invocations: root.invocations.length,
    pipelines: root.pipelines.length,
    nested: root.nested.length,
    errors: root.errors.length,
    trees: root.trees.length,
  };
}

function walkScript(start: ScriptStart, script: Script, outer: WalkContext | undefined): WalkResult {
  const root: WalkRoot = outer?.root ?? {
    invocations: [],
    pipelines: [],
    nested: [],
    errors: [],
    trees: [],
    partial: false,
    walk: { statements: walkStatements, script: runScript },
  };
  const lists: ScriptLists = { assignments: [], functions: new Set(), steps: [] };
  const from = markOf(root);
  const state = { flags: start.flags };
  const done = (skipped: string | undefined): WalkResult => {
    return { root, lists, skipped, finalFlags: state.flags, from, to: markOf(root) };
  };
  const reason = skipReason(start) ?? tooMuch(start.frame.text);
  if (reason !== undefined) {
    if (outer !== undefined) root.partial = true;
    return done(reason);
  }
  const tree = parseSafely(start.frame.text);
  if (tree === undefined) {
    root.partial = true;
    return done("it is nested too deeply");
  }
  const [error] = tree.errors ?? [];
  if (error !== undefined && (start.shell === "zsh" || start.shell === "ksh"))
    return done(`not read: ${start.shell} syntax`);
  for (const { message, pos } of tree.errors ?? []) root.errors.push(toError(message, pos, start.frame));
  if (error !== undefined) root.partial = true;
  root.trees.push({ tree, frame: start.frame, script });
  const context = startContext(start, script, outer, {
    root,
    lists,
    state,
    errorAt: error?.pos ?? Number.POSITIVE_INFINITY,
  });
  try {
    walkStatements(tree.commands, context, true);
  } catch (cause) {
    // The tree is lazy: nesting that the parser passed over can exhaust the stack only now.
    if (!(cause instanceof RangeError)) throw cause;
    root.partial = true;
  }
  return done(undefined);
}

function startContext(
  start: ScriptStart,
  script: Script,
  outer: WalkContext | undefined,
  own: Pick<WalkContext, "root" | "lists" | "state" | "errorAt">,
): WalkContext {
  const budget = outer?.scope.budget ?? { left: EXPANSION_BUDGET };
  // Every field is written out: an object that begins as a copy and then grows becomes a slow one.
  return {
    root: own.root,
    lists: own.lists,
    state: own.state,
    errorAt: own.errorAt,
    script,
    scope: { frame: start.frame, bindings: new Bindings(start.lookup), shell: start.shell, budget },
    onlyIf: outer?.onlyIf ?? "none",
    isConditional: false,
    isSubprocess: false,
    guard: outer?.guard,
    isTolerated: outer?.isTolerated ?? false,
    background: outer?.background ?? false,
    negated: false,
    substitution: outer?.substitution ?? "none",
    inSubshell: outer !== undefined,
    place: undefined,
    timed: undefined,
    loopStart: undefined,
    isFunctionBody: false,
    depth: outer === undefined ? 0 : outer.depth + 1,
    nesting: outer === undefined ? 0 : outer.nesting + 1,
  };
}

/** Why a shell's scripts are not read. */
function skipReason(start: ScriptStart): string | undefined {
  if (start.shell === "powershell") return "PowerShell is not read";
  if (start.shell === "cmd") return "scripts of cmd are not read";
  return start.shell === "other" ? "the program that reads it is no known shell" : undefined;
}

function tooMuch(text: string): string | undefined {
  let count = 0;
  for (let at = text.indexOf("<<"); at !== -1; at = text.indexOf("<<", at + 2)) count += 1;
  return count > MAX_HEREDOCS ? "it holds too many heredocs" : undefined;
}

/** The tree; undefined when the parser ran out of stack. */
function parseSafely(text: string): ParsedScript | undefined {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof RangeError) return undefined;
    throw cause;
  }
}

function toError(message: string, pos: number, frame: TextFrame): ScriptError {
  const start = Math.min(Math.max(0, pos), frame.text.length);
  const lineEnd = frame.text.indexOf("\n", start);
  return { message, range: frame.rangeAt(start, lineEnd === -1 ? frame.text.length : lineEnd) };
}
