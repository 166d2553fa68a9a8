import type { TextFrame } from "./frame.js";
import type { ScriptKind, SwallowedComment } from "./model.js";

/** See {@link SwallowedComment}. */
export function findSwallowed(_kind: ScriptKind, _frame: TextFrame): SwallowedComment | undefined {
  return undefined;
}
