import type { PackageFamily } from "../data/package-managers.js";
import { isWithin } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { RunView, StageView } from "./model.js";
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

/** Refreshes of a RUN after which the RUN neither installs nor upgrades, nor does what nobody can see. */
export function loneRefreshes(run: RunView): readonly PackageCommand[] {
  const found: PackageCommand[] = [];
  for (const command of run.packages) {
    if (command.action !== "refresh" || !SYSTEM_FAMILIES.has(command.family)) continue;
    if (command.invocation.onlyIf === "function") continue;
    if (!holdsLists(run, command.family) && !isUsedLater(command, run)) found.push(command);
  }
  // Of several in one RUN only the last is the one that the others lead to.
  return found.slice(-1);
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

/** Installs of a stage that no refresh in their own RUN precedes: the first of each RUN, and what they read. */
export function listUses(stage: StageView): readonly ListUse[] {
  const found: ListUse[] = [];
  for (const run of stage.runs) {
    for (const command of run.packages) {
      const use = isListInstall(command, run) && !isRefreshed(command, run) ? useOf(command, run) : undefined;
      if (use === undefined) continue;
      // One missing refresh is missing once.
      if (use.kind === "stale" || !found.some(({ kind }) => kind === "never")) found.push(use);
      break;
    }
  }
  return found;
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

function useOf(command: PackageCommand, run: RunView): ListUse | undefined {
  const { family } = command;
  const [base] = run.stage.lineage.slice(-1);
  for (const member of run.stage.lineage) {
    const runs = member === run.stage ? member.runs.filter(({ step }) => step.index < run.step.index) : member.runs;
    for (const earlier of runs.toReversed()) {
      const refresh = earlier.packages.findLast((other) => other.family === family && refreshes(other));
      if (refresh !== undefined) return staleUse(command, { run: earlier, command: refresh });
      if (mayRefresh(earlier, () => true)) return undefined;
    }
    if (member.copies.some(({ destination }) => destination === undefined || isWithin("/var/lib/apt", destination)))
      return undefined;
  }
  return base === undefined || family !== "apt" ? undefined : neverUse(command, run);
}

function staleUse(command: PackageCommand, refresh: ListRefresh): ListUse | undefined {
  // A refresh that stands alone is the cause, and is reported there.
  if (loneRefreshes(refresh.run).some((lone) => lone.family === command.family)) return undefined;
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
