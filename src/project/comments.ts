import type { ComposeFile } from "../compose/model.js";
import type { Instruction } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import type { DockerfileView, Project } from "./model.js";

/** A comment that says something: more than a suppression of a linter, which gives no reason of its own. */
const SAYS = /[A-Za-z]{2,}/;

/** Whether a comment stands directly above an instruction, or between its lines. */
export function hasCommentAtInstruction(instruction: Instruction, { dockerfile }: DockerfileView): boolean {
  if (instruction.commentsAbove.some(({ text }) => SAYS.test(text))) return true;
  const { startLine, endLine } = instruction;
  return dockerfile.comments.some(({ line, text }) => line >= startLine && line <= endLine && SAYS.test(text));
}

/** Whether a comment stands on the line of a place in a Compose file, or on the line above it. */
export function hasCommentAtPlace({ source, start }: Range, project: Project): boolean {
  const file = fileOf(source, project);
  if (file === undefined) return false;
  const { line } = source.positionAt(start);
  return file.yaml.comments.some((comment) => {
    const at = source.positionAt(comment.start).line;
    if (!SAYS.test(source.slice(comment))) return false;
    // A comment behind a value of the line above is about that value.
    return at === line || (at === line - 1 && isAlone(comment));
  });
}

function isAlone({ source, start }: Range): boolean {
  const line = source.lineSpan(source.positionAt(start).line);
  return line !== undefined && source.text.slice(line.start, start).trim() === "";
}

/** The Compose file of a source, included and extended ones too. */
function fileOf(source: Range["source"], { composeFiles, variants }: Project): ComposeFile | undefined {
  const own = composeFiles.find((file) => file.source === source);
  if (own !== undefined) return own;
  for (const { broughtIn } of variants) {
    const found = broughtIn.find((file) => file.source === source);
    if (found !== undefined) return found;
  }
  return undefined;
}
