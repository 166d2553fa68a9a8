import type { Instruction } from "../dockerfile/model.js";
import type { Edit } from "../text/source.js";
import type { StageView } from "./model.js";

/** Instructions that change files: what follows them is only about how the image starts. */
const BUILDS: ReadonlySet<Instruction["keyword"]> = new Set(["RUN", "COPY", "ADD", "WORKDIR", "ONBUILD"]);

/**
 * Inserts an instruction where it is in effect for the process and for no step of the build: before the ENTRYPOINT or CMD
 * that ends the stage, else at its end. Undefined where another stage goes on from this one: what is
 * meant for the process would be in effect for its steps.
 *
 * @param line the instruction without line break
 */
export function startInsertion(target: StageView, line: string): Edit | undefined {
  if (target.build.stages.some((other) => other !== target && other.lineage.includes(target))) return undefined;
  const { instructions, from } = target.stage;
  const lastStep = instructions.findLastIndex(({ keyword }) => BUILDS.has(keyword));
  const start = instructions.slice(lastStep + 1).find(({ keyword }) => keyword === "ENTRYPOINT" || keyword === "CMD");
  if (start !== undefined) {
    const { source, start: at } = start.keywordRange;
    return { range: source.range(at, at), text: `${line}\n` };
  }
  const { source, end } = (instructions.at(-1) ?? from).range;
  return { range: source.range(end, end), text: `\n${line}` };
}
