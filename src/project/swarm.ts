import type { Service, Variant } from "../compose/model.js";
import { baseName } from "../files/path.js";
import { ModelMemo } from "./model-memo.js";
import { hasSwarmWord } from "./swarm-files.js";

/** Keys of `deploy` that only a Swarm obeys. */
const SWARM_KEYS = ["mode", "placement", "update_config", "rollback_config", "endpoint_mode"] as const;

const stacks = new ModelMemo<Variant, boolean>();

/** Whether the name of a file says that it is deployed to a Swarm: `docker-stack.yml`, `compose.swarm.yaml`. */
function isStack(variant: Variant): boolean {
  let known = stacks.get(variant);
  if (known === undefined) {
    known = variant.files.some(({ source }) => hasSwarmWord(baseName(source.path)));
    stacks.set(variant, known);
  }
  return known;
}

/**
 * Whether a service is written for a Swarm: its file is named so, it is told where and how to roll out, or joins an overlay
 * network. There several containers share a published port, and no port is bound to one address.
 */
export function isForSwarm(service: Service): boolean {
  if (isStack(service.variant)) return true;
  const deploy = service.at("deploy");
  if (deploy?.kind === "mapping" && SWARM_KEYS.some((key) => deploy.entries.has(key))) return true;
  return service.networks.some(({ name }) => service.variant.networks.get(name)?.driver?.value === "overlay");
}
