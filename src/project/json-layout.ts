import type { Heredoc } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import type { DockerfileView } from "./model.js";

/** A JSON file that a heredoc writes in another layout than two blanks a level. */
export interface UnevenJson {
  readonly range: Range;
  readonly destination: string;
  /** The same data in the normal layout. */
  readonly text: string;
}

/** Bodies of COPY and ADD that are JSON files, by the name of the destination, and not laid out as JSON usually is. */
export function* unevenJson({ source, dockerfile }: DockerfileView): Iterable<UnevenJson> {
  if (source.embedding !== undefined) return;
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const destination = instruction.destination?.literal;
    const [heredoc] = instruction.heredocs;
    if (heredoc === undefined || instruction.sources.length !== 1 || destination?.endsWith(".json") !== true) continue;
    const text = formatted(heredoc);
    if (text !== undefined && text !== heredoc.content.replaceAll("\r\n", "\n")) {
      yield { range: heredoc.range, destination, text };
    }
  }
}

/** Undefined for what is no JSON, and for numbers and keys that would not come back as they are written. */
function formatted({ content, expand, chomp }: Heredoc): string | undefined {
  if (chomp || (expand && /[$\\]/.test(content))) return undefined;
  try {
    const text = JSON.stringify(JSON.parse(content), undefined, 2);
    return bare(text) === bare(content) ? `${text}\n` : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function bare(text: string): string {
  return text.replace(/\s/g, "");
}
