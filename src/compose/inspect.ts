import type { Variant } from "./model.js";
import type { Hop, Node } from "./node-model.js";

/** Where something is written, as people count: lines and columns are 1-based. */
export interface InspectedPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One node of the merged model with the place where it was written. Values that need unknown variables are as written. */
export type InspectedNode = InspectedPlace & {
  readonly via?: readonly (InspectedPlace & { readonly kind: Hop["kind"]; readonly name: string })[];
} & (
    | { readonly value: string | boolean | null; readonly certainty?: string }
    | { readonly entries: { readonly [key: string]: InspectedNode } }
    | { readonly items: readonly InspectedNode[] }
  );

/** One variant as `inspect --format json` shows it. */
export interface InspectedVariant {
  readonly files: readonly string[];
  readonly role: string;
  readonly reference: boolean;
  readonly model: InspectedNode;
}

/** The merged model of a variant as plain data. Text of env files is never part of it: the expression stands instead. */
export function inspectVariant(variant: Variant): InspectedVariant {
  return {
    files: variant.files.map(({ source }) => source.path),
    role: variant.role.name,
    reference: variant.isReference,
    model: inspectNode(variant.tree),
  };
}

function inspectNode(node: Node): InspectedNode {
  const place = placeOf(node);
  switch (node.kind) {
    case "scalar": {
      const { certainty, text } = node;
      const isPlain = certainty === "known" && !node.isSecret && node.uses.length === 0;
      const value = isPlain ? plainValue(node.type, text) : text;
      return certainty === "known" ? { ...place, value } : { ...place, value, certainty };
    }
    case "sequence":
      return { ...place, items: node.items.map(inspectNode) };
    case "mapping":
      // Keys come from files, so the object is made from entries: `__proto__` is a key like any other.
      return {
        ...place,
        entries: Object.fromEntries([...node.entries].map(([key, entry]) => [key, inspectNode(entry.value)])),
      };
  }
}

function plainValue(type: string, text: string): string | boolean | null {
  if (type === "null") return null;
  return type === "boolean" ? text.toLowerCase() === "true" : text;
}

function placeOf(node: Node) {
  const { source, start } = node.range;
  const place: InspectedPlace = { file: source.path, ...source.positionAt(start) };
  if (node.via.length === 0) return place;
  const via = node.via.map(({ kind, name, range }) => {
    return { kind, name, file: range.source.path, ...range.source.positionAt(range.start) };
  });
  return { ...place, via };
}
