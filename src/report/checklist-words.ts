import type { ChecklistFamily, ChecklistState } from "../engine/run-result.js";

/** What each line of the checklist promises, in a few words. */
export const PROMISES = {
  stages: "what builds is not what ships",
  user: "non-root, the agreed UID",
  images: "pinned bases",
  health: "a health check",
  secrets: "no secrets in the environment",
  layers: "layers in order of change",
  labels: "OCI labels",
  context: ".dockerignore covers the context",
} as const satisfies Record<ChecklistFamily, string>;

/** A state in words. */
export function stateWords(state: ChecklistState): string {
  return state === "not-applicable" ? "not applicable" : state;
}
