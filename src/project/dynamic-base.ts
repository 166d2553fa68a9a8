import type { StageView } from "./model.js";

/**
 * Tells which stages a FROM with an unknown variable may mean (`build_${TARGETARCH}`): names that agree with its known
 * pieces. Undefined for a FROM that is known, and for one of which nothing is known.
 */
export function dynamicBasePattern(stage: StageView): ((name: string) => boolean) | undefined {
  const { base } = stage.evaluated;
  if (base.kind !== "unresolved" || base.evaluation === undefined) return undefined;
  const { pieces } = base.evaluation;
  const texts = pieces.flatMap((piece) => (piece.kind === "text" ? [piece.text.toLowerCase()] : []));
  const [first] = pieces;
  const last = pieces.at(-1);
  const start = first?.kind === "text" ? first.text.toLowerCase() : "";
  const end = last?.kind === "text" ? last.text.toLowerCase() : "";
  return (name) => {
    if (!name.startsWith(start) || !name.endsWith(end)) return false;
    let from = 0;
    return texts.every((text) => {
      const at = name.indexOf(text, from);
      from = at + text.length;
      return at !== -1;
    });
  };
}
