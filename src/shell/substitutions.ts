import {
  type CommandExpansionPart,
  forEachChild,
  type ProcessSubstitutionPart,
  type Redirection,
  type SyntaxNode,
} from "unbash";
import type { WalkContext } from "./context.js";
import { DerivedText, type TextFrame } from "./frame.js";
import type { Substitution } from "./model.js";

/** Substitutions inside substitutions beyond this depth are not entered. */
const MAX_DEPTH = 24;
/** How a substitution begins; `${ ` is one in bash 5.3. */
const SCRIPT_START = /`|[$<>]\(|\$\{[ |]/;

/** Walks the scripts of `$(…)`, backticks and `<(…)` inside a word, an assignment or a test. */
export function walkTreeWord(node: SyntaxNode, context: WalkContext, kind: "assignment" | "argument"): void {
  if (!mayHoldScript(node, context)) return;
  walkParts(node, context, kind);
}

/** Walks the substitutions in the target or the body of a redirect. */
export function walkRedirect(redirect: Redirection, context: WalkContext): void {
  if (redirect.type === "HereDoc") {
    const { body } = redirect;
    if (redirect.delimiter?.quoted === true || !/[$`]/.test(body.text)) return;
    for (const part of body.parts ?? []) walkParts(part, context, "argument");
  } else if (redirect.target !== undefined) walkTreeWord(redirect.target, context, "argument");
}

/** A look at the characters; asking the tree for its parts costs more. */
function mayHoldScript(node: SyntaxNode, context: WalkContext): boolean {
  if (node.type === "Word") return holdsScript(node.text);
  return holdsScript(context.scope.frame.text.slice(node.pos, Math.max(node.pos, node.end)));
}

function holdsScript(text: string): boolean {
  return SCRIPT_START.test(text);
}

function walkParts(node: SyntaxNode, context: WalkContext, kind: "assignment" | "argument"): void {
  if (node.type === "CommandExpansion") walkSubstitution(node, context, kind);
  else if (node.type === "ProcessSubstitution") walkSubstitution(node, context, "process");
  else forEachChild(node, (child) => walkParts(child, context, kind));
}

function walkSubstitution(
  part: CommandExpansionPart | ProcessSubstitutionPart,
  context: WalkContext,
  substitution: Substitution,
): void {
  if (context.depth >= MAX_DEPTH) {
    context.root.partial = true;
    return;
  }
  const tree = part.script;
  if (tree === undefined) return;
  const decoded = tree.source;
  const frame = decoded === undefined ? context.scope.frame : backtickFrame(part, decoded, context.scope.frame);
  const [error] = tree.errors ?? [];
  if (error !== undefined) context.root.partial = true;
  const outerError = decoded === undefined ? context.errorAt : Number.POSITIVE_INFINITY;
  context.root.trees.push({ tree, frame, script: context.script });
  context.root.walk.statements(
    tree.commands,
    {
      ...context,
      scope: { ...context.scope, frame },
      state: { flags: context.state.flags },
      errorAt: Math.min(outerError, error?.pos ?? Number.POSITIVE_INFINITY),
      substitution,
      inSubshell: true,
      isSubprocess: true,
      background: false,
      negated: false,
      place: undefined,
      timed: undefined,
      isTolerated: substitution === "assignment" && context.isTolerated,
      depth: context.depth + 1,
    },
    false,
  );
}

/** Backticks are decoded before they are parsed: `` \` ``, `\$` and `\\` lose their backslash. */
function backtickFrame(
  part: { readonly text: string; readonly pos: number },
  decoded: string,
  outer: TextFrame,
): TextFrame {
  const text = new DerivedText();
  text.appendEscaped(decoded, part.text.slice(1, part.text.endsWith("`") ? -1 : undefined), part.pos + 1);
  return text.toFrame(outer);
}
