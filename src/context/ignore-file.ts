import { newWorkMeter, type WorkMeter } from "../files/path-pattern.js";
import type { Range, Source } from "../text/source.js";
import { IgnoreMatcher, type IgnoreVerdict } from "./ignore-matcher.js";
import { type CompiledPattern, compileIgnorePattern, type PatternProblem, trimmedSpan } from "./ignore-pattern.js";

/** One pattern line of an ignore file. */
export interface IgnorePattern extends CompiledPattern {
  /** 0-based place among the pattern lines. */
  readonly index: number;
  /** The line without white space around it, `!` included. */
  readonly range: Range;
  /** Text of `range`. */
  readonly written: string;
}

/** A line that makes every build of the context fail. `line-too-long`: the reference stops at 64 KiB. */
export interface IgnoreProblem {
  readonly kind: PatternProblem | "line-too-long";
  /** The offending part of the line. */
  readonly range: Range;
}

/** A comment line, for suppressions. */
export interface IgnoreComment {
  /** From `#` to the end of the line, without the line break. */
  readonly range: Range;
}

/** Longest line that the reference parser reads, in bytes; Go's bufio.MaxScanTokenSize. */
const LONGEST_LINE = 65_535;

/**
 * An ignore file: its patterns in order and what is wrong with it. Parsed on first use. Lines end at LF; the first
 * column decides about comments (` #x` is a pattern).
 *
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export class IgnoreFile {
  readonly source: Source;
  #parsed: Parsed | undefined;
  #matcher: IgnoreMatcher<IgnorePattern> | undefined;

  constructor(source: Source) {
    this.source = source;
  }

  /** Patterns that compile, in order. */
  get patterns(): readonly IgnorePattern[] {
    return this.#parse().patterns;
  }

  /** Lines that fail the build, in order. */
  get problems(): readonly IgnoreProblem[] {
    return this.#parse().problems;
  }

  /** Comment lines, in order. */
  get comments(): readonly IgnoreComment[] {
    return this.#parse().comments;
  }

  /** Whether the file has no pattern at all: empty, blank or only comments. */
  get isEmpty(): boolean {
    return this.patterns.length === 0 && this.problems.length === 0;
  }

  /** Whether any pattern is an exception. */
  get hasExceptions(): boolean {
    return this.matcher.hasExceptions;
  }

  /** The patterns as a matcher; one and the same object for every call. */
  get matcher(): IgnoreMatcher<IgnorePattern> {
    this.#matcher ??= new IgnoreMatcher(this.patterns);
    return this.#matcher;
  }

  /** Whether the file leaves a path out of the context. @param path relative to the context, cleaned */
  ignores(path: string): boolean {
    return this.matcher.ignores(path);
  }

  /** Whether the file leaves a path out, and the line that decides. */
  verdict(path: string): IgnoreVerdict<IgnorePattern> {
    return this.matcher.verdict(path);
  }

  #parse(): Parsed {
    this.#parsed ??= parse(this.source);
    return this.#parsed;
  }
}

interface Parsed {
  readonly patterns: IgnorePattern[];
  readonly problems: IgnoreProblem[];
  readonly comments: IgnoreComment[];
  readonly meter: WorkMeter;
}

function parse(source: Source): Parsed {
  const parsed: Parsed = { patterns: [], problems: [], comments: [], meter: newWorkMeter() };
  const { text } = source;
  for (let start = 0; start < text.length; ) {
    const newline = text.indexOf("\n", start);
    const end = newline === -1 ? text.length : newline;
    readLine(source, start, end, parsed);
    start = end + 1;
  }
  return parsed;
}

function readLine(source: Source, start: number, end: number, parsed: Parsed): void {
  const { text } = source;
  if (end - start > LONGEST_LINE) {
    parsed.problems.push({ kind: "line-too-long", range: source.range(start, end) });
    return;
  }
  if (text[start] === "#") {
    const lineEnd = text[end - 1] === "\r" ? end - 1 : end;
    parsed.comments.push({ range: source.range(start, lineEnd) });
    return;
  }
  const span = trimmedSpan(text, start, end);
  if (span.start === span.end) return;
  const written = source.slice(span);
  const compiled = compileIgnorePattern(written, parsed.meter);
  if (compiled.kind === "malformed") {
    const range = source.range(span.start + compiled.span.start, span.start + compiled.span.end);
    parsed.problems.push({ kind: compiled.problem, range });
    return;
  }
  const range = source.range(span.start, span.end);
  parsed.patterns.push({ ...compiled, index: parsed.patterns.length, range, written });
}

/** A matcher of pattern lines that stand in no file. Lines that do not compile are left out. */
export function matcherOf(lines: readonly string[]): IgnoreMatcher<CompiledPattern> {
  return new IgnoreMatcher<CompiledPattern>(compileLines(lines));
}

/** Lines that were compiled for {@link tableMatcher}; more than the tables of the program have. */
const MOST_KNOWN_LINES = 2000;
const knownLines = new Map<string, IgnoreMatcher<CompiledPattern>>();

/**
 * As {@link matcherOf} for one line of the program's own tables, compiled once per process. Such lines have no budget of
 * work, for nobody makes them to be slow.
 */
export function tableMatcher(line: string): IgnoreMatcher<CompiledPattern> {
  let matcher = knownLines.get(line);
  if (matcher === undefined) {
    matcher = new IgnoreMatcher<CompiledPattern>(compileLines([line], { steps: 0, limit: Number.POSITIVE_INFINITY }));
    if (knownLines.size < MOST_KNOWN_LINES) knownLines.set(line, matcher);
  }
  return matcher;
}

function compileLines(lines: readonly string[], meter: WorkMeter = newWorkMeter()): CompiledPattern[] {
  return lines.flatMap((line) => {
    const compiled = compileIgnorePattern(line, meter);
    return compiled.kind === "pattern" ? [compiled] : [];
  });
}
