import { mayBringCommand, packageCommands } from "../data/package-contents.js";
import type { Step } from "../dockerfile/evaluate.js";
import { baseName } from "../files/path.js";
import type { Certainty, CopyView, RunView, StageView } from "./model.js";

/** What the layers of a lineage do to the programs on PATH. */
interface ProgramChanges {
  readonly added: ReadonlySet<string>;
  readonly removed: ReadonlySet<string>;
  /** Packages that the table does not list; each may bring a program of its name. */
  readonly unlisted: readonly string[];
  /** Whether something may have added programs that nobody can see here. */
  readonly isOpaque: boolean;
}

/** Folders of the usual PATH, with a trailing slash. */
const PATH_FOLDERS = ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/"] as const;

/** Managers whose packages bring programs of the operating system; others (pip, npm) put theirs on PATH under own names. */
const SYSTEM_FAMILIES: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

const SHELL_BUILTINS: ReadonlySet<string> = new Set(
  ". : [ alias bg break cd command continue echo eval exec exit export false fg getopts hash jobs kill printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset wait".split(
    " ",
  ),
);

/**
 * Answers whether programs are found on PATH at the end of a stage.
 *
 * Certain answers need a base of the table and a lineage whose every step is understood: a piped installer, an unknown
 * script or a package whose programs nobody listed makes everything that is not surely there unknown.
 */
export class ProgramTable {
  readonly #stage: StageView;
  readonly #until: Step | undefined;
  #changes: ProgramChanges | undefined;

  /** @param until a step of the stage: it and those after it do not count; absent: all do */
  constructor(stage: StageView, until?: Step) {
    this.#stage = stage;
    this.#until = until;
  }

  /** @param name program without folder; shell built-ins count as found where there is a shell */
  has(name: string): Certainty {
    if (SHELL_BUILTINS.has(name) && this.#stage.hasShell !== "no") return "yes";
    this.#changes ??= collectChanges(this.#stage, this.#until);
    const { added, removed, unlisted, isOpaque } = this.#changes;
    if (added.has(name)) return "yes";
    const { facts, isScratch } = this.#stage;
    if (isScratch) return isOpaque ? "unknown" : "no";
    if (facts === undefined) return "unknown";
    if (facts.commands.present.has(name)) return removed.has(name) ? "unknown" : "yes";
    if (isOpaque || unlisted.some((packageName) => mayBringCommand(packageName, name))) return "unknown";
    return facts.commands.isComplete || facts.commands.absent.has(name) ? "no" : "unknown";
  }
}

function collectChanges(stage: StageView, until: Step | undefined): ProgramChanges {
  const added = new Set<string>();
  const removed = new Set<string>();
  const unlisted: string[] = [];
  let isOpaque = false;
  for (const member of stage.lineage.toReversed()) {
    for (const layer of member.layers) {
      if (until !== undefined && member === stage && stepOf(layer).index >= until.index) break;
      const seen =
        layer.kind === "run" ? addOfRun(layer.run, { added, removed, unlisted }) : addOfCopy(layer.copy, added);
      if (!seen) isOpaque = true;
    }
  }
  return { added, removed, unlisted, isOpaque };
}

function stepOf(layer: StageView["layers"][number]): Step {
  return layer.kind === "run" ? layer.run.step : layer.copy.step;
}

interface Collected {
  readonly added: Set<string>;
  readonly removed: Set<string>;
  readonly unlisted: string[];
}

/** @returns whether everything that the step may add is listed, or is a package of a known name */
function addOfRun(run: RunView, { added, removed, unlisted }: Collected): boolean {
  let isClear = run.facts.opaque === undefined;
  for (const command of run.packages) {
    if (command.action === "remove") {
      for (const { name } of command.packages) for (const program of programsOf(name)) removed.add(program);
      continue;
    }
    if (command.action !== "install" || command.isDryRun) continue;
    for (const { name, kind } of command.packages) {
      if (kind === "marker") continue;
      if (kind !== "name" || name === undefined) {
        if (SYSTEM_FAMILIES.has(command.family)) isClear = false;
        continue;
      }
      const programs = packageCommands(name);
      if (programs === undefined) unlisted.push(name);
      for (const program of programs ?? []) added.add(program);
    }
  }
  for (const write of run.facts.writes) {
    if (write.path === undefined) isClear = false;
    else if (isOnPath(write.path)) added.add(baseName(write.path));
  }
  return isClear;
}

function programsOf(name: string | undefined): readonly string[] {
  return name === undefined ? [] : (packageCommands(name) ?? []);
}

/** @returns whether everything that the step may add to PATH is listed */
function addOfCopy(copy: CopyView, added: Set<string>): boolean {
  const { destination } = copy;
  if (destination === undefined) return false;
  let isClear = true;
  for (const { path, kind } of copy.sources) {
    if (kind === "heredoc") {
      if (isOnPath(destination)) added.add(baseName(destination));
      continue;
    }
    if (path === undefined) return false;
    const name = baseName(path.replace(/\/+$/, ""));
    if (isOnPath(destination) && !copy.isFolder) added.add(baseName(destination));
    else if (isPathFolder(destination) && name !== "" && name !== "." && !hasGlob(name)) added.add(name);
    // A folder or a glob into a folder of PATH, or above one, may bring anything.
    if (
      (isPathFolder(destination) && (name === "" || name === "." || hasGlob(name) || copy.from.kind !== "context")) ||
      (isAbovePath(destination) && !isOneFile(copy, path))
    ) {
      isClear = false;
    }
  }
  return isClear;
}

/** A file of the context that is copied as it is, beside the folders of PATH. */
function isOneFile({ from, instruction, stage: { build } }: CopyView, path: string): boolean {
  const { context } = build;
  return (
    from.kind === "context" &&
    instruction.keyword === "COPY" &&
    context.kind === "local" &&
    !hasGlob(path) &&
    context.kindOf(path) === "file"
  );
}

function hasGlob(name: string): boolean {
  return /[*?[]/.test(name);
}

function isOnPath(path: string): boolean {
  return PATH_FOLDERS.some((folder) => path.startsWith(folder) && !path.slice(folder.length).includes("/"));
}

function isPathFolder(path: string): boolean {
  const folder = path.endsWith("/") ? path : `${path}/`;
  return PATH_FOLDERS.some((candidate) => candidate === folder);
}

/** A destination whose content may hold a folder of PATH: `/`, `/usr`, `/usr/local`. */
function isAbovePath(path: string): boolean {
  const folder = path.endsWith("/") ? path : `${path}/`;
  return PATH_FOLDERS.some((candidate) => candidate !== folder && candidate.startsWith(folder));
}
