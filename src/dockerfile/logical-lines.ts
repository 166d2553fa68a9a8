import type { Source } from "../text/source.js";
import { isSeparator, isSpace, skipSpace, trimEnd } from "./characters.js";
import { readDirectives } from "./directives.js";
import { findHeredocOperators, type HeredocOperator } from "./heredocs.js";
import { JoinedText } from "./joined-text.js";
import { parseJsonStrings } from "./json-array.js";
import type { Comment, Directive, EscapeCharacter, Heredoc, Problem } from "./model.js";

/** One instruction as physical lines give it, before its arguments are read. */
export interface LogicalLine {
  readonly joined: JoinedText;
  /** Offset of the first code unit that is not white space. */
  readonly start: number;
  /** Offset behind the last line that belongs to the head, without white space at its end. */
  readonly headEnd: number;
  /** As `headEnd`, with heredocs. */
  readonly end: number;
  /** 1-based, counted at LF only. */
  readonly startLine: number;
  readonly endLine: number;
  /** Offsets of blank lines between the lines. */
  readonly emptyContinuations: readonly number[];
  readonly commentsAbove: readonly Comment[];
  readonly heredocs: readonly Heredoc[];
}

/** What a scan of the physical lines gives. */
export interface ScanResult {
  readonly escape: EscapeCharacter;
  readonly directives: readonly Directive[];
  readonly lines: readonly LogicalLine[];
  readonly comments: readonly Comment[];
  readonly problems: readonly Problem[];
}

/** Longest physical line that the builder reads, in bytes of UTF-8 without its line feed. */
const LINE_LIMIT_BYTES = 65_535;

/**
 * Finds instructions, comments and heredocs as BuildKit does: lines end at LF, carriage returns before it are dropped, a line
 * that ends in one escape character (and then only blanks or tabs) is continued; comment lines and blank lines within a
 * continued instruction vanish.
 *
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/parser/parser.go (Parse)
 */
export function scanLines(source: Source): ScanResult {
  return new Scanner(source).scan();
}

class Scanner {
  readonly #source: Source;
  readonly #text: string;
  readonly #escape: EscapeCharacter;
  readonly #escapeCode: number;
  readonly #directives: ReturnType<typeof readDirectives>;
  readonly #comments: Comment[] = [];
  readonly #problems: Problem[] = [];
  readonly #lines: LogicalLine[] = [];
  /** Bounds of the current physical line without its line break, and where the next one begins. */
  #start = 0;
  #end = 0;
  #next = 0;
  #line = 0;
  #lastPlaces: ReadonlyMap<string, number> | undefined;

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    this.#directives = readDirectives(source);
    this.#escape = this.#directives.escape;
    this.#escapeCode = this.#escape.charCodeAt(0);
  }

  scan(): ScanResult {
    let above: Comment[] = [];
    while (this.#advance()) {
      const first = skipSpace(this.#text, this.#start, this.#end);
      if (first === this.#end) {
        above = [];
        continue;
      }
      if (this.#text.charCodeAt(first) === 0x23) {
        if (!this.#directives.lines.has(this.#line)) above.push(this.#comment(first, "own"));
        continue;
      }
      this.#instruction(first, above);
      above = [];
    }
    return {
      escape: this.#escape,
      directives: this.#directives.directives,
      lines: this.#lines,
      comments: this.#comments,
      problems: [...this.#directives.problems, ...this.#problems],
    };
  }

  /** Moves to the next physical line; false at the end of the text. */
  #advance(): boolean {
    const text = this.#text;
    if (this.#next >= text.length) return false;
    this.#start = this.#next;
    const feed = text.indexOf("\n", this.#start);
    let end = feed < 0 ? text.length : feed;
    this.#next = feed < 0 ? text.length : feed + 1;
    this.#line += 1;
    if (end - this.#start > LINE_LIMIT_BYTES / 3) this.#checkLength(end);
    while (end > this.#start && text.charCodeAt(end - 1) === 0x0d) end -= 1;
    this.#end = end;
    return true;
  }

  #checkLength(end: number): void {
    if (byteLength(this.#text, this.#start, end) <= LINE_LIMIT_BYTES) return;
    this.#problems.push({
      kind: "encoding",
      message: `line ${this.#line} is longer than ${LINE_LIMIT_BYTES} bytes; break it with \`${this.#escape}\``,
      range: this.#source.range(this.#start, end),
      keyword: undefined,
    });
  }

  #comment(first: number, place: Comment["place"]): Comment {
    const end = trimEnd(this.#text, first, this.#end);
    const start = skipSpace(this.#text, first + 1, end);
    const comment: Comment = {
      text: this.#text.slice(start, end),
      range: this.#source.range(first, end),
      line: this.#line,
      place,
    };
    this.#comments.push(comment);
    return comment;
  }

  /** The offset of the escape character that continues a line beginning at `start`; -1 when the line ends. */
  #continuation(start: number): number {
    const text = this.#text;
    let index = this.#end - 1;
    while (index >= start && (text.charCodeAt(index) === 0x20 || text.charCodeAt(index) === 0x09)) index -= 1;
    if (index < start || text.charCodeAt(index) !== this.#escapeCode) return -1;
    return index > start && text.charCodeAt(index - 1) === this.#escapeCode ? -1 : index;
  }

  #instruction(first: number, commentsAbove: readonly Comment[]): void {
    const text = this.#text;
    const startLine = this.#line;
    const emptyContinuations: number[] = [];
    const starts = [0];
    const origins = [first];
    let escapeAt = this.#continuation(first);
    let joined = text.slice(first, escapeAt < 0 ? this.#end : escapeAt);
    let headEnd = trimEnd(text, first, this.#end);
    while (escapeAt >= 0 && this.#advance()) {
      const start = skipSpace(text, this.#start, this.#end);
      if (start === this.#end) {
        emptyContinuations.push(this.#start);
        continue;
      }
      if (text.charCodeAt(start) === 0x23) {
        this.#comment(start, "inside");
        continue;
      }
      escapeAt = this.#continuation(this.#start);
      const end = escapeAt < 0 ? this.#end : escapeAt;
      if (end > this.#start) {
        starts.push(joined.length);
        origins.push(this.#start);
        joined += text.slice(this.#start, end);
      }
      headEnd = trimEnd(text, start, this.#end);
    }
    const line = new JoinedText(this.#source, this.#escape, joined, starts, origins);
    const heredocs = joined.includes("<<") && canHoldHeredocs(joined) ? this.#heredocs(line) : [];
    const last = heredocs.at(-1);
    this.#lines.push({
      joined: line,
      start: first,
      headEnd,
      end: last === undefined ? headEnd : this.#end,
      startLine,
      endLine: this.#line,
      emptyContinuations,
      commentsAbove,
      heredocs,
    });
  }

  #heredocs(line: JoinedText): readonly Heredoc[] {
    const heredocs: Heredoc[] = [];
    for (const operator of findHeredocOperators(line.text)) {
      if (operator.detached && !this.#hasTerminator(operator)) continue;
      heredocs.push(this.#heredoc(line, operator));
    }
    return heredocs;
  }

  #heredoc(line: JoinedText, operator: HeredocOperator): Heredoc {
    const source = this.#source;
    const start = this.#next;
    const startLine = this.#line + 1;
    let bodyEnd = source.text.length;
    let terminatorRange: Heredoc["terminatorRange"];
    while (this.#advance()) {
      if (!this.#isTerminator(operator)) continue;
      bodyEnd = this.#start;
      terminatorRange = source.range(this.#start, this.#end);
      break;
    }
    const operatorRange = line.range(operator.start, operator.end);
    if (terminatorRange === undefined) {
      this.#problems.push({
        kind: "heredoc",
        message: `heredoc \`${operator.name}\` has no end; add a line that holds only \`${operator.name}\``,
        range: operatorRange,
        keyword: keywordOf(line.text).toUpperCase(),
      });
    }
    return {
      name: operator.name,
      expand: operator.expand,
      chomp: operator.chomp,
      operatorRange,
      range: source.range(Math.min(start, bodyEnd), bodyEnd),
      bodyStart: Math.min(start, bodyEnd),
      content: source.text.slice(start, bodyEnd),
      terminatorRange,
      startLine: Math.min(startLine, Math.max(this.#line, 1)),
      endLine: this.#line,
    };
  }

  #isTerminator(operator: HeredocOperator): boolean {
    const text = this.#text;
    let start = this.#start;
    if (operator.chomp) while (start < this.#end && text.charCodeAt(start) === 0x09) start += 1;
    return this.#end - start === operator.name.length && text.startsWith(operator.name, start);
  }

  /** Whether a later line ends the heredoc. All short lines are looked at once, so that many operators cost no more. */
  #hasTerminator(operator: HeredocOperator): boolean {
    this.#lastPlaces ??= lastPlacesOfLines(this.#text);
    return (this.#lastPlaces.get(operator.name) ?? -1) >= this.#next;
  }
}

/** Longest delimiter that is looked for ahead. */
const NAME_LIMIT = 64;

/**
 * The offset at which the last line begins that holds nothing but the key, tabs before and white space behind it aside; lines
 * of more than 64 code units are left out.
 */
export function lastPlacesOfLines(text: string): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf("\n", start);
    const end = feed < 0 ? text.length : feed;
    let first = start;
    while (first < end && text.charCodeAt(first) === 0x09) first += 1;
    if (end - first <= NAME_LIMIT) places.set(text.slice(first, trimEnd(text, first, end)), start);
    start = end + 1;
  }
  return places;
}

/** The first word of a line. */
export function keywordOf(line: string): string {
  let end = 0;
  while (end < line.length && !isSeparator(line.charCodeAt(end))) end += 1;
  return line.slice(0, trimEnd(line, 0, end));
}

/** Whether the builder looks for heredocs on a line: ADD, COPY and RUN, also as triggers, unless in JSON form. */
function canHoldHeredocs(line: string): boolean {
  let rest = line;
  let keyword = keywordOf(rest).toUpperCase();
  if (keyword === "ONBUILD") {
    rest = afterFlags(rest.slice(keyword.length));
    keyword = keywordOf(rest).toUpperCase();
  }
  if (keyword !== "RUN" && keyword !== "COPY" && keyword !== "ADD") return false;
  const args = afterFlags(rest.slice(keyword.length));
  return !args.startsWith("[") || parseJsonStrings(args, 0, args.length).kind !== "strings";
}

/** What follows the flags, for lines whose flags are plain words; quotes in flags do not matter for a leading bracket. */
function afterFlags(text: string): string {
  let index = skipSpace(text, 0, text.length);
  while (text.startsWith("--", index)) {
    while (index < text.length && !isSpace(text.charCodeAt(index))) index += 1;
    index = skipSpace(text, index, text.length);
  }
  return text.slice(index);
}

function byteLength(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let index = start; index < end; index += 1) {
    const code = text.charCodeAt(index);
    // Either half of a surrogate pair stands for two of its four bytes.
    bytes += code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code <= 0xdfff) ? 2 : 3;
  }
  return bytes;
}
