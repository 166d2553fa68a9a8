import { type CacheDirectory, managerOf, type PackageFamily } from "../data/package-managers.js";
import { resolvePath } from "../dockerfile/container-path.js";
import { isWithin, joinPath } from "../files/path.js";
import type { RemovalFact } from "../shell/fact-model.js";
import type { OptionUse } from "../shell/options.js";
import type { PackageCommand } from "../shell/package-model.js";
import { join, type Range } from "../text/source.js";
import type { RunView } from "./model.js";
import { type WritableMount, writableMounts } from "./mounted-artifacts.js";

/** A folder in which a package manager keeps what it fetches. */
export interface CacheFolder {
  /** Absolute; undefined when the home of the user is not known. */
  readonly path: string | undefined;
  /** As the manager's table has it: `~/.npm`, `/var/cache/apt`. */
  readonly usual: string;
  readonly needsLock: boolean;
}

/** Options and variables that move a cache. `below`: the cache is this folder of what the variable names. */
interface Move {
  readonly options?: readonly string[];
  readonly variables: readonly { readonly name: string; readonly below?: string; readonly of?: string }[];
}

const MOVES: { readonly [Family in PackageFamily]?: Move } = {
  pip: { options: ["--cache-dir"], variables: [{ name: "PIP_CACHE_DIR" }, { name: "XDG_CACHE_HOME", below: "pip" }] },
  uv: { options: ["--cache-dir"], variables: [{ name: "UV_CACHE_DIR" }, { name: "XDG_CACHE_HOME", below: "uv" }] },
  poetry: { variables: [{ name: "POETRY_CACHE_DIR" }, { name: "XDG_CACHE_HOME", below: "pypoetry" }] },
  pipenv: { variables: [{ name: "PIPENV_CACHE_DIR" }, { name: "XDG_CACHE_HOME", below: "pipenv" }] },
  conda: { variables: [{ name: "CONDA_PKGS_DIRS" }] },
  npm: { options: ["--cache"], variables: [{ name: "npm_config_cache" }, { name: "NPM_CONFIG_CACHE" }] },
  yarn: { options: ["--cache-folder"], variables: [{ name: "YARN_CACHE_FOLDER" }] },
  pnpm: {
    options: ["--store-dir"],
    variables: [{ name: "npm_config_store_dir" }, { name: "PNPM_HOME", below: "store" }],
  },
  bun: { options: ["--cache-dir"], variables: [{ name: "BUN_INSTALL_CACHE_DIR" }] },
  composer: { variables: [{ name: "COMPOSER_CACHE_DIR" }, { name: "COMPOSER_HOME", below: "cache" }] },
  go: {
    variables: [
      { name: "GOMODCACHE", of: "/go/pkg/mod" },
      { name: "GOCACHE", of: "~/.cache/go-build" },
      { name: "GOPATH", below: "pkg/mod", of: "/go/pkg/mod" },
    ],
  },
  cargo: {
    variables: [
      { name: "CARGO_HOME", below: "registry", of: "/usr/local/cargo/registry" },
      { name: "CARGO_HOME", below: "git/db", of: "/usr/local/cargo/git/db" },
    ],
  },
  dotnet: { variables: [{ name: "NUGET_PACKAGES" }] },
  gradle: { variables: [{ name: "GRADLE_USER_HOME", below: "caches" }] },
};

/** Folders that a command caches in, the usual one first; those of which another choice decides come once each. */
export function cacheFolders(command: PackageCommand, run: RunView): readonly CacheFolder[] {
  const usual = managerOf(command.manager)?.cacheDirectories ?? [];
  if (usual.length === 0) return [];
  const move = MOVES[command.family];
  const option = move?.options === undefined ? undefined : command.options.find(...move.options);
  if (option !== undefined) return [folderOf(option.value, usual[0])];
  const home = homeOf(run);
  const found: CacheFolder[] = [];
  for (const directory of usual) {
    if (directory.path.startsWith("$")) continue;
    const moved = movedBy(move, directory, command, run);
    if (moved !== undefined) found.push(moved);
    else found.push({ path: below(home, directory.path), usual: directory.path, needsLock: directory.needsLock });
  }
  return found;
}

function folderOf(path: string | undefined, usual: CacheDirectory | undefined): CacheFolder {
  return { path, usual: usual?.path ?? "", needsLock: usual?.needsLock ?? false };
}

function movedBy(
  move: Move | undefined,
  directory: CacheDirectory,
  { invocation }: PackageCommand,
  run: RunView,
): CacheFolder | undefined {
  for (const { name, below: folder, of } of move?.variables ?? []) {
    if (of !== undefined && of !== directory.path) continue;
    const value = variableAt(run, invocation.index, name);
    if (value === undefined) continue;
    if (value.text?.startsWith("/") !== true) return folderOf(undefined, directory);
    return folderOf(folder === undefined ? resolvePath("/", value.text) : joinPath(value.text, folder), directory);
  }
  return undefined;
}

/** A variable as a command sees it, without text when nobody can know it; undefined when nothing here sets it. */
export function variableAt(
  run: RunView,
  index: number,
  name: string,
): { readonly text: string | undefined } | undefined {
  for (const command of run.commands) {
    if (command.index > index) break;
    for (const assignment of command.assignments) {
      if (assignment.name === name && (assignment.kind !== "prefix" || command.index === index)) {
        return { text: assignment.value?.value };
      }
    }
  }
  const binding = run.step.lookup(name);
  return binding.kind === "known" ? { text: binding.value } : undefined;
}

/** The home of the user of a RUN; undefined when unknown. */
export function homeOf(run: RunView): string | undefined {
  const home = run.step.lookup("HOME");
  if (home.kind === "known" && home.value.startsWith("/")) return resolvePath("/", home.value);
  const { isRoot, name } = run.user;
  if (isRoot === "yes") return "/root";
  if (isRoot === "unknown" || name === undefined) return undefined;
  for (const member of run.stage.lineage) {
    for (const { facts } of member.runs) {
      const account = facts.accounts.find((one) => one.kind === "user" && one.name === name);
      if (account?.change !== "create") continue;
      if (account.home !== undefined) return account.home;
      return account.createsHome === false ? undefined : `/home/${name}`;
    }
  }
  return run.stage.facts?.accounts.some((one) => one.name === name) === true ? `/home/${name}` : undefined;
}

function below(home: string | undefined, path: string): string | undefined {
  if (!path.startsWith("~/")) return path;
  return home === undefined ? undefined : joinPath(home, path.slice(2));
}

/** The cache mount of a RUN that holds a folder, by its path, else by the end of it; undefined when there is none. */
export function mountHolding(run: RunView, folder: CacheFolder): WritableMount | undefined {
  return writableMounts(run).find((mount) => holds(mount, folder));
}

/** Whether a folder, whose home may be unknown, is a mount, in it, or around it. */
export function holds({ target }: WritableMount, { path, usual }: CacheFolder): boolean {
  if (path !== undefined) return isWithin(target, path) || isWithin(path, target);
  const end = usual.replace(/^~/, "");
  const [, first = ""] = end.split("/", 2);
  return target.endsWith(end) || target.endsWith(`/${first}`) || target.includes(`${end}/`);
}

/** The option of a command that switches its cache off; undefined when none does. */
export function noCacheOption(command: PackageCommand): OptionUse | undefined {
  const names = managerOf(command.manager)?.noCacheOptions ?? [];
  return names.length === 0 ? undefined : command.options.find(...names.filter((name) => !name.includes("=")));
}

const SWITCHES: { readonly [Family in PackageFamily]?: string } = { pip: "PIP_NO_CACHE_DIR", uv: "UV_NO_CACHE" };

/** The variable that switches the cache of a command off; undefined when none does. */
export function noCacheVariable({ family, invocation }: PackageCommand, run: RunView): string | undefined {
  const name = SWITCHES[family];
  if (name === undefined) return undefined;
  const value = variableAt(run, invocation.index, name);
  return value?.text !== undefined && /^(?:1|true|yes|on|y|t)$/i.test(value.text) ? name : undefined;
}

/** A removal that empties a cache in a RUN. */
export function removesCache(
  run: RunView,
  folders: readonly CacheFolder[],
  { target }: WritableMount,
): RemovalFact | undefined {
  return run.facts.removedPaths.find(({ path, recursive }) => {
    if (path === undefined || !recursive) return false;
    const home = homeOf(run);
    const written = path.startsWith("~/") && home !== undefined ? joinPath(home, path.slice(2)) : path;
    const folder = resolvePath("/", written.replace(/\/\*$/, ""));
    if (folder === undefined || !written.startsWith("/")) return false;
    return isWithin(folder, target) || folders.some((one) => one.path === folder && isWithin(target, folder));
  });
}

/** An install of a RUN that keeps nothing of what it fetches. */
export interface UncachedInstall {
  readonly command: PackageCommand;
  /** From the program to the verb. */
  readonly range: Range;
  /** The folders that want a mount, the usual one first; never empty. */
  readonly folders: readonly [CacheFolder, ...CacheFolder[]];
  /** The option that switches the cache off, of the first command of its family; undefined when none does. */
  readonly option: OptionUse | undefined;
  /** The RUN cleans up, so that a mount alone would be emptied. */
  readonly hasRemoval: boolean;
}

/**
 * The first install of each family in a RUN that fetches packages, with no mount on any folder it caches in.
 *
 * @param further another folder in which a command caches, beside those of its manager
 */
export function uncachedInstalls(
  run: RunView,
  further: (command: PackageCommand) => CacheFolder | undefined,
): readonly UncachedInstall[] {
  const found: UncachedInstall[] = [];
  const seen = new Set<string>();
  for (const command of run.packages) {
    const { family, invocation } = command;
    if (!fetches(command) || seen.has(family) || invocation.guarded || offlineOption(command) !== undefined) continue;
    const usual = cacheFolders(command, run);
    if (usual.length === 0) continue;
    const also = further(command);
    const folders = usual.some((one) => isMounted(run, one)) ? [] : usual.slice(0, 1);
    if (also !== undefined && !isMounted(run, also)) folders.push(also);
    const [first, ...rest] = folders;
    if (first === undefined) continue;
    seen.add(family);
    const hasOthers = run.packages.some((other) => other !== command && noCacheOption(other) !== undefined);
    const isCleaned = run.facts.cleanups.length > 0 || run.facts.removedPaths.length > 0 || hasOthers;
    const range = calledRange(command);
    found.push({ command, range, folders: [first, ...rest], option: noCacheOption(command), hasRemoval: isCleaned });
  }
  return found;
}

/** From the program to the verb. */
function calledRange({ invocation: { nameRange }, verbRange }: PackageCommand): Range {
  return nameRange.source === verbRange.source && verbRange.start >= nameRange.start
    ? join(nameRange, verbRange)
    : verbRange;
}

/** The option that keeps a command from fetching: what it installs is there already; undefined when none does. */
function offlineOption({ options, family }: PackageCommand): OptionUse | undefined {
  const found = options.find("--offline", "--no-index");
  if (found !== undefined) return found;
  if (family === "bundle") return options.find("--local");
  if (family === "cargo" && options.has("--frozen")) return options.find("--frozen");
  const mode = options.find("-mod");
  return mode?.value === "vendor" ? mode : undefined;
}

/** An install that fetches nothing, in a RUN in which no other package manager does. */
export interface OfflineInstall {
  readonly command: PackageCommand;
  readonly range: Range;
  /** As written, without its value: `--no-index`. */
  readonly option: string;
}

/** The first install of a RUN that needs no network; undefined when a command of a package manager beside it may need it. */
export function offlineInstall({ packages }: RunView): OfflineInstall | undefined {
  const [first] = packages;
  const option = first === undefined ? undefined : offlineOption(first);
  if (first === undefined || option === undefined) return undefined;
  if (!packages.every((command) => offlineOption(command) !== undefined)) return undefined;
  return { command: first, range: calledRange(first), option: option.name };
}

function fetches({ action, isDryRun, family, verb }: PackageCommand): boolean {
  if (isDryRun) return false;
  if (action === "build") return family === "go" || family === "cargo" || family === "maven" || family === "gradle";
  return action === "install" || action === "lock-install" || (action === "download" && verb !== "");
}

/** Whether a mount of any type but a secret stands on a folder. */
function isMounted(run: RunView, folder: CacheFolder): boolean {
  if (run.instruction.mounts.length === 0) return false;
  if (mountHolding(run, folder) !== undefined) return true;
  const { path } = folder;
  return path !== undefined && run.mountTargets("bind").some((target) => isWithin(target, path));
}
