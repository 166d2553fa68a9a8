import { isComposeName } from "../compose/discovery.js";
import { baseName, isWithin, joinPath, parentPath } from "../files/path.js";
import type { Workspace } from "../files/workspace.js";
import { kindOfName } from "./discover.js";

/**
 * Compose files that may build the given Dockerfiles: those with a `build` in their folders and in the folders above, up to
 * `topOf`. A Dockerfile that is named alone is then judged as the project builds it, whatever list of files it came with.
 *
 * @param files absolute paths
 * @returns absolute paths, sorted
 */
export function composeFilesAround(
  files: Iterable<string>,
  workspace: Workspace,
  topOf: (folder: string) => string,
): readonly string[] {
  const seen = new Set<string>();
  const found: string[] = [];
  for (const file of files) {
    const start = parentPath(file);
    const top = topOf(start);
    for (let folder = start; isWithin(top, folder) && !seen.has(folder); folder = parentPath(folder)) {
      seen.add(folder);
      const listing = workspace.fs.readDirectory(folder);
      if (listing.kind === "problem") break;
      for (const { name, kind } of listing.entries) {
        if (kind !== "file" || !isComposeName(name)) continue;
        const path = joinPath(folder, name);
        // Reading YAML is dear: a file that builds nothing is not looked into.
        if (workspace.source(path)?.text.includes("build") === true) found.push(path);
      }
      if (folder === parentPath(folder)) break;
    }
  }
  return found.sort();
}

/**
 * Dockerfiles that an ignore file may belong to: the one that it is named after, else all of its folder.
 *
 * @param file absolute path of the ignore file
 */
export function dockerfilesAround(file: string, workspace: Workspace): readonly string[] {
  const folder = parentPath(file);
  const owner = baseName(file).replace(/\.(?:docker|container)ignore$/i, "");
  if (owner !== "") {
    const path = joinPath(folder, owner);
    return workspace.fs.stat(path)?.kind === "file" ? [path] : [];
  }
  const listing = workspace.fs.readDirectory(folder);
  if (listing.kind === "problem") return [];
  return listing.entries
    .filter(({ name, kind }) => kind === "file" && kindOfName(name) === "dockerfile")
    .map(({ name }) => joinPath(folder, name));
}
