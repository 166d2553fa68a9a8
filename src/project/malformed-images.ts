import type { Service } from "../compose/model.js";
import type { ScalarNode } from "../compose/node-model.js";
import { nodeAt } from "../compose/values-of-nodes.js";
import type { MalformedImageReference } from "../values/image-reference.js";
import { parseImageReference } from "../values/image-reference.js";
import { baseByDefault } from "./default-base.js";
import type { StageView } from "./model.js";
import { stageUses } from "./stage-uses.js";
import { type Place, type TracedText, traceLiteral, traceScalar, traceWord } from "./traced-text.js";

/** A text where an image is to be named, which names none. */
export interface MalformedImage {
  readonly reference: MalformedImageReference;
  readonly written: TracedText;
  /** The wrong part. */
  readonly place: Place;
}

/**
 * What a stage names that is no image: in FROM, `COPY --from` and `RUN --mount=from=`. A base that its ARGs make malformed when
 * nobody gives them is left out: what is wrong is the ARG.
 */
export function* malformedImagesOfStage(stage: StageView): Iterable<MalformedImage> {
  for (const use of stageUses(stage)) {
    if (use.isNamedContext || use.isProjectImage || use.written === "") continue;
    if (use.place === "from") {
      const word = stage.stage.baseName;
      if (word === undefined) continue;
      if (word.hasVariables && baseByDefault(stage).kind !== "image") continue;
      const { evaluated, dockerfile } = stage.build;
      yield* malformed(traceWord(word, evaluated.globalLookup, dockerfile.dockerfile));
    } else if (!use.written.includes("$") && !namesStage(use.written, use.place, stage))
      yield* malformed(traceLiteral(use.written, use.range));
  }
}

function namesStage(written: string, place: "copy" | "mount", stage: StageView): boolean {
  if (place === "copy" && /^[+-]?\d{1,9}$/.test(written)) return true;
  return stage.build.stages.some(({ name }) => name === written.toLowerCase());
}

/** What a service names that is no image: in `image`, `build.tags`, `build.cache_from`, `build.cache_to` and hooks. */
export function* malformedImagesOfService(service: Service): Iterable<MalformedImage> {
  if (service.hasProvider) return;
  const { image, build, hooks } = service;
  if (image !== undefined) yield* malformedScalar(image.node);
  for (const { node } of hooks) {
    const named = nodeAt(node, ["image"]);
    if (named?.kind === "scalar") yield* malformedScalar(named);
  }
  if (build === undefined) return;
  for (const { node } of build.tags) yield* malformedScalar(node);
  for (const { node } of [...build.cacheFrom, ...build.cacheTo]) {
    const reference = cachedImage(node);
    if (reference !== undefined) yield* malformedScalar(reference);
  }
}

/** The image of a cache: the whole text, or `ref` of `type=registry,ref=…`; undefined for other stores. */
function cachedImage(node: ScalarNode): ScalarNode | undefined {
  const text = node.resolved;
  if (!text.includes("=")) return node;
  const fields = text.split(",");
  if (!fields.includes("type=registry")) return undefined;
  let start = 0;
  for (const field of fields) {
    if (field.startsWith("ref=")) return node.part(start + "ref=".length, start + field.length);
    start += field.length + 1;
  }
  return undefined;
}

function malformedScalar(node: ScalarNode): readonly MalformedImage[] {
  return node.resolved === "" ? [] : malformed(traceScalar(node));
}

function malformed(written: TracedText): readonly MalformedImage[] {
  if (!written.pieces.every(({ kind }) => kind === "text")) return [];
  const reference = parseImageReference(written.text);
  if (reference.kind === "reference" || isTemplate(written.text)) return [];
  return [{ reference, written, place: written.locate(reference.span) }];
}

/** Text that a template engine replaces before anybody reads it as a reference. */
function isTemplate(text: string): boolean {
  return ["{{", "{%", "<%", "@@", "__", "%%"].some((mark) => text.includes(mark)) && !/^[a-z0-9._/:@-]*$/.test(text);
}
