import type { Range } from "../text/source.js";
import { type Base, imageBase } from "./base.js";
import { resolvePath } from "./container-path.js";
import { type Copy, evaluateCopy } from "./copies.js";
import type {
  EvaluatedStage,
  EvaluationInputs,
  FileContext,
  MountOrigin,
  PairSetting,
  StageState,
  Step,
  WordSetting,
  WorkingDirectory,
} from "./evaluate.js";
import type { Binding, Evaluation } from "./expand.js";
import type {
  ArgInstruction,
  EntrypointInstruction,
  EnvInstruction,
  Flag,
  Instruction,
  OnbuildInstruction,
  Stage,
} from "./model.js";
import { type BaseEnvironment, StageScope } from "./scope.js";
import type { Word } from "./word.js";

/** The binding that a value makes; no value is one that nobody can know, for a builder may be given it. */
export function toBinding(evaluation: Evaluation | undefined, origin: Range): Binding {
  if (evaluation === undefined || evaluation.kind === "unknown") return { kind: "unknown", origin };
  return { kind: "known", value: evaluation.value, origin };
}

const INITIAL_STATE: StageState = {
  user: undefined,
  workdir: { path: undefined, setting: undefined },
  shell: undefined,
  healthcheck: undefined,
  entrypoint: undefined,
  cmd: undefined,
  clearedCmd: undefined,
  stopsignal: undefined,
};

/** A stage evaluated step by step when it is made; its lists are computed on first use. */
export class StageEvaluation implements EvaluatedStage {
  readonly stage: Stage;
  readonly base: Base;
  readonly platform: Evaluation | undefined;
  readonly steps: readonly Step[];
  readonly state: StageState;
  readonly scope: StageScope;
  readonly #file: FileContext;
  readonly #parent: StageEvaluation | undefined;
  #env: ReadonlyMap<string, PairSetting> | undefined;
  #labels: ReadonlyMap<string, PairSetting> | undefined;
  #exposed: readonly WordSetting[] | undefined;
  #volumes: readonly WordSetting[] | undefined;
  #copies: readonly Copy[] | undefined;
  #mountOrigins: readonly MountOrigin[] | undefined;

  constructor(file: FileContext, stage: Stage, earlier: readonly StageEvaluation[]) {
    this.#file = file;
    this.stage = stage;
    const { global } = file;
    const evaluation = stage.baseName?.expandWith(file.globalLookup);
    const parentIndex =
      evaluation?.kind === "known" ? file.names.forFrom(evaluation.value, stage.index)?.index : undefined;
    this.#parent = parentIndex === undefined ? undefined : earlier[parentIndex];
    this.base = toBase(stage, evaluation, this.#parent);
    this.platform = stage.from.platform?.value?.expandWith((name) => global.lookup(name));
    this.scope = new StageScope(this.#parent?.scope, baseEnvironment(this.base, file.inputs));
    const { steps, state } = this.#run();
    this.steps = steps;
    this.state = state;
  }

  get platformFlag(): Flag | undefined {
    return this.stage.from.platform;
  }

  readonly lookup = (name: string): Binding => this.scope.lookup(name, Number.POSITIVE_INFINITY);

  get env(): ReadonlyMap<string, PairSetting> {
    this.#env ??= this.#pairs("ENV", this.#parent?.env);
    return this.#env;
  }

  get labels(): ReadonlyMap<string, PairSetting> {
    this.#labels ??= this.#pairs("LABEL", this.#parent?.labels);
    return this.#labels;
  }

  get exposed(): readonly WordSetting[] {
    this.#exposed ??= this.#words("EXPOSE", this.#parent?.exposed);
    return this.#exposed;
  }

  get volumes(): readonly WordSetting[] {
    this.#volumes ??= this.#words("VOLUME", this.#parent?.volumes);
    return this.#volumes;
  }

  get copies(): readonly Copy[] {
    this.#copies ??= this.steps.flatMap((step) => this.#copy(step));
    return this.#copies;
  }

  get mountOrigins(): readonly MountOrigin[] {
    this.#mountOrigins ??= this.steps.flatMap((step) => {
      if (step.instruction.keyword !== "RUN") return [];
      return step.instruction.mounts.flatMap((mount): MountOrigin[] => {
        const { from } = mount;
        return from === undefined ? [] : [{ step, mount, origin: this.#file.origin(from.raw, from.range, "mount") }];
      });
    });
    return this.#mountOrigins;
  }

  #run(): { readonly steps: readonly Step[]; readonly state: StageState } {
    const steps: Step[] = [];
    let state = this.#parent?.state ?? (this.base.kind === "scratch" ? SCRATCH_STATE : INITIAL_STATE);
    const add = (instruction: Instruction, onbuild: OnbuildInstruction | undefined): void => {
      const step = new StageStep(this, instruction, onbuild, steps.length, state);
      steps.push(step);
      state = this.#apply(step);
    };
    for (const instruction of this.#parent?.stage.instructions ?? []) {
      if (instruction.keyword === "ONBUILD" && instruction.trigger !== undefined) add(instruction.trigger, instruction);
    }
    for (const instruction of this.stage.instructions) add(instruction, undefined);
    return { steps, state };
  }

  /** The state after a step; the scope is told of ARG and ENV. */
  #apply(step: StageStep): StageState {
    const { instruction, state } = step;
    switch (instruction.keyword) {
      case "ARG":
        this.#declare(step, instruction);
        return state;
      case "ENV":
        this.#setEnv(step, instruction);
        return state;
      case "USER": {
        const value = expandIfWritten(step, instruction.argument);
        return value === undefined ? state : { ...state, user: { value, step, stage: this } };
      }
      case "STOPSIGNAL": {
        const value = expandIfWritten(step, instruction.argument);
        return value === undefined ? state : { ...state, stopsignal: { value, step, stage: this } };
      }
      case "WORKDIR": {
        const value = expandIfWritten(step, instruction.argument);
        return value === undefined ? state : { ...state, workdir: this.#workdir(step, value) };
      }
      case "SHELL": {
        if (instruction.items.length === 0) return state;
        const value = instruction.items.map((item) => item.value);
        return { ...state, shell: { value, step, stage: this } };
      }
      case "HEALTHCHECK": {
        if (instruction.test.kind === "invalid") return state;
        return { ...state, healthcheck: { value: instruction.test, step, stage: this } };
      }
      case "CMD":
        return { ...state, cmd: { value: instruction.command, step, stage: this }, clearedCmd: undefined };
      case "ENTRYPOINT":
        return this.#entrypoint(step, instruction);
      default:
        return state;
    }
  }

  #workdir(step: StageStep, value: Evaluation): WorkingDirectory {
    const setting = { value, step, stage: this };
    if (value.kind === "known") return { path: resolvePath(step.state.workdir.path, value.value), setting };
    return { path: undefined, setting };
  }

  #entrypoint(step: StageStep, { command }: EntrypointInstruction): StageState {
    const { state } = step;
    const entrypoint = { value: command, step, stage: this };
    const { cmd } = state;
    if (cmd === undefined || cmd.stage === this) return { ...state, entrypoint };
    return { ...state, entrypoint, cmd: undefined, clearedCmd: { cmd, by: step } };
  }

  #declare(step: StageStep, { pairs }: ArgInstruction): void {
    const { inputs, global } = this.#file;
    for (const { key, value, range } of pairs) {
      // Pairs of one ARG see those before them.
      const lookup = (name: string): Binding => this.scope.lookup(name, step.index + 1);
      const name = key.expandWith(lookup).value;
      const given = inputs.buildArgs.get(name);
      if (given !== undefined) this.scope.setArg(name, step.index, given);
      else if (value !== undefined) this.scope.setArg(name, step.index, toBinding(value.expandWith(lookup), range));
      else {
        const inherited = global.get(name)?.binding;
        if (inherited !== undefined) this.scope.setArg(name, step.index, inherited);
        else if (!this.scope.hasArg(name, step.index)) {
          this.scope.setArg(name, step.index, { kind: "unknown", origin: range });
        }
      }
    }
  }

  #setEnv(step: StageStep, { pairs }: EnvInstruction): void {
    // All pairs of one ENV see the values from before it.
    for (const { key, value, range } of pairs) {
      const name = step.expand(key).value;
      if (name !== "") this.scope.setEnv(name, step.index, toBinding(step.expand(value), range));
    }
  }

  #pairs(
    keyword: "ENV" | "LABEL",
    inherited: ReadonlyMap<string, PairSetting> | undefined,
  ): ReadonlyMap<string, PairSetting> {
    const settings = new Map(inherited);
    for (const step of this.steps) {
      const { instruction } = step;
      if (instruction.keyword !== keyword) continue;
      for (const pair of instruction.pairs) {
        const name = step.expand(pair.key).value;
        if (name !== "") settings.set(name, { name, pair, value: step.expand(pair.value), step, stage: this });
      }
    }
    return settings;
  }

  #words(keyword: "EXPOSE" | "VOLUME", inherited: readonly WordSetting[] | undefined): readonly WordSetting[] {
    const settings = [...(inherited ?? [])];
    for (const step of this.steps) {
      if (step.instruction.keyword !== keyword) continue;
      for (const word of step.instruction.words) {
        settings.push({ word, value: step.expand(word), step, stage: this });
      }
    }
    return settings;
  }

  #copy(step: Step): readonly Copy[] {
    const { instruction } = step;
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") return [];
    const flag = instruction.keyword === "COPY" ? instruction.from : undefined;
    if (flag === undefined) return [evaluateCopy(step, instruction, { kind: "context" })];
    const written = flag.value?.raw ?? "";
    const range = flag.valueRange ?? flag.range;
    return [evaluateCopy(step, instruction, this.#file.origin(written, range, "copy"))];
  }
}

const SCRATCH_STATE: StageState = { ...INITIAL_STATE, workdir: { path: "/", setting: undefined } };

class StageStep implements Step {
  readonly index: number;
  readonly instruction: Instruction;
  readonly stage: StageEvaluation;
  readonly onbuild: OnbuildInstruction | undefined;
  readonly state: StageState;

  constructor(
    stage: StageEvaluation,
    instruction: Instruction,
    onbuild: OnbuildInstruction | undefined,
    index: number,
    state: StageState,
  ) {
    this.stage = stage;
    this.instruction = instruction;
    this.onbuild = onbuild;
    this.index = index;
    this.state = state;
  }

  readonly lookup = (name: string): Binding => this.stage.scope.lookup(name, this.index);

  expand(word: Word): Evaluation {
    return word.expandWith(this.lookup);
  }
}

function expandIfWritten(step: Step, word: Word | undefined): Evaluation | undefined {
  return word === undefined ? undefined : step.expand(word);
}

function toBase(stage: Stage, evaluation: Evaluation | undefined, parent: EvaluatedStage | undefined): Base {
  const word = stage.baseName;
  if (word === undefined || evaluation === undefined) {
    return { kind: "unresolved", written: "", evaluation: undefined, range: stage.from.keywordRange };
  }
  const written = word.raw;
  const { range } = word;
  if (parent !== undefined) return { kind: "stage", written, stage: parent, range };
  if (evaluation.kind !== "known") return { kind: "unresolved", written, evaluation, range };
  return evaluation.value === "scratch" ? { kind: "scratch", written, range } : imageBase(word, evaluation);
}

function baseEnvironment(base: Base, inputs: EvaluationInputs): BaseEnvironment {
  if (base.kind === "scratch") return { kind: "known", values: new Map() };
  const values = base.kind === "image" ? inputs.baseEnv(base) : undefined;
  return values === undefined ? { kind: "unknown" } : { kind: "known", values };
}
