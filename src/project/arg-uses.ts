import type { Instruction } from "../dockerfile/model.js";
import type { Word } from "../dockerfile/word.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";
import type { DeclaredArg } from "./secret-places.js";

/** One instruction that takes the value of a build argument along. */
export interface ArgUse {
  /** `record`: a RUN that does not name it, whose history entry records the values of all arguments all the same. */
  readonly kind: "RUN" | "ENV" | "LABEL" | "COPY" | "other" | "record";
  /** The name in the text where it is written, else the keyword of the RUN. */
  readonly range: Range;
  /** The RUN of kinds `RUN` and `record`. */
  readonly run: RunView | undefined;
  readonly stage: StageView;
}

/**
 * What takes the value of an ARG into an image, its history or its provenance: instructions that name it, and every
 * RUN after it, because the builder writes the values of all arguments in scope beside the command. A RUN that mounts
 * a secret as a variable of the same name does not see the argument.
 *
 * @param stage the stage that declares it; children in the same file are looked at too
 * @see https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/
 */
export function* usesOfArg(arg: DeclaredArg, stage: StageView): Iterable<ArgUse> {
  for (const member of stage.build.stages) {
    if (member !== stage && !member.lineage.includes(stage)) continue;
    const from = member === stage ? arg.index + 1 : 0;
    const runs = new Map(member.runs.map((run) => [run.step, run]));
    for (const step of member.evaluated.steps.slice(from)) {
      const { instruction } = step;
      if (member !== stage && instruction.keyword === "ARG" && declares(instruction, arg.name)) break;
      const run = runs.get(step);
      const use = run === undefined ? useIn(instruction, arg.name) : useInRun(run, arg.name);
      if (use !== undefined) yield { ...use, run, stage: member };
    }
  }
}

function declares(instruction: Extract<Instruction, { keyword: "ARG" }>, name: string): boolean {
  return instruction.pairs.some(({ key }) => key.literal === name);
}

function useInRun(run: RunView, name: string): Pick<ArgUse, "kind" | "range"> | undefined {
  const { mounts, keywordRange } = run.instruction;
  const isMounted = mounts.some(({ type, entries }) => {
    return type === "secret" && entries.some(({ key, value }) => key === "env" && value?.literal === name);
  });
  if (isMounted) return undefined;
  for (const { words, assignments } of run.commands) {
    for (const word of [...words, ...assignments.flatMap(({ value }) => value ?? [])]) {
      const part = word.parts.find((candidate) => candidate.kind === "variable" && candidate.name === name);
      if (part !== undefined) return { kind: "RUN", range: part.range };
    }
  }
  return { kind: "record", range: keywordRange };
}

function useIn(instruction: Instruction, name: string): Pick<ArgUse, "kind" | "range"> | undefined {
  const { keyword } = instruction;
  // A HEALTHCHECK, CMD or ENTRYPOINT runs where no build argument is.
  if (keyword === "ARG" || keyword === "CMD" || keyword === "ENTRYPOINT" || keyword === "HEALTHCHECK") return undefined;
  for (const word of wordsOf(instruction)) {
    if (!word.raw.includes("$")) continue;
    const use = word.expandWith(nothing).uses.find((candidate) => candidate.name === name);
    if (use === undefined) continue;
    const kind =
      keyword === "ENV" || keyword === "LABEL" ? keyword : keyword === "ADD" || keyword === "COPY" ? "COPY" : "other";
    return { kind, range: word.rangeOf(use.start, use.end) };
  }
  return undefined;
}

function nothing(): { readonly kind: "unknown"; readonly origin: undefined } {
  return { kind: "unknown", origin: undefined };
}

function wordsOf(instruction: Instruction): readonly Word[] {
  if (instruction.keyword === "ENV" || instruction.keyword === "LABEL") {
    return instruction.pairs.flatMap(({ key, value }) => [key, value]);
  }
  return instruction.words;
}
