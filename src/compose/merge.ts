import type { Range } from "../text/source.js";
import { LIMITS } from "./limits.js";
import { type Place, placeBelow, rootPlace, servicePlace, type UniqueKey } from "./merge-places.js";
import type { ModelProblem } from "./model.js";
import type { Entry, MappingNode, Node, Removal } from "./node-model.js";
import { inPlaceOf, isNull, longBuild, Mapping, Scalar, Sequence } from "./nodes.js";

/**
 * Lays later values over earlier ones as Compose does for overrides, `extends` and `include`, gathering what the loader
 * would refuse. One merger serves one variant: it also keeps the merged model within its limit.
 */
export class Merger {
  readonly problems: ModelProblem[] = [];
  #spent = 0;

  /** The limit of merged nodes was reached; later merges keep the later value only. */
  get isExhausted(): boolean {
    return this.#spent > LIMITS.mergedNodes;
  }

  /** Two top levels, or two documents of one file. */
  files(base: MappingNode, over: MappingNode): MappingNode {
    return this.#mappings(base, over, rootPlace());
  }

  /** Two services: the extended one and the one that extends it. */
  services(base: MappingNode, over: MappingNode): MappingNode {
    return this.#mappings(base, over, servicePlace());
  }

  /** Counts nodes that a service inherits: each of thousands of services may extend one with thousands of values. */
  inherit(nodes: number): boolean {
    return this.#spend(nodes);
  }

  /** A tree without the values that its own `!reset` tags remove. Costs a walk: call it for files that use the tag. */
  withoutResets(node: Node): Node {
    if (node.kind === "scalar") return node;
    if (node.kind === "sequence") {
      for (const item of node.items) {
        if (item.tag?.name !== "!reset") continue;
        const message = "`!reset` has no effect on a list item; tag the whole list with `!override`";
        this.#report("reset", "list-item", item.tag.range, message, []);
      }
      return node;
    }
    const entries = new Map<string, Entry>();
    const removals = new Map<string, Removal>(node.removals);
    for (const [key, entry] of node.entries) {
      if (entry.value.tag?.name === "!reset") {
        removals.set(key, { key, range: entry.value.tag.range, removed: undefined });
      } else entries.set(key, { ...entry, value: this.withoutResets(entry.value) });
    }
    return new Mapping(entries, placeOf(node), removals);
  }

  #merge(base: Node, over: Node, place: Place | undefined): Node {
    if (over.tag?.name === "!override") return inPlaceOf(this.#clean(over), base);
    const rule = place?.rule ?? "deep";
    if (rule === "replace") return inPlaceOf(over, base);
    if (isNull(over)) return base;
    if (isNull(base)) return inPlaceOf(this.#clean(over), base);
    switch (rule) {
      case "key-values":
        return this.#keyValues(base, over);
      case "text-list":
        return this.#deep(asList(base), asList(over), place);
      case "hosts":
        return this.#hosts(base, over);
      case "depends-on":
        return this.#deep(asDependencies(base), asDependencies(over), place);
      case "names":
        return this.#deep(asNames(base), asNames(over), place);
      case "build":
        return this.#deep(longBuild(base), longBuild(over), place);
      case "logging":
        return hasOtherDriver(base, over) ? inPlaceOf(over, base) : this.#deep(base, over, place);
      case "subnets":
        return this.#subnets(base, over);
      case "deep":
        return this.#deep(base, over, place);
    }
  }

  #deep(base: Node, over: Node, place: Place | undefined): Node {
    if (base.kind === "mapping" && over.kind === "mapping") return this.#mappings(base, over, place);
    if (base.kind === "sequence" && over.kind === "sequence") {
      return this.#append(base.items, over.items, base, place?.unique);
    }
    if (base.kind === "scalar" && over.kind === "scalar") return inPlaceOf(over, base);
    const message = `${KINDS[over.kind]} cannot override ${KINDS[base.kind]}`;
    this.#report("merge", "kind", over.range, message, [base.range]);
    return inPlaceOf(over, base);
  }

  #mappings(base: MappingNode, over: MappingNode, place: Place | undefined): MappingNode {
    if (!this.#spend(base.entries.size + over.entries.size)) return base;
    const entries = new Map(base.entries);
    let removals: Map<string, Removal> | undefined;
    for (const [key, entry] of over.entries) {
      const earlier = entries.get(key);
      const { tag } = entry.value;
      if (tag?.name === "!reset") {
        entries.delete(key);
        removals ??= new Map(base.removals);
        removals.set(key, { key, range: tag.range, removed: earlier?.value });
      } else if (earlier === undefined) entries.set(key, { ...entry, value: this.#clean(entry.value) });
      else {
        const value = this.#merge(earlier.value, entry.value, placeBelow(place, key));
        entries.set(key, mergedEntry(earlier, entry, value));
      }
    }
    for (const [key, removal] of over.removals) {
      if (over.entries.has(key)) continue;
      removals ??= new Map(base.removals);
      removals.set(key, { ...removal, removed: removal.removed ?? entries.get(key)?.value });
      entries.delete(key);
    }
    return new Mapping(entries, { range: base.range, folder: base.folder, tag: base.tag }, removals ?? base.removals);
  }

  #append(base: readonly Node[], over: readonly Node[], place: Node, unique: UniqueKey | undefined): Node {
    if (!this.#spend(base.length + over.length)) return place;
    const items = unique === undefined ? [...base, ...over] : uniqueItems([...base, ...over], unique);
    return new Sequence(items, { range: place.range, folder: place.folder, tag: place.tag });
  }

  /** `K=V` entries: the last one per key wins, also when it has no value. Mixed forms become a list. */
  #keyValues(base: Node, over: Node): Node {
    if (base.kind === "mapping" && over.kind === "mapping") {
      if (!this.#spend(base.entries.size + over.entries.size)) return base;
      const entries = new Map(base.entries);
      const removals = new Map(base.removals);
      for (const [key, entry] of over.entries) {
        const earlier = entries.get(key);
        if (entry.value.tag?.name === "!reset") {
          entries.delete(key);
          removals.set(key, { key, range: entry.value.tag.range, removed: earlier?.value });
        } else
          entries.set(key, earlier === undefined ? entry : { ...entry, value: inPlaceOf(entry.value, earlier.value) });
      }
      return new Mapping(entries, { range: base.range, folder: base.folder, tag: base.tag }, removals);
    }
    const earlier = asItems(base);
    const later = asItems(over);
    if (earlier === undefined || later === undefined) return this.#deep(base, over, undefined);
    return this.#append(earlier, later, base, keyValueKey);
  }

  #hosts(base: Node, over: Node): Node {
    if (base.kind === "mapping" && over.kind === "mapping") return this.#mappings(base, over, undefined);
    const earlier = asItems(base);
    const later = asItems(over);
    if (earlier === undefined || later === undefined) return this.#deep(base, over, undefined);
    return this.#append(earlier, later, base, (item) => (item.kind === "scalar" ? item.resolved : undefined));
  }

  #subnets(base: Node, over: Node): Node {
    if (base.kind !== "sequence" || over.kind !== "sequence") return this.#deep(base, over, undefined);
    const items = [...base.items];
    const places = new Map(items.map((item, index) => [subnetOf(item), index]));
    for (const item of over.items) {
      const subnet = subnetOf(item);
      const index = (subnet === undefined ? undefined : places.get(subnet)) ?? -1;
      const earlier = items[index];
      if (earlier?.kind === "mapping" && item.kind === "mapping") {
        items[index] = this.#mappings(earlier, item, undefined);
      } else items.push(item);
    }
    return this.#spend(items.length) ? new Sequence(items, placeOf(base)) : base;
  }

  /** What a later file brings where nothing was: its own `!reset` tags still take effect inside. */
  #clean(node: Node): Node {
    return this.hasResets ? this.withoutResets(node) : node;
  }

  /** Set while a file with `!reset` tags is laid over others. */
  hasResets = false;

  #spend(nodes: number): boolean {
    const wasExhausted = this.isExhausted;
    this.#spent += nodes;
    return !wasExhausted;
  }

  #report(kind: ModelProblem["kind"], detail: string, range: Range, message: string, related: readonly Range[]): void {
    if (this.problems.length < 200) this.problems.push({ kind, detail, range, message, related });
  }
}

const KINDS = { scalar: "text", mapping: "a mapping", sequence: "a list" } as const;

function placeOf(node: Node) {
  const { range, folder, via, overridden, tag } = node;
  return { range, folder, via: node.kind === "mapping" ? [] : via, overridden, tag };
}

/** Content of both: the key stays where it was introduced. Else the later key is the one that counts. */
function mergedEntry(earlier: Entry, later: Entry, value: Node): Entry {
  if (value === earlier.value) return earlier;
  if (value.range === later.value.range) return { ...later, value };
  return { ...earlier, value, patchedAt: [...(earlier.patchedAt ?? []), later.keyRange] };
}

function uniqueItems(items: readonly Node[], unique: UniqueKey): Node[] {
  const result: Node[] = [];
  const places = new Map<string, number>();
  for (const item of items) {
    const key = unique(item);
    const place = key === undefined ? undefined : places.get(key);
    const earlier = place === undefined ? undefined : result[place];
    if (place !== undefined && earlier !== undefined) result[place] = inPlaceOf(item, earlier);
    else {
      if (key !== undefined) places.set(key, result.length);
      result.push(item);
    }
  }
  return result;
}

/** The key of a `K=V` item, or of a mapping of one entry that stands for one. */
function keyValueKey(item: Node): string | undefined {
  if (item.kind === "scalar") return item.resolved.split("=", 1)[0];
  return item.kind === "mapping" ? item.entries.keys().next().value : undefined;
}

/** Items of a list; entries of a mapping as mappings of one entry each, so that both forms fit one list. */
function asItems(node: Node): readonly Node[] | undefined {
  if (node.kind === "sequence") return node.items;
  if (node.kind === "scalar") return undefined;
  return [...node.entries].map(([key, entry]) => {
    return new Mapping(new Map([[key, entry]]), { range: entry.value.range, folder: node.folder });
  });
}

function asList(node: Node): Node {
  return node.kind === "scalar" ? new Sequence([node], { range: node.range, folder: node.folder }) : node;
}

function asNames(node: Node): Node {
  return namesAsMapping(node, (name) => Scalar.filledIn(undefined, name.range, name.folder));
}

/** The loader writes the condition out, so that a list downgrades an earlier `service_healthy`. */
function asDependencies(node: Node): Node {
  return namesAsMapping(node, (name) => {
    const condition = Scalar.filledIn("service_started", name.range, name.folder);
    const entry = { key: "condition", keyRange: name.range, value: condition };
    return new Mapping(new Map([["condition", entry]]), { range: name.range, folder: name.folder });
  });
}

function namesAsMapping(node: Node, valueFor: (name: Node) => Node): Node {
  if (node.kind !== "sequence") return node;
  const entries = new Map<string, Entry>();
  for (const item of node.items) {
    if (item.kind !== "scalar") continue;
    entries.set(item.resolved, { key: item.resolved, keyRange: item.range, value: valueFor(item) });
  }
  return new Mapping(entries, { range: node.range, folder: node.folder, tag: node.tag });
}

function hasOtherDriver(base: Node, over: Node): boolean {
  const driver = (node: Node) => {
    const value = node.kind === "mapping" ? node.entries.get("driver")?.value : undefined;
    return value?.kind === "scalar" ? value.resolved : undefined;
  };
  const earlier = driver(base);
  const later = driver(over);
  return earlier !== undefined && later !== undefined && earlier !== later;
}

function subnetOf(item: Node): string | undefined {
  const value = item.kind === "mapping" ? item.entries.get("subnet")?.value : undefined;
  return value?.kind === "scalar" ? value.resolved : undefined;
}
