import type { Service } from "../compose/model.js";
import type { Invocation } from "../shell/model.js";
import type { Project } from "./model.js";
import { commandsOf, commandsOfTest, shOf } from "./service-view.js";

/** The commands that one key of a service writes. */
export interface ServiceKeyCommands {
  readonly key: "command" | "entrypoint" | "hook" | "healthcheck";
  readonly commands: readonly Invocation[];
}

/** Commands that a service itself writes, key by key, nested scripts included; what its image brings is not among them. */
export function* serviceCommands(service: Service, project: Project): Iterable<ServiceKeyCommands> {
  const { command, entrypoint, healthcheck, hooks } = service;
  const image = project.imageOf(service);
  const sh = shOf(image);
  if (entrypoint !== undefined) yield { key: "entrypoint", commands: commandsOf(entrypoint, sh) };
  if (command !== undefined) yield { key: "command", commands: commandsOf(command, sh) };
  for (const hook of hooks) {
    if (hook.command !== undefined) yield { key: "hook", commands: commandsOf(hook.command, sh) };
  }
  const test = healthcheck?.test === undefined ? undefined : commandsOfTest(healthcheck.test, image);
  if (test !== undefined) yield { key: "healthcheck", commands: test.commands };
}
