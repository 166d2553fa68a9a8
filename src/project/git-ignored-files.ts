import { escapePath } from "../context/coverage.js";
import { matcherOf } from "../context/ignore-file.js";
import { filterSuggestions } from "../context/suggestion.js";
import { baseName, extensionOf, foldersAbove, joinPath } from "../files/path.js";
import type { ContextView } from "./context-view.js";

/** Something that git ignores and a build takes: the file, or the highest folder of which git ignores all. */
export interface GitIgnoredEntry {
  /** Relative to the context. */
  readonly path: string;
  readonly isFolder: boolean;
  readonly sizeBytes: number;
  readonly files: number;
}

/** What of a context git ignores, its ignore file does not, and no COPY names. Walks the context. */
export interface GitIgnoredFiles {
  /** Largest first; of equals the first by name. */
  readonly entries: readonly GitIgnoredEntry[];
  readonly sizeBytes: number;
  readonly files: number;
  readonly isLowerBound: boolean;
  /** Lines that would leave all entries out and break no COPY; empty when there are none. */
  readonly lines: readonly string[];
}

/** Longer lists are not for an ignore file. */
const MOST_LINES = 12;

/**
 * Files that differ from machine to machine because git ignores them. What rows of the coverage table speak of is left out:
 * other rules name it.
 */
export function gitIgnoredFiles(view: ContextView): GitIgnoredFiles {
  const { context, reach, project } = view;
  const { walk } = context;
  const known = matcherOf(view.rows.flatMap(({ suggestions }) => suggestions));
  const isIgnoredFolder = new Map<string, boolean>();
  const entries = new Map<string, { isFolder: boolean; sizeBytes: number; files: number }>();
  for (const file of walk.files) {
    const { path } = file;
    if (file.isIgnored || known.ignores(path) || !reach.reaches(path)) continue;
    if (!project.isGitIgnored(joinPath(context.root, path))) continue;
    if (reach.named.some((source) => source.path === path || (source.isGlob && source.reaches(path)))) continue;
    const folder = foldersAbove(path)
      .toSorted((a, b) => a.length - b.length)
      .find((each) => isIgnored(each));
    // A folder that a COPY names is there on purpose, whatever git thinks of it.
    if (folder !== undefined && reach.named.some((source) => source.path === folder)) continue;
    const key = folder ?? path;
    const entry = entries.get(key) ?? { isFolder: folder !== undefined, sizeBytes: 0, files: 0 };
    entry.sizeBytes += walk.sizeBytes(file);
    entry.files += 1;
    entries.set(key, entry);
  }
  const list = [...entries].map(([path, entry]) => ({ path, ...entry }));
  list.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  return {
    entries: list,
    sizeBytes: list.reduce((sum, entry) => sum + entry.sizeBytes, 0),
    files: list.reduce((sum, entry) => sum + entry.files, 0),
    isLowerBound: walk.isLowerBound,
    lines: linesFor(list, view),
  };

  function isIgnored(folder: string): boolean {
    let known = isIgnoredFolder.get(folder);
    if (known === undefined) {
      // Of a folder of which git ignores all, it ignores any file, whatever its name.
      known = project.isGitIgnored(joinPath(context.root, `${folder}/${PROBE}`));
      isIgnoredFolder.set(folder, known);
    }
    return known;
  }
}

/** A name that no rule of git is written for. */
const PROBE = "plimsoll~probe";

function linesFor(entries: readonly GitIgnoredEntry[], view: ContextView): readonly string[] {
  const lines = [...new Set(entries.map((entry) => lineFor(entry, view)))];
  if (lines.length > MOST_LINES) return [];
  const kept = filterSuggestions(lines, view.sharedReach);
  const matcher = matcherOf(kept);
  return entries.every(({ path }) => matcher.ignores(path)) ? kept : [];
}

/** By its ending or name in every folder where git ignores these everywhere, else by its path. */
function lineFor({ path, isFolder }: GitIgnoredEntry, { context, project }: ContextView): string {
  const isIgnored = (probe: string) => project.isGitIgnored(joinPath(context.root, probe));
  const name = baseName(path);
  const ending = extensionOf(name);
  if (!isFolder && ending !== "" && isIgnored(`${PROBE}/${PROBE}${ending}`)) return `**/*${escapePath(ending)}`;
  if (isIgnored(isFolder ? `${PROBE}/${name}/${PROBE}` : `${PROBE}/${name}`)) return `**/${escapePath(name)}`;
  return escapePath(path);
}
