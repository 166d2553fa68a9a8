import { OFFICIAL_NAMES } from "../data/official-images.js";
import type { Range } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import type { Build } from "./model.js";
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

/**
 * Looks an additional context up in all stages of a build, those that it does not reach too.
 *
 * @see https://docs.docker.com/build/concepts/context/#named-contexts
 */
export function contextUse(build: Build, name: string): ContextUse {
  const lower = name.toLowerCase();
  const stage = build.stages.find((each) => each.name === lower);
  if (stage !== undefined) return { kind: "stage", range: stage.stage.nameRange ?? stage.anchor };
  const key = imageKey(name);
  let isUnknown = false;
  for (const member of build.stages) {
    if (member.evaluated.base.kind === "unresolved") isUnknown = true;
    for (const { written, range } of stageUses(member)) {
      if (written.includes("$")) isUnknown = true;
      const isSame = written.toLowerCase() === lower;
      if (!isSame && (key === undefined || imageKey(written) !== key)) continue;
      return isSame && !isImageName(name) ? USED : { kind: "image", range };
    }
  }
  if (isUnknown || hasTriggers(build, lower)) return UNKNOWN;
  return NONE;
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
