/** What a path names, without following a symbolic link. */
export type FileKind = "file" | "directory" | "symlink" | "other";

/** Facts about a path. `sizeBytes` is the logical size; `mode` the permission bits (0 where a port has none). */
export interface FileStat {
  readonly kind: FileKind;
  readonly sizeBytes: number;
  readonly mode: number;
}

/** One name in a folder. `kind` does not follow symbolic links. */
export interface DirectoryEntry {
  readonly name: string;
  readonly kind: FileKind;
}

/** Why a file or folder cannot be read. */
export type FileProblem = "absent" | "denied" | "not-a-file" | "not-a-directory" | "too-large" | "failed";

/** Bytes of a file, or why there are none. */
export type ReadResult =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "problem"; readonly problem: FileProblem };

/** Entries of a folder in UTF-16 order of their names, or why there are none. */
export type DirectoryResult =
  | { readonly kind: "entries"; readonly entries: readonly DirectoryEntry[] }
  | { readonly kind: "problem"; readonly problem: FileProblem };

/**
 * The only way to files for everything below `cli/` and `lsp/`. Paths are absolute, with `/`, normalised (no `.`, `..`,
 * doubled or trailing slash; the root is `/`). No method throws for what a file system can answer.
 */
export interface FileSystem {
  /** Facts about the path itself (a symbolic link is a link); undefined when there is nothing or it cannot be seen. */
  lstat(path: string): FileStat | undefined;
  /** Facts about what the path leads to; undefined when that does not exist, or a link leads in a circle. */
  stat(path: string): FileStat | undefined;
  /** The path with every symbolic link resolved; undefined when it does not exist. */
  realPath(path: string): string | undefined;
  /** At most `limitBytes` bytes are read: a larger file is `too-large`. Pipes, sockets and devices are `not-a-file`. */
  readFile(path: string, limitBytes: number): ReadResult;
  readDirectory(path: string): DirectoryResult;
}

/** A file system that fixes may write to. */
export interface WritableFileSystem extends FileSystem {
  /**
   * Replaces or creates a file as a whole: readers see the old or the new bytes, never a mixture. Keeps the mode of an
   * existing file. Writes through a symbolic link to the file that it names.
   *
   * @throws Error when the file cannot be written
   */
  writeFile(path: string, bytes: Uint8Array): void;
  /** The same for bytes that come in parts, so that a long text need not be in memory as a whole. */
  writeParts(path: string, parts: Iterable<Uint8Array>): void;
}
