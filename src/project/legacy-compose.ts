import { TOP_LEVEL_KEYS } from "../compose/discovery.js";
import type { ComposeFile, Resource, Service, Variant } from "../compose/model.js";
import type { Node } from "../compose/node-model.js";
import { nodeAt } from "../compose/values-of-nodes.js";
import type { Edit, Range } from "../text/source.js";
import { isSwarmFile } from "./swarm-files.js";
import { entryOf, ownEntries, writtenRoots, writtenServices } from "./written-compose.js";
import { entryRemoval } from "./yaml-entry-removal.js";

/** A key or value as an older Compose spelled it. */
export interface LegacySpelling {
  readonly range: Range;
  /** What is old about it, and how today's Compose spells it, for messages. */
  readonly message: string;
  readonly fix?:
    | { readonly description: string; readonly isSafe: boolean; readonly edits: readonly Edit[] }
    | undefined;
}

/** Services that stand at the top level of a file, as in its first format, and their keys of that time. */
export function* firstFormatKeys(file: ComposeFile): Iterable<LegacySpelling> {
  for (const root of writtenRoots(file)) {
    if (entryOf(root, "services") !== undefined || entryOf(root, "include") !== undefined) continue;
    let isFirst = true;
    for (const { key, value } of ownEntries(root)) {
      if (value.kind !== "mapping" || TOP_LEVEL_KEYS.has(key.text) || key.text.startsWith("x-")) continue;
      if (entryOf(value, "image") === undefined && entryOf(value, "build") === undefined) continue;
      const message = `\`${key.text}\` stands at the top level, which Compose refuses; put it under \`services\``;
      if (isFirst) yield { range: key.range, message };
      isFirst = false;
      for (const { key: inner } of ownEntries(value)) {
        const today = FIRST_FORMAT.get(inner.text);
        if (today !== undefined) {
          yield { range: inner.range, message: `\`${inner.text}\` is refused since format 2; write \`${today}\`` };
        }
      }
    }
  }
}

const FIRST_FORMAT: ReadonlyMap<string, string> = new Map([
  ["net", "network_mode"],
  ["log_driver", "logging.driver"],
  ["log_opt", "logging.options"],
  ["volume_driver", "driver` of the volume, not `volume_driver"],
  ["dockerfile", "build.dockerfile"],
]);

/** Old spellings in the services and resources of a variant. */
export function* legacySpellings(variant: Variant, files: readonly ComposeFile[]): Iterable<LegacySpelling> {
  for (const service of variant.services.values()) {
    if (isSwarmFile(service.keyRange.source)) continue;
    yield* oldKeys(service, files);
    yield* oldValues(service);
  }
  for (const section of [variant.networks, variant.volumes, variant.secrets, variant.configs]) {
    for (const resource of section.values()) yield* oldResource(resource);
  }
}

function* oldKeys(service: Service, files: readonly ComposeFile[]): Iterable<LegacySpelling> {
  const { entries } = service.node;
  const links = entries.get("links");
  // On the default bridge there are no names but those that links give.
  if (links !== undefined && service.networkMode?.value !== "bridge" && service.networkMode?.certainty !== "unknown") {
    const message = "`links` is a leftover of the time before networks; use `depends_on`, names work without it";
    yield { range: links.keyRange, message, fix: linksFix(service, links.keyRange, files) };
  }
  const external = entries.get("external_links");
  if (external !== undefined) {
    const message = "`external_links` is a leftover of the time before networks; join an external network";
    yield { range: external.keyRange, message };
  }
  const from = entries.get("volumes_from");
  if (from !== undefined) {
    const message = "`volumes_from` mounts whatever another container has; name the volumes in both services";
    yield { range: from.keyRange, message };
  }
  const mac = entries.get("mac_address");
  if (mac !== undefined) {
    const message = "`mac_address` of a service fails with Docker Engine 25 and later; set it below `networks`";
    yield { range: mac.keyRange, message };
  }
}

function* oldValues(service: Service): Iterable<LegacySpelling> {
  const policy = service.node.entries.get("pull_policy")?.value;
  if (policy?.kind === "scalar" && policy.resolved === "if_not_present" && policy.uses.length === 0) {
    const fix = replacement(policy.rangeOf(0, policy.resolved.length), "missing");
    yield { range: policy.range, message: "`if_not_present` is the old name; write `missing`", fix };
  }
  const init = service.node.entries.get("init")?.value;
  if (init?.kind === "scalar" && init.certainty === "known" && init.resolved.includes("/")) {
    const message = `\`${init.text}\` is not used, the engine brings its own; write \`init: true\``;
    yield { range: init.range, message };
  }
  for (const path of SERVICE_BOOLEANS)
    yield* oldBoolean(path.length === 1 ? service.node.entries.get(path[0])?.value : service.at(...path));
  for (const { required, restart } of service.node.entries.has("depends_on") ? service.dependsOn : []) {
    yield* oldBoolean(required?.node);
    yield* oldBoolean(restart?.node);
  }
  if (!service.node.entries.has("volumes")) return;
  for (const { from, form, options } of service.mounts) {
    if (from !== "volumes" || form !== "short") continue;
    for (const { text, range } of options) {
      if (!SYNC_OPTIONS.has(text)) continue;
      yield { range, message: `\`${text}\` has no effect any more; remove it` };
    }
  }
}

const SYNC_OPTIONS: ReadonlySet<string> = new Set(["cached", "delegated", "consistent"]);

const SERVICE_BOOLEANS = [
  ["init"],
  ["privileged"],
  ["read_only"],
  ["tty"],
  ["stdin_open"],
  ["oom_kill_disable"],
  ["attach"],
  ["use_api_socket"],
  ["healthcheck", "disable"],
  ["build", "privileged"],
  ["build", "no_cache"],
  ["build", "pull"],
] as const;

const RESOURCE_BOOLEANS = ["external", "internal", "attachable", "enable_ipv6", "enable_ipv4"] as const;

const WORDS: ReadonlyMap<string, string> = new Map([
  ["yes", "true"],
  ["y", "true"],
  ["on", "true"],
  ["no", "false"],
  ["n", "false"],
  ["off", "false"],
]);

function* oldBoolean(node: Node | undefined): Iterable<LegacySpelling> {
  if (node?.kind !== "scalar" || node.uses.length > 0) return;
  const word = WORDS.get(node.resolved.toLowerCase());
  if (word === undefined) return;
  const message = `\`${node.text}\` is a truth value of older YAML, and Compose warns about it; write \`${word}\``;
  yield { range: node.range, message, fix: replacement(node.range, word) };
}

function* oldResource({ node }: Resource): Iterable<LegacySpelling> {
  if (node === undefined) return;
  for (const key of RESOURCE_BOOLEANS) yield* oldBoolean(node.entries.get(key)?.value);
  const external = node.entries.get("external");
  if (external?.value.kind !== "mapping") return;
  const message =
    "`external` with a `name` inside is refused by newer tools; write `external: true` and `name` beside it";
  const name = nodeAt(external.value, ["name"]);
  const isPlain = name?.kind === "scalar" && external.value.entries.size === 1 && !node.entries.has("name");
  const edit = isPlain ? besideEdit(external.keyRange, external.value.range, name.range) : undefined;
  const fix = edit && { description: "write `name` beside `external`", isSafe: true, edits: [edit] };
  yield { range: external.keyRange, message, fix };
}

/** `external: {name: x}` and its block form as `external: true` and `name: x`. */
function besideEdit(key: Range, value: Range, name: Range): Edit | undefined {
  const { source } = key;
  if (value.source !== source || name.source !== source || source.text[key.end] !== ":") return undefined;
  const start = source.lineStarts[source.positionAt(key.start).line - 1] ?? 0;
  const indent = source.text.slice(start, key.start);
  const written = source.slice(name);
  if (written.includes("\n") || source.text.slice(key.end, value.end).includes("#")) return undefined;
  const isBlock = indent.trim() === "";
  const text = isBlock ? `: true\n${indent}name: ${written}` : `: true, name: ${written}`;
  return { range: source.range(key.end, value.end), text };
}

function replacement(range: Range, word: string): LegacySpelling["fix"] {
  return { description: `write \`${word}\``, isSafe: true, edits: [{ range, text: word }] };
}

/** `links` goes where `depends_on` says the same, and becomes `depends_on` where nothing does. */
function linksFix(service: Service, key: Range, files: readonly ComposeFile[]): LegacySpelling["fix"] {
  const links = service.listAt("links");
  const names = links.map(({ value }) => nameWithoutAlias(value));
  if (names.length === 0) return undefined;
  const others = names.map((name) => (name === undefined ? undefined : service.variant.services.get(name)));
  const file = files.find(({ source }) => source === key.source);
  if (file === undefined || others.some((other) => other === undefined)) return undefined;
  const wanted = new Set(service.dependsOn.map(({ service: name }) => name));
  if (others.every((other) => other !== undefined && wanted.has(other.name) && service.reaches(other) === true)) {
    const edit = linksRemoval(file, key);
    return edit && { description: "remove `links`", isSafe: true, edits: [edit] };
  }
  if (service.node.entries.has("depends_on") || links.some(({ range }) => range.source !== key.source))
    return undefined;
  const edits: Edit[] = [{ range: key, text: "depends_on" }];
  for (const { node, value } of links) {
    const colon = value?.indexOf(":") ?? -1;
    if (colon !== -1 && value !== undefined) edits.push({ range: node.rangeOf(colon, value.length), text: "" });
  }
  return { description: "write `depends_on`", isSafe: false, edits };
}

function linksRemoval(file: ComposeFile, key: Range): Edit | undefined {
  for (const { mapping } of writtenServices(file)) {
    const entry = mapping.entries.find(({ key: { range } }) => range.start === key.start);
    if (entry !== undefined) return entryRemoval(mapping, entry);
  }
  return undefined;
}

function nameWithoutAlias(link: string | undefined): string | undefined {
  const [name, alias] = (link ?? "").split(":");
  return name !== "" && (alias === undefined || alias === name) ? name : undefined;
}
