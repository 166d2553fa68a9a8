import { encode } from "./decode.js";
import type { DirectoryEntry, DirectoryResult, FileStat, FileSystem, ReadResult } from "./file-system.js";
import { baseName, isWithin, parentPath } from "./path.js";

/**
 * Unsaved texts laid over another file system, as an editor holds them. A buffer stands for the file that its path
 * leads to, so it is also seen through links.
 */
export class OverlayFileSystem implements FileSystem {
  readonly #base: FileSystem;
  readonly #buffers = new Map<string, Uint8Array>();

  constructor(base: FileSystem) {
    this.#base = base;
  }

  /** Opens or replaces a buffer. @param path absolute, normalised; the file need not exist */
  set(path: string, text: string): void {
    this.#buffers.set(this.#key(path), encode(text));
  }

  /** Closes a buffer: the file below is seen again. */
  delete(path: string): void {
    this.#buffers.delete(this.#key(path));
  }

  lstat(path: string): FileStat | undefined {
    const below = this.#base.lstat(path);
    if (this.#buffers.size === 0 || below?.kind === "symlink") return below;
    const buffer = this.#find(path);
    if (buffer !== undefined) return { kind: "file", sizeBytes: buffer.length, mode: below?.mode ?? 0o644 };
    return below ?? this.#impliedFolder(path);
  }

  stat(path: string): FileStat | undefined {
    const buffer = this.#find(path);
    const below = this.#base.stat(path);
    if (buffer !== undefined) return { kind: "file", sizeBytes: buffer.length, mode: below?.mode ?? 0o644 };
    return below ?? this.#impliedFolder(path);
  }

  realPath(path: string): string | undefined {
    const below = this.#base.realPath(path);
    if (below !== undefined || this.#buffers.size === 0) return below;
    const key = this.#key(path);
    return this.#buffers.has(key) || this.#impliedFolder(key) !== undefined ? key : undefined;
  }

  readFile(path: string, limitBytes: number): ReadResult {
    const buffer = this.#find(path);
    if (buffer === undefined) return this.#base.readFile(path, limitBytes);
    if (buffer.length > limitBytes) return { kind: "problem", problem: "too-large" };
    return { kind: "bytes", bytes: buffer };
  }

  readDirectory(path: string): DirectoryResult {
    const below = this.#base.readDirectory(path);
    if (this.#buffers.size === 0) return below;
    const added = this.#entriesIn(this.#key(path));
    if (added.length === 0) return below;
    if (below.kind === "problem" && below.problem !== "absent") return below;
    const entries = new Map(added.map((entry) => [entry.name, entry]));
    // What exists keeps its kind: a link stays a link although a buffer is open on it.
    if (below.kind === "entries") for (const entry of below.entries) entries.set(entry.name, entry);
    const sorted = [...entries.values()].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
    return { kind: "entries", entries: sorted };
  }

  #find(path: string): Uint8Array | undefined {
    if (this.#buffers.size === 0) return undefined;
    return this.#buffers.get(path) ?? this.#buffers.get(this.#key(path));
  }

  /** The real path; for files that do not exist yet, the real path of the nearest folder that does, and the rest. */
  #key(path: string): string {
    const real = this.#base.realPath(path);
    if (real !== undefined) return real;
    const folder = parentPath(path);
    if (folder === path) return path;
    const parent = this.#key(folder);
    return parent.endsWith("/") ? parent + baseName(path) : `${parent}/${baseName(path)}`;
  }

  #entriesIn(folder: string): DirectoryEntry[] {
    const entries = new Map<string, DirectoryEntry>();
    for (const path of this.#buffers.keys()) {
      if (path === folder || !isWithin(folder, path)) continue;
      const [name = "", ...rest] = path.slice(folder.endsWith("/") ? folder.length : folder.length + 1).split("/");
      entries.set(name, { name, kind: rest.length === 0 ? "file" : "directory" });
    }
    return [...entries.values()];
  }

  /** A folder that exists only because a buffer lies below it. */
  #impliedFolder(path: string): FileStat | undefined {
    if (this.#buffers.size === 0) return undefined;
    return this.#entriesIn(path).length === 0 ? undefined : { kind: "directory", sizeBytes: 0, mode: 0o755 };
  }
}
