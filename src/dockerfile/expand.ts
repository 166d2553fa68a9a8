import type { Range } from "../text/source.js";
import { isDigit, isNameCharacter } from "./characters.js";
import type { EscapeCharacter } from "./model.js";
import { PieceList } from "./piece-list.js";
import { parsePattern, replaceMatches, trimPrefix, trimSuffix } from "./shell-pattern.js";

/** What a scope says of a name. `unset` is certain: the builder would put nothing in its place. */
export type Binding =
  | { readonly kind: "known"; readonly value: string; readonly origin: Range | undefined }
  | { readonly kind: "unset" }
  | { readonly kind: "unknown"; readonly origin: Range | undefined };

/** Answers what a name stands for. */
export type Lookup = (name: string) => Binding;

/** A stretch of a value: text that is certain, or the place of a variable whose value nobody can know. */
export type Piece = { readonly kind: "text"; readonly text: string } | { readonly kind: "hole"; readonly name: string };

/** One variable of a word; offsets are 0-based in the text that was expanded, over the whole `$x` or `${…}`. */
export interface VariableUse {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  /** Span of the name alone. */
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly outcome: "known" | "empty" | "unset" | "unknown";
  /** Written with a form that gives a value for an absent variable: `:-`, `-`, `:+`, `+`. */
  readonly hasDefault: boolean;
  /** Where the value comes from; undefined for build arguments, base images and names without value. */
  readonly origin: Range | undefined;
}

/** Why the builder stops at a word. */
export interface ExpansionProblem {
  readonly kind: "quote" | "brace" | "empty-name" | "modifier" | "pattern" | "required" | "depth";
  /** The quote character, the modifier, the pattern or the message after `?`; empty when there is none. */
  readonly detail: string;
  readonly start: number;
  readonly end: number;
}

/** The value of a word in a scope. */
export interface Evaluation {
  readonly kind: "known" | "empty" | "unknown";
  /** The text when known; empty when empty or unknown. */
  readonly value: string;
  readonly pieces: readonly Piece[];
  readonly uses: readonly VariableUse[];
  /** The first problem; the value is unknown then. */
  readonly problem: ExpansionProblem | undefined;
}

/** Whether quotes delimit (words of instructions) or are text (bodies of COPY heredocs). */
export type QuoteHandling = "remove" | "keep";

/**
 * Expands a word as the builder does before an instruction runs: variables, quotes and escapes.
 *
 * @param raw the word with continuations removed
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/shell/lex.go
 */
export function expandText(
  raw: string,
  escapeCharacter: EscapeCharacter,
  lookup: Lookup,
  quotes: QuoteHandling = "remove",
): Evaluation {
  if (!SPECIAL.test(raw)) return plainEvaluation(raw);
  return new Expander(raw, escapeCharacter, lookup, quotes).run();
}

/** The evaluation of a text that holds nothing to expand. */
export function plainEvaluation(text: string): Evaluation {
  if (text === "") return EMPTY;
  return { kind: "known", value: text, pieces: [{ kind: "text", text }], uses: [], problem: undefined };
}

/** Whether a text holds anything that expansion could change. */
export function isPlainText(raw: string): boolean {
  return !SPECIAL.test(raw);
}

const SPECIAL = /[$'"\\`]/;
const EMPTY: Evaluation = { kind: "empty", value: "", pieces: [], uses: [], problem: undefined };
const UNKNOWN: Binding = { kind: "unknown", origin: undefined };

/** A scope in which nothing is known. */
export function unknownScope(): Binding {
  return UNKNOWN;
}

/** No person nests substitutions deeper; without a limit a hostile word would exhaust the stack. */
const DEPTH_LIMIT = 100;
const SPECIAL_NAMES = "@*#?-$!0";

class Expander {
  readonly #raw: string;
  readonly #escape: EscapeCharacter;
  readonly #lookup: Lookup;
  readonly #quotes: QuoteHandling;
  readonly #uses: VariableUse[] = [];
  #problem: ExpansionProblem | undefined;
  #position = 0;
  #depth = 0;

  constructor(raw: string, escapeCharacter: EscapeCharacter, lookup: Lookup, quotes: QuoteHandling) {
    this.#raw = raw;
    this.#escape = escapeCharacter;
    this.#lookup = lookup;
    this.#quotes = quotes;
  }

  run(): Evaluation {
    const pieces = new PieceList();
    this.#until("", false, pieces);
    const value = pieces.text();
    const uses = this.#uses;
    const problem = this.#problem;
    if (problem !== undefined || value === undefined) {
      return { kind: "unknown", value: "", pieces: pieces.pieces, uses, problem };
    }
    return { kind: value === "" ? "empty" : "known", value, pieces: pieces.pieces, uses, problem };
  }

  #fail(kind: ExpansionProblem["kind"], detail: string, start: number, end: number): void {
    this.#problem ??= { kind, detail, start, end: Math.min(end, this.#raw.length) };
    this.#position = this.#raw.length;
  }

  /** Reads up to an unquoted `stop`, which is consumed; up to the end when `stop` is empty. False when it is absent. */
  #until(stop: string, rawEscapes: boolean, out: PieceList): boolean {
    const raw = this.#raw;
    while (this.#position < raw.length) {
      const character = raw[this.#position] ?? "";
      if (character === stop) {
        this.#position += 1;
        return true;
      }
      if (character === "$") this.#dollar(out);
      else if (character === "'" && this.#quotes === "remove") this.#singleQuotes(out);
      else if (character === '"' && this.#quotes === "remove") this.#doubleQuotes(rawEscapes, out);
      else {
        this.#position += 1;
        if (character !== this.#escape) {
          out.add(character);
          continue;
        }
        if (rawEscapes) out.add(character);
        out.add(raw[this.#position] ?? "");
        this.#position += 1;
      }
    }
    return stop === "";
  }

  #singleQuotes(out: PieceList): void {
    const open = this.#position;
    const close = this.#raw.indexOf("'", open + 1);
    if (close < 0) {
      this.#fail("quote", "'", open, this.#raw.length);
      return;
    }
    out.add(this.#raw.slice(open + 1, close));
    this.#position = close + 1;
  }

  #doubleQuotes(rawEscapes: boolean, out: PieceList): void {
    const raw = this.#raw;
    const open = this.#position;
    this.#position += 1;
    while (this.#position < raw.length) {
      const character = raw[this.#position] ?? "";
      if (character === '"') {
        this.#position += 1;
        return;
      }
      if (character === "$") {
        this.#dollar(out);
        continue;
      }
      this.#position += 1;
      if (character !== this.#escape) {
        out.add(character);
        continue;
      }
      if (rawEscapes) out.add(character);
      const next = raw[this.#position];
      if (next === undefined) break;
      if (next === '"' || next === "$" || next === this.#escape) {
        out.add(next);
        this.#position += 1;
      } else out.add(character);
    }
    this.#fail("quote", '"', open, raw.length);
  }

  /** Reads the name of a variable: digits, one special character, or letters, digits and `_`. */
  #name(): string {
    const raw = this.#raw;
    const start = this.#position;
    const first = raw[start];
    if (first === undefined) return "";
    if (isDigit(first)) {
      while (this.#position < raw.length && isDigit(raw[this.#position] ?? "")) this.#position += 1;
    } else if (SPECIAL_NAMES.includes(first)) this.#position += 1;
    else while (this.#position < raw.length && isNameCharacter(raw[this.#position] ?? "")) this.#position += 1;
    return raw.slice(start, this.#position);
  }

  #use(name: string, start: number, nameStart: number, hasDefault: boolean): Binding {
    const binding = this.#lookup(name);
    const outcome = binding.kind !== "known" ? binding.kind : binding.value === "" ? "empty" : "known";
    const origin = binding.kind === "unset" ? undefined : binding.origin;
    const nameEnd = nameStart + name.length;
    this.#uses.push({ name, start, end: this.#position, nameStart, nameEnd, outcome, hasDefault, origin });
    return binding;
  }

  #dollar(out: PieceList): void {
    const raw = this.#raw;
    const start = this.#position;
    this.#position += 1;
    if (raw[this.#position] !== "{") {
      const nameStart = this.#position;
      const name = this.#name();
      if (name === "") out.add("$");
      else out.bind(name, this.#use(name, start, nameStart, false));
      return;
    }
    this.#position += 1;
    const first = raw[this.#position];
    if (first === undefined) this.#fail("brace", "}", start, raw.length);
    else if (first === "{" || first === "}" || first === ":") {
      this.#fail("empty-name", "", start, this.#position + 1);
    } else if (this.#depth >= DEPTH_LIMIT) this.#fail("depth", "", start, raw.length);
    else {
      this.#depth += 1;
      this.#braces(start, out);
      this.#depth -= 1;
    }
  }

  #braces(start: number, out: PieceList): void {
    const raw = this.#raw;
    const nameStart = this.#position;
    const name = this.#name();
    const modifier = raw[this.#position] ?? "";
    this.#position += 1;
    switch (modifier) {
      case "}":
        out.bind(name, this.#use(name, start, nameStart, false));
        return;
      case "/":
        this.#replace(start, nameStart, name, out);
        return;
      case "+":
      case "-":
      case "?":
        this.#conditional(start, nameStart, name, modifier, false, out);
        return;
      case "#":
      case "%":
        this.#trim(start, nameStart, name, modifier, out);
        return;
      case ":": {
        const next = raw[this.#position] ?? "";
        this.#position += 1;
        if (next === "+" || next === "-" || next === "?") {
          this.#conditional(start, nameStart, name, next, true, out);
          return;
        }
        this.#unsupported(start, `:${next}`);
        return;
      }
      case "":
        this.#fail("brace", "}", start, raw.length);
        return;
      default:
        this.#unsupported(start, modifier);
    }
  }

  #unsupported(start: number, modifier: string): void {
    const close = this.#raw.indexOf("}", this.#position);
    this.#fail("modifier", modifier, start, close < 0 ? this.#raw.length : close + 1);
  }

  #conditional(
    start: number,
    nameStart: number,
    name: string,
    modifier: "+" | "-" | "?",
    emptyIsUnset: boolean,
    out: PieceList,
  ): void {
    const word = new PieceList();
    const uses = this.#uses.length;
    if (!this.#until("}", false, word)) {
      this.#fail("brace", "}", start, this.#raw.length);
      return;
    }
    const binding = this.#use(name, start, nameStart, modifier !== "?");
    // A variable comes before those of its own default.
    this.#uses.splice(uses, 0, ...this.#uses.splice(-1));
    if (binding.kind === "unknown") {
      out.hole(name);
      return;
    }
    const isAbsent = binding.kind === "unset" || (emptyIsUnset && binding.value === "");
    if (modifier === "?" && isAbsent) this.#fail("required", word.text() ?? "", start, this.#position);
    else if (modifier === "+" ? !isAbsent : isAbsent) out.addAll(word);
    else if (modifier !== "+") out.bind(name, binding);
  }

  #trim(start: number, nameStart: number, name: string, side: "#" | "%", out: PieceList): void {
    const word = new PieceList();
    if (!this.#until("}", true, word)) {
      this.#fail("brace", "}", start, this.#raw.length);
      return;
    }
    const binding = this.#use(name, start, nameStart, false);
    const written = word.text();
    if (written === undefined) {
      out.hole(name);
      return;
    }
    const longest = written.startsWith(side);
    const tokens = parsePattern(longest ? written.slice(1) : written);
    if (tokens === undefined) this.#fail("pattern", written, start, this.#position);
    else if (binding.kind === "unknown") out.hole(name);
    else if (binding.kind === "known") {
      const trim = side === "#" ? trimPrefix : trimSuffix;
      const value = trim(binding.value, tokens, longest);
      if (value === undefined) out.hole(name);
      else out.add(value);
    }
  }

  #replace(start: number, nameStart: number, name: string, out: PieceList): void {
    const scope = this.#raw[this.#position] === "/" ? "all" : "first";
    if (scope === "all") this.#position += 1;
    const pattern = new PieceList();
    const replacement = new PieceList();
    if (!this.#until("/", true, pattern)) {
      this.#fail("brace", "/", start, this.#raw.length);
      return;
    }
    if (!this.#until("}", true, replacement)) {
      this.#fail("brace", "}", start, this.#raw.length);
      return;
    }
    const binding = this.#use(name, start, nameStart, false);
    const written = pattern.text();
    const text = replacement.text();
    const tokens = written === undefined ? undefined : parsePattern(written);
    if (written !== undefined && tokens === undefined) this.#fail("pattern", written, start, this.#position);
    else if (binding.kind === "unset") return;
    else if (tokens === undefined || text === undefined || binding.kind === "unknown") out.hole(name);
    else {
      const value = replaceMatches(binding.value, tokens, text, scope);
      if (value === undefined) out.hole(name);
      else out.add(value);
    }
  }
}
