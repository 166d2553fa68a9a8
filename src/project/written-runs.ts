import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { triggerRuns } from "./trigger-runs.js";

const WRITTEN = new ModelMemo<StageView, readonly RunView[]>();

/**
 * Every RUN that a stage writes or takes from the triggers of its parent, then those that it writes behind ONBUILD: for
 * rules about the command itself, wherever it will run.
 */
export function writtenRuns(stage: StageView): readonly RunView[] {
  let runs = WRITTEN.get(stage);
  if (runs === undefined) {
    const triggers = triggerRuns(stage);
    runs = triggers.length === 0 ? stage.runs : [...stage.runs, ...triggers];
    WRITTEN.set(stage, runs);
  }
  return runs;
}
