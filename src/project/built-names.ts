import type { Service, Variant } from "../compose/model.js";
import type { Value } from "../compose/node-model.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import { outputKey } from "./link-options.js";
import type { Project } from "./model.js";

/** A name that a service gives the image it builds. */
export interface BuiltName {
  readonly service: Service;
  readonly value: Value<string>;
  /** One of `build.tags`: another name beside that of `image`. */
  readonly isTag: boolean;
  readonly reference: ImageReference;
  /** Equal for names that mean the same image. */
  readonly key: string;
}

/** Names that the services of a variant give what they build, in order: `image` first, then `build.tags`. */
export function builtNames(variant: Variant): readonly BuiltName[] {
  const names: BuiltName[] = [];
  for (const service of variant.services.values()) {
    const { build, image } = service;
    if (build === undefined || service.hasProvider) continue;
    for (const [index, value] of [image, ...build.tags].entries()) {
      const reference = value?.value === undefined ? undefined : parseImageReference(value.value);
      if (value === undefined || reference?.kind !== "reference") continue;
      names.push({ service, value, isTag: index > 0, reference, key: outputKey(reference.name, reference.tag) });
    }
  }
  return names;
}

/**
 * In what two services that build differ, in the words of a message; `same` when they agree in everything, `unknown`
 * when a part of either is not known.
 */
export function buildDifference(a: Service, b: Service, project: Project): string {
  const one = a.build;
  const other = b.build;
  if (one === undefined || other === undefined) return "unknown";
  const first = project.buildOf(a);
  if (first !== undefined && first === project.buildOf(b)) return "same";
  if (one.contextKind !== other.contextKind)
    return one.contextKind === "unknown" || other.contextKind === "unknown" ? "unknown" : "from different contexts";
  if (
    one.contextKind === "local" ? one.contextPath !== other.contextPath : one.context?.value !== other.context?.value
  ) {
    const isKnown =
      one.contextKind === "local" || (one.context?.value !== undefined && other.context?.value !== undefined);
    return isKnown ? "from different contexts" : "unknown";
  }
  if (one.dockerfileInline !== undefined || other.dockerfileInline !== undefined) {
    return one.dockerfileInline?.text === other.dockerfileInline?.text ? restOf(a, b) : "from different Dockerfiles";
  }
  if (isUnknown(one.dockerfile) || isUnknown(other.dockerfile)) return "unknown";
  if (one.dockerfilePath !== other.dockerfilePath) return "from different Dockerfiles";
  return restOf(a, b);
}

function restOf({ build: one }: Service, { build: other }: Service): string {
  if (one === undefined || other === undefined || isUnknown(one.target) || isUnknown(other.target)) return "unknown";
  if (one.target?.value?.toLowerCase() !== other.target?.value?.toLowerCase()) return "from different stages";
  const names = new Set([...one.args.entries, ...other.args.entries].map(({ key }) => key));
  let isSame = true;
  for (const name of names) {
    const [left, right] = [one.args.get(name), other.args.get(name)];
    if (left === undefined || right === undefined) return "with different arguments";
    const [first, second] = [left.value?.value, right.value?.value];
    if (first !== undefined && second !== undefined && first !== second) return "with different arguments";
    if (first === undefined || second === undefined) isSame &&= left.value?.text === right.value?.text;
  }
  return isSame ? "same" : "unknown";
}

function isUnknown(value: Value<string> | undefined): boolean {
  return value !== undefined && value.value === undefined;
}
