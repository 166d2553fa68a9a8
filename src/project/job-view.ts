import type { Service } from "../compose/model.js";
import type { ServiceKind } from "../data/base-image-model.js";
import type { Project } from "./model.js";
import { isOneShot, kindOfService, startedBy } from "./service-view.js";

/** What answers requests until it is stopped. */
const DAEMONS: ReadonlySet<ServiceKind> = new Set<ServiceKind>([
  "broker",
  "cache",
  "control-plane",
  "datastore",
  "observability",
  "proxy",
  "web",
]);

/** Whether a service surely never ends by itself: its policy restarts it, it is a known server, or it sleeps on purpose. */
export function endsNever(service: Service, project: Project): boolean {
  const { policy } = service.restart;
  if (policy === "always" || policy === "unless-stopped") return true;
  if (service.replicas[0]?.value === 0) return true;
  const commands = service.command ?? service.entrypoint;
  if (commands === undefined) {
    const kind = kindOfService(service, project);
    return kind !== undefined && DAEMONS.has(kind);
  }
  const last = startedBy(service, project)?.at(-1);
  const words = last?.words.map(({ value }) => value) ?? [];
  if (last?.name === "sleep") return words.includes("infinity") || words.includes("inf");
  return last?.name === "tail" && words.some((word) => word !== undefined && /^-\w*[fF]/.test(word));
}

/** Whether a service only prepares data for others: what it starts is a migration or a seed, and it is not restarted. */
export function isMigrationJob(service: Service, project: Project): boolean {
  const { policy } = service.restart;
  if (policy === "always" || policy === "unless-stopped") return false;
  const commands = startedBy(service, project);
  return commands !== undefined && isOneShot(commands);
}
