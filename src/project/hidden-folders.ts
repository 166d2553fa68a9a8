import type { Mount, Service } from "../compose/model.js";
import { baseName, isWithin, joinPath, relativePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { dependencyInstalls } from "./dependency-installs.js";
import type { CopyView, Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** A path that the build of an image fills with something that is not in the project's folder. */
export interface FilledPath {
  /** Absolute; a file or a folder. */
  readonly path: string;
  /** `dependencies`: what a package manager installs; `copied`: what another stage made. */
  readonly what: "dependencies" | "copied";
  readonly stage: StageView;
  /** The command, or the COPY, that fills it. */
  readonly range: Range;
}

/** A mount of a service, and what the build put there. */
export interface HidingMount {
  readonly mount: Mount;
  /** `seeded`: a named volume, which takes the content of the first image and keeps it. */
  readonly effect: "hidden" | "seeded";
  /** At least one, in the order of the Dockerfile. */
  readonly paths: readonly FilledPath[];
}

const filledPaths = new ModelMemo<StageView, readonly FilledPath[]>();

/** What the stages of a lineage fill by installing, or with files of other stages; the parents' first. */
export function pathsFilledBy(stage: StageView): readonly FilledPath[] {
  let paths = filledPaths.get(stage);
  if (paths === undefined) {
    paths = stage.lineage.toReversed().flatMap((member) => [...readStage(member)]);
    filledPaths.set(stage, paths);
  }
  return paths;
}

/** Mounts of a service that cover what its image was built with, and that no deeper mount uncovers; in order. */
export function hidingMounts(service: Service, project: Project): readonly HidingMount[] {
  const mounts = service.mounts.filter(isHiding);
  if (mounts.length === 0) return [];
  const image = project.imageOf(service);
  if (image.kind !== "stage" || image.stage.isWindows) return [];
  const hidden = new Map<Mount, FilledPath[]>();
  for (const filled of pathsFilledBy(image.stage)) {
    const mount = deepestAt(filled.path, service);
    if (mount === undefined || !mounts.includes(mount) || isMeant(mount, filled, project)) continue;
    if (filled.what === "dependencies" && installsAtStart(service, image.stage)) continue;
    const list = hidden.get(mount);
    if (list === undefined) hidden.set(mount, [filled]);
    else if (!list.some(({ path }) => path === filled.path)) list.push(filled);
  }
  return [...hidden].map(([mount, paths]) => ({ mount, effect: effectOf(mount), paths }));
}

function isHiding({ type, from, targetPath }: Mount): boolean {
  if (targetPath === undefined || targetPath === "/" || from === "secrets" || from === "configs") return false;
  return type === "bind" || type === "volume" || type === "tmpfs";
}

function effectOf({ type, nocopy }: Mount): HidingMount["effect"] {
  return type === "volume" && nocopy?.value !== true ? "seeded" : "hidden";
}

/** The mount that a process sees at a path: of those at it or above it the longest. */
function deepestAt(path: string, service: Service): Mount | undefined {
  let deepest: Mount | undefined;
  for (const mount of service.mountsAt(path)) {
    if ((mount.targetPath?.length ?? 0) >= (deepest?.targetPath?.length ?? 0)) deepest = mount;
  }
  return deepest;
}

/** Folders that are there to be written to, and so to be kept. */
const STATE = /^(?:\.?cache|data|database|db|logs?|media|run|state|storage|tmp|uploads?|var)$/i;

function isMeant(mount: Mount, { path, what }: FilledPath, project: Project): boolean {
  const { targetPath = "", hostPath, type } = mount;
  // A volume for the dependencies alone is how people bring them back.
  if (type === "volume" && what === "dependencies" && targetPath === path) return true;
  if (type !== "bind") return STATE.test(baseName(targetPath)) || STATE.test(baseName(path));
  if (hostPath === undefined || !hostPath.startsWith("/")) return true;
  const isSame = targetPath === path;
  // One file, or a folder of that very name, in the place of what the image has: that is what it is for.
  if (isSame && (STATE.test(baseName(path)) || /\.[a-z]+$/i.test(baseName(path)))) return true;
  const behind = isSame ? hostPath : joinPath(hostPath, relativePath(targetPath, path));
  return !isSame && project.exists(behind) && !project.isGitIgnored(behind) && !project.isGitIgnored(`${behind}/x`);
}

const INSTALLS = /\b(?:install|ci|sync|bundle|setup|bootstrap)\b/;

/** Whether the container installs when it starts, so that what was hidden comes back. */
function installsAtStart({ command, entrypoint }: Service, stage: StageView): boolean {
  const texts = [command, entrypoint].flatMap((each) => each?.words.map(({ text }) => text) ?? []);
  if (texts.some((text) => INSTALLS.test(text) || /\.sh$/.test(text))) return true;
  const started = [
    ...(entrypoint === undefined ? (stage.entrypoint?.commands ?? []) : []),
    ...(command === undefined ? (stage.command?.commands ?? []) : []),
  ];
  return started.some(({ name = "", args }) => {
    // A script may do anything.
    return (
      /\.sh$/.test(name) || args.some(({ value }) => value === undefined || INSTALLS.test(value) || /\.sh$/.test(value))
    );
  });
}

function* readStage(stage: StageView): Iterable<FilledPath> {
  if (stage.layers.length === 0) return;
  for (const layer of stage.layers) {
    if (layer.kind === "run") yield* ofRun(layer.run, stage);
    else yield* ofCopy(layer.copy, stage);
  }
}

function* ofRun(run: RunView, stage: StageView): Iterable<FilledPath> {
  for (const { ecosystem, command, folder, range } of dependencyInstalls(run)) {
    const name = command?.isGlobal === true ? undefined : folderOfDependencies(ecosystem, command?.family, run);
    if (name === undefined || folder === undefined || movesAway(stage, name)) continue;
    const path = joinPath(folder, name);
    // What a mount of the build holds is not in the image.
    if (["cache", "tmpfs", "bind"].some((type) => run.mountTargets(type).some((target) => isWithin(target, path))))
      continue;
    yield { path, what: "dependencies", stage, range };
  }
}

/** Where a manager puts what it installs, seen from the manifest; undefined when that is outside of the project. */
function folderOfDependencies(ecosystem: string, family: string | undefined, run: RunView): string | undefined {
  if (ecosystem === "node") return "node_modules";
  if (family === "composer") return run.step.lookup("COMPOSER_VENDOR_DIR").kind === "known" ? undefined : "vendor";
  if (family !== "uv") return undefined;
  return run.step.lookup("UV_PROJECT_ENVIRONMENT").kind === "known" ? undefined : ".venv";
}

/** Whether a command of the stage puts the folder elsewhere: `mv node_modules /opt`. */
function movesAway({ runs }: StageView, name: string): boolean {
  return runs.some(({ commands }) =>
    commands.some((command) => {
      if (command.name !== "mv" && command.name !== "ln" && command.name !== "rm") return false;
      return command.args.some(({ value }) => value?.split("/").includes(name));
    }),
  );
}

const DEPENDENCY_FOLDERS: ReadonlySet<string> = new Set(["node_modules", "vendor", ".venv", "venv"]);

function* ofCopy(copy: CopyView, stage: StageView): Iterable<FilledPath> {
  const { from, destination, isFolder, sources, instruction } = copy;
  if (from.kind !== "stage" || destination === undefined || copy.isOnbuild) return;
  for (const { path: source, range } of sources) {
    if (source === undefined) continue;
    const name = baseName(source.replace(/\/+$/, ""));
    const hasOneName = isFolder && /\.[A-Za-z0-9]+$/.test(name) && !/[*?[]/.test(name);
    const path = hasOneName ? joinPath(destination, name) : destination;
    const what = DEPENDENCY_FOLDERS.has(baseName(path)) ? "dependencies" : "copied";
    yield { path, what, stage, range: sources.length === 1 ? instruction.range : range };
  }
}
