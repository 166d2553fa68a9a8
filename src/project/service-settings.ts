import type { Service } from "../compose/model.js";
import type { Entry, MappingNode } from "../compose/node-model.js";
import type { Remark } from "../text/remark.js";
import type { Edit, Range } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";
import { isLoosePatch } from "./loose-files.js";
import { writtenServices } from "./written-compose.js";
import { isInBlockMapping, keysAfter } from "./yaml-insertion.js";
import { holdsAnchor } from "./yaml-removal.js";

/**
 * Whether what a service lacks can be held against it: it has a container of its own, nothing of what makes it up is
 * unread, and its variant is the one that is started, and no mere patch.
 */
export function isJudgedForAbsence({ variant, isIncomplete, hasProvider, node }: Service): boolean {
  if (!variant.isReference || isIncomplete || hasProvider) return false;
  return (node.entries.has("image") || node.entries.has("build")) && !isLoosePatch(variant);
}

/** Whether anything is written under a key of a service; an empty value counts as nothing. */
export function isWritten({ node }: Service, key: string): boolean {
  const value = node.entries.get(key)?.value;
  return value !== undefined && !(value.kind === "scalar" && value.type === "null" && value.uses.length === 0);
}

/** Where to report that a key lacks something: the key; without one the name of the service, and who took the key away. */
export function placeOfAbsence(
  service: Service,
  key: string,
): { readonly range: Range; readonly related: readonly Remark[] } {
  const entry = service.node.entries.get(key);
  if (entry !== undefined) return { range: entry.keyRange, related: [] };
  const removal = service.removalOf(key);
  const related = removal === undefined ? [] : [{ range: removal.range, message: `\`${key}\` is removed here` }];
  return { range: service.keyRange, related };
}

/**
 * Adds keys to a service: behind its image, or another key with a plain value, or else behind its first block.
 *
 * @param lines the keys with their values, without the indentation of the service
 * @returns undefined where there is no such key in the place that introduces the service
 */
export function addSettings({ node, keyRange }: Service, lines: readonly string[]): Edit | undefined {
  const image = node.entries.get("image");
  for (const entry of image === undefined ? node.entries.values() : [image, ...node.entries.values()]) {
    if (!isOwn(entry, keyRange) || entry.value.kind !== "scalar") continue;
    const edit = keysAfter(node, entry.keyRange, entry.value.range, lines);
    if (edit !== undefined) return edit;
  }
  for (const entry of node.entries.values()) {
    if (!isOwn(entry, keyRange)) continue;
    const edit = keysAfter(node, entry.keyRange, entry.value.range, lines);
    if (edit !== undefined) return edit;
  }
  return undefined;
}

/** Whether an entry is written in the very file of a range, behind it, and not brought by an alias, merge or `extends`. */
function isOwn({ keyRange, value: { via, range } }: Entry, { source, start }: Range): boolean {
  return (
    via.every(({ kind }) => kind === "variable") &&
    keyRange.source === source &&
    range.source === source &&
    keyRange.start > start
  );
}

/**
 * Takes a key with its value out of a block mapping.
 *
 * @returns undefined in a flow mapping, for the only key that is written there, for what holds an anchor, where another
 *   file wrote the value, and where another value may come to light
 */
export function keyRemoval(service: Service, key: string): Edit | undefined {
  const { node } = service;
  const entry = node.entries.get(key);
  if (entry === undefined || !isOwn(entry, service.keyRange)) return undefined;
  const { keyRange, value } = entry;
  if (value.overridden !== undefined || mergesOthers(service)) return undefined;
  if (!isInBlockMapping(node, keyRange) || !hasNeighbour(node, entry)) return undefined;
  const { source } = keyRange;
  const lines = wholeLines(source.range(keyRange.start, value.range.end));
  const before = source.text.slice(lines.start, keyRange.start);
  const after = source.text.slice(value.range.end, lines.end).trim();
  const isAlone = before.trim() === "" && (after === "" || after.startsWith("#"));
  return isAlone && !holdsAnchor(lines) ? { range: lines, text: "" } : undefined;
}

/** Whether a service has a merge key where it is introduced: what that brings may stand behind a key that is taken away. */
function mergesOthers({ variant, keyRange }: Service): boolean {
  const file = variant.files.find(({ source }) => source === keyRange.source);
  if (file === undefined) return true;
  for (const { entry, mapping } of writtenServices(file)) {
    if (entry.key.range.start === keyRange.start) return mapping.entries.some(({ isMerge }) => isMerge);
  }
  return true;
}

/** Whether another key is written in the same mapping; what overrides, merges and aliases bring does not count. */
function hasNeighbour({ entries, range }: MappingNode, entry: Entry): boolean {
  for (const other of entries.values()) {
    const { source, start } = other.keyRange;
    if (other !== entry && source === range.source && start >= range.start && start < range.end) return true;
  }
  return false;
}
