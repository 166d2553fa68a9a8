import type { DirectoryEntry, DirectoryResult, FileKind, FileStat, FileSystem, ReadResult } from "./file-system.js";
import { baseName, parentPath } from "./path.js";

/** A folder is listed once this many questions about names in it were asked: listing a huge one for one name is dear. */
const PATIENCE = 2;

/**
 * Folders and names that are kept at most; then all are dropped, so that memory stays bounded. Enough for a search of ten
 * thousand folders and for judging them afterwards: with less, each is listed twice. They take about ten megabytes.
 */
const MOST_NAMES = 100_000;

/** Listings of up to this many names are looked through one by one, which is quicker than making a table of them. */
const FEW = 8;

/** Names that a file system may know under another spelling: other cases are looked up, these cannot be. */
const UNSURE_NAME = /[^!-}]|[. ]$/;

/** What is known of one folder. */
interface Folder {
  questions: number;
  listing: DirectoryResult | undefined;
  /** Made of the listing on first use, as {@link folded}: most folders of a search are only walked through. */
  kinds: ReadonlyMap<string, FileKind> | undefined;
  /** Names in lower case. */
  folded: ReadonlySet<string> | undefined;
  stats: Map<string, FileStat | undefined> | undefined;
  real: { readonly path: string | undefined } | undefined;
}

/**
 * Answers each question once and takes most answers from listings of folders: for a Dockerfile in a folder of its own
 * rules ask for some thirty names that are hardly ever there, and each question to the system costs more than a rule.
 * What changes below while it is used goes unseen, so that one run judges one state.
 */
export class CachedFileSystem implements FileSystem {
  readonly #base: FileSystem;
  #folders = new Map<string, Folder>();
  #names = 0;

  constructor(base: FileSystem) {
    this.#base = base;
  }

  lstat(path: string): FileStat | undefined {
    const folder = this.#folderOf(path);
    const name = baseName(path);
    if (folder.stats?.has(name) === true) return folder.stats.get(name);
    if (this.#isAbsent(path, name, folder)) return undefined;
    const found = this.#base.lstat(path);
    this.#keep(folder, name, found);
    return found;
  }

  stat(path: string): FileStat | undefined {
    const found = this.lstat(path);
    return found?.kind === "symlink" ? this.#base.stat(path) : found;
  }

  realPath(path: string): string | undefined {
    const parent = parentPath(path);
    if (parent === path) return this.#base.realPath(path);
    const name = baseName(path);
    const folder = this.#folderOf(path);
    if (this.#isAbsent(path, name, folder)) return undefined;
    const kind = kindIn(folder, name);
    if (kind === undefined || kind === "symlink") return this.#base.realPath(path);
    folder.real ??= { path: this.realPath(parent) };
    const above = folder.real.path;
    return above === undefined ? undefined : `${above === "/" ? "" : above}/${name}`;
  }

  readFile(path: string, limitBytes: number): ReadResult {
    if (this.#isAbsent(path, baseName(path), this.#folderOf(path))) return { kind: "problem", problem: "absent" };
    return this.#base.readFile(path, limitBytes);
  }

  readDirectory(path: string): DirectoryResult {
    const above = this.#folders.get(parentPath(path));
    if (above?.listing !== undefined && this.#isAbsent(path, baseName(path), above)) return NO_FOLDER;
    return this.#list(path, this.#folder(path));
  }

  /** Whether there is certainly nothing of that name, whatever the file system makes of cases. */
  #isAbsent(path: string, name: string, folder: Folder): boolean {
    const parent = parentPath(path);
    if (parent === path) return false;
    if (folder.listing === undefined) {
      if (this.#holdsNothing(parent)) return true;
      folder.questions += 1;
      if (folder.questions <= PATIENCE) return false;
    }
    const listing = this.#list(parent, folder);
    if (listing.kind === "problem") return listing.problem === "absent" || listing.problem === "not-a-directory";
    if (kindIn(folder, name) !== undefined || UNSURE_NAME.test(name)) return false;
    return !hasFolded(folder, listing.entries, name.toLowerCase());
  }

  /** Whether a folder is known to be none, from a listing of the one above that is there already. */
  #holdsNothing(path: string): boolean {
    const above = this.#folders.get(parentPath(path));
    if (above?.listing === undefined) return false;
    const name = baseName(path);
    const kind = kindIn(above, name);
    return kind === "file" || kind === "other" || this.#isAbsent(path, name, above);
  }

  #list(path: string, folder: Folder): DirectoryResult {
    if (folder.listing === undefined) {
      folder.listing = this.#base.readDirectory(path);
      if (folder.listing.kind === "entries") this.#names += folder.listing.entries.length;
    }
    return folder.listing;
  }

  #keep(folder: Folder, name: string, found: FileStat | undefined): void {
    folder.stats ??= new Map();
    folder.stats.set(name, found);
    this.#names += 1;
  }

  #folderOf(path: string): Folder {
    return this.#folder(parentPath(path));
  }

  #folder(path: string): Folder {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    if (this.#names > MOST_NAMES) {
      this.#folders = new Map();
      this.#names = 0;
    }
    this.#names += 1;
    const folder: Folder = {
      questions: 0,
      listing: undefined,
      kinds: undefined,
      folded: undefined,
      stats: undefined,
      real: undefined,
    };
    this.#folders.set(path, folder);
    return folder;
  }
}

/** Kind of a name in the listing of a folder; undefined when it is not in it, or there is no listing yet. */
function kindIn(folder: Folder, name: string): FileKind | undefined {
  if (folder.listing?.kind !== "entries") return undefined;
  const { entries } = folder.listing;
  if (entries.length <= FEW) {
    for (const entry of entries) if (entry.name === name) return entry.kind;
    return undefined;
  }
  folder.kinds ??= new Map(entries.map((entry) => [entry.name, entry.kind]));
  return folder.kinds.get(name);
}

/** Whether a listing holds a name in any case; `lower` is the name in lower case. */
function hasFolded(folder: Folder, entries: readonly DirectoryEntry[], lower: string): boolean {
  if (entries.length <= FEW) {
    for (const entry of entries) if (entry.name.toLowerCase() === lower) return true;
    return false;
  }
  folder.folded ??= new Set(entries.map((entry) => entry.name.toLowerCase()));
  return folder.folded.has(lower);
}

const NO_FOLDER: DirectoryResult = { kind: "problem", problem: "absent" };
