import type { Range } from "../text/source.js";
import { closest } from "../values/closest.js";
import type { Dockerfile } from "./model.js";

/** What the builder refuses although it can be read; rules of their own say more about it. */
export interface Refusal {
  readonly range: Range;
  /** What is wrong; then `;` and how to mend it. No final period. */
  readonly message: string;
}

/** Words that are no instruction; none under a frontend that is not Docker's own, which may know others, and in templates. */
export function unknownInstructions(dockerfile: Dockerfile): readonly Refusal[] {
  if (hasOwnFrontend(dockerfile)) return [];
  return dockerfile.instructions.flatMap((instruction) => {
    if (instruction.keyword !== "UNKNOWN" || isTemplateMark(instruction.written)) return [];
    return [
      { range: instruction.keywordRange, message: `\`${instruction.written}\` is no instruction; correct the word` },
    ];
  });
}

/**
 * A file without a single FROM, the empty one included; undefined when there is one, when a misspelt word may be it, and in a
 * template, which may put it anywhere.
 */
export function missingStage(dockerfile: Dockerfile): Refusal | undefined {
  if (dockerfile.stages.length > 0 || hasOwnFrontend(dockerfile)) return undefined;
  const mayBeMeant = dockerfile.instructions.some(({ keyword, written }) => {
    return keyword === "UNKNOWN" && (isTemplateMark(written) || nearestInstruction(written) === "FROM");
  });
  if (mayBeMeant) return undefined;
  const [first] = dockerfile.instructions;
  const range = first === undefined ? dockerfile.source.range(0, 0) : first.keywordRange;
  return { range, message: "the file has no FROM; start with `FROM image:tag`" };
}

/** Whether a word opens a stretch that a template engine replaces before any builder reads the file. */
export function isTemplateMark(written: string): boolean {
  return TEMPLATE_MARKS.some((mark) => written.startsWith(mark));
}

const TEMPLATE_MARKS = ["{{", "{%", "{#", "<%", "@@"];

/** The instruction that a misspelt word most likely means; undefined when none is near. */
export function nearestInstruction(written: string): string | undefined {
  return LETTERS.test(written) ? closest(written, KEYWORDS) : undefined;
}

const LETTERS = /^[A-Za-z_-]{2,16}$/;
const KEYWORDS = [
  "FROM",
  "RUN",
  "COPY",
  "ADD",
  "CMD",
  "ENTRYPOINT",
  "ENV",
  "ARG",
  "LABEL",
  "EXPOSE",
  "USER",
  "WORKDIR",
  "VOLUME",
  "HEALTHCHECK",
  "SHELL",
  "STOPSIGNAL",
  "ONBUILD",
  "MAINTAINER",
];

/** Whether the file asks for a frontend that is not Docker's own. */
export function hasOwnFrontend({ directives }: Dockerfile): boolean {
  const syntax = directives.find(({ name }) => name === "syntax")?.value;
  return syntax !== undefined && !/^(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]|$)/.test(syntax);
}
