import { isWithin } from "../files/path.js";
import type { OptionUse } from "../shell/options.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import type { RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { type WritableMount, writableMounts } from "./mounted-artifacts.js";
import {
  type CacheFolder,
  cacheFolders,
  holds,
  homeOf,
  noCacheOption,
  noCacheVariable,
  removesCache,
} from "./package-caches.js";
import { mountEntry } from "./secret-mounts.js";

/** Why a cache mount keeps nothing, or less than it could. */
export type CacheFlaw = {
  readonly mount: WritableMount;
  readonly range: Range;
} & (
  | {
      readonly kind: "wrong-home";
      /** `home`: the tool caches elsewhere; `owner`: the mount belongs to root. */
      readonly why: "home" | "owner";
      /** Where the tool of the user caches; undefined when unknown. */
      readonly folder: string | undefined;
    }
  | { readonly kind: "disabled"; readonly by: string; readonly option: OptionUse | undefined }
  | { readonly kind: "emptied"; readonly by: string }
  | { readonly kind: "apt-unlocked" | "apt-docker-clean" | "apk-link" | "uv-link"; readonly manager: string }
);

/** Flaws of the cache mounts of a RUN. */
export function* cacheFlaws(run: RunView): Iterable<CacheFlaw> {
  const mounts = writableMounts(run).filter(({ type }) => type === "cache");
  if (mounts.length === 0) return;
  const uses = run.packages.map((command) => ({ command, folders: cacheFolders(command, run) }));
  for (const mount of mounts) {
    const home = wrongHome(mount, run, uses);
    if (home !== undefined) yield home;
    else yield* flawsOf(mount, run, uses);
  }
}

interface Use {
  readonly command: PackageCommand;
  readonly folders: readonly CacheFolder[];
}

function* flawsOf(mount: WritableMount, run: RunView, uses: readonly Use[]): Iterable<CacheFlaw> {
  const seen = new Set<string>();
  for (const { command, folders } of uses) {
    const held = folders.filter((folder) => holds(mount, folder));
    if (held.length === 0) continue;
    const range = mount.mount.range;
    const option = noCacheOption(command);
    const variable = option === undefined ? noCacheVariable(command, run) : undefined;
    if (command.action === "clean") {
      if (clearsCache(command)) yield { kind: "emptied", mount, range: command.invocation.range, by: labelOf(command) };
      continue;
    }
    if (option !== undefined) yield { kind: "disabled", mount, range: option.range, by: option.name, option };
    if (seen.has(command.family)) continue;
    seen.add(command.family);
    if (variable !== undefined) yield { kind: "disabled", mount, range, by: variable, option: undefined };
    const removal = removesCache(run, folders, mount);
    if (removal !== undefined) {
      yield { kind: "disabled", mount, range: removal.range, by: removal.path ?? "rm", option: undefined };
    }
    const kind = option === undefined && variable === undefined ? settingOf(mount, run, command, held) : undefined;
    if (kind !== undefined) yield { kind, mount, range, manager: command.manager };
  }
}

function labelOf({ manager, verb }: PackageCommand): string {
  return `${manager} ${verb}`.trim();
}

/** `apt-get autoclean` keeps what can still be fetched; `npm cache verify` nothing but order. */
function clearsCache({ verb, family, invocation }: PackageCommand): boolean {
  if (verb === "autoclean" || verb === "auto-clean") return false;
  if (family === "uv") return !verb.includes("prune");
  if (family === "npm") return invocation.args.some(({ value }) => value === "clean");
  return true;
}

const LOCKED: ReadonlySet<string> = new Set(["apt", "yum", "zypper"]);

/** What a tool needs besides the mount. */
function settingOf(
  mount: WritableMount,
  run: RunView,
  command: PackageCommand,
  held: readonly CacheFolder[],
): "apt-unlocked" | "apt-docker-clean" | "apk-link" | "uv-link" | undefined {
  const { family } = command;
  if (LOCKED.has(family)) {
    const sharing = mountEntry(mount.mount, "sharing");
    const word = sharing?.value?.literal;
    const isOpen = sharing === undefined || word === "shared";
    if (isOpen && held.some(({ needsLock }) => needsLock)) return "apt-unlocked";
  }
  return cacheSetting(mount.target, run, command);
}

/** What a command leaves a cache unused for, when it is mounted on a folder and nothing else is done; undefined when nothing. */
export function cacheSetting(
  target: string,
  run: RunView,
  command: PackageCommand,
): "apt-docker-clean" | "apk-link" | "uv-link" | undefined {
  switch (command.family) {
    case "apt":
      return isWithin("/var/cache/apt", target) && hasDockerClean(run) ? "apt-docker-clean" : undefined;
    case "apk":
      if (target !== "/var/cache/apk" || command.options.has("--cache-dir")) return undefined;
      return touches(run, "/etc/apk/cache") ? undefined : "apk-link";
    case "uv": {
      const mode = run.step.lookup("UV_LINK_MODE");
      const isSet =
        mode.kind === "known" ||
        command.options.has("--link-mode") ||
        run.commands.some(({ assignments }) => assignments.some(({ name }) => name === "UV_LINK_MODE"));
      return isSet ||
        (mode.kind === "unknown" && run.stage.facts === undefined) ||
        (run.stage.parent?.build !== undefined && run.stage.parent.build !== run.stage.build)
        ? undefined
        : "uv-link";
    }
    default:
      return undefined;
  }
}

/** Images of Debian and Ubuntu remove archives after each install, unless a file of apt is taken away. */
function hasDockerClean(run: RunView): boolean {
  const family = run.stage.facts?.os?.family;
  return (family === "debian" || family === "ubuntu") && !touches(run, "/etc/apt");
}

/** Whether a step up to the RUN changes something below a folder. */
function touches(run: RunView, folder: string): boolean {
  if (changesBelow(run, folder)) return true;
  return run.stage.lineage.some((member) => {
    const first = firstChange(member, folder);
    if (first === undefined) return false;
    return member !== run.stage || first < (layersOf(member).places.get(run) ?? 0);
  });
}

interface StageLayers {
  /** Of each RUN among the layers. */
  readonly places: ReadonlyMap<RunView, number>;
  /** Place of the first layer that changes something, by folder; undefined where none does. */
  readonly firstChanges: Map<string, number | undefined>;
}

const known = new ModelMemo<StageView, StageLayers>();

function layersOf(stage: StageView): StageLayers {
  let layers = known.get(stage);
  if (layers === undefined) {
    const places = new Map<RunView, number>();
    for (const [index, layer] of stage.layers.entries()) if (layer.kind === "run") places.set(layer.run, index);
    layers = { places, firstChanges: new Map() };
    known.set(stage, layers);
  }
  return layers;
}

/** Place of the first layer of a stage that changes something below a folder, or may; undefined when none does. */
function firstChange(stage: StageView, folder: string): number | undefined {
  const { firstChanges } = layersOf(stage);
  if (!firstChanges.has(folder)) {
    const index = stage.layers.findIndex((layer) => mayChange(layer, folder));
    firstChanges.set(folder, index === -1 ? undefined : index);
  }
  return firstChanges.get(folder);
}

function mayChange(layer: StageView["layers"][number], folder: string): boolean {
  if (layer.kind === "run") return layer.run.facts.opaque !== undefined || changesBelow(layer.run, folder);
  const { destination } = layer.copy;
  return destination === undefined || isWithin(folder, destination) || destination === "/";
}

function changesBelow({ facts }: RunView, folder: string): boolean {
  return (
    facts.removedPaths.some(({ path }) => path === undefined || isWithin(folder, path)) ||
    // A link into a folder, and what `tee` and `>` write.
    facts.writes.some(({ path, shape }) => isWithin(folder, path ?? shape))
  );
}

/** A mount that the user of the RUN cannot use. */
function wrongHome(mount: WritableMount, run: RunView, uses: readonly Use[]): CacheFlaw | undefined {
  const { user } = run;
  const { range } = mount.mount;
  if (user.isRoot === "unknown" || isShared(mount, run.stage)) return undefined;
  const folder = folderElsewhere(mount, run, uses);
  if (user.isRoot === "yes") {
    return folder === undefined ? undefined : { kind: "wrong-home", why: "home", mount, range, folder };
  }
  if (run.commands.some(({ wrappers }) => wrappers.length > 0)) return undefined;
  const isRoots = mount.target === "/root" || mount.target.startsWith("/root/");
  const home = run.step.lookup("HOME");
  if (isRoots && !(home.kind === "known" && home.value === "/root")) {
    return { kind: "wrong-home", why: "home", mount, range, folder };
  }
  if (folder !== undefined) return { kind: "wrong-home", why: "home", mount, range, folder };
  const owner = mountEntry(mount.mount, "uid") ?? mountEntry(mount.mount, "mode");
  return owner === undefined ? { kind: "wrong-home", why: "owner", mount, range, folder: undefined } : undefined;
}

/** Where a tool of the RUN caches, when the mount is that very folder of another home. */
function folderElsewhere({ target }: WritableMount, run: RunView, uses: readonly Use[]): string | undefined {
  const home = homeOf(run);
  const isHome = /^\/(?:root|home\/[^/]+)\//.test(target);
  if (home === undefined || !isHome || isWithin(home, target)) return undefined;
  for (const { folders, command } of uses) {
    if (command.action === "other") continue;
    for (const { path, usual } of folders) {
      if (path !== undefined && usual.startsWith("~/") && isWithin(home, path) && target.endsWith(usual.slice(1))) {
        return path;
      }
    }
  }
  return undefined;
}

/** Whether another mount of the file has the same id, so that it may decide about the owner. */
function isShared({ mount }: WritableMount, { build }: StageView): boolean {
  const id = mount.id?.raw;
  if (id === undefined) return false;
  return build.stages.some(({ runs }) =>
    runs.some(({ instruction }) => instruction.mounts.some((other) => other !== mount && other.id?.raw === id)),
  );
}
