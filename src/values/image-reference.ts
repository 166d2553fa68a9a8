import type { Span } from "../text/source.js";

/**
 * A well-formed image reference. Spans are 0-based UTF-16 code units into `written`. Nothing is added to what the user
 * wrote but in the fields that say *normalised*.
 */
export interface ImageReference {
  readonly kind: "reference";
  readonly written: string;
  /** `host[:port]` as written; undefined when the reference names none, which means Docker Hub. */
  readonly registry: string | undefined;
  readonly registrySpan: Span | undefined;
  /** Everything before tag and digest, as written: `ghcr.io/acme/api`, `node`. */
  readonly repository: string;
  readonly repositorySpan: Span;
  /** The repository without the registry, as written: `acme/api`, `node`. */
  readonly path: string;
  /** Without the colon. */
  readonly tag: string | undefined;
  readonly tagSpan: Span | undefined;
  /** `algorithm:hex` without the at sign. */
  readonly digest: string | undefined;
  readonly digestSpan: Span | undefined;
  /** Normalised registry; `docker.io` when none is written or the old `index.docker.io` is. */
  readonly domain: string;
  /** Normalised name that no two repositories share: `docker.io/library/node`. */
  readonly name: string;
  /** The shortest name that means the same repository: `node`, `acme/api`, `ghcr.io/acme/api`. */
  readonly familiarName: string;
}

/** Why a text is no image reference. */
export type ImageReferenceProblem =
  | "empty"
  | "blank"
  | "scheme"
  | "upper-case"
  | "empty-tag"
  | "invalid-tag"
  | "long-tag"
  | "two-tags"
  | "empty-digest"
  | "invalid-digest"
  | "two-digests"
  | "trailing-slash"
  | "invalid-registry"
  | "invalid-name"
  | "long-name"
  | "identifier";

/** A text that the engine refuses as an image reference; `span` is the wrong part of `written`, at least one unit long unless nothing is there. */
export interface MalformedImageReference {
  readonly kind: "malformed";
  readonly written: string;
  readonly problem: ImageReferenceProblem;
  readonly span: Span;
}

/** Registry that a reference without one means. */
export const DEFAULT_REGISTRY = "docker.io";

const LEGACY_DEFAULT_REGISTRY = "index.docker.io";
const OFFICIAL_PREFIX = "library/";
const LONGEST_TAG = 128;
const LONGEST_PATH = 255;

/** Host, path, tag and digest at their longest stay far below; keeps hostile text away from the expressions below. */
const LONGEST_REFERENCE = 4096;

const BLANK = /[\s\u0000-\u001f\u007f]+/;
const SCHEME = /^[A-Za-z][A-Za-z0-9+.-]*:\/\//;
const IDENTIFIER = /^[a-f0-9]{64}$/;
const DOMAIN = /^(?:\[[0-9a-fA-F:]+\]|[A-Za-z0-9](?:-*[A-Za-z0-9])*(?:\.[A-Za-z0-9](?:-*[A-Za-z0-9])*)*)(?::[0-9]+)?$/;
const PATH_COMPONENT = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG_START = /[A-Za-z0-9_]/;
const NOT_TAG = /[^A-Za-z0-9_.-]/;
const UPPER_CASE = /[A-Z]/;
const LOWER_HEX = /^[a-f0-9]+$/;

/** Number of hexadecimal digits per digest algorithm that engines accept; github.com/opencontainers/go-digest v1.0.0. */
const DIGEST_LENGTHS: ReadonlyMap<string, number> = new Map([
  ["sha256", 64],
  ["sha384", 96],
  ["sha512", 128],
]);

/**
 * Splits an image reference as written after `FROM`, in `--from` or `image:`; contacts no registry and expands no
 * variables (a `$` makes the name invalid: evaluate first).
 *
 * @see https://github.com/distribution/reference/blob/v0.6.0/reference.go (grammar)
 * @see https://github.com/distribution/reference/blob/v0.6.0/normalize.go (default registry and namespace)
 */
export function parseImageReference(written: string): ImageReference | MalformedImageReference {
  const plain = findPlainProblem(written);
  if (plain !== undefined) return plain;

  const at = written.indexOf("@");
  const beforeDigest = at === -1 ? written.length : at;
  const slash = written.lastIndexOf("/", beforeDigest - 1);
  const colon = written.indexOf(":", slash + 1);
  const hasTag = colon !== -1 && colon < beforeDigest;
  const nameEnd = hasTag ? colon : beforeDigest;

  const name = splitName(written, nameEnd);
  if (name.kind === "malformed") return name;
  const tagProblem = hasTag ? findTagProblem(written, colon + 1, beforeDigest) : undefined;
  if (tagProblem !== undefined) return tagProblem;
  const digestProblem = at === -1 ? undefined : findDigestProblem(written, at + 1);
  if (digestProblem !== undefined) return digestProblem;

  const { registryEnd, domain, remote } = name;
  const normalised = domain === DEFAULT_REGISTRY && !remote.includes("/") ? OFFICIAL_PREFIX + remote : remote;
  return {
    kind: "reference",
    written,
    registry: registryEnd === 0 ? undefined : written.slice(0, registryEnd),
    registrySpan: registryEnd === 0 ? undefined : { start: 0, end: registryEnd },
    repository: written.slice(0, nameEnd),
    repositorySpan: { start: 0, end: nameEnd },
    path: remote,
    tag: hasTag ? written.slice(colon + 1, beforeDigest) : undefined,
    tagSpan: hasTag ? { start: colon + 1, end: beforeDigest } : undefined,
    digest: at === -1 ? undefined : written.slice(at + 1),
    digestSpan: at === -1 ? undefined : { start: at + 1, end: written.length },
    domain,
    name: `${domain}/${normalised}`,
    familiarName: familiarName(domain, normalised),
  };
}

/** Last part of a repository: `api` of `ghcr.io/acme/api`. */
export function lastPathSegment(repository: string): string {
  return repository.slice(repository.lastIndexOf("/") + 1);
}

function familiarName(domain: string, path: string): string {
  if (domain !== DEFAULT_REGISTRY) return `${domain}/${path}`;
  const isOfficial = path.startsWith(OFFICIAL_PREFIX) && !path.includes("/", OFFICIAL_PREFIX.length);
  return isOfficial ? path.slice(OFFICIAL_PREFIX.length) : path;
}

function malformed(
  written: string,
  problem: ImageReferenceProblem,
  start: number,
  end: number,
): MalformedImageReference {
  return { kind: "malformed", written, problem, span: { start, end } };
}

/** Mistakes that do not need the parts to be known. */
function findPlainProblem(written: string): MalformedImageReference | undefined {
  if (written === "") return malformed(written, "empty", 0, 0);
  if (written.length > LONGEST_REFERENCE) return malformed(written, "long-name", 0, written.length);
  const blank = BLANK.exec(written);
  if (blank !== null) return malformed(written, "blank", blank.index, blank.index + blank[0].length);
  const scheme = SCHEME.exec(written);
  if (scheme !== null) return malformed(written, "scheme", 0, scheme[0].length);
  if (IDENTIFIER.test(written)) return malformed(written, "identifier", 0, written.length);
  return undefined;
}

interface SplitName {
  readonly kind: "name";
  /** Offset behind the registry as written; 0 when there is none. */
  readonly registryEnd: number;
  readonly domain: string;
  readonly remote: string;
}

function splitName(written: string, end: number): SplitName | MalformedImageReference {
  if (end === 0) return malformed(written, "invalid-name", 0, Math.min(1, written.length));
  if (written[end - 1] === "/") return malformed(written, "trailing-slash", end - 1, end);

  const registryEnd = findRegistryEnd(written, end);
  const host = written.slice(0, registryEnd);
  if (registryEnd > 0 && !DOMAIN.test(host)) return malformed(written, "invalid-registry", 0, registryEnd);

  const start = registryEnd === 0 ? 0 : registryEnd + 1;
  const remote = written.slice(start, end);
  if (remote.length > LONGEST_PATH) return malformed(written, "long-name", start, end);
  const wrong = findWrongComponent(written, start, end);
  if (wrong !== undefined) return wrong;

  const domain = registryEnd === 0 || host === LEGACY_DEFAULT_REGISTRY ? DEFAULT_REGISTRY : host;
  return { kind: "name", registryEnd, domain, remote };
}

/** The first part is a registry when a namespace cannot look like it: a dot, a port, upper case, or `localhost`. */
function findRegistryEnd(written: string, end: number): number {
  const slash = written.indexOf("/");
  if (slash <= 0 || slash >= end) return 0;
  const first = written.slice(0, slash);
  return first === "localhost" || first.includes(".") || first.includes(":") || UPPER_CASE.test(first) ? slash : 0;
}

function findWrongComponent(written: string, start: number, end: number): MalformedImageReference | undefined {
  for (let from = start; from <= end; ) {
    const slash = written.indexOf("/", from);
    const to = slash === -1 || slash > end ? end : slash;
    const component = written.slice(from, to);
    if (!PATH_COMPONENT.test(component)) {
      if (UPPER_CASE.test(component) && PATH_COMPONENT.test(component.toLowerCase())) {
        return malformed(written, "upper-case", from, to);
      }
      // An empty component (`a//b`) is marked by the slash that follows it.
      return malformed(written, "invalid-name", from, to === from ? Math.min(to + 1, written.length) : to);
    }
    from = to + 1;
  }
  return undefined;
}

function findTagProblem(written: string, start: number, end: number): MalformedImageReference | undefined {
  if (start === end) return malformed(written, "empty-tag", start - 1, end);
  const tag = written.slice(start, end);
  const colon = tag.indexOf(":");
  if (colon !== -1) return malformed(written, "two-tags", start + colon, end);
  if (!TAG_START.test(tag.charAt(0)) || NOT_TAG.test(tag)) return malformed(written, "invalid-tag", start, end);
  return tag.length > LONGEST_TAG ? malformed(written, "long-tag", start, end) : undefined;
}

function findDigestProblem(written: string, start: number): MalformedImageReference | undefined {
  const end = written.length;
  if (start === end) return malformed(written, "empty-digest", start - 1, end);
  const second = written.indexOf("@", start);
  if (second !== -1) return malformed(written, "two-digests", second, end);
  const colon = written.indexOf(":", start);
  const hex = colon === -1 ? "" : written.slice(colon + 1);
  const length = colon === -1 ? undefined : DIGEST_LENGTHS.get(written.slice(start, colon));
  const isValid = length !== undefined && hex.length === length && LOWER_HEX.test(hex);
  return isValid ? undefined : malformed(written, "invalid-digest", start, end);
}
