import type { FileKind, FileSystem } from "../files/file-system.js";
import { baseName, joinPath, parentPath } from "../files/path.js";
import { compileGlob } from "../values/glob.js";
import { matcherOf } from "./ignore-file.js";
import type { IgnoreMatcher } from "./ignore-matcher.js";

/** A name seen near the top of a context. */
export interface ScannedEntry {
  /** Relative to the context. */
  readonly path: string;
  readonly kind: FileKind;
}

/** Folders deeper than this hold nothing that decides about a whole context. */
const MOST_LEVELS = 4;

/** Names seen in all. */
const MOST_ENTRIES = 5000;

/** Folders that are themselves what is looked for, and large: seen, not entered. */
const NOT_ENTERED: ReadonlySet<string> = new Set([
  ".git",
  ".svn",
  ".hg",
  "node_modules",
  ".venv",
  "venv",
  "__pycache__",
  ".gradle",
  ".next",
  ".nuxt",
  ".terraform",
  ".tox",
  ".nox",
  "cache",
  "target",
  "vendor",
]);

/**
 * A shallow look at a context, folder by folder from the top, for what tells which rows of the coverage table apply.
 * Ignored folders are not entered when nothing below them can be sent.
 */
export class EvidenceScan {
  readonly entries: readonly ScannedEntry[];

  constructor(fs: FileSystem, root: string, matcher: IgnoreMatcher | undefined) {
    this.entries = scan(fs, root, matcher);
  }

  /** Files whose last part matches one of the names (`path.Match`). */
  filesNamed(names: readonly string[]): readonly ScannedEntry[] {
    const globs = names.flatMap((name) => {
      const compiled = compileGlob(name);
      return compiled.kind === "glob" ? [compiled.pattern] : [];
    });
    return this.entries.filter(({ path, kind }) => {
      if (kind === "directory") return false;
      const name = baseName(path);
      return globs.some((glob) => glob.matches(name));
    });
  }

  /** Names that a line of an ignore file matches themselves, not what lies below them. */
  matchedBy(line: string): readonly ScannedEntry[] {
    const [pattern] = matcherOf([line]).patterns;
    return pattern === undefined ? [] : this.entries.filter(({ path }) => pattern.matches(path));
  }
}

/** The folders of some files, without doubles, in order; the context itself is the empty text. */
export function foldersOf(entries: readonly ScannedEntry[]): string[] {
  const folders = entries.map(({ path }) => parentPath(path)).map((folder) => (folder === "." ? "" : folder));
  return [...new Set(folders)];
}

function scan(fs: FileSystem, root: string, matcher: IgnoreMatcher | undefined): ScannedEntry[] {
  const found: ScannedEntry[] = [];
  let level = [""];
  for (let depth = 0; depth <= MOST_LEVELS && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const folder of level) {
      const listing = fs.readDirectory(folder === "" ? root : joinPath(root, folder));
      if (listing.kind === "problem") continue;
      for (const { name, kind } of listing.entries) {
        if (found.length >= MOST_ENTRIES) return found;
        const path = folder === "" ? name : `${folder}/${name}`;
        found.push({ path, kind });
        if (kind === "directory" && isEntered(name, path, matcher)) next.push(path);
      }
    }
    level = next;
  }
  return found;
}

function isEntered(name: string, path: string, matcher: IgnoreMatcher | undefined): boolean {
  if (NOT_ENTERED.has(name)) return false;
  return matcher === undefined || !matcher.ignores(path) || matcher.mayReincludeBelow(path);
}
