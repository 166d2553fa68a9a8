import type { Range } from "../text/source.js";
import { isIpAddress, isLoopbackAddress, parsePortProtocol, parsePortRange } from "../values/port.js";
import type { ExposedPort, PortInterval, PortMapping } from "./model.js";
import type { MappingNode, Node, ScalarNode, Value } from "./node-model.js";
import { isNull } from "./nodes.js";
import { splitShortPort } from "./short-syntax.js";
import { leafAt, type Reading, readLeaf, textValue } from "./values-of-nodes.js";

/** Reads the entries of `ports`; what is neither a scalar nor a mapping is left to the schema. */
export function portsOf(items: readonly Node[]): readonly PortMapping[] {
  return items.flatMap((item) => {
    if (item.kind === "scalar") return isNull(item) ? [] : [shortPort(item)];
    return item.kind === "mapping" ? [longPort(item)] : [];
  });
}

/** Reads the entries of `expose`. */
export function exposedPortsOf(items: readonly Node[]): readonly ExposedPort[] {
  return items.flatMap((item) => {
    if (item.kind !== "scalar" || isNull(item)) return [];
    const slash = item.resolved.indexOf("/");
    const end = slash === -1 ? item.resolved.length : slash;
    const protocol = slash === -1 ? "tcp" : item.resolved.slice(slash + 1).toLowerCase();
    return [{ port: portValue(item.part(0, end)), protocol, range: item.range }];
  });
}

function shortPort(item: ScalarNode): PortMapping {
  const spans = splitShortPort(item.resolved);
  const part = (span: { readonly start: number; readonly end: number } | undefined) =>
    span === undefined || span.start === span.end ? undefined : item.part(span.start, span.end);
  const hostIpPart = part(spans.hostIp);
  const publishedPart = part(spans.published);
  const protocolPart = part(spans.protocol);
  const hostIp = hostIpPart === undefined ? undefined : ipValue(hostIpPart);
  const published = publishedPart === undefined ? undefined : portValue(publishedPart);
  const target = portValue(item.part(spans.target.start, spans.target.end));
  const isUnreadable = isOpen(item) && spans.published === undefined && spans.protocol === undefined;
  return {
    form: "short",
    node: item,
    range: item.range,
    hostIp,
    published,
    target,
    protocol: protocolPart?.resolved.toLowerCase() ?? "tcp",
    protocolRange: protocolPart?.range,
    mode: undefined,
    name: undefined,
    appProtocol: undefined,
    // `${PORTS}` alone may bring an address of its own.
    exposure:
      isUnreadable && target.value === undefined && target.problem === undefined ? "unknown" : exposureOf(hostIp),
    problem: problemOf({ hostIp, published, target, protocol: protocolPart }),
  };
}

function longPort(item: MappingNode): PortMapping {
  const hostIp = leafAt(item, ["host_ip"], ipValue);
  const published = leafAt(item, ["published"], portValue);
  const target = leafAt(item, ["target"], portValue);
  const protocolEntry = item.entries.get("protocol")?.value;
  const protocol = protocolEntry?.kind === "scalar" && !isNull(protocolEntry) ? protocolEntry : undefined;
  const missing =
    target === undefined ? { message: "the port of the container is missing", range: item.range } : undefined;
  return {
    form: "long",
    node: item,
    range: item.range,
    hostIp,
    published,
    target,
    protocol: protocol?.resolved.toLowerCase() ?? "tcp",
    protocolRange: protocol?.range,
    mode: leafAt(item, ["mode"], textValue),
    name: leafAt(item, ["name"], textValue),
    appProtocol: leafAt(item, ["app_protocol"], textValue),
    exposure: exposureOf(hostIp),
    problem: problemOf({ hostIp, published, target, protocol }) ?? missing,
  };
}

function exposureOf(hostIp: Value<string> | undefined): PortMapping["exposure"] {
  if (hostIp === undefined) return "public";
  if (hostIp.value === undefined) return "unknown";
  return isLoopbackAddress(hostIp.value) ? "loopback" : "public";
}

interface Parts {
  readonly hostIp: Value<string> | undefined;
  readonly published: Value<PortInterval> | undefined;
  readonly target: Value<PortInterval> | undefined;
  readonly protocol: ScalarNode | undefined;
}

function problemOf({ hostIp, published, target, protocol }: Parts): { message: string; range: Range } | undefined {
  for (const part of [hostIp, published, target]) {
    if (part?.problem !== undefined) return { message: `\`${part.text}\` is ${part.problem}`, range: part.range };
  }
  if (protocol !== undefined && !isOpen(protocol) && parsePortProtocol(protocol.resolved) === undefined) {
    return { message: `\`${protocol.text}\` is not a protocol; write tcp, udp or sctp`, range: protocol.range };
  }
  const hosts = published?.value;
  const inside = target?.value;
  if (hosts === undefined || inside === undefined || published === undefined) return undefined;
  const hostCount = hosts.last - hosts.first;
  const insideCount = inside.last - inside.first;
  if (insideCount === 0 || hostCount === insideCount) return undefined;
  const message = `\`${published.text}\` and the ports of the container are not equally many`;
  return { message, range: published.range };
}

function isOpen(node: ScalarNode): boolean {
  return node.certainty === "unknown" || node.certainty === "required";
}

function ipValue(node: ScalarNode, keyRange?: Range): Value<string> {
  return readLeaf(node, keyRange, (text): Reading<string> => {
    const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
    return isIpAddress(bare) ? { value: bare } : { problem: "not an address" };
  });
}

const PORT_PROBLEMS = {
  empty: "an empty port",
  "not-a-number": "not a port",
  "out-of-range": "beyond the last port, 65535",
  reversed: "a range that ends before it begins",
} as const;

function portValue(node: ScalarNode, keyRange?: Range): Value<PortInterval> {
  return readLeaf(node, keyRange, (text): Reading<PortInterval> => {
    const read = parsePortRange(text);
    if (read.kind === "malformed") return { problem: PORT_PROBLEMS[read.problem] };
    return { value: { first: read.first, last: read.last } };
  });
}
