import type { WalkedTree } from "./context.js";
import type { Construct, Invocation } from "./model.js";

/** Constructs that some shells lack, in source order. */
export function findConstructs(
  _trees: readonly WalkedTree[],
  _invocations: readonly Invocation[],
): readonly Construct[] {
  return [];
}
