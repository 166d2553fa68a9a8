import type { ComposeProject, Grant, Resource, Service, Variant } from "../compose/model.js";
import type { Hop, Node, Value } from "../compose/node-model.js";
import { encloses, type Range } from "../text/source.js";
import { ModelMemo } from "./model-memo.js";

/** A name by which a service refers to a part of its project. */
export interface ComposeReference {
  readonly kind: Resource["kind"] | "service";
  /** The name as it is looked up. */
  readonly name: string;
  readonly range: Range;
  readonly service: Service;
  /** Key of the service that holds it. */
  readonly key: string;
  /** What the service has to have, when being there is not enough. */
  readonly needs?: "build";
}

/** All names by which the services of a variant refer to networks, volumes, secrets, configs, models and each other. */
export function* composeReferences({ services }: Variant): Iterable<ComposeReference> {
  for (const service of services.values()) {
    const { entries } = service.node;
    if (entries.has("networks")) yield* networks(service);
    if (entries.has("volumes")) yield* volumes(service);
    if (entries.has("secrets")) yield* grants("secret", service, "secrets", service.secrets);
    if (entries.has("configs")) yield* grants("config", service, "configs", service.configs);
    if (entries.has("models")) yield* models(service);
    if (entries.has("credential_spec")) {
      const config = service.valueAt("credential_spec", "config");
      if (config?.value !== undefined)
        yield reference("config", service, "credential_spec", config.value, config.range);
    }
    for (const { service: name, key, range, isRequired } of service.needs) {
      if (isRequired) yield reference("service", service, key, name, range);
    }
    if (entries.has("build")) yield* ofBuild(service);
  }
}

/** References to what the project does not define. */
export interface UndefinedReference extends ComposeReference {
  /** The `extends` that brought it here from another file; undefined for what this project writes itself. */
  readonly extended: Hop | undefined;
}

const undefinedOf = new ModelMemo<Variant, readonly UndefinedReference[]>();

/** References of a variant to names that nothing defines; empty where something could not be followed. */
export function undefinedReferences(variant: Variant): readonly UndefinedReference[] {
  let found = undefinedOf.get(variant);
  if (found === undefined) {
    found = variant.isIncomplete ? [] : missingIn(variant);
    undefinedOf.set(variant, found);
  }
  return found;
}

function missingIn(variant: Variant): readonly UndefinedReference[] {
  const missing: UndefinedReference[] = [];
  for (const reference of composeReferences(variant)) {
    if (isDefined(reference, variant)) continue;
    missing.push({ ...reference, extended: extendsOf(reference) });
  }
  return missing;
}

/** The names of one kind that a variant defines. */
export function definedNames(variant: Variant, kind: ComposeReference["kind"]): ReadonlyMap<string, unknown> {
  switch (kind) {
    case "network":
      return variant.networks;
    case "volume":
      return variant.volumes;
    case "secret":
      return variant.secrets;
    case "config":
      return variant.configs;
    case "model":
      return variant.models;
    case "service":
      return variant.services;
  }
}

const used = new ModelMemo<ComposeProject, ReadonlySet<string>>();

/** Whether some service of some variant of a folder refers to a resource; a name that nobody can know may be any. */
export function isUsed({ kind, name }: Resource, project: ComposeProject): boolean {
  let names = used.get(project);
  if (names === undefined) {
    names = usedNames(project);
    used.set(project, names);
  }
  return names.has(`${kind} ${name}`) || names.has(`${kind} *`);
}

function usedNames({ variants }: ComposeProject): ReadonlySet<string> {
  const names = new Set<string>();
  for (const variant of variants) {
    for (const { kind, name } of composeReferences(variant)) names.add(`${kind} ${name}`);
    for (const service of variant.services.values()) addLoose(service, names);
  }
  return names;
}

/** Uses that name a resource in passing, and those that cannot be known. */
function addLoose(service: Service, names: Set<string>): void {
  const { networkMode, mounts, build } = service;
  if (networkMode?.value !== undefined) names.add(`network ${networkMode.value}`);
  else if (networkMode !== undefined) names.add("network *");
  if (build?.network?.value !== undefined) names.add(`network ${build.network.value}`);
  for (const { name, node } of service.networks) {
    if (name.includes("$") || (node?.kind === "scalar" && node.certainty === "unknown")) names.add("network *");
  }
  for (const { from, source, type } of mounts) {
    if (from === "volumes" && source !== undefined && source.value === undefined) names.add("volume *");
    else if (from === "volumes" && source?.value !== undefined && type !== "bind") names.add(`volume ${source.value}`);
    else if (from === "secrets" && source !== undefined && source.value === undefined) names.add("secret *");
    else if (from === "configs" && source !== undefined && source.value === undefined) names.add("config *");
  }
  for (const { source } of build?.secrets ?? [])
    if (source !== undefined && source.value === undefined) names.add("secret *");
}

function isDefined({ kind, name, needs }: ComposeReference, variant: Variant): boolean {
  if (kind === "network" && name === "default") return true;
  if (needs === "build") return variant.services.get(name)?.build !== undefined;
  return definedNames(variant, kind).has(name);
}

function reference(
  kind: ComposeReference["kind"],
  service: Service,
  key: string,
  name: string,
  range: Range,
): ComposeReference {
  return { kind, name, range, service, key };
}

function* networks(service: Service): Iterable<ComposeReference> {
  for (const { name, range, isImplicit } of service.networks) {
    // A `$` is left in a name only where a variable has no value.
    if (!isImplicit && !name.includes("$")) yield reference("network", service, "networks", name, range);
  }
}

function* volumes(service: Service): Iterable<ComposeReference> {
  for (const { type, from, source } of service.mounts) {
    if (from !== "volumes" || (type !== "volume" && type !== "cluster")) continue;
    if (source?.value !== undefined && source.value !== "") {
      yield reference("volume", service, "volumes", source.value, source.range);
    }
  }
}

function* grants(
  kind: "secret" | "config",
  service: Service,
  key: string,
  list: readonly Grant[],
): Iterable<ComposeReference> {
  for (const { source } of list) {
    if (source?.value !== undefined) yield reference(kind, service, key, source.value, source.range);
  }
}

function* models(service: Service): Iterable<ComposeReference> {
  const node = service.at("models");
  if (node?.kind === "mapping") {
    for (const { key, keyRange } of node.entries.values()) yield reference("model", service, "models", key, keyRange);
  } else {
    for (const { value, range } of service.listAt("models")) {
      if (value !== undefined) yield reference("model", service, "models", value, range);
    }
  }
}

function* ofBuild(service: Service): Iterable<ComposeReference> {
  const { build } = service;
  if (build === undefined) return;
  yield* grants("secret", service, "build", build.secrets);
  for (const { kind, reference: name, entry } of build.additionalContexts) {
    if (kind !== "service" || name === undefined || entry.value === undefined) continue;
    yield { ...reference("service", service, "build", name, nameRange(entry.value)), needs: "build" };
  }
}

/** The name in `service:name`. */
function nameRange({ node, range }: Value<string>): Range {
  const colon = node.resolved.indexOf(":");
  return colon === -1 ? range : node.rangeOf(colon + 1, node.resolved.length);
}

/** The hop by which a reference came from a file that this one extends. */
function extendsOf({ service, key, range }: ComposeReference): Hop | undefined {
  const node = holderOf(service.at(key), range);
  return node?.via.find(({ kind, range: { source } }) => kind === "extends" && source !== range.source);
}

/** The node below which a place lies: an item or a value of the list or mapping that holds it. */
function holderOf(node: Node | undefined, range: Range): Node | undefined {
  if (node === undefined) return undefined;
  if (node.kind === "sequence") return node.items.find((item) => encloses(item.range, range)) ?? node;
  if (node.kind === "mapping") {
    for (const { keyRange, value } of node.entries.values()) {
      if (encloses(keyRange, range)) return value;
      if (encloses(value.range, range)) return holderOf(value, range);
    }
  }
  return node;
}
