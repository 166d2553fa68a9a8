import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  type Dirent,
  fstatSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from "node:fs";
import type {
  DirectoryEntry,
  DirectoryResult,
  FileKind,
  FileProblem,
  FileStat,
  ReadResult,
  WritableFileSystem,
} from "./file-system.js";
import { baseName, parentPath } from "./path.js";

/** The file system of this machine. The only module below `cli/` that touches it. */
export class DiskFileSystem implements WritableFileSystem {
  #written = 0;

  lstat(path: string): FileStat | undefined {
    return attempt(() => factsOf(lstatSync(path, { throwIfNoEntry: false })));
  }

  stat(path: string): FileStat | undefined {
    return attempt(() => factsOf(statSync(path, { throwIfNoEntry: false })));
  }

  realPath(path: string): string | undefined {
    return attempt(() => slashed(realpathSync.native(path)));
  }

  readFile(path: string, limitBytes: number): ReadResult {
    try {
      // Looked at before it is opened: opening a device can have effects of its own.
      const before = statSync(path, { throwIfNoEntry: false });
      if (before === undefined) return { kind: "problem", problem: "absent" };
      if (!before.isFile()) return { kind: "problem", problem: "not-a-file" };
      if (before.size > limitBytes) return { kind: "problem", problem: "too-large" };
      // Non-blocking, so that a pipe put in the file's place between both calls cannot hang us.
      const descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
      try {
        if (!fstatSync(descriptor).isFile()) return { kind: "problem", problem: "not-a-file" };
        return readAll(descriptor, before.size, limitBytes);
      } finally {
        closeSync(descriptor);
      }
    } catch (error) {
      return { kind: "problem", problem: problemOf(error) };
    }
  }

  readDirectory(path: string): DirectoryResult {
    try {
      const entries = readdirSync(path, { withFileTypes: true }).map(entryOf);
      entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      return { kind: "entries", entries };
    } catch (error) {
      const problem = problemOf(error);
      const isNotFolder = problem === "absent" && this.stat(path) !== undefined;
      return { kind: "problem", problem: isNotFolder ? "not-a-directory" : problem };
    }
  }

  writeFile(path: string, bytes: Uint8Array): void {
    this.writeParts(path, [bytes]);
  }

  writeParts(path: string, parts: Iterable<Uint8Array>): void {
    const target = this.#writeTarget(path);
    const before = statSync(target, { throwIfNoEntry: false });
    if (before !== undefined) {
      if (!before.isFile()) throw new Error(`${path} is not a regular file`);
      // Renaming over a file needs no right to write to it, so the right is asked for.
      accessSync(target, constants.W_OK);
    }
    this.#written += 1;
    const temporary = `${parentPath(target)}/.${baseName(target)}.${process.pid}-${this.#written}.tmp`;
    try {
      const descriptor = openSync(temporary, "wx");
      try {
        for (const part of parts) writeFileSync(descriptor, part);
      } finally {
        closeSync(descriptor);
      }
      if (before !== undefined) chmodSync(temporary, before.mode & 0o7777);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  }

  #writeTarget(path: string): string {
    const real = this.realPath(path);
    if (real !== undefined) return real;
    if (this.lstat(path) !== undefined) throw new Error(`${path} is a link that leads nowhere`);
    return path;
  }
}

function attempt<T>(ask: () => T | undefined): T | undefined {
  try {
    return ask();
  } catch {
    // The port's answer for everything that cannot be seen, whatever the reason.
    return undefined;
  }
}

function factsOf(stats: Stats | undefined): FileStat | undefined {
  if (stats === undefined) return undefined;
  return { kind: kindOf(stats), sizeBytes: stats.size, mode: stats.mode & 0o7777 };
}

function kindOf(facts: Pick<Stats, "isFile" | "isDirectory" | "isSymbolicLink">): FileKind {
  if (facts.isFile()) return "file";
  if (facts.isDirectory()) return "directory";
  return facts.isSymbolicLink() ? "symlink" : "other";
}

function entryOf(entry: Dirent): DirectoryEntry {
  return { name: entry.name, kind: kindOf(entry) };
}

/** Reads to the end: some files (below `/proc`) say that their size is 0. */
function readAll(descriptor: number, expectedBytes: number, limitBytes: number): ReadResult {
  let buffer = new Uint8Array(expectedBytes + 1);
  let length = 0;
  for (;;) {
    const count = readSync(descriptor, buffer, length, buffer.length - length, null);
    if (count === 0) return { kind: "bytes", bytes: buffer.subarray(0, length) };
    length += count;
    if (length > limitBytes) return { kind: "problem", problem: "too-large" };
    // As many bytes as its size says, and no more: the end, without another question.
    if (length === expectedBytes && length < buffer.length) {
      return { kind: "bytes", bytes: buffer.subarray(0, length) };
    }
    if (length < buffer.length) continue;
    const larger = new Uint8Array(Math.min(buffer.length * 2 + 4096, limitBytes + 1));
    larger.set(buffer);
    buffer = larger;
  }
}

function problemOf(error: unknown): FileProblem {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  switch (code) {
    case "ENOENT":
    case "ENOTDIR":
    case "ELOOP":
    case "ENAMETOOLONG":
    case "ERR_INVALID_ARG_VALUE":
      return "absent";
    case "EACCES":
    case "EPERM":
      return "denied";
    case "EISDIR":
    case "ENXIO":
      return "not-a-file";
    default:
      return "failed";
  }
}

/** Ports speak `/` on every platform. */
function slashed(path: string): string {
  return path.includes("\\") && /^(?:[A-Za-z]:)?\\/.test(path) ? path.replaceAll("\\", "/") : path;
}
