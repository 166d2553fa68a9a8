import type { Instruction } from "../dockerfile/model.js";
import type { Edit } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";
import type { StageView } from "./model.js";

/** Instructions that say how a container runs, and of which the last one counts. */
const MOVABLE: ReadonlySet<string> = new Set(["STOPSIGNAL", "HEALTHCHECK", "ENTRYPOINT", "CMD"]);

/** An instruction that stands above one that belongs above it. */
export interface EarlyEpilogue {
  readonly instruction: Instruction;
  /** The last instruction below it that belongs above it. */
  readonly below: Instruction;
  /** Moves it there with its comments; undefined where that changes what it does, or somebody else's lines. */
  readonly edits: readonly Edit[] | undefined;
}

/**
 * Instructions of a stage that are not where the order puts them. STOPSIGNAL, HEALTHCHECK, ENTRYPOINT and CMD belong below
 * everything that the order does not name; the others are only compared with each other, below all that it does not name.
 *
 * @returns nothing for a stage that names one of the four twice, or makes files only
 */
export function earlyEpilogue(stage: StageView, order: readonly string[]): readonly EarlyEpilogue[] {
  const { instructions } = stage.stage;
  const ranks = new Map(order.map((keyword, index) => [keyword.toUpperCase(), index]));
  const seen = new Set<string>();
  let count = 0;
  for (const { keyword } of instructions) {
    if (!MOVABLE.has(keyword)) continue;
    if (seen.has(keyword)) return [];
    seen.add(keyword);
    count += 1;
  }
  if (count === 0 && !instructions.some(({ keyword }) => ranks.has(keyword))) return [];
  const tail = instructions.findLastIndex(({ keyword }) => keyword !== "ONBUILD" && !ranks.has(keyword));
  const found: EarlyEpilogue[] = [];
  for (const [index, instruction] of instructions.entries()) {
    const rank = ranks.get(instruction.keyword);
    if (rank === undefined || (index < tail && !MOVABLE.has(instruction.keyword))) continue;
    const below = instructions.findLast((other, place) => {
      if (place <= index || other.keyword === "ONBUILD") return false;
      const otherRank = ranks.get(other.keyword);
      return otherRank === undefined ? MOVABLE.has(instruction.keyword) : otherRank < rank && place > tail;
    });
    if (below !== undefined) found.push({ instruction, below, edits: moveBelow(instruction, below, stage) });
  }
  return found;
}

function moveBelow(instruction: Instruction, below: Instruction, stage: StageView): readonly Edit[] | undefined {
  const { source } = stage.build.dockerfile;
  if (source.embedding !== undefined || !MOVABLE.has(instruction.keyword)) return undefined;
  const { instructions } = stage.stage;
  const from = instructions.indexOf(instruction);
  const passed = instructions.slice(from + 1, instructions.indexOf(below) + 1);
  // SHELL says who reads a command; a signal may come from a variable that is set below.
  if (instruction.form === "shell" && passed.some(({ keyword }) => keyword === "SHELL")) return undefined;
  if (instruction.keyword === "STOPSIGNAL" && instruction.words.some(({ hasVariables }) => hasVariables))
    return undefined;
  const [comment] = instruction.commentsAbove;
  const lines = wholeLines({
    source,
    start: comment?.range.start ?? instruction.range.start,
    end: instruction.range.end,
  });
  const target = wholeLines(below.range).end;
  if (target < lines.end) return undefined;
  const text = source.slice(lines);
  const isEnded = /[\r\n]$/.test(source.text.slice(0, target));
  const moved = isEnded ? text : `\n${text.replace(/\r?\n$/, "")}`;
  return [
    { range: lines, text: "" },
    { range: source.range(target, target), text: moved },
  ];
}
