import type { Service } from "../compose/model.js";
import type { Step } from "../dockerfile/evaluate.js";
import type { Binding, Piece } from "../dockerfile/expand.js";
import type { Dockerfile, LabelInstruction, Pair } from "../dockerfile/model.js";
import type { Word } from "../dockerfile/word.js";
import { type Range, textOf } from "../text/source.js";
import type { StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/**
 * What a label holds. `empty`: nothing is written, or only variables that nobody sets. `open`: whoever builds decides, at
 * least in part; `pieces` are what is certain of it.
 */
export type LabelValue =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "empty"; readonly isWritten: boolean }
  | { readonly kind: "open"; readonly pieces: readonly Piece[] };

/** One label of an image: a pair of LABEL, or an entry of `build.labels`. */
export interface LabelView {
  /** Undefined when it needs a variable whose value is unknown. */
  readonly key: string | undefined;
  readonly keyRange: Range;
  /** The key without the quotes around it, when it is written as it is; what a fix may replace. */
  readonly plainKeyRange: Range | undefined;
  /** The key is made with a variable. */
  readonly isDynamic: boolean;
  readonly value: LabelValue;
  /** The value with its quotes; the whole pair when nothing is written. */
  readonly valueRange: Range;
  readonly range: Range;
  /** Where a LABEL writes it; undefined for `build.labels`. */
  readonly written: { readonly step: Step; readonly instruction: LabelInstruction; readonly pair: Pair } | undefined;
}

/** Labels that a stage itself sets, in the order of the file: no inherited ones, no triggers of a parent. */
export function* labelsOfStage(stage: StageView): Iterable<LabelView> {
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "LABEL" || step.onbuild !== undefined) continue;
    for (const pair of instruction.pairs) {
      if (pair.key.raw !== "") yield labelOfPair(stage, step, instruction, pair);
    }
  }
}

/** Those, and what a stage writes behind ONBUILD for other images: for rules about how a label is written. */
export function* writtenLabelsOfStage(stage: StageView): Iterable<LabelView> {
  yield* labelsOfStage(stage);
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "ONBUILD" || instruction.trigger?.keyword !== "LABEL") continue;
    for (const pair of instruction.trigger.pairs) {
      if (pair.key.raw !== "") yield labelOfPair(stage, step, instruction.trigger, pair);
    }
  }
}

/** Labels that a service gives the image it builds. */
export function* labelsOfBuild({ build }: Service): Iterable<LabelView> {
  for (const { key, keyRange, value, range } of build?.labels.entries ?? []) {
    const isPlain = textOf(keyRange) === key;
    const isSure = value !== undefined && value.certainty === "known" && !value.isSecret;
    yield {
      key,
      keyRange,
      plainKeyRange: isPlain ? keyRange : undefined,
      isDynamic: false,
      value: !isSure
        ? { kind: "open", pieces: [] }
        : value.text === ""
          ? { kind: "empty", isWritten: true }
          : { kind: "text", text: value.text },
      valueRange: value?.range ?? range,
      range,
      written: undefined,
    };
  }
}

function labelOfPair(stage: StageView, step: Step, instruction: LabelInstruction, pair: Pair): LabelView {
  const key = step.expand(pair.key);
  const valueRange = pair.value.range;
  return {
    key: key.kind === "known" ? key.value : undefined,
    keyRange: pair.key.range,
    plainKeyRange: plainRange(pair.key),
    isDynamic: pair.key.hasVariables,
    value: labelValue(pair.value, step, stage.build.dockerfile.dockerfile),
    valueRange: valueRange.start === valueRange.end ? pair.range : valueRange,
    range: pair.range,
    written: { step, instruction, pair },
  };
}

function plainRange({ range, literal }: Word): Range | undefined {
  if (literal === undefined) return undefined;
  const text = textOf(range);
  if (text === literal) return range;
  return text.slice(1, -1) === literal ? range.source.range(range.start + 1, range.end - 1) : undefined;
}

function labelValue(word: Word, step: Step, file: Dockerfile): LabelValue {
  const { kind, value, pieces, uses } = word.expandWith(fixedOnly(step, file, 0));
  if (kind === "known") return { kind: "text", text: value };
  if (kind === "empty") return { kind: "empty", isWritten: uses.length === 0 };
  return { kind: "open", pieces };
}

/** ENV values that are made of each other in a longer row are no longer followed. */
const MOST_HOPS = 8;

/** What a name stands for, whoever builds: values of ARGs, and of ENV made from them, count as unknown. */
function fixedOnly(step: Step, file: Dockerfile, hops: number): (name: string) => Binding {
  return (name) => {
    const binding = step.lookup(name);
    if (binding.kind !== "known") return binding;
    const { origin } = binding;
    const unknown: Binding = { kind: "unknown", origin };
    const value = origin === undefined || hops >= MOST_HOPS ? undefined : envValueAt(file, origin);
    if (value === undefined) return unknown;
    return value.expandWith(fixedOnly(step, file, hops + 1)).kind === "unknown" ? unknown : binding;
  };
}

const envValues = new ModelMemo<Dockerfile, ReadonlyMap<number, Word>>();

/** The value of the ENV pair at a range; undefined when something else is there. */
function envValueAt(file: Dockerfile, { source, start }: Range): Word | undefined {
  let values = envValues.get(file);
  if (values === undefined) {
    const pairs = file.instructions.flatMap((instruction) => (instruction.keyword === "ENV" ? instruction.pairs : []));
    values = new Map(pairs.map(({ range, value }) => [range.start, value]));
    envValues.set(file, values);
  }
  return source === file.source.root ? values.get(start) : undefined;
}
