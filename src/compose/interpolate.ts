import { LIMITS } from "./limits.js";
import type { Certainty, Piece, VariableUse } from "./node-model.js";

/** Values of variables that may be known: from env files, never from the process. Undefined means not set. */
export type VariableLookup = (name: string) => string | undefined;

/** A variable use whose place is a span of the uninterpolated text. */
export interface SpannedUse extends Omit<VariableUse, "range"> {
  readonly start: number;
  readonly end: number;
}

/**
 * A stretch of the result that came from a stretch of the template. Literal text and defaults run in step when both
 * lengths are equal; everything else stands as a whole.
 */
export interface Stretch {
  readonly inner: number;
  readonly outer: number;
  readonly length: number;
  readonly outerLength: number;
  readonly kind: "literal" | "default" | "secret" | "unknown" | "required";
  /** What may be shown for the whole stretch; differs from the result only for `secret`. */
  readonly shown: string;
  /** Name of the variable; empty for literal text. */
  readonly name: string;
}

/** One text with its variables put in. See {@link ScalarNode} for `text` and `resolved`. */
export interface Interpolated {
  readonly text: string;
  readonly resolved: string;
  readonly isSecret: boolean;
  readonly certainty: Certainty;
  readonly pieces: readonly Piece[];
  readonly uses: readonly SpannedUse[];
  readonly problems: readonly { readonly start: number; readonly end: number; readonly message: string }[];
  /** From offsets of `resolved` to offsets of the template; ascending, without gaps. */
  readonly stretches: readonly Stretch[];
}

/**
 * Puts variables into a text as Compose does: `$NAME`, `${NAME}`, the six operators, `$$` for a dollar. What needs a
 * variable without value stays as written, and the certainty says so. A `$` that no reading fits is a problem only when
 * it opens a brace; any other stands for itself.
 *
 * Linear in the text: nested defaults are read once, in place.
 *
 * @see https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md
 */
export function interpolate(template: string, lookup: VariableLookup): Interpolated {
  const run = new Run(template, lookup);
  run.readAll();
  return run;
}

/** One reading of a template. Text is gathered in three forms at once: shown, judged, and as pieces. */
class Run implements Interpolated {
  text = "";
  resolved = "";
  isSecret = false;
  certainty: Certainty = "known";
  readonly pieces: Piece[] = [];
  readonly uses: SpannedUse[] = [];
  readonly problems: { start: number; end: number; message: string }[] = [];
  readonly stretches: Stretch[] = [];
  readonly #template: string;
  readonly #lookup: VariableLookup;
  /** The rest is not read: what was gathered so far stands. */
  #isTooLong = false;

  constructor(template: string, lookup: VariableLookup) {
    this.#template = template;
    this.#lookup = lookup;
  }

  readAll(): void {
    this.#read(0, this.#template.length, 0);
  }

  /** Reads a stretch of the template; `depth` counts the operators whose argument it is part of. */
  #read(from: number, to: number, depth: number): void {
    const template = this.#template;
    let at = from;
    while (at < to && !this.#isTooLong) {
      const dollar = template.indexOf("$", at);
      const literalEnd = dollar === -1 || dollar >= to ? to : dollar;
      if (literalEnd > at) this.#literal(at, literalEnd - at, template.slice(at, literalEnd), depth);
      if (literalEnd === to) return;
      at = this.#dollar(dollar, to, depth);
    }
  }

  /** Reads what a `$` at `at` begins; returns where it ends. */
  #dollar(at: number, to: number, depth: number): number {
    const template = this.#template;
    const next = at + 1 < to ? template.charCodeAt(at + 1) : 0;
    if (next === 36) {
      this.#literal(at, 2, "$", depth);
      return at + 2;
    }
    if (next === 123) return this.#braces(at, to, depth);
    const end = nameEnd(template, at + 1, to);
    if (end === at + 1) {
      this.#literal(at, 1, "$", depth);
      return at + 1;
    }
    this.#plain(template.slice(at + 1, end), at, end);
    return end;
  }

  #braces(at: number, to: number, depth: number): number {
    const template = this.#template;
    const close = closingBrace(template, at + 2, to);
    if (close === -1) return this.#invalid(at, to, "the `${` is never closed");
    const end = close + 1;
    const written = shorten(template.slice(at, end));
    const nameStop = nameEnd(template, at + 2, close);
    if (nameStop === at + 2) return this.#invalid(at, end, `\`${written}\` has no variable name`);
    const name = template.slice(at + 2, nameStop);
    if (nameStop === close) {
      this.#plain(name, at, end);
      return end;
    }
    const operator = operatorAt(template, nameStop);
    if (operator === undefined) return this.#invalid(at, end, `\`${written}\` is shell, not Compose`);
    if (depth >= LIMITS.interpolationNesting) return this.#invalid(at, end, "variables nest too deep here");
    this.#operator({ name, operator, start: at, end, from: nameStop + operator.length, to: close, depth });
    return end;
  }

  #plain(name: string, start: number, end: number): void {
    const value = this.#lookup(name);
    const outcome = value === undefined ? "unset" : "value";
    this.uses.push({ name, operator: "", argument: undefined, outcome, start, end });
    if (value === undefined) this.#hole(name, start, end, "unknown");
    else this.#secret(name, value, start, end);
  }

  #operator(use: {
    readonly name: string;
    readonly operator: Exclude<VariableUse["operator"], "">;
    readonly start: number;
    readonly end: number;
    readonly from: number;
    readonly to: number;
    readonly depth: number;
  }): void {
    const { name, operator, start, end } = use;
    const value = this.#lookup(name);
    const isMissing = value === undefined || (operator.startsWith(":") && value === "");
    const argument = this.#template.slice(use.from, use.to);
    const note = (outcome: VariableUse["outcome"]) => this.uses.push({ name, operator, argument, outcome, start, end });
    if (operator === ":+" || operator === "+") {
      note(isMissing ? "omitted" : "replaced");
      if (isMissing) {
        this.#raise("defaulted");
      } else this.#read(use.from, use.to, use.depth + 1);
      return;
    }
    if (!isMissing) {
      note("value");
      this.#secret(name, value ?? "", start, end);
      return;
    }
    if (operator === ":?" || operator === "?") {
      note("required");
      this.#hole(name, start, end, "required");
      return;
    }
    note("default");
    this.#raise("defaulted");
    this.#read(use.from, use.to, use.depth + 1);
  }

  #literal(at: number, length: number, text: string, depth: number): void {
    this.#emit(depth > 0 ? "default" : "literal", "", text, text, at, length);
    this.#piece(text);
  }

  #secret(name: string, value: string, start: number, end: number): void {
    if (value !== "") this.isSecret = true;
    this.#emit("secret", name, this.#template.slice(start, end), value, start, end - start);
    this.#piece(value);
  }

  #hole(name: string, start: number, end: number, certainty: "unknown" | "required"): void {
    const written = this.#template.slice(start, end);
    this.#emit(certainty, name, written, written, start, end - start);
    this.pieces.push({ kind: "hole", name });
    this.#raise(certainty);
  }

  #invalid(start: number, end: number, message: string): number {
    this.problems.push({ start, end, message });
    this.#hole("", start, end, "unknown");
    return end;
  }

  #piece(text: string): void {
    if (text === "" || this.#isTooLong) return;
    const last = this.pieces.at(-1);
    if (last?.kind === "text") this.pieces[this.pieces.length - 1] = { kind: "text", text: last.text + text };
    else this.pieces.push({ kind: "text", text });
  }

  #emit(
    kind: Stretch["kind"],
    name: string,
    shown: string,
    resolved: string,
    outer: number,
    outerLength: number,
  ): void {
    if (this.resolved.length + resolved.length > LIMITS.interpolatedLength + this.#template.length) {
      this.problems.push({ start: outer, end: outer + outerLength, message: "this text grows beyond 64 KiB" });
      this.#raise("unknown");
      this.#isTooLong = true;
      return;
    }
    this.text += shown;
    const length = resolved.length;
    if (length > 0) {
      this.stretches.push({ inner: this.resolved.length, outer, length, outerLength, kind, shown, name });
    }
    this.resolved += resolved;
  }

  /** The least certain part decides: `unknown` is worse than `required`, since the latter at least never runs. */
  #raise(certainty: Certainty): void {
    if (RANK[certainty] > RANK[this.certainty]) this.certainty = certainty;
  }
}

const RANK = { known: 0, defaulted: 1, required: 2, unknown: 3 } as const;

/** Where the name that begins at `at` ends; `at` itself when no name begins there. */
function nameEnd(text: string, at: number, to: number): number {
  let end = at;
  while (end < to) {
    const code = text.charCodeAt(end);
    const isLetter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95;
    if (!isLetter && !(end > at && code >= 48 && code <= 57)) break;
    end += 1;
  }
  return end;
}

function operatorAt(text: string, at: number): Exclude<VariableUse["operator"], ""> | undefined {
  const first = text[at];
  const second = text[at + 1];
  if (first === ":" && second === "-") return ":-";
  if (first === ":" && second === "?") return ":?";
  if (first === ":" && second === "+") return ":+";
  if (first === "-" || first === "?" || first === "+") return first;
  return undefined;
}

/** The brace that closes the one before `at`: braces of `${` inside count, lone ones do not; −1 when there is none. */
function closingBrace(text: string, at: number, to: number): number {
  let depth = 1;
  for (let index = at; index < to; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 125) {
      depth -= 1;
      if (depth === 0) return index;
    } else if (code === 36 && text.charCodeAt(index + 1) === 123) {
      depth += 1;
      index += 1;
    } else if (code === 36 && text.charCodeAt(index + 1) === 36) index += 1;
  }
  return -1;
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
