import type { StageState } from "../dockerfile/evaluate.js";
import type { StageView } from "./model.js";

/** The working directory at some point of a stage: what WORKDIR sets, else what the base is known to. */
export function workdirAt(stage: StageView, state: StageState): string | undefined {
  if (state.workdir.setting !== undefined || state.workdir.path !== undefined) return state.workdir.path;
  for (const member of stage.lineage.slice(1)) {
    const { workdir } = member.evaluated.state;
    if (workdir.setting !== undefined) return workdir.path;
  }
  return stage.facts?.workdir;
}
