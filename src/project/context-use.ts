import type { Service, Variant } from "../compose/model.js";
import { OFFICIAL_NAMES } from "../data/official-images.js";
import type { Range } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import type { Build } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { stageUses } from "./stage-uses.js";

/** What the name of an additional context means in a Dockerfile. */
export type ContextUse =
  /** FROM, COPY or a mount names it, and nothing else has that name. */
  | { readonly kind: "used" }
  /** It takes the place of a stage, whose name stands at `range`. */
  | { readonly kind: "stage"; readonly range: Range }
  /** It takes the place of an image: the name is that of an official one, or has a tag or a folder. */
  | { readonly kind: "image"; readonly range: Range }
  | { readonly kind: "none" }
  /** A name of the file needs a value that nobody knows. */
  | { readonly kind: "unknown" };

const USED: ContextUse = { kind: "used" };
const NONE: ContextUse = { kind: "none" };
const UNKNOWN: ContextUse = { kind: "unknown" };

/** Names that FROM, COPY and mounts of a file give. */
interface UsedNames {
  /** By name in lower case. */
  readonly names: ReadonlyMap<string, Range>;
  /** By what they mean as images: tag `latest` and the registry put in. */
  readonly images: ReadonlyMap<string, Range>;
  readonly isUnknown: boolean;
}

const known = new ModelMemo<Build, UsedNames>();

function usedNames(build: Build): UsedNames {
  let answer = known.get(build);
  if (answer === undefined) {
    answer = findUsedNames(build);
    known.set(build, answer);
  }
  return answer;
}

function findUsedNames({ stages }: Build): UsedNames {
  const names = new Map<string, Range>();
  const images = new Map<string, Range>();
  let isUnknown = false;
  for (const stage of stages) {
    if (stage.evaluated.base.kind === "unresolved") isUnknown = true;
    for (const { written, range } of stageUses(stage)) {
      if (written.includes("$")) isUnknown = true;
      const lower = written.toLowerCase();
      if (names.has(lower)) continue;
      names.set(lower, range);
      const key = imageKey(written);
      if (key !== undefined && !images.has(key)) images.set(key, range);
    }
  }
  return { names, images, isUnknown };
}

/**
 * Looks an additional context up in all stages of a build, those that it does not reach too.
 *
 * @see https://docs.docker.com/build/concepts/context/#named-contexts
 */
export function contextUse(build: Build, name: string): ContextUse {
  const lower = name.toLowerCase();
  const stage = build.stages.find((each) => each.name === lower);
  if (stage !== undefined) return { kind: "stage", range: stage.stage.nameRange ?? stage.anchor };
  const { names, images, isUnknown } = usedNames(build);
  const own = names.get(lower);
  if (own !== undefined && !isImageName(name)) return USED;
  const range = own ?? images.get(imageKey(name) ?? "");
  if (range !== undefined) return { kind: "image", range };
  return isUnknown || hasTriggers(build, lower) ? UNKNOWN : NONE;
}

const sharing = new ModelMemo<Variant, ReadonlyMap<string, readonly Service[]>>();

/**
 * Services whose additional context is written at one place, because an anchor or `extends` gives it to them.
 *
 * @param key where the name of the context stands
 */
export function sharingContext(variant: Variant, key: Range): readonly Service[] {
  let services = sharing.get(variant);
  if (services === undefined) {
    services = servicesByContext(variant);
    sharing.set(variant, services);
  }
  return services.get(placeOf(key)) ?? [];
}

function servicesByContext({ services }: Variant): ReadonlyMap<string, readonly Service[]> {
  const found = new Map<string, Service[]>();
  for (const service of services.values()) {
    for (const { entry } of service.build?.additionalContexts ?? []) {
      const place = placeOf(entry.keyRange);
      const same = found.get(place);
      if (same === undefined) found.set(place, [service]);
      else same.push(service);
    }
  }
  return found;
}

function placeOf({ source, start }: Range): string {
  return `${start} ${source.path}`;
}

/** Triggers of a base are not seen here. */
function hasTriggers({ stages }: Build, name: string): boolean {
  return stages.some(
    ({ facts, stage }) =>
      facts?.hasOnbuild === true ||
      stage.instructions.some(
        (instruction) => instruction.keyword === "ONBUILD" && instruction.text.toLowerCase().includes(name),
      ),
  );
}

/** Whether a name reads as an image rather than as something that only a build knows. */
function isImageName(name: string): boolean {
  return OFFICIAL_NAMES.has(name) || /[:/@]/.test(name);
}

function imageKey(written: string): string | undefined {
  const reference = parseImageReference(written);
  return reference.kind === "reference" ? keyOf(reference) : undefined;
}

function keyOf({ name, tag, digest }: ImageReference): string {
  return digest === undefined ? `${name}:${tag ?? "latest"}` : `${name}@${digest}`;
}
