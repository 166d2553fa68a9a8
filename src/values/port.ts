import type { Span } from "../text/source.js";

/** Transport protocols that container engines know. */
export type PortProtocol = "tcp" | "udp" | "sctp";

/** Ports `first` to `last`, both included, 0 to 65535; equal for a single port. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/** Why a text is no port or range of ports. */
export type PortProblem = "empty" | "not-a-number" | "out-of-range" | "reversed";

/** A range of ports, or what is wrong with the text; `span` is 0-based into the text given. */
export type PortRangeResult =
  | ({ readonly kind: "ports" } & PortRange)
  | { readonly kind: "malformed"; readonly problem: PortProblem; readonly span: Span };

/** What an `EXPOSE` token says. Spans are 0-based into the token. */
export type ExposedPort =
  | {
      readonly kind: "port";
      readonly ports: PortRange;
      readonly protocol: PortProtocol;
      /** The number or range without the protocol. */
      readonly portSpan: Span;
      /** The protocol as written; undefined when there is none, which means TCP. */
      readonly protocolSpan: Span | undefined;
    }
  | {
      /** `[ip:][host]:container[/protocol]`: the host part has no effect in a Dockerfile. */
      readonly kind: "mapping";
      /** The container part as written, with its protocol; what the token should be. */
      readonly container: string;
      readonly ports: PortRange;
      readonly protocol: PortProtocol;
      readonly hostSpan: Span;
    }
  | { readonly kind: "malformed"; readonly problem: PortProblem | "protocol"; readonly span: Span };

const LARGEST_PORT = 65_535;
const DIGITS = /^[0-9]+$/;
const IPV4 = /^[0-9]{1,3}(?:\.[0-9]{1,3}){3}$/;
const IPV6_CHARACTERS = /^[0-9A-Fa-f:.]+$/;
const IPV6_GROUP = /^[0-9A-Fa-f]{1,4}$/;

/** A port number of 0 to 65535; undefined for anything else, also for a sign or blanks. */
export function parsePortNumber(text: string): number | undefined {
  if (!DIGITS.test(text)) return undefined;
  const value = Number(text);
  return value <= LARGEST_PORT ? value : undefined;
}

/**
 * Reads `8080` or `8000-8010`.
 *
 * @see https://github.com/docker/go-connections/blob/v0.5.0/nat/parse.go (ParsePortRange)
 */
export function parsePortRange(text: string): PortRangeResult {
  const dash = text.indexOf("-");
  const first = readPort(text, 0, dash === -1 ? text.length : dash);
  if (typeof first !== "number") return first;
  if (dash === -1) return { kind: "ports", first, last: first };
  const last = readPort(text, dash + 1, text.length);
  if (typeof last !== "number") return last;
  if (last < first) return { kind: "malformed", problem: "reversed", span: { start: 0, end: text.length } };
  return { kind: "ports", first, last };
}

/** The protocol that a text means, in any case; the empty text means TCP; undefined for all others. */
export function parsePortProtocol(text: string): PortProtocol | undefined {
  switch (text.toLowerCase()) {
    case "":
    case "tcp":
      return "tcp";
    case "udp":
      return "udp";
    case "sctp":
      return "sctp";
    default:
      return undefined;
  }
}

/**
 * Reads one token of `EXPOSE`. Expands no variables (a `$` is `not-a-number`: evaluate first).
 *
 * @see https://github.com/docker/go-connections/blob/v0.5.0/nat/nat.go (ParsePortSpec)
 */
export function parseExposedPort(token: string): ExposedPort {
  const slash = token.indexOf("/");
  const end = slash === -1 ? token.length : slash;
  const protocol = parsePortProtocol(slash === -1 ? "" : token.slice(slash + 1));
  if (protocol === undefined)
    return { kind: "malformed", problem: "protocol", span: { start: slash + 1, end: token.length } };

  const colon = token.lastIndexOf(":", end - 1);
  const start = colon + 1;
  const range = parsePortRange(token.slice(start, end));
  if (range.kind === "malformed") {
    const span = { start: range.span.start + start, end: range.span.end + start };
    return { kind: "malformed", problem: range.problem, span };
  }
  const ports = { first: range.first, last: range.last };
  if (colon !== -1) {
    return { kind: "mapping", container: token.slice(start), ports, protocol, hostSpan: { start: 0, end: start } };
  }
  const protocolSpan = slash === -1 || slash + 1 === token.length ? undefined : { start: slash + 1, end: token.length };
  return { kind: "port", ports, protocol, portSpan: { start, end }, protocolSpan };
}

/** Whether a text is an IPv4 address in dotted form, each part 0 to 255. */
export function isIpv4Address(text: string): boolean {
  return IPV4.test(text) && text.split(".").every((part) => Number(part) <= 255);
}

/** Whether a text is an IPv6 address without brackets or a prefix length; a zone (`%eth0`) is accepted. */
export function isIpv6Address(text: string): boolean {
  const zone = text.indexOf("%");
  const address = zone === -1 ? text : text.slice(0, zone);
  if (address.length > 45 || !IPV6_CHARACTERS.test(address) || !address.includes(":")) return false;
  const halves = address.split("::");
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const tail = groups.at(-1) ?? "";
  const hasV4Tail = tail.includes(".");
  if (hasV4Tail && !isIpv4Address(tail)) return false;
  const isWellFormed = groups.every(
    (group, index) => (hasV4Tail && index === groups.length - 1) || IPV6_GROUP.test(group),
  );
  const count = groups.length + (hasV4Tail ? 1 : 0);
  return isWellFormed && (halves.length === 2 ? count <= 7 : count === 8);
}

/** Whether a text is an IPv4 or IPv6 address, the latter with or without brackets. */
export function isIpAddress(text: string): boolean {
  if (text.startsWith("[") && text.endsWith("]")) return isIpv6Address(text.slice(1, -1));
  return isIpv4Address(text) || isIpv6Address(text);
}

/** Whether an address can be reached from its own host only: `127.0.0.0/8` or `::1`, with or without brackets. */
export function isLoopbackAddress(text: string): boolean {
  if (isIpv4Address(text)) return text.startsWith("127.");
  const bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  if (!isIpv6Address(bare)) return false;
  return /^(?:0{0,4}:)+0{0,3}1$/.test(bare) || /^::ffff:127\./i.test(bare);
}

function readPort(text: string, start: number, end: number): number | PortRangeResult {
  const span = { start, end };
  if (start >= end) return { kind: "malformed", problem: "empty", span };
  const part = text.slice(start, end);
  if (!DIGITS.test(part)) return { kind: "malformed", problem: "not-a-number", span };
  return parsePortNumber(part) ?? { kind: "malformed", problem: "out-of-range", span };
}
