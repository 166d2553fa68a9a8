import type { Invocation, Word } from "../shell/model.js";
import { HOLE } from "../shell/model.js";
import { type OptionReader, optionTable, readWords } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import { isLoopbackHost } from "../values/host-scope.js";
import { parsePortNumber } from "../values/port.js";
import type { Probe } from "./probes.js";

/** An address that a probe asks. */
export interface ProbeAddress {
  /** Lower case, without brackets; never empty. */
  readonly host: string;
  /** Undefined when a variable decides it, or the program has a default that is not looked up. */
  readonly port: number | undefined;
  readonly hostRange: Range;
  /** Where the port is written; undefined for the default of a scheme, and for unknown ports. */
  readonly portRange: Range | undefined;
  readonly command: Invocation;
}

/** Values of variables that the container has; undefined for a name that nobody knows. */
type Environment = (name: string) => string | undefined;

/** Longer words are no address that a person wrote. */
const LONGEST = 2048;
// Not `/i`, which makes V8 look at every class of it in both cases.
const ADDRESS =
  /^(?:([A-Za-z][A-Za-z0-9+.-]*):\/\/)?(?:[^@/?#\s]*@)?(\[[^\]\s]*\]|[^:/?#\s]+)(?::([^/?#\s]*))?(?:[/?#]|$)/;
const SCHEME_PORTS: ReadonlyMap<string, number> = new Map([
  ["http", 80],
  ["https", 443],
]);
const DEVICE = /^\/dev\/tcp\/([^/]+)\/([^/]+)$/;
const NETCAT = optionTable("-w -q -p -s -i -x -X -P -T -I -O");

/** Programs that take their host and port as options, which are named behind them; source: their manuals, 2026-11. */
const CLIENTS: ReadonlyMap<string, { readonly host: readonly string[]; readonly port: readonly string[] }> = new Map([
  ["pg_isready", { host: ["-h", "--host"], port: ["-p", "--port"] }],
  ["psql", { host: ["-h", "--host"], port: ["-p", "--port"] }],
  ["mysqladmin", { host: ["-h", "--host"], port: ["-P", "--port"] }],
  ["mariadb-admin", { host: ["-h", "--host"], port: ["-P", "--port"] }],
  ["redis-cli", { host: ["-h"], port: ["-p"] }],
  ["valkey-cli", { host: ["-h"], port: ["-p"] }],
]);

/** Addresses that a probe asks with programs of the table, in order; what scripts and other programs ask is not known. */
export function addressesOf(probe: Probe): readonly ProbeAddress[] {
  const { service, script, commands } = probe;
  if (script?.partial === true || script?.skipped !== undefined) return [];
  const environment: Environment = (name) => service?.environment.get(name)?.value?.value;
  return commands.flatMap((command) => [...addressesIn(command, environment)]);
}

function* addressesIn(command: Invocation, environment: Environment): Iterable<ProbeAddress> {
  for (const redirect of command.redirects) {
    if (redirect.kind !== "file" || redirect.target === undefined) continue;
    const match = DEVICE.exec(redirect.target.shape);
    if (match === null) continue;
    const [, host = "", port = ""] = match;
    const at = "/dev/tcp/".length;
    yield* make(command, redirect.target, { host: { text: host, at }, port: { text: port, at: at + host.length + 1 } });
  }
  const { name } = command;
  if (name === "curl" || name === "wget") yield* webAddresses(command, environment);
  else if (name === "nc" || name === "ncat" || name === "netcat") yield* socketAddress(command);
  else if (name !== undefined && CLIENTS.has(name)) yield* clientAddress(command, name);
}

function* webAddresses(command: Invocation, environment: Environment): Iterable<ProbeAddress> {
  const table = toolOptions(command.name ?? "");
  if (table === undefined) return;
  const read = readWords(command.args, table);
  // Where the connection really goes is another matter then.
  if (read.has("--resolve", "--connect-to", "--unix-socket", "--abstract-unix-socket", "-x", "--proxy")) return;
  const words = read.verb === undefined ? read.operands : [read.verb, ...read.operands];
  const urls = read.options.flatMap(({ name, valueWord }) =>
    name === "--url" && valueWord !== undefined ? [valueWord] : [],
  );
  for (const word of [...words, ...urls]) yield* webAddress(command, word, environment);
}

function* webAddress(command: Invocation, word: Word, environment: Environment): Iterable<ProbeAddress> {
  const isResolved = word.value === undefined;
  const text = isResolved ? withEnvironment(word, environment) : word.shape;
  const match = text.length > LONGEST ? null : ADDRESS.exec(text);
  if (match === null) return;
  const [, scheme, host = "", port] = match;
  const hostAt = text.indexOf(host, scheme === undefined ? 0 : scheme.length + 3);
  const standard = port === undefined ? SCHEME_PORTS.get(scheme?.toLowerCase() ?? "http") : undefined;
  const parts = {
    host: { text: host, at: hostAt },
    port: port === undefined ? undefined : { text: port, at: hostAt + host.length + 1 },
  };
  for (const address of make(command, word, parts)) {
    // A text with values of the environment has no letters of its own to point at.
    const places = isResolved ? { hostRange: word.range, portRange: port === undefined ? undefined : word.range } : {};
    yield { ...address, ...places, port: address.port ?? standard };
  }
}

/** The text of a word with what the container's environment holds; unknown variables stay holes. */
function withEnvironment(word: Word, environment: Environment): string {
  return word.parts
    .map((part) => {
      if (part.kind === "literal" || part.kind === "glob" || part.kind === "brace") return part.value;
      if (part.kind !== "variable" || part.operation !== undefined) return HOLE;
      return part.value ?? environment(part.name) ?? HOLE;
    })
    .join("");
}

function* socketAddress(command: Invocation): Iterable<ProbeAddress> {
  const read = readWords(command.args, NETCAT);
  const { verb, operands } = read;
  const [port] = operands;
  if (verb === undefined || port === undefined || read.has("-l", "-U")) return;
  const [host] = make(command, verb, { host: { text: verb.shape, at: 0 }, port: undefined });
  if (host === undefined) return;
  yield { ...host, port: parsePortNumber(port.shape), portRange: port.value === undefined ? undefined : port.range };
}

function* clientAddress(command: Invocation, name: string): Iterable<ProbeAddress> {
  const names = CLIENTS.get(name);
  if (names === undefined) return;
  // `-psecret` is a password there, not a cluster of options.
  const isPassword = (word: Word): boolean => names.port[0] === "-P" && word.shape.startsWith("-p");
  const words = command.args.filter((word) => !isPassword(word));
  const read = readWords(
    words,
    optionTable([...names.host, ...names.port, "-U", "-u", "-d", "-a", "-n", "-t"].join(" ")),
  );
  const host = read.find(...names.host);
  if (host?.value === undefined || host.valueRange === undefined || !/^[\w.:-]+$/.test(host.value)) return;
  yield {
    host: host.value.toLowerCase(),
    hostRange: host.valueRange,
    command,
    ...portOf(read, names.port),
  };
}

function portOf(read: OptionReader, names: readonly string[]): Pick<ProbeAddress, "port" | "portRange"> {
  const port = read.find(...names);
  return {
    port: port?.value === undefined ? undefined : parsePortNumber(port.value),
    portRange: port?.valueRange,
  };
}

interface Part {
  readonly text: string;
  /** 0-based in the word's shape. */
  readonly at: number;
}

/** An address of parts of a word; none when the host is unknown. */
function* make(
  command: Invocation,
  word: Word,
  { host, port }: { readonly host: Part; readonly port: Part | undefined },
): Iterable<ProbeAddress> {
  if (host.text.includes(HOLE) || host.text === "" || host.at < 0) return;
  const end = host.at + host.text.length;
  yield {
    host: host.text.replace(/^\[|\]$/g, "").toLowerCase(),
    port: port === undefined ? undefined : parsePortNumber(port.text),
    hostRange: word.rangeAt(host.at, end),
    portRange: port === undefined ? undefined : word.rangeAt(port.at, port.at + port.text.length),
    command,
  };
}

/** Whether a host is the container itself, whatever it is called. */
export const isLoopback = isLoopbackHost;
