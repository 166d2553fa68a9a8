import type { EvaluatedStage, Step } from "../dockerfile/evaluate.js";
import { type Evaluation, expandText, type VariableUse } from "../dockerfile/expand.js";
import type { Heredoc, Instruction } from "../dockerfile/model.js";
import { expandedWords } from "../dockerfile/problems.js";
import { AUTOMATIC_ARGS, PROXY_ARGS } from "../dockerfile/scope.js";
import type { Word } from "../dockerfile/word.js";
import type { Range } from "../text/source.js";
import type { Build, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A variable that the builder expands and nothing defines. */
export interface UndefinedVariable {
  readonly name: string;
  /** The whole `$NAME` or `${NAME…}`. */
  readonly range: Range;
  /** The name alone; undefined in the body of a here-document. */
  readonly nameRange: Range | undefined;
  /**
   * `global`: an ARG above the first FROM declares it, `automatic`: the builder sets it for stages that declare it;
   * `unset`: certain, the variables of the base are known. `unknown`: the base may define it.
   */
  readonly state: "global" | "automatic" | "unset" | "unknown";
  /** Whether the variables of the base are known. */
  readonly isBaseKnown: boolean;
  readonly instruction: Instruction;
}

/** Variables of the instructions of a stage that nothing in the file defines, in order; triggers and scripts are left out. */
export function* undefinedVariables(stage: StageView): Iterable<UndefinedVariable> {
  for (const step of stage.evaluated.steps) {
    if (step.onbuild !== undefined) continue;
    const { instruction } = step;
    for (const word of wordsOf(instruction)) {
      if (!word.raw.includes("$")) continue;
      for (const use of step.expand(word).uses) {
        const state = stateOf(use, step, stage);
        if (state === undefined) continue;
        const range = word.rangeOf(use.start, use.end);
        const nameRange = word.rangeOf(use.nameStart, use.nameEnd);
        yield { name: use.name, range, nameRange, state, isBaseKnown: isBaseKnown(stage), instruction };
      }
    }
    if (instruction.keyword === "COPY" || instruction.keyword === "ADD")
      yield* inBodies(instruction.heredocs, step, stage);
  }
}

/** Words that the builder expands, mounts of RUN among them. */
function wordsOf(instruction: Instruction): readonly Word[] {
  if (instruction.keyword !== "RUN") return expandedWords(instruction);
  if (instruction.mounts.length === 0) return NO_WORDS;
  return instruction.mounts.flatMap(({ entries }) =>
    entries.flatMap(({ key, value }) => (value === undefined || key === "from" ? [] : [value])),
  );
}

const NO_WORDS: readonly Word[] = [];

function* inBodies(heredocs: readonly Heredoc[], step: Step, stage: StageView): Iterable<UndefinedVariable> {
  const { instruction } = step;
  for (const { content, expand, range, bodyStart } of heredocs) {
    if (!expand || !content.includes("$")) continue;
    for (const use of expandText(content, "\\", step.lookup, "keep").uses) {
      const state = stateOf(use, step, stage);
      if (state === undefined) continue;
      const isOwn = range.start === bodyStart;
      const place = isOwn
        ? range.source.range(range.start + use.start, range.start + use.end)
        : instruction.keywordRange;
      yield { name: use.name, range: place, nameRange: undefined, state, isBaseKnown: isBaseKnown(stage), instruction };
    }
  }
}

function stateOf(use: VariableUse, step: Step, stage: StageView): UndefinedVariable["state"] | undefined {
  const { name, outcome, hasDefault, origin } = use;
  if (hasDefault || outcome === "known" || outcome === "empty" || origin !== undefined) return undefined;
  if (PROXY_ARGS.has(name) || stage.facts?.environment?.has(name) === true) return undefined;
  if (isDeclared(name, step, stage)) return undefined;
  if (AUTOMATIC_ARGS.has(name)) return "automatic";
  const { globalArgs } = stage.build.dockerfile.dockerfile;
  if (globalArgs.some(({ pairs }) => pairs.some(({ key }) => key.raw === name))) return "global";
  return outcome === "unset" ? "unset" : "unknown";
}

function isBaseKnown(stage: StageView): boolean {
  return stage.isScratch || stage.facts?.environment !== undefined;
}

/** Whether the stage, before a step or by an earlier pair of the same ARG, or a parent declares a name. */
function isDeclared(name: string, { index, instruction }: Step, stage: StageView): boolean {
  for (const member of stage.lineage) {
    const declaredAt = declarationsOf(member.evaluated).get(stage.isWindows ? name.toUpperCase() : name);
    if (declaredAt === undefined) continue;
    if (member !== stage || declaredAt < index || (declaredAt === index && instruction.keyword === "ARG")) return true;
  }
  return false;
}

const declarations = new ModelMemo<EvaluatedStage, ReadonlyMap<string, number>>();

/** Names that ARG and ENV of a stage declare, in upper case too, each with the index of the first step that does. */
function declarationsOf(stage: EvaluatedStage): ReadonlyMap<string, number> {
  let names = declarations.get(stage);
  if (names === undefined) {
    names = readDeclarations(stage.steps);
    declarations.set(stage, names);
  }
  return names;
}

function readDeclarations(steps: readonly Step[]): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const { instruction, index } of steps) {
    if (instruction.keyword !== "ARG" && instruction.keyword !== "ENV") continue;
    for (const { key } of instruction.pairs) {
      const name = key.literal;
      if (name === undefined) continue;
      if (!names.has(name)) names.set(name, index);
      const upper = name.toUpperCase();
      if (!names.has(upper)) names.set(upper, index);
    }
  }
  return names;
}

/** Names that a stage may use, as written: those of its chain, and those that its base is known to set. */
export function definedNames(stage: StageView): readonly string[] {
  const names = new Set<string>();
  for (const { evaluated } of stage.lineage) {
    for (const { instruction } of evaluated.steps) {
      if (instruction.keyword !== "ARG" && instruction.keyword !== "ENV") continue;
      for (const { key } of instruction.pairs) if (key.literal !== undefined) names.add(key.literal);
    }
  }
  for (const name of stage.facts?.environment?.keys() ?? []) names.add(name);
  if (isBaseKnown(stage)) names.add("PATH");
  return [...names];
}

/** A pair of ENV that uses what another pair of the same ENV sets: it gets the value from before. */
export interface SameInstructionUse {
  readonly name: string;
  readonly range: Range;
  /** The pair that uses it, and the one that sets it; indexes into the pairs of the ENV. */
  readonly user: number;
  readonly setter: number;
  readonly instruction: Extract<Instruction, { keyword: "ENV" }>;
}

/** Where pairs of one ENV use each other, in order; variables that the file has set before are left out. */
export function* sameInstructionUses(build: Build): Iterable<SameInstructionUse> {
  const above = new Set<string>();
  for (const instruction of build.evaluated.file.instructions) {
    if (instruction.stage !== undefined) break;
    if (instruction.keyword === "ENV") {
      yield* usesIn(
        instruction,
        (name) => above.has(name),
        (word) => word.expandWith(UNKNOWN),
      );
    }
    if (instruction.keyword !== "ENV" && instruction.keyword !== "ARG") continue;
    for (const { key } of instruction.pairs) above.add(key.raw);
  }
  for (const stage of build.stages) {
    for (const step of stage.evaluated.steps) {
      const { instruction } = step;
      if (step.onbuild !== undefined) continue;
      if (instruction.keyword === "ENV") {
        yield* usesIn(
          instruction,
          (name) => isDeclared(name, step, stage),
          (word) => step.expand(word),
        );
      } else if (instruction.keyword === "ONBUILD" && instruction.trigger?.keyword === "ENV") {
        yield* usesIn(
          instruction.trigger,
          () => false,
          (word) => word.expandWith(UNKNOWN),
        );
      }
    }
  }
}

function UNKNOWN(): { readonly kind: "unknown"; readonly origin: undefined } {
  return { kind: "unknown", origin: undefined };
}

function* usesIn(
  instruction: SameInstructionUse["instruction"],
  isSet: (name: string) => boolean,
  expand: (word: Word) => Evaluation,
): Iterable<SameInstructionUse> {
  const { pairs } = instruction;
  if (pairs.length < 2) return;
  let setters: Map<string, number> | undefined;
  for (const [user, { key, value }] of pairs.entries()) {
    if (!value.raw.includes("$")) continue;
    setters ??= new Map(pairs.map((pair, index) => [pair.key.raw, index]));
    for (const use of expand(value).uses) {
      const setter = setters.get(use.name);
      if (setter === undefined || use.name === key.raw || isSet(use.name)) continue;
      yield { name: use.name, range: value.rangeOf(use.start, use.end), user, setter, instruction };
    }
  }
}
