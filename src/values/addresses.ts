import type { Span } from "../text/source.js";
import { isIpAddress, parsePortNumber } from "./port.js";

/** A host that a text names as one to connect to. Spans are 0-based into the text. */
export interface FoundAddress {
  /** In lower case, without brackets. */
  readonly host: string;
  readonly hostSpan: Span;
  /** Undefined when none is written, or a variable stands for it. */
  readonly port: number | undefined;
  readonly portSpan: Span | undefined;
  /** In lower case, `jdbc:postgresql` too; undefined without one. */
  readonly scheme: string | undefined;
}

/** Longer texts are scripts or data. */
const LONGEST = 8192;
const HOST_NAME = /^[a-z0-9](?:[a-z0-9_.-]{0,252})$/i;
/** What separates words of shells, connection strings and lists. */
const TOKEN = /[^\s,;=()'"`|&<>]+/g;
const HOST_OPTIONS: ReadonlySet<string> = new Set(["-h", "--host", "--hostname", "-host"]);
const HOST_KEYS: ReadonlySet<string> = new Set([
  "--host",
  "--hostname",
  "addr",
  "host",
  "hostname",
  "server",
  "source",
]);
/** Stands for a variable: part of no host and no port. */
const HOLE = "\uFFFC";

/**
 * Hosts of URLs (`postgres://app@db:5432/app`), pairs (`db:5432`), lists of both and connection strings (`host=db`), in
 * order. A pair needs its port, so that words alone are no hosts.
 *
 * @param isHost the whole text may be a name alone, as the value of `DB_HOST` is
 */
export function findAddresses(text: string, isHost = false): readonly FoundAddress[] {
  if (text.length > LONGEST || (!isHost && !text.includes(":") && !text.includes("-") && !text.includes("=")))
    return [];
  const masked = text.includes("${") ? text.replace(/\$\{[^}]*\}/g, (hole) => HOLE.repeat(hole.length)) : text;
  const found: FoundAddress[] = [];
  let before = "";
  for (const match of masked.matchAll(TOKEN)) {
    const [token] = match;
    const isKeyed = masked[match.index - 1] === "=" && HOST_KEYS.has(before.toLowerCase());
    const isAlone = isHost || isKeyed || (HOST_OPTIONS.has(before) && masked[match.index - 1] === " ");
    const address = readToken(token, match.index, isAlone);
    if (address !== undefined) found.push(address);
    before = token;
  }
  return found;
}

function readToken(token: string, at: number, isAlone: boolean): FoundAddress | undefined {
  const mark = token.indexOf("://");
  if (mark === -1 && !isAlone && !token.includes(":")) return undefined;
  const scheme = mark === -1 ? undefined : token.slice(0, mark).toLowerCase();
  let start = mark === -1 ? 0 : mark + 3;
  let end = token.length;
  for (let index = start; index < end; index += 1) if ("/?#".includes(token[index] ?? "")) end = index;
  const user = token.lastIndexOf("@", end - 1);
  if (user >= start) start = user + 1;
  const isBracketed = token[start] === "[";
  const close = isBracketed ? token.indexOf("]", start) : -1;
  if (isBracketed && (close === -1 || close >= end)) return undefined;
  const colon = isBracketed ? (token[close + 1] === ":" ? close + 1 : -1) : token.indexOf(":", start);
  const hasPort = colon !== -1 && colon < end;
  const hostEnd = isBracketed ? close : hasPort ? colon : end;
  const hostStart = isBracketed ? start + 1 : start;
  const host = token.slice(hostStart, hostEnd);
  if (isBracketed ? !isIpAddress(host) : !HOST_NAME.test(host)) return undefined;
  const portText = hasPort ? token.slice(colon + 1, end) : "";
  const port = parsePortNumber(portText);
  // `PLAINTEXT:`, `a:b:80` and volumes are no pairs.
  if (hasPort && port === undefined && !(scheme !== undefined && portText.startsWith(HOLE))) return undefined;
  if (port === undefined && scheme === undefined && !isAlone) return undefined;
  return {
    host: host.toLowerCase(),
    hostSpan: { start: at + hostStart, end: at + hostEnd },
    port,
    portSpan: port === undefined ? undefined : { start: at + colon + 1, end: at + end },
    scheme,
  };
}
