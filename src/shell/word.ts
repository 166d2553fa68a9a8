import type { BraceExpansionPart, DoubleQuotedChild, WordPart as TreePart, Word as TreeWord } from "unbash";
import type { Range } from "../text/source.js";
import type { Binding, Bindings } from "./bindings.js";
import { DerivedText, type TextFrame } from "./frame.js";
import { HOLE, type Quote, type ShellKind, type Word, type WordPart } from "./model.js";

/** A word that knows how to be read as a script of its own (`sh -c WORD`). */
export interface ShellWord extends Word {
  /** The decoded text with expansions as written; command substitutions are blotted out, for the outer shell runs them. */
  asScript(): TextFrame;
}

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

interface Piece {
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

/** Characters that give a word structure, or need decoding. */
const STRUCTURE = /[\\'"$`*?[{(<>\uFFFC]/;
const BRACES = new Set<ShellKind>(["bash", "sh-bash", "zsh", "ksh"]);
const FIELD_BREAK = /[ \t\n]/;
const MAX_FIELDS = 256;

/** A word as written in a script; everything about it is computed when asked for. */
export class WrittenWord implements ShellWord {
  readonly #node: TreeText;
  readonly #scope: WordScope;
  readonly #version: number;
  #range: Range | undefined;
  #pieces: readonly Piece[] | undefined;
  #shape: string | undefined;
  #decoded: TextFrame | undefined;

  constructor(node: TreeText, scope: WordScope, version: number) {
    this.#node = node;
    this.#scope = scope;
    this.#version = version;
  }

  get text(): string {
    return this.#node.text;
  }

  get range(): Range {
    this.#range ??= this.#scope.frame.rangeAt(this.#node.pos, this.#node.end);
    return this.#range;
  }

  get origin(): "written" {
    return "written";
  }

  get shape(): string {
    this.#shape ??= STRUCTURE.test(this.#node.text) ? this.#shapeOfPieces() : this.#node.text;
    return this.#shape;
  }

  get value(): string | undefined {
    const shape = this.shape;
    return shape.includes(HOLE) ? undefined : shape;
  }

  get isQuoted(): boolean {
    if (!STRUCTURE.test(this.#node.text)) return false;
    return this.#all().some((piece) => piece.quote !== "none") || this.#node.text.includes("\\");
  }

  get hasGlob(): boolean {
    return STRUCTURE.test(this.#node.text) && this.#all().some((piece) => piece.kind === "glob");
  }

  get parts(): readonly WordPart[] {
    return this.#all().map((piece) => toPart(piece, this.#scope.frame.rangeAt(piece.start, piece.end)));
  }

  rangeAt(start: number, end: number): Range {
    const node = this.#node;
    if (this.shape === node.text) return this.#scope.frame.rangeAt(node.pos + start, node.pos + end);
    if (this.#decoded === undefined) {
      const decoded = new DerivedText();
      for (const piece of this.#all()) appendValue(decoded, piece);
      this.#decoded = decoded.toFrame(this.#scope.frame);
    }
    return this.#decoded.rangeAt(start, end);
  }

  asScript(): TextFrame {
    const decoded = new DerivedText();
    for (const piece of this.#all()) appendAsWritten(decoded, piece, this.#scope.frame.text);
    return decoded.toFrame(this.#scope.frame);
  }

  /** The words that the shell makes of it: several for an unquoted list, none for an unquoted empty variable. */
  expand(): readonly ShellWord[] {
    if (!STRUCTURE.test(this.#node.text)) return [this];
    const pieces = this.#all();
    const items = loopItems(pieces);
    if (items !== undefined) return this.#charge(items.length, () => items.map((item) => new ItemWord(this, item)));
    const fields = fieldsOf(pieces, this.#scope.shell);
    if (fields === undefined) return [this];
    return this.#charge(fields.length, () => fields.map((field) => new FieldWord(this, field)));
  }

  #charge(count: number, make: () => readonly ShellWord[]): readonly ShellWord[] {
    const { budget } = this.#scope;
    if (count > MAX_FIELDS || count > budget.left) return [new FieldWord(this, HOLE)];
    budget.left -= count;
    return make();
  }

  #shapeOfPieces(): string {
    let shape = "";
    for (const piece of this.#all()) shape += piece.value;
    return shape;
  }

  #all(): readonly Piece[] {
    this.#pieces ??= piecesOf(this.#node, this.#scope, this.#version);
    return this.#pieces;
  }
}

/** One field of a word that a variable or a brace made several words of. */
class FieldWord implements ShellWord {
  readonly shape: string;
  readonly #written: WrittenWord;

  constructor(written: WrittenWord, shape: string) {
    this.#written = written;
    this.shape = shape;
  }

  get text(): string {
    return this.#written.text;
  }

  get value(): string | undefined {
    return this.shape.includes(HOLE) ? undefined : this.shape;
  }

  get range(): Range {
    return this.#written.range;
  }

  get parts(): readonly WordPart[] {
    return this.#written.parts;
  }

  get isQuoted(): boolean {
    return this.#written.isQuoted;
  }

  get hasGlob(): boolean {
    return this.#written.hasGlob;
  }

  get origin(): "expanded" {
    return "expanded";
  }

  rangeAt(): Range {
    return this.#written.range;
  }

  asScript(): TextFrame {
    return { text: this.shape, rangeAt: () => this.#written.range };
  }
}

/** An item of a `for` list in the place of the loop variable. */
class ItemWord implements ShellWord {
  readonly #use: WrittenWord;
  readonly #item: Word;

  constructor(use: WrittenWord, item: Word) {
    this.#use = use;
    this.#item = item;
  }

  get text(): string {
    return this.#use.text;
  }

  get value(): string | undefined {
    return this.#item.value;
  }

  get shape(): string {
    return this.#item.shape;
  }

  get range(): Range {
    return this.#item.range;
  }

  get parts(): readonly WordPart[] {
    return this.#item.parts;
  }

  get isQuoted(): boolean {
    return this.#use.isQuoted;
  }

  get hasGlob(): boolean {
    return this.#item.hasGlob;
  }

  get origin(): "loop" {
    return "loop";
  }

  rangeAt(start: number, end: number): Range {
    return this.#item.rangeAt(start, end);
  }

  asScript(): TextFrame {
    return { text: this.shape, rangeAt: (start, end) => this.#item.rangeAt(start, end) };
  }
}

/** A word whose value is known from elsewhere: an element of an exec array, a word of `env -S`. */
export class GivenWord implements ShellWord {
  readonly value: string;
  readonly range: Range;
  readonly rangeAt: (start: number, end: number) => Range;

  constructor(value: string, range: Range, rangeAt: (start: number, end: number) => Range) {
    this.value = value;
    this.range = range;
    this.rangeAt = rangeAt;
  }

  get text(): string {
    return this.value;
  }

  get shape(): string {
    return this.value;
  }

  get parts(): readonly WordPart[] {
    return [{ kind: "literal", value: this.value, quote: "single", range: this.range }];
  }

  get isQuoted(): boolean {
    return true;
  }

  get hasGlob(): boolean {
    return false;
  }

  get origin(): "written" {
    return "written";
  }

  asScript(): TextFrame {
    return { text: this.value, rangeAt: this.rangeAt };
  }
}

function piecesOf(node: TreeText, scope: WordScope, version: number): Piece[] {
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

function appendValue(decoded: DerivedText, piece: Piece): void {
  if (piece.written === undefined) decoded.appendWhole(piece.value, piece.start, piece.end - piece.start);
  else decoded.appendEscaped(piece.value, piece.written, piece.writtenAt);
}

function appendAsWritten(decoded: DerivedText, piece: Piece, text: string): void {
  if (piece.written !== undefined) decoded.appendEscaped(piece.value, piece.written, piece.writtenAt);
  else if (piece.kind === "command" || piece.kind === "process") {
    decoded.appendExact(HOLE.repeat(piece.end - piece.start), piece.start);
  } else decoded.appendExact(text.slice(piece.start, piece.end), piece.start);
}

function toPart(piece: Piece, range: Range): WordPart {
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
function loopItems(pieces: readonly Piece[]): readonly Word[] | undefined {
  const [only] = pieces;
  if (only === undefined || pieces.length > 1 || only.binding?.kind !== "list") return undefined;
  return only.binding.items;
}

/** The fields that a word falls into; undefined when it stays one word. */
function fieldsOf(pieces: readonly Piece[], shell: ShellKind): readonly string[] | undefined {
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
