import type { ComposeFile } from "../compose/model.js";
import type { YamlMapping, YamlNode, YamlScalar, YamlSequence } from "../compose/yaml-model.js";
import type { Edit, Range } from "../text/source.js";
import { entryOf, writtenServices } from "./written-compose.js";

/** How a block of `K=V` pairs is written. */
export type BlockForm = "mapping" | "list";

/** A block of `K=V` pairs of one service, as written. */
export interface WrittenBlock {
  readonly service: string;
  readonly keyRange: Range;
  readonly form: BlockForm;
  /** Holds a merge key, which a list cannot. */
  readonly isBound: boolean;
  readonly node: YamlMapping | YamlSequence;
}

/** The blocks of a file under one key of its services, in order; `args` are those of `build`. Empty ones are left out. */
export function blocksOf(file: ComposeFile, key: string): readonly WrittenBlock[] {
  const found: WrittenBlock[] = [];
  for (const { entry, mapping } of writtenServices(file)) {
    const build = key === "args" ? entryOf(mapping, "build")?.value : mapping;
    const block = build?.kind === "mapping" ? entryOf(build, key) : undefined;
    const node = block?.value;
    if (block === undefined || (node?.kind !== "mapping" && node?.kind !== "sequence")) continue;
    const form = node.kind === "mapping" ? "mapping" : "list";
    const isBound = node.kind === "mapping" && node.entries.some(({ isMerge }) => isMerge);
    if ((node.kind === "mapping" ? node.entries : node.items).length === 0) continue;
    found.push({ service: entry.key.text, keyRange: block.key.range, form, isBound, node });
  }
  return found;
}

/** Edits that write a block in the other form; undefined for flow style, anchors, and values that are no single line. */
export function convertBlock({ node, keyRange }: WrittenBlock): readonly Edit[] | undefined {
  if (node.style !== "block") return undefined;
  return node.kind === "mapping" ? toList(node) : toMapping(node, keyRange);
}

function toMapping({ items }: YamlSequence, keyRange: Range): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const item of items) {
    if (item.kind !== "scalar" || !isSimple(item)) return undefined;
    const { source, start, end } = item.range;
    const column = source.positionAt(start).column;
    const dash = source.text.lastIndexOf("-", start);
    const between = source.text.slice(dash + 1, start);
    // A mapping stands deeper than its key; a list may stand below it.
    if (between.trim() !== "" || column - (start - dash) <= source.positionAt(keyRange.start).column) return undefined;
    const at = item.text.indexOf("=");
    const name = at === -1 ? item.text : item.text.slice(0, at);
    if (!isPlainName(name)) return undefined;
    const text = at === -1 ? `${name}:` : `${name}: ${quotedText(item.text.slice(at + 1))}`;
    edits.push({ range: source.range(dash, end), text });
  }
  return edits;
}

function toList({ entries }: YamlMapping): readonly Edit[] | undefined {
  const edits: Edit[] = [];
  for (const { key, value, range, isMerge } of entries) {
    if (isMerge || value.kind !== "scalar" || !isSimple(value) || !isPlainName(key.text)) return undefined;
    const { source, start } = range;
    const isEmpty = value.type === "null";
    const text = isEmpty ? key.text : `${key.text}=${value.text}`;
    const end = isEmpty ? source.text.indexOf(":", key.range.end) + 1 : range.end;
    if (value.text.startsWith(" ") || (isEmpty && value.text !== "")) return undefined;
    edits.push({ range: source.range(start, end), text: `- ${needsQuotes(text) ? quotedText(text) : text}` });
  }
  return edits;
}

function isSimple(node: YamlNode): node is YamlScalar {
  if (node.kind !== "scalar" || node.anchor !== undefined || node.tag !== undefined) return false;
  return node.style !== "literal" && node.style !== "folded" && !/[\n\r]/.test(node.text);
}

/** Text in double quotes; a mapping value without them could be a number or a truth value. */
function quotedText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}

function needsQuotes(text: string): boolean {
  return text.includes(": ") || text.includes(" #") || text.endsWith(":") || text.endsWith(" ");
}

function isPlainName(name: string): boolean {
  return /^[A-Za-z_][\w.-]*$/.test(name) && !/^(?:y|n|yes|no|on|off|true|false|null)$/i.test(name);
}
