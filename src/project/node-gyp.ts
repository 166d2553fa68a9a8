import { isBuiltByGyp } from "../data/native-modules.js";
import { joinPath } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import { dependencyInstalls } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";
import { nodeDependencies } from "./node-manifest.js";
import { type CacheFolder, homeOf } from "./package-caches.js";

/**
 * The folder in which node-gyp keeps the headers of Node.js that it fetches; undefined where no package is compiled: the stage
 * has to install Python, `make` and a compiler, and the manifest to list a package that needs them.
 *
 * @see https://github.com/nodejs/node-gyp#readme (`--devdir`)
 */
export function gypFolder(command: PackageCommand, run: RunView, project: Project): CacheFolder | undefined {
  const install = dependencyInstalls(run).find((found) => found.command === command);
  if (install?.ecosystem !== "node" || install.folder === undefined || !hasToolchain(run.stage)) return undefined;
  const file = fileBehind(run.stage, joinPath(install.folder, "package.json"), project);
  if (file.kind !== "file" || !nodeDependencies(file.source.text).some(([name]) => isBuiltByGyp(name)))
    return undefined;
  const usual = "~/.cache/node-gyp";
  const home = homeOf(run);
  return { path: home === undefined ? undefined : joinPath(home, usual.slice(2)), usual, needsLock: false };
}

function hasToolchain({ lineage }: StageView): boolean {
  const names = new Set<string>();
  for (const { runs } of lineage) {
    for (const { packages } of runs) {
      for (const command of packages) {
        if (command.action === "install") for (const { name = "" } of command.packages) names.add(name);
      }
    }
  }
  const hasCompiler =
    names.has("build-base") || names.has("build-essential") || (names.has("make") && names.has("g++"));
  return hasCompiler && (names.has("python3") || names.has("python"));
}
