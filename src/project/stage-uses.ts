import type { Range } from "../text/source.js";
import { parseImageReference } from "../values/image-reference.js";
import type { Build, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

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

/** What a name may mean in a build beside a stage. */
interface OtherNames {
  readonly contexts: ReadonlySet<string>;
  /** Name and tag of what services of the project build. */
  readonly outputs: ReadonlySet<string>;
}

const known = new ModelMemo<Build, OtherNames>();

function otherNames(build: Build): OtherNames {
  let names = known.get(build);
  if (names === undefined) {
    names = { contexts: contextNames(build), outputs: outputNames(build) };
    known.set(build, names);
  }
  return names;
}

function contextNames({ services }: Build): ReadonlySet<string> {
  return new Set(services.flatMap(({ build }) => build?.additionalContexts.map(({ name }) => name) ?? []));
}

function outputNames({ services }: Build): ReadonlySet<string> {
  const outputs = new Set<string>();
  for (const variant of new Set(services.map((service) => service.variant))) {
    for (const { image, build } of variant.services.values()) {
      const key = build === undefined || image?.value === undefined ? undefined : keyOf(image.value);
      if (key !== undefined) outputs.add(key);
    }
  }
  return outputs;
}

function keyOf(written: string): string | undefined {
  const reference = parseImageReference(written);
  return reference.kind === "reference" ? `${reference.name}:${reference.tag ?? ""}` : undefined;
}

function isContextOf({ build }: StageView, name: string): boolean {
  return build.services.length > 0 && otherNames(build).contexts.has(name);
}

function isBuiltHere({ build }: StageView, name: string): boolean {
  if (build.services.length === 0) return false;
  const { outputs } = otherNames(build);
  const key = outputs.size === 0 ? undefined : keyOf(name);
  return key !== undefined && outputs.has(key);
}
