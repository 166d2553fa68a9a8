import type {
  AndOr,
  Case,
  Command,
  CommandNode,
  CompoundCommand,
  CompoundList,
  Coproc,
  For,
  Function as FunctionNode,
  If,
  PipelineNode as PipelineMember,
  Pipeline as PipelineNode,
  Redirected,
  Statement,
} from "unbash";
import { readCommand } from "./command-walk.js";
import type { Around, Guard, WalkContext } from "./context.js";
import { guardOf, isTest, mentionsDistribution } from "./guards.js";
import { Stretch, singleWord, WrittenConnector, WrittenInvocation, WrittenPipeline } from "./invocation.js";
import type { Condition, Connector } from "./model.js";
import { walkRedirect, walkTreeWord } from "./substitutions.js";
import type { ShellWord } from "./word.js";

const ALONE: Around = { before: undefined, after: undefined };
/** Items of a `for` list beyond this number make the variable unknown. */
const MAX_LIST = 256;

/** Walks a list of statements in source order. At the top level each command becomes a step of the script. */
export function walkStatements(statements: readonly Statement[], context: WalkContext, isTop: boolean): void {
  let before: Connector | undefined;
  for (let index = 0; index < statements.length; index += 1) {
    const statement = statements[index];
    if (statement === undefined) continue;
    const next = statements[index + 1];
    const after = separator(statement, next, context);
    const inner = statement.background === true ? { ...context, background: true, isSubprocess: true } : context;
    const isLast = next === undefined;
    walkList(statement.command, inner, { before, after }, isTop, isLast);
    before = after;
  }
}

/** The `;`, `&` or line break after a statement. */
function separator(statement: Statement, next: Statement | undefined, context: WalkContext): Connector | undefined {
  if (next === undefined && statement.background !== true) return undefined;
  const { text } = context.scope.frame;
  const end = Math.max(statement.command.end, statement.command.pos);
  const at = skipBlanks(text, end);
  const character = text[at];
  if (character === "&") return new WrittenConnector("&", context, at, 1);
  if (character === ";") return new WrittenConnector(";", context, at, 1);
  return new WrittenConnector("newline", context, at, character === "\n" ? 1 : 0);
}

/** The operator between two commands of one list or pipeline. */
function operatorAfter(
  operator: Connector["operator"],
  left: { readonly end: number },
  context: WalkContext,
): Connector {
  const { text } = context.scope.frame;
  const at = skipBlanks(text, left.end);
  return new WrittenConnector(operator, context, at, text.startsWith(operator, at) ? operator.length : 0);
}

function skipBlanks(text: string, from: number): number {
  let index = Math.min(from, text.length);
  for (;;) {
    const character = text[index];
    if (character === " " || character === "\t" || character === "\r") index += 1;
    else if (character === "\\" && text[index + 1] === "\n") index += 2;
    else return index;
  }
}

function walkList(
  node: PipelineMember | AndOr,
  context: WalkContext,
  around: Around,
  isTop: boolean,
  isLast: boolean,
): void {
  if (node.type !== "AndOr") {
    walkMember(node, context, around, isTop);
    return;
  }
  const lastOr = node.operators.lastIndexOf("||");
  let tests: Guard | undefined;
  let before = around.before;
  for (let index = 0; index < node.commands.length; index += 1) {
    const member = node.commands[index];
    if (member === undefined) continue;
    const operator = node.operators[index];
    const after = operator === undefined ? around.after : operatorAfter(operator, member, context);
    const isRightOfOr = node.operators[index - 1] === "||";
    const inner = inList(context, {
      isTolerated: lastOr >= index,
      guard: isRightOfOr ? undefined : tests,
      // A failing test in front of `&&` fails the whole script when nothing follows; then the command is no branch.
      onlyIf: isRightOfOr ? "or-branch" : tests !== undefined && (lastOr >= index || !isLast) ? "branch" : "none",
    });
    const from = context.root.invocations.length;
    walkMember(member, inner, { before, after }, isTop);
    if (operator === "&&" && isTest(member)) tests = guardOf(member, context, from, context.guard);
    before = after;
  }
}

function inList(
  context: WalkContext,
  change: { readonly isTolerated: boolean; readonly guard: Guard | undefined; readonly onlyIf: Condition },
): WalkContext {
  if (!change.isTolerated && change.guard === undefined && change.onlyIf === "none") return context;
  return {
    ...context,
    isTolerated: context.isTolerated || change.isTolerated,
    guard: change.guard ?? context.guard,
    onlyIf: context.onlyIf === "none" ? change.onlyIf : context.onlyIf,
    isConditional: context.isConditional || change.onlyIf !== "none",
  };
}

/** A member of an and-or list: a pipeline, or a command alone. */
function walkMember(node: PipelineMember, context: WalkContext, around: Around, isTop: boolean): void {
  const from = context.root.invocations.length;
  const isPipeline = node.type === "Pipeline";
  if (isPipeline) walkPipeline(node, context, around);
  else walkCommandNode(node, context, around);
  if (!isTop) return;
  const to = context.root.invocations.length;
  const single = isPipeline ? (node.commands.length === 1 ? node.commands[0] : undefined) : node;
  const kind = single === undefined ? "pipeline" : stepKind(single);
  context.lists.steps.push(new Stretch(kind, context, node, { from, to }, around));
}

function stepKind(node: CommandNode): Stretch["kind"] {
  if (node.type === "Command") return "command";
  return node.type === "Function" ? "function" : "compound";
}

function walkPipeline(node: PipelineNode, outer: WalkContext, around: Around): void {
  let context = outer;
  for (const prefix of node.prefixes) {
    if (prefix.type === "Negation") context = { ...context, negated: true, isTolerated: true };
    else {
      const range = context.scope.frame.rangeAt(prefix.pos, prefix.keywordEnd);
      context = { ...context, timed: { name: "time", range, words: [] } };
    }
  }
  const [only] = node.commands;
  if (node.commands.length < 2) {
    if (only !== undefined) walkCommandNode(only, context, around);
    return;
  }
  const { root } = context;
  const pipes = node.operators.map((operator, index) => operatorAfter(operator, node.commands[index] ?? node, context));
  const pipeline = new WrittenPipeline(root.pipelines.length, pipes, context, node.pos, node.end);
  root.pipelines.push(pipeline);
  const length = node.commands.length;
  node.commands.forEach((command, position) => {
    const from = root.invocations.length;
    const before = position === 0 ? around.before : pipes[position - 1];
    const after = position === length - 1 ? around.after : pipes[position];
    const stage: WalkContext = { ...context, place: { pipeline, position, length }, isSubprocess: true };
    walkCommandNode(command, stage, { before, after });
    const kind = command.type === "Command" ? "command" : "compound";
    pipeline.stages.push(new Stretch(kind, context, command, { from, to: root.invocations.length }, { before, after }));
  });
}

function walkCommandNode(node: CommandNode, context: WalkContext, around: Around): void {
  switch (node.type) {
    case "Command":
      walkSimple(node, context, around);
      return;
    case "Redirected":
      walkRedirected(node, context, around);
      return;
    case "Function":
      walkFunction(node, context);
      return;
    case "Coproc":
      walkCoproc(node, context);
      return;
    default:
      walkCompound(node, inside(context));
  }
}

/** Inside a compound command the pipeline, the negation and the timing around it do not hold for each command. */
function inside(context: WalkContext): WalkContext {
  if (context.place === undefined && context.timed === undefined && !context.negated) return context;
  return { ...context, place: undefined, timed: undefined, negated: false };
}

function under(context: WalkContext, onlyIf: Condition, guard: Guard | undefined = context.guard): WalkContext {
  return { ...context, onlyIf: context.onlyIf === "none" ? onlyIf : context.onlyIf, isConditional: true, guard };
}

function walkBody(list: CompoundList, context: WalkContext): void {
  walkStatements(list.commands, context, false);
}

function walkSimple(node: Command, context: WalkContext, around: Around): void {
  if (node.pos < context.errorAt) readCommand(node, context, around);
}

function walkRedirected(node: Redirected, context: WalkContext, around: Around): void {
  walkCompound(node.command, inside(context));
  if (node.pos >= context.errorAt) return;
  const { root } = context;
  root.invocations.push(
    new WrittenInvocation({
      context,
      index: root.invocations.length,
      name: undefined,
      tree: undefined,
      treeRedirects: node.redirects,
      words: undefined,
      wrappers: undefined,
      wrapperAssignments: undefined,
      precededBy: undefined,
      followedBy: around.after,
      pos: node.redirects[0]?.pos ?? node.pos,
      end: node.end,
    }),
  );
  for (const redirect of node.redirects) walkRedirect(redirect, context);
}

function walkFunction(node: FunctionNode, context: WalkContext): void {
  context.lists.functions.add(node.name.value);
  const body = { ...under(inside(context), "function"), isFunctionBody: true, isTolerated: false };
  if (node.body.type === "CompoundList") walkBody(node.body, body);
  else if (node.body.type === "Redirected") walkRedirected(node.body, body, ALONE);
  else walkCompound(node.body, body);
}

function walkCoproc(node: Coproc, context: WalkContext): void {
  const body = { ...inside(context), background: true, inSubshell: true, isSubprocess: true };
  if (node.body.type === "CompoundList") walkBody(node.body, body);
  else walkCommandNode(node.body, body, ALONE);
}

function walkCompound(node: CompoundCommand, context: WalkContext): void {
  switch (node.type) {
    case "If":
      walkIf(node, context);
      return;
    case "For":
      walkFor(node, context);
      return;
    case "Select":
      for (const word of node.wordlist ?? []) walkTreeWord(word, context, "argument");
      context.scope.bindings.forget(node.name.value, context.scope.bindings.version);
      walkBody(node.body, inLoop(context));
      return;
    case "ArithmeticFor":
      walkBody(node.body, inLoop(context));
      return;
    case "While": {
      const loop = inLoop(context);
      walkBody(node.clause, { ...under(loop, "condition"), isTolerated: true });
      walkBody(node.body, loop);
      return;
    }
    case "Case":
      walkCase(node, context);
      return;
    case "Subshell":
      walkBody(node.body, { ...context, inSubshell: true, isSubprocess: true, state: { flags: context.state.flags } });
      return;
    case "BraceGroup":
      walkBody(node.body, context);
      return;
    default:
      walkTreeWord(node, context, "argument");
  }
}

function inLoop(context: WalkContext): WalkContext {
  return { ...under(context, "loop"), loopStart: context.loopStart ?? context.scope.bindings.version };
}

function walkIf(node: If, context: WalkContext): void {
  let other: Guard | undefined;
  for (const part of [node, ...node.elif]) {
    const outer = other ?? context.guard;
    const from = context.root.invocations.length;
    walkBody(part.clause, { ...under(context, "condition", outer), isTolerated: true });
    const guard = guardOf(part.clause, context, from, outer);
    walkBody(part.then, under(context, "branch", guard));
    // Where a test for one program fails, commands stand that were written for the other case.
    if (guard.names.size > 0 || guard.coversAll) other = { names: guard.names, coversAll: true, parent: context.guard };
  }
  if (node.else !== undefined) walkBody(node.else, under(context, "branch", other ?? context.guard));
}

function walkFor(node: For, context: WalkContext): void {
  const { bindings } = context.scope;
  for (const word of node.wordlist ?? []) walkTreeWord(word, context, "argument");
  const items = literalItems(node, context);
  const name = node.name.value;
  if (items === undefined || context.isFunctionBody) bindings.assign(name, undefined);
  else bindings.assignList(name, items);
  const loop = under(context, "loop");
  walkBody(node.body, { ...loop, loopStart: context.loopStart ?? bindings.version });
  bindings.assign(name, undefined);
}

/** The words that a `for` runs over; undefined when one of them is unknown. */
function literalItems(node: For, context: WalkContext): readonly ShellWord[] | undefined {
  const list = node.wordlist;
  if (list === undefined || list.length === 0 || list.length > MAX_LIST) return undefined;
  const items: ShellWord[] = [];
  for (const item of list) {
    const written = singleWord(item, context, context.scope.bindings.version);
    for (const word of written.expand()) {
      if (word.value === undefined || word.hasGlob) return undefined;
      items.push(word);
    }
  }
  return items.length > MAX_LIST ? undefined : items;
}

function walkCase(node: Case, context: WalkContext): void {
  walkTreeWord(node.word, context, "argument");
  const guard = mentionsDistribution(node.word.text)
    ? { names: new Set<string>(), coversAll: true, parent: context.guard }
    : context.guard;
  const arm = under(context, "case", guard);
  for (const item of node.items) walkBody(item.body, arm);
}
