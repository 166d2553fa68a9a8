import type { Range } from "../text/source.js";
import { parseImageReference } from "../values/image-reference.js";
import type { StageView } from "./model.js";

/** A place that names a stage, or an image in its place. */
export interface StageUse {
  readonly place: "from" | "copy" | "mount";
  /** As written; for FROM with variables replaced where they are known. */
  readonly written: string;
  readonly range: Range;
  /** The build has an additional context of that name. */
  readonly isNamedContext: boolean;
  /** A service of the project builds an image of that name. */
  readonly isProjectImage: boolean;
}

/** The references of a stage: FROM, `COPY --from` and `RUN --mount=from=`, without triggers, in order. */
export function* stageUses(stage: StageView): Iterable<StageUse> {
  const { evaluated } = stage;
  const { base } = evaluated;
  if (base.kind === "image") {
    const isNamedContext = isContextOf(stage, base.resolved);
    const isProjectImage = stage.parent !== undefined;
    yield { place: "from", written: base.resolved, range: base.range, isNamedContext, isProjectImage };
  }
  for (const { instruction, step } of evaluated.copies) {
    if (step.onbuild !== undefined || instruction.keyword !== "COPY" || instruction.from === undefined) continue;
    const { value, valueRange, range } = instruction.from;
    if (value !== undefined) yield use(stage, "copy", value.raw, valueRange ?? range);
  }
  for (const { mount, step } of evaluated.mountOrigins) {
    if (step.onbuild !== undefined || mount.from === undefined) continue;
    yield use(stage, "mount", mount.from.raw, mount.from.range);
  }
}

function use(stage: StageView, place: "copy" | "mount", written: string, range: Range): StageUse {
  return {
    place,
    written,
    range,
    isNamedContext: isContextOf(stage, written),
    isProjectImage: isBuiltHere(stage, written),
  };
}

function isContextOf({ build }: StageView, name: string): boolean {
  return build.services.some((service) => service.build?.additionalContexts.some((context) => context.name === name));
}

function isBuiltHere({ build }: StageView, name: string): boolean {
  const reference = parseImageReference(name);
  if (reference.kind !== "reference") return false;
  return build.services.some(({ variant }) =>
    [...variant.services.values()].some(({ image, build: own }) => {
      if (own === undefined || image?.value === undefined) return false;
      const output = parseImageReference(image.value);
      return output.kind === "reference" && output.name === reference.name && output.tag === reference.tag;
    }),
  );
}
