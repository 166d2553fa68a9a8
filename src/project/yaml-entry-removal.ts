import type { YamlEntry, YamlMapping } from "../compose/yaml-model.js";
import type { Edit } from "../text/source.js";
import { wholeLines } from "../text/whole-lines.js";
import { holdsAnchor } from "./yaml-removal.js";

/**
 * Takes one key with its value out of a block mapping, whole lines at once. A comment behind a value of one line stays.
 *
 * @param below also take an empty line that follows
 * @returns undefined where the key is the only one, shares its lines with something else, or is needed elsewhere
 */
export function entryRemoval(mapping: YamlMapping, entry: YamlEntry, below = false): Edit | undefined {
  const { key, value } = entry;
  if (mapping.style !== "block" || mapping.entries.length === 1) return undefined;
  if (value.kind !== "alias" && value.anchor !== undefined) return undefined;
  const { source } = key.range;
  const { text } = source;
  const lines = wholeLines(entry.range);
  if (holdsAnchor(lines)) return undefined;
  if (text.slice(lines.start, key.range.start).trim() !== "") return undefined;
  const rest = text.slice(entry.range.end, lines.end);
  const behind = (rest.startsWith(":") ? rest.slice(1) : rest).trim();
  if (behind.startsWith("#"))
    return { range: source.range(key.range.start, text.indexOf("#", entry.range.end)), text: "" };
  if (behind !== "") return undefined;
  const next = below ? emptyLineEnd(text, lines.end) : lines.end;
  return { range: source.range(lines.start, next), text: "" };
}

/** Where the empty line that begins at an offset ends; the offset itself when that line is not empty. */
function emptyLineEnd(text: string, start: number): number {
  let at = start;
  while (text[at] === " " || text[at] === "\t" || text[at] === "\r") at += 1;
  return text[at] === "\n" ? at + 1 : start;
}
