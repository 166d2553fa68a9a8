import type { ArgInstruction, FromInstruction, Instruction, Stage } from "./model.js";

/** Instructions above the first FROM, and the stages below. */
export interface StageSplit {
  readonly globalArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
  /** See {@link Dockerfile.fragment}. */
  readonly fragment: Stage | undefined;
}

/** Divides the instructions of a file at each FROM. */
export function splitStages(instructions: readonly Instruction[]): StageSplit {
  const globalArgs: ArgInstruction[] = [];
  const stages: Stage[] = [];
  const above: Instruction[] = [];
  let current: Instruction[] = [];
  for (const instruction of instructions) {
    if (instruction.keyword === "FROM") {
      current = [];
      stages.push({
        index: stages.length,
        name: instruction.alias?.raw.toLowerCase(),
        nameRange: instruction.alias?.range,
        from: instruction,
        baseName: instruction.image,
        instructions: current,
      });
    } else if (stages.length > 0) current.push(instruction);
    else {
      above.push(instruction);
      if (instruction.keyword === "ARG") globalArgs.push(instruction);
    }
  }
  return { globalArgs, stages, fragment: fragmentOf(above) };
}

/** ARGs alone are what belongs above a FROM. */
function fragmentOf(above: readonly Instruction[]): Stage | undefined {
  const first = above.find(({ keyword }) => keyword !== "ARG");
  if (first === undefined) return undefined;
  const from = impliedFrom(first);
  return { index: FRAGMENT, name: undefined, nameRange: undefined, from, baseName: undefined, instructions: above };
}

/** Index of the fragment, which no reference reaches. */
const FRAGMENT = -1;

/** The FROM that a fragment lacks: it names nothing, and its keyword is where the fragment begins. */
function impliedFrom({ keywordRange, startLine }: Instruction): FromInstruction {
  const nowhere = keywordRange.source.range(keywordRange.start, keywordRange.start);
  return {
    keyword: "FROM",
    written: "",
    keywordRange,
    range: nowhere,
    headRange: nowhere,
    argumentsRange: nowhere,
    text: "",
    startLine,
    endLine: startLine,
    flags: [],
    stage: undefined,
    heredocs: [],
    form: "none",
    words: [],
    emptyContinuations: [],
    commentsAbove: [],
    isTrigger: false,
    image: undefined,
    alias: undefined,
    platform: undefined,
  };
}

/** What a name or number in `COPY --from` leads to. `no-stage` is an index that the file does not have. */
export type StageReference =
  | { readonly kind: "stage"; readonly stage: Stage }
  | { readonly kind: "no-stage" }
  | { readonly kind: "name" };

/** Finds stages by what a file writes, in the three ways of the builder. */
export class StageNames {
  readonly #stages: readonly Stage[];
  readonly #byName = new Map<string, Stage[]>();

  constructor(stages: readonly Stage[]) {
    this.#stages = stages;
    for (const stage of stages) {
      if (stage.name === undefined) continue;
      const same = this.#byName.get(stage.name);
      if (same === undefined) this.#byName.set(stage.name, [stage]);
      else same.push(stage);
    }
  }

  /**
   * The stage that `FROM name` means: the nearest one above. Upper case never matches, because names are kept in lower case and
   * the builder takes the rest for an image.
   *
   * @param before 0-based index of the stage that asks
   */
  forFrom(name: string, before: number): Stage | undefined {
    const same = this.#byName.get(name) ?? [];
    return same.findLast((stage) => stage.index < before);
  }

  /** What `COPY --from` means: a number is an index, a name is compared in lower case over the whole file; the last one wins. */
  forCopy(reference: string): StageReference {
    if (/^[+-]?\d{1,9}$/.test(reference)) {
      const stage = this.#stages[Number.parseInt(reference, 10)];
      return stage === undefined ? { kind: "no-stage" } : { kind: "stage", stage };
    }
    const stage = this.forMount(reference);
    return stage === undefined ? { kind: "name" } : { kind: "stage", stage };
  }

  /** The stage that `RUN --mount=from=` means: names only. */
  forMount(name: string): Stage | undefined {
    return this.#byName.get(name.toLowerCase())?.at(-1);
  }
}
