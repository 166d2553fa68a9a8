import type { Range } from "../text/source.js";
import { DerivedText, type TextFrame } from "./frame.js";
import { HOLE, type Word, type WordPart } from "./model.js";
import {
  appendAsWritten,
  appendValue,
  fieldsOf,
  loopItems,
  type Piece,
  piecesOf,
  type TreeText,
  toPart,
  type WordScope,
} from "./word-pieces.js";

/** A word that knows how to be read as a script of its own (`sh -c WORD`). */
export interface ShellWord extends Word {
  /** The decoded text with expansions as written; command substitutions are blotted out, for the outer shell runs them. */
  asScript(): TextFrame;
}

/** Characters that give a word structure, or need decoding. */
const STRUCTURE = /[\\'"$`*?[{(<>\uFFFC]/;
/** A word that falls into more fields is taken as one of unknown value. */
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
