import type { Dockerfile, Instruction } from "../dockerfile/model.js";
import type { Source, Span } from "../text/source.js";

/** Where in an instruction white space only separates. Offsets are those of the Dockerfile's own text. */
export interface Quoting {
  /** Lines of the head without their breaks, in order; comments and blank lines inside are left out. */
  readonly lines: readonly Span[];
  /** Whether a blank at an offset separates words: it is not quoted, and no part of a value that is taken as it is. */
  isFree(offset: number): boolean;
}

/** Instructions that take the rest of their line as one value, in which every blank counts. */
const WHOLE: ReadonlySet<string> = new Set(["USER", "WORKDIR", "STOPSIGNAL", "MAINTAINER", "ONBUILD", "UNKNOWN"]);

/**
 * Tells apart blanks that separate from blanks that are data. Generous: where quotes are not closed, everything up to the
 * end counts as data.
 *
 * @returns undefined for instructions whose line is one value, and for ENV and LABEL in the old form
 */
export function quoteWalk(instruction: Instruction, source: Source, dockerfile: Dockerfile): Quoting | undefined {
  const { keyword } = instruction;
  if ((keyword === "ENV" || keyword === "LABEL") && instruction.pairs.some(({ legacy }) => legacy)) return undefined;
  const isWhole = WHOLE.has(keyword);
  const comments = new Set(dockerfile.comments.map(({ line }) => line));
  const lines: Span[] = [];
  const lastLine = headEnd(instruction);
  for (let line = instruction.startLine; line <= lastLine; line += 1) {
    const span = source.lineSpan(line);
    if (span === undefined || comments.has(line) || source.slice(span).trim() === "") continue;
    lines.push(span);
  }
  const first = lines[0];
  if (first === undefined) return undefined;
  let keywordEnd = first.start;
  while (keywordEnd < first.end && isBlank(source.text[keywordEnd])) keywordEnd += 1;
  keywordEnd += instruction.written.length;
  let quoted: ReadonlySet<number> | undefined;
  return {
    lines,
    isFree: (offset) => {
      if (isWhole) return source.text.slice(keywordEnd, offset).trim() === "";
      quoted ??= quotedOffsets(source.text, lines, dockerfile.escape);
      return !quoted.has(offset);
    },
  };
}

/** Last line of an instruction without the bodies of its heredocs, 1-based. */
export function headEnd({ heredocs, endLine }: Instruction): number {
  const first = heredocs[0];
  return first === undefined ? endLine : first.startLine - 1;
}

/** Offsets of blanks inside of quotes, of `${…}`, and behind an escape character. */
function quotedOffsets(text: string, lines: readonly Span[], escapes: string): ReadonlySet<number> {
  const found = new Set<number>();
  let quote = "";
  let depth = 0;
  for (const { start, end } of lines) {
    for (let at = start; at < end; at += 1) {
      const character = text[at] ?? "";
      if (isBlank(character)) {
        if (quote !== "" || depth > 0) found.add(at);
        continue;
      }
      if ((character === "\\" || character === escapes) && quote !== "'") {
        at += 1;
        if (isBlank(text[at])) found.add(at);
        continue;
      }
      if (quote !== "") {
        if (character === quote) quote = "";
      } else if (character === '"' || character === "'") quote = character;
      else if (character === "{" && text[at - 1] === "$") depth += 1;
      else if (character === "}" && depth > 0) depth -= 1;
    }
  }
  return found;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t";
}
