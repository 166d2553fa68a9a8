import type { Service } from "../compose/model.js";
import type { Script } from "../shell/model.js";
import type { Project } from "./model.js";
import { commandsOf, commandsOfTest } from "./service-view.js";

/** Shell scripts that a service writes out: after `sh -c` in its commands and hooks, and in `healthcheck.test`. */
export function* scriptsOfService(service: Service, project: Project): Iterable<Script> {
  const { command, entrypoint, hooks, healthcheck } = service;
  for (const written of [entrypoint, command, ...hooks.map((hook) => hook.command)]) {
    if (written === undefined || written.words.length === 0) continue;
    for (const { nested, via } of commandsOf(written)) if (via === "exec-form") yield* nested;
  }
  const test = healthcheck?.test;
  const tested = test === undefined ? undefined : commandsOfTest(test, project.imageOf(service));
  if (tested?.script !== undefined) yield tested.script;
}
