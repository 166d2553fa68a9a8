import type { Dockerfile, Instruction } from "../dockerfile/model.js";
import { ModelMemo } from "./model-memo.js";

const known = new ModelMemo<Dockerfile, ReadonlyMap<string, readonly Instruction[]>>();

/**
 * The instructions of a file that mention a name at all, in order: whether as a variable, in a script, or as a word that only
 * looks like it. What ARG, ENV and LABEL declare is no mention, what they take their values from is. For rules that speak
 * where a name is mentioned nowhere.
 */
export function mentionsOf(dockerfile: Dockerfile, name: string): readonly Instruction[] {
  let mentions = known.get(dockerfile);
  if (mentions === undefined) {
    mentions = readMentions(dockerfile);
    known.set(dockerfile, mentions);
  }
  return mentions.get(name) ?? NONE;
}

/** Whether an instruction behind an offset of the file mentions a name. */
export function mentionsVariable(dockerfile: Dockerfile, name: string, offset: number): boolean {
  return mentionsOf(dockerfile, name).some(({ range }) => range.start >= offset);
}

const NONE: readonly Instruction[] = [];

function readMentions({ instructions }: Dockerfile): ReadonlyMap<string, readonly Instruction[]> {
  const mentions = new Map<string, Instruction[]>();
  for (const instruction of instructions) {
    for (const text of textsOf(instruction)) {
      for (const name of text.match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? NO_NAMES) {
        const list = mentions.get(name);
        if (list === undefined) mentions.set(name, [instruction]);
        else if (list.at(-1) !== instruction) list.push(instruction);
      }
    }
  }
  return mentions;
}

const NO_NAMES: readonly string[] = [];

function textsOf(instruction: Instruction): readonly string[] {
  switch (instruction.keyword) {
    case "ARG":
      return instruction.pairs.flatMap(({ key, value }) => [withVariables(key.raw), value?.raw ?? ""]);
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap(({ key, value }) => [withVariables(key.raw), value.raw]);
    default:
      return [instruction.text, ...instruction.heredocs.map(({ content }) => content)];
  }
}

/** A key is a mention only of the variables in it. */
function withVariables(raw: string): string {
  return raw.includes("$") ? raw : "";
}
