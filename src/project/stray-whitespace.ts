import type { ComposeFile } from "../compose/model.js";
import type { YamlNode } from "../compose/yaml-model.js";
import type { Instruction } from "../dockerfile/model.js";
import type { Edit, Range, Source, Span } from "../text/source.js";
import type { DockerfileView } from "./model.js";
import { type Quoting, quoteWalk } from "./quote-walk.js";

/** White space that nothing needs. `edits` take it away (or put in what is missing) and
 * change nothing else; empty where no edit can.  */
export interface StrayWhitespace {
  readonly kind: "trailing" | "multiple" | "blank-lines" | "final-newline" | "line-endings" | "heredoc-line-endings";
  readonly range: Range;
  readonly edits: readonly Edit[];
}

/** What counts as stray. */
export interface WhitespaceStyle {
  readonly maxBlankLines: number;
  readonly eol: "lf" | "crlf" | "consistent";
  readonly allowAlignment: boolean;
}

/** Whether a text may hold anything of {@link StrayWhitespace} but too many single blank lines: one quick look. */
const SUSPECT = /[ \t][ \t\r\n]|[ \t]$|\r|\n\n|[^\n]$/;

/** Stray white space of a Dockerfile, in no order. */
export function* strayInDockerfile(file: DockerfileView, style: WhitespaceStyle): Iterable<StrayWhitespace> {
  const { source, dockerfile } = file;
  if (style.eol !== "crlf" && !SUSPECT.test(source.text)) return;
  const isData = (line: number) => bodies.some(({ from, to }) => line >= from && line < to);
  const bodies = dockerfile.instructions.flatMap(({ heredocs }) =>
    heredocs.map(({ startLine, endLine, terminatorRange }) => ({
      from: startLine,
      to: terminatorRange === undefined ? endLine + 1 : endLine,
    })),
  );
  yield* strayLines(source, style, isData);
  for (const instruction of dockerfile.instructions) yield* runsOfBlanks(instruction, file, style);
  if (source.embedding === undefined) {
    yield* strayBreaks(source, style, isData);
    yield* heredocBreaks(file);
  }
}

/** Stray white space of a Compose file; what block scalars and texts of several lines hold is data. */
export function* strayInCompose({ source, yaml }: ComposeFile, style: WhitespaceStyle): Iterable<StrayWhitespace> {
  if (style.eol !== "crlf" && !SUSPECT.test(source.text)) return;
  const data: Span[] = [];
  for (const document of yaml.documents) collectData(document, source, data);
  const spans = data.map(({ start, end }) => ({
    from: source.positionAt(start).line,
    to: source.positionAt(Math.max(start, end - 1)).line,
  }));
  const isData = (line: number) => spans.some(({ from, to }) => line >= from && line <= to);
  yield* strayLines(source, style, isData);
  yield* strayBreaks(source, style, () => false);
}

function collectData(node: YamlNode, source: Source, data: Span[]): void {
  if (node.kind === "mapping") for (const { value } of node.entries) collectData(value, source, data);
  if (node.kind === "sequence") for (const item of node.items) collectData(item, source, data);
  if (node.kind === "scalar" && source.slice(node.range).includes("\n")) data.push(node.range);
}

/** Blanks at the ends of lines, and blank lines in a row. */
function* strayLines(
  source: Source,
  style: WhitespaceStyle,
  isData: (line: number) => boolean,
): Iterable<StrayWhitespace> {
  const { text } = source;
  let blankLines = 0;
  let from = 0;
  const last = source.lineCount;
  for (let line = 1; line <= last + 1; line += 1) {
    const span = line > last ? undefined : source.lineSpan(line);
    const data = span !== undefined && isData(line);
    let end = span?.end ?? 0;
    while (span !== undefined && end > span.start && isBlank(text.charCodeAt(end - 1))) end -= 1;
    // What goes as a blank line too many takes its blanks along.
    const isSurplus = end === span?.start && line < last && blankLines >= style.maxBlankLines;
    if (span !== undefined && !data && end < span.end && !isSurplus) {
      const range = source.range(end, span.end);
      yield { kind: "trailing", range, edits: [{ range, text: "" }] };
    }
    // The empty text behind the last line break is no line.
    const isOpenEnd = line === last && span?.start === span?.end;
    if (span !== undefined && !data && !isOpenEnd && end === span.start) {
      blankLines += 1;
      if (blankLines === style.maxBlankLines + 1) from = span.start;
      continue;
    }
    if (blankLines > style.maxBlankLines) {
      const range = source.range(from, span?.start ?? text.length);
      yield { kind: "blank-lines", range, edits: [{ range, text: "" }] };
    }
    blankLines = 0;
  }
}

/** A last line without a break, and breaks that are not like the first or not those asked for. */
function* strayBreaks(
  source: Source,
  { eol }: WhitespaceStyle,
  isData: (line: number) => boolean,
): Iterable<StrayWhitespace> {
  const { text } = source;
  const wanted = eol === "lf" ? "\n" : eol === "crlf" ? "\r\n" : source.lineBreak;
  if (text !== "" && !text.endsWith("\n")) {
    const range = source.range(text.length, text.length);
    yield { kind: "final-newline", range, edits: [{ range, text: wanted === "\r" ? "\n" : wanted }] };
  }
  if (wanted === "\n" && !text.includes("\r")) return;
  const breaks: Range[] = [];
  for (let line = 1; line < source.lineCount; line += 1) {
    const end = source.lineSpan(line)?.end ?? 0;
    // A blank at the end of a line is a finding of its own, and one line break may be several characters.
    const next = source.lineStarts[line] ?? end;
    const start = text[next - 2] === "\r" && text[next - 1] === "\n" ? next - 2 : next - 1;
    if (text.slice(start, next) === wanted || isData(line)) continue;
    breaks.push(source.range(start, next));
  }
  const [first] = breaks;
  if (first !== undefined) yield { kind: "line-endings", range: first, edits: breakEdits(breaks, wanted) };
}

/** Fixes put the line break of the file for each that they write: another one comes from what they take away alone. */
function breakEdits(breaks: readonly Range[], wanted: string): readonly Edit[] {
  const [first] = breaks;
  if (first === undefined) return [];
  if (wanted === first.source.lineBreak) return breaks.map((range) => ({ range, text: wanted }));
  const isCarried = wanted === "\n" && breaks.every(({ start, end }) => end - start === 2);
  return isCarried ? breaks.map(({ source, start }) => ({ range: source.range(start, start + 1), text: "" })) : [];
}

/** CRLF in a body that a program of Linux reads line by line: a script of RUN, or a file that begins with `#!`. */
function* heredocBreaks({ source, dockerfile, builds }: DockerfileView): Iterable<StrayWhitespace> {
  if (!source.text.includes("\r\n")) return;
  if (builds.some(({ stages }) => stages.some(({ isWindows }) => isWindows))) return;
  for (const { keyword, heredocs } of dockerfile.instructions) {
    for (const { content, range } of heredocs) {
      if (!content.includes("\r\n") || !(keyword === "RUN" || content.startsWith("#!"))) continue;
      const breaks: Range[] = [];
      for (let at = source.text.indexOf("\r\n", range.start); at !== -1 && at < range.end; ) {
        breaks.push(source.range(at, at + 2));
        at = source.text.indexOf("\r\n", at + 2);
      }
      const [first] = breaks;
      if (first !== undefined) yield { kind: "heredoc-line-endings", range: first, edits: breakEdits(breaks, "\n") };
    }
  }
}

/** Two blanks or more between words, outside of quotes. */
function* runsOfBlanks(
  instruction: Instruction,
  { source, dockerfile }: DockerfileView,
  { allowAlignment }: WhitespaceStyle,
): Iterable<StrayWhitespace> {
  const walk = quoteWalk(instruction, source, dockerfile);
  if (walk === undefined) return;
  const found = [...blankRuns(walk, source.text)];
  for (const run of found) {
    if (allowAlignment && isAligned(run, found, source)) continue;
    const range = source.range(run.start, run.end);
    yield { kind: "multiple", range, edits: [{ range, text: " " }] };
  }
}

function* blankRuns({ lines, isFree }: Quoting, text: string): Iterable<Span> {
  for (const { start, end } of lines) {
    let at = start;
    while (at < end && isBlank(text.charCodeAt(at))) at += 1;
    while (at < end) {
      if (!isBlank(text.charCodeAt(at)) || !isFree(at)) {
        at += 1;
        continue;
      }
      const from = at;
      while (at < end && isBlank(text.charCodeAt(at))) at += 1;
      const isEscaped = text[from - 1] === "\\" || text[from - 1] === "`";
      if (at - from > 1 && at < end && !isEscaped) yield { start: from, end: at };
    }
  }
}

/** A run in front of the character that continues the line, or one that ends in the column where another line has one. */
function isAligned(run: Span, all: readonly Span[], source: Source): boolean {
  const { line, column } = source.positionAt(run.end);
  const lineEnd = source.lineSpan(line)?.end ?? run.end;
  const rest = source.text.slice(run.end, lineEnd).trimEnd();
  // A comment behind a command is set apart by two blanks as a rule.
  if (rest === "\\" || rest === "`" || rest.startsWith("#")) return true;
  return all.some((other) => {
    const place = source.positionAt(other.end);
    return place.line !== line && place.column === column;
  });
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}
