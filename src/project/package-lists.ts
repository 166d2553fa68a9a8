import type { PackageFamily } from "../data/package-managers.js";
import { isWithin } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { SYSTEM_FAMILIES, uncleanFetches } from "./system-caches.js";

/** A refresh of package lists, and the RUN that it is in. */
export interface ListRefresh {
  readonly run: RunView;
  readonly command: PackageCommand;
}

/** An install, and what is known of the lists that it reads. */
export type ListUse =
  /** Refreshed by an earlier RUN; `isGone` when that RUN also removed them. */
  | {
      readonly kind: "stale";
      readonly command: PackageCommand;
      readonly refresh: ListRefresh;
      readonly isGone: boolean;
    }
  /** Nothing in the chain refreshes them, and the base has none. */
  | { readonly kind: "never"; readonly command: PackageCommand; readonly isCertain: boolean };

/** The last refresh of a RUN, if the RUN then neither installs nor upgrades, nor does what nobody can see. */
export function loneRefresh(run: RunView): PackageCommand | undefined {
  // What uses the last refresh uses those before it, too.
  const last = run.packages.findLast(({ action, family }) => action === "refresh" && SYSTEM_FAMILIES.has(family));
  if (last === undefined || last.invocation.onlyIf === "function") return undefined;
  return holdsLists(run, last.family) || isUsedLater(last, run) ? undefined : last;
}

function isUsedLater({ invocation }: PackageCommand, run: RunView): boolean {
  const { packages, facts, commands, script } = run;
  const isLater = (other: Invocation) => other.index > invocation.index;
  if (packages.some((other) => isLater(other.invocation) && usesLists(other))) return true;
  if (facts.opaqueCommands.some((fact) => fact.invocation === undefined || isLater(fact.invocation))) return true;
  return commands.some(
    (other) => isLater(other) && (mayInstall(other) || script?.functions.has(other.name ?? "") === true),
  );
}

function usesLists({ family, action, verb }: PackageCommand): boolean {
  if (!SYSTEM_FAMILIES.has(family)) return false;
  if (action === "install" || action === "upgrade" || action === "download") return true;
  // A verb that is a variable, and queries.
  return action === "other" && (verb === "" || family === "apt");
}

/** Programs that read the lists, or install by them. */
const READERS: ReadonlySet<string> = new Set(
  "apt-cache apt-file apt-fast apt-rdepends apt-listbugs gdebi nala tasksel mk-build-deps install_packages install-php-extensions unattended-upgrade dselect do-release-upgrade".split(
    " ",
  ),
);

function mayInstall({ name, args }: Invocation): boolean {
  if (name !== undefined && READERS.has(name)) return true;
  // `npx playwright install --with-deps`
  return args.some(({ shape }) => shape === "install-deps" || shape === "--with-deps");
}

/** Whether a mount of any kind lies over the lists of a manager. */
function holdsLists(run: RunView, family: PackageFamily): boolean {
  if (run.instruction.mounts.length === 0) return false;
  const folder = family === "apt" ? "/var/lib/apt/lists" : family === "apk" ? "/var/cache/apk" : "/var/cache";
  return ["cache", "tmpfs", "bind"].some((type) =>
    run
      .mountTargets(type)
      .some((target) => isWithin(target, folder) || isWithin(folder, target) || target === "/etc/apk/cache"),
  );
}

/** Managers that install from whatever lists are there; the others look whether theirs are old. */
const TRUSTING: ReadonlySet<PackageFamily> = new Set<PackageFamily>(["apt", "apk", "pacman"]);

/** What is known of the lists of a manager at the end of a stage, by family; absent: nothing has touched them. */
type ListStates = ReadonlyMap<PackageFamily, ListRefresh | "unknown">;

interface StageLists {
  readonly uses: readonly ListUse[];
  readonly states: ListStates;
}

const known = new ModelMemo<StageView, StageLists>();

/** Installs of a stage that no refresh in their own RUN precedes: the first of each RUN, and what they read. */
export function listUses(stage: StageView): readonly ListUse[] {
  return listsOf(stage).uses;
}

function listsOf(stage: StageView): StageLists {
  const done = known.get(stage);
  if (done !== undefined) return done;
  // From the bottom up, and not by recursion: a hostile file has thousands of stages, each made from the one before.
  let lists: StageLists = { uses: [], states: new Map() };
  for (const member of stage.lineage.toReversed()) {
    lists = known.get(member) ?? readStage(member, lists.states);
    known.set(member, lists);
  }
  return lists;
}

function readStage(stage: StageView, below: ListStates): StageLists {
  const states = new Map(below);
  const uses: ListUse[] = [];
  for (const layer of stage.layers) {
    if (layer.kind === "copy") {
      const { destination } = layer.copy;
      if (destination === undefined || isWithin("/var/lib/apt", destination)) states.set("apt", "unknown");
      continue;
    }
    const { run } = layer;
    const use = firstUse(run, states);
    // One missing refresh is missing once.
    if (use?.kind === "stale" || (use !== undefined && !uses.some(({ kind }) => kind === "never"))) uses.push(use);
    addRun(run, states);
  }
  return { uses, states };
}

/** The first install of a RUN that reads lists which the RUN has not refreshed; undefined when nothing is wrong with them. */
function firstUse(run: RunView, states: ListStates): ListUse | undefined {
  const command = run.packages.find((one) => isListInstall(one, run));
  if (command === undefined || isRefreshed(command, run)) return undefined;
  const state = states.get(command.family);
  if (state === "unknown") return undefined;
  if (state !== undefined) return staleUse(command, state);
  return command.family === "apt" ? neverUse(command, run) : undefined;
}

function addRun(run: RunView, states: Map<PackageFamily, ListRefresh | "unknown">): void {
  const isOpen = mayRefresh(run, () => true);
  for (const family of TRUSTING) if (isOpen) states.set(family, "unknown");
  for (const command of run.packages) {
    if (TRUSTING.has(command.family) && refreshes(command)) states.set(command.family, { run, command });
  }
}

function isListInstall(
  { family, action, packages, options, isDryRun, invocation }: PackageCommand,
  run: RunView,
): boolean {
  if (!TRUSTING.has(family) || action !== "install" || isDryRun || invocation.isTolerated) return false;
  // A function is defined in one place and called in another.
  if (invocation.onlyIf === "function") return false;
  if (
    options.has("--no-cache", "-U", "--update", "--update-cache", "--no-download", "--no-network", "-y") &&
    family !== "apt"
  )
    return false;
  if (family === "apt" && options.has("--no-download")) return false;
  if (packages.length === 0 || packages.every(({ kind }) => kind === "local")) return false;
  return !holdsLists(run, family);
}

/** Whether something in the same RUN, before an install, refreshed the lists or may have done so. */
function isRefreshed({ family, invocation }: PackageCommand, run: RunView): boolean {
  const isEarlier = (other: Invocation) => other.index < invocation.index;
  if (run.packages.some((other) => isEarlier(other.invocation) && other.family === family && refreshes(other)))
    return true;
  if (mayRefresh(run, isEarlier)) return true;
  return run.commands.some((other) => isEarlier(other) && run.script?.functions.has(other.name ?? "") === true);
}

function refreshes({ action, options, family }: PackageCommand): boolean {
  if (action === "refresh") return true;
  if (family === "pacman") return options.has("-y", "--refresh");
  // Without a folder for lists, or with `-U`, apk fetches them for the command.
  return family === "apk" && options.has("-U", "--update", "--update-cache");
}

function mayRefresh({ facts, commands }: RunView, isEarlier: (other: Invocation) => boolean): boolean {
  if (facts.opaqueCommands.some(({ invocation }) => invocation === undefined || isEarlier(invocation))) return true;
  // It refreshes the lists after it has added a source.
  return commands.some((other) => isEarlier(other) && (other.name === "add-apt-repository" || mayInstall(other)));
}

function staleUse(command: PackageCommand, refresh: ListRefresh): ListUse | undefined {
  // A refresh that stands alone is the cause, and is reported there.
  if (loneRefresh(refresh.run)?.family === command.family) return undefined;
  if (holdsLists(refresh.run, command.family)) return undefined;
  const isGone = command.family === "apt" && uncleanFetches(refresh.run, "apt", "lists").length === 0;
  return { kind: "stale", command, refresh, isGone };
}

/** Debian and Ubuntu publish images without lists, and the official images that are made from them remove theirs. */
function neverUse(command: PackageCommand, run: RunView): ListUse | undefined {
  const { facts } = run.stage;
  const family = facts?.os?.family;
  if (facts === undefined || facts.hasOnbuild || (family !== "debian" && family !== "ubuntu")) return undefined;
  if (!facts.repository.startsWith("docker.io/library/")) return undefined;
  const isPlain = facts.repository === "docker.io/library/debian" || facts.repository === "docker.io/library/ubuntu";
  return { kind: "never", command, isCertain: isPlain && command.invocation.onlyIf === "none" };
}
