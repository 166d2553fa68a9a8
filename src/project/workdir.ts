import type { StageState } from "../dockerfile/evaluate.js";
import { resolvePath } from "../files/path.js";
import type { StageView } from "./model.js";

/** Relative WORKDIRs that build on each other; a longer chain is nobody's working directory. */
const MOST_RELATIVE = 100;

/** The working directory at some point of a stage: what WORKDIR sets, on top of what the base is known to have. */
export function workdirAt(stage: StageView, state: StageState): string | undefined {
  const relative: string[] = [];
  for (let { workdir } = state; relative.length <= MOST_RELATIVE; ) {
    const { path, setting } = workdir;
    if (path !== undefined) return joined(path, relative);
    if (setting === undefined) return joined(workdirOfBase(stage), relative);
    if (setting.value.kind !== "known") return undefined;
    relative.push(setting.value.value);
    ({ workdir } = setting.step.state);
  }
  return undefined;
}

/** Of the image below the stages of this file: what another service builds, else what the table says. */
function workdirOfBase(stage: StageView): string | undefined {
  const base = stage.lineage.find(({ build }) => build !== stage.build);
  return base === undefined ? stage.facts?.workdir : workdirAt(base, base.evaluated.state);
}

/** @param relative the last one first */
function joined(start: string | undefined, relative: readonly string[]): string | undefined {
  if (start === undefined) return undefined;
  return relative.reduceRight((folder, path) => resolvePath(folder, path), start);
}
