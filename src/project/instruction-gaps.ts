import type { Edit, Range } from "../text/source.js";
import type { DockerfileView } from "./model.js";

/** How instructions are set apart: never, always, or where the keyword changes. */
export type GapStyle = "grouped" | "always" | "never";

/** A place between two instructions where a blank line is missing or too many. */
export interface GapFlaw {
  readonly problem: "missing" | "surplus";
  /** The blank lines, or the keyword of the instruction in front of which one is missing. */
  readonly range: Range;
  readonly edits: readonly Edit[];
}

/** Compares the blank lines between instructions with a style; comments above an instruction belong to it. */
export function* gapFlaws({ source, dockerfile }: DockerfileView, style: GapStyle): Iterable<GapFlaw> {
  const { instructions } = dockerfile;
  for (const [index, instruction] of instructions.entries()) {
    const before = instructions[index - 1];
    if (before === undefined) continue;
    const top = instruction.commentsAbove[0]?.line ?? instruction.startLine;
    const wanted = style === "always" || (style === "grouped" && before.keyword !== instruction.keyword);
    const from = source.lineSpan(before.endLine + 1)?.start;
    const to = source.lineSpan(top)?.start;
    if (from === undefined || to === undefined || from > to) continue;
    if (from === to && wanted) {
      const edits: Edit[] = [{ range: source.range(from, from), text: source.lineBreak }];
      yield { problem: "missing", range: instruction.keywordRange, edits };
    }
    // Comments between that belong to nobody stay, and so do the lines around them.
    if (from === to || wanted || source.text.slice(from, to).trim() !== "") continue;
    const range = source.range(from, to);
    yield { problem: "surplus", range, edits: [{ range, text: "" }] };
  }
}
