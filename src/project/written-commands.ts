import type { CommandText } from "../dockerfile/command-text.js";
import type { Step } from "../dockerfile/evaluate.js";
import type {
  CmdInstruction,
  EntrypointInstruction,
  HealthcheckInstruction,
  Instruction,
  RunInstruction,
} from "../dockerfile/model.js";
import type { Invocation, Script } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { type CommandModel, readCommand, shKind } from "./commands.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { triggerRuns } from "./trigger-runs.js";

/** A RUN, CMD, ENTRYPOINT or HEALTHCHECK CMD as it is written in a stage, whether or not it stays in effect. */
export interface WrittenCommand {
  readonly instruction: RunInstruction | CmdInstruction | EntrypointInstruction | HealthcheckInstruction;
  readonly text: CommandText;
  /** The instruction, or the ONBUILD that holds it. */
  readonly step: Step;
  readonly stage: StageView;
  /** Behind ONBUILD: it runs in builds that start from this image. */
  readonly isTrigger: boolean;
  /** Undefined in exec form. */
  readonly script: Script | undefined;
  /** In source order, those of nested scripts included. */
  readonly commands: readonly Invocation[];
}

const known = new ModelMemo<StageView, readonly WrittenCommand[]>();

/**
 * All commands that a stage writes, triggers included, in the order of the file. What a parent's ONBUILD brings is written
 * in the parent, and not listed here.
 */
export function writtenCommands(stage: StageView): readonly WrittenCommand[] {
  let found = known.get(stage);
  if (found === undefined) {
    found = collect(stage);
    known.set(stage, found);
  }
  return found;
}

/** All shell scripts that a stage writes: shell forms, heredocs, and texts given to `sh -c` in exec form. */
export function* writtenScripts(stage: StageView): Iterable<Script> {
  for (const { script, text, commands } of writtenCommands(stage)) {
    if (script !== undefined) yield script;
    else if (text.kind === "json") for (const { nested } of commands) yield* nested;
  }
}

/** A comment in a joined line, and what it takes away. */
export interface SwallowingComment {
  /** From `#` to the end of its physical line, without the escape character. */
  readonly range: Range;
  /** The next line of code that never runs, without its own escape character. */
  readonly lost: string;
}

/** The comment that swallows later lines of a command; undefined when there is none, or nothing below it. */
export function swallowingComment({ text }: WrittenCommand): SwallowingComment | undefined {
  const swallowed = text.kind === "shell" ? text.script.swallowed : undefined;
  if (swallowed?.hasCode !== true) return undefined;
  const { source, start } = swallowed.range;
  const [first = "", ...below] = source.slice(swallowed.range).split(/\r?\n/);
  const lost = below.map((line) => line.trim()).find((line) => line !== "" && !line.startsWith("#"));
  if (lost === undefined) return undefined;
  return { range: source.range(start, start + withoutEscape(first).length), lost: withoutEscape(lost) };
}

function withoutEscape(line: string): string {
  const text = line.trimEnd();
  return text.endsWith("\\") || text.endsWith("`") ? text.slice(0, -1).trimEnd() : text;
}

function collect(stage: StageView): readonly WrittenCommand[] {
  const runs = new Map<Step, RunView>(stage.runs.map((run) => [run.step, run]));
  const triggers = new Map<Instruction, RunView>(triggerRuns(stage).map((run) => [run.instruction, run]));
  const found: WrittenCommand[] = [];
  for (const step of stage.evaluated.steps) {
    if (step.onbuild !== undefined) continue;
    const isTrigger = step.instruction.keyword === "ONBUILD";
    const instruction = step.instruction.keyword === "ONBUILD" ? step.instruction.trigger : step.instruction;
    if (instruction === undefined) continue;
    const text = commandOf(instruction);
    if (text === undefined || !isStart(instruction)) continue;
    const run = isTrigger ? triggers.get(instruction) : runs.get(step);
    found.push(new ReadCommand({ instruction, text, step, stage, isTrigger }, run));
  }
  return found;
}

function isStart(instruction: Instruction): instruction is WrittenCommand["instruction"] {
  return commandOf(instruction) !== undefined;
}

function commandOf(instruction: Instruction): CommandText | undefined {
  switch (instruction.keyword) {
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
      return instruction.command;
    case "HEALTHCHECK":
      return instruction.test.kind === "cmd" ? instruction.test.command : undefined;
    default:
      return undefined;
  }
}

type Place = Pick<WrittenCommand, "instruction" | "text" | "step" | "stage" | "isTrigger">;

/** A command that is parsed on first use, together with the stage's own view of it where there is one. */
class ReadCommand implements WrittenCommand {
  readonly instruction: WrittenCommand["instruction"];
  readonly text: CommandText;
  readonly step: Step;
  readonly stage: StageView;
  readonly isTrigger: boolean;
  readonly #run: RunView | undefined;
  #read: Pick<CommandModel, "script" | "commands"> | undefined;

  constructor({ instruction, text, step, stage, isTrigger }: Place, run: RunView | undefined) {
    this.instruction = instruction;
    this.text = text;
    this.step = step;
    this.stage = stage;
    this.isTrigger = isTrigger;
    this.#run = run;
  }

  get script(): Script | undefined {
    return this.#model.script;
  }

  get commands(): readonly Invocation[] {
    return this.#model.commands;
  }

  get #model(): Pick<CommandModel, "script" | "commands"> {
    this.#read ??= this.#run ?? this.#inEffect() ?? this.#own();
    return this.#read;
  }

  #inEffect(): Pick<CommandModel, "script" | "commands"> | undefined {
    const { entrypoint, command, healthcheck } = this.stage;
    if (entrypoint?.step === this.step) return entrypoint;
    if (command?.step === this.step) return command;
    return healthcheck.kind === "check" && healthcheck.view.step === this.step ? healthcheck.view : undefined;
  }

  #own(): CommandModel {
    const { stage, step } = this;
    return readCommand(this.text, {
      step,
      shell: step.state.shell?.value,
      sh: shKind(stage.facts?.shell),
      isWindows: stage.isWindows,
    });
  }
}
