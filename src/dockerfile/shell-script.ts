import { type Segment, SegmentMap } from "../text/segment-map.js";
import type { Range, Source } from "../text/source.js";
import { isSpace } from "./characters.js";
import type { ScriptHeredoc, ShellScript } from "./command-text.js";
import { heredocOfWord } from "./heredocs.js";
import type { JoinedText, Stretch } from "./joined-text.js";
import type { Heredoc } from "./model.js";

/**
 * The text that a shell reads for `[start, end)` of a joined instruction. It has the length of its source: what the builder
 * drops (escape, line break, comment lines, blank lines) is blank, so that offsets differ by a constant. In two cases a map
 * takes the constant's place: a word broken over lines by an odd number of characters, and the tabs that `<<-` drops.
 *
 * @param heredocs those of the instruction, whose bodies follow the line
 */
export function shellTextOf(joined: JoinedText, start: number, end: number, heredocs: readonly Heredoc[]): ShellScript {
  const [first] = heredocs;
  if (first !== undefined && heredocOfWord(joined.text.slice(start, end)) !== undefined) {
    return bodyScript(joined.source, first);
  }
  return lineScript(joined, start, end, heredocs);
}

function bodyScript(source: Source, heredoc: Heredoc): ShellScript {
  const bodyStart = bodyOffset(source, heredoc);
  const text = new ScriptText(source);
  const lines = heredoc.content.split("\n");
  let offset = bodyStart;
  for (const [index, line] of lines.entries()) {
    const tabs = heredoc.chomp ? leadingTabs(line) : 0;
    const ending = index === lines.length - 1 ? "" : "\n";
    const content = line.slice(tabs);
    const shown = ending !== "" && content.endsWith("\r") ? `${content.slice(0, -1)} ` : content;
    text.add(shown + ending, offset + tabs);
    offset += line.length + ending.length;
  }
  const shebang = text.text.startsWith("#!") ? (text.text.split("\n", 1)[0] ?? "").trimEnd() : undefined;
  return { kind: "body", text: text.text, toRange: text.toRange(), shebang, swallowed: undefined, heredocs: [] };
}

function leadingTabs(line: string): number {
  let count = 0;
  while (line.charCodeAt(count) === 0x09) count += 1;
  return count;
}

/** The offset of a body in its own source, which is not that of its range when the source is embedded. */
function bodyOffset(source: Source, heredoc: Heredoc): number {
  return source.embedding === undefined ? heredoc.range.start : heredoc.bodyStart;
}

function lineScript(joined: JoinedText, start: number, end: number, heredocs: readonly Heredoc[]): ShellScript {
  const { source } = joined;
  const text = new ScriptText(source);
  const breaks = addStretches(text, joined.stretches(start, end));
  const comment = text.text.includes("#") ? findComment(text.text) : -1;
  const headLength = text.text.length;
  const bodies: ScriptHeredoc[] = [];
  for (const heredoc of heredocs) bodies.push(addHeredoc(text, heredoc));
  const toRange = text.toRange();
  let shown = text.text;
  let swallowed: ShellScript["swallowed"];
  if (comment >= 0) {
    shown = shown.slice(0, comment) + " ".repeat(headLength - comment) + shown.slice(headLength);
    swallowed = { range: toRange(comment, headLength), hasCode: breaks.some((offset) => offset > comment) };
  }
  return { kind: "line", text: shown, toRange, shebang: undefined, swallowed, heredocs: bodies };
}

/** @returns offsets in the script at which text goes on after a line break */
function addStretches(text: ScriptText, stretches: readonly Stretch[]): readonly number[] {
  const breaks: number[] = [];
  let previous: Stretch | undefined;
  for (const stretch of stretches) {
    if (previous !== undefined) {
      const gapStart = previous.origin + previous.text.length;
      const gap = stretch.origin - gapStart;
      const isBroken =
        !isSpace(previous.text.charCodeAt(previous.text.length - 1)) && !isSpace(stretch.text.charCodeAt(0));
      // The shell drops an escaped line feed, so that a word broken by pairs of them is whole again.
      if (!isBroken) text.add(" ".repeat(gap), gapStart);
      else if (gap % 2 === 0) text.add("\\\n".repeat(gap / 2), gapStart);
      breaks.push(text.text.length);
    }
    text.add(stretch.text, stretch.origin);
    previous = stretch;
  }
  return breaks;
}

/** Adds the line break before a heredoc, its body, and its terminator. */
function addHeredoc(text: ScriptText, heredoc: Heredoc): ScriptHeredoc {
  const { source } = text;
  const bodyStart = bodyOffset(source, heredoc);
  const gap = text.isEmpty ? "" : source.text.slice(text.end, bodyStart);
  // What stands between the line and its first body is a line break, after blanks or comment lines of a last continuation.
  const feed = gap.lastIndexOf("\n");
  if (feed >= 0) text.add(`${" ".repeat(feed)}\n`, text.end);
  const start = text.text.length;
  text.add(heredoc.content.replaceAll("\r\n", " \n"), bodyStart);
  const end = text.text.length;
  if (heredoc.terminatorRange !== undefined) {
    const lineStart = bodyStart + heredoc.content.length;
    const nameStart = source.text.indexOf(heredoc.name, lineStart);
    text.add(source.text.slice(lineStart, nameStart + heredoc.name.length), lineStart);
    // A blank in place of the carriage return would keep the shell from seeing the end; another line feed does not.
    const behind = nameStart + heredoc.name.length;
    if (source.text.startsWith("\r\n", behind)) text.add("\n\n", behind);
    else if (source.text.startsWith("\n", behind)) text.add("\n", behind);
  }
  return { name: heredoc.name, expand: heredoc.expand, chomp: heredoc.chomp, start, end };
}

/**
 * The offset of the first `#` that begins a word outside quotes; -1 when there is none. A line that the builder has joined has
 * no line feeds, so a shell takes the whole rest of it for a comment.
 */
function findComment(text: string): number {
  let isWordStart = true;
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index];
    if (character === "#" && isWordStart) return index;
    isWordStart = false;
    if (character === "\\") {
      // An escaped line feed is nothing at all to the shell.
      if (text[index + 1] === "\n") isWordStart = index === 0 || WORD_BREAKS.includes(text[index - 1] ?? "");
      index += 1;
    } else if (character === "'") {
      const isAnsi = text[index - 1] === "$";
      index = closingQuote(text, index, isAnsi);
    } else if (character === '"') index = closingDoubleQuote(text, index);
    else if (character === "$" && text[index + 1] === "{") index += 1;
    else isWordStart = WORD_BREAKS.includes(character ?? "");
  }
  return -1;
}

const WORD_BREAKS = " \t\n;&|()<>";

function closingQuote(text: string, open: number, hasEscapes: boolean): number {
  for (let index = open + 1; index < text.length; index += 1) {
    if (text[index] === "'") return index;
    if (hasEscapes && text[index] === "\\") index += 1;
  }
  return text.length;
}

function closingDoubleQuote(text: string, open: number): number {
  for (let index = open + 1; index < text.length; index += 1) {
    if (text[index] === '"') return index;
    if (text[index] === "\\") index += 1;
  }
  return text.length;
}

/** A script under construction: stretches of the source, or stand-ins of the same length, in ascending order. */
class ScriptText {
  readonly source: Source;
  text = "";
  /** Offset in the source behind what was added last. */
  end = 0;
  readonly #segments: Segment[] = [];

  constructor(source: Source) {
    this.source = source;
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0;
  }

  add(text: string, origin: number): void {
    const last = this.#segments.at(-1);
    if (last !== undefined && this.end === origin) {
      const length = last.length + text.length;
      this.#segments[this.#segments.length - 1] = { ...last, length, outerLength: length };
    } else {
      const { length } = text;
      this.#segments.push({ inner: this.text.length, outer: origin, length, outerLength: length });
    }
    this.text += text;
    this.end = origin + text.length;
  }

  toRange(): (start: number, end: number) => Range {
    const { source } = this;
    const { length } = this.text;
    const map = new SegmentMap(this.#segments);
    return (start, end) => {
      const from = Math.max(0, Math.min(start, length));
      const span = map.toOuter({ start: from, end: Math.max(from, Math.min(end, length)) });
      return source.range(span.start, span.end);
    };
  }
}
