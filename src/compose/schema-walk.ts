import { pointerSteps } from "../values/json-pointer.js";
import type { Entry, Node } from "./node-model.js";

/** A part of the Compose schema as data; empty where nothing is said. */
export type SchemaPart = Readonly<Record<string, unknown>>;

/** A place in a tree: the steps to it, its node, and the entry or list that it is the value of. */
export interface Spot {
  /** Keys and indices, as text. */
  readonly path: readonly string[];
  readonly node: Node;
  /** The entry that holds the node; undefined at the top and for items of lists. */
  readonly entry: Entry | undefined;
  /** What holds the node; undefined at the top. */
  readonly parent: Spot | undefined;
}

/** The place that a JSON pointer leads to; undefined when there is none. */
export function spotAt(root: Node, pointer: string): Spot | undefined {
  let spot: Spot = { path: [], node: root, entry: undefined, parent: undefined };
  for (const step of pointerSteps(pointer)) {
    const next = child(spot, step);
    if (next === undefined) return undefined;
    spot = next;
  }
  return spot;
}

function child(parent: Spot, step: string): Spot | undefined {
  const { node } = parent;
  const path = [...parent.path, step];
  if (node.kind === "mapping") {
    const entry = node.entries.get(step);
    return entry === undefined ? undefined : { path, node: entry.value, entry, parent };
  }
  const item = node.kind === "sequence" ? node.items[Number(step)] : undefined;
  return item === undefined ? undefined : { path, node: item, entry: undefined, parent };
}

/** What a schema says of the value at a path. */
export function schemaAt(root: SchemaPart, path: readonly string[]): SchemaPart {
  let part = root;
  for (const step of path) {
    const { properties, items, additionalProperties } = part;
    const own = isPart(properties) && Object.hasOwn(properties, step) ? properties[step] : undefined;
    part = followed(root, own ?? (/^\d+$/.test(step) ? (items ?? additionalProperties) : additionalProperties));
  }
  return part;
}

/** The keys that a mapping may have, as the schema lists them; undefined where every key is a name. */
export function keysOf({ properties }: SchemaPart): readonly string[] | undefined {
  return isPart(properties) ? Object.keys(properties) : undefined;
}

/** The kinds of values that a part of the schema takes. */
export function typesOf({ type }: SchemaPart): readonly string[] {
  return Array.isArray(type) ? type.map(String) : type === undefined ? [] : [String(type)];
}

function followed(root: SchemaPart, part: unknown): SchemaPart {
  if (!isPart(part)) return {};
  const reference = part["$ref"];
  if (typeof reference !== "string") return part;
  const definitions = root["$defs"];
  const found = isPart(definitions) ? definitions[reference.slice("#/$defs/".length)] : undefined;
  return isPart(found) ? found : {};
}

/** Whether a value is a mapping of the schema. */
export function isPart(value: unknown): value is SchemaPart {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
