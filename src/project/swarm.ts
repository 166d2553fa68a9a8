import type { Service } from "../compose/model.js";

/** Keys of `deploy` that only a Swarm obeys. */
const SWARM_KEYS = ["mode", "placement", "update_config", "rollback_config", "endpoint_mode"] as const;

/**
 * Whether a service is written for a Swarm: it is told where and how to roll out, or joins an overlay network. There
 * several containers share a published port.
 */
export function isForSwarm(service: Service): boolean {
  const deploy = service.at("deploy");
  if (deploy?.kind === "mapping" && SWARM_KEYS.some((key) => deploy.entries.has(key))) return true;
  return service.networks.some(({ name }) => service.variant.networks.get(name)?.driver?.value === "overlay");
}
