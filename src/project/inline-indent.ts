import type { InstructionBase } from "../dockerfile/model.js";
import type { StageView } from "./model.js";

/**
 * How many columns the YAML block takes before each line of an inline Dockerfile, by the line of an instruction; 0 for a
 * Dockerfile that is a file. The engine puts them behind the line breaks of a fix by itself.
 */
export function blockIndent({ build }: StageView, { keywordRange }: InstructionBase): number {
  if (build.dockerfile.source.embedding === undefined) return 0;
  const { source, start } = keywordRange;
  return start - (source.text.lastIndexOf("\n", start - 1) + 1);
}
