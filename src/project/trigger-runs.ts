import type { Step } from "../dockerfile/evaluate.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { RunModel } from "./run-view.js";
import { StageModel } from "./stage-view.js";

const known = new ModelMemo<StageView, readonly RunView[]>();

/**
 * The RUNs that a stage writes behind ONBUILD: they run in builds that start from this image, and are no part of
 * {@link StageView.runs} here. Empty for almost every stage.
 */
export function triggerRuns(stage: StageView): readonly RunView[] {
  let runs = known.get(stage);
  if (runs === undefined) {
    runs = readTriggers(stage);
    known.set(stage, runs);
  }
  return runs;
}

function readTriggers(stage: StageView): readonly RunView[] {
  const { instructions } = stage.stage;
  if (!(stage instanceof StageModel) || !instructions.some(({ keyword }) => keyword === "ONBUILD")) return NO_RUNS;
  const runs: RunView[] = [];
  for (const step of stage.evaluated.steps) {
    const { instruction } = step;
    if (instruction.keyword !== "ONBUILD" || instruction.trigger?.keyword !== "RUN") continue;
    const { index, state, lookup } = step;
    const own: Step = {
      index,
      instruction: instruction.trigger,
      stage: step.stage,
      onbuild: instruction,
      state,
      lookup,
      expand: (word) => step.expand(word),
    };
    runs.push(new RunModel(stage, own, instruction.trigger));
  }
  return runs;
}

const NO_RUNS: readonly RunView[] = [];

/** The RUNs of a stage, and those that it writes behind ONBUILD after them. */
export function runsAndTriggers(stage: StageView): readonly RunView[] {
  const triggers = triggerRuns(stage);
  return triggers.length === 0 ? stage.runs : [...stage.runs, ...triggers];
}
