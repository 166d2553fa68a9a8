import type { Edit, Range, Source } from "../../text/source.js";
import type { Fix } from "../rule.js";

/**
 * A fix with its edits as they have to be written, so that whoever reads a report can apply them as they stand.
 *
 * @param embedded the inline Dockerfile that the fix was made for; undefined for ordinary files
 * @returns undefined when one of the edits cannot be written
 */
export function adaptFix(fix: Fix, embedded: Source | undefined): Fix | undefined {
  const edits: Edit[] = [];
  for (const edit of fix.edits) {
    const suited = adaptEdit(edit, embedded);
    if (suited === undefined) return undefined;
    edits.push(suited);
  }
  return { ...fix, edits };
}

/**
 * An edit as it has to be written into its file: line breaks are those of the file, and lines that land in an inline
 * Dockerfile get the indentation of its block.
 *
 * @param embedded the inline Dockerfile that the fix was made for; undefined for ordinary files
 * @returns undefined when the text cannot be written there: the inline Dockerfile is no literal block (`|`)
 */
function adaptEdit(edit: Edit, embedded: Source | undefined): Edit | undefined {
  const { source } = edit.range;
  const region = embedded === undefined ? undefined : regionOf(embedded);
  const isInside =
    region !== undefined &&
    region.source === source &&
    edit.range.start >= region.start &&
    edit.range.end <= region.end;
  const indented = isInside ? indentEdit(edit, region) : edit;
  return indented === undefined ? undefined : withLineBreaks(indented);
}

function withLineBreaks({ range, text }: Edit): Edit {
  if (!text.includes("\n") && !text.includes("\r")) return { range, text };
  return { range, text: text.replace(/\r\n|\r|\n/g, range.source.lineBreak) };
}

/** The text of the host that an embedded source stands for; a block begins at the indentation of its first line. */
function regionOf(embedded: Source): Range {
  return embedded.range(0, embedded.text.length);
}

/** `|`, `|-`, `|2+` and a comment at the end of the line above a literal block. */
const LITERAL_HEADER = /\|[-+]?\d?[-+]?[ \t]*(?:#[^\r\n]*)?$/;

function indentEdit(edit: Edit, region: Range): Edit | undefined {
  const { source } = region;
  const { line, column } = source.positionAt(region.start);
  const indent = source.text.slice(region.start - column + 1, region.start);
  if (indent.trim() !== "" || !LITERAL_HEADER.test(lineAbove(source, line))) return undefined;
  const text = edit.text.replace(/\r\n?/g, "\n");
  let { start, end } = edit.range;
  const lineStart = start - source.positionAt(start).column + 1;
  const beginsLine = source.text.slice(lineStart, start).trim() === "";
  const endsAtLineStart = end > start && source.positionAt(end).column === 1;
  if (endsAtLineStart && beginsLine) {
    // Whole lines are replaced: their indentation goes with them.
    start = lineStart;
  } else if (endsAtLineStart && source.text.startsWith(indent, end)) {
    // The next line is joined to this one without its indentation.
    end += indent.length;
  }
  if (text === "") return { range: source.range(start, end), text };
  const isAtMargin = start === lineStart && source.positionAt(start).column === 1 && indent !== "";
  const body = text.replace(/\n(?=[^\n])/g, `\n${indent}`);
  const opening = isAtMargin && !text.startsWith("\n") ? indent : "";
  const closing = !isAtMargin && text.endsWith("\n") && !isLineEnd(source, end) ? indent : "";
  return { range: source.range(start, end), text: opening + body + closing };
}

/** The nearest line above that is not blank. */
function lineAbove(source: Source, line: number): string {
  for (let above = line - 1; above >= 1; above -= 1) {
    const span = source.lineSpan(above);
    const text = span === undefined ? "" : source.text.slice(span.start, span.end);
    if (text.trim() !== "") return text;
  }
  return "";
}

function isLineEnd(source: Source, offset: number): boolean {
  const character = source.text.charAt(offset);
  return character === "" || character === "\n" || character === "\r";
}
