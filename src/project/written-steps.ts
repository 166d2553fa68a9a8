import type { StageState } from "../dockerfile/evaluate.js";
import { type Evaluation, unknownScope } from "../dockerfile/expand.js";
import type { Instruction, Keyword } from "../dockerfile/model.js";
import type { Word } from "../dockerfile/word.js";
import type { Build, StageView } from "./model.js";

/** One instruction where it is written, with the values that hold there. */
export interface WrittenStep {
  readonly instruction: Instruction;
  /** Undefined above the first FROM. */
  readonly stage: StageView | undefined;
  /** What is in effect before it, before the ONBUILD for a trigger; undefined above the first FROM. */
  readonly state: StageState | undefined;
  /** The value of a word; unknown as soon as it has a variable above the first FROM, and in a trigger. */
  expand(word: Word): Evaluation;
}

/** The instruction that a keyword begins. */
type InstructionOf<K extends Keyword> = Instruction extends infer Each
  ? Each extends { readonly keyword: infer Own }
    ? K extends Own
      ? Each
      : never
    : never
  : never;

/**
 * The instructions of a file in order, each once: those above the first FROM too, which a builder refuses but a fragment of a
 * file has, and triggers in place of their ONBUILD, for they run in builds that nobody can see from here.
 *
 * @param keyword what is asked for; FROM and ONBUILD are never listed
 */
export function* writtenSteps<K extends Keyword>(
  build: Build,
  keyword: K,
): Iterable<WrittenStep & { readonly instruction: InstructionOf<K> }> {
  const { stages, evaluated } = build;
  for (const instruction of evaluated.file.instructions) {
    if (instruction.stage !== undefined) break;
    const written = triggered(instruction);
    if (isOf(written, keyword)) yield { instruction: written, stage: undefined, state: undefined, expand: unscoped };
  }
  for (const stage of stages) {
    for (const step of stage.evaluated.steps) {
      if (step.onbuild !== undefined) continue;
      const { instruction } = step;
      const written = triggered(instruction);
      if (!isOf(written, keyword)) continue;
      const expand = written === instruction ? (word: Word): Evaluation => step.expand(word) : unscoped;
      yield { instruction: written, stage, state: step.state, expand };
    }
  }
}

function triggered(instruction: Instruction): Instruction {
  return instruction.keyword === "ONBUILD" ? (instruction.trigger ?? instruction) : instruction;
}

function isOf<K extends Keyword>(instruction: Instruction, keyword: K): instruction is Instruction & InstructionOf<K> {
  return instruction.keyword === keyword;
}

function unscoped(word: Word): Evaluation {
  return word.expandWith(unknownScope);
}

/** Every instruction of a file in order, triggers in place of their ONBUILD; nothing is evaluated. */
export function* writtenInstructions(instructions: readonly Instruction[]): Iterable<Instruction> {
  for (const instruction of instructions) yield triggered(instruction);
}
