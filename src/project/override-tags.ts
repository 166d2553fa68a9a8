import type { ComposeFile, Variant } from "../compose/model.js";
import type { Node } from "../compose/node-model.js";
import { nodeAt } from "../compose/values-of-nodes.js";
import type { Tag, YamlNode } from "../compose/yaml-model.js";
import { writtenRoots } from "./written-compose.js";

/** `!reset` or `!override` as a file writes it. */
export interface OverrideTag {
  readonly tag: Tag;
  readonly path: readonly string[];
  readonly value: YamlNode;
  /** Stands in a list, where neither tag means anything. */
  readonly isInList: boolean;
}

/** The merge tags of a file, in order; a search in its text for nearly all files. */
export function overrideTags(file: ComposeFile): readonly OverrideTag[] {
  const { text } = file.source;
  if (!text.includes("!reset") && !text.includes("!override")) return [];
  const found: OverrideTag[] = [];
  for (const root of writtenRoots(file)) collect(root, [], false, found);
  return found;
}

function collect(node: YamlNode, path: readonly string[], isInList: boolean, found: OverrideTag[]): void {
  if (node.kind === "alias") return;
  const { tag } = node;
  if (tag?.name === "!reset" || tag?.name === "!override") found.push({ tag, path, value: node, isInList });
  if (node.kind === "mapping") {
    for (const { key, value } of node.entries) collect(value, [...path, key.text], isInList, found);
  } else if (node.kind === "sequence") for (const item of node.items) collect(item, path, true, found);
}

/** Whether a tag of a later file had something of an earlier one to act on. */
export function actsOnSomething({ tree }: Variant, { tag, path }: OverrideTag): boolean {
  const key = path.at(-1);
  const parent = nodeAt(tree, path.slice(0, -1));
  if (key === undefined || parent?.kind !== "mapping") return parent !== undefined;
  if (tag.name === "!reset") {
    const removal = parent.removals.get(key);
    // Another tag took its place, or the file is read in another way than is known here.
    return removal === undefined || !isSame(removal.range, tag.range) || removal.removed !== undefined;
  }
  const node: Node | undefined = parent.entries.get(key)?.value;
  return node?.tag === undefined || !isSame(node.tag.range, tag.range) || node.overridden !== undefined;
}

function isSame(a: Tag["range"], b: Tag["range"]): boolean {
  return a.source === b.source && a.start === b.start;
}
