import type { Service } from "../compose/model.js";
import type { BaseImageFacts } from "../data/base-image-model.js";
import { hasCommand } from "../data/base-images.js";
import type { Invocation, Script } from "../shell/model.js";
import type { Range } from "../text/source.js";
import type { Certainty, CommandView, Project, RunningImage, StageView } from "./model.js";
import { commandsOfTest } from "./service-view.js";

/** What a health check runs, whichever of the two formats writes it. */
export interface Probe {
  readonly form: "shell" | "exec";
  /** The script that decides the result: the shell form, or what an exec form gives to `sh -c`. */
  readonly script: Script | undefined;
  /** In source order, those of nested scripts included. */
  readonly commands: readonly Invocation[];
  /** The test as written. */
  readonly range: Range;
  /** Where it runs. */
  readonly image: RunningImage;
  /** The service whose `healthcheck` writes it; undefined for HEALTHCHECK. */
  readonly service: Service | undefined;
}

/** The probe of the HEALTHCHECK that a stage itself writes and that is in effect at its end; undefined without one. */
export function probeOfStage(stage: StageView): Probe | undefined {
  const { healthcheck } = stage;
  return healthcheck.kind === "check" && healthcheck.stage === stage ? probeOfView(healthcheck.view, stage) : undefined;
}

/** The probe of a HEALTHCHECK as it runs in a stage, which may inherit it. */
export function probeOfView(view: CommandView, stage: StageView): Probe {
  const { script, commands, instruction } = view;
  const range =
    instruction.keyword === "HEALTHCHECK" && instruction.test.kind === "cmd"
      ? instruction.test.command.range
      : instruction.range;
  const form = script === undefined ? "exec" : "shell";
  return {
    form,
    script: script ?? commands[0]?.nested[0],
    commands,
    range,
    image: { kind: "stage", stage },
    service: undefined,
  };
}

/** The probe that `healthcheck.test` of a service writes; undefined when there is none, or it cannot be read. */
export function probeOfService(service: Service, project: Project): Probe | undefined {
  const { healthcheck } = service;
  if (healthcheck === undefined || healthcheck.isDisabled || healthcheck.test === undefined) return undefined;
  const { test } = healthcheck;
  const image = project.imageOf(service);
  const read = commandsOfTest(test, image);
  if (read === undefined) return undefined;
  const { script, commands } = read;
  const form = test.kind === "shell" ? "shell" : "exec";
  return { form, script: script ?? commands[0]?.nested[0], commands, range: test.range, image, service };
}

/** Whether a program is on PATH of what a probe runs in; mounts of its service count. */
export function probeFinds(probe: Probe, name: string): Certainty {
  const { image, service } = probe;
  if (service !== undefined && PATH_FOLDERS.some((folder) => service.mountsAt(`${folder}/${name}`).length > 0))
    return "unknown";
  if (image.kind === "stage") return image.stage.hasCommand(name);
  return image.kind === "pulled" ? pulledHas(image.facts, name) : "unknown";
}

const PATH_FOLDERS = ["/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin", "/usr/local/sbin"] as const;

function pulledHas(facts: BaseImageFacts | undefined, name: string): Certainty {
  const known = facts === undefined ? undefined : hasCommand(facts.commands, name);
  return known === undefined ? "unknown" : known ? "yes" : "no";
}

/** What is known of the image that a probe runs in: of a built one, that of its base. */
export function factsOfProbe({ image }: Probe): BaseImageFacts | undefined {
  if (image.kind === "stage") return image.stage.facts;
  return image.kind === "pulled" ? image.facts : undefined;
}
