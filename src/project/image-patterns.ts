import type { PathPattern } from "../files/path-pattern.js";
import { compileGlob } from "../values/glob.js";
import { DEFAULT_REGISTRY, type ImageReference } from "../values/image-reference.js";

/** Other names of Docker Hub that engines and people use for it. */
const HUB_NAMES: ReadonlySet<string> = new Set([
  DEFAULT_REGISTRY,
  "index.docker.io",
  "registry-1.docker.io",
  "hub.docker.com",
]);

/**
 * The normalised name of an image, with every name of Docker Hub as `docker.io`: `docker.io/library/node`.
 */
export function canonicalName({ domain, name, path }: ImageReference): string {
  if (domain === DEFAULT_REGISTRY || !HUB_NAMES.has(domain)) return name;
  return `${DEFAULT_REGISTRY}/${path.includes("/") ? path : `library/${path}`}`;
}

/**
 * Whether one of the patterns of a policy names an image: by its normalised (`docker.io/library/node`), short (`node`) or
 * written name, each with or without tag, or by its registry alone (`ghcr.io`). `*` stops at slashes, `**` does not; a
 * malformed pattern matches nothing.
 *
 * @param tag undefined for none, or one that is not known
 */
export function matchesImage(patterns: readonly string[], name: ImageReference, tag: string | undefined): boolean {
  if (patterns.length === 0) return false;
  const canonical = canonicalName(name);
  const names = [...new Set([canonical, name.familiarName, name.repository])];
  const texts = tag === undefined ? names : [...names, ...names.map((each) => `${each}:${tag}`)];
  texts.push(canonical.slice(0, canonical.indexOf("/")));
  return compiled(patterns).some((pattern) => texts.some((text) => pattern.matches(text)));
}

/** Lists of a policy live as long as the policy: each is compiled once. */
const cache = new WeakMap<readonly string[], readonly PathPattern[]>();

function compiled(patterns: readonly string[]): readonly PathPattern[] {
  let list = cache.get(patterns);
  if (list === undefined) {
    list = patterns.flatMap((pattern) => {
      const glob = compileGlob(pattern, { hasFolders: true });
      return glob.kind === "glob" ? [glob.pattern] : [];
    });
    cache.set(patterns, list);
  }
  return list;
}
