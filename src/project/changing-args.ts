import { changingKind, isCacheBuster, isPlaceholder } from "../data/changing-names.js";
import { unknownScope } from "../dockerfile/expand.js";
import type { ArgInstruction, ArgPair, Instruction } from "../dockerfile/model.js";
import { expandedWords } from "../dockerfile/problems.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { Range } from "../text/source.js";
import type { Build, RunView, StageView } from "./model.js";

/** An ARG that changes with each build, above a step that does not need it and runs again because of it. */
export interface EarlyArg {
  readonly name: string;
  readonly stage: StageView;
  readonly pair: ArgPair;
  readonly instruction: ArgInstruction;
  /** The first such step: `npm ci`. */
  readonly repeated: { readonly what: string; readonly range: Range; readonly run: RunView };
  /** The first instruction of the stage that uses it below that step; undefined when there is none. */
  readonly use: Instruction | undefined;
  /** ENV or LABEL between the two that hold it, too; they would have to move with it. */
  readonly isHeld: boolean;
  readonly isCertain: boolean;
}

/** What names a policy adds or leaves out. */
export interface NameChoice {
  readonly isExtra: (name: string) => boolean;
  readonly isLeftOut: (name: string) => boolean;
}

/** ARGs judged in one build, and stages gone down to from one ARG: more than anybody writes. */
const MOST_ARGS = 100;
const MOST_CHILDREN = 32;

/** Early ARGs of the stages that a build needs, in the order of the file. */
export function* earlyArgs(build: Build, choice: NameChoice): Iterable<EarlyArg> {
  let judged = 0;
  for (const stage of build.stages) {
    if (!build.closure.has(stage)) continue;
    const { instructions } = stage.stage;
    for (const [index, instruction] of instructions.entries()) {
      if (instruction.keyword !== "ARG" || judged > MOST_ARGS) continue;
      for (const pair of instruction.pairs) {
        const name = pair.key.literal;
        if (name === undefined || choice.isLeftOut(name) || isCacheBuster(name)) continue;
        const certainty = changes(name, stage, choice);
        if (certainty === "no") continue;
        judged += 1;
        const found = scan(stage, index + 1, { names: new Set([name]), isHeld: false, depth: 0 });
        if (found === undefined) continue;
        yield { ...found, name, stage, pair, instruction, isCertain: found.isCertain && certainty === "yes" };
      }
    }
  }
}

/** Whether the value is another one for each build. */
function changes(name: string, stage: StageView, choice: NameChoice): "yes" | "likely" | "no" {
  const kind = changingKind(name);
  const isPassed = stage.build.services.some(({ build }) => {
    const uses = build?.args.get(name)?.value?.node.uses ?? [];
    return uses.some((use) => changingKind(use.name) !== undefined && changingKind(use.name) !== "release");
  });
  if (choice.isExtra(name) || isPassed) return "yes";
  if (kind === undefined) return "no";
  const binding = stage.evaluated.lookup(name);
  const isFixed = binding.kind === "known" && !isPlaceholder(binding.value);
  if (!isFixed) return "yes";
  // A version or commit that is written down and used by a step pins something that the step fetches.
  const isPin = stage.build.stages.some(({ runs }) => runs.some((run) => mentions(run.instruction, new Set([name]))));
  return isPin ? "no" : kind === "release" ? "likely" : "yes";
}

interface State {
  /** The argument and what was made of it. */
  readonly names: ReadonlySet<string>;
  readonly isHeld: boolean;
  /** Stages between the ARG and where the search is. */
  readonly depth: number;
}

type Found = Pick<EarlyArg, "repeated" | "use" | "isHeld" | "isCertain">;

/** Goes down from an instruction to the first costly step that does not use the names; into child stages at the end. */
function scan(stage: StageView, start: number, { names, isHeld, depth }: State): Found | undefined {
  const known = new Set(names);
  let holds = isHeld;
  const runs = new Map(stage.runs.map((run) => [run.instruction, run]));
  const { instructions } = stage.stage;
  for (let index = start; index < instructions.length; index += 1) {
    const instruction = instructions[index];
    if (instruction === undefined) break;
    if (instruction.keyword === "RUN") {
      if (mentions(instruction, known)) return undefined;
      const run = runs.get(instruction);
      const step = run === undefined ? undefined : costlyStep(run);
      if (run === undefined || step === undefined) continue;
      const use = instructions.slice(index + 1).find((later) => uses(later, known));
      // A compiler may read it from its environment: only where something else shows what it is for.
      if (step.mayUse && (use === undefined || use.keyword === "RUN")) return undefined;
      return { repeated: { ...step, run }, use, isHeld: holds, isCertain: !step.mayUse };
    }
    if (!uses(instruction, known)) continue;
    if (instruction.keyword === "ENV" || instruction.keyword === "ARG") {
      for (const { key } of instruction.pairs) if (key.literal !== undefined) known.add(key.literal);
      if (instruction.keyword === "ENV") holds = true;
    } else if (instruction.keyword === "LABEL") holds = true;
    // Whatever else takes it has to be built anew for a reason.
    else return undefined;
  }
  if (depth > MOST_CHILDREN) return undefined;
  for (const child of stage.build.stages) {
    if (child.parent !== stage || !stage.build.closure.has(child)) continue;
    const found = scan(child, 0, { names: known, isHeld: true, depth: depth + 1 });
    if (found !== undefined) return { ...found, use: undefined, isHeld: true };
  }
  return undefined;
}

function uses(instruction: Instruction, names: ReadonlySet<string>): boolean {
  if (instruction.keyword === "RUN") return mentions(instruction, names);
  return expandedWords(instruction).some(
    (word) => word.hasVariables && word.expandWith(unknownScope).uses.some(({ name }) => names.has(name)),
  );
}

/** Whether the text of an instruction holds one of the names as a word, in whatever way it is read there. */
function mentions({ text, heredocs }: Instruction, names: ReadonlySet<string>): boolean {
  return [...names].some((name) => hasWord(text, name) || heredocs.some(({ content }) => hasWord(content, name)));
}

const WORD_CHARACTER = /\w/;

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + word.length)) {
    const before = text.charAt(at - 1);
    const after = text.charAt(at + word.length);
    if (!WORD_CHARACTER.test(before) && !WORD_CHARACTER.test(after)) return true;
  }
  return false;
}

interface CostlyStep {
  readonly what: string;
  readonly range: Range;
  /** It compiles, and compilers read their environment. */
  readonly mayUse: boolean;
}

/** What makes a RUN worth keeping in the cache; an install before a compilation. */
function costlyStep(run: RunView): CostlyStep | undefined {
  let compiled: CostlyStep | undefined;
  for (const { range, name } of run.commands) {
    if (name === "make" || name === "ninja") compiled ??= { what: name, range, mayUse: true };
  }
  for (const invocation of run.commands) {
    const evidence = buildEvidence(invocation);
    if (evidence === undefined) continue;
    compiled ??= { what: evidence.command, range: evidence.range, mayUse: invocation.name !== "go" };
  }
  if (compiled?.mayUse === true) return compiled;
  for (const { action, manager, verb, verbRange } of run.packages) {
    if (action !== "install" && action !== "lock-install" && action !== "upgrade" && action !== "download") continue;
    return { what: `${manager} ${verb}`.trim(), range: verbRange, mayUse: false };
  }
  return compiled;
}
