import type { Service } from "../compose/model.js";
import type { BaseImageEntry } from "../config/policy.js";
import type { Context } from "../context/context.js";
import { Reach, type ReachedSource } from "../context/reach.js";
import type { Role } from "../data/roles.js";
import { type EvaluatedDockerfile, evaluateDockerfile } from "../dockerfile/evaluate.js";
import type { Binding } from "../dockerfile/expand.js";
import type { Range } from "../text/source.js";
import { baseEnvironmentOf } from "./base-facts.js";
import { reachedSources } from "./build-reach.js";
import type { LinkedProject } from "./linked-project.js";
import type { Build, DockerfileView, StageView } from "./model.js";
import { StageModel } from "./stage-view.js";

/** The value of one build argument, with the place that gives it. */
export type BuildArgument =
  | { readonly kind: "known"; readonly value: string; readonly origin?: Range }
  | { readonly kind: "unknown" };

/** What a build is made of. */
export interface BuildParts {
  readonly project: LinkedProject;
  readonly view: DockerfileView;
  readonly context: Context;
  /** Undefined when no target is written, or its name is unknown. */
  readonly targetName: string | undefined;
  readonly isTargetWritten: boolean;
  readonly args: ReadonlyMap<string, BuildArgument>;
  /** Arguments that the policy gives; they win. */
  readonly policyArgs: ReadonlyMap<string, string>;
  readonly baseImages: ReadonlyMap<string, BaseImageEntry>;
  readonly namedContexts?: ReadonlySet<string>;
  readonly services: readonly Service[];
  readonly labels: readonly string[];
  readonly role: Role;
}

/** One build; everything is evaluated on first use and kept. */
export class BuildModel implements Build {
  readonly labels: readonly string[];
  readonly dockerfile: DockerfileView;
  readonly context: Context;
  readonly services: readonly Service[];
  readonly role: Role;
  readonly targetName: string | undefined;
  readonly project: LinkedProject;
  readonly baseImages: ReadonlyMap<string, BaseImageEntry>;
  readonly #parts: BuildParts;
  #evaluated: EvaluatedDockerfile | undefined;
  #stages: readonly StageModel[] | undefined;
  #fragment: StageModel | undefined;
  #target: { readonly stage: StageModel | undefined } | undefined;
  #chain: readonly StageView[] | undefined;
  #closure: ReadonlySet<StageView> | undefined;
  #reach: Reach | undefined;

  constructor(parts: BuildParts) {
    this.#parts = parts;
    this.labels = parts.labels;
    this.dockerfile = parts.view;
    this.context = parts.context;
    this.services = parts.services;
    this.role = parts.role;
    this.targetName = parts.targetName;
    this.project = parts.project;
    this.baseImages = parts.baseImages;
  }

  get evaluated(): EvaluatedDockerfile {
    this.#evaluated ??= evaluateDockerfile(this.dockerfile.dockerfile, {
      buildArgs: bindingsOf(this.#parts),
      baseEnv: (base) => baseEnvironmentOf(base, this.baseImages),
      namedContexts: this.#parts.namedContexts ?? NO_NAMES,
    });
    return this.#evaluated;
  }

  get stages(): readonly StageModel[] {
    this.#stages ??= this.evaluated.stages.map((stage) => new StageModel(this, stage));
    return this.#stages;
  }

  get fragment(): StageModel | undefined {
    if (this.#fragment === undefined && this.dockerfile.dockerfile.fragment !== undefined) {
      const { fragment } = this.evaluated;
      if (fragment !== undefined) this.#fragment = new StageModel(this, fragment);
    }
    return this.#fragment;
  }

  get target(): StageModel | undefined {
    this.#target ??= { stage: this.#findTarget() };
    return this.#target.stage;
  }

  get chain(): readonly StageView[] {
    if (this.#chain === undefined) {
      const { target } = this;
      this.#chain =
        target === undefined
          ? []
          : this.evaluated.chain(target.evaluated).map((stage) => this.#view(stage.stage.index));
    }
    return this.#chain;
  }

  get closure(): ReadonlySet<StageView> {
    if (this.#closure === undefined) {
      const { target } = this;
      const stages = target === undefined ? [] : this.evaluated.closure(target.evaluated);
      this.#closure = new Set(stages.map((stage) => this.#view(stage.stage.index)));
    }
    return this.#closure;
  }

  get reach(): Reach {
    this.#reach ??= new Reach(this.reached);
    return this.#reach;
  }

  /** Sources of the context that the closure takes, as plain data. */
  get reached(): readonly ReachedSource[] {
    return [...reachedSources(this)];
  }

  get sharingIgnoreFile(): readonly Build[] {
    return this.project.sharingIgnoreFile(this);
  }

  #findTarget(): StageModel | undefined {
    const { targetName, isTargetWritten } = this.#parts;
    if (!isTargetWritten) return this.stages.at(-1);
    if (targetName === undefined) return undefined;
    if (targetName === "") return this.stages.at(-1);
    const found = this.evaluated.findStage(targetName);
    return found === undefined ? undefined : this.stages[found.stage.index];
  }

  #view(index: number): StageView {
    const stage = this.stages[index];
    if (stage === undefined) throw new RangeError(`no stage ${index} in ${this.dockerfile.source.path}`);
    return stage;
  }
}

const NO_NAMES: ReadonlySet<string> = new Set();

function bindingsOf({ args, policyArgs }: BuildParts): ReadonlyMap<string, Binding> {
  const bindings = new Map<string, Binding>();
  for (const [name, argument] of args) {
    bindings.set(
      name,
      argument.kind === "known"
        ? { kind: "known", value: argument.value, origin: argument.origin }
        : { kind: "unknown", origin: undefined },
    );
  }
  for (const [name, value] of policyArgs) bindings.set(name, { kind: "known", value, origin: undefined });
  return bindings;
}
