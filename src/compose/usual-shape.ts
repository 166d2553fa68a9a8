import type { MappingNode, Node, ScalarNode } from "./node-model.js";

/**
 * Whether a tree holds nothing but what most Compose files hold, written as most write it. Then the schema has nothing to
 * say about it, and need not be loaded: that takes longer than to read and judge the file. Anything else is for the schema.
 */
export function isUsual(root: Node): boolean {
  if (root.kind !== "mapping") return false;
  for (const [key, { value }] of root.entries) {
    if (key.startsWith("x-")) continue;
    const section = Object.hasOwn(TOP, key) ? TOP[key] : undefined;
    if (section === undefined || value.tag !== undefined || !section(value)) return false;
  }
  return true;
}

type Test = (node: Node) => boolean;
type Table = Readonly<Record<string, Test>>;

/** Lists longer than this are not looked through for doubles here. */
const MOST_ITEMS = 50;

function scalar(test: (node: ScalarNode) => boolean): Test {
  // What a variable stands for nobody knows, and it may be any text.
  return (node) => node.kind === "scalar" && ((node.certainty === "unknown" && node.uses.length > 0) || test(node));
}

const text = scalar(({ type }) => type === "text");
const flag = scalar(({ type }) => type === "boolean");
const value = scalar(({ type }) => type !== "timestamp");
const whole = scalar(({ type, resolved }) => type === "integer" && !resolved.startsWith("-"));
const number = scalar(({ type, resolved }) => type !== "timestamp" && isDigits(resolved));
const textOrWhole: Test = (node) => text(node) || whole(node);
const size = scalar(({ type, resolved }) => (type === "text" ? isWithUnit(resolved, "kmgKMG") : isDigits(resolved)));
const time = scalar(({ type, resolved }) => type === "text" && isWithUnit(resolved, "smh"));
const nothing: Test = (node) => node.kind === "scalar" && node.type === "null";

function word(...words: readonly string[]): Test {
  const known = new Set(words);
  return scalar(({ type, resolved }) => type === "text" && known.has(resolved));
}

function items(test: Test): Test {
  return (node) => node.kind === "sequence" && node.items.every((item) => item.tag === undefined && test(item));
}

/** A list without doubles. */
function set(test: Test): Test {
  const isList = items(test);
  return (node) => {
    if (node.kind !== "sequence" || node.items.length > MOST_ITEMS || !isList(node)) return false;
    if (node.items.length < 2) return true;
    return new Set(node.items.map((item) => (item.kind === "scalar" ? item.resolved : ""))).size === node.items.length;
  };
}

function either(...tests: readonly Test[]): Test {
  return (node) => tests.some((test) => test(node));
}

/** @param needed keys that have to be there */
function table(known: Table, ...needed: readonly string[]): Test {
  return (node) =>
    node.kind === "mapping" &&
    needed.every((key) => node.entries.has(key)) &&
    everyEntry(node, (key) => (Object.hasOwn(known, key) ? known[key] : undefined));
}

/** A mapping of names that the user chooses. */
function named(test: Test): Test {
  return (node) => node.kind === "mapping" && everyEntry(node, (key) => (key.startsWith("x-") ? undefined : test));
}

function everyEntry({ entries }: MappingNode, testOf: (key: string) => Test | undefined): boolean {
  for (const [key, { value: node }] of entries) {
    const test = testOf(key);
    if (test === undefined || node.tag !== undefined || !test(node)) return false;
  }
  return true;
}

function isDigits(digits: string): boolean {
  let dots = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const code = digits.charCodeAt(index);
    if (code === 46) dots += 1;
    else if (code < 48 || code > 57) return false;
  }
  return digits.length > 0 && digits.length < 16 && dots < 2 && !digits.startsWith(".") && !digits.endsWith(".");
}

function isWithUnit(amount: string, units: string): boolean {
  return amount.length > 1 && units.includes(amount.charAt(amount.length - 1)) && isDigits(amount.slice(0, -1));
}

/** `source:target` or `source:target:options`, or a path of the container alone; nothing that drives and variables bring. */
const mount = scalar(({ type, resolved }) => {
  if (type !== "text" || resolved.includes("${") || resolved.includes("\\")) return false;
  const parts = resolved.split(":");
  if (parts.length === 1) return resolved.startsWith("/");
  return parts.length <= 3 && parts[0] !== "" && parts[1]?.startsWith("/") === true && isSource(parts[0]);
});

/** One letter is the drive of a Windows path. */
function isSource(source: string | undefined): boolean {
  return source !== undefined && (source.length > 1 || source === ".");
}

const texts: Test = either(text, items(text));
const command: Test = either(texts, nothing);
const keyValues: Test = either(items(text), (node) => node.kind === "mapping" && everyEntry(node, () => value));
const port = scalar(
  ({ type, resolved }) => (type === "integer" || type === "text") && isDigits(resolved) && Number(resolved) <= 65_535,
);
const condition = word("service_started", "service_healthy", "service_completed_successfully");
const limits = { cpus: number, memory: size };
const capability = word(
  ..."ALL CHOWN DAC_OVERRIDE FOWNER KILL NET_ADMIN NET_BIND_SERVICE NET_RAW SETGID SETUID SYS_ADMIN SYS_MODULE SYS_NICE SYS_PTRACE".split(
    " ",
  ),
);

const DEVICES: Table = {
  driver: text,
  count: either(whole, word("all")),
  capabilities: set(text),
  device_ids: set(text),
};

const SERVICE: Table = {
  image: text,
  build: either(text, table({ context: text, dockerfile: text, target: text, args: keyValues, tags: items(text) })),
  container_name: text,
  hostname: text,
  command,
  entrypoint: command,
  environment: keyValues,
  env_file: either(texts, items(either(text, table({ path: text, required: flag }, "path")))),
  labels: keyValues,
  annotations: keyValues,
  sysctls: keyValues,
  ulimits: named(either(whole, table({ soft: whole, hard: whole }, "soft", "hard"))),
  extends: either(text, table({ service: text, file: text }, "service")),
  pull_policy: word("always", "never", "missing", "build"),
  user: text,
  working_dir: text,
  restart: word("always", "unless-stopped", "on-failure", "no"),
  profiles: set(text),
  depends_on: either(set(text), named(table({ condition, required: flag, restart: flag }, "condition"))),
  links: set(text),
  ports: items(either(textOrWhole, table({ target: whole, published: textOrWhole, protocol: text, host_ip: text }))),
  expose: set(port),
  networks: either(set(text), named(either(nothing, table({ aliases: set(text) })))),
  network_mode: text,
  extra_hosts: items(word("host.docker.internal:host-gateway", "host.docker.internal=host-gateway")),
  volumes: items(
    either(
      mount,
      table({ type: word("bind", "volume", "tmpfs"), source: text, target: text, read_only: flag }, "type", "target"),
    ),
  ),
  tmpfs: texts,
  configs: items(either(text, table({ source: text, target: text }))),
  secrets: items(either(text, table({ source: text, target: text }))),
  cap_add: set(capability),
  cap_drop: set(capability),
  security_opt: set(word("no-new-privileges:true", "no-new-privileges", "seccomp:unconfined")),
  privileged: flag,
  read_only: flag,
  init: flag,
  tty: flag,
  stdin_open: flag,
  mem_limit: size,
  mem_reservation: size,
  shm_size: size,
  cpus: number,
  pids_limit: whole,
  platform: word("linux/amd64", "linux/arm64"),
  stop_grace_period: time,
  stop_signal: word("SIGTERM", "SIGINT", "SIGQUIT"),
  healthcheck: table({
    test: texts,
    interval: time,
    timeout: time,
    start_period: time,
    start_interval: time,
    retries: whole,
    disable: flag,
  }),
  logging: table({ driver: text, options: named(textOrWhole) }),
  deploy: table({
    replicas: whole,
    resources: table({
      limits: table({ ...limits, pids: whole }),
      reservations: table({ ...limits, devices: items(table(DEVICES, "capabilities")) }),
    }),
    restart_policy: table({
      condition: word("none", "on-failure", "any"),
      delay: time,
      window: time,
      max_attempts: whole,
    }),
  }),
};

const SOURCE = { name: text, file: text, environment: text, external: flag };

const TOP: Table = {
  version: text,
  name: text,
  services: named(table(SERVICE)),
  networks: named(either(nothing, table({ name: text, driver: text, external: flag, internal: flag }))),
  volumes: named(either(nothing, table({ name: text, driver: text, external: flag, driver_opts: named(textOrWhole) }))),
  secrets: named(table(SOURCE)),
  configs: named(table({ ...SOURCE, content: text })),
};
