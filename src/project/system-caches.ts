import { managerOf, type PackageFamily } from "../data/package-managers.js";
import { isWithin } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { absolutePath } from "./late-removals.js";
import type { RunView, StageView } from "./model.js";
import { writableMounts } from "./mounted-artifacts.js";
import { homeOf } from "./package-caches.js";

/** What a package manager of the system leaves behind: `lists` of what there is, `archives` that it fetched. */
export type Leftover = "lists" | "archives";

/** Managers of the system that leave something behind. */
export const SYSTEM_FAMILIES: ReadonlySet<PackageFamily> = new Set<PackageFamily>([
  "apt",
  "apk",
  "yum",
  "zypper",
  "pacman",
]);

/** Whether a command fetches lists or packages. apt installs from the lists that are there; the others fetch them, too. */
export function fetches({ family, action, isDryRun }: PackageCommand, what: Leftover): boolean {
  if (family === "apt") {
    if (what === "lists") return action === "refresh";
    return (action === "install" || action === "upgrade") && !isDryRun;
  }
  return action === "install" || action === "upgrade" || action === "refresh";
}

/** Commands of a RUN that fetch something of a manager into the layer, and not into a mount or another root. */
export function layerFetches(run: RunView, family: PackageFamily, what: Leftover): readonly PackageCommand[] {
  const found = run.packages.filter((command) => command.family === family && fetches(command, what));
  const [first] = found;
  if (first === undefined || isHeldByMount(run, first, what)) return [];
  return found.filter(({ options }) => !options.has("--installroot", "--root"));
}

/** Commands of a RUN that leave something of a manager in the layer: those after which the RUN does not clean up. */
export function uncleanFetches(run: RunView, family: PackageFamily, what: Leftover): readonly PackageCommand[] {
  const found = layerFetches(run, family, what);
  const [first] = found;
  if (first === undefined) return [];
  const cleaned = cleanedAt(run, first, what);
  return found.filter(({ invocation }) => invocation.index > cleaned);
}

/** Folders that hold what a manager leaves behind. */
function foldersOf(command: PackageCommand, what: Leftover): readonly string[] {
  if (command.family === "apt") return what === "lists" ? ["/var/lib/apt/lists"] : ["/var/cache/apt"];
  return managerOf(command.manager)?.cacheDirectories.map(({ path }) => path) ?? [];
}

function isHeldByMount(run: RunView, command: PackageCommand, what: Leftover): boolean {
  if (run.instruction.mounts.length === 0) return false;
  const folders = foldersOf(command, what);
  return writableMounts(run).some(({ target }) =>
    folders.some((folder) => isWithin(target, folder) || isWithin(`${target}`, `${folder}/archives`)),
  );
}

/** Place in the script of the last clean-up; -1 without one. */
function cleanedAt(run: RunView, command: PackageCommand, what: Leftover): number {
  let last = -1;
  for (const { invocation } of cleanUps(run, command.family, what)) {
    // A function is defined before it is called, and nobody says where that is.
    const at = invocation.onlyIf === "function" ? Number.MAX_SAFE_INTEGER : invocation.index;
    if (at > last) last = at;
  }
  for (const invocation of run.commands) {
    // `trap 'rm -rf …' EXIT`, and a script of the image's own: `docker-clean`, `cleanup.sh`.
    if (invocation.name === "trap") return Number.MAX_SAFE_INTEGER;
    if (invocation.name?.includes("clean") === true && invocation.index > last) last = invocation.index;
  }
  return last;
}

/** A word of a RUN that removes what a manager left behind. */
export interface CleanUp {
  readonly invocation: PackageCommand["invocation"];
  /** The program and its verb, as people call it: `rm`, `dnf clean`. */
  readonly said: string;
  /** The program. */
  readonly range: Range;
}

/** Clean-ups of a manager in a RUN, by its own verb or by the removal of its folders. */
export function cleanUps(run: RunView, family: PackageFamily, what: Leftover): readonly CleanUp[] {
  const found: CleanUp[] = [];
  for (const command of run.packages) {
    if (command.family !== family || !isCleanVerb(command, what)) continue;
    const { invocation, verb, manager } = command;
    found.push({ invocation, said: `${manager} ${verb}`, range: invocation.nameRange });
  }
  const { removedPaths } = run.facts;
  if (removedPaths.length === 0) return found;
  const folders = folderNames(family, what, run);
  for (const { path, invocation, isFiltered } of removedPaths) {
    if (isFiltered || path === undefined) continue;
    const expanded = path.startsWith("~/") || path.startsWith("$HOME/") ? atHome(path, run) : path;
    const whole = absolutePath(run, withoutGlob(expanded), invocation);
    if (whole === undefined || whole === "/" || !folders.some((folder) => isWithin(whole, folder))) continue;
    found.push({ invocation, said: invocation.name ?? "rm", range: invocation.nameRange });
  }
  return found;
}

function atHome(path: string, run: RunView): string {
  return `${homeOf(run) ?? "/root"}${path.slice(path.indexOf("/"))}`;
}

/** `/var/lib/apt/lists/*`, `/var/cache/libdnf5*`: the folder whose content goes. */
function withoutGlob(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  const slash = trimmed.lastIndexOf("/");
  if (!/[*?[]/.test(trimmed.slice(slash + 1))) return trimmed;
  return slash === -1 ? "." : trimmed.slice(0, slash);
}

const FOLDERS: { readonly [Family in PackageFamily]?: readonly string[] } = {
  apk: ["/var/cache/apk", "/etc/apk/cache"],
  yum: ["/var/cache/yum", "/var/cache/dnf", "/var/cache/libdnf5", "/var/cache/tdnf"],
  zypper: ["/var/cache/zypp"],
  pacman: ["/var/cache/pacman/pkg"],
  pip: ["~/.cache/pip"],
  uv: ["~/.cache/uv"],
  npm: ["~/.npm"],
  conda: ["/opt/conda/pkgs"],
  yarn: ["/usr/local/share/.cache/yarn", "~/.cache/yarn", "~/.yarn/berry/cache"],
  gem: ["/usr/local/bundle/cache"],
  composer: ["~/.composer/cache", "~/.cache/composer"],
};

function folderNames(family: PackageFamily, what: Leftover, run: RunView): readonly string[] {
  if (family === "apt")
    return what === "lists" ? ["/var/lib/apt/lists"] : ["/var/cache/apt", "/var/cache/apt/archives"];
  return (FOLDERS[family] ?? []).map((folder) => (folder.startsWith("~/") ? atHome(folder, run) : folder));
}

/** Verbs called clean that remove something else than what was fetched. */
const OTHER_CLEANING: ReadonlySet<PackageFamily> = new Set<PackageFamily>([
  "go",
  "cargo",
  "bundle",
  "gem",
  "maven",
  "gradle",
]);

function isCleanVerb({ family, action, verb, options }: PackageCommand, what: Leftover): boolean {
  if (action !== "clean" || OTHER_CLEANING.has(family)) return false;
  if (family === "apt") return verb === "distclean" || (what === "archives" && verb !== "autoclean");
  if (family === "pip") return verb === "cache purge";
  if (family === "apk") return options.operands[0]?.value === "clean" || options.operands[0]?.value === "purge";
  if (family !== "yum") return true;
  const parts = options.operands.map(({ value }) => value);
  return parts.length === 0 || parts.includes("all") || parts.includes("packages") || parts.includes(undefined);
}

/** Which stages a rule about layers judges. */
export type StageChoice = "shipped" | "inherited" | "all";

/**
 * Whether the layers of a stage are judged: with `shipped` those of the target's chain, with `inherited` also those that
 * another stage of the file starts from.
 */
export function isJudged(stage: StageView, choice: StageChoice): boolean {
  if (stage.isWindows) return false;
  if (choice === "all" || stage.isShipped) return true;
  return choice === "inherited" && stage.build.stages.some(({ parent }) => parent === stage);
}
