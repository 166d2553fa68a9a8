import { closest, isOneSlip } from "../values/closest.js";
import type { Entry, Node } from "./node-model.js";
import type { Mend, PlacedFault, SchemaFault } from "./schema-faults.js";
import { keysOf, type SchemaPart, type Spot, schemaAt, typesOf } from "./schema-walk.js";

/** Allowed keys are listed when there are at most as many. */
const MOST_LISTED = 8;

/**
 * What people write, and what Compose calls it: on a service, at the same level. A path with a dot lies deeper.
 */
const HABITS: Readonly<Record<string, string>> = {
  env: "environment",
  envs: "environment",
  enviroment: "environment",
  environments: "environment",
  cmd: "command",
  run: "command",
  entry_point: "entrypoint",
  port: "ports",
  volume: "volumes",
  mounts: "volumes",
  network: "networks",
  secret: "secrets",
  config: "configs",
  depends: "depends_on",
  dependson: "depends_on",
  "depends-on": "depends_on",
  depend_on: "depends_on",
  health_check: "healthcheck",
  "health-check": "healthcheck",
  readonly: "read_only",
  "read-only": "read_only",
  capabilities: "cap_add",
  "cap-add": "cap_add",
  "security-opt": "security_opt",
  securityOpt: "security_opt",
  "container-name": "container_name",
  containerName: "container_name",
  memory: "mem_limit",
  mem: "mem_limit",
  memory_limit: "mem_limit",
  cpu: "cpus",
  cpu_limit: "cpus",
  log: "logging",
  logs: "logging",
  envfile: "env_file",
  "env-file": "env_file",
  restart_policy: "restart",
  replicas: "deploy.replicas",
  limits: "deploy.resources.limits",
  resources: "deploy.resources",
  args: "build.args",
  context: "build.context",
  dockerfile: "build.dockerfile",
  target: "build.target",
  test: "healthcheck.test",
  interval: "healthcheck.interval",
  retries: "healthcheck.retries",
};

/** The same for other mappings, by their last key; a list stands for its items. */
const HABITS_BELOW: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  ports: { publish: "published", host: "host_ip", container: "target", port: "target" },
  logging: { "max-size": "options.max-size", "max-file": "options.max-file", max_size: "options.max-size" },
  volumes: { src: "source", dst: "target", destination: "target", readonly: "read_only", ro: "read_only" },
  healthcheck: { cmd: "test", command: "test" },
  build: { path: "context", file: "dockerfile", arg: "args" },
};

/** A key outside of what Compose reads. */
export function unknownKeyFault(spot: Spot, key: string, root: SchemaPart): PlacedFault | undefined {
  const { node, path } = spot;
  const entry = node.kind === "mapping" ? node.entries.get(key) : undefined;
  if (entry === undefined) return undefined;
  const schema = schemaAt(root, path);
  const known = keysOf(schema) ?? [];
  const place = placeOf(path);
  const start = `\`${cut(key)}\` is not a key ${place}`;
  if (path.length === 0 && looksLikeService(entry.value)) {
    return fault(entry, "far", `is \`${cut(key)}\` a service? indent it under \`services\``);
  }
  const habit = habitOf(path, key);
  if (habit?.includes(".") === true) return fault(entry, "near", `${start}; it belongs below \`${parentOf(habit)}\``);
  const habitual = habit !== undefined && known.includes(habit) ? habit : undefined;
  const home = habitual === undefined ? homeOf(path, key, root) : undefined;
  if (home !== undefined) return fault(entry, "near", `${start}; ${home}`);
  const meant = habitual ?? closest(key, known);
  if (meant !== undefined) {
    const mend = renaming(entry, meant, spot, schemaAt(root, [...path, meant]), habitual !== undefined);
    return { ...fault(entry, "near", `${start}; did you mean \`${meant}\`?`), mend };
  }
  const list = known.map((name) => `\`${name}\``).join(", ");
  return fault(entry, "far", known.length > 0 && known.length <= MOST_LISTED ? `${start}; it may be ${list}` : start);
}

/** `x-…` where keys are names: what was meant for an extension is a service, a network and so on. */
export function* extensionNames(root: Node): Iterable<SchemaFault> {
  if (root.kind !== "mapping") return;
  for (const [section, noun] of NAMED_SECTIONS) {
    const { value } = root.entries.get(section) ?? {};
    if (value?.kind !== "mapping") continue;
    for (const entry of value.entries.values()) {
      if (!entry.key.startsWith("x-")) continue;
      const message = `\`${cut(entry.key)}\` is a ${noun} here, no extension; move it to the top level`;
      yield { ...fault(entry, "far", message), service: section === "services" ? entry.key : undefined };
    }
  }
}

const NAMED_SECTIONS: ReadonlyMap<string, string> = new Map([
  ["services", "service"],
  ["networks", "network"],
  ["volumes", "volume"],
  ["secrets", "secret"],
  ["configs", "config"],
  ["models", "model"],
]);

/** Lists whose items have a name of their own, and mappings of names. */
const PLACES: ReadonlyMap<string, string> = new Map([
  ["services", "of a service"],
  ["ports", "of a port"],
  ["volumes", "of a mount"],
  ["secrets", "of a secret"],
  ["configs", "of a config"],
  ["devices", "of a device"],
  ["depends_on", "of a dependency"],
  ["networks", "of a network"],
  ["watch", "of a watched path"],
  ["post_start", "of a hook"],
  ["pre_stop", "of a hook"],
  ["pre_start", "of a hook"],
  ["env_file", "of an env file"],
  ["include", "of an include"],
  ["models", "of a model"],
]);

function placeOf(path: readonly string[]): string {
  const last = path.at(-1);
  if (last === undefined) return "at the top level";
  const parent = path.at(-2);
  if (parent === "volumes" && path.length === 2) return "of a volume";
  const named = parent === undefined ? undefined : PLACES.get(parent);
  if (named !== undefined) return named;
  return /^\d+$/.test(last) ? `of an item of \`${parent ?? ""}\`` : `of \`${last}\``;
}

function habitOf(path: readonly string[], key: string): string | undefined {
  if (path.length === 0) return key === "service" ? "services" : undefined;
  if (path[0] !== "services") return undefined;
  if (path.length === 2) return own(HABITS, key);
  const holder = path.findLast((step) => !/^\d+$/.test(step)) ?? "";
  const habits = own(HABITS_BELOW, holder);
  return habits === undefined ? undefined : own(habits, key);
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** Where a key belongs that is right elsewhere. */
function homeOf(path: readonly string[], key: string, root: SchemaPart): string | undefined {
  if (key === "name" || key.length < 3) return undefined;
  const hasKey = (place: readonly string[]): boolean => keysOf(schemaAt(root, place))?.includes(key) === true;
  const isInService = path[0] === "services" && path.length > 2;
  if (isInService && hasKey(["services", "name"])) return "it belongs to the service; indent it less";
  if (path.length === 0 && hasKey(["services", "name"])) return "it belongs to a service; indent it under one";
  if (path.length === 2 && path[0] === "services") {
    const top = keysOf(root)?.includes(key) === true;
    if (top) return "it belongs to the top level";
    const holder = ["build", "deploy", "healthcheck", "logging"].find((place) => hasKey(["services", "name", place]));
    return holder === undefined ? undefined : `it belongs below \`${holder}\``;
  }
  return undefined;
}

function looksLikeService(value: Node): boolean {
  return value.kind === "mapping" && (value.entries.has("image") || value.entries.has("build"));
}

/** The right key in place of the wrong one, when nothing else had to be guessed. */
function renaming(entry: Entry, meant: string, spot: Spot, schema: SchemaPart, isHabit: boolean): Mend | undefined {
  const { node } = spot;
  const isFree = node.kind === "mapping" && !node.entries.has(meant);
  if (!isFree || !takes(schema, entry.value) || !(isHabit || isOneSlip(entry.key, meant))) return undefined;
  const { source, start, end } = entry.keyRange;
  // Written as it is read: no quotes, no escapes.
  const isPlain = source.text.slice(start, end) === entry.key;
  return isPlain ? { range: entry.keyRange, text: meant, isSafe: true } : undefined;
}

function takes(schema: SchemaPart, value: Node): boolean {
  const types = typesOf(schema);
  if (value.kind === "mapping") return types.includes("object");
  if (value.kind === "sequence") return types.includes("array");
  return types.some((type) => type !== "array" && type !== "object");
}

function fault({ keyRange }: Entry, kind: "near" | "far", message: string): PlacedFault {
  return { kind, range: keyRange, message, related: undefined, mend: undefined };
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("."));
}

function cut(key: string): string {
  const line = key.replaceAll(/[`\r\n]+/g, " ");
  return line.length > 40 ? `${line.slice(0, 40)}…` : line;
}
