import type { Range } from "../text/source.js";
import type { Dockerfile } from "./model.js";

/** What the builder refuses although it can be read; rules of their own say more about it. */
export interface Refusal {
  readonly range: Range;
  /** What is wrong; then `;` and how to mend it. No final period. */
  readonly message: string;
}

/** Words that are no instruction; none under a frontend that is not Docker's own, which may know others. */
export function unknownInstructions(dockerfile: Dockerfile): readonly Refusal[] {
  if (hasOwnFrontend(dockerfile)) return [];
  return dockerfile.instructions.flatMap((instruction) => {
    if (instruction.keyword !== "UNKNOWN") return [];
    return [
      { range: instruction.keywordRange, message: `\`${instruction.written}\` is no instruction; correct the word` },
    ];
  });
}

/** A file without a single FROM, the empty one included; undefined when there is one. */
export function missingStage(dockerfile: Dockerfile): Refusal | undefined {
  if (dockerfile.stages.length > 0 || hasOwnFrontend(dockerfile)) return undefined;
  const [first] = dockerfile.instructions;
  const range = first === undefined ? dockerfile.source.range(0, 0) : first.keywordRange;
  return { range, message: "the file has no FROM; start with `FROM image:tag`" };
}

function hasOwnFrontend({ directives }: Dockerfile): boolean {
  const syntax = directives.find(({ name }) => name === "syntax")?.value;
  return syntax !== undefined && !/^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax);
}
