import type { FileKind, FileSystem } from "../files/file-system.js";
import { joinPath } from "../files/path.js";
import type { FolderMatches, IgnoreMatcher, IgnoreVerdict } from "./ignore-matcher.js";
import type { CompiledPattern } from "./ignore-pattern.js";

/** Something in a context that is no folder. */
export interface WalkedFile {
  /** Relative to the context, with `/`. */
  readonly path: string;
  /** Links are not followed. */
  readonly kind: Exclude<FileKind, "directory">;
  readonly isIgnored: boolean;
  /** 0-based place of the deciding pattern in the matcher; undefined when none matched. */
  readonly decidedBy: number | undefined;
}

/** Why a walk ended before it had seen everything. */
export type WalkLimit = "entries" | "levels" | "work";

/** Bounds of a walk. */
export interface WalkLimits {
  /** Names seen, files and folders. */
  readonly entries: number;
  /** Folders inside each other. */
  readonly levels: number;
  /** Comparisons that patterns may cost; guards against patterns made to be slow. */
  readonly work: number;
}

/** Enough for every context that is not itself the problem: 50,000 names, 64 levels. */
export const DEFAULT_WALK_LIMITS: WalkLimits = { entries: 50_000, levels: 64, work: 200_000_000 };

/** What a walk is to do. */
export interface WalkOptions {
  readonly fs: FileSystem;
  /** Absolute path of the context. */
  readonly root: string;
  /** Decides what is ignored; nothing is when absent. */
  readonly matcher?: IgnoreMatcher<CompiledPattern> | undefined;
  /** Do not enter ignored folders below which nothing can be sent; what they hold is then not listed. */
  readonly isPruned: boolean;
  readonly limits?: WalkLimits;
}

/**
 * The files of a context in UTF-16 order of their names, folder by folder. Folders that are links are not entered.
 * With a limit hit or something unreadable, whatever is counted is a lower bound.
 */
export class ContextWalk {
  readonly root: string;
  readonly files: readonly WalkedFile[];
  /** Relative paths of the folders entered, the context itself left out. */
  readonly folders: readonly string[];
  /** Folders and files that could not be looked at; relative. */
  readonly unreadable: readonly string[];
  /** The first limit that was hit, and the relative path where; undefined when none was. */
  readonly limit: { readonly kind: WalkLimit; readonly path: string } | undefined;
  readonly #fs: FileSystem;
  readonly #sizes = new Map<string, number>();
  #isSizeMissing = false;

  constructor(options: WalkOptions, found: Found) {
    this.root = options.root;
    this.#fs = options.fs;
    this.files = found.files;
    this.folders = found.folders;
    this.unreadable = found.unreadable;
    this.limit = found.limit;
  }

  /** Whether counts and sizes are lower bounds only. Sizes that could not be read count from when they were asked for. */
  get isLowerBound(): boolean {
    return this.limit !== undefined || this.unreadable.length > 0 || this.#isSizeMissing;
  }

  /** Logical size of a regular file; 0 for links and for what cannot be looked at. Asked of the disk once. */
  sizeBytes(file: WalkedFile): number {
    if (file.kind !== "file") return 0;
    const known = this.#sizes.get(file.path);
    if (known !== undefined) return known;
    const facts = this.#fs.lstat(joinPath(this.root, file.path));
    if (facts === undefined) this.#isSizeMissing = true;
    const size = facts?.kind === "file" ? facts.sizeBytes : 0;
    this.#sizes.set(file.path, size);
    return size;
  }
}

interface Found {
  readonly files: WalkedFile[];
  readonly folders: string[];
  readonly unreadable: string[];
  limit: { readonly kind: WalkLimit; readonly path: string } | undefined;
  entries: number;
}

/** Lists a context. Never throws; ends at its limits. */
export function walkContext(options: WalkOptions): ContextWalk {
  const found: Found = { files: [], folders: [], unreadable: [], limit: undefined, entries: 0 };
  const walker = new Walker(options, found);
  walker.folder("", undefined, 0);
  return new ContextWalk(options, found);
}

class Walker {
  readonly #options: WalkOptions;
  readonly #limits: WalkLimits;
  readonly #found: Found;
  readonly #indexes: ReadonlyMap<CompiledPattern, number>;
  readonly #stepsBefore: number;

  constructor(options: WalkOptions, found: Found) {
    this.#options = options;
    this.#limits = options.limits ?? DEFAULT_WALK_LIMITS;
    this.#found = found;
    this.#indexes = new Map((options.matcher?.patterns ?? []).map((pattern, index) => [pattern, index]));
    this.#stepsBefore = options.matcher?.steps ?? 0;
  }

  /** Recursion is bounded by the limit on levels. */
  folder(path: string, matches: FolderMatches | undefined, level: number): void {
    const { fs, root } = this.#options;
    const listing = fs.readDirectory(path === "" ? root : joinPath(root, path));
    if (listing.kind === "problem") {
      this.#found.unreadable.push(path === "" ? "." : path);
      return;
    }
    for (const entry of listing.entries) {
      const child = path === "" ? entry.name : `${path}/${entry.name}`;
      if (!this.#takes(child)) return;
      const verdict = this.#judge(matches, child);
      if (entry.kind === "directory") this.#enter(child, verdict, matches, level);
      else this.#add(child, entry.kind, verdict);
    }
  }

  #enter(path: string, { isIgnored }: IgnoreVerdict, parent: FolderMatches | undefined, level: number): void {
    const { matcher, isPruned } = this.#options;
    if (isPruned && isIgnored && matcher?.mayReincludeBelow(path) === false) return;
    if (level + 1 >= this.#limits.levels) {
      this.#found.limit ??= { kind: "levels", path };
      return;
    }
    this.#found.folders.push(path);
    this.folder(path, matcher?.enter(path, parent), level + 1);
  }

  #add(path: string, kind: WalkedFile["kind"], { isIgnored, pattern }: IgnoreVerdict): void {
    const decidedBy = pattern === undefined ? undefined : this.#indexes.get(pattern);
    this.#found.files.push({ path, kind, isIgnored, decidedBy });
  }

  #judge(parent: FolderMatches | undefined, path: string): IgnoreVerdict {
    const { matcher } = this.#options;
    if (matcher === undefined) return { isIgnored: false, pattern: undefined };
    return matcher.verdictIn(parent, path);
  }

  /** Counts one more name; false when the walk must end. */
  #takes(path: string): boolean {
    const found = this.#found;
    if (found.limit !== undefined && found.limit.kind !== "levels") return false;
    found.entries += 1;
    if (found.entries > this.#limits.entries) {
      found.limit = { kind: "entries", path };
      return false;
    }
    if ((this.#options.matcher?.steps ?? 0) - this.#stepsBefore <= this.#limits.work) return true;
    found.limit = { kind: "work", path };
    return false;
  }
}
