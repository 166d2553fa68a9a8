import { resolvePath } from "../files/path.js";
import { type Segment, SegmentMap } from "../text/segment-map.js";
import { type Range, Source } from "../text/source.js";
import { isRemotePath } from "./access.js";
import { keyValuesOf } from "./key-values.js";
import type { AdditionalContext, Grant, KeyValue, KeyValues, ServiceBuild } from "./model.js";
import { grantsOf } from "./mounts.js";
import type { Entry, Node, ScalarNode, Value } from "./node-model.js";
import { isNull, longBuild, Sequence } from "./nodes.js";
import { booleanValue, bytesValue, itemsAt, leafAt, nodeAt, textsOf, textValue } from "./values-of-nodes.js";

/** `build` of a service, read on demand. */
class BuildView implements ServiceBuild {
  readonly node: Node;
  readonly keyRange: Range;
  /** The mapping form: a text is its context. */
  readonly #mapping: Node;
  readonly #folder: string;
  #inline: Source | undefined;
  #args: KeyValues | undefined;

  constructor(entry: Entry, folder: string) {
    this.node = entry.value;
    this.keyRange = entry.keyRange;
    this.#mapping = longBuild(entry.value);
    this.#folder = folder;
  }

  get range(): Range {
    return this.node.range;
  }

  get context(): Value<string> | undefined {
    return this.#text("context");
  }

  get contextKind(): ServiceBuild["contextKind"] {
    const { context } = this;
    if (context === undefined) return "local";
    if (context.value !== undefined) return isRemoteContext(context.value) ? "remote" : "local";
    const [first] = context.node.pieces;
    return first?.kind === "text" && isRemotePath(first.text) ? "remote" : "unknown";
  }

  get contextPath(): string | undefined {
    if (this.contextKind !== "local") return undefined;
    const { context } = this;
    if (context === undefined) return this.node.kind === "mapping" ? this.node.folder : this.#folder;
    return context.value === undefined ? undefined : resolvePath(context.node.folder, context.value);
  }

  get dockerfile(): Value<string> | undefined {
    return this.#text("dockerfile");
  }

  get dockerfilePath(): string | undefined {
    const { contextPath, dockerfile } = this;
    if (contextPath === undefined || this.#inlineNode !== undefined) return undefined;
    if (dockerfile === undefined) return resolvePath(contextPath, "Dockerfile");
    return dockerfile.value === undefined ? undefined : resolvePath(contextPath, dockerfile.value);
  }

  get dockerfileInline(): Source | undefined {
    const node = this.#inlineNode;
    if (node === undefined) return undefined;
    this.#inline ??= embeddedSource(node);
    return this.#inline;
  }

  get #inlineNode(): ScalarNode | undefined {
    const node = nodeAt(this.#mapping, ["dockerfile_inline"]);
    return node?.kind === "scalar" && !isNull(node) ? node : undefined;
  }

  get target(): Value<string> | undefined {
    return this.#text("target");
  }

  get args(): KeyValues {
    this.#args ??= keyValuesOf(this.at("args"));
    return this.#args;
  }

  get labels(): KeyValues {
    return keyValuesOf(this.at("labels"));
  }

  get secrets(): readonly Grant[] {
    return grantsOf(itemsAt(this.#mapping, "secrets"), "build-secret");
  }

  get ssh(): KeyValues {
    const node = this.at("ssh");
    // `ssh: default` is a list of one.
    return keyValuesOf(node?.kind === "scalar" && !isNull(node) ? listOf(node) : node);
  }

  get platforms(): readonly Value<string>[] {
    return textsOf(this.at("platforms"));
  }

  get tags(): readonly Value<string>[] {
    return textsOf(this.at("tags"));
  }

  get cacheFrom(): readonly Value<string>[] {
    return textsOf(this.at("cache_from"));
  }

  get cacheTo(): readonly Value<string>[] {
    return textsOf(this.at("cache_to"));
  }

  get noCacheFilter(): readonly Value<string>[] {
    return textsOf(this.at("no_cache_filter"));
  }

  get entitlements(): readonly Value<string>[] {
    return textsOf(this.at("entitlements"));
  }

  get additionalContexts(): readonly AdditionalContext[] {
    return keyValuesOf(this.at("additional_contexts")).entries.map(additionalContext);
  }

  get network(): Value<string> | undefined {
    return this.#text("network");
  }

  get privileged(): Value<boolean> | undefined {
    return leafAt(this.#mapping, ["privileged"], booleanValue);
  }

  get noCache(): Value<boolean> | undefined {
    return leafAt(this.#mapping, ["no_cache"], booleanValue);
  }

  get pull(): Value<boolean> | undefined {
    return leafAt(this.#mapping, ["pull"], booleanValue);
  }

  get shmSize(): Value<number> | undefined {
    return leafAt(this.#mapping, ["shm_size"], bytesValue);
  }

  at(...path: readonly (string | number)[]): Node | undefined {
    return nodeAt(this.#mapping, path);
  }

  #text(key: string): Value<string> | undefined {
    return leafAt(this.#mapping, [key], textValue);
  }
}

/** Reads `build`; undefined when absent, null or a list. */
export function buildOf(entry: Entry | undefined, folder: string): ServiceBuild | undefined {
  if (entry === undefined || isNull(entry.value) || entry.value.kind === "sequence") return undefined;
  return new BuildView(entry, folder);
}

/** A scalar's decoded text as a source of its own, whose ranges lead to where it is written. */
export function embeddedSource(node: ScalarNode): Source {
  const { source: host } = node.range;
  const text = node.resolved;
  const segments: Segment[] = [];
  // Line by line: each line of the text is one stretch of the host, unless something in it was decoded or filled in.
  let inner = 0;
  while (inner < text.length) {
    const lineBreak = text.indexOf("\n", inner);
    const end = lineBreak === -1 ? text.length : lineBreak + 1;
    addLine(segments, node, inner, lineBreak === -1 ? end : lineBreak);
    if (lineBreak !== -1) addStretch(segments, node, lineBreak, end);
    inner = end;
  }
  return new Source(host.path, text, { file: host.file, embedding: { host, map: new SegmentMap(segments) } });
}

/** A line that is the same in both texts is one stretch; any other is taken apart into its code units. */
function addLine(segments: Segment[], node: ScalarNode, start: number, end: number): void {
  if (start === end) return;
  const range = node.rangeOf(start, end);
  if (range.end - range.start === end - start) {
    segments.push({ inner: start, outer: range.start, length: end - start, outerLength: end - start });
    return;
  }
  for (let index = start; index < end; index += 1) addStretch(segments, node, index, index + 1);
}

function addStretch(segments: Segment[], node: ScalarNode, start: number, end: number): void {
  const range = node.rangeOf(start, end);
  const last = segments.at(-1);
  // The units of one variable all stand for all of it: one stretch.
  const isSame = last !== undefined && last.outer === range.start && last.outerLength === range.end - range.start;
  if (isSame && last.outerLength > 1) {
    segments[segments.length - 1] = { ...last, length: last.length + end - start };
    return;
  }
  segments.push({ inner: start, outer: range.start, length: end - start, outerLength: range.end - range.start });
}

/** Whether a build context is fetched: a URL or a Git address. */
function isRemoteContext(context: string): boolean {
  return isRemotePath(context) || /^[^/]+\.git(?:#|$)/.test(context);
}

function additionalContext(entry: KeyValue): AdditionalContext {
  const { value } = entry;
  const make = (kind: AdditionalContext["kind"], reference: string | undefined): AdditionalContext => ({
    name: entry.key,
    entry,
    kind,
    reference,
  });
  if (value?.value === undefined) return make("unknown", undefined);
  const text = value.value;
  const after = (prefix: string) => (text.startsWith(prefix) ? text.slice(prefix.length) : undefined);
  const image = after("docker-image://");
  if (image !== undefined) return make("image", image);
  const layout = after("oci-layout://");
  if (layout !== undefined) return make("oci-layout", layout);
  const service = after("service:");
  if (service !== undefined) return make("service", service);
  const target = after("target:");
  if (target !== undefined) return make("target", target);
  if (isRemoteContext(text)) return make("remote", text);
  return make("local", resolvePath(value.node.folder, text));
}

function listOf(node: ScalarNode): Node {
  const { range, folder } = node;
  return new Sequence([node], { range, folder });
}
