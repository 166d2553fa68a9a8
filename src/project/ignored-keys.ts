import type { Service, Variant } from "../compose/model.js";
import type { Entry } from "../compose/node-model.js";
import { entryAt } from "../compose/values-of-nodes.js";
import { baseName } from "../files/path.js";

/**
 * Whether a whole project shows that `docker stack deploy` runs it and not Compose: a file called a stack or a swarm, or a
 * network that spans hosts. A service that only asks for a roll-out does not: that may be what Compose passes over.
 */
export function showsSwarm({ files, networks }: Variant): boolean {
  for (const { source } of files) {
    const name = baseName(source.path).toLowerCase();
    if (name.includes("stack") || name.includes("swarm")) return true;
  }
  for (const { driver } of networks.values()) if (driver?.value === "overlay") return true;
  return false;
}

/** Keys below `deploy` that only Swarm reads. */
const SWARM_ONLY: readonly (readonly string[])[] = [
  ["mode"],
  ["endpoint_mode"],
  ["placement"],
  ["update_config"],
  ["rollback_config"],
  ["labels"],
  ["restart_policy", "window"],
  ["resources", "reservations", "generic_resources"],
];

/** Settings of a service that Compose passes over, because they are about a Swarm service. */
export function* swarmOnlyKeys({ node }: Service): Iterable<Entry> {
  const deploy = node.entries.get("deploy")?.value;
  if (deploy?.kind !== "mapping") return;
  for (const path of SWARM_ONLY) {
    const entry = entryAt(deploy, path);
    // What Compose does anyway.
    if (entry !== undefined && !(entry.key === "mode" && isReplicated(entry))) yield entry;
  }
}

function isReplicated({ value }: Entry): boolean {
  return value.kind === "scalar" && (value.resolved === "replicated" || value.certainty === "unknown");
}

/**
 * Keys of a service that `docker stack deploy` passes over.
 *
 * @see https://github.com/docker/cli/blob/v28.0.0/cli/compose/types/types.go (UnsupportedProperties, DeprecatedProperties)
 */
const IGNORED_BY_SWARM: ReadonlySet<string> = new Set(
  (
    "build cgroup_parent container_name devices domainname external_links ipc links mac_address network_mode pid privileged " +
    "restart security_opt shm_size userns_mode"
  ).split(" "),
);

/** Settings of a service that Swarm passes over; conditions of dependencies among them. */
export function* keysIgnoredBySwarm({ node, dependsOn }: Service): Iterable<{ key: string; range: Entry["keyRange"] }> {
  for (const { key, keyRange } of node.entries.values()) if (IGNORED_BY_SWARM.has(key)) yield { key, range: keyRange };
  for (const { condition } of dependsOn) {
    const range = condition?.keyRange;
    if (condition?.node.written !== undefined && range !== undefined && condition.value !== "service_started") {
      yield { key: "condition", range };
    }
  }
}
