import { type Interpolated, interpolate, type VariableLookup } from "./interpolate.js";
import { LIMITS } from "./limits.js";
import type { Entry, Hop, Node } from "./node-model.js";
import { brought, Mapping, Scalar, Sequence } from "./nodes.js";
import type { YamlEntry, YamlMapping, YamlNode, YamlScalar } from "./yaml-model.js";

/**
 * The effective tree of one document: aliases and merge keys resolved, variables put in, the last of equal keys kept.
 * Bounded by what the written tree was held to; an aliased subtree is built once and shared.
 *
 * @param folder absolute folder against which relative paths of this file are resolved
 */
export function effectiveTree(root: YamlNode, folder: string, lookup: VariableLookup): Node {
  return new Builder(folder, lookup).build(root);
}

class Builder {
  readonly #folder: string;
  readonly #lookup: VariableLookup;
  readonly #shared = new Map<YamlNode, Node>();
  /** How much longer variables made the texts of this file. */
  #growth = 0;

  constructor(folder: string, lookup: VariableLookup) {
    this.#folder = folder;
    this.#lookup = lookup;
  }

  build(node: YamlNode): Node {
    switch (node.kind) {
      case "scalar":
        return this.#scalar(node);
      case "alias":
        return this.#alias(node.target, { kind: "alias", range: node.range, name: node.name });
      case "sequence": {
        const items = node.items.map((item) => this.build(item));
        return this.#keep(node, new Sequence(items, { range: node.range, folder: this.#folder, tag: node.tag }));
      }
      case "mapping": {
        const place = { range: node.range, folder: this.#folder, tag: node.tag };
        return this.#keep(node, new Mapping(this.#entries(node), place));
      }
    }
  }

  #scalar(node: YamlScalar): Node {
    const full = node.text.includes("$") ? this.#interpolated(node.text) : undefined;
    return this.#keep(node, Scalar.written(node, full, this.#folder));
  }

  #interpolated(text: string): Interpolated {
    const full = interpolate(text, this.#growth > LIMITS.interpolatedGrowth ? UNSET : this.#lookup);
    this.#growth += Math.max(0, full.resolved.length - text.length);
    return full;
  }

  #keep(written: Exclude<YamlNode, { readonly kind: "alias" }>, node: Node): Node {
    if (written.anchor !== undefined) this.#shared.set(written, node);
    return node;
  }

  #alias(target: YamlNode | undefined, hop: Hop): Node {
    if (target === undefined) {
      // Nothing is known about the value of an alias to nowhere: it is there, and it is not null.
      return Scalar.written({ ...nothingAt(hop), type: "text" }, UNKNOWN, this.#folder);
    }
    return brought(this.#shared.get(target) ?? this.build(target), [hop]);
  }

  #entries(node: YamlMapping): ReadonlyMap<string, Entry> {
    const entries = new Map<string, Entry>();
    const hasMerge = node.entries.some(({ isMerge }) => isMerge);
    const explicit = hasMerge ? new Set(node.entries.filter((e) => !e.isMerge).map((e) => e.key.text)) : undefined;
    for (const entry of node.entries) {
      if (entry.isMerge && explicit !== undefined) this.#merge(entry, explicit, entries);
      else {
        const key = entry.key.text;
        entries.set(key, { key, keyRange: entry.key.range, value: this.build(entry.value) });
      }
    }
    return entries;
  }

  /** Adds what `<<` brings: explicit keys win wherever they stand, and of several sources the earlier one. */
  #merge(entry: YamlEntry, explicit: ReadonlySet<string>, entries: Map<string, Entry>): void {
    const sources = entry.value.kind === "sequence" ? entry.value.items : [entry.value];
    for (const written of sources) {
      const target = written.kind === "alias" ? written.target : written;
      const name = written.kind === "alias" ? written.name : "";
      const hop: Hop = { kind: "merge", range: written.range, name };
      if (target?.kind === "sequence") continue;
      const source = target === undefined ? undefined : (this.#shared.get(target) ?? this.build(target));
      if (source?.kind !== "mapping") continue;
      for (const [key, inherited] of source.entries) {
        if (explicit.has(key) || entries.has(key)) continue;
        entries.set(key, { ...inherited, value: brought(inherited.value, [hop]) });
      }
    }
  }
}

const UNSET: VariableLookup = () => undefined;

const UNKNOWN = {
  text: "",
  resolved: "",
  isSecret: false,
  certainty: "unknown",
  pieces: [{ kind: "hole", name: "" }],
  uses: [],
  problems: [],
  stretches: [],
} as const;

function nothingAt(hop: Hop): YamlScalar {
  const { range } = hop;
  const rangeOf = () => range;
  return { kind: "scalar", style: "plain", type: "text", text: "", range, anchor: undefined, tag: undefined, rangeOf };
}
