import type { LabelInstruction } from "../dockerfile/model.js";
import type { Edit } from "../text/source.js";
import type { DockerfileView } from "./model.js";
import type { SortedItem } from "./package-order.js";

/** A LABEL directly below another one, without a comment between them. */
export interface SplitLabels {
  readonly instruction: LabelInstruction;
  /** Pairs of all LABELs in a row. */
  readonly count: number;
  /** Make one instruction of this one and the one above; empty where the text of a YAML file would have to change. */
  readonly edits: readonly Edit[];
}

/** The second LABEL and those below it, where LABELs in a row hold at least `minLabels` pairs of different known keys. */
export function* splitLabels({ dockerfile, source }: DockerfileView, minLabels: number): Iterable<SplitLabels> {
  for (const row of rowsOf(dockerfile.instructions)) {
    const pairs = row.flatMap((label) => label.pairs);
    const keys = new Set(pairs.map(({ key }) => key.literal));
    if (row.length < 2 || pairs.length < minLabels || keys.size < pairs.length || keys.has(undefined)) continue;
    if (pairs.some(({ legacy }) => legacy)) continue;
    for (const [index, instruction] of row.entries()) {
      const above = row[index - 1];
      if (above === undefined) continue;
      const range =
        source.embedding === undefined ? source.range(above.range.end, instruction.argumentsRange.start) : undefined;
      const edits = range === undefined ? [] : [{ range, text: ` ${dockerfile.escape}\n    ` }];
      yield { instruction, count: pairs.length, edits };
    }
  }
}

/** Keys of each LABEL with several pairs, as items to sort; dynamic and double keys make it none. */
export function* labelRows(
  { dockerfile }: DockerfileView,
  compareKey: (key: string) => string,
): Iterable<readonly SortedItem[]> {
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "LABEL" || instruction.pairs.length < 2) continue;
    const items: SortedItem[] = [];
    for (const { key, range, legacy } of instruction.pairs) {
      if (key.literal === undefined || legacy) break;
      items.push({ range, text: range.source.slice(range), key: compareKey(key.literal) });
    }
    if (items.length === instruction.pairs.length && new Set(items.map(({ key }) => key)).size === items.length)
      yield items;
  }
}

function* rowsOf(instructions: DockerfileView["dockerfile"]["instructions"]): Iterable<readonly LabelInstruction[]> {
  let row: LabelInstruction[] = [];
  for (const instruction of instructions) {
    const isLabel = instruction.keyword === "LABEL";
    if (!isLabel || instruction.commentsAbove.length > 0) {
      yield row;
      row = [];
    }
    if (isLabel) row.push(instruction);
  }
  yield row;
}
