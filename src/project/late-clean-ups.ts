import type { PackageFamily } from "../data/package-managers.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { keptCaches } from "./language-caches.js";
import type { Build, RunView } from "./model.js";
import { cleanUps, SYSTEM_FAMILIES, uncleanFetches } from "./system-caches.js";

/** What a package manager left in a layer, and a clean-up that comes too late or never. */
export type LateCleanUp =
  | {
      readonly kind: "cache";
      readonly range: Range;
      /** What cleans up: `rm`, `dnf clean`. */
      readonly said: string;
      /** What stays, for people: `these lists`. */
      readonly what: string;
      readonly fetch: Range;
    }
  /** Packages for building only; `isCertain` when they have a name of their own. */
  | { readonly kind: "virtual"; readonly range: Range; readonly name: string; readonly isCertain: boolean }
  | { readonly kind: "del-cache"; readonly range: Range };

/** Later RUNs looked at for the removal of packages. */
const MOST_RUNS = 300;

/** Longest name of a variable that is compared. */
const LONGEST_NAME = 60;

/** Late clean-ups in the chain of a build's target, in the order of its layers. */
export function lateCleanUps(build: Build): readonly LateCleanUp[] {
  const found: LateCleanUp[] = [];
  const left = new Map<PackageFamily, PackageCommand>();
  const runs = build.chain.toReversed().flatMap((stage) => stage.runs);
  for (const [index, run] of runs.entries()) {
    if (run.isOnbuild) continue;
    if (left.size > 0) addCaches(run, left, found);
    if (run.packages.length === 0) continue;
    addVirtuals(run, runs.slice(index + 1, index + 1 + MOST_RUNS), found);
    addIndexes(run, found);
    for (const command of leftOf(run)) if (!left.has(command.family)) left.set(command.family, command);
  }
  return found;
}

/** Commands of a RUN whose lists or cache stay in its layer. */
function leftOf(run: RunView): readonly PackageCommand[] {
  if (run.script?.partial === true) return [];
  const found: PackageCommand[] = [];
  for (const family of SYSTEM_FAMILIES) {
    const [command] = uncleanFetches(run, family, "lists").filter(({ options }) => !options.has("--no-cache"));
    if (command !== undefined) found.push(command);
  }
  return [...found, ...keptCaches(run)];
}

function addCaches(run: RunView, left: ReadonlyMap<PackageFamily, PackageCommand>, found: LateCleanUp[]): void {
  // On a mount, what is removed is in no layer.
  if (run.instruction.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return;
  const seen = new Set<PackageCommand["invocation"]>();
  for (const [family, fetch] of left) {
    const isFetching = run.packages.some(
      (command) =>
        command.family === family && ["install", "lock-install", "refresh", "upgrade"].includes(command.action),
    );
    if (isFetching) continue;
    const isLists = family === "apt";
    for (const { invocation, said, range } of cleanUps(run, family, isLists ? "lists" : "archives")) {
      if (seen.has(invocation)) continue;
      seen.add(invocation);
      const what = isLists ? "the package lists" : `the files that \`${fetch.manager}\` fetched`;
      found.push({ kind: "cache", range, said, what, fetch: fetch.verbRange });
    }
  }
}

/** Names of packages that only a build needs. */
const BUILD_NAME = /^\.|build|deps|dev/i;

/** Names of packages that the image runs with: `.run-deps`, `.nginx-rundeps`. */
const RUN_NAME = /run|persist/i;

/** Variables that list such packages: `$BUILD_DEPS`, `${PHPIZE_DEPS}`. */
const BUILD_LIST = /^\$\{?(?:PHPIZE_DEPS|\w*(?:BUILD|build)\w*(?:DEPS|Deps|deps|PACKAGES|packages)\w*)\}?$/;

function addVirtuals(run: RunView, later: readonly RunView[], found: LateCleanUp[]): void {
  for (const command of run.packages) {
    const { family, action, virtual, packages } = command;
    if (action !== "install" || (family !== "apk" && family !== "apt")) continue;
    if (virtual !== undefined) {
      const { name, range } = virtual;
      if (name === undefined || !BUILD_NAME.test(name) || RUN_NAME.test(name)) continue;
      if (!isRemoved(name, run, later)) found.push({ kind: "virtual", range, name, isCertain: true });
      continue;
    }
    for (const { range } of packages) {
      const written = range.source.slice(range);
      if (
        written.length > LONGEST_NAME ||
        !written.startsWith("$") ||
        !BUILD_LIST.test(written) ||
        isRemoved(written, run, later)
      )
        continue;
      found.push({ kind: "virtual", range, name: written, isCertain: false });
      // A variable that is known stands for several packages.
      break;
    }
  }
}

/** Whether this RUN removes packages, or may, or a later one does, which is another rule's to judge. */
function isRemoved(name: string, run: RunView, later: readonly RunView[]): boolean {
  // `make` builds; a script of the project may do anything.
  if (run.facts.opaqueCommands.some(({ kind }) => kind !== "installer")) return true;
  const bare = name.replace(/^\$\{?(\w+)\}?$/, "$1");
  return [run, ...later].some(({ packages }) =>
    packages.some(
      ({ action, packages: removed, options }) =>
        action === "remove" &&
        (options.has("--auto-remove", "--autoremove") ||
          removed.some(({ range, shape }) => shape === name || range.source.slice(range).includes(bare))),
    ),
  );
}

/** `apk del` brings its index up to date, as other verbs do. */
function addIndexes(run: RunView, found: LateCleanUp[]): void {
  const removals = run.packages.filter(
    ({ family, action, options }) =>
      family === "apk" && action === "remove" && !options.has("--no-cache", "--no-network"),
  );
  if (removals.length === 0 || run.instruction.mounts.some(({ type }) => type === "cache" || type === "tmpfs")) return;
  const cleaned = cleanUps(run, "apk", "archives").at(-1)?.invocation.index ?? -1;
  for (const { verbRange, invocation } of removals) {
    if (invocation.index > cleaned) found.push({ kind: "del-cache", range: verbRange });
  }
}
