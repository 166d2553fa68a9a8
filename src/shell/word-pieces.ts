import type { BraceExpansionPart, DoubleQuotedChild, WordPart as TreePart, Word as TreeWord } from "unbash";
import type { Range } from "../text/source.js";
import type { Binding, Bindings } from "./bindings.js";
import type { DerivedText, TextFrame } from "./frame.js";
import { HOLE, type Quote, type ShellKind, type Word, type WordPart } from "./model.js";

/** What surrounds a word: its text, the variables, and their state when its command runs. */
export interface WordScope {
  readonly frame: TextFrame;
  readonly bindings: Bindings;
  readonly shell: ShellKind;
  /** How many more words expansions may add to this script. */
  readonly budget: { left: number };
}

/** A word of the tree without its `Assignment` wrapping: `export A=b` passes `A=b` as a word. */
export interface TreeText {
  readonly pos: number;
  readonly end: number;
  readonly text: string;
  /** Written before the value: `A=`. Empty for plain words. */
  readonly lead: string;
  readonly word: TreeWord | undefined;
}

/** A stretch of a word that is decoded in one way. */
export interface Piece {
  readonly kind: WordPart["kind"];
  /** Text that it adds to the shape. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly quote: Quote;
  /** Written form, when `value` is that form without its escapes; undefined when the piece stands as a whole. */
  readonly written: string | undefined;
  /** Offset of `written`; differs from `start` by the quote. */
  readonly writtenAt: number;
  readonly binding: Binding | undefined;
  readonly name: string;
  readonly operation: string | undefined;
}

const BRACES = new Set<ShellKind>(["bash", "sh-bash", "zsh", "ksh"]);
const FIELD_BREAK = /[ \t\n]/;

/** Reads the parts of a word, with the values of its variables where they are known. */
export function piecesOf(node: TreeText, scope: WordScope, version: number): Piece[] {
  const pieces: Piece[] = [];
  const word = node.word;
  if (node.lead !== "") pieces.push(literal(node.lead, node.lead, node.pos, "none"));
  if (word === undefined) {
    const start = node.pos + node.lead.length;
    if (start < node.end) pieces.push(hole("literal", start, node.end, "none"));
    return pieces;
  }
  const collector = new PieceCollector(pieces, scope, version);
  const parts = word.parts;
  if (parts === undefined) pieces.push(literal(word.value, word.text, word.pos, "none"));
  else for (const part of parts) collector.add(part);
  return pieces;
}

class PieceCollector {
  readonly #pieces: Piece[];
  readonly #scope: WordScope;
  readonly #version: number;

  constructor(pieces: Piece[], scope: WordScope, version: number) {
    this.#pieces = pieces;
    this.#scope = scope;
    this.#version = version;
  }

  add(part: TreePart): void {
    switch (part.type) {
      case "SingleQuoted":
        this.#pieces.push(quoted(part.value, part.text, part.pos, part.end, 1, "single"));
        return;
      case "AnsiCQuoted":
        this.#pieces.push(quoted(part.value, part.text, part.pos, part.end, 2, "ansi-c"));
        return;
      case "DoubleQuoted":
      case "LocaleString":
        // An empty piece keeps the word when nothing is between the quotes: `""` is an argument.
        if (part.parts.length === 0) this.#pieces.push(literal("", "", part.pos, "double"));
        for (const child of part.parts) this.#addSimple(child, "double");
        return;
      case "Glob":
      case "ExtendedGlob":
        this.#pieces.push({ ...literal(part.text, part.text, part.pos, "none"), kind: "glob" });
        return;
      case "BraceExpansion":
        this.#pieces.push(this.#brace(part));
        return;
      case "ProcessSubstitution":
        this.#pieces.push({ ...hole("process", part.pos, part.end, "none"), operation: part.operator });
        return;
      default:
        this.#addSimple(part, "none");
    }
  }

  #addSimple(part: DoubleQuotedChild, quote: Quote): void {
    switch (part.type) {
      case "Literal":
        this.#pieces.push(literal(part.value, part.text, part.pos, quote));
        return;
      case "SimpleExpansion":
        this.#variable(part.text.slice(1), undefined, part.pos, part.end, quote);
        return;
      case "ParameterExpansion": {
        const name = part.parameter;
        const nameAt = part.text.indexOf(name);
        const written = part.text.slice(nameAt + name.length, -1);
        const isPlain = written === "" && part.prefix === undefined && part.index === undefined;
        this.#variable(name, isPlain ? undefined : `${part.prefix ?? ""}${written}`, part.pos, part.end, quote);
        return;
      }
      case "CommandExpansion":
        this.#pieces.push(hole("command", part.pos, part.end, quote));
        return;
      case "ArithmeticExpansion":
        this.#pieces.push(hole("arithmetic", part.pos, part.end, quote));
    }
  }

  #variable(name: string, operation: string | undefined, start: number, end: number, quote: Quote): void {
    const binding = this.#scope.bindings.lookup(name, this.#version);
    const value = binding.kind === "value" ? applyOperation(binding.value, operation) : undefined;
    this.#pieces.push({
      kind: "variable",
      value: value ?? HOLE,
      start,
      end,
      quote,
      written: undefined,
      writtenAt: start,
      binding: operation === undefined ? binding : undefined,
      name,
      operation,
    });
  }

  #brace(part: BraceExpansionPart): Piece {
    const piece = literal(part.text, part.text, part.pos, "none");
    return this.#scope.shell === "sh-unknown"
      ? { ...piece, kind: "brace", value: HOLE, written: undefined }
      : { ...piece, kind: "brace" };
  }
}

function literal(value: string, written: string, start: number, quote: Quote): Piece {
  return {
    kind: "literal",
    value,
    start,
    end: start + written.length,
    quote,
    written,
    writtenAt: start,
    binding: undefined,
    name: "",
    operation: undefined,
  };
}

function quoted(value: string, text: string, start: number, end: number, lead: number, quote: Quote): Piece {
  const inside = text.slice(lead, text.endsWith("'") && text.length > lead ? -1 : undefined);
  return { ...literal(value, inside, start, quote), end, writtenAt: start + lead };
}

function hole(kind: WordPart["kind"], start: number, end: number, quote: Quote): Piece {
  return { ...literal(HOLE, "", start, quote), kind, end, written: undefined };
}

/** Value of `${NAME…}` when the value of NAME is known; undefined for operations that are not evaluated. */
function applyOperation(value: string, operation: string | undefined): string | undefined {
  if (operation === undefined) return value;
  if (operation.startsWith(":-") || operation.startsWith(":?") || operation.startsWith(":=")) {
    return value === "" ? undefined : value;
  }
  if (operation.startsWith("-") || operation.startsWith("?") || operation.startsWith("=")) return value;
  return undefined;
}

/** Adds what a piece means. */
export function appendValue(decoded: DerivedText, piece: Piece): void {
  if (piece.written === undefined) decoded.appendWhole(piece.value, piece.start, piece.end - piece.start);
  else decoded.appendEscaped(piece.value, piece.written, piece.writtenAt);
}

/** Adds a piece as an inner shell reads it: expansions as written, substitutions blotted out. */
export function appendAsWritten(decoded: DerivedText, piece: Piece, text: string): void {
  if (piece.written !== undefined) decoded.appendEscaped(piece.value, piece.written, piece.writtenAt);
  else if (piece.kind === "command" || piece.kind === "process") {
    decoded.appendExact(HOLE.repeat(piece.end - piece.start), piece.start);
  } else decoded.appendExact(text.slice(piece.start, piece.end), piece.start);
}

/** A piece in terms of the model. */
export function toPart(piece: Piece, range: Range): WordPart {
  const { kind, quote, value } = piece;
  switch (kind) {
    case "variable": {
      const known = value.includes(HOLE) ? undefined : value;
      return { kind, name: piece.name, operation: piece.operation, value: known, quote, range };
    }
    case "process":
      return { kind, operator: piece.operation === ">" ? ">" : "<", quote, range };
    case "command":
    case "arithmetic":
      return { kind, quote, range };
    default:
      return { kind, value, quote, range };
  }
}

/** Items of the list, when the whole word is one `for` variable. */
export function loopItems(pieces: readonly Piece[]): readonly Word[] | undefined {
  const [only] = pieces;
  if (only === undefined || pieces.length > 1 || only.binding?.kind !== "list") return undefined;
  return only.binding.items;
}

/** The fields that a word falls into; undefined when it stays one word. */
export function fieldsOf(pieces: readonly Piece[], shell: ShellKind): readonly string[] | undefined {
  const braces = pieces.filter((piece) => piece.kind === "brace");
  if (braces.length > 0 && BRACES.has(shell)) return braceFields(pieces, braces);
  const splits = pieces.some(
    (piece) =>
      piece.kind === "variable" && piece.quote === "none" && (piece.value === "" || FIELD_BREAK.test(piece.value)),
  );
  if (!splits) return undefined;
  const fields: string[] = [];
  let current: string | undefined;
  for (const piece of pieces) {
    if (piece.kind !== "variable" || piece.quote !== "none") {
      current = (current ?? "") + piece.value;
      continue;
    }
    const [first = "", ...rest] = piece.value.split(/[ \t\n]+/);
    if (first !== "") current = (current ?? "") + first;
    for (const field of rest) {
      if (current !== undefined) fields.push(current);
      current = field === "" ? undefined : field;
    }
  }
  if (current !== undefined) fields.push(current);
  return fields;
}

/** The words that one `{a,b}` gives; sequences, nested and repeated braces are unknown. */
function braceFields(pieces: readonly Piece[], braces: readonly Piece[]): readonly string[] {
  const [brace] = braces;
  const inside = brace?.value.slice(1, -1) ?? "";
  if (braces.length > 1 || !inside.includes(",") || /[{}\\'"$`]/.test(inside)) return [HOLE];
  const at = brace === undefined ? 0 : pieces.indexOf(brace);
  const join = (some: readonly Piece[]) => some.map((piece) => piece.value).join("");
  const before = join(pieces.slice(0, at));
  const after = join(pieces.slice(at + 1));
  return inside.split(",").map((item) => before + item + after);
}
