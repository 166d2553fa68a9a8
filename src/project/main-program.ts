import type { Service } from "../compose/model.js";
import type { BaseImageFacts } from "../data/base-image-model.js";
import type { Evaluation } from "../dockerfile/expand.js";
import { baseName } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { CommandView, Project, StageView } from "./model.js";
import { commandsOf, shOf } from "./service-view.js";
import { useOfCommand } from "./start-pairs.js";

/** The program that a container begins with, as the exec form names it: what gets the signals. */
export interface MainProgram {
  readonly invocation: Invocation;
  /** The instruction that names it; undefined when a service does. */
  readonly view: CommandView | undefined;
  /** Base name of the program of the entrypoint that starts it (`tini`); undefined when there is none. */
  readonly launcher: string | undefined;
}

/**
 * The main program of a stage.
 *
 * @returns undefined where a shell or script stands before it, or nobody knows what the base starts
 */
export function mainProgramOf(stage: StageView, project: Project): MainProgram | undefined {
  const { entrypoint, command } = stage;
  if (entrypoint === undefined) return passesOnCommand(stage) ? programOf(command) : undefined;
  switch (useOfCommand(stage, project)) {
    case "takes":
      return programOf(entrypoint);
    case "runs":
      return programOf(command, launcherOf(entrypoint));
    default:
      return undefined;
  }
}

/** Whether the entrypoint of the base is known to hand over to the command: there is none, or the one that official images have. */
function passesOnCommand({ facts, isScratch }: StageView): boolean {
  return isScratch || passesOn(facts);
}

function passesOn(facts: BaseImageFacts | undefined): boolean {
  const first = facts?.entrypoint?.[0];
  if (first !== undefined) return first.endsWith("docker-entrypoint.sh") || first === "docker-php-entrypoint";
  // Of distributions and languages it is known that they have none.
  return facts?.os !== undefined;
}

function programOf(view: CommandView | undefined, launcher?: string): MainProgram | undefined {
  const [invocation] = view?.commands ?? [];
  return view?.argv === undefined || invocation === undefined ? undefined : { invocation, view, launcher };
}

function launcherOf({ argv }: CommandView): string | undefined {
  const [program] = argv ?? [];
  return program === undefined ? undefined : baseName(program);
}

/**
 * The main program of a service: what its own keys start, else what its build does. Pulled images are asked only
 * whether they pass a `command` on.
 */
export function mainProgramOfService(service: Service, project: Project): MainProgram | undefined {
  const { entrypoint, command } = service;
  const image = project.imageOf(service);
  const isReplaced = entrypoint !== undefined && entrypoint.form !== "image";
  const isGiven = command !== undefined && command.form !== "image" && command.words.length > 0;
  if (isReplaced) {
    // A launcher alone runs the command; what a script does with it is not known.
    const [own, second] = commandsOf(entrypoint, shOf(image));
    return own === undefined || second !== undefined || own.words.length === 0
      ? undefined
      : { invocation: own, view: undefined, launcher: undefined };
  }
  if (image.kind === "unknown") return undefined;
  if (!isGiven) return image.kind === "stage" ? mainProgramOf(image.stage, project) : undefined;
  const [invocation] = commandsOf(command, shOf(image));
  if (invocation === undefined) return undefined;
  const written = image.kind === "stage" ? image.stage.entrypoint : undefined;
  if (image.kind === "stage" && written !== undefined) {
    const isRun = useOfCommand(image.stage, project) === "runs";
    return isRun ? { invocation, view: undefined, launcher: launcherOf(written) } : undefined;
  }
  const isPassed = image.kind === "stage" ? passesOnCommand(image.stage) : passesOn(image.facts);
  return isPassed ? { invocation, view: undefined, launcher: undefined } : undefined;
}

/** The STOPSIGNAL in effect: the last one of the stage or the nearest parent that has one. */
export function stopSignalOf(
  stage: StageView,
): { readonly value: Evaluation; readonly range: Range; readonly stage: StageView } | undefined {
  for (const member of stage.lineage) {
    const set = member.evaluated.state.stopsignal;
    if (set?.step.instruction.keyword !== "STOPSIGNAL" || set.step.instruction.argument === undefined) continue;
    return { value: set.value, range: set.step.instruction.argument.range, stage: member };
  }
  return undefined;
}
