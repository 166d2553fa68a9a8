import type { Range } from "../text/source.js";
import type { Base, ImageBase } from "./base.js";
import type { CommandText } from "./command-text.js";
import type { Copy, CopyOrigin } from "./copies.js";
import type { Binding, Evaluation } from "./expand.js";
import type {
  ArgInstruction,
  Dockerfile,
  Flag,
  HealthcheckTest,
  Instruction,
  Mount,
  OnbuildInstruction,
  Pair,
  Problem,
  Stage,
} from "./model.js";
import { describeExpansionProblem, expandedWords } from "./problems.js";
import { GlobalScope } from "./scope.js";
import { StageEvaluation, toBinding } from "./stage-evaluation.js";
import { StageNames } from "./stages.js";
import type { Word } from "./word.js";

/** What a build brings to a file. */
export interface EvaluationInputs {
  /** Values of `--build-arg`; a name that is given without a known value is `unknown`. */
  readonly buildArgs: ReadonlyMap<string, Binding>;
  /** ENV of an external image, each name with its value where that is known; undefined when not even the names are. */
  readonly baseEnv: (base: ImageBase) => ReadonlyMap<string, string | undefined> | undefined;
  /** Names of additional contexts, which `--from` may mean instead of an image. */
  readonly namedContexts: ReadonlySet<string>;
}

/** Inputs of a build that nothing is known of. */
export const NO_INPUTS: EvaluationInputs = {
  buildArgs: new Map(),
  baseEnv: () => undefined,
  namedContexts: new Set(),
};

/** A value and the instruction that set it. */
export interface Setting<T> {
  readonly value: T;
  readonly step: Step;
  /** The stage in which it was set: a parent's when the value is inherited. */
  readonly stage: EvaluatedStage;
}

/** The working directory in effect. */
export interface WorkingDirectory {
  /** Absolute; undefined when a value is unknown or relative to that of an external base. */
  readonly path: string | undefined;
  /** The last WORKDIR; undefined when the chain has none, so that the base decides. */
  readonly setting: Setting<Evaluation> | undefined;
}

/** What is in effect at a step, set by the chain; undefined means that no instruction has set it. */
export interface StageState {
  readonly user: Setting<Evaluation> | undefined;
  readonly workdir: WorkingDirectory;
  /** Decoded items of SHELL, such as `["/bin/bash", "-c"]`. */
  readonly shell: Setting<readonly string[]> | undefined;
  readonly healthcheck: Setting<HealthcheckTest> | undefined;
  readonly entrypoint: Setting<CommandText> | undefined;
  /** Undefined also after an ENTRYPOINT of a stage that sets no CMD before it: see `clearedCmd`. */
  readonly cmd: Setting<CommandText> | undefined;
  /** An inherited CMD that ENTRYPOINT has cleared, with that ENTRYPOINT. */
  readonly clearedCmd: { readonly cmd: Setting<CommandText>; readonly by: Step } | undefined;
  readonly stopsignal: Setting<Evaluation> | undefined;
}

/** One instruction of a stage, with what is known before it runs. */
export interface Step {
  /** 0-based in its stage, triggers of the parent first. */
  readonly index: number;
  readonly instruction: Instruction;
  readonly stage: EvaluatedStage;
  /** The ONBUILD of the parent stage that this instruction comes from; undefined for those written in the stage. */
  readonly onbuild: OnbuildInstruction | undefined;
  /** In effect before the step. */
  readonly state: StageState;
  /** What a name stands for before the step. */
  readonly lookup: (name: string) => Binding;
  /** The value of a word before the step. */
  expand(word: Word): Evaluation;
}

/** One value of ENV or LABEL. */
export interface PairSetting extends Setting<Evaluation> {
  readonly name: string;
  readonly pair: Pair;
}

/** One word of EXPOSE or VOLUME. */
export interface WordSetting extends Setting<Evaluation> {
  readonly word: Word;
}

/** A stage instruction by instruction. */
export interface EvaluatedStage {
  readonly stage: Stage;
  readonly base: Base;
  /** Value of `--platform`; undefined without one. */
  readonly platform: Evaluation | undefined;
  readonly platformFlag: Flag | undefined;
  readonly steps: readonly Step[];
  /** In effect at the end of the stage. */
  readonly state: StageState;
  /** What a name stands for at the end of the stage. */
  readonly lookup: (name: string) => Binding;
  /** By name, the last one of each along the chain; names whose value is unknown are left out. */
  readonly env: ReadonlyMap<string, PairSetting>;
  readonly labels: ReadonlyMap<string, PairSetting>;
  /** Along the chain, parents first. */
  readonly exposed: readonly WordSetting[];
  readonly volumes: readonly WordSetting[];
  /** COPY and ADD of this stage, triggers included, in order. */
  readonly copies: readonly Copy[];
  /** RUN mounts with `from=` of this stage, and where they lead. */
  readonly mountOrigins: readonly MountOrigin[];
}

/** Where `RUN --mount=from=` leads. */
export interface MountOrigin {
  readonly step: Step;
  readonly mount: Mount;
  readonly origin: CopyOrigin;
}

/** A Dockerfile with the values of one build. */
export interface EvaluatedDockerfile {
  readonly file: Dockerfile;
  readonly stages: readonly EvaluatedStage[];
  /** See `Dockerfile.fragment`; in no chain and no closure. */
  readonly fragment: EvaluatedStage | undefined;
  /** What a name stands for in FROM. */
  readonly globalLookup: (name: string) => Binding;
  /** The value of `--target`: a name in any case, or a 0-based index; undefined when there is none. */
  findStage(target: string): EvaluatedStage | undefined;
  /** The stage and the stages that its FROM leads to, the stage first. */
  chain(stage: EvaluatedStage): readonly EvaluatedStage[];
  /** The chain, and all stages that it takes files from, in the order of the file. */
  closure(stage: EvaluatedStage): readonly EvaluatedStage[];
  /** The closure without the chain: only copied paths of these ship. */
  contentStages(stage: EvaluatedStage): readonly EvaluatedStage[];
  /** What the builder refuses with these values only: `${x:?}` on a name without value. The rest is in `file.problems`. */
  readonly problems: readonly Problem[];
}

/** Evaluates a file for one build. Stages are evaluated on first use, all at once, in the order of the file. */
export function evaluateDockerfile(file: Dockerfile, inputs: EvaluationInputs = NO_INPUTS): EvaluatedDockerfile {
  return new FileEvaluation(file, inputs);
}

/** What the evaluation of a stage needs of its file. */
export interface FileContext {
  readonly inputs: EvaluationInputs;
  readonly global: GlobalScope;
  readonly names: StageNames;
  readonly globalLookup: (name: string) => Binding;
  origin(written: string, range: Range, kind: "copy" | "mount"): CopyOrigin;
}

class FileEvaluation implements EvaluatedDockerfile, FileContext {
  readonly file: Dockerfile;
  readonly inputs: EvaluationInputs;
  #global: GlobalScope | undefined;
  #names: StageNames | undefined;
  #stages: readonly StageEvaluation[] | undefined;
  #fragment: StageEvaluation | undefined;
  #problems: readonly Problem[] | undefined;

  constructor(file: Dockerfile, inputs: EvaluationInputs) {
    this.file = file;
    this.inputs = inputs;
  }

  get global(): GlobalScope {
    this.#global ??= evaluateGlobalArgs(this.file.globalArgs, this.inputs);
    return this.#global;
  }

  get names(): StageNames {
    this.#names ??= new StageNames(this.file.stages);
    return this.#names;
  }

  get stages(): readonly StageEvaluation[] {
    if (this.#stages === undefined) {
      const stages: StageEvaluation[] = [];
      // Parents come first in the file, so no stage needs another one that is not there yet.
      for (const stage of this.file.stages) stages.push(new StageEvaluation(this, stage, stages));
      this.#stages = stages;
    }
    return this.#stages;
  }

  get fragment(): EvaluatedStage | undefined {
    const { fragment } = this.file;
    if (fragment !== undefined) this.#fragment ??= new StageEvaluation(this, fragment, []);
    return this.#fragment;
  }

  readonly globalLookup = (name: string): Binding => this.global.lookup(name);

  findStage(target: string): EvaluatedStage | undefined {
    const found = this.names.forCopy(target);
    return found.kind === "stage" ? this.stages[found.stage.index] : undefined;
  }

  chain(stage: EvaluatedStage): readonly EvaluatedStage[] {
    const chain: EvaluatedStage[] = [stage];
    for (let { base } = stage; base.kind === "stage"; base = base.stage.base) chain.push(base.stage);
    return chain;
  }

  closure(stage: EvaluatedStage): readonly EvaluatedStage[] {
    const reached = new Set<EvaluatedStage>([stage]);
    // A set visits what is added while it is walked.
    for (const member of reached) {
      if (member.base.kind === "stage") reached.add(member.base.stage);
      for (const { from } of member.copies) if (from.kind === "stage") reached.add(from.stage);
      for (const { origin } of member.mountOrigins) if (origin.kind === "stage") reached.add(origin.stage);
    }
    return this.stages.filter((member) => reached.has(member));
  }

  contentStages(stage: EvaluatedStage): readonly EvaluatedStage[] {
    const chain = new Set(this.chain(stage));
    return this.closure(stage).filter((member) => !chain.has(member));
  }

  get problems(): readonly Problem[] {
    this.#problems ??= [
      ...this.file.stages.flatMap((stage) => requiredValues(stage.from, this.globalLookup)),
      ...this.stages.flatMap((stage) => stage.steps.flatMap((step) => requiredValues(step.instruction, step.lookup))),
    ];
    return this.#problems;
  }

  /** Where `--from` of COPY, or `from=` of a mount, leads. */
  origin(written: string, range: Range, kind: "copy" | "mount"): CopyOrigin {
    if (written === "" || written.includes("$")) return { kind: "unresolved", written, range };
    if (kind === "copy") {
      const found = this.names.forCopy(written);
      if (found.kind === "no-stage") return { kind: "unresolved", written, range };
      if (found.kind === "stage") return this.#stageOrigin(found.stage, written, range);
    } else {
      const found = this.names.forMount(written);
      if (found !== undefined) return this.#stageOrigin(found, written, range);
    }
    return { kind: this.inputs.namedContexts.has(written) ? "named-context" : "image", name: written, range };
  }

  #stageOrigin({ index }: Stage, written: string, range: Range): CopyOrigin {
    const stage = this.stages[index];
    return stage === undefined ? { kind: "unresolved", written, range } : { kind: "stage", stage, range };
  }
}

function evaluateGlobalArgs(args: readonly ArgInstruction[], { buildArgs }: EvaluationInputs): GlobalScope {
  const scope = new GlobalScope();
  const lookup = (name: string): Binding => scope.lookup(name);
  for (const { pairs } of args) {
    for (const { key, value, range } of pairs) {
      const name = key.expandWith(lookup).value;
      const binding = buildArgs.get(name) ?? toBinding(value?.expandWith(lookup), range);
      scope.set({ name, binding, range });
    }
  }
  return scope;
}

function requiredValues(instruction: Instruction, lookup: (name: string) => Binding): readonly Problem[] {
  return expandedWords(instruction).flatMap((word): Problem[] => {
    const problem = word.raw.includes("?") ? word.expandWith(lookup).problem : undefined;
    if (problem?.kind !== "required") return [];
    const message = describeExpansionProblem(problem, word.raw);
    const range = word.rangeOf(problem.start, problem.end);
    return [{ kind: "substitution", message, range, keyword: instruction.keyword }];
  });
}
