import type { Command, Assignment as TreeAssignment, Redirection as TreeRedirection, Word as TreeWord } from "unbash";
import type { Range } from "../text/source.js";
import { assignmentOfWord } from "./assignment-word.js";
import { ANY_TIME } from "./bindings.js";
import type { WalkContext } from "./context.js";
import type {
  Assignment,
  Condition,
  Connector,
  Invocation,
  Pipeline,
  PipelinePlace,
  PipelineStage,
  Redirect,
  Script,
  ShellFlags,
  Step,
  Substitution,
  Wrapper,
} from "./model.js";
import type { PackageCommand } from "./package-model.js";
import { type ShellWord, WrittenWord } from "./word.js";
import type { TreeText } from "./word-pieces.js";

const NO_WRAPPERS: readonly Wrapper[] = [];
const NO_SCRIPTS: readonly Script[] = [];
const NO_WORDS: readonly ShellWord[] = [];

/** What the walk finds out about a command at once; everything else is computed when asked for. */
export interface InvocationSeed {
  readonly context: WalkContext;
  readonly index: number;
  readonly name: string | undefined;
  /** Undefined for a part of another command: `find -exec`. */
  readonly tree: Command | undefined;
  /** Redirects of a compound command, which has no `tree` here. */
  readonly treeRedirects: readonly TreeRedirection[];
  /** Known already when wrappers were taken off. */
  readonly words: readonly ShellWord[] | undefined;
  readonly wrappers: readonly Wrapper[] | undefined;
  readonly wrapperAssignments: readonly ShellWord[] | undefined;
  readonly precededBy: Connector | undefined;
  readonly followedBy: Connector | undefined;
  readonly pos: number;
  readonly end: number;
}

/** An invocation of a written script. */
export class WrittenInvocation implements Invocation {
  readonly name: string | undefined;
  readonly index: number;
  readonly precededBy: Connector | undefined;
  readonly followedBy: Connector | undefined;
  readonly flags: ShellFlags;
  nested: readonly Script[] = NO_SCRIPTS;
  /** Kept for `packageCommand`, which computes it once; undefined before, and for commands that are none. */
  packageCommand: PackageCommand | undefined;
  readonly #seed: InvocationSeed;
  readonly #version: number;
  #words: readonly ShellWord[] | undefined;
  #args: readonly ShellWord[] | undefined;
  #assignments: readonly Assignment[] | undefined;
  #redirects: readonly Redirect[] | undefined;
  #range: Range | undefined;

  constructor(seed: InvocationSeed) {
    const { context } = seed;
    this.name = seed.name;
    this.index = seed.index;
    this.precededBy = seed.precededBy;
    this.followedBy = seed.followedBy;
    this.flags = context.state.flags;
    this.#seed = seed;
    this.#words = seed.words;
    this.#version = context.isFunctionBody ? ANY_TIME : context.scope.bindings.version;
  }

  get words(): readonly ShellWord[] {
    this.#words ??=
      this.#seed.tree === undefined ? NO_WORDS : wordsOf(this.#seed.tree, this.#seed.context, this.#version);
    return this.#words;
  }

  get args(): readonly ShellWord[] {
    this.#args ??= this.words.slice(1);
    return this.#args;
  }

  get nameRange(): Range {
    const first = this.words[0];
    if (first !== undefined) return first.range;
    const { context, tree, pos, end, treeRedirects } = this.#seed;
    const [assignment] = this.assignments;
    if (assignment !== undefined) return assignment.nameRange;
    const redirect = tree?.redirects[0] ?? treeRedirects[0];
    return context.scope.frame.rangeAt(redirect?.pos ?? pos, redirect?.end ?? end);
  }

  get range(): Range {
    this.#range ??= this.#seed.context.scope.frame.rangeAt(this.#seed.pos, this.#seed.end);
    return this.#range;
  }

  get assignments(): readonly Assignment[] {
    this.#assignments ??= this.#readAssignments();
    return this.#assignments;
  }

  get redirects(): readonly Redirect[] {
    if (this.#redirects === undefined) {
      const { tree, treeRedirects, context } = this.#seed;
      const written = tree?.redirects ?? treeRedirects;
      this.#redirects = written.map((redirect) => toRedirect(redirect, context, this.#version));
    }
    return this.#redirects;
  }

  get wrappers(): readonly Wrapper[] {
    const { context, wrappers } = this.#seed;
    if (context.timed === undefined) return wrappers ?? NO_WRAPPERS;
    return [context.timed, ...(wrappers ?? NO_WRAPPERS)];
  }

  get via(): "direct" | "wrapped" | "nested" {
    if (this.wrappers.length > 0) return "wrapped";
    return this.#seed.context.nesting > 0 ? "nested" : "direct";
  }

  get pipeline(): PipelinePlace | undefined {
    return this.#seed.context.place;
  }

  get onlyIf(): Condition {
    return this.#seed.context.onlyIf;
  }

  get guarded(): boolean {
    for (let guard = this.#seed.context.guard; guard !== undefined; guard = guard.parent) {
      if (guard.coversAll || (this.name !== undefined && guard.names.has(this.name))) return true;
    }
    return false;
  }

  get isTolerated(): boolean {
    return this.#seed.context.isTolerated;
  }

  get background(): boolean {
    return this.#seed.context.background;
  }

  get negated(): boolean {
    return this.#seed.context.negated;
  }

  get inSubstitution(): Substitution {
    return this.#seed.context.substitution;
  }

  get inSubshell(): boolean {
    return this.#seed.context.inSubshell;
  }

  get script(): Script {
    return this.#seed.context.script;
  }

  #readAssignments(): readonly Assignment[] {
    const { tree, context, wrapperAssignments } = this.#seed;
    if (tree === undefined) return [];
    const found: Assignment[] = [];
    for (const item of tree.prefix) {
      if (item.type !== "Assignment") continue;
      found.push(toAssignment(item, context, this.#version, tree.name === undefined ? "statement" : "prefix"));
    }
    for (const word of wrapperAssignments ?? NO_WORDS) found.push(assignmentOfWord(word));
    for (const item of tree.suffix) {
      if (item.type === "Assignment") found.push(toAssignment(item, context, this.#version, "declaration"));
    }
    return found;
  }
}

/** The words of a command after expansion, its name first. */
export function wordsOf(tree: Command, context: WalkContext, version: number): readonly ShellWord[] {
  const words: ShellWord[] = [];
  if (tree.name !== undefined) add(words, plain(tree.name), context, version);
  for (const item of tree.suffix) {
    if (item.type === "Word") add(words, plain(item), context, version);
    else if (item.type === "Assignment") add(words, assignmentText(item), context, version);
  }
  return words;
}

function add(words: ShellWord[], text: TreeText, context: WalkContext, version: number): void {
  const word = new WrittenWord(text, context.scope, version);
  for (const field of word.expand()) words.push(field);
}

/** One word of the tree, not split into fields: a redirect target, an assigned value, an item of a `for` list. */
export function singleWord(node: TreeWord, context: WalkContext, version: number): WrittenWord {
  return new WrittenWord(plain(node), context.scope, version);
}

function plain(node: TreeWord): TreeText {
  return { pos: node.pos, end: node.end, text: node.text, lead: "", word: node };
}

function assignmentText(node: TreeAssignment): TreeText {
  const { value } = node;
  const lead = node.text.slice(0, value.pos - node.pos);
  const word = value.type === "Word" ? value : undefined;
  return { pos: node.pos, end: node.end, text: node.text, lead, word };
}

/** An assignment of the tree in terms of the model. */
export function toAssignment(
  node: TreeAssignment,
  context: WalkContext,
  version: number,
  kind: Assignment["kind"],
): Assignment {
  const { frame } = context.scope;
  const value = node.value.type === "Word" ? singleWord(node.value, context, version) : undefined;
  return {
    name: node.name,
    nameRange: frame.rangeAt(node.pos, Math.min(node.end, node.pos + node.name.length)),
    value,
    append: node.append === true,
    kind,
    range: frame.rangeAt(node.pos, node.end),
  };
}

function toRedirect(node: TreeRedirection, context: WalkContext, version: number): Redirect {
  const { frame } = context.scope;
  const descriptor = node.descriptor?.type === "FileDescriptor" ? node.descriptor.value : undefined;
  const range = frame.rangeAt(node.pos, node.end);
  if (node.type === "HereDoc") {
    const { body, delimiter } = node;
    return {
      kind: "heredoc",
      operator: node.operator,
      descriptor,
      delimiter: delimiter?.value ?? "",
      expands: delimiter?.quoted !== true,
      body: body.text,
      bodyRange: frame.rangeAt(body.pos, body.end),
      range,
    };
  }
  const target = node.target === undefined ? undefined : singleWord(node.target, context, version);
  if (node.type === "HereString") return { kind: "here-string", operator: "<<<", descriptor, target, range };
  return { kind: "file", operator: node.operator, descriptor, target, range };
}

/** An operator whose range is made when asked for. */
export class WrittenConnector implements Connector {
  readonly operator: Connector["operator"];
  readonly #context: WalkContext;
  readonly #at: number;
  readonly #length: number;

  constructor(operator: Connector["operator"], context: WalkContext, at: number, length: number) {
    this.operator = operator;
    this.#context = context;
    this.#at = at;
    this.#length = length;
  }

  get range(): Range {
    return this.#context.scope.frame.rangeAt(this.#at, this.#at + this.#length);
  }
}

/** A pipeline that the walk is filling. */
export class WrittenPipeline implements Pipeline {
  readonly id: number;
  readonly pipes: readonly Connector[];
  readonly flags: ShellFlags;
  readonly stages: PipelineStage[] = [];
  readonly #context: WalkContext;
  readonly #pos: number;
  readonly #end: number;

  constructor(id: number, pipes: readonly Connector[], context: WalkContext, pos: number, end: number) {
    this.id = id;
    this.pipes = pipes;
    this.flags = context.state.flags;
    this.#context = context;
    this.#pos = pos;
    this.#end = end;
  }

  get range(): Range {
    return this.#context.scope.frame.rangeAt(this.#pos, this.#end);
  }

  get onlyIf(): Condition {
    return this.#context.onlyIf;
  }

  get isTolerated(): boolean {
    return this.#context.isTolerated;
  }

  get inSubstitution(): Substitution {
    return this.#context.substitution;
  }

  get script(): Script {
    return this.#context.script;
  }
}

/** A stretch of the walk: a stage of a pipeline, or a top-level step. Its invocations stand at `[from, to)` of the root's list. */
export class Stretch implements PipelineStage, Step {
  readonly kind: Step["kind"];
  readonly before: Connector | undefined;
  readonly after: Connector | undefined;
  readonly invocation: Invocation | undefined;
  readonly #context: WalkContext;
  readonly #pos: number;
  readonly #end: number;
  readonly #from: number;
  readonly #to: number;
  #invocations: readonly Invocation[] | undefined;

  constructor(
    kind: Step["kind"],
    context: WalkContext,
    node: { readonly pos: number; readonly end: number },
    indices: { readonly from: number; readonly to: number },
    around: { readonly before: Connector | undefined; readonly after: Connector | undefined },
  ) {
    this.kind = kind;
    this.before = around.before;
    this.after = around.after;
    this.#context = context;
    this.#pos = node.pos;
    this.#end = Math.max(node.pos, node.end);
    this.#from = indices.from;
    this.#to = indices.to;
    this.invocation =
      kind === "command" && indices.from < indices.to ? context.root.invocations[indices.from] : undefined;
  }

  get range(): Range {
    return this.#context.scope.frame.rangeAt(this.#pos, this.#end);
  }

  get invocations(): readonly Invocation[] {
    this.#invocations ??= this.#context.root.invocations.slice(this.#from, this.#to);
    return this.#invocations;
  }
}
