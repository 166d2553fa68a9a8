import type { FileKind, FileSystem } from "../files/file-system.js";
import { baseName, joinPath, parentPath } from "../files/path.js";
import { hasGlobMeta } from "../values/glob.js";
import { tableMatcher } from "./ignore-file.js";
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
  readonly #byPath = new Map<string, ScannedEntry>();
  readonly #byName = new Map<string, ScannedEntry[]>();

  constructor(fs: FileSystem, root: string, matcher: IgnoreMatcher | undefined) {
    this.entries = scan(fs, root, matcher);
    for (const entry of this.entries) {
      this.#byPath.set(entry.path, entry);
      const name = baseName(entry.path);
      const same = this.#byName.get(name);
      if (same === undefined) this.#byName.set(name, [entry]);
      else same.push(entry);
    }
  }

  /** Files whose last part matches one of the names (`path.Match`). */
  filesNamed(names: readonly string[]): readonly ScannedEntry[] {
    const plain = names.filter((name) => !hasGlobMeta(name));
    const globs = names.filter(hasGlobMeta).flatMap((name) => tableMatcher(name).patterns);
    if (globs.length === 0) return this.#named(plain);
    return this.entries.filter((entry) => {
      if (!isNoFolder(entry)) return false;
      const name = baseName(entry.path);
      return plain.includes(name) || globs.some((glob) => glob.matches(name));
    });
  }

  /** Files of some names, in the order of the scan. */
  #named(names: readonly string[]): readonly ScannedEntry[] {
    const found = names.flatMap((name) => this.#byName.get(name) ?? []).filter(isNoFolder);
    if (found.length < 2 || names.length < 2) return found;
    const wanted = new Set(found);
    return this.entries.filter((entry) => wanted.has(entry));
  }

  /** Names that a line of an ignore file matches themselves, not what lies below them. */
  matchedBy(line: string): readonly ScannedEntry[] {
    const [pattern] = tableMatcher(line).patterns;
    if (pattern === undefined) return [];
    const { form, cleaned } = pattern;
    if (form === "exact") {
      const entry = this.#byPath.get(cleaned);
      return entry === undefined ? [] : [entry];
    }
    const name = cleaned.startsWith("**/") ? cleaned.slice(3) : "";
    if (name !== "" && !name.includes("/") && !hasGlobMeta(name)) return this.#byName.get(name) ?? [];
    return this.entries.filter(({ path }) => pattern.matches(path));
  }
}

function isNoFolder({ kind }: ScannedEntry): boolean {
  return kind !== "directory";
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
