import type { Range } from "../text/source.js";
import type { RunView } from "./model.js";

/** An item that stands below one that sorts after it, and the items of its group in their order. */
export interface UnsortedItem {
  readonly range: Range;
  /** As written. */
  readonly text: string;
  /** The item above it that sorts after it, as written. */
  readonly after: string;
  /** All items of the group, as they stand. */
  readonly group: readonly SortedItem[];
}

/** An item with what it is sorted by. */
export interface SortedItem {
  readonly range: Range;
  readonly text: string;
  readonly key: string;
}

/** Options by which the order of what is installed may matter. */
const SOURCES = ["--extra-index-url", "--index-url", "-i", "--registry", "--find-links", "-f"];

/**
 * The first package of each list that is out of order: lists with a line for each package. Comments, variables and lines
 * with anything else part a list.
 *
 * @param tools managers whose lists are looked at; empty for all
 */
export function* unsortedPackages(run: RunView, tools: readonly string[]): Iterable<UnsortedItem> {
  for (const { action, manager, packages, options } of run.packages) {
    if (action !== "install" || packages.length < 2) continue;
    if (tools.length > 0 && !tools.includes(manager)) continue;
    if ((manager === "pip" || manager === "npm") && options.has(...SOURCES)) continue;
    let group: SortedItem[] = [];
    for (const { kind, name, range, version } of packages) {
      const item =
        kind === "name" && isAlone(range) && name !== undefined
          ? { range, text: range.source.slice(range), key: name.toLowerCase() }
          : undefined;
      const before = group.at(-1)?.range;
      const isNext = item === undefined || before === undefined || follows(before, range);
      if (item === undefined || !isNext) {
        yield* firstUnsorted(group);
        group = [];
      }
      // A version that nobody knows is part of a word that a variable brings.
      if (item !== undefined && (version === undefined || version.value !== undefined)) group.push(item);
    }
    yield* firstUnsorted(group);
  }
}

/** The first item of a group that sorts before the one above it. */
export function* firstUnsorted(group: readonly SortedItem[], compare = byKey): Iterable<UnsortedItem> {
  for (const [index, item] of group.entries()) {
    const before = group[index - 1];
    if (before === undefined || compare(before, item) <= 0) continue;
    yield { range: item.range, text: item.text, after: before.text, group };
    return;
  }
}

/** By key, in code units. */
export function byKey(a: SortedItem, b: SortedItem): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** Whether a package has a line for itself, but for what continues the line or ends the command. */
function isAlone({ source, start, end }: Range): boolean {
  const line = source.lineSpan(source.positionAt(start).line);
  if (line === undefined || end > line.end) return false;
  const before = source.text.slice(line.start, start).trim();
  const after = source.text
    .slice(end, line.end)
    .replace(/[\\`]\s*$/, "")
    .trim();
  return before === "" && (after === "" || after === "&&" || after === ";" || after === "||");
}

function follows(above: Range, below: Range): boolean {
  const { source } = above;
  return below.source === source && source.positionAt(below.start).line === source.positionAt(above.start).line + 1;
}
