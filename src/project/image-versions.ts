import type { Service, Variant } from "../compose/model.js";
import { codenameOf, DEBIAN_CODENAMES, parseTag, UBUNTU_CODENAMES } from "../data/image-tag.js";
import type { ImageBase } from "../dockerfile/base.js";
import { baseName } from "../files/path.js";
import type { Source } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import { builtNames } from "./built-names.js";
import { type ImageUse, imagesOfService, imagesOfStage } from "./image-use.js";
import type { Build, Project, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** An image with a version that can be compared with others of its repository. */
export interface VersionedUse {
  readonly image: ImageUse;
  /** Normalised repository: `docker.io/library/postgres`. */
  readonly repository: string;
  /** Tag as known. */
  readonly tag: string;
  readonly version: readonly number[];
  readonly digest: string | undefined;
  /** Who names it: the stage or the service. */
  readonly owner:
    | { readonly kind: "stage"; readonly stage: StageView }
    | { readonly kind: "service"; readonly service: Service };
  /** Where the version is decided. */
  readonly place: ImageUse["namePlace"];
}

/** A use whose version is not the one that the others have. */
export interface VersionDrift {
  readonly kind: "stages" | "project";
  readonly use: VersionedUse;
  /** Uses of the version that most have, at least one; of two equally frequent ones the earlier. */
  readonly others: readonly VersionedUse[];
  /** Both are services of one variant, which run at the same time. */
  readonly isSideBySide: boolean;
}

/** A service that pulls what the project builds under another name or from another registry. */
export interface NameDrift {
  readonly service: Service;
  readonly pulled: ImageReference;
  readonly built: ImageReference;
  readonly builder: Service;
}

const drifts = new ModelMemo<Project, ReadonlyMap<Build | Variant, readonly VersionDrift[]>>();

/**
 * Uses of a build or a variant whose version differs from others of its Dockerfile, or from those of other files of the
 * project; computed once.
 */
export function versionDrifts(owner: Build | Variant, project: Project): readonly VersionDrift[] {
  let found = drifts.get(project);
  if (found === undefined) {
    found = byOwner(findDrifts(project));
    drifts.set(project, found);
  }
  return found.get(owner) ?? [];
}

function byOwner(found: readonly VersionDrift[]): ReadonlyMap<Build | Variant, readonly VersionDrift[]> {
  const owned = new Map<Build | Variant, VersionDrift[]>();
  for (const drift of found) {
    const { owner } = drift.use;
    const key = owner.kind === "stage" ? owner.stage.build : owner.service.variant;
    const known = owned.get(key);
    if (known === undefined) owned.set(key, [drift]);
    else known.push(drift);
  }
  return owned;
}

function findDrifts(project: Project): readonly VersionDrift[] {
  const uses = usesOf(project);
  const found: VersionDrift[] = [];
  const told = new Set<VersionedUse>();
  for (const group of groupBy(uses, ({ repository }) => repository)) {
    if (group.length < 2) continue;
    const inFiles = group.filter(({ owner }) => owner.kind === "stage");
    for (const file of groupBy(inFiles, ({ owner }) => fileKey(owner))) {
      for (const { use, others } of driftsIn(file)) {
        told.add(use);
        found.push({ kind: "stages", use, others, isSideBySide: false });
      }
    }
    for (const { use, others } of driftsIn(group)) {
      if (told.has(use)) continue;
      found.push({ kind: "project", use, others, isSideBySide: others.some((other) => areSideBySide(use, other)) });
    }
  }
  return found;
}

function fileKey(owner: VersionedUse["owner"]): string {
  return owner.kind === "stage" ? owner.stage.build.dockerfile.source.file : "";
}

function groupBy(uses: readonly VersionedUse[], key: (use: VersionedUse) => string): Iterable<readonly VersionedUse[]> {
  const groups = new Map<string, VersionedUse[]>();
  for (const use of uses) {
    const name = key(use);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [use]);
    else group.push(use);
  }
  return groups.values();
}

/** Uses that disagree with the most frequent version among uses that can be compared. */
function* driftsIn(
  group: readonly VersionedUse[],
): Iterable<{ readonly use: VersionedUse; readonly others: readonly VersionedUse[] }> {
  const equal = new Map<string, VersionedUse[]>();
  for (const use of group) {
    const key = `${use.tag} ${use.digest ?? ""}`;
    const known = equal.get(key);
    if (known === undefined) equal.set(key, [use]);
    else known.push(use);
  }
  if (equal.size === 1) return;
  const kinds = [...equal.values()].slice(0, MOST_VERSIONS);
  let most = 0;
  let standard: VersionedUse | undefined;
  for (const [use] of kinds) {
    if (use === undefined) continue;
    let count = 0;
    for (const others of kinds) if (others[0] !== undefined && agree(use, others[0])) count += others.length;
    if (count > most) {
      most = count;
      standard = use;
    }
  }
  if (standard === undefined || most === group.length) return;
  const chosen = standard;
  const best = group.filter((use) => agree(use, chosen)).slice(0, MOST_OTHERS);
  for (const use of group) {
    // A shorter version that some of the others agree with contradicts nobody.
    if (agree(use, chosen)) continue;
    const others = best.filter((other) => !agree(use, other) && areComparable(use, other));
    if (others.length > 0) yield { use, others };
  }
}

/** More versions of one image are no standard and its exceptions. */
const MOST_VERSIONS = 200;

/** As many uses of the version that most have are enough to show. */
const MOST_OTHERS = 100;

/** `3.12` and `3.12.4` agree, and so do variants; one tag with two digests does not. */
function agree(a: VersionedUse, b: VersionedUse): boolean {
  if (a.tag === b.tag && a.digest !== undefined && b.digest !== undefined) return a.digest === b.digest;
  const length = Math.min(a.version.length, b.version.length);
  for (let index = 0; index < length; index += 1) if (a.version[index] !== b.version[index]) return false;
  return true;
}

/** Services of one variant whose profiles keep them apart are a choice, not a drift. */
function areComparable(a: VersionedUse, b: VersionedUse): boolean {
  if (a.owner.kind === "stage" || b.owner.kind === "stage") return true;
  const { variant } = a.owner.service;
  return variant !== b.owner.service.variant || variant.canRunTogether(a.owner.service, b.owner.service);
}

function areSideBySide(a: VersionedUse, b: VersionedUse): boolean {
  if (a.owner.kind === "stage" || b.owner.kind === "stage") return false;
  return a.owner.service.variant === b.owner.service.variant;
}

/** Uses with a known version, each place once, in the order of Dockerfiles and then of Compose files. */
function usesOf(project: Project): readonly VersionedUse[] {
  const uses: VersionedUse[] = [];
  const places = new Set<string>();
  const add = (image: ImageUse, owner: VersionedUse["owner"], ownName: string | undefined): void => {
    const use = versioned(image, owner);
    if (use === undefined || isMatrix(ownName, use)) return;
    const { source, start } = use.place.use ?? use.place.range;
    const key = `${source.root.file}:${start}:${use.tag}`;
    if (places.has(key)) return;
    places.add(key);
    uses.push(use);
  };
  for (const { builds, source } of project.dockerfiles) {
    for (const build of builds) {
      for (const stage of build.stages) {
        for (const image of imagesOfStage(stage, project)) {
          // One Dockerfile that several services build with a version each is a matrix.
          const isGiven =
            image.place === "from" &&
            stage.evaluated.base.kind === "image" &&
            isFromCompose(stage.evaluated.base, source);
          if (isGiven && builds.length > 1) continue;
          add(image, { kind: "stage", stage }, stage.name);
        }
      }
    }
  }
  for (const { services } of project.variants) {
    for (const service of services.values()) {
      for (const image of imagesOfService(service, project)) {
        if (image.place === "service" || image.place === "hook") add(image, { kind: "service", service }, service.name);
      }
    }
  }
  return uses;
}

/** Whether an argument that a Compose file gives decides a base. */
function isFromCompose({ origins }: ImageBase, dockerfile: Source): boolean {
  return origins.some(({ source }) => source !== dockerfile.root);
}

function versioned(image: ImageUse, owner: VersionedUse["owner"]): VersionedUse | undefined {
  const { name, tag, digest } = image;
  if (name === undefined || image.isBuiltHere || tag.kind !== "known" || digest.kind === "unknown") return undefined;
  const version = versionOf(name.name, tag.text);
  if (version === undefined) return undefined;
  const known = digest.kind === "known" ? digest.text : undefined;
  return { image, repository: name.name, tag: tag.text, version, digest: known, owner, place: tag.place };
}

/** Distributions whose code names are versions of the image itself. */
const DISTRIBUTIONS: ReadonlySet<string> = new Set(["debian", "ubuntu", "buildpack-deps"]);
const VERSION = /^v?\d+(?:\.\d+)*(?:$|[a-z+_])/;

/** The numbers of a tag; undefined for channels and commit ids. */
function versionOf(repository: string, tag: string): readonly number[] | undefined {
  const parsed = parseTag(tag);
  if (DISTRIBUTIONS.has(baseName(repository))) {
    const release = codenameOf(parsed, DEBIAN_CODENAMES) ?? codenameOf(parsed, UBUNTU_CODENAMES);
    if (release !== undefined) return release.release.split(".").map(Number);
  }
  const { versionText, version } = parsed;
  if (versionText === undefined || !VERSION.test(versionText)) return undefined;
  return /^[0-9a-f]{7,}$/.test(versionText) && /[a-f]/.test(versionText) ? undefined : version;
}

/** Names of pairs that differ on purpose, while one version takes the place of another. */
const TRANSITION =
  /(?:^|[-_.])(?:old|new|prev|previous|next|blue|green|canary|legacy|upgrade|migrate|migration)(?:$|[-_.\d])/;

/** One of them is in every such name. */
const TRANSITION_MARKS = "old new prev next blue green canary legacy upgrade migrat".split(" ");

/** Whether a name says that its version is chosen: `pg15`, `test-3.11`, `db-old`. */
function isMatrix(name: string | undefined, { version }: VersionedUse): boolean {
  if (name === undefined) return false;
  if (TRANSITION_MARKS.some((mark) => name.includes(mark)) && TRANSITION.test(name)) return true;
  const [major = 0, minor] = version;
  const numbers: readonly string[] = name.match(/\d+/g) ?? [];
  if (minor !== undefined && numbers.includes(`${major}${minor}`)) return true;
  return numbers.some((number, index) => {
    if (Number(number) !== major) return false;
    // A lone small number counts replicas: `api-1`, `worker2`.
    return major > 3 || (minor !== undefined && numbers[index + 1] === String(minor));
  });
}

/** Services of a variant that pull an image which another one builds for another registry, or under a longer name. */
export function* nameDrifts(variant: Variant, project: Project): Iterable<NameDrift> {
  const names = builtNames(variant);
  if (names.length === 0) return;
  for (const service of variant.services.values()) {
    if (service.build !== undefined || service.hasProvider || service.image?.value === undefined) continue;
    const pulled = parseImageReference(service.image.value);
    if (pulled.kind !== "reference" || pulled.digest !== undefined || project.builtBy(pulled) !== undefined) continue;
    const isSame = names.some(({ reference }) => reference.name === pulled.name);
    if (isSame) continue;
    const found = names.find(
      ({ reference, service: builder }) =>
        variant.canRunTogether(service, builder) && isOtherName(reference, pulled) && reference.tag === pulled.tag,
    );
    if (found !== undefined) yield { service, pulled, built: found.reference, builder: found.service };
  }
}

/** The same path in another registry: `acme/api` and `ghcr.io/acme/api`. One-word names are too common to tell. */
function isOtherName(a: ImageReference, b: ImageReference): boolean {
  return a.domain !== b.domain && a.path === b.path && a.path.includes("/");
}
