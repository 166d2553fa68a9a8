import type { Step } from "../dockerfile/evaluate.js";
import type { RunInstruction } from "../dockerfile/model.js";
import { resolvePath } from "../files/path.js";
import type { ScriptFacts } from "../shell/fact-model.js";
import type { Invocation, Script } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { type CommandModel, readCommand } from "./commands.js";
import type { RunView, StageView, UserState } from "./model.js";
import { pragmaShell } from "./shell-pragma.js";
import type { StageModel } from "./stage-view.js";
import { userStateOf } from "./users.js";
import { workdirAt } from "./workdir.js";

/** A RUN of a stage. */
export class RunModel implements RunView {
  readonly stage: StageView;
  readonly step: Step;
  readonly instruction: RunInstruction;
  readonly #model: StageModel;
  #command: CommandModel | undefined;
  #user: UserState | undefined;

  constructor(stage: StageModel, step: Step, instruction: RunInstruction) {
    this.stage = stage;
    this.#model = stage;
    this.step = step;
    this.instruction = instruction;
  }

  get isOnbuild(): boolean {
    return this.step.onbuild !== undefined;
  }

  get script(): Script | undefined {
    return this.#read().script;
  }

  get commands(): readonly Invocation[] {
    return this.#read().commands;
  }

  get facts(): ScriptFacts {
    return this.#read().facts;
  }

  get packages(): readonly PackageCommand[] {
    return this.facts.packageCommands;
  }

  get shell(): readonly string[] | undefined {
    return this.step.state.shell?.value;
  }

  get user(): UserState {
    this.#user ??= userStateOf(this.stage, this.step.state);
    return this.#user;
  }

  get workdir(): string | undefined {
    return workdirAt(this.stage, this.step.state);
  }

  mountTargets(type: string): readonly string[] {
    return this.instruction.mounts.flatMap((mount) => {
      if (mount.type !== type || mount.target === undefined) return [];
      const value = this.step.expand(mount.target);
      if (value.kind !== "known") return [];
      if (this.#model.isWindows || value.value.startsWith("/")) return [value.value];
      const { workdir } = this;
      return workdir === undefined ? [] : [resolvePath(workdir, value.value)];
    });
  }

  #read(): CommandModel {
    this.#command ??= readCommand(this.instruction.command, {
      step: this.step,
      shell: this.shell ?? pragmaShell(this.stage, this.instruction),
      sh: this.#model.sh,
      isWindows: this.#model.isWindows,
    });
    return this.#command;
  }
}
