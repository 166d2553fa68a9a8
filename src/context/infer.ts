import type { FileSystem } from "../files/file-system.js";
import { isWithin, joinPath, parentPath } from "../files/path.js";
import { contextPath } from "./reach.js";

/** The context that a Dockerfile standing alone most likely has. */
export interface InferredContext {
  /** Absolute. */
  readonly root: string;
  /** False when no folder holds all that the Dockerfile takes: `root` is then only the Dockerfile's folder. */
  readonly isCertain: boolean;
}

/** What is known about a Dockerfile that no Compose project builds. */
export interface InferOptions {
  readonly fs: FileSystem;
  /** Absolute path of the folder that holds the Dockerfile. */
  readonly folder: string;
  /** Absolute path of the repository root, or of the workspace when there is none; the search ends there. */
  readonly top: string;
  /** Local sources without variables and wildcards, as written. */
  readonly sources: readonly string[];
}

/**
 * Guesses a context: the Dockerfile's folder when it holds every source (or there are none), else the nearest folder
 * above that does, up to `top`.
 */
export function inferContext({ fs, folder, top, sources }: InferOptions): InferredContext {
  const wanted = [...new Set(sources.map(contextPath))].filter((path) => path !== ".");
  for (let root = folder; ; root = parentPath(root)) {
    if (wanted.every((path) => fs.lstat(joinPath(root, path)) !== undefined)) return { root, isCertain: true };
    if (root === top || !isWithin(top, root) || root === parentPath(root)) return { root: folder, isCertain: false };
  }
}
