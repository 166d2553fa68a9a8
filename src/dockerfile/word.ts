import type { Range } from "../text/source.js";

/** How a word was written: between blanks, as an item of a JSON array, or as the value of a flag. */
export type WordForm = "plain" | "json" | "flag";

/** One argument as the builder's word processing receives it: variables, quotes and escapes are still in it. */
export interface Word {
  /** Continuations are gone; a JSON string is decoded; a flag's value is without quotes. */
  readonly raw: string;
  readonly form: WordForm;
  /** What is written, with the quotes of a JSON string or a flag's value. */
  readonly range: Range;
  /** As {@link range}, without the quotes of a JSON string. */
  readonly innerRange: Range;
  /** The value without quotes and escapes; undefined when the word holds a variable or is malformed. */
  readonly literal: string | undefined;
  /** Whether the word holds a variable or a malformed substitution, so that its value needs a scope. */
  readonly hasVariables: boolean;
  /** The range that a stretch `[start, end)` of `raw` stands for; bounds past the end are taken as the end. */
  rangeOf(start: number, end: number): Range;
}
