import { type Command, forEachChild, type ParameterExpansionPart, type Pipeline, type SyntaxNode } from "unbash";
import type { WalkedTree } from "./context.js";
import type { Construct, ConstructKind } from "./model.js";

/** Builtins of bash that some `sh` lacks. */
const BUILTINS = new Map<string, ConstructKind>([
  ["source", "source"],
  ["pushd", "pushd"],
  ["popd", "pushd"],
  ["dirs", "pushd"],
  ["shopt", "shopt"],
  ["declare", "declare"],
  ["typeset", "declare"],
  ["let", "let"],
]);

/** Constructs that some shells lack, in source order. Trees of substitutions stand in the list themselves. */
export function findConstructs(trees: readonly WalkedTree[]): readonly Construct[] {
  const found: Construct[] = [];
  for (const tree of trees) new ConstructFinder(tree, found).visit(tree.tree);
  return found.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

class ConstructFinder {
  readonly #tree: WalkedTree;
  readonly #found: Construct[];

  constructor(tree: WalkedTree, found: Construct[]) {
    this.#tree = tree;
    this.#found = found;
  }

  visit = (node: SyntaxNode): void => {
    this.#look(node);
    // The scripts inside have trees of their own; entering them here would list everything twice.
    if (node.type === "CommandExpansion" || node.type === "ProcessSubstitution") return;
    forEachChild(node, this.visit);
  };

  #add(kind: ConstructKind, start: number, end: number): void {
    const { frame, script } = this.#tree;
    this.#found.push({ kind, range: frame.rangeAt(start, Math.max(start, end)), script });
  }

  #look(node: SyntaxNode): void {
    switch (node.type) {
      case "TestCommand":
        this.#add("double-bracket", node.pos, node.pos + 2);
        return;
      case "ArithmeticCommand":
        this.#add("double-paren", node.pos, node.pos + 2);
        return;
      case "ArithmeticFor":
        this.#add("double-paren", node.pos, node.pos + 3);
        return;
      case "ArrayValue":
        this.#add("array", node.pos, node.end);
        return;
      case "Function":
        if (this.#tree.frame.text.startsWith("function", node.pos)) {
          this.#add("function-keyword", node.pos, node.pos + "function".length);
        }
        return;
      case "HereString":
        this.#add("here-string", node.pos, node.end);
        return;
      case "ProcessSubstitution":
        this.#add("process-substitution", node.pos, node.end);
        return;
      case "Redirect":
        if (
          node.operator.startsWith("&>") ||
          (node.operator === ">&" && !/^(?:\d+|-)$/.test(node.target?.text ?? "-"))
        ) {
          this.#add("redirect-both", node.pos, node.end);
        }
        return;
      case "Pipeline":
        this.#pipeline(node);
        return;
      case "BraceExpansion":
        this.#add("brace-expansion", node.pos, node.end);
        return;
      case "AnsiCQuoted":
        this.#add("ansi-c-quote", node.pos, node.end);
        return;
      case "LocaleString":
        this.#add("locale-string", node.pos, node.end);
        return;
      case "ParameterExpansion":
        this.#parameter(node);
        return;
      case "SimpleExpansion":
        if (node.text === "$RANDOM") this.#add("random", node.pos, node.end);
        return;
      case "Select":
        this.#add("select", node.pos, node.pos + "select".length);
        return;
      case "Coproc":
        this.#add("coproc", node.pos, node.pos + "coproc".length);
        return;
      case "Command":
        this.#command(node);
        return;
      default:
        return;
    }
  }

  #pipeline(node: Pipeline): void {
    node.operators.forEach((operator, index) => {
      const left = node.commands[index];
      if (operator !== "|&" || left === undefined) return;
      const at = this.#tree.frame.text.indexOf("|&", left.end);
      if (at !== -1) this.#add("pipe-both", at, at + 2);
    });
  }

  #parameter(node: ParameterExpansionPart): void {
    if (node.prefix === "!") this.#add("indirect-expansion", node.pos, node.end);
    if (node.parameter === "RANDOM") this.#add("random", node.pos, node.end);
    switch (node.operation?.type) {
      case "Replace":
        this.#add("replace-expansion", node.pos, node.end);
        return;
      case "Slice":
        this.#add("slice-expansion", node.pos, node.end);
        return;
      case "CaseModification":
        this.#add("case-expansion", node.pos, node.end);
        return;
      default:
        return;
    }
  }

  #command(node: Command): void {
    const name = node.name?.value;
    if (node.name === undefined || name === undefined) return;
    const kind = BUILTINS.get(name);
    if (kind !== undefined) this.#add(kind, node.name.pos, node.name.end);
    if (name === "[" || name === "test") this.#argument(node, "double-equals", (text) => text === "==");
    else if (name === "echo") this.#leading(node, "echo-option", /^-[neE]*[eE][neE]*$/);
    else if (name === "read") this.#leading(node, "read-array", /^-[a-z]*a/);
    else if (name === "declare" || name === "typeset" || name === "local") {
      this.#leading(node, "associative-array", /^-[a-z]*A/);
    } else if (name === "set") this.#argument(node, "set-pipefail", (text) => text === "pipefail");
  }

  #argument(node: Command, kind: ConstructKind, matches: (text: string) => boolean): void {
    const word = node.args.find((item) => item.type === "Word" && matches(item.text));
    if (word !== undefined) this.#add(kind, word.pos, word.end);
  }

  /** Looks at the first argument only: what follows is text. */
  #leading(node: Command, kind: ConstructKind, pattern: RegExp): void {
    const [word] = node.args;
    if (word !== undefined && pattern.test(word.text)) this.#add(kind, word.pos, word.end);
  }
}
