import type { StageView } from "./model.js";

/** Whether a stage is for development, by its name, and no known build makes it: what it installs ships nowhere. */
export function isForDevelopment({ isReached, namedRole }: StageView): boolean {
  return !isReached && namedRole?.name === "development";
}
