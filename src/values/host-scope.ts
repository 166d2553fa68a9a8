/** How far away a host is: this container, a network that nobody else is in, a name of documentation, or the internet. */
export type HostScope = "loopback" | "private" | "documentation" | "public";

// Not `/i`, which makes V8 look at every class of it in both cases.
const ADDRESS = /^(?:[A-Za-z][A-Za-z0-9+.-]*:\/\/)?(?:[^\s/?#@]*@)?(\[[^\]\s]*\]|[^\s/:?#@]+)/;
/** Longer texts are no address that a person wrote. */
const LONGEST = 2048;

/** Host of an address with or without scheme, in lower case and without brackets; undefined where there is none. */
export function hostOf(address: string): string | undefined {
  if (address.length > LONGEST) return undefined;
  const host = ADDRESS.exec(address)?.[1]?.toLowerCase();
  // A scheme with nothing behind it is no host.
  if (host === undefined || address.slice(host.length).startsWith("://")) return undefined;
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

/** Whether a host is the container itself, whatever it is called. */
export function isLoopbackHost(host: string): boolean {
  return (
    host === "localhost" ||
    host.endsWith(".localhost") ||
    /^127(?:\.\d{1,3}){3}$/.test(host) ||
    host === "::1" ||
    host === "0.0.0.0" ||
    host === "::" ||
    host === "ip6-localhost"
  );
}

const PRIVATE_IPV4 = /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))\./;
const PRIVATE_IPV6 = /^f(?:[cd][0-9a-f]{2}|e[89ab][0-9a-f]):/;
const PRIVATE_DOMAINS: ReadonlySet<string> = new Set([
  "corp",
  "home",
  "internal",
  "intranet",
  "lan",
  "local",
  "localdomain",
  "test",
]);

/**
 * Tells how far away a host is by its name alone: special addresses, names without a dot (services of a Compose project),
 * and domains that no public server has.
 *
 * @param host in lower case, without brackets and port
 * @see https://www.rfc-editor.org/rfc/rfc6890 (addresses), https://www.rfc-editor.org/rfc/rfc6761 (names)
 */
export function hostScope(host: string): HostScope {
  if (isLoopbackHost(host)) return "loopback";
  if (host.includes(":")) return PRIVATE_IPV6.test(host) ? "private" : "public";
  if (!host.includes(".")) return "private";
  const domain = host.slice(host.lastIndexOf(".") + 1);
  if (PRIVATE_DOMAINS.has(domain) || PRIVATE_IPV4.test(host)) return "private";
  if (domain === "example" || domain === "invalid" || /(?:^|\.)example\.(?:com|org|net)$/.test(host)) {
    return "documentation";
  }
  return "public";
}
