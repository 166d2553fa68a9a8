const LONGEST = 2048;
// Not `/i`, which makes V8 look at every class of it in both cases.
const WEB =
  /^[Hh][Tt][Tt][Pp][Ss]?:\/\/(?:[^\s/?#@]{1,200}@)?(\[[0-9A-Fa-f:.]{2,45}\]|[^\s/?#@:[\]]{1,253})(?::\d{1,5})?(?:[/?#]\S*)?$/;
const GIT = /^(?:git|ssh|git\+ssh|git\+https?|svn|ftp|ftps):\/\/[^\s/?#]{1,300}(?:[/?#]\S*)?$/i;
const SCP = /^[A-Za-z0-9._-]{1,64}@[A-Za-z0-9.-]{1,253}:[^\s:]\S{0,1000}$/;

/** What a text that stands for an address is; absent when it is none. */
export type UrlShape = "scp" | "vcs" | "web";

/**
 * Tells an absolute address by its shape, contacting nobody: `https://…` is `web`, `git://…` and `ssh://…` are `vcs`,
 * `git@host:path` is `scp`. A host needs no dot (`http://wiki/`), and must not be empty.
 *
 * @see https://www.rfc-editor.org/rfc/rfc3986#section-3
 */
export function urlShape(text: string): UrlShape | undefined {
  if (text.length > LONGEST) return undefined;
  const host = WEB.exec(text)?.[1];
  if (host !== undefined) return isHost(host) ? "web" : undefined;
  if (GIT.test(text)) return "vcs";
  return SCP.test(text) ? "scp" : undefined;
}

// Asked first, and nearly always enough: compiling classes of all scripts takes a millisecond.
const ASCII_LABEL = /^\w(?:[\w-]*\w)?$/;
const LABEL = /^[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?$/u;

/** Letters of any script, digits, dashes and dots; labels are not empty, but for the root at the end. */
function isHost(host: string): boolean {
  if (host.startsWith("[")) return true;
  return host
    .replace(/\.$/, "")
    .split(".")
    .every((label) => ASCII_LABEL.test(label) || LABEL.test(label));
}
