import { resolvePath } from "../dockerfile/container-path.js";
import { baseName, isWithin } from "../files/path.js";
import type { OwnershipFact } from "../shell/fact-model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { userStateOf } from "./users.js";

/** A step that fails because a COPY or ADD left files to root. */
export interface BlockedWrite {
  readonly copy: CopyView;
  readonly run: RunView;
  /** The command that fails. */
  readonly range: Range;
  /** As people write it: `npm ci`, `chmod`. */
  readonly what: string;
  /** `file`: it changes what was copied, so that an owner for the copy mends it; `folder`: root also made the folder. */
  readonly needs: "file" | "folder";
  /** What cannot be written. */
  readonly path: string;
}

/** Managers that write into the folder they run in. */
const FOLDER_MANAGERS: ReadonlySet<string> = new Set(["npm", "yarn", "pnpm", "bun", "composer"]);
/** Folders that a base may have given to a user of its own. */
const BASE_FOLDERS = ["/home", "/var/www", "/tmp", "/var/tmp", "/go", "/usr/local", "/github"] as const;

/**
 * Steps of a stage that run as another user than root and change what COPY or ADD without `--chown` made root's. Only
 * what is sure to fail: a later `chown` or `chmod`, a script that nobody can read, or an unknown path ends the trail.
 */
export function blockedWrites(stage: StageView): readonly BlockedWrite[] {
  const found: BlockedWrite[] = [];
  // Most stages do everything as root, or nothing after they stop being root.
  if (!stage.runs.some(({ user }) => user.isRoot === "no")) return found;
  let copies: CopyView[] = [];
  const rootFolders = new Set<string>();
  for (const member of stage.lineage.toReversed()) {
    for (const event of eventsOf(member)) {
      if (event.kind === "workdir") {
        if (event.isRoots && !BASE_FOLDERS.some((folder) => isWithin(folder, event.path))) rootFolders.add(event.path);
        continue;
      }
      if (event.kind === "copy") {
        if (isRoots(event.copy)) copies.push(event.copy);
        continue;
      }
      const { run } = event;
      if (run.user.isRoot === "no") {
        if (member === stage && copies.length > 0) found.push(...blockedIn(run, copies, rootFolders));
        continue;
      }
      copies = remainingAfter(run, copies, rootFolders);
    }
  }
  return found;
}

type Event =
  | { readonly kind: "workdir"; readonly path: string; readonly isRoots: boolean }
  | { readonly kind: "copy"; readonly copy: CopyView }
  | { readonly kind: "run"; readonly run: RunView };

/** Layers of a stage, and the folders that its WORKDIRs make: they belong to the user in effect. */
function* eventsOf(stage: StageView): Iterable<Event> {
  const layers = new Map(stage.layers.map((layer) => [layer.kind === "run" ? layer.run.step : layer.copy.step, layer]));
  const { steps, state } = stage.evaluated;
  for (const step of steps) {
    const layer = layers.get(step);
    if (layer !== undefined) yield layer;
    if (step.instruction.keyword !== "WORKDIR") continue;
    const { path } = (steps[step.index + 1]?.state ?? state).workdir;
    if (path !== undefined) yield { kind: "workdir", path, isRoots: userStateOf(stage, step.state).isRoot === "yes" };
  }
}

function isRoots({ chown, destination, instruction, isOnbuild }: CopyView): boolean {
  return chown === undefined && destination !== undefined && instruction.chmod === undefined && !isOnbuild;
}

/** What is still root's after a step of root. */
function remainingAfter(run: RunView, copies: readonly CopyView[], rootFolders: Set<string>): CopyView[] {
  const { ownership, opaque, accounts } = run.facts;
  for (const { home } of accounts) if (home !== undefined) rootFolders.delete(home);
  if (ownership.length === 0 && opaque === undefined) return [...copies];
  const paths = ownership.flatMap((fact) => pathsOf(fact, run));
  if (opaque !== undefined || paths.includes(undefined)) {
    rootFolders.clear();
    return [];
  }
  const isTouched = (folder: string) =>
    paths.some((path) => path !== undefined && (isWithin(path, folder) || isWithin(folder, path)));
  for (const folder of [...rootFolders]) if (isTouched(folder)) rootFolders.delete(folder);
  return copies.filter(({ destination }) => destination !== undefined && !isTouched(destination));
}

/** Absolute paths of a command; undefined for those that nobody can know. */
function pathsOf({ paths, invocation }: OwnershipFact, run: RunView): readonly (string | undefined)[] {
  return paths.map((word) => (word.hasGlob ? undefined : absolute(word.value, run, invocation.index)));
}

function absolute(path: string | undefined, run: RunView, index: number): string | undefined {
  if (path === undefined || path.startsWith("~")) return undefined;
  if (path.startsWith("/")) return resolvePath("/", path);
  const hasMoved = run.commands.some(
    (command) => command.index < index && (command.name === "cd" || command.name === "pushd"),
  );
  return hasMoved || run.workdir === undefined ? undefined : resolvePath(run.workdir, path);
}

function* blockedIn(
  run: RunView,
  copies: readonly CopyView[],
  rootFolders: ReadonlySet<string>,
): Iterable<BlockedWrite> {
  for (const fact of run.facts.ownership) {
    const { invocation, tool } = fact;
    if (tool === "install" || invocation.onlyIf !== "none" || invocation.isTolerated || isElevated(invocation.wrappers))
      continue;
    for (const path of pathsOf(fact, run)) {
      const copy = path === undefined ? undefined : copies.findLast((each) => landsAt(each, path));
      if (copy === undefined || path === undefined) continue;
      yield { copy, run, range: invocation.range, what: tool, needs: "file", path };
      break;
    }
  }
  for (const { path: written, by, invocation, range } of run.facts.writes) {
    if (by !== "redirect" && by !== "edit" && by !== "touch") continue;
    if (invocation.onlyIf !== "none" || invocation.isTolerated || isElevated(invocation.wrappers)) continue;
    const path = absolute(written, run, invocation.index);
    const copy = path === undefined ? undefined : copies.findLast((each) => landsAt(each, path));
    if (copy === undefined || path === undefined) continue;
    yield { copy, run, range, what: invocation.name ?? "this step", needs: "file", path };
  }
  for (const command of run.packages) yield* blockedInstall(run, command, { copies, rootFolders });
}

function* blockedInstall(
  run: RunView,
  { action, family, isGlobal, isDryRun, invocation, options, verb, manager }: PackageCommand,
  { copies, rootFolders }: { readonly copies: readonly CopyView[]; readonly rootFolders: ReadonlySet<string> },
): Iterable<BlockedWrite> {
  if ((action !== "install" && action !== "lock-install") || !FOLDER_MANAGERS.has(family) || isGlobal || isDryRun)
    return;
  if (invocation.onlyIf !== "none" || invocation.isTolerated || isElevated(invocation.wrappers)) return;
  if (options.has("--prefix", "-C", "--cwd", "--dir", "--modules-folder", "-d", "--working-dir")) return;
  const path = absolute(".", run, invocation.index);
  if (path === undefined || (path !== "/" && !rootFolders.has(path))) return;
  if (["bind", "cache", "tmpfs"].some((type) => run.mountTargets(type).some((target) => isWithin(path, target))))
    return;
  const copy = copies.findLast(
    ({ destination }) =>
      destination !== undefined && isWithin(path, destination) && (path !== "/" || destination === "/"),
  );
  if (copy === undefined) return;
  yield { copy, run, range: invocation.range, what: `${manager} ${verb}`.trim(), needs: "folder", path };
}

/** Whether a path is a file that a COPY names: its destination, or a source of that name in the folder it goes to. */
function landsAt({ destination, isFolder, sources }: CopyView, path: string): boolean {
  if (destination === undefined) return false;
  if (path === destination && !isFolder) return true;
  return sources.some(({ kind, path: source }) => {
    if (kind !== "path" || source === undefined || /[*?[]/.test(source)) return false;
    const name = baseName(source);
    return name !== "" && name !== "." && path === (destination === "/" ? `/${name}` : `${destination}/${name}`);
  });
}

function isElevated(wrappers: readonly { readonly name: string }[]): boolean {
  return wrappers.some(({ name }) => name === "sudo" || name === "doas");
}
