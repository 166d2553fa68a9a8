import type { LabelInstruction, Pair } from "../dockerfile/model.js";
import type { Edit, Range } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";
import type { LabelView } from "./label-view.js";

/**
 * The edit that takes a label out of its LABEL: the whole instruction when nothing else is in it.
 *
 * @returns undefined for labels of Compose, and where a comment or another instruction stands in the way
 */
export function removalOf({ written }: LabelView): Edit | undefined {
  if (written === undefined) return undefined;
  const { instruction, pair } = written;
  return instruction.pairs.length === 1 ? withoutInstruction(instruction) : withoutPair(instruction, pair);
}

/** A value in the quotes of the one whose place it takes; the quotes of `range` are part of it. */
export function inQuotesOf({ source, start, end }: Range, value: string): string {
  const first = source.text.charAt(start);
  const isQuoted = end - start > 1 && (first === '"' || first === "'");
  return isQuoted ? `${first}${value}${first}` : value;
}

/** All lines of the instruction; none when something else stands on them. */
function withoutInstruction({ range }: LabelInstruction): Edit | undefined {
  const lines = wholeLines(range);
  const { text } = range.source;
  const isAlone = text.slice(lines.start, range.start).trim() === "" && text.slice(range.end, lines.end).trim() === "";
  return isAlone ? { range: lines, text: "" } : undefined;
}

/** The pair up to the next one, or from the one before; none when a comment stands there. */
function withoutPair({ pairs }: LabelInstruction, pair: Pair): Edit | undefined {
  const index = pairs.indexOf(pair);
  const next = pairs[index + 1];
  const before = pairs[index - 1];
  const { source } = pair.range;
  const span: Range | undefined =
    next !== undefined
      ? source.range(pair.range.start, next.range.start)
      : before && source.range(before.range.end, pair.range.end);
  if (span === undefined || /^[ \t]*#/m.test(source.text.slice(span.start, span.end))) return undefined;
  return { range: span, text: "" };
}
