import { contextPath } from "../context/reach.js";
import type { PackageFamily } from "../data/package-managers.js";
import { baseName, isAbsolutePath, isWithin, joinPath, relativePath, resolvePath } from "../files/path.js";
import { buildEvidence } from "../shell/build-evidence.js";
import type { RemovalFact, WriteFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { join, type Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { dependencyInstalls, folderAt } from "./dependency-installs.js";
import type { Build, CopyView, RunView } from "./model.js";

/** A removal that comes a layer too late: what it removes stays in the image. */
export interface LateRemoval {
  readonly run: RunView;
  /** The program, as people call it: `apt-get remove`, `rm`. */
  readonly command: string;
  readonly range: Range;
  /** What stays: a path, a package, a few words. */
  readonly what: string;
  readonly creator: Creator;
  readonly isCertain: boolean;
  /** Known to be so small that nobody would notice. */
  readonly isSmall: boolean;
}

/** The step that brought something. */
export interface Creator {
  readonly range: Range;
  readonly by: { readonly kind: "run"; readonly run: RunView } | { readonly kind: "copy"; readonly copy: CopyView };
}

/** A path that a step brought. */
interface CreatedPath extends Creator {
  readonly path: string;
  /** How far its inside is known: `none` for files, `likely` for unpacked archives and the like. */
  readonly inside: "none" | "likely" | { readonly copy: CopyView; readonly origin: string };
  readonly isSmall: boolean;
}

/** From this size on a copied file is worth a word: 64 KiB. */
const SMALL_BYTES = 65_536;

/** Paths looked back at for each removal. */
const MOST_PATHS = 500;
/** Removals judged in one step. */
const MOST_REMOVALS = 300;

/** Files that people write, and that are small therefore. */
const TEXT = /\.(?:cfg|conf|ini|json|lock|md|py|rb|sh|toml|txt|ya?ml)$/;

/** Removals in the chain of a build's target, in the order of its layers. */
export function lateRemovals(build: Build): readonly LateRemoval[] {
  const history = new History();
  const found: LateRemoval[] = [];
  for (const stage of build.chain.toReversed()) {
    for (const layer of stage.layers) {
      if (layer.kind === "copy") {
        history.addCopy(layer.copy);
      } else if (!layer.run.isOnbuild) {
        for (const removal of removalsOf(layer.run, history)) found.push(removal);
        history.addRun(layer.run);
      }
    }
  }
  return found;
}

/** What the layers so far brought. */
class History {
  readonly paths: CreatedPath[] = [];
  readonly packages = new Map<string, Creator>();
  /** Installs of what a manifest lists, by family. */
  readonly projects = new Map<PackageFamily, Creator>();
  made: Creator | undefined;

  addCopy(copy: CopyView): void {
    const { destination } = copy;
    if (destination === undefined || copy.isOnbuild) return;
    for (const source of copy.sources) {
      if (source.kind === "heredoc" || source.path === undefined) continue;
      this.paths.push(...ofSource(copy, source.path, destination));
    }
  }

  addRun(run: RunView): void {
    for (const write of run.facts.writes.slice(0, MOST_PATHS)) {
      const path = absolutePath(run, write.path, write.invocation);
      if (path === undefined) continue;
      this.paths.push(...ofWrite(run, write, path));
    }
    for (const command of run.packages) {
      if (command.action !== "install" && command.action !== "lock-install") continue;
      const creator: Creator = { range: commandRange(command.invocation), by: { kind: "run", run } };
      for (const { name } of command.packages) if (name !== undefined) this.packages.set(keyOf(command, name), creator);
      if (command.virtual?.name !== undefined) this.packages.set(keyOf(command, command.virtual.name), creator);
    }
    for (const { command, reads, range, folder, ecosystem } of dependencyInstalls(run)) {
      const creator: Creator = { range, by: { kind: "run", run } };
      if (command !== undefined && reads === "manifests") this.projects.set(command.family, creator);
      const name = reads === "nothing" ? undefined : RESULT_FOLDERS[ecosystem];
      if (folder === undefined || name === undefined) continue;
      this.paths.push({ ...creator, path: joinPath(folder, name), inside: "none", isSmall: false });
    }
    for (const invocation of run.commands) {
      if (invocation.name !== "make" && invocation.name !== "gmake") continue;
      const evidence = buildEvidence(invocation);
      if (evidence !== undefined) this.made = { range: evidence.range, by: { kind: "run", run } };
    }
  }
}

/** Folders that installs fill. */
const RESULT_FOLDERS: Readonly<Record<string, string>> = { node: "node_modules", php: "vendor", rust: "target" };

/** Packages of Yarn are those of npm, and so on: what matters is where they go. */
function keyOf({ family }: PackageCommand, name: string): string {
  const place = family === "yarn" || family === "pnpm" || family === "bun" ? "npm" : family === "uv" ? "pip" : family;
  return `${place} ${name}`;
}

function ofSource(copy: CopyView, source: string, destination: string): readonly CreatedPath[] {
  const range = copy.instruction.headRange;
  const by = { kind: "copy", copy } as const;
  const origin = contextPath(source);
  if (hasGlobMeta(origin)) {
    if (copy.from.kind !== "context") return [{ range, by, path: destination, inside: "likely", isSmall: false }];
    const { context } = copy.stage.build;
    if (context.kind !== "local") return [];
    const { matches } = context.resolveSource(source);
    return matches.map((match) => ({
      range,
      by,
      path: joinPath(destination, baseName(match)),
      inside: "none",
      isSmall: isSmall(copy, match),
    }));
  }
  const named = copy.isFolder ? joinPath(destination, baseName(origin)) : destination;
  if (copy.from.kind !== "context") {
    // Nobody knows whether it is a file or a folder: then it is one of the two paths.
    return [
      { range, by, path: named, inside: "likely", isSmall: false },
      { range, by, path: destination, inside: "likely", isSmall: false },
    ];
  }
  const { context } = copy.stage.build;
  const kind = origin === "." ? "directory" : context.kind === "local" ? context.kindOf(origin) : undefined;
  if (kind === "directory") return [{ range, by, path: destination, inside: { copy, origin }, isSmall: false }];
  return [{ range, by, path: named, inside: "none", isSmall: isSmall(copy, origin) }];
}

function isSmall({ stage: { build } }: CopyView, path: string): boolean {
  const { context } = build;
  if (context.kind !== "local") return false;
  const facts = context.workspace.fs.lstat(joinPath(context.root, path));
  return facts === undefined ? TEXT.test(path) : facts.kind === "file" && facts.sizeBytes < SMALL_BYTES;
}

/** Only what brings data worth removing: text that a script writes, links and empty folders weigh nothing. */
function ofWrite(run: RunView, { by, sources, range }: WriteFact, path: string): readonly CreatedPath[] {
  const creator = { range, by: { kind: "run", run }, isSmall: false } as const;
  switch (by) {
    case "download":
      return [{ ...creator, path, inside: "none" }];
    case "clone":
      return [{ ...creator, path, inside: "likely" }];
    case "extract":
      return SHARED_FOLDER.test(path) ? [] : [{ ...creator, path, inside: "likely" }];
    case "copy":
    case "move":
      return [
        { ...creator, path, inside: "none" },
        ...sources.flatMap(({ value }): CreatedPath[] =>
          value === undefined || hasGlobMeta(value)
            ? []
            : [{ ...creator, path: joinPath(path, baseName(value.replace(/\/+$/, ""))), inside: "none" }],
        ),
      ];
    default:
      return [];
  }
}

/** Folders that every image has, whose content is not one step's alone. */
const SHARED_FOLDER =
  /^\/(?:$|(?:bin|etc|home|lib|lib64|mnt|opt|root|run|sbin|srv|tmp|usr|var)$|usr\/(?:local\/)?(?:bin|etc|include|lib|lib64|sbin|share|src)?$|var\/(?:cache|lib|log|tmp)$)/;

function removalsOf(run: RunView, history: History): readonly LateRemoval[] {
  const found = new Map<Invocation, LateRemoval>();
  const add = (invocation: Invocation, removal: Omit<LateRemoval, "run" | "range">) => {
    if (!found.has(invocation)) found.set(invocation, { ...removal, run, range: commandRange(invocation) });
  };
  const { removedPaths } = run.facts;
  const written = removedPaths.length === 0 ? [] : pathsWritten(run);
  for (const removal of removedPaths.slice(0, MOST_REMOVALS)) {
    const late = lateFile(run, removal, { history, written });
    if (late !== undefined) add(removal.invocation, late);
  }
  for (const command of run.packages) {
    const late = command.action === "remove" ? latePackage(run, command, history) : undefined;
    if (late !== undefined) add(command.invocation, late);
  }
  for (const invocation of run.commands) {
    const isClean = (invocation.name === "make" || invocation.name === "gmake") && isCleaning(invocation);
    if (!isClean || history.made === undefined || makes(run)) continue;
    add(invocation, {
      command: "make clean",
      what: "what `make` built",
      creator: history.made,
      isCertain: true,
      isSmall: false,
    });
  }
  return [...found.values()];
}

function lateFile(
  run: RunView,
  removal: RemovalFact,
  { history, written }: { readonly history: History; readonly written: readonly string[] },
): Omit<LateRemoval, "run" | "range"> | undefined {
  if (removal.isFiltered || removal.path === undefined) return undefined;
  const path = absolutePath(run, removal.path.replace(/\/(?:\*|\.\*|\.)?$/, ""), removal.invocation);
  if (path === undefined || path === "/" || hasGlobMeta(path) || isMounted(run, path)) return undefined;
  // Made by the same step, or put in the place of what was removed.
  if (written.some((other) => isWithin(path, other))) return undefined;
  const { paths } = history;
  for (let index = paths.length - 1; index >= Math.max(0, paths.length - MOST_PATHS); index -= 1) {
    const created = paths[index];
    if (created === undefined) break;
    const isWhole = isWithin(path, created.path);
    if (!isWhole && !isWithin(created.path, path)) continue;
    const isCertain = isWhole ? true : certaintyInside(created, path);
    if (isCertain === undefined) continue;
    const { name = "rm" } = removal.invocation;
    return { command: name, what: `\`${removal.path}\``, creator: created, isCertain, isSmall: created.isSmall };
  }
  return undefined;
}

/** Whether a path below a created one came with it; undefined when that is not known well enough. */
function certaintyInside({ inside, path: folder }: CreatedPath, path: string): boolean | undefined {
  if (inside === "none") return undefined;
  if (inside === "likely") return SHARED_FOLDER.test(folder) ? undefined : false;
  const { context } = inside.copy.stage.build;
  if (context.kind !== "local") return undefined;
  const origin = joinPath(inside.origin, relativePath(folder, path));
  return context.exists(origin) && context.includes(origin) ? true : undefined;
}

/** Absolute path of what a command of a RUN names; undefined when unknown or below `~`. */
export function absolutePath(run: RunView, path: string | undefined, invocation: Invocation): string | undefined {
  if (path === undefined || path === "" || path.startsWith("~") || path.includes("$")) return undefined;
  if (isAbsolutePath(path)) return resolvePath("/", path);
  const folder = folderAt(run, invocation);
  return folder === undefined ? undefined : resolvePath(folder, path);
}

/** What lies on a mount of the step is in no layer. */
export function isMounted(run: RunView, path: string): boolean {
  return run.instruction.mounts.some(({ target }) => {
    const value = target === undefined ? undefined : run.step.expand(target);
    return value?.kind !== "known" || isWithin(resolvePath(run.workdir ?? "/", value.value), path);
  });
}

/** Paths that a step writes, empty folders aside. */
function pathsWritten(run: RunView): readonly string[] {
  return run.facts.writes.slice(0, MOST_PATHS).flatMap((write) => {
    return write.by === "mkdir" ? [] : (absolutePath(run, write.path, write.invocation) ?? []);
  });
}

function latePackage(
  run: RunView,
  command: PackageCommand,
  history: History,
): Omit<LateRemoval, "run" | "range"> | undefined {
  const said = `${command.manager} ${command.verb}`.trim();
  if (command.verb === "prune") {
    const creator = history.projects.get(command.family);
    const isHere = dependencyInstalls(run).some((install) => install.command?.family === command.family);
    if (creator === undefined || isHere) return undefined;
    return { command: said, what: "what it prunes", creator, isCertain: true, isSmall: false };
  }
  const here = new Set<string>();
  for (const other of run.packages) {
    if (other.action !== "install") continue;
    for (const { name } of other.packages) if (name !== undefined) here.add(keyOf(other, name));
    if (other.virtual?.name !== undefined) here.add(keyOf(other, other.virtual.name));
  }
  for (const { name } of command.packages) {
    if (name === undefined) continue;
    const key = keyOf(command, name);
    const creator = history.packages.get(key);
    if (creator === undefined || here.has(key)) continue;
    return { command: said, what: `\`${name}\``, creator, isCertain: true, isSmall: false };
  }
  return undefined;
}

const CLEANING = /^(?:dist|mostly|maintainer-|really-|docs?-)?clean(?:all)?$/;

function isCleaning({ args }: Invocation): boolean {
  const targets = args.filter(({ shape }) => !shape.startsWith("-") && !shape.includes("="));
  return targets.length > 0 && targets.some(({ shape }) => CLEANING.test(shape)) && targets.at(-1)?.value !== "install";
}

function makes(run: RunView): boolean {
  return run.commands.some(
    (invocation) => invocation.name === "make" && !isCleaning(invocation) && buildEvidence(invocation) !== undefined,
  );
}

/** From the program to its last word. */
function commandRange({ nameRange, words }: Invocation): Range {
  const last = words.at(-1)?.range;
  if (last === undefined || last.source !== nameRange.source || last.start < nameRange.start) return nameRange;
  return join(nameRange, last);
}
