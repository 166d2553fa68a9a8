import type { Node, ScalarNode } from "./node-model.js";
import { booleanOf, numberOf } from "./scalar-type.js";

/** Stands for a date, which Compose has no use for anywhere: no kind of JSON Schema. */
const DATE = Symbol("date");

/** A validator compares each item of a list with each other one, and copies what it found once for each entry. */
const MOST_ITEMS = 2000;

/** As {@link MOST_ITEMS}; no mapping whose keys are fixed has nearly as many. */
const MOST_ENTRIES = 5000;

/**
 * A tree as JSON has it, for a schema validator. What `!reset` takes away is left out, and so is `x-…` at the top.
 * Of lists and mappings of thousands the rest is left out.
 */
export function plainData(root: Node): unknown {
  if (root.kind !== "mapping") return plain(root);
  const data = emptyRecord();
  for (const [key, { value }] of root.entries) {
    if (!key.startsWith("x-") && !isReset(value)) data[key] = plain(value);
  }
  return data;
}

/** Whether a value is there only to take away what an earlier file says. */
export function isReset({ tag }: Node): boolean {
  return tag?.name === "!reset";
}

function plain(node: Node): unknown {
  switch (node.kind) {
    case "scalar":
      return scalar(node);
    case "sequence":
      return (node.items.length > MOST_ITEMS ? node.items.slice(0, MOST_ITEMS) : node.items).map(plain);
    case "mapping": {
      const data = emptyRecord();
      let left = MOST_ENTRIES;
      for (const [key, { value }] of node.entries) {
        if (left === 0) break;
        left -= 1;
        if (!isReset(value)) data[key] = plain(value);
      }
      return data;
    }
  }
}

/** A record without inherited names: `__proto__` is a key like others. */
function emptyRecord(): Record<string, unknown> {
  const record: Record<string, unknown> = Object.create(null);
  return record;
}

function scalar({ type, resolved }: ScalarNode): unknown {
  switch (type) {
    case "text":
      return resolved;
    case "null":
      return null;
    case "boolean":
      return booleanOf(resolved);
    case "integer":
    case "float":
      return numberOf(resolved);
    case "timestamp":
      return DATE;
  }
}
