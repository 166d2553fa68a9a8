import type { Service } from "../compose/model.js";
import type { Project } from "./model.js";
import { timingsOfHealthcheck } from "./probe-timings.js";
import { kindOfService } from "./service-view.js";

/** Whether a service takes its time: datastores initialise and recover, and virtual machines warm up. */
export function startsSlowly(service: Service, project: Project): boolean {
  if (kindOfService(service, project) === "datastore") return true;
  const image = project.imageOf(service);
  const facts = image.kind === "stage" ? image.stage.facts : image.kind === "pulled" ? image.facts : undefined;
  return facts?.environment?.has("JAVA_HOME") === true;
}

/** Whether a slow starter has a check of its own without a start period: who waits for it, waits for a failure now and then. */
export function mayFailAtStart(service: Service, project: Project): boolean {
  const { healthcheck } = service;
  if (healthcheck === undefined || !startsSlowly(service, project)) return false;
  return timingsOfHealthcheck(healthcheck)["start-period"].kind === "absent";
}
