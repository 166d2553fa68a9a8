import type { Comment, Instruction } from "../dockerfile/model.js";
import type { StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

const PRAGMA = "hadolint shell=";
const NONE: readonly Comment[] = [];
const PRAGMAS = new ModelMemo<StageView["build"]["dockerfile"], readonly Comment[]>();

/**
 * The shell that a comment `# hadolint shell=NAME` above an instruction of the same stage names, as SHELL would hold it:
 * it says what a base image has set. Undefined without one.
 *
 * @see https://github.com/hadolint/hadolint#non-posix-shells
 */
export function pragmaShell({ build, stage }: StageView, { startLine }: Instruction): readonly string[] | undefined {
  const file = build.dockerfile;
  let pragmas = PRAGMAS.get(file);
  if (pragmas === undefined) {
    const found = file.dockerfile.comments.filter(({ text }) => text.startsWith(PRAGMA));
    pragmas = found.length === 0 ? NONE : found;
    PRAGMAS.set(file, pragmas);
  }
  const last = pragmas.findLast(({ line }) => line < startLine && line > stage.from.startLine);
  return last === undefined ? undefined : [last.text.slice(PRAGMA.length).trim(), "-c"];
}
