import type { ComposeFile } from "../compose/model.js";
import type { Edit } from "../text/source.js";
import { entryOf, writtenRoots } from "./written-compose.js";

/**
 * Declares names in a section of the top level, each without a value: in front of those that are there, or in a new
 * section at the end of the file.
 *
 * @returns undefined where lines cannot be inserted
 */
export function declaration(file: ComposeFile, section: string, names: readonly string[]): Edit | undefined {
  const [root, ...more] = writtenRoots(file);
  if (root === undefined || root.style !== "block" || more.length > 0) return undefined;
  const { source } = file;
  const { text } = source;
  const entry = entryOf(root, section);
  if (entry === undefined) {
    if (source.positionAt(root.range.start).column !== 1) return undefined;
    const lineBreak = text.endsWith("\n") ? "" : "\n";
    const lines = names.map((name) => `  ${name}:\n`).join("");
    return { range: source.range(text.length, text.length), text: `${lineBreak}\n${section}:\n${lines}` };
  }
  if (entry.value.kind !== "mapping" || entry.value.style !== "block") return undefined;
  const first = entry.value.entries[0]?.key.range;
  if (first === undefined) return undefined;
  const start = source.lineStarts[source.positionAt(first.start).line - 1] ?? first.start;
  const indent = text.slice(start, first.start);
  if (indent.trim() !== "") return undefined;
  return { range: source.range(start, start), text: names.map((name) => `${indent}${name}:\n`).join("") };
}
