/**
 * The host of an address with a scheme, in lower case, without user, port and brackets; undefined when there is none or a
 * part of it is not known.
 */
export function hostOf(address: string): string | undefined {
  const at = address.indexOf("://");
  if (at < 0) return undefined;
  const [authority = ""] = address.slice(at + 3).split(/[/?#]/, 1);
  const host = authority.slice(authority.lastIndexOf("@") + 1).toLowerCase();
  if (host === "" || host.includes("$") || host.includes("\uFFFC")) return undefined;
  if (host.startsWith("[")) return host.slice(1, host.indexOf("]"));
  const colon = host.indexOf(":");
  return colon < 0 ? host : host.slice(0, colon);
}

/** Endings of names that no public registrar gives away. */
const PRIVATE_ENDINGS = [".local", ".internal", ".lan", ".test", ".localhost", ".home.arpa", ".localdomain"] as const;

/**
 * Whether an address stays on this machine or in a private network: loopback, private and link-local numbers, names of a
 * single label, names that are not public.
 *
 * @see https://www.rfc-editor.org/rfc/rfc1918
 * @see https://www.rfc-editor.org/rfc/rfc6761
 */
export function isPrivateHost(address: string): boolean {
  const host = hostOf(address);
  if (host === undefined) return false;
  if (!host.includes(".")) return true;
  if (PRIVATE_ENDINGS.some((ending) => host.endsWith(ending))) return true;
  const match = /^(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}$/.exec(host);
  if (match === null) return false;
  const first = Number(match[1]);
  const second = Number(match[2]);
  if (first === 10 || first === 127) return true;
  if (first === 172) return second >= 16 && second <= 31;
  return (first === 192 && second === 168) || (first === 169 && second === 254);
}
