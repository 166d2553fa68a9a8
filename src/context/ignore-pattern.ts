import { cleanPath } from "../files/path.js";
import { PathPattern, type WorkMeter } from "../files/path-pattern.js";
import type { Span } from "../text/source.js";
import { findGlobProblem, hasGlobMeta } from "../values/glob.js";
import { parseGoExpression } from "./go-expression.js";

/** How a pattern is compared with a path; told apart as the reference matcher does. */
export type PatternForm = "exact" | "prefix" | "suffix" | "expression";

/** What one line of an ignore file means. */
export interface CompiledPattern {
  readonly kind: "pattern";
  /** Written with `!`: what matches is sent after all. */
  readonly isException: boolean;
  /** Cleaned, without `!` and without the leading slash: `a/` and `/a` are `a`. */
  readonly cleaned: string;
  readonly form: PatternForm;
  /** Whether the path itself matches, its parents not asked. Relative to the context, cleaned. */
  readonly matches: (path: string) => boolean;
  /** Counts the work of this pattern and of those compiled with it. */
  readonly meter: WorkMeter;
}

/**
 * Why a line makes every build fail: a lone `!`; a class that is not closed or badly made; a backslash at the end; an
 * escape or range that the expression syntax refuses.
 */
export type PatternProblem = "lone-exception" | "class" | "escape" | "expression";

/** A line that no build survives; `span` is 0-based into the text given. */
export interface MalformedPattern {
  readonly kind: "malformed";
  readonly problem: PatternProblem;
  readonly span: Span;
}

// What Go's unicode.IsSpace accepts; String.trim also takes U+FEFF and leaves U+0085.
const SPACE_CHARACTER = /[\t\n\v\f\r \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;
const ESCAPED = ".+()|{}$";

/** The span of a line's text without white space at both ends, as the reference parser trims it. */
export function trimmedSpan(text: string, start: number, end: number): Span {
  let first = start;
  let last = end;
  while (first < last && SPACE_CHARACTER.test(text.charAt(first))) first += 1;
  while (last > first && SPACE_CHARACTER.test(text.charAt(last - 1))) last -= 1;
  return { start: first, end: last };
}

function trimmed(text: string): string {
  const { start, end } = trimmedSpan(text, 0, text.length);
  return text.slice(start, end);
}

/**
 * Compiles one line of an ignore file, comments and blank lines left out by the caller. Its work counts on `meter`, which
 * the lines of a file share.
 *
 * @see https://github.com/moby/patternmatcher/blob/v0.6.0/ignorefile/ignorefile.go (cleaning)
 * @see https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go (New, compile)
 */
export function compileIgnorePattern(line: string, meter: WorkMeter): CompiledPattern | MalformedPattern {
  const text = trimmed(line);
  const cleaned = cleanLine(text);
  const isException = cleaned.startsWith("!");
  const pattern = isException ? cleaned.slice(1) : cleaned;
  const whole = { start: 0, end: line.length };
  if (pattern === "") return { kind: "malformed", problem: "lone-exception", span: whole };

  const problem = findGlobProblem(pattern);
  if (problem !== undefined) {
    // Cleaning may have moved the place; then the whole line is marked.
    const offset = line.endsWith(pattern) ? line.length - pattern.length : undefined;
    const { start, end } = problem.span;
    const span = offset === undefined ? whole : { start: offset + start, end: offset + end };
    return { kind: "malformed", problem: problem.problem, span };
  }
  const comparison = compile(pattern, meter);
  if (comparison === undefined) return { kind: "malformed", problem: "expression", span: whole };
  return { kind: "pattern", isException, cleaned: pattern, meter, ...comparison };
}

/** Both cleaning passes of the reference: that of its file reader, then that of its matcher. */
function cleanLine(text: string): string {
  const isException = text.startsWith("!");
  let path = isException ? trimmed(text.slice(1)) : text;
  if (path !== "") path = cleanPath(path);
  if (path.length > 1 && path.startsWith("/")) path = path.slice(1);
  return cleanPath(trimmed(isException ? `!${path}` : path));
}

type Comparison = Pick<CompiledPattern, "form" | "matches">;

function compile(pattern: string, meter: WorkMeter): Comparison | undefined {
  const { form, expression } = translate(pattern);
  switch (form) {
    case "exact":
      return { form, matches: (path) => counts(meter) && path === pattern };
    case "prefix": {
      const prefix = pattern.slice(0, -2);
      return { form, matches: (path) => counts(meter) && path.startsWith(prefix) };
    }
    case "suffix": {
      const suffix = pattern.slice(2);
      const name = suffix.startsWith("/") ? suffix.slice(1) : undefined;
      return { form, matches: (path) => counts(meter) && (path.endsWith(suffix) || path === name) };
    }
    case "expression": {
      const items = parseGoExpression(expression);
      if (items === undefined) return undefined;
      const compiled = new PathPattern(items, meter);
      return { form, matches: (path) => compiled.matches(path) };
    }
  }
}

/** One comparison more; false past the limit, so that endless lists of patterns come to an end too. */
function counts(meter: WorkMeter): boolean {
  meter.steps += 1;
  return meter.steps <= meter.limit;
}

/** The form of a pattern and the regular expression that the reference makes of it (without its anchors). */
function translate(pattern: string): { readonly form: PatternForm; readonly expression: string } {
  if (!hasGlobMeta(pattern) && !pattern.includes("]")) return { form: "exact", expression: "" };
  let form: PatternForm = "exact";
  const pieces: string[] = [];
  for (let index = 0; index < pattern.length; ) {
    const character = pattern.charAt(index);
    if (pattern.startsWith("**", index)) {
      const isFirst = index === 0;
      index += pattern[index + 2] === "/" ? 3 : 2;
      const isLast = index >= pattern.length;
      if (!isLast) pieces.push("(.*/)?");
      else if (form !== "exact") pieces.push(".*");
      form = isLast && form === "exact" ? "prefix" : "expression";
      if (isFirst) form = "suffix";
      continue;
    }
    if (character === "*" || character === "?") {
      pieces.push(character === "*" ? "[^/]*" : "[^/]");
      form = "expression";
    } else if (character === "\\") {
      // The next character may be two units long; its second half follows as a literal.
      index += 1;
      pieces.push(`\\${pattern.charAt(index)}`);
      form = "expression";
    } else {
      pieces.push(ESCAPED.includes(character) ? `\\${character}` : character);
      if (character === "[" || character === "]") form = "expression";
    }
    index += 1;
  }
  return { form, expression: pieces.join("") };
}
