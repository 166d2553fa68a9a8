import type { Fix } from "../engine/rule.js";
import type { RatedFinding } from "../engine/run-result.js";
import { textOf } from "../text/source.js";

/** How a finding names its rule: `images/pin-tag#no-tag`, or without `#` for a rule that has no kinds. */
export function ruleName({ rule, kind }: Pick<RatedFinding, "rule" | "kind">): string {
  return kind === undefined ? rule : `${rule}#${kind}`;
}

/**
 * The fix of a finding as far as a report may show it: a fix that writes the value of a secret somewhere else is left
 * out. (`--fix` still offers it.)
 */
export function showableFix({ fix, masked }: RatedFinding): Fix | undefined {
  if (fix === undefined || masked.length === 0) return fix;
  const values = masked.map((range) => textOf(range)).filter((value) => value !== "");
  const texts = [
    fix.description,
    ...fix.edits.map((edit) => edit.text),
    ...(fix.creates ?? []).map(({ text }) => text),
  ];
  return values.some((value) => texts.some((text) => text.includes(value))) ? undefined : fix;
}
