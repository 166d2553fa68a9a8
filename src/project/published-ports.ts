import type { PortMapping, Service } from "../compose/model.js";
import type { MappingNode, Node, ScalarNode } from "../compose/node-model.js";
import type { Edit, Range } from "../text/source.js";
import { hostScope } from "../values/host-scope.js";
import { isUnspecifiedAddress, parseIpAddress } from "../values/ip-address.js";
import { keysAfter } from "./yaml-insertion.js";
import { isBrought } from "./yaml-removal.js";

/** A published port that others than the host itself reach. */
export interface OpenPort {
  readonly mapping: PortMapping;
  /** `interfaces`: on every address of the host; `address`: on one that the internet reaches. */
  readonly on: "interfaces" | "address";
  /** Where the mapping is named: the whole short entry, or the key `published` (else `target`) of a long one. */
  readonly range: Range;
  /** For messages: the port of the host, else that of the container; `53/udp` for UDP. */
  readonly text: string;
}

const NOTHING: readonly OpenPort[] = [];

/**
 * Ports of a service that are published for everybody who reaches the host, in order. Without those whose address nobody
 * knows, whose network binds them to another address, and which the network mode discards.
 */
export function openPortsOf(service: Service): readonly OpenPort[] {
  const { ports } = service;
  if (ports.length === 0 || losesPorts(service) || isBoundByNetwork(service)) return NOTHING;
  return ports.flatMap((mapping) => {
    const on = openingOf(mapping);
    if (on === undefined) return [];
    const { published, target, range } = mapping;
    const key = mapping.form === "long" ? (published?.keyRange ?? target?.keyRange) : undefined;
    const port = published?.text ?? target?.text ?? "";
    return [{ mapping, on, range: key ?? range, text: mapping.protocol === "udp" ? `${port}/udp` : port }];
  });
}

/** Whether the network mode of a service publishes nothing, or may not. */
export function losesPorts({ networkMode }: Service): boolean {
  if (networkMode === undefined) return false;
  const mode = networkMode.value;
  return (
    mode === undefined ||
    mode === "host" ||
    mode === "none" ||
    mode.startsWith("service:") ||
    mode.startsWith("container:")
  );
}

/** @see https://docs.docker.com/engine/network/drivers/bridge/#options */
const HOST_BINDING = "com.docker.network.bridge.host_binding_ipv4";

function isBoundByNetwork({ networks, variant }: Service): boolean {
  if (variant.networks.size === 0) return false;
  return networks.some(({ name }) => {
    const bound = variant.networks.get(name)?.at("driver_opts", HOST_BINDING);
    return bound?.kind === "scalar" && !isUnspecifiedAddress(bound.resolved);
  });
}

function openingOf({ hostIp, published, form, exposure, problem }: PortMapping): OpenPort["on"] | undefined {
  if (exposure !== "public" || problem !== undefined) return undefined;
  if (hostIp?.value !== undefined) {
    if (isUnspecifiedAddress(hostIp.value)) return "interfaces";
    return hostScope(hostIp.value.toLowerCase()) === "public" ? "address" : undefined;
  }
  // `${BIND}:80` may bring an address of its own; of a variable that is named for a port nobody expects one.
  const mayHoldAddress = form === "short" && published !== undefined && published.value === undefined;
  return mayHoldAddress && !published.text.toLowerCase().includes("port") ? undefined : "interfaces";
}

/** Edits that publish a port for the host itself only; undefined where they cannot be made in place. */
export function loopbackEdits({ hostIp, published, target, form, node }: PortMapping): readonly Edit[] | undefined {
  if (isShared(node)) return undefined;
  if (hostIp?.value !== undefined) {
    if (hostIp.certainty !== "known" || hostIp.node.uses.length > 0) return undefined;
    return [{ range: hostIp.range, text: parseIpAddress(hostIp.value)?.family === 6 ? "::1" : "127.0.0.1" }];
  }
  if (form === "short" && node.kind === "scalar") {
    const start = textStart(node);
    return start && [{ range: start, text: published === undefined ? "127.0.0.1::" : "127.0.0.1:" }];
  }
  const last = published ?? target;
  if (node.kind !== "mapping" || last?.keyRange === undefined) return undefined;
  const edit = isFlow(node)
    ? flowEntry(node, last.range)
    : keysAfter(node, last.keyRange, last.range, ["host_ip: 127.0.0.1"]);
  // The first key of a list item stands behind its dash, where `keysAfter` finds no indentation of its own.
  return edit === undefined ? firstKeyEdit(last.keyRange, last.range) : [edit];
}

/** Whether another place has the same mapping through an anchor, so that an edit would change that too. */
function isShared(node: Node): boolean {
  const uses = node.kind === "scalar" ? (node.written?.anchor?.uses.length ?? 0) : 0;
  return uses > 0 || isBrought(node);
}

/** Before the first character of a scalar, behind its quote; undefined for a block scalar. */
function textStart({ written }: ScalarNode): Range | undefined {
  if (written === undefined || written.style === "literal" || written.style === "folded") return undefined;
  const { source, start } = written.range;
  const first = written.style === "plain" ? start : start + 1;
  // An anchor or a tag may stand first.
  return source.text[first] === written.text[0] ? source.range(first, first) : undefined;
}

function isFlow({ range }: MappingNode): boolean {
  return range.source.text[range.start] === "{";
}

/** Undefined for a key that a merge brings from elsewhere. */
function flowEntry({ range: mapping }: MappingNode, { source, start, end }: Range): Edit | undefined {
  if (mapping.source !== source || start < mapping.start || end > mapping.end) return undefined;
  return { range: source.range(end, end), text: ", host_ip: 127.0.0.1" };
}

/** Behind `- published: 80`, which is the first key of its item. */
function firstKeyEdit(key: Range, value: Range): readonly Edit[] | undefined {
  const { source } = key;
  const { line, column } = source.positionAt(key.start);
  const lead = source.text.slice(key.start - column + 1, key.start);
  if (!/^[ \t]*-[ \t]+$/.test(lead) || source.positionAt(value.end).line !== line) return undefined;
  const end = source.lineSpan(line)?.end;
  if (end === undefined) return undefined;
  return [{ range: source.range(end, end), text: `\n${lead.replace("-", " ")}host_ip: 127.0.0.1` }];
}
