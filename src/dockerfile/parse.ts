import type { Source } from "../text/source.js";
import { readInstruction } from "./instructions.js";
import { type ScanResult, scanLines } from "./logical-lines.js";
import type {
  ArgInstruction,
  Comment,
  Directive,
  Dockerfile,
  EscapeCharacter,
  Instruction,
  Problem,
  Stage,
} from "./model.js";
import { findProblems } from "./problems.js";
import { type StageSplit, splitStages } from "./stages.js";

/**
 * Reads a Dockerfile as BuildKit does. Never throws: what the builder refuses is in `problems`, and the rest is read all the
 * same.
 *
 * @param source text without a byte order mark
 */
export function parseDockerfile(source: Source): Dockerfile {
  return new ParsedDockerfile(source, scanLines(source));
}

/** Far beyond every file that people write; what comes after is not read, so that no input can make a run slow. */
const MOST_STAGES = 2000;
const MOST_INSTRUCTIONS = 20_000;

function tooMany({ keyword, keywordRange }: Instruction): Problem {
  const what = keyword === "FROM" ? `${MOST_STAGES} stages` : `${MOST_INSTRUCTIONS} instructions`;
  const message = `more than ${what}, so that the rest is not read; split the file`;
  return { kind: "encoding", message, range: keywordRange, keyword };
}

class ParsedDockerfile implements Dockerfile {
  readonly source: Source;
  readonly instructions: readonly Instruction[];
  readonly #scan: ScanResult;
  /** What stands at the first instruction that is not read, because there are too many. */
  readonly #limit: Problem | undefined;
  #split: StageSplit | undefined;
  #problems: readonly Problem[] | undefined;

  constructor(source: Source, scan: ScanResult) {
    this.source = source;
    this.#scan = scan;
    const instructions: Instruction[] = [];
    let stageCount = 0;
    for (const line of scan.lines) {
      const instruction = readInstruction(line, stageCount);
      if (instruction.keyword === "FROM") stageCount += 1;
      if (stageCount > MOST_STAGES || instructions.length === MOST_INSTRUCTIONS) {
        this.#limit = tooMany(instruction);
        break;
      }
      instructions.push(instruction);
    }
    this.instructions = instructions;
  }

  get directives(): readonly Directive[] {
    return this.#scan.directives;
  }

  get escape(): EscapeCharacter {
    return this.#scan.escape;
  }

  get comments(): readonly Comment[] {
    return this.#scan.comments;
  }

  get globalArgs(): readonly ArgInstruction[] {
    return this.#stages().globalArgs;
  }

  get stages(): readonly Stage[] {
    return this.#stages().stages;
  }

  get fragment(): Stage | undefined {
    return this.#stages().fragment;
  }

  get problems(): readonly Problem[] {
    if (this.#problems === undefined) {
      const problems = [...this.#scan.problems, ...findProblems(this.source, this.instructions)];
      if (this.#limit !== undefined) problems.push(this.#limit);
      this.#problems = problems.sort((a, b) => a.range.start - b.range.start);
    }
    return this.#problems;
  }

  #stages(): StageSplit {
    this.#split ??= splitStages(this.instructions);
    return this.#split;
  }
}
