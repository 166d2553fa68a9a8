import { Source } from "../text/source.js";
import { decode, type InvalidByte, SOURCE_LIMIT_BYTES } from "./decode.js";
import type { FileProblem, FileSystem } from "./file-system.js";
import { baseName, isWithin, joinPath, parentPath, relativePath } from "./path.js";

/** Why a file gives no source: it cannot be read, lies outside of the workspace, or holds no text. */
export type SourceProblem = FileProblem | "outside" | "binary" | "utf-16";

/** A file as a source, or why there is none. */
export type SourceResult =
  | {
      readonly kind: "source";
      readonly source: Source;
      /** Whether the file starts with a byte order mark, which `source.text` has not. */
      readonly hasBom: boolean;
      /** First wrong byte of a file that is not UTF-8 throughout; its fixes must not be written. */
      readonly invalidAt: InvalidByte | undefined;
    }
  | { readonly kind: "problem"; readonly problem: SourceProblem };

/** What a workspace is made of. Paths are absolute and normalised. */
export interface WorkspaceOptions {
  readonly fs: FileSystem;
  /** Folder that reads may not leave. */
  readonly root: string;
  /** Folder that shown paths are relative to; `root` when absent. */
  readonly cwd?: string;
  /** Files and folders named by the user, which may lie outside of `root`. */
  readonly given?: readonly string[];
}

/**
 * The files of one run: each is read and decoded once, paths are shown relative to one folder, and nothing is read
 * outside of the root and what the user named, wherever links lead.
 */
export class Workspace {
  readonly fs: FileSystem;
  readonly root: string;
  readonly cwd: string;
  readonly #given: readonly string[];
  readonly #results = new Map<string, SourceResult>();
  #realRoots: readonly string[] | undefined;

  constructor(options: WorkspaceOptions) {
    this.fs = options.fs;
    this.root = options.root;
    this.cwd = options.cwd ?? options.root;
    this.#given = options.given ?? [];
  }

  /** The source of a file, the same object for the same path until it is forgotten. Never throws. */
  read(path: string, limitBytes = SOURCE_LIMIT_BYTES): SourceResult {
    const known = this.#results.get(path);
    if (known !== undefined) return known;
    const result = this.#load(path, limitBytes);
    this.#results.set(path, result);
    return result;
  }

  /** As {@link Workspace.read}, for callers to whom only the text matters. */
  source(path: string): Source | undefined {
    const result = this.read(path);
    return result.kind === "source" ? result.source : undefined;
  }

  /** Drops what was read from a path, so that memory stays small and changed files are read anew. */
  forget(path: string): void {
    this.#results.delete(path);
  }

  /** Whether a path, with every link resolved, lies at or below the root or a path that the user named. */
  isInside(path: string): boolean {
    const real = this.#realPathOf(path);
    this.#realRoots ??= [this.root, ...this.#given].map((root) => this.#realPathOf(root));
    return this.#realRoots.some((root) => isWithin(root, real));
  }

  /** The path that people see: relative to the working directory, with `/`. */
  display(path: string): string {
    return relativePath(this.cwd, path);
  }

  #load(path: string, limitBytes: number): SourceResult {
    if (!this.isInside(path)) return { kind: "problem", problem: "outside" };
    const read = this.fs.readFile(path, limitBytes);
    if (read.kind === "problem") return read;
    const decoded = decode(read.bytes);
    if (decoded.kind === "binary") {
      return { kind: "problem", problem: decoded.reason === "nul" ? "binary" : "utf-16" };
    }
    const source = new Source(this.display(path), decoded.text, { file: path });
    return { kind: "source", source, hasBom: decoded.hasBom, invalidAt: decoded.invalidAt };
  }

  /** Of a path that does not exist: where it would be. */
  #realPathOf(path: string): string {
    const real = this.fs.realPath(path);
    if (real !== undefined) return real;
    const folder = parentPath(path);
    return folder === path ? path : joinPath(this.#realPathOf(folder), baseName(path));
  }
}
