import { resolvePath } from "../dockerfile/container-path.js";
import type { Mount } from "../dockerfile/model.js";
import { isWithin, relativePath } from "../files/path.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { Invocation, Word } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { dependencyInstalls, folderAt } from "./dependency-installs.js";
import type { CommandView, CopyView, RunView, StageView } from "./model.js";

/** A path that is used as if a layer held it, while it was made in a mount and is gone with its RUN. */
export interface MountedArtifact {
  readonly path: string;
  /** Where it is used. */
  readonly range: Range;
  readonly user: "COPY" | "RUN" | "CMD" | "ENTRYPOINT";
  readonly mount: WritableMount;
  /** Stage of the mount. */
  readonly stage: StageView;
}

/** A cache or tmpfs mount of a RUN: what is written there is in no layer. */
export interface WritableMount {
  readonly run: RunView;
  readonly mount: Mount;
  readonly type: "cache" | "tmpfs";
  /** Absolute. */
  readonly target: string;
}

/** Steps of a chain looked at for each use. */
const MOST_STEPS = 300;

/** Cache and tmpfs mounts of a RUN whose target is known. */
export function writableMounts(run: RunView): readonly WritableMount[] {
  const { mounts } = run.instruction;
  if (mounts.length === 0) return [];
  const found: WritableMount[] = [];
  for (const mount of mounts) {
    const { type } = mount;
    if ((type !== "cache" && type !== "tmpfs") || mount.target === undefined) continue;
    const value = run.step.expand(mount.target);
    const target = value.kind === "known" ? resolvePath(run.workdir, value.value) : undefined;
    if (target?.startsWith("/") === true && target !== "/") found.push({ run, mount, type, target });
  }
  return found;
}

/** What COPYs, RUNs, CMD and ENTRYPOINT of a build use of paths that only a mount held. */
export function* mountedArtifacts(stage: StageView): Iterable<MountedArtifact> {
  for (const copy of stage.copies) if (copy.from.kind === "stage") yield* ofCopy(copy, copy.from.stage);
  if (!mountsSomething(stage)) return;
  for (const run of stage.runs) if (!run.isOnbuild) yield* ofRun(run);
  if (stage !== stage.build.target) return;
  for (const view of [stage.entrypoint, stage.command]) if (view !== undefined) yield* ofStart(view, stage);
}

function mountsSomething({ lineage, build }: StageView): boolean {
  return lineage.some(
    (member) =>
      member.build === build &&
      member.runs.some(({ instruction: { mounts } }) =>
        mounts.some(({ type }) => type === "cache" || type === "tmpfs"),
      ),
  );
}

function* ofCopy({ sources }: CopyView, stage: StageView): Iterable<MountedArtifact> {
  if (!mountsSomething(stage)) return;
  for (const { kind, path: written, range } of sources) {
    const path = kind === "path" && written !== undefined ? resolvePath("/", `/${written}`) : undefined;
    const mount = path === undefined ? undefined : mountOf(path, stage, undefined);
    if (path !== undefined && mount !== undefined) yield { path, range, user: "COPY", mount, stage };
  }
}

/** Programs whose operands, but the last, have to exist. */
const READERS: ReadonlySet<string> = new Set(["cp", "mv", "install"]);

function* ofRun(run: RunView): Iterable<MountedArtifact> {
  const own = writableMounts(run).map(({ target }) => target);
  for (const invocation of run.commands) {
    if (invocation.onlyIf !== "none" || invocation.isTolerated) continue;
    for (const word of readBy(invocation)) {
      const path = absolute(word, folderAt(run, invocation));
      if (path === undefined || own.some((target) => isWithin(target, path))) continue;
      const mount = mountOf(path, run.stage, run);
      if (mount !== undefined) yield { path, range: word.range, user: "RUN", mount, stage: run.stage };
    }
  }
}

function readBy({ name, words, args }: Invocation): readonly Word[] {
  const [program] = words;
  const found = program?.value?.includes("/") === true ? [program] : [];
  if (name === undefined || !READERS.has(name)) return found;
  const operands = args.filter(({ shape }) => !shape.startsWith("-"));
  return [...found, ...operands.slice(0, -1)];
}

function absolute({ value, hasGlob }: Word, folder: string | undefined): string | undefined {
  if (value === undefined || hasGlob || value.startsWith("~")) return undefined;
  return resolvePath(folder, value);
}

function* ofStart(view: CommandView, stage: StageView): Iterable<MountedArtifact> {
  const { keyword } = view.instruction;
  if (keyword !== "CMD" && keyword !== "ENTRYPOINT") return;
  for (const { words } of view.commands) {
    for (const word of words) {
      if (word.value?.includes("/") !== true || word.value.includes("://")) continue;
      const path = absolute(word, stage.workdir);
      const mount = path === undefined ? undefined : mountOf(path, stage, undefined);
      if (path !== undefined && mount !== undefined) yield { path, range: word.range, user: keyword, mount, stage };
    }
  }
}

/**
 * The mount that held a path when it was made, last one first; undefined when a layer may hold the path too: another step,
 * a COPY or a script that nobody can read may bring it.
 *
 * @param before only steps before this RUN count; undefined for the end of the stage
 */
function mountOf(path: string, stage: StageView, before: RunView | undefined): WritableMount | undefined {
  let found: WritableMount | undefined;
  let steps = 0;
  for (const member of stage.lineage) {
    if (member.build !== stage.build) break;
    const { layers } = member;
    const end =
      before?.stage === member ? layers.findIndex((one) => one.kind === "run" && one.run === before) : layers.length;
    for (let index = end - 1; index >= 0; index -= 1) {
      const layer = layers[index];
      steps += 1;
      if (layer === undefined || steps > MOST_STEPS) return undefined;
      if (layer.kind === "copy") {
        if (mayCopy(layer.copy, path)) return undefined;
        continue;
      }
      const mount = writableMounts(layer.run).find(({ target }) => isWithin(target, path));
      if (mount !== undefined) found ??= mount;
      else if (mayMake(layer.run, path)) return undefined;
    }
  }
  // What stands in the base below such a target is there outside of the mount as well.
  return found === undefined || isOfBase(found.target) ? undefined : found;
}

/** Folders that bases come with; people put sources into `/usr/src` and `/opt`. */
function isOfBase(target: string): boolean {
  return /^\/(?:etc|usr|bin|sbin|lib|opt\/(?:conda|java|venv))(?:\/|$)/.test(target) && !target.startsWith("/usr/src/");
}

function mayCopy(copy: CopyView, path: string): boolean {
  const { destination, sources, from, stage, isOnbuild } = copy;
  if (isOnbuild || destination === undefined) return true;
  if (isWithin(path, destination)) return true;
  if (!isWithin(destination, path)) return false;
  if (from.kind !== "context") return true;
  const { context } = stage.build;
  const below = relativePath(destination, path);
  return sources.some(({ kind, path: source }) => {
    if (kind !== "path" || source === undefined) return true;
    // Without a folder to look at: what a build makes is seldom in the context.
    if (context.kind !== "local") return false;
    const inside = /^\.?\/?$/.test(source) ? below : `${source.replace(/^\.?\//, "").replace(/\/$/, "")}/${below}`;
    return context.includes(inside) && context.exists(inside);
  });
}

/** Whether a RUN without the mount may write to a path. */
function mayMake(run: RunView, path: string): boolean {
  if (run.isOnbuild) return true;
  const { writes, opaque } = run.facts;
  if (opaque !== undefined) return true;
  for (const { path: written, invocation, by } of writes) {
    const target = written === undefined ? undefined : resolvePath(folderAt(run, invocation), written);
    if (target === undefined) return true;
    if (isWithin(path, target) || (by !== "mkdir" && by !== "touch" && isWithin(target, path))) return true;
  }
  return (
    run.commands.some((command) => buildEvidence(command) !== undefined) ||
    dependencyInstalls(run).some(({ ecosystem }) => ecosystem !== "system")
  );
}
