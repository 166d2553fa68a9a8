import type { ImageName } from "./base-image-model.js";
import { normalisedRepository } from "./base-images.js";
import {
  ALPINE,
  DEBIAN,
  DEPRECATED_REPOSITORIES,
  type DeprecatedRepository,
  END_OF_LIFE_DATE,
  PRODUCTS,
  type Product,
  UBUNTU,
} from "./end-of-life-dates.js";
import { type ImageTag, parseTag } from "./image-tag.js";

/** The end of the security fixes of one release. */
export interface EndOfLife {
  /** What ends, as a sentence names it: `Node.js 16`, `Debian 10`. */
  readonly release: string;
  /** `YYYY-MM-DD`, or `YYYY-MM` when only the month is settled; may lie in the future. */
  readonly date: string;
  /** The same image on a release that is supported, as a person writes it; absent when it cannot be told. */
  readonly replacement?: string;
}

/** A repository that gets no updates at all. */
export interface Deprecation {
  /** `moved` repositories have a successor; `onbuild` are tags with hidden triggers, given up for all official images. */
  readonly kind: "abandoned" | "moved" | "onbuild";
  /** What to use instead, as a person writes it. */
  readonly replacement?: string;
}

interface ProductIndex {
  readonly product: Product;
  readonly dates: ReadonlyMap<string, string>;
  readonly names: ReadonlyMap<string, string>;
}

let index: ReadonlyMap<string, ProductIndex> | undefined;
let deprecated: ReadonlyMap<string, DeprecatedRepository> | undefined;

/**
 * When the security fixes of an image end: of its program, or of the operating system that its tag names when that is
 * earlier and the program goes on. Absent when neither is in the table.
 */
export function endOfLife(image: ImageName): EndOfLife | undefined {
  const repository = normalisedRepository(image.repository);
  const tag = parseTag(image.tag?.toLowerCase());
  const own = ownEnd(repository, tag, image);
  // A new release of the program comes on a new system, so one change mends both.
  if (own !== undefined && hasEnded(own, END_OF_LIFE_DATE)) return own;
  const system = systemEnd(repository, tag, image);
  if (own === undefined || system === undefined) return own ?? system;
  return system.date < own.date ? system : own;
}

/**
 * Whether an end lies before a day. A month that is not settled to the day counts as over when it is over.
 *
 * @param asOf `YYYY-MM-DD`
 */
export function hasEnded(end: EndOfLife, asOf: string): boolean {
  return end.date.length === 7 ? end.date < asOf.slice(0, 7) : end.date < asOf;
}

/** Whether the publisher gave the repository up, or moved it; absent when it is alive or not known. */
export function deprecation(image: ImageName): Deprecation | undefined {
  const repository = normalisedRepository(image.repository);
  deprecated ??= new Map(DEPRECATED_REPOSITORIES.map((row) => [row.repository, row]));
  const row = deprecated.get(repository) ?? enclosing(repository, deprecated);
  if (row !== undefined) {
    return row.successor === undefined ? { kind: "abandoned" } : { kind: "moved", replacement: row.successor };
  }
  const isOfficial = repository.startsWith("docker.io/library/");
  return isOfficial && image.tag?.split("-").includes("onbuild") ? { kind: "onbuild" } : undefined;
}

/** The row `x/*` whose `x/` a repository starts with. */
function enclosing(
  repository: string,
  table: ReadonlyMap<string, DeprecatedRepository>,
): DeprecatedRepository | undefined {
  for (let slash = repository.indexOf("/"); slash > 0; slash = repository.indexOf("/", slash + 1)) {
    const row = table.get(`${repository.slice(0, slash)}/*`);
    if (row !== undefined) return row;
  }
  return undefined;
}

function products(): ReadonlyMap<string, ProductIndex> {
  if (index !== undefined) return index;
  const table = new Map<string, ProductIndex>();
  for (const product of PRODUCTS) {
    const entry = { product, dates: pairs(product.releases), names: pairs(product.names ?? "") };
    for (const repository of product.repositories.split(" ")) table.set(repository, entry);
  }
  index = table;
  return table;
}

function ownEnd(repository: string, tag: ImageTag, image: ImageName): EndOfLife | undefined {
  const entry = products().get(repository);
  if (entry === undefined) return undefined;
  const named = tag.parts.find((part) => entry.names.has(part));
  const ubi = /\/ubi(\d+)/.exec(repository)?.[1];
  const release = ubi ?? (named === undefined ? releaseOf(tag, entry.dates) : entry.names.get(named));
  const date = release === undefined ? undefined : entry.dates.get(release);
  if (release === undefined || date === undefined) return undefined;
  return { release: titleOf(entry.product, release), date, ...replacementFor(entry, tag, image, named) };
}

/** The longest beginning of the version that the table has: `3.9` for `3.9.18`, `2` for `2.7`. */
function releaseOf(tag: ImageTag, dates: ReadonlyMap<string, string>): string | undefined {
  // A version stands first in a tag; a number further on is a date or belongs to something else.
  if (tag.versionText === undefined || tag.versionText !== tag.parts[0]) return undefined;
  const written = /^v?(\d[\d.]*)/.exec(tag.versionText)?.[1]?.split(".") ?? [];
  for (let length = Math.min(2, written.length); length > 0; length--) {
    const release = written.slice(0, length).join(".");
    if (dates.has(release)) return release;
  }
  return undefined;
}

function titleOf(product: Product, release: string): string {
  const codename =
    product === DEBIAN ? [...pairs(product.names ?? "")].find(([, number]) => number === release) : undefined;
  return `${product.title} ${release}${codename === undefined ? "" : ` (${codename[0]})`}`;
}

/** The tag with the successor in the place of the release; without parts that fix an operating system. */
function replacementFor(
  { product }: ProductIndex,
  tag: ImageTag,
  image: ImageName,
  named: string | undefined,
): { readonly replacement?: string } {
  if (/[:/]/.test(product.successor)) return { replacement: product.successor };
  const old = named ?? tag.versionText;
  const parts: string[] = [];
  for (const part of tag.parts) {
    if (part === old) parts.push(product.successor);
    else if (/^alpine[\d.]*$/.test(part)) parts.push("alpine");
    // Code names of .NET tags go with one version only; the plain tag always exists.
    else if (!SYSTEM_PART.test(part) && product.title !== ".NET") parts.push(part);
  }
  const repository = familiar(image.repository).replace("/dotnet/core/", "/dotnet/");
  return {
    replacement: parts.length === 0 ? `${repository}:${product.successor}` : `${repository}:${parts.join("-")}`,
  };
}

/** A repository as people write it. */
function familiar(repository: string): string {
  return repository.replace(/^(?:index\.)?docker\.io\/(?:library\/)?/, "");
}

/** Parts that name a release of a system, or a day; they would not fit another version. */
const SYSTEM_PART = /^(?:wheezy|jessie|stretch|buster|bullseye|bionic|focal|xenial|trusty|\d{8}(?:\.\d+)?)$/;

/** Debian, Ubuntu or Alpine by a part of the tag; official images and .NET's only, whose tags are known to mean that. */
function systemEnd(repository: string, tag: ImageTag, image: ImageName): EndOfLife | undefined {
  const isKnown = repository.startsWith("docker.io/library/") || repository.startsWith("mcr.microsoft.com/dotnet/");
  const own = products().get(repository)?.product;
  if (!isKnown || own === DEBIAN || own === UBUNTU || own === ALPINE) return undefined;
  for (const system of [DEBIAN, UBUNTU, ALPINE]) {
    const entry = products().get(system.repositories);
    const part = entry && tag.parts.find((candidate) => systemRelease(entry, candidate) !== undefined);
    if (entry === undefined || part === undefined) continue;
    const release = systemRelease(entry, part) ?? "";
    const date = entry.dates.get(release) ?? "";
    const successor = system === ALPINE ? `alpine${system.successor}` : system === UBUNTU ? "noble" : system.successor;
    const parts = tag.parts.map((candidate) => (candidate === part ? successor : candidate));
    // An exact version, and most images of services, exist on the systems of their day only.
    const isRebuilt = tag.version.length === 0 || (tag.version.length < 3 && REBUILT.has(repository));
    return {
      release: titleOf(system, release),
      date,
      ...(isRebuilt && { replacement: `${familiar(image.repository)}:${parts.join("-")}` }),
    };
  }
  return undefined;
}

/** Images that are published for the newest system with every version of theirs that is supported. */
const REBUILT: ReadonlySet<string> = new Set(
  ["eclipse-temurin", "golang", "node", "php", "python", "ruby"].map((name) => `docker.io/library/${name}`),
);

function systemRelease({ product, dates, names }: ProductIndex, part: string): string | undefined {
  const release = product === ALPINE ? /^alpine(\d+\.\d+)/.exec(part)?.[1] : names.get(part);
  return release !== undefined && dates.has(release) ? release : undefined;
}

function pairs(text: string): ReadonlyMap<string, string> {
  const table = new Map<string, string>();
  for (const word of text.split(" ")) {
    const equals = word.indexOf("=");
    if (equals > 0) table.set(word.slice(0, equals), word.slice(equals + 1));
  }
  return table;
}
