import type { Instruction } from "../dockerfile/model.js";
import type { Script, ShellKind, Step } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { StageView } from "./model.js";

/** A line that holds several elements of one instruction, with the places where it can be broken. */
export interface CrowdedLine {
  readonly kind: "commands" | "mounts" | "pairs";
  /** Elements on the line. */
  readonly count: number;
  /** The first operator, flag or pair that belongs on a line of its own. */
  readonly range: Range;
  readonly breaks: readonly LineBreakPlace[];
}

/** White space in which a line can be broken: `before` an operator and `after` it, or only `after` for other elements. */
export interface LineBreakPlace {
  readonly operator: string | undefined;
  /** From the end of one element to the start of the next one. */
  readonly between: Range;
}

/** From how many commands and how many columns on a line is crowded. */
export interface CrowdLimits {
  readonly minCommands: number;
  readonly maxWidth: number;
}

const POSIX: ReadonlySet<ShellKind> = new Set(["bash", "sh-dash", "sh-busybox", "sh-bash", "sh-unknown", "ksh", "zsh"]);

/** Crowded lines of a stage: chained commands of RUN and HEALTHCHECK, mounts, and pairs of ENV and LABEL. */
export function* crowdedLines(stage: StageView, limits: CrowdLimits): Iterable<CrowdedLine> {
  for (const { script, isOnbuild, instruction } of stage.runs) {
    if (!isOnbuild && instruction.heredocs.length === 0) yield* commandsOf(script, limits);
  }
  const { healthcheck } = stage;
  if (healthcheck.kind === "check" && healthcheck.stage === stage) yield* commandsOf(healthcheck.view.script, limits);
  for (const instruction of stage.stage.instructions) yield* elementsOf(instruction, limits);
}

/** `&&` and `||` between commands that begin on one line of the file. */
function* commandsOf(script: Script | undefined, { minCommands }: CrowdLimits): Iterable<CrowdedLine> {
  if (script?.kind !== "shell-form" || !POSIX.has(script.shell) || script.partial) return;
  // Most scripts are too short to hold so many.
  if (script.steps.length < minCommands) return;
  let chain: Step[] = [];
  for (const step of script.steps) {
    const before = chain.at(-1);
    if (before !== undefined && !isChained(before, step)) {
      yield* chainOf(chain, minCommands);
      chain = [];
    }
    chain.push(step);
  }
  yield* chainOf(chain, minCommands);
}

function isChained({ after, range }: Step, next: Step): boolean {
  if (after === undefined || (after.operator !== "&&" && after.operator !== "||")) return false;
  const { source, start } = range;
  return next.range.source === source && !source.text.slice(start, next.range.start).includes("\n");
}

function* chainOf(chain: readonly Step[], minCommands: number): Iterable<CrowdedLine> {
  const first = chain[0]?.after;
  if (chain.length < Math.max(2, minCommands) || first === undefined) return;
  const breaks = chain.slice(1).map((step, index): LineBreakPlace => {
    const { range, after } = chain[index] ?? step;
    return { operator: after?.operator, between: range.source.range(range.end, step.range.start) };
  });
  yield { kind: "commands", count: chain.length, range: first.range, breaks };
}

/** Mounts, or pairs, on a line that is too wide. */
function* elementsOf(instruction: Instruction, { maxWidth }: CrowdLimits): Iterable<CrowdedLine> {
  const isRun = instruction.keyword === "RUN";
  const hasPairs = instruction.keyword === "ENV" || instruction.keyword === "LABEL";
  const elements = isRun ? instruction.mounts : hasPairs ? instruction.pairs : [];
  if (elements.length < 2) return;
  const [first] = elements;
  if (first === undefined) return;
  const { source } = first.range;
  const lineOf = (range: Range) => source.positionAt(range.start).line;
  const ranges = elements.map(({ range }) => range);
  const second = ranges.find((range, index) => {
    const before = ranges[index - 1];
    const line = source.lineSpan(lineOf(range));
    if (before === undefined || line === undefined || line.end - line.start <= maxWidth) return false;
    return lineOf(before) === lineOf(range);
  });
  if (second === undefined) return;
  const line = lineOf(second);
  const here = ranges.filter((range) => lineOf(range) === line);
  const breaks = here.slice(1).map((range, index): LineBreakPlace => {
    const before = here[index] ?? range;
    return { operator: undefined, between: source.range(before.end, range.start) };
  });
  const last = here.at(-1);
  const rest = instruction.argumentsRange;
  const isBeforeCommand = isRun && last !== undefined && rest.start > last.end && lineOf(rest) === line;
  if (isBeforeCommand) breaks.push({ operator: undefined, between: source.range(last.end, rest.start) });
  yield { kind: isRun ? "mounts" : "pairs", count: here.length, range: second, breaks };
}
