import { DockerfileParser } from "dockerfile-ast";
import type { Dockerfile } from "../../src/dockerfile/model.js";
import type { Span } from "../../src/text/source.js";

/** An instruction as dockerfile-ast sees it: its first word as written, and where that begins (0-based). */
export interface ReadInstruction {
  readonly keyword: string;
  readonly start: number;
}

/**
 * Reads the top-level instructions of a file with dockerfile-ast, from text in which heredoc operators and bodies are blanked:
 * it takes `<<` inside quotes for a heredoc, and misses those with a blank or a file descriptor.
 *
 * Our own scan of lines is what the model is made of; this reading is for comparison, and costs more than the whole model.
 *
 * @param file over a source that is not embedded in another one
 */
export function readWithAst(file: Dockerfile): readonly ReadInstruction[] {
  const ast = DockerfileParser.parse(blankHeredocs(file));
  return ast.getInstructions().map((instruction) => {
    const range = instruction.getInstructionRange();
    const { line, character } = range.start;
    const start = file.source.offsetAt({ line: line + 1, column: character + 1 });
    return { keyword: instruction.getInstruction(), start };
  });
}

/** The text of the same length without heredocs. */
function blankHeredocs({ source, instructions }: Dockerfile): string {
  const parts: string[] = [];
  let position = 0;
  const blank = ({ start, end }: Span): void => {
    parts.push(source.text.slice(position, start), source.text.slice(start, end).replace(/[^\r\n]/g, " "));
    position = end;
  };
  for (const { heredocs } of instructions) {
    for (const { operatorRange } of heredocs) blank(operatorRange);
    for (const { range, terminatorRange } of heredocs) {
      blank(range);
      if (terminatorRange !== undefined) blank(terminatorRange);
    }
  }
  return parts.join("") + source.text.slice(position);
}
