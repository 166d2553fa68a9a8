import { encode } from "./decode.js";
import type { DirectoryEntry, DirectoryResult, FileStat, ReadResult, WritableFileSystem } from "./file-system.js";
import { baseName, cleanPath, parentPath, resolvePath } from "./path.js";

/**
 * What stands at a path of an in-memory tree. A text or bytes is a file; the objects are for everything else that a
 * disk can hold.
 */
export type MemoryEntry =
  | string
  | Uint8Array
  | {
      readonly kind: "file";
      readonly content: string | Uint8Array;
      readonly mode?: number;
      /** Size that is told when it differs from that of the content, for trees that only need measuring. */
      readonly sizeBytes?: number;
      /** Reading is denied. */
      readonly isUnreadable?: boolean;
    }
  | { readonly kind: "directory"; readonly isUnreadable?: boolean }
  /** A link; a relative target is seen from the folder of the link. */
  | { readonly kind: "symlink"; readonly target: string }
  /** A pipe, socket or device. */
  | { readonly kind: "other" };

type MemoryNode =
  | {
      readonly kind: "file";
      readonly bytes: Uint8Array;
      readonly sizeBytes: number;
      readonly mode: number;
      readonly isUnreadable: boolean;
    }
  | { readonly kind: "directory"; readonly names: Set<string>; isUnreadable: boolean }
  | { readonly kind: "symlink"; readonly target: string }
  | { readonly kind: "other" };

const FILE_MODE = 0o644;
const DIRECTORY_MODE = 0o755;

/** As many links as Linux follows for one path. */
const MOST_LINKS = 40;

/** A tree of files in memory: for tests, and for pages without a disk. Case-sensitive. */
export class MemoryFileSystem implements WritableFileSystem {
  readonly #nodes = new Map<string, MemoryNode>([["/", { kind: "directory", names: new Set(), isUnreadable: false }]]);

  /** @param tree entries by path; relative paths start at `/`; folders on the way are made */
  constructor(tree: Readonly<Record<string, MemoryEntry>> = {}) {
    for (const [path, entry] of Object.entries(tree)) this.add(path, entry);
  }

  /** Puts an entry at a path, in place of what was there; folders on the way are made. */
  add(path: string, entry: MemoryEntry): void {
    const absolute = resolvePath("/", path);
    const existing = this.#nodes.get(absolute);
    const node = nodeOf(entry);
    if (node.kind === "directory" && existing?.kind === "directory") {
      existing.isUnreadable = node.isUnreadable;
      return;
    }
    this.#nodes.set(absolute, node);
    this.#register(absolute);
  }

  /** Removes a path and all below it; nothing happens when there is none. */
  remove(path: string): void {
    const absolute = resolvePath("/", path);
    const node = this.#nodes.get(absolute);
    if (node?.kind === "directory") for (const name of [...node.names]) this.remove(cleanPath(`${absolute}/${name}`));
    if (absolute === "/") return;
    this.#nodes.delete(absolute);
    const parent = this.#nodes.get(parentPath(absolute));
    if (parent?.kind === "directory") parent.names.delete(baseName(absolute));
  }

  lstat(path: string): FileStat | undefined {
    const resolved = this.#resolve(path, false);
    const node = resolved === undefined ? undefined : this.#nodes.get(resolved);
    return node === undefined ? undefined : factsOf(node);
  }

  stat(path: string): FileStat | undefined {
    const real = this.realPath(path);
    return real === undefined ? undefined : this.lstat(real);
  }

  realPath(path: string): string | undefined {
    return this.#resolve(path, true);
  }

  readFile(path: string, limitBytes: number): ReadResult {
    const real = this.realPath(path);
    const node = real === undefined ? undefined : this.#nodes.get(real);
    if (node === undefined) return { kind: "problem", problem: "absent" };
    if (node.kind !== "file") return { kind: "problem", problem: "not-a-file" };
    if (node.isUnreadable) return { kind: "problem", problem: "denied" };
    if (node.sizeBytes > limitBytes) return { kind: "problem", problem: "too-large" };
    return { kind: "bytes", bytes: node.bytes };
  }

  readDirectory(path: string): DirectoryResult {
    const real = this.realPath(path);
    const node = real === undefined ? undefined : this.#nodes.get(real);
    if (real === undefined || node === undefined) return { kind: "problem", problem: "absent" };
    if (node.kind !== "directory") return { kind: "problem", problem: "not-a-directory" };
    if (node.isUnreadable) return { kind: "problem", problem: "denied" };
    const entries: DirectoryEntry[] = [];
    for (const name of [...node.names].sort()) {
      const child = this.#nodes.get(cleanPath(`${real}/${name}`));
      if (child !== undefined) entries.push({ name, kind: child.kind });
    }
    return { kind: "entries", entries };
  }

  writeFile(path: string, bytes: Uint8Array): void {
    const real = this.realPath(path);
    if (real === undefined && this.lstat(path) !== undefined) throw new Error(`${path} is a link that leads nowhere`);
    const before = real === undefined ? undefined : this.#nodes.get(real);
    if (before !== undefined && before.kind !== "file") throw new Error(`${path} is not a regular file`);
    this.add(real ?? path, { kind: "file", content: bytes, mode: before?.mode ?? FILE_MODE });
  }

  writeParts(path: string, parts: Iterable<Uint8Array>): void {
    const bytes: number[] = [];
    for (const part of parts) for (const byte of part) bytes.push(byte);
    this.writeFile(path, Uint8Array.from(bytes));
  }

  /** Makes the folders above a path and lists it in its own. */
  #register(path: string): void {
    for (let child = path; child !== "/"; child = parentPath(child)) {
      const folder = parentPath(child);
      const node = this.#nodes.get(folder);
      if (node?.kind === "directory") {
        node.names.add(baseName(child));
        return;
      }
      this.#nodes.set(folder, { kind: "directory", names: new Set([baseName(child)]), isUnreadable: false });
    }
  }

  #resolve(path: string, followsLast: boolean): string | undefined {
    let pending = resolvePath("/", path)
      .split("/")
      .filter((part) => part !== "");
    let current = "/";
    let links = 0;
    while (pending.length > 0) {
      const [name = "", ...rest] = pending;
      pending = rest;
      if (this.#nodes.get(current)?.kind !== "directory") return undefined;
      const next = cleanPath(`${current}/${name}`);
      const node = this.#nodes.get(next);
      if (node === undefined) return undefined;
      if (node.kind !== "symlink" || (pending.length === 0 && !followsLast)) {
        current = next;
        continue;
      }
      links += 1;
      if (links > MOST_LINKS) return undefined;
      const target = resolvePath(current, node.target);
      pending = [...target.split("/").filter((part) => part !== ""), ...pending];
      current = "/";
    }
    return current;
  }
}

function nodeOf(entry: MemoryEntry): MemoryNode {
  if (typeof entry === "string" || entry instanceof Uint8Array) return nodeOf({ kind: "file", content: entry });
  switch (entry.kind) {
    case "file": {
      const bytes = typeof entry.content === "string" ? encode(entry.content) : entry.content;
      return {
        kind: "file",
        bytes,
        sizeBytes: entry.sizeBytes ?? bytes.length,
        mode: entry.mode ?? FILE_MODE,
        isUnreadable: entry.isUnreadable ?? false,
      };
    }
    case "directory":
      return { kind: "directory", names: new Set(), isUnreadable: entry.isUnreadable ?? false };
    case "symlink":
      return { kind: "symlink", target: entry.target };
    case "other":
      return { kind: "other" };
  }
}

function factsOf(node: MemoryNode): FileStat {
  switch (node.kind) {
    case "file":
      return { kind: "file", sizeBytes: node.sizeBytes, mode: node.mode };
    case "directory":
      return { kind: "directory", sizeBytes: 0, mode: DIRECTORY_MODE };
    case "symlink":
      return { kind: "symlink", sizeBytes: node.target.length, mode: 0o777 };
    case "other":
      return { kind: "other", sizeBytes: 0, mode: 0 };
  }
}
