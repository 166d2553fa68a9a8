import type { StageView } from "./model.js";
import { roleOfStageName } from "./stage-roles.js";

/**
 * Whether the name of a stage says that people build it by `--target` although nothing here does: one for tests or for
 * development, one that exports files, one that makes documentation.
 */
export function isNamedTarget({ name }: Pick<StageView, "name">): boolean {
  if (name === undefined) return false;
  const role = roleOfStageName(name);
  return (role !== undefined && role !== "production") || /(^|[._-])(docs?|export|artifacts?)([._-]|$)/.test(name);
}
