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

/** At most so many names in a line. */
export const NAMED = 4;

/** `a, b and 3 more`: at most {@link NAMED} by name. */
export function listed(names: readonly string[]): string {
  const rest = names.length - NAMED;
  return rest <= 0 ? names.join(", ") : `${names.slice(0, NAMED).join(", ")} and ${rest} more`;
}
