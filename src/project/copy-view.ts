import { resolvePath } from "../dockerfile/container-path.js";
import type { Copy } from "../dockerfile/copies.js";
import type { Step } from "../dockerfile/evaluate.js";
import type { Range } from "../text/source.js";
import type { CopyView, StageView, UserState } from "./model.js";
import type { StageModel } from "./stage-view.js";
import { userStateOf } from "./users.js";
import { workdirAt } from "./workdir.js";

/** A COPY or ADD of a stage. */
export class CopyModel implements CopyView {
  readonly stage: StageView;
  readonly step: Step;
  readonly instruction: CopyView["instruction"];
  readonly #copy: Copy;
  readonly #model: StageModel;
  #sources: CopyView["sources"] | undefined;
  #user: UserState | undefined;

  constructor(stage: StageModel, copy: Copy) {
    this.stage = stage;
    this.#model = stage;
    this.step = copy.step;
    this.instruction = copy.instruction;
    this.#copy = copy;
  }

  get isOnbuild(): boolean {
    return this.step.onbuild !== undefined;
  }

  get from(): CopyView["from"] {
    const { from } = this.#copy;
    switch (from.kind) {
      case "context":
        return CONTEXT;
      case "stage": {
        const stage = this.#model.build.stages[from.stage.stage.index];
        return stage === undefined ? UNKNOWN : { kind: "stage", stage };
      }
      case "image":
        return { kind: "image", reference: from.name };
      case "named-context":
        return { kind: "named-context", name: from.name };
      default:
        return UNKNOWN;
    }
  }

  get sources(): CopyView["sources"] {
    this.#sources ??= this.#copy.sources.map((source) => {
      const { word } = source;
      if (source.kind === "heredoc") {
        return { kind: "heredoc", path: source.heredoc?.name, range: word.range, heredoc: source.heredoc };
      }
      const { evaluation } = source;
      const path = evaluation.kind === "unknown" ? undefined : evaluation.value;
      return { kind: source.kind, path, range: word.range, heredoc: undefined };
    });
    return this.#sources;
  }

  get destination(): string | undefined {
    const { destination } = this.#copy;
    if (destination === undefined) return undefined;
    if (destination.path !== undefined) return destination.path;
    // Relative to a working directory that only the base tells.
    const { evaluation } = destination;
    if (evaluation.kind !== "known" || evaluation.value.startsWith("/")) return undefined;
    const { workdir } = this;
    return workdir === undefined ? undefined : resolvePath(workdir, evaluation.value);
  }

  /** Working directory before the step. */
  get workdir(): string | undefined {
    return workdirAt(this.stage, this.step.state);
  }

  get isFolder(): boolean {
    return this.#copy.destination?.isDirectory ?? false;
  }

  get destinationRange(): Range | undefined {
    return this.#copy.destination?.word.range;
  }

  get chown(): CopyView["chown"] {
    const flag = this.instruction.chown;
    if (flag === undefined) return undefined;
    const value = flag.value === undefined ? undefined : this.step.expand(flag.value);
    return { text: value?.kind === "known" ? value.value : undefined, range: flag.valueRange ?? flag.range };
  }

  get user(): UserState {
    this.#user ??= userStateOf(this.stage, this.step.state);
    return this.#user;
  }
}

const CONTEXT = { kind: "context" } as const;
const UNKNOWN = { kind: "unknown" } as const;
