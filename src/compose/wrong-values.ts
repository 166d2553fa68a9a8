import { capabilityName, capabilityNames } from "../data/capabilities.js";
import { closest } from "../values/closest.js";
import { parseDuration } from "../values/duration.js";
import { signalNames } from "../values/signal.js";
import type { Node, ScalarNode } from "./node-model.js";
import { numberOf } from "./scalar-type.js";
import type { Mend, PlacedFault } from "./schema-faults.js";
import { formatTest } from "./schema-formats.js";
import { type SchemaPart, type Spot, typesOf } from "./schema-walk.js";

/** Longer values are cut in messages. */
const SHOWN_LENGTH = 40;

/** A value of another kind or form than its place asks for. */
export function valueFault(keyword: string, spot: Spot, schema: SchemaPart): PlacedFault {
  const { node } = spot;
  const format = typeof schema["format"] === "string" ? schema["format"] : undefined;
  if (keyword === "type" && node.kind === "scalar" && hasScalars(schema))
    return wrongScalar(node, spot, schema, format);
  if (keyword === "type") return wrongKind(spot, schema);
  if (node.kind !== "scalar") return fault(spot, `${nameOf(spot)} cannot be ${kindOf(node)}`);
  if (keyword === "enum") return wrongWord(node, spot, schema);
  if (keyword === "minimum" || keyword === "maximum") return outOfLimits(spot, schema);
  return wrongForm(node, spot, format ?? "");
}

/** A mapping that lacks a key without which Compose does not read it. */
export function missingFault(spot: Spot, key: string): PlacedFault {
  const { node, entry, path } = spot;
  const range = entry?.keyRange ?? firstKeyOf(node) ?? node.range;
  const isDependency = path.at(-2) === "depends_on";
  const name = isDependency
    ? `dependency \`${path.at(-1) ?? ""}\``
    : isNumber(path.at(-1))
      ? itemOf(spot)
      : nameOf(spot);
  const remedy = isDependency ? "add `condition: service_healthy`, or use the list form" : "add it";
  return { ...fault(spot, `${name} has no \`${key}\`; ${remedy}`), kind: "missing", range };
}

/** An item that the list holds already. */
export function duplicateFault({ node, path }: Spot, i: number, j: number): PlacedFault | undefined {
  if (node.kind !== "sequence") return undefined;
  const [first, second] = [node.items[Math.min(i, j)], node.items[Math.max(i, j)]];
  if (first?.kind !== "scalar" || second?.kind !== "scalar" || second.certainty === "unknown") return undefined;
  const message = `${shown(second)} is listed twice in \`${path.at(-1) ?? ""}\`; remove one`;
  return { kind: "double", range: second.range, message, related: first.range, mend: undefined };
}

function hasScalars(schema: SchemaPart): boolean {
  return typesOf(schema).some((type) => type !== "array" && type !== "object" && type !== "null");
}

/** A scalar where another kind of scalar has to stand. */
function wrongScalar(node: ScalarNode, spot: Spot, schema: SchemaPart, format: string | undefined): PlacedFault {
  if (node.type === "null") return emptyFault(spot);
  const types = typesOf(schema);
  const takesText = types.includes("string");
  if (node.type === "integer" && format === "compose-duration") return wrongForm(node, spot, format);
  const hasWords = format !== undefined || schema["enum"] !== undefined;
  if (!takesText || (hasWords && !isRightText(node.resolved, schema, format))) {
    if (schema["enum"] !== undefined) return wrongWord(node, spot, schema);
    if (format !== undefined) return wrongForm(node, spot, format);
    return fault(spot, `${label(spot)} is ${kindOf(node)}, and Compose reads ${wanted(schema)}`);
  }
  const quoted = `"${node.text}"`;
  const isWritten = node.written?.style === "plain" && node.tag === undefined && !node.isSecret;
  const mend: Mend | undefined = isWritten ? { range: node.range, text: quoted, isSafe: true } : undefined;
  return { ...fault(spot, `${label(spot)} is ${kindOf(node)}, and Compose wants text; write \`${quoted}\``), mend };
}

function isRightText(text: string, schema: SchemaPart, format: string | undefined): boolean {
  const words = schema["enum"];
  if (Array.isArray(words)) return words.includes(text);
  return format === undefined || formatTest(format)(text);
}

/** A list, a mapping or a scalar where something else has to stand. */
function wrongKind(spot: Spot, schema: SchemaPart): PlacedFault {
  const { node } = spot;
  const types = typesOf(schema);
  if (node.kind === "scalar" && node.type === "null") return emptyFault(spot);
  const remedy = remedyFor(spot, types);
  return fault(spot, `${nameOf(spot)} is ${kindOf(node)}, and Compose reads ${wanted(schema)}${remedy}`);
}

function remedyFor({ node, path, parent }: Spot, types: readonly string[]): string {
  if (node.kind === "sequence" && types.includes("object")) return "; write `name:` instead of `- name`";
  if (types.includes("array")) return "; put a `-` before each item";
  if (node.kind !== "mapping" || node.entries.size !== 1 || parent?.node.kind !== "sequence") return "";
  const [key = ""] = node.entries.keys();
  const isPair = PAIRS.has(path.at(-2) ?? "");
  return isPair ? `; write \`- ${cut(key)}=…\`` : "; put it in quotes";
}

/** Lists of `NAME=value`, in which people write `NAME: value`. */
const PAIRS: ReadonlySet<string> = new Set(["environment", "labels", "args", "annotations", "sysctls", "extra_hosts"]);

const SOURCES: ReadonlyMap<string, string> = new Map([
  ["secrets", "give it `file`, `environment` or `external: true`"],
  ["configs", "give it `file`, `environment`, `content` or `external: true`"],
  ["models", "give it `model`"],
  ["services", "give it `image` or `build`"],
]);

function emptyFault(spot: Spot): PlacedFault {
  const [section = "", name] = spot.path;
  const remedy = (spot.path.length === 2 ? SOURCES.get(section) : undefined) ?? "give it a value or remove the key";
  const said = spot.path.length === 2 && name !== undefined ? `\`${section}.${name}\`` : nameOf(spot);
  const where = spot.entry?.keyRange ?? spot.node.range;
  return { ...fault(spot, `${said} is empty; ${remedy}`), kind: "missing", range: where };
}

function wrongWord(node: ScalarNode, spot: Spot, schema: SchemaPart): PlacedFault {
  const words = Array.isArray(schema["enum"]) ? schema["enum"].map(String) : [];
  const meant = node.isSecret ? undefined : closest(node.resolved, words);
  const remedy = meant === undefined ? `write ${oneOf(words)}` : `did you mean \`${meant}\`?`;
  return { ...fault(spot, `${said(node)} is no ${nounOf(spot)}; ${remedy}`), mend: replacing(node, meant) };
}

function outOfLimits(spot: Spot, schema: SchemaPart): PlacedFault {
  const { minimum, maximum } = schema;
  return fault(spot, `${label(spot)} is out of range; ${limits(minimum, maximum)}`);
}

function limits(least: unknown, most: unknown): string {
  if (typeof most !== "number") return `it is at least ${String(least)}`;
  return typeof least === "number" ? `it may be ${least} to ${most}` : `it is at most ${most}`;
}

/** Text that is no duration, size, platform and so on. */
function wrongForm(node: ScalarNode, spot: Spot, format: string): PlacedFault {
  const text = node.resolved;
  if (format === "compose-duration") return wrongDuration(node, spot);
  const limited = /^compose-(integer|number)(?: (-?\d*)\.\.(-?\d*))?$/.exec(format);
  if (limited !== null) {
    const [, kind, least = "", most = ""] = limited;
    if (numberOf(text) !== undefined && (kind === "number" || Number.isInteger(numberOf(text)))) {
      const range = limits(least === "" ? undefined : Number(least), most === "" ? undefined : Number(most));
      return fault(spot, `${label(spot)} is out of range; ${range}`);
    }
    return fault(spot, `${label(spot)} is no ${kind === "integer" ? "whole number" : "number"}`);
  }
  const meant = node.isSecret ? undefined : meantBy(text, format);
  const { noun, remedy } = FORMS[format] ?? { noun: "value that Compose reads here", remedy: "" };
  const hint = meant === undefined ? remedy : `did you mean \`${meant}\`?`;
  const subject = format === "compose-boolean" ? label(spot) : said(node);
  const message = `${subject} is ${noun}${hint === "" ? "" : `; ${hint}`}`;
  return { ...fault(spot, message), mend: replacing(node, meant) };
}

function wrongDuration(node: ScalarNode, spot: Spot): PlacedFault {
  const duration = parseDuration(node.resolved, "compose");
  if (/^\d+(?:\.\d+)?$/.test(node.resolved)) {
    const right = `${node.text}s`;
    const mend = node.isSecret || node.uses.length > 0 ? undefined : { range: node.range, text: right, isSafe: false };
    return { ...fault(spot, `${said(node)} has no unit; write \`${node.isSecret ? "30s" : right}\``), mend };
  }
  if (duration.kind === "duration") return fault(spot, `${said(node)} is a negative duration; write \`30s\``);
  return fault(spot, `${said(node)} is no duration; write \`30s\` or \`1m30s\``);
}

/** What a form is not, and how to write it. */
const FORMS: Readonly<Record<string, { readonly noun: string; readonly remedy: string }>> = {
  "compose-all": { noun: "no request for processors", remedy: "write `all`, or a list" },
  "compose-boolean": { noun: "neither true nor false", remedy: "write `true` or `false`" },
  "compose-bytes": { noun: "no size", remedy: "write a number with `k`, `m` or `g`, as in `512m`" },
  "compose-bytes-or-unlimited": { noun: "no size", remedy: "write a number with `m` or `g`, or `-1`" },
  "compose-capability": { noun: "no capability", remedy: "capabilities are `NET_ADMIN` and the like, or `ALL`" },
  "compose-cidr": { noun: "no network", remedy: "write an address with its prefix, as in `172.28.0.0/16`" },
  "compose-count": { noun: "no count", remedy: "write a whole number, or `all`" },
  "compose-cpu-set": { noun: "no set of processors", remedy: "write `0-3` or `0,1`" },
  "compose-device": {
    noun: "no device",
    remedy: "write `host:container:permissions`, as in `/dev/ttyUSB0:/dev/tty0:rw`",
  },
  "compose-device-cgroup-rule": { noun: "no rule for devices", remedy: "write it like `c 1:3 mr`" },
  "compose-device-permissions": { noun: "no permissions of a device", remedy: "write letters of `rwm`" },
  "compose-entitlement": { noun: "no entitlement", remedy: "write `network.host` or `security.insecure`" },
  "compose-exposed-port": { noun: "no port", remedy: "write `8080`, `8080-8090` or `53/udp`" },
  "compose-extra-host": { noun: "no host with an address", remedy: "write `name=192.0.2.1` or `name=host-gateway`" },
  "compose-file-mode": { noun: "no file mode", remedy: "write it in octal, as in `0444`" },
  "compose-host-address": { noun: "no address", remedy: "write an IP address or `host-gateway`" },
  "compose-ip": { noun: "no IP address", remedy: "" },
  "compose-ipc": { noun: "no IPC namespace", remedy: "write `shareable`, `private`, `host`, `none` or `service:name`" },
  "compose-ipv4": { noun: "no IPv4 address", remedy: "" },
  "compose-ipv6": { noun: "no IPv6 address", remedy: "" },
  "compose-isolation": { noun: "no isolation", remedy: "write `default`, `process` or `hyperv`" },
  "compose-mac": { noun: "no MAC address", remedy: "write it like `02:42:ac:11:00:02`" },
  "compose-microseconds": { noun: "no number of microseconds", remedy: "write a whole number" },
  "compose-mount": { noun: "no mount", remedy: "write `source:target`, and `:ro` behind it if needed" },
  "compose-not-empty": { noun: "empty", remedy: "write a path" },
  "compose-pid": { noun: "no PID namespace", remedy: "write `host`, `service:name` or `container:name`" },
  "compose-platform": { noun: "no platform", remedy: "write `linux/amd64` or `linux/arm64`" },
  "compose-pull-policy": { noun: "no pull policy", remedy: "write `always`, `missing`, `build` or `never`" },
  "compose-restart": {
    noun: "no restart policy",
    remedy: 'write `"no"`, `always`, `on-failure` or `unless-stopped`',
  },
  "compose-security-option": {
    noun: "no security option",
    remedy: "they are `no-new-privileges`, `seccomp=…` and so on",
  },
  "compose-signal": { noun: "no signal", remedy: "write `SIGTERM`, `SIGINT` or another" },
  "compose-user-namespace": { noun: "no user namespace", remedy: "only `host` is" },
  "compose-uts": { noun: "no UTS namespace", remedy: "only `host` is" },
};

const WORDS: Readonly<Record<string, readonly string[]>> = {
  "compose-pull-policy": ["always", "missing", "build", "never", "daily", "weekly", "refresh"],
  "compose-restart": ["always", "on-failure", "unless-stopped"],
  "compose-security-option": [
    "no-new-privileges",
    "no-new-privileges:true",
    "seccomp=unconfined",
    "apparmor=unconfined",
  ],
  "compose-isolation": ["default", "process", "hyperv"],
  "compose-entitlement": ["network.host", "security.insecure"],
};

function meantBy(text: string, format: string): string | undefined {
  if (format === "compose-signal")
    return closest(text.toUpperCase().startsWith("SIG") ? text : `SIG${text}`, signalNames());
  if (format === "compose-capability") return closest(capabilityName(text), capabilityNames());
  return closest(text, WORDS[format] ?? []);
}

/** The near word in place of the one written, which is a guess. */
function replacing(node: ScalarNode, meant: string | undefined): Mend | undefined {
  if (meant === undefined || node.uses.length > 0 || node.written === undefined) return undefined;
  return { range: node.rangeOf(0, node.resolved.length), text: meant, isSafe: false };
}

function fault({ node, entry }: Spot, message: string): PlacedFault {
  // A collection is marked at its key: it may be long.
  const range = node.kind === "scalar" ? node.range : (entry?.keyRange ?? firstKeyOf(node) ?? node.range);
  return { kind: "value", range, message, related: undefined, mend: undefined };
}

function firstKeyOf(node: Node): PlacedFault["range"] | undefined {
  return node.kind === "mapping" ? node.entries.values().next().value?.keyRange : undefined;
}

/** `ports` of `web`: a key, and whose it is. */
function nameOf({ path }: Spot): string {
  const key = path.at(-1);
  if (key === undefined) return "the file";
  if (isNumber(key)) return `an item of \`${path.at(-2) ?? ""}\``;
  return path[0] === "services" && path.length === 3 ? `\`${key}\` of \`${path[1] ?? ""}\`` : `\`${key}\``;
}

/** A mapping in a list, by the name of the list. */
function itemOf({ path }: Spot): string {
  return `an item of \`${path.at(-2) ?? ""}\``;
}

/** `key: value`, or the value alone in a list. */
function label({ path, node }: Spot): string {
  const key = path.at(-1) ?? "";
  if (node.kind !== "scalar") return `\`${key}\``;
  return isNumber(key)
    ? said(node)
    : `\`${key}: ${cut(node.text)}\`${node.certainty === "defaulted" ? " by default" : ""}`;
}

function said(node: ScalarNode): string {
  return node.certainty === "defaulted" ? `${shown(node)}, the default,` : shown(node);
}

function shown({ text }: ScalarNode): string {
  return text === "" ? "an empty text" : `\`${cut(text)}\``;
}

function cut(text: string): string {
  const line = text.replaceAll(/[`\r\n]+/g, " ");
  return line.length > SHOWN_LENGTH ? `${line.slice(0, SHOWN_LENGTH)}…` : line;
}

function nounOf({ path }: Spot): string {
  const key = path.findLast((step) => !isNumber(step)) ?? "value";
  return NOUNS.get(key) ?? key.replaceAll("_", " ");
}

const NOUNS: ReadonlyMap<string, string> = new Map([
  ["type", "type of mount"],
  ["selinux", "SELinux label"],
  ["order", "order of updates"],
  ["recursive", "way to mount what lies below"],
  ["cgroup", "cgroup namespace"],
]);

function kindOf(node: Node): string {
  if (node.kind !== "scalar") return node.kind === "mapping" ? "a mapping" : "a list";
  switch (node.type) {
    case "integer":
    case "float":
      return "a number";
    case "boolean":
      return "a truth value";
    case "timestamp":
      return "a date";
    case "null":
      return "empty";
    case "text":
      return "text";
  }
}

const KINDS: ReadonlyMap<string, string> = new Map([
  ["object", "a mapping"],
  ["array", "a list"],
  ["string", "text"],
  ["integer", "a whole number"],
  ["number", "a number"],
  ["boolean", "`true` or `false`"],
]);

/** The kinds that a place takes; text is left out beside numbers and truth values, which may be written as text. */
function wanted(schema: SchemaPart): string {
  const types = typesOf(schema).filter((type) => type !== "null");
  if (types.includes("string") && types.includes("number") && types.includes("boolean")) return "one value";
  const isTyped = types.some((type) => type === "integer" || type === "number" || type === "boolean");
  const kinds = types.filter((type) => !(isTyped && type === "string")).map((type) => KINDS.get(type) ?? type);
  return kinds.join(" or ");
}

function oneOf(words: readonly string[]): string {
  const ticked = words.map((word) => `\`${word}\``);
  return ticked.length < 2 ? ticked.join("") : `${ticked.slice(0, -1).join(", ")} or ${ticked.at(-1) ?? ""}`;
}

function isNumber(step: string | undefined): boolean {
  return step !== undefined && /^\d+$/.test(step);
}
