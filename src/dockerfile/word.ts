import type { Range } from "../text/source.js";
import {
  type Evaluation,
  type ExpansionProblem,
  expandText,
  isPlainText,
  type Lookup,
  unknownScope,
} from "./expand.js";
import type { JoinedText } from "./joined-text.js";
import type { EscapeCharacter } from "./model.js";

/** How a word was written: between blanks, as an item of a JSON array, or as the value of a flag. */
export type WordForm = "plain" | "json" | "flag";

/** One argument as the builder's word processing receives it: variables, quotes and escapes are still in it. */
export interface Word {
  /** Continuations are gone; a JSON string is decoded; a flag's value is without quotes. */
  readonly raw: string;
  readonly form: WordForm;
  /** The escape character of the file. */
  readonly escape: EscapeCharacter;
  /** What is written, with the quotes of a JSON string or a flag's value. */
  readonly range: Range;
  /** As {@link range}, without the quotes of a JSON string. */
  readonly innerRange: Range;
  /** The value without quotes and escapes; undefined when the word holds a variable or is malformed. */
  readonly literal: string | undefined;
  /** Whether the word holds a variable or is malformed, so that its value needs a scope. */
  readonly hasVariables: boolean;
  /** Why the builder stops at the word in whatever scope; undefined when it is well formed. */
  readonly problem: ExpansionProblem | undefined;
  /** The range that a stretch `[start, end)` of `raw` stands for; bounds past the end are taken as the end. */
  rangeOf(start: number, end: number): Range;
  /** The value in a scope; `step.expand(word)` of an evaluated stage gives the scope. */
  expandWith(lookup: Lookup): Evaluation;
}

/** Where the code units of a word are in the joined text of its instruction. */
export interface WordPlace {
  /** Offsets of the written word, quotes of a JSON string included. */
  readonly start: number;
  readonly end: number;
  /** Offset of each code unit of `raw` and of its end; undefined when they follow each other from `innerStart`. */
  readonly offsets: readonly number[] | undefined;
  readonly innerStart: number;
}

/** A word over the joined text of an instruction; everything but `raw` is computed on first use. */
export class SourceWord implements Word {
  readonly raw: string;
  readonly form: WordForm;
  readonly #joined: JoinedText;
  readonly #place: WordPlace;
  #range: Range | undefined;
  #evaluation: Evaluation | undefined;

  constructor(raw: string, form: WordForm, joined: JoinedText, place: WordPlace) {
    this.raw = raw;
    this.form = form;
    this.#joined = joined;
    this.#place = place;
  }

  get escape(): EscapeCharacter {
    return this.#joined.escape;
  }

  get range(): Range {
    this.#range ??= this.#joined.range(this.#place.start, this.#place.end);
    return this.#range;
  }

  get innerRange(): Range {
    return this.form === "json" ? this.#joined.range(this.#place.start + 1, this.#place.end - 1) : this.range;
  }

  get literal(): string | undefined {
    if (isPlainText(this.raw)) return this.raw;
    const { kind, value, uses } = this.#unscoped();
    return kind === "unknown" || uses.length > 0 ? undefined : value;
  }

  get hasVariables(): boolean {
    return this.literal === undefined;
  }

  get problem(): ExpansionProblem | undefined {
    return isPlainText(this.raw) ? undefined : this.#unscoped().problem;
  }

  rangeOf(start: number, end: number): Range {
    const length = this.raw.length;
    const from = this.#offset(Math.min(start, length));
    if (start >= end || start >= length) return this.#joined.range(from, from);
    if (this.#place.offsets === undefined) return this.#joined.range(from, this.#offset(Math.min(end, length)));
    // An escape of a JSON string is several code units: the stretch ends where the next one begins, quotes aside.
    const last = this.#offset(Math.min(end, length) - 1);
    const next = this.#offset(Math.min(end, length));
    return this.#joined.range(from, this.form === "json" ? next : last + 1);
  }

  expandWith(lookup: Lookup): Evaluation {
    return expandText(this.raw, this.#joined.escape, lookup);
  }

  #unscoped(): Evaluation {
    this.#evaluation ??= this.expandWith(unknownScope);
    return this.#evaluation;
  }

  #offset(index: number): number {
    const { offsets, innerStart } = this.#place;
    return offsets === undefined ? innerStart + index : (offsets[index] ?? this.#place.end);
  }
}

/** A word that is a stretch of the joined text as it is. */
export function plainWord(joined: JoinedText, start: number, end: number): Word {
  return new SourceWord(joined.text.slice(start, end), "plain", joined, {
    start,
    end,
    offsets: undefined,
    innerStart: start,
  });
}

/** A stretch `[start, end)` of the raw text of a word, as a word of its own. */
export function partOfWord(word: Word, start: number, end: number): Word {
  return new WordPart(word, start, end);
}

class WordPart implements Word {
  readonly raw: string;
  readonly form: WordForm;
  readonly #whole: Word;
  readonly #start: number;

  constructor(whole: Word, start: number, end: number) {
    this.raw = whole.raw.slice(start, end);
    this.form = whole.form;
    this.#whole = whole;
    this.#start = start;
  }

  get range(): Range {
    return this.rangeOf(0, this.raw.length);
  }

  get innerRange(): Range {
    return this.range;
  }

  get literal(): string | undefined {
    if (isPlainText(this.raw)) return this.raw;
    const { kind, value, uses } = this.expandWith(unknownScope);
    return kind === "unknown" || uses.length > 0 ? undefined : value;
  }

  get hasVariables(): boolean {
    return this.literal === undefined;
  }

  get problem(): ExpansionProblem | undefined {
    return isPlainText(this.raw) ? undefined : this.expandWith(unknownScope).problem;
  }

  rangeOf(start: number, end: number): Range {
    const length = this.raw.length;
    return this.#whole.rangeOf(this.#start + Math.min(start, length), this.#start + Math.min(end, length));
  }

  expandWith(lookup: Lookup): Evaluation {
    return expandText(this.raw, this.#whole.escape, lookup);
  }

  get escape(): EscapeCharacter {
    return this.#whole.escape;
  }
}
