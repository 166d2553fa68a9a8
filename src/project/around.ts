import { isComposeName } from "../compose/discovery.js";
import type { FileSystem } from "../files/file-system.js";
import { isWithin, joinPath, parentPath } from "../files/path.js";

/**
 * Compose files that may build the given Dockerfiles: those in their folders and in the folders above, up to `topOf`. A
 * Dockerfile that is named alone is then judged as the project builds it, whatever list of files it came with.
 *
 * @param files absolute paths
 * @returns absolute paths, sorted
 */
export function composeFilesAround(
  files: Iterable<string>,
  fs: FileSystem,
  topOf: (folder: string) => string,
): readonly string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const file of files) {
    const start = parentPath(file);
    const top = topOf(start);
    for (let folder = start; isWithin(top, folder) && !seen.has(folder); folder = parentPath(folder)) {
      seen.add(folder);
      const listing = fs.readDirectory(folder);
      if (listing.kind === "problem") break;
      for (const { name, kind } of listing.entries) {
        if (kind === "file" && isComposeName(name)) found.push(joinPath(folder, name));
      }
      if (folder === parentPath(folder)) break;
    }
  }
  return found.sort();
}
