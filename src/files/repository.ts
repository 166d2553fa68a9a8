import type { FileSystem } from "./file-system.js";
import { joinPath, parentPath } from "./path.js";

/**
 * The folder at or above `start` that holds `.git`, a folder or (in worktrees and submodules) a file; undefined outside
 * of any repository.
 *
 * @param start absolute path of a folder; need not exist
 * @param top where to stop, itself included; the root of the file system when absent
 */
export function findRepositoryRoot(fs: FileSystem, start: string, top?: string): string | undefined {
  for (let folder = start; ; folder = parentPath(folder)) {
    const kind = fs.lstat(joinPath(folder, ".git"))?.kind;
    if (kind === "directory" || kind === "file") return folder;
    if (folder === top || folder === parentPath(folder)) return undefined;
  }
}
