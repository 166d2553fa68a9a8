import type { KeyValue, KeyValues } from "./model.js";
import type { Entry, Node, ScalarNode } from "./node-model.js";
import { isNull } from "./nodes.js";
import { textValue } from "./values-of-nodes.js";

/** Entries of a `K=V` list or of a mapping, each key once: what `environment`, `labels` and `args` hold. */
class KeyValueList implements KeyValues {
  readonly node: Node | undefined;
  #entries: readonly KeyValue[] | undefined;
  #byKey: ReadonlyMap<string, KeyValue> | undefined;

  constructor(node: Node | undefined) {
    this.node = node;
  }

  get entries(): readonly KeyValue[] {
    this.#entries ??= [...this.#index().values()];
    return this.#entries;
  }

  get(key: string): KeyValue | undefined {
    return this.#index().get(key);
  }

  #index(): ReadonlyMap<string, KeyValue> {
    this.#byKey ??= readKeyValues(this.node);
    return this.#byKey;
  }
}

const NONE = new KeyValueList(undefined);

/** Reads a node as `K=V` entries; empty for anything else. */
export function keyValuesOf(node: Node | undefined): KeyValues {
  return node === undefined ? NONE : new KeyValueList(node);
}

function readKeyValues(node: Node | undefined): ReadonlyMap<string, KeyValue> {
  const byKey = new Map<string, KeyValue>();
  if (node?.kind === "mapping") {
    for (const entry of node.entries.values()) byKey.set(entry.key, fromEntry(entry));
  }
  if (node?.kind !== "sequence") return byKey;
  for (const item of node.items) {
    if (item.kind === "scalar") {
      const read = keyValueOfItem(item);
      // The last one counts, and stands where it is written.
      byKey.delete(read.key);
      byKey.set(read.key, read);
    } else if (item.kind === "mapping") {
      // Merging puts entries of a mapping into a list this way; written `- KEY: value` means the same to its author.
      for (const entry of item.entries.values()) byKey.set(entry.key, fromEntry(entry));
    }
  }
  return byKey;
}

function fromEntry({ key, keyRange, value }: Entry): KeyValue {
  const hasValue = value.kind === "scalar" && !isNull(value);
  const { source } = keyRange;
  const isTogether = value.range.source === source && value.range.start >= keyRange.start && value.via.length === 0;
  return {
    key,
    keyRange,
    value: hasValue ? textValue(value, keyRange) : undefined,
    range: isTogether ? source.range(keyRange.start, Math.max(keyRange.end, value.range.end)) : keyRange,
    form: "mapping",
    node: value,
  };
}

/** Reads one item of a `K=V` list. */
export function keyValueOfItem(item: ScalarNode): KeyValue {
  const equals = item.resolved.indexOf("=");
  const keyEnd = equals === -1 ? item.resolved.length : equals;
  const keyRange = item.rangeOf(0, keyEnd);
  return {
    key: item.resolved.slice(0, keyEnd),
    keyRange,
    value: equals === -1 ? undefined : textValue(item.part(equals + 1, item.resolved.length), keyRange),
    range: item.range,
    form: "list",
    node: item,
  };
}
