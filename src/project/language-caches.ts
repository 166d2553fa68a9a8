import type { PackageFamily } from "../data/package-managers.js";
import { isWithin } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import { absolutePath } from "./late-removals.js";
import { isConfigured } from "./manager-settings.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { writableMounts } from "./mounted-artifacts.js";
import { type CacheFolder, cacheFolders, mountHolding, noCacheOption, noCacheVariable } from "./package-caches.js";
import { cleanUps } from "./system-caches.js";

/** Managers of languages whose cache has to be emptied, for no option switches it off. */
const EMPTIED: ReadonlySet<PackageFamily> = new Set<PackageFamily>(["conda", "yarn", "npm", "pnpm", "bun", "bundle"]);

/** Managers of languages that keep what they fetched. */
const KEEPING: ReadonlySet<PackageFamily> = new Set<PackageFamily>([
  ...EMPTIED,
  "pip",
  "uv",
  "gem",
  "composer",
  "poetry",
  "go",
  "cargo",
]);

/** Verbs that fetch nothing into a cache. */
const WITHOUT_CACHE: ReadonlySet<string> = new Set(["python install", "dlx", "workspaces focus"]);

/** Commands of one RUN that are judged. */
const MOST_COMMANDS = 200;

/**
 * Commands of a RUN that leave a download cache of their manager in the layer, in order: no option, variable or file switches
 * it off, no mount lies over it, and nothing later in the RUN empties it. Of managers whose cache is emptied at the end of a
 * RUN, the last command stands for all.
 */
export function keptCaches(run: RunView): readonly PackageCommand[] {
  const found: PackageCommand[] = [];
  for (const command of run.packages.slice(0, MOST_COMMANDS)) {
    const { family, action, isDryRun, verb } = command;
    if (!KEEPING.has(family) || isDryRun || WITHOUT_CACHE.has(verb)) continue;
    if (action !== "install" && action !== "lock-install" && !isGoDownload(command)) continue;
    if (!keeps(command, run)) continue;
    const earlier = EMPTIED.has(family) ? found.findIndex((other) => other.family === family) : -1;
    if (earlier === -1) found.push(command);
    else found[earlier] = command;
  }
  return found;
}

function isGoDownload({ family, action }: PackageCommand): boolean {
  return family === "go" && action === "download";
}

function keeps(command: PackageCommand, run: RunView): boolean {
  const { family, options } = command;
  if (family === "gem") return !hasDocumentSwitch(command, run);
  if (noCacheOption(command) !== undefined || options.has("--no-index", "--offline", "--no-cache-dir", "--no-cache"))
    return false;
  if (family === "uv" && options.has("-n")) return false;
  if (noCacheVariable(command, run) !== undefined || isConfigured(command, run, "no-cache")) return false;
  const folders = foldersOf(command, run);
  if (folders.some((folder) => isMounted(run, folder))) return false;
  return !isElsewhere(folders) && !isEmptied(command, run, folders);
}

/** Also a mount in another home: whether it is the right one is another rule's to say. */
function isMounted(run: RunView, folder: CacheFolder): boolean {
  if (run.instruction.mounts.length === 0) return false;
  if (mountHolding(run, folder) !== undefined) return true;
  const end = folder.usual.startsWith("~/") ? folder.usual.slice(1) : undefined;
  return end !== undefined && writableMounts(run).some(({ target }) => target.endsWith(end));
}

function foldersOf(command: PackageCommand, run: RunView): readonly CacheFolder[] {
  const folders = cacheFolders(command, run);
  // Yarn of a user keeps its cache in the home, of root in /usr/local; which one, the version decides.
  if (command.family !== "yarn" || folders.length < 2) return folders;
  return [...folders, { path: undefined, usual: "~/.cache/yarn", needsLock: false }];
}

/** Moved to a place that nobody knows, or that keeps nothing. */
function isElsewhere(folders: readonly CacheFolder[]): boolean {
  return folders.some(({ path, usual }) => {
    if (path === undefined) return !usual.startsWith("~");
    return path === "/dev/null" || path.startsWith("/dev/shm");
  });
}

function isEmptied(command: PackageCommand, run: RunView, folders: readonly CacheFolder[]): boolean {
  const { family, invocation } = command;
  const isLater = (other: PackageCommand["invocation"]) =>
    other.index > invocation.index || other.onlyIf === "function";
  if (cleanUps(run, family, "archives").some((cleanUp) => isLater(cleanUp.invocation))) return true;
  for (const { path, shape, invocation: remover, isFiltered } of run.facts.removedPaths) {
    if (isFiltered || !isLater(remover)) continue;
    // `rm -rf "$BUNDLE_PATH"/ruby/*/cache`: where that is only the builder knows.
    if (path === undefined || family === "bundle") {
      if (shape.includes("cache")) return true;
      continue;
    }
    const folder = absolutePath(run, path.replace(/\/\*?$/, ""), remover);
    if (folder !== undefined && folders.some((one) => one.path !== undefined && isWithin(folder, one.path)))
      return true;
    if (path.startsWith("~/.cache") || path.startsWith("/root/.cache") || /^\/home\/[^/]+\/\.cache/.test(path)) {
      if (
        folders.some(({ usual }) =>
          `${usual}/`.startsWith(`~/${path.slice(path.indexOf(".cache")).replace(/\/\*?$/, "")}/`),
        )
      )
        return true;
    }
  }
  return false;
}

/** Whether gem is told to make no documentation, by an option, a file, or the official image of Ruby, which has such a file. */
function hasDocumentSwitch({ options }: PackageCommand, run: RunView): boolean {
  if (options.has("--no-document", "-N", "--no-doc", "--no-rdoc", "--no-ri")) return true;
  if (/^docker\.io\/library\/j?ruby$/.test(run.stage.facts?.repository ?? "")) return true;
  return hasGemSettings(run.stage);
}

const gemSettings = new ModelMemo<StageView, boolean>();

function hasGemSettings(stage: StageView): boolean {
  let answer = gemSettings.get(stage);
  if (answer === undefined) {
    answer = writesGemSettings(stage);
    gemSettings.set(stage, answer);
  }
  return answer;
}

function writesGemSettings({ lineage }: StageView): boolean {
  return lineage.some(({ layers }) =>
    layers.some((layer) => {
      if (layer.kind === "copy") return layer.copy.destination?.endsWith("gemrc") === true;
      return layer.run.facts.writes.some(({ shape }) => shape.endsWith("gemrc"));
    }),
  );
}
