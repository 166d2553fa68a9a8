import type { Instruction } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import type { DockerfileView } from "./model.js";
import { quoteWalk } from "./quote-walk.js";

/** How lines of a Dockerfile are indented. */
export interface IndentStyle {
  /** Columns of one unit; a tab is one unit. */
  readonly size: number;
  readonly char: "space" | "tab";
  readonly stages: "flat" | "indented";
}

/** A line that is not indented as agreed. */
export interface IndentFlaw {
  readonly kind: "leading" | "continuation";
  /** The blanks that it begins with; where it has none, its first word. */
  readonly range: Range;
  /** The blanks that it begins with, empty where it has none. */
  readonly lead: Range;
  /** Columns, a tab counted as one unit. */
  readonly found: number;
  readonly wanted: number;
  /** The blanks that belong there. */
  readonly text: string;
}

/** Instructions whose words may stand anywhere on the lines that follow. */
const FREE: ReadonlySet<string> = new Set([
  "RUN",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "ENV",
  "LABEL",
  "ARG",
  "COPY",
  "ADD",
  "EXPOSE",
  "VOLUME",
  "SHELL",
]);

/** Lines of instructions that are not indented as agreed, in order; comments and heredocs are left alone. */
export function* indentFlaws(file: DockerfileView, style: IndentStyle): Iterable<IndentFlaw> {
  for (const instruction of file.dockerfile.instructions) {
    const isInside = style.stages === "indented" && instruction.stage !== undefined && instruction.keyword !== "FROM";
    const base = isInside ? style.size : 0;
    yield* leadingFlaw(instruction, file, style, base);
    if (FREE.has(instruction.keyword) && instruction.endLine > instruction.startLine) {
      yield* continuationFlaws(instruction, file, style, base);
    }
  }
}

function* leadingFlaw(instruction: Instruction, file: DockerfileView, style: IndentStyle, base: number) {
  const { source } = file;
  const span = source.lineSpan(instruction.startLine);
  if (span === undefined) return;
  const lead = leadOf(source.slice(span));
  const text = blanks(base, style);
  if (lead === text) return;
  const range = source.range(span.start, span.start + lead.length);
  yield {
    kind: "leading",
    range: lead === "" ? instruction.keywordRange : range,
    lead: range,
    found: width(lead, style),
    wanted: base,
    text,
  } as const;
}

function* continuationFlaws(
  instruction: Instruction,
  { source, dockerfile }: DockerfileView,
  style: IndentStyle,
  base: number,
): Iterable<IndentFlaw> {
  const walk = quoteWalk(instruction, source, dockerfile);
  if (walk === undefined) return;
  const rows = [];
  for (const [index, { start, end }] of walk.lines.entries()) {
    const before = walk.lines[index - 1];
    if (before === undefined) continue;
    const lead = leadOf(source.text.slice(start, end));
    // Blanks in quotes are data; a word that goes on at the start of the line would be cut in two.
    const isData = lead !== "" && !walk.isFree(start);
    if (isData || (lead === "" && goesOn(source.text.slice(before.start, before.end)))) continue;
    rows.push({ start, lead, columns: width(lead, style) - base });
  }
  const unit = Math.min(...rows.map(({ columns }) => (columns > 0 ? columns : Number.POSITIVE_INFINITY)));
  for (const { start, lead, columns } of rows) {
    const units = columns > 0 ? Math.max(1, Math.floor(columns / unit)) : 1;
    const wanted = base + units * style.size;
    const text = blanks(wanted, style);
    if (text === lead) continue;
    const range = source.range(start, start + lead.length);
    const word = source.range(start, wordEnd(source.text, start));
    yield { kind: "continuation", range: lead === "" ? word : range, lead: range, found: columns + base, wanted, text };
  }
}

/** Whether a line ends in a word that the next one continues. */
function goesOn(line: string): boolean {
  const rest = line.trimEnd();
  const last = rest[rest.length - 2];
  return last !== undefined && last !== " " && last !== "\t";
}

function wordEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && !" \t\r\n".includes(text[end] ?? "")) end += 1;
  return end;
}

function leadOf(line: string): string {
  return line.slice(0, line.length - line.trimStart().length);
}

function width(lead: string, { size }: IndentStyle): number {
  let columns = 0;
  for (const character of lead) columns += character === "\t" ? size : 1;
  return columns;
}

function blanks(columns: number, { size, char }: IndentStyle): string {
  return char === "tab" ? "\t".repeat(Math.round(columns / Math.max(1, size))) : " ".repeat(columns);
}
