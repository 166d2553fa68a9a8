import { resolvePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import type { Grant, Mount } from "./model.js";
import type { MappingNode, Node, ScalarNode, Value } from "./node-model.js";
import { isNull } from "./nodes.js";
import { cleanTarget, isBindSource, splitOutside, splitShortVolume } from "./short-syntax.js";
import { booleanValue, bytesValue, leafAt, type Reading, readLeaf, textValue } from "./values-of-nodes.js";

/** Where grants of one kind end up when no target is written. */
export type GrantPlace = "service-secret" | "service-config" | "build-secret";

/** Reads the entries of `volumes`. */
export function volumesOf(items: readonly Node[]): readonly Mount[] {
  return items.flatMap((item) => {
    if (item.kind === "scalar") return isNull(item) ? [] : [shortVolume(item)];
    return item.kind === "mapping" ? [longVolume(item)] : [];
  });
}

/** Reads `tmpfs`: one text or a list of `path[:options]`. */
export function tmpfsOf(node: Node | undefined): readonly Mount[] {
  const items = node === undefined ? [] : node.kind === "sequence" ? node.items : [node];
  return items.flatMap((item) => {
    if (item.kind !== "scalar" || isNull(item)) return [];
    const colon = item.resolved.indexOf(":");
    const end = colon === -1 ? item.resolved.length : colon;
    const options = colon === -1 ? [] : optionsOf(item, colon + 1, item.resolved.length);
    const size = options.find(({ text }) => text.startsWith("size="))?.node;
    const mode = options.find(({ text }) => text.startsWith("mode="))?.node;
    return [
      {
        ...mountAt(item, "tmpfs", "short"),
        type: "tmpfs" as const,
        ...placeIn(targetValue(item.part(0, end))),
        options: options.map(({ text, range }) => ({ text, range })),
        isReadOnly: options.some(({ text }) => text === "ro"),
        sizeBytes: size === undefined ? undefined : bytesValue(size.part(5, size.resolved.length)),
        mode: mode === undefined ? undefined : textValue(mode.part(5, mode.resolved.length)),
      },
    ];
  });
}

/** Reads the entries of `secrets` or `configs` of a service or build. */
export function grantsOf(items: readonly Node[], place: GrantPlace): readonly Grant[] {
  return items.flatMap((item) => {
    if (isNull(item) || item.kind === "sequence") return [];
    const isLong = item.kind === "mapping";
    const source = isLong ? leafAt(item, ["source"], textValue) : textValue(item);
    const target = isLong ? leafAt(item, ["target"], textValue) : undefined;
    const grant: Grant = {
      form: isLong ? "long" : "short",
      node: item,
      range: item.range,
      source,
      target,
      effectiveTarget: effectiveTarget(source, target, place),
      uid: isLong ? leafAt(item, ["uid"], textValue) : undefined,
      gid: isLong ? leafAt(item, ["gid"], textValue) : undefined,
      mode: isLong ? leafAt(item, ["mode"], textValue) : undefined,
    };
    return [grant];
  });
}

/** Grants seen as mounts. */
export function grantMounts(grants: readonly Grant[], from: "secrets" | "configs"): readonly Mount[] {
  return grants.map((grant) => ({
    ...mountAt(grant.node, from, grant.form),
    type: from === "secrets" ? ("secret" as const) : ("config" as const),
    source: grant.source,
    target: grant.target,
    targetPath: grant.effectiveTarget,
    isReadOnly: true,
    mode: grant.mode,
  }));
}

function effectiveTarget(
  source: Value<string> | undefined,
  target: Value<string> | undefined,
  place: GrantPlace,
): string | undefined {
  const name = target === undefined ? source?.value : target.value;
  if (name === undefined || place === "build-secret") return name;
  if (place === "service-config") return cleanTarget(name.startsWith("/") ? name : `/${name}`);
  return cleanTarget(name.startsWith("/") ? name : `/run/secrets/${name}`);
}

/** A mount about which nothing but its place is known; readers overwrite what they find. */
function mountAt(node: Node, from: Mount["from"], form: Mount["form"]): Mount {
  return {
    type: "unknown",
    from,
    form,
    node,
    range: node.range,
    source: undefined,
    hostPath: undefined,
    target: undefined,
    targetPath: undefined,
    readOnly: undefined,
    isReadOnly: false,
    options: [],
    propagation: undefined,
    createHostPath: undefined,
    selinux: undefined,
    nocopy: undefined,
    subpath: undefined,
    sizeBytes: undefined,
    mode: undefined,
    problem: undefined,
  };
}

function shortVolume(item: ScalarNode): Mount {
  const spans = splitShortVolume(item.resolved);
  const sourceNode = spans.source === undefined ? undefined : item.part(spans.source.start, spans.source.end);
  const options = spans.options === undefined ? [] : optionsOf(item, spans.options.start, spans.options.end);
  const named = (words: ReadonlySet<string>) => options.find(({ text }) => words.has(text));
  const base = mountAt(item, "volumes", "short");
  const target = targetValue(item.part(spans.target.start, spans.target.end));
  const selinux = named(SELINUX)?.node;
  const propagation = named(PROPAGATIONS)?.node;
  const nocopy = named(NOCOPY)?.node;
  return {
    ...base,
    type: shortType(sourceNode, target),
    source: sourceNode === undefined ? undefined : textValue(sourceNode),
    hostPath: sourceNode === undefined ? undefined : hostPathOf(sourceNode, false),
    ...placeIn(target),
    isReadOnly: named(READ_ONLY) !== undefined,
    options: options.map(({ text, range }) => ({ text, range })),
    propagation: propagation === undefined ? undefined : textValue(propagation),
    selinux: selinux === undefined ? undefined : textValue(selinux),
    nocopy: nocopy === undefined ? undefined : readLeaf(nocopy, undefined, () => ({ value: true })),
    problem: shortProblem(item, spans, target),
  };
}

const READ_ONLY: ReadonlySet<string> = new Set(["ro", "readonly"]);
const SELINUX: ReadonlySet<string> = new Set(["z", "Z"]);
const NOCOPY: ReadonlySet<string> = new Set(["nocopy"]);
const PROPAGATIONS: ReadonlySet<string> = new Set(["private", "rprivate", "shared", "rshared", "slave", "rslave"]);

function shortType(source: ScalarNode | undefined, target: Value<string>): Mount["type"] {
  if (source === undefined) return target.value === undefined && target.problem === undefined ? "unknown" : "anonymous";
  const [first] = source.pieces;
  // `${DATA:?}/x` may be a path or a name; `./${X}` and `data-${X}` tell by how they begin.
  if (first === undefined || first.kind === "hole") return "unknown";
  return isBindSource(first.text) ? "bind" : "volume";
}

function shortProblem(
  item: ScalarNode,
  spans: ReturnType<typeof splitShortVolume>,
  target: Value<string>,
): Mount["problem"] {
  if (spans.hasTooMany) return { message: `\`${item.text}\` has more than three parts`, range: item.range };
  if (target.problem !== undefined)
    return { message: `\`${item.text}\` names no place in the container`, range: item.range };
  return undefined;
}

function longVolume(item: MappingNode): Mount {
  const type = leafAt(item, ["type"], textValue)?.value;
  const sourceEntry = item.entries.get("source")?.value;
  const sourceNode = sourceEntry?.kind === "scalar" && !isNull(sourceEntry) ? sourceEntry : undefined;
  const readOnly = leafAt(item, ["read_only"], booleanValue);
  const known = TYPES.get(type ?? "");
  const isAnonymous = known === "volume" && sourceNode === undefined;
  return {
    ...mountAt(item, "volumes", "long"),
    type: isAnonymous ? "anonymous" : (known ?? "unknown"),
    source: leafAt(item, ["source"], textValue),
    hostPath: known === "bind" && sourceNode !== undefined ? hostPathOf(sourceNode, true) : undefined,
    ...placeIn(leafAt(item, ["target"], targetValue)),
    readOnly,
    isReadOnly: readOnly?.value === true,
    propagation: leafAt(item, ["bind", "propagation"], textValue),
    createHostPath: leafAt(item, ["bind", "create_host_path"], booleanValue),
    selinux: leafAt(item, ["bind", "selinux"], textValue),
    nocopy: leafAt(item, ["volume", "nocopy"], booleanValue),
    subpath: leafAt(item, ["volume", "subpath"], textValue) ?? leafAt(item, ["image", "subpath"], textValue),
    sizeBytes: leafAt(item, ["tmpfs", "size"], bytesValue),
    mode: leafAt(item, ["tmpfs", "mode"], textValue),
  };
}

const TYPES: ReadonlyMap<string, Mount["type"]> = new Map(
  (["bind", "volume", "tmpfs", "npipe", "cluster", "image"] as const).map((type) => [type, type]),
);

/** Absolute path on the host; `~` stays, because whose home that is depends on who runs it. */
function hostPathOf(source: ScalarNode, isLong: boolean): string | undefined {
  if (source.certainty === "unknown" || source.certainty === "required") return undefined;
  const path = source.resolved;
  if (path === "" || (!isBindSource(path) && !isLong)) return undefined;
  if (path.startsWith("~") || path.startsWith("\\") || /^[A-Za-z]:/.test(path)) return path;
  return resolvePath(source.folder, path);
}

interface Option {
  readonly text: string;
  readonly range: Range;
  readonly node: ScalarNode;
}

function optionsOf(item: ScalarNode, start: number, end: number): readonly Option[] {
  return splitOutside(item.resolved.slice(start, end), ",").map((span) => {
    const node = item.part(start + span.start, start + span.end);
    return { text: node.text, range: node.range, node };
  });
}

function placeIn(target: Value<string> | undefined) {
  return { target, targetPath: target?.value };
}

function targetValue(node: ScalarNode, keyRange?: Range): Value<string> {
  return readLeaf(node, keyRange, (text): Reading<string> => {
    return text === "" ? { problem: "an empty path" } : { value: cleanTarget(text) };
  });
}
