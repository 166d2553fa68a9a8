import type { InstructionBase } from "../dockerfile/model.js";
import type { Edit } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";

/**
 * An edit that takes an instruction out of its file, with its lines and line break; undefined where comments belong to it:
 * they would be left behind, or go with it.
 */
export function removeInstruction(instruction: InstructionBase): Edit | undefined {
  const { range, commentsAbove, heredocs } = instruction;
  if (commentsAbove.length > 0 || heredocs.length > 0) return undefined;
  const lines = wholeLines(range);
  const { source } = lines;
  // Inside of a continued instruction, too, whole lines may be comments.
  if (/^[ \t]*#/m.test(source.text.slice(range.start, range.end))) return undefined;
  return { range: lines, text: "" };
}

/** An edit that adds flags behind the keyword of an instruction. */
export function addFlags({ keywordRange }: InstructionBase, flags: string): Edit {
  const { source, end } = keywordRange;
  return { range: source.range(end, end), text: ` ${flags}` };
}
