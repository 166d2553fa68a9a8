import type { Service, Settings } from "../compose/model.js";
import type { Entry, Value } from "../compose/node-model.js";
import type { Remark } from "../text/remark.js";
import type { Range } from "../text/source.js";
import type { Project } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { isJudgedForAbsence } from "./service-settings.js";
import { isInteractiveShell, kindOfService, runsOnce } from "./service-view.js";

/** Whether something holds a resource back: a number above zero does, zero and less is none. */
export type Ceiling =
  | { readonly kind: "set"; readonly value: Value<number> }
  | { readonly kind: "unknown" }
  | { readonly kind: "lifted"; readonly value: Value<number> }
  | { readonly kind: "absent" };

/** Reads a setting of one or several spellings. */
export function ceilingOf(settings: Settings<number>): Ceiling {
  let lifted: Value<number> | undefined;
  let isUnknown = false;
  for (const setting of settings) {
    if (setting.value === undefined) isUnknown = true;
    else if (setting.value > 0) return { kind: "set", value: setting };
    else lifted ??= setting;
  }
  if (isUnknown) return { kind: "unknown" };
  return lifted === undefined ? { kind: "absent" } : { kind: "lifted", value: lifted };
}

/** `cpus` in both spellings, or the quota that the engine makes of them. */
export function cpuCeilingOf(service: Service): Ceiling {
  const ceiling = ceilingOf(service.limits.cpus);
  if (ceiling.kind === "set" || !service.node.entries.has("cpu_quota")) return ceiling;
  const quota = service.numberAt("cpu_quota");
  const other = ceilingOf(quota === undefined ? [] : [quota]);
  return other.kind === "absent" || (other.kind === "lifted" && ceiling.kind === "lifted") ? ceiling : other;
}

const BLOCKS = [["deploy", "resources", "limits"], ["deploy", "resources"], ["deploy"]] as const;

/** Where to report that a limit is missing: the nearest block that is there; without one the service, and who took the key away. */
export function placeOfLimit(
  service: Service,
  legacyKey: string,
  key: string,
): { readonly range: Range; readonly related: readonly Remark[] } {
  const removal =
    service.removalOf(legacyKey) ??
    (service.node.entries.has("deploy") || service.node.removals.has("deploy")
      ? service.removalOf("deploy", "resources", "limits", key)
      : undefined);
  const related =
    removal === undefined ? [] : [{ range: removal.range, message: `\`${removal.key}\` is removed here` }];
  return { range: nearestBlock(service)?.keyRange ?? service.keyRange, related };
}

function nearestBlock(service: Service): Entry | undefined {
  if (!service.node.entries.has("deploy")) return undefined;
  for (const path of BLOCKS) {
    const entry = service.entryAt(...path);
    if (entry !== undefined) return entry;
  }
  return undefined;
}

/** How a service is run: all the time, once, or only as somebody's tool; `unjudged` where what is absent may be elsewhere. */
export type Operation = "steady" | "job" | "tool" | "unjudged";

const operations = new ModelMemo<Service, Operation>();

/** What to expect of a service that lacks what operating it takes. */
export function operationOf(service: Service, project: Project): Operation {
  let operation = operations.get(service);
  if (operation === undefined) {
    operation = readOperation(service, project);
    operations.set(service, operation);
  }
  return operation;
}

function readOperation(service: Service, project: Project): Operation {
  if (!isJudgedForAbsence(service)) return "unjudged";
  if (service.isDevTool || isInteractiveShell(service, project)) return "tool";
  if (runsOnce(service, project)) return "job";
  return kindOfService(service, project) === "dev-tool" ? "tool" : "steady";
}
