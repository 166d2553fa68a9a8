import type { Node, ScalarNode } from "../compose/node-model.js";

/** A scalar that holds a `$` which Compose reads, with the keys that lead to it; `-` for an item of a list. */
export interface VariableScalar {
  readonly node: ScalarNode;
  readonly path: readonly string[];
}

/** Scalars below a node whose variables were read or could not be, in order; what an alias brings again comes again. */
export function* variableScalars(node: Node, path: readonly string[] = []): Iterable<VariableScalar> {
  if (node.kind === "scalar") {
    if (node.uses.length > 0 || node.problems.length > 0) yield { node, path };
  } else if (node.kind === "sequence") {
    for (const item of node.items) yield* variableScalars(item, [...path, "-"]);
  } else {
    for (const { key, value } of node.entries.values()) yield* variableScalars(value, [...path, key]);
  }
}

/** What a place of a Compose file holds, as far as it matters to what a variable may become. */
export type ValueKind = "boolean" | "number" | "duration" | "size" | "image" | "port" | "mount" | "path" | "name";

/** What the scalar at a path is read as; undefined where any text will do. */
export function valueKindAt(path: readonly string[]): ValueKind | undefined {
  const [section, , key = "", inner = "", last = ""] = path;
  if (section === "services") return serviceKinds().get([key, inner, last].join(" ").trimEnd());
  if (path.length !== 3) return undefined;
  if (section === "secrets" || section === "configs") return key === "file" ? "path" : nameOrFlag(key);
  return section === "networks" || section === "volumes" ? nameOrFlag(key) : undefined;
}

function nameOrFlag(key: string): ValueKind | undefined {
  if (key === "name") return "name";
  return RESOURCE_FLAGS.has(key) ? "boolean" : undefined;
}

const RESOURCE_FLAGS: ReadonlySet<string> = new Set(["external", "internal", "attachable", "enable_ipv6"]);

const KINDS: readonly (readonly [ValueKind, string])[] = [
  ["image", "image"],
  ["port", "ports -,ports - published,ports - target,expose -"],
  ["mount", "volumes -,volumes - source,volumes - target,tmpfs,tmpfs -"],
  [
    "path",
    "build,build context,build dockerfile,env_file,env_file -,env_file - path,label_file,label_file -,extends file",
  ],
  ["name", "container_name,networks -"],
  [
    "boolean",
    "privileged,read_only,tty,stdin_open,oom_kill_disable,attach,healthcheck disable,build no_cache,build pull,build privileged",
  ],
  [
    "number",
    "scale,cpus,cpu_count,cpu_shares,pids_limit,oom_score_adj,mem_swappiness,healthcheck retries,deploy replicas",
  ],
  [
    "duration",
    "stop_grace_period,healthcheck interval,healthcheck timeout,healthcheck start_period,healthcheck start_interval",
  ],
  ["size", "mem_limit,mem_reservation,memswap_limit,shm_size,build shm_size"],
];

let kinds: ReadonlyMap<string, ValueKind> | undefined;

function serviceKinds(): ReadonlyMap<string, ValueKind> {
  kinds ??= new Map(KINDS.flatMap(([kind, paths]) => paths.split(",").map((path) => [path, kind] as const)));
  return kinds;
}
