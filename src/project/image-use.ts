import type { Service, Variant } from "../compose/model.js";
import type { ScalarNode, Value } from "../compose/node-model.js";
import { nodeAt } from "../compose/values-of-nodes.js";
import type { Span } from "../text/source.js";
import { type ImageReference, parseImageReference } from "../values/image-reference.js";
import { servicesOf } from "./link.js";
import { outputKey } from "./link-options.js";
import type { Build, DockerfileView, Project, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { type Place, type TracedText, traceLiteral, traceScalar, traceWord } from "./traced-text.js";

/**
 * Where an image is named. `output`: the name that a built service gives its image. `cache`: an image of `cache_from`.
 * `model`: a model of Compose, which is stored as an image.
 */
export type ImagePlace =
  | "from"
  | "copy"
  | "mount"
  | "frontend"
  | "service"
  | "output"
  | "hook"
  | "volume"
  | "named-context"
  | "sbom"
  | "cache"
  | "model";

/** A part of a reference: not written, not known, or known with the place where it is decided. */
export type ImagePart =
  | { readonly kind: "absent" }
  | { readonly kind: "unknown" }
  | { readonly kind: "known"; readonly text: string; readonly place: Place };

/** One well-formed reference to an image, as far as it is known. */
export interface ImageUse {
  readonly place: ImagePlace;
  /** The whole reference; `shown` of it may be printed. */
  readonly written: TracedText;
  /** The name taken apart, without tag and digest; undefined when a part that decides it is unknown. */
  readonly name: ImageReference | undefined;
  /** Where the name is written; the whole reference when the name is unknown. */
  readonly namePlace: Place;
  readonly tag: ImagePart;
  readonly digest: ImagePart;
  /** The whole reference taken apart; undefined when any part is unknown. */
  readonly reference: ImageReference | undefined;
  /** Another build of the project makes this image. */
  readonly isBuiltHere: boolean;
}

const stageImages = new ModelMemo<StageView, readonly ImageUse[]>();

/** External images that a stage names in FROM, `COPY --from` and `RUN --mount=from=`, FROM first; computed once. */
export function imagesOfStage(stage: StageView, project: Project): readonly ImageUse[] {
  let images = stageImages.get(stage);
  if (images === undefined) {
    images = [...readStage(stage, project)];
    stageImages.set(stage, images);
  }
  return images;
}

/** The external image of FROM; undefined for stages, scratch, named contexts and malformed references. */
export function imageOfFrom(stage: StageView, project: Project): ImageUse | undefined {
  const [first] = imagesOfStage(stage, project);
  return first?.place === "from" ? first : undefined;
}

function* readStage(stage: StageView, project: Project): Iterable<ImageUse> {
  const named = namedContextsOf(stage.build);
  const { base } = stage.evaluated;
  const word = stage.stage.baseName;
  if (word !== undefined && base.kind !== "stage" && base.kind !== "scratch") {
    const { evaluated, dockerfile } = stage.build;
    const written = traceWord(word, evaluated.globalLookup, dockerfile.dockerfile);
    if (!named.has(written.text)) yield* useOf("from", written, project);
  }
  for (const { from: origin } of stage.evaluated.copies) {
    if (origin.kind !== "image" || named.has(origin.name)) continue;
    yield* useOf("copy", traceLiteral(origin.name, origin.range), project);
  }
  for (const { origin } of stage.evaluated.mountOrigins) {
    if (origin.kind !== "image" || named.has(origin.name)) continue;
    yield* useOf("mount", traceLiteral(origin.name, origin.range), project);
  }
}

/** The image of the `# syntax=` directive, when there is one. */
export function imageOfFrontend({ dockerfile }: DockerfileView, project: Project): ImageUse | undefined {
  const directive = dockerfile.directives.find(({ name }) => name === "syntax");
  if (directive === undefined) return undefined;
  const [use] = useOf("frontend", traceLiteral(directive.value, directive.valueRange), project);
  return use;
}

/** Images that a service names, the one that it runs first. */
export function* imagesOfService(service: Service, project: Project): Iterable<ImageUse> {
  if (service.hasProvider) return;
  const { image, build, hooks, mounts } = service;
  if (image !== undefined) yield* useOf(build === undefined ? "service" : "output", traceScalar(image.node), project);
  for (const { node } of hooks) yield* useOfNode("hook", nodeAt(node, ["image"]), project);
  for (const { type, source } of mounts) {
    if (type === "image" && source !== undefined) yield* useOf("volume", traceScalar(source.node), project);
  }
  if (build === undefined) return;
  for (const { kind, entry } of build.additionalContexts) {
    if (kind === "image") yield* useBehind("named-context", "docker-image://", entry.value, project);
  }
  const sbom = build.at("sbom");
  if (sbom?.kind === "scalar") yield* useOfField("sbom", "generator", sbom, project);
  for (const { node } of build.cacheFrom) {
    if (!node.resolved.includes("=")) yield* useOf("cache", traceScalar(node), project);
    else if (/(?:^|,)type=registry(?:,|$)/.test(node.resolved)) yield* useOfField("cache", "ref", node, project);
  }
}

/** Models that a Compose project names. */
export function* modelsOfVariant(variant: Variant, project: Project): Iterable<ImageUse> {
  for (const model of variant.models.values()) yield* useOfNode("model", model.at("model"), project);
}

/** Names that stand for a folder or another image in this build, whatever FROM makes of them elsewhere. */
function namedContextsOf(build: Build): ReadonlySet<string> {
  return new Set(build.services.flatMap((service) => service.build?.additionalContexts.map(({ name }) => name) ?? []));
}

function useOfNode(place: ImagePlace, node: ReturnType<typeof nodeAt>, project: Project): readonly ImageUse[] {
  return node?.kind === "scalar" && node.resolved !== "" ? useOf(place, traceScalar(node), project) : [];
}

function useBehind(
  place: ImagePlace,
  prefix: string,
  value: Value<string> | undefined,
  project: Project,
): readonly ImageUse[] {
  if (value === undefined || !value.node.resolved.startsWith(prefix)) return [];
  return useOf(place, traceScalar(value.node.part(prefix.length, value.node.resolved.length)), project);
}

/** The value of one field of `key=value,key=value`. */
function useOfField(place: ImagePlace, field: string, node: ScalarNode, project: Project): readonly ImageUse[] {
  let start = 0;
  for (const entry of node.resolved.split(",")) {
    if (entry.startsWith(`${field}=`)) {
      return useOf(place, traceScalar(node.part(start + field.length + 1, start + entry.length)), project);
    }
    start += entry.length + 1;
  }
  return [];
}

/** Nothing for what is no reference to an image: that is for `syntax/use-valid-image-reference` to say. */
function useOf(place: ImagePlace, written: TracedText, project: Project): readonly ImageUse[] {
  const isKnown = written.pieces.every(({ kind }) => kind === "text");
  if (!isKnown) return [partlyKnown(place, written, project)];
  const reference = parseImageReference(written.text);
  if (reference.kind !== "reference") return [];
  const { repositorySpan, tagSpan, digestSpan } = reference;
  return [
    {
      place,
      written,
      name: reference,
      namePlace: written.locate(repositorySpan),
      tag: partAt(written, tagSpan),
      digest: partAt(written, digestSpan),
      reference,
      isBuiltHere: reference.digest === undefined && outputsOf(project).has(outputKey(reference.name, reference.tag)),
    },
  ];
}

const outputs = new ModelMemo<Project, ReadonlySet<string>>();

/** What services with `build` call their images, whether or not their Dockerfiles can be read; as written when unknown. */
function outputsOf(project: Project): ReadonlySet<string> {
  let keys = outputs.get(project);
  if (keys === undefined) {
    keys = new Set(outputKeys(project));
    outputs.set(project, keys);
  }
  return keys;
}

function* outputKeys({ composeProjects }: Project): Iterable<string> {
  for (const { build, image } of servicesOf(composeProjects)) {
    if (build === undefined) continue;
    for (const name of [image, ...build.tags]) {
      if (name === undefined) continue;
      if (name.value === undefined) yield name.node.resolved;
      else {
        const reference = parseImageReference(name.value);
        if (reference.kind === "reference") yield outputKey(reference.name, reference.tag);
      }
    }
  }
}

function partAt(written: TracedText, span: Span | undefined): ImagePart {
  if (span === undefined) return { kind: "absent" };
  return { kind: "known", text: written.text.slice(span.start, span.end), place: written.locate(span) };
}

const UNKNOWN: ImagePart = { kind: "unknown" };
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;

/** What the known beginning and end of a reference prove, whatever the variables between them are. */
function partlyKnown(place: ImagePlace, written: TracedText, project: Project): ImageUse {
  const { text, pieces } = written;
  const [first] = pieces;
  const last = pieces.at(-1);
  const head = first?.kind === "text" ? first.text : "";
  const tail = last?.kind === "text" ? last.text : "";
  const { name, end } = knownName(head, pieces.slice(1));
  const whole = { start: 0, end: text.length };
  return {
    place,
    written,
    name,
    namePlace: written.locate(name === undefined ? whole : { start: 0, end }),
    ...knownEnd(written, tail),
    reference: undefined,
    // The same unknown text stands for the same image.
    isBuiltHere: outputsOf(project).has(text),
  };
}

function knownName(
  head: string,
  rest: TracedText["pieces"],
): { readonly name: ImageReference | undefined; readonly end: number } {
  const end = head.indexOf(":", head.lastIndexOf("/") + 1);
  // A slash further on makes the colon that of a port.
  const isRegistry = rest.some((piece) => piece.kind === "text" && piece.text.includes("/"));
  if (end === -1 || isRegistry) return { name: undefined, end: 0 };
  const name = parseImageReference(head.slice(0, end));
  return { name: name.kind === "reference" ? name : undefined, end };
}

function knownEnd(written: TracedText, tail: string): Pick<ImageUse, "tag" | "digest"> {
  const before = written.text.length - tail.length;
  const part = (start: number, end: number): ImagePart => partAt(written, { start: before + start, end: before + end });
  const at = tail.indexOf("@");
  if (at !== -1) return { tag: UNKNOWN, digest: part(at + 1, tail.length) };
  const slash = tail.lastIndexOf("/");
  const colon = tail.indexOf(":", slash + 1);
  if (colon !== -1 && TAG.test(tail.slice(colon + 1))) {
    return { tag: part(colon + 1, tail.length), digest: { kind: "absent" } };
  }
  if (colon === -1 && slash !== -1 && slash < tail.length - 1) {
    return { tag: { kind: "absent" }, digest: { kind: "absent" } };
  }
  return { tag: UNKNOWN, digest: UNKNOWN };
}
