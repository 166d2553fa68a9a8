import { managerOf, type PackageFamily } from "../data/package-managers.js";
import { baseName, joinPath, parentPath, resolvePath } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range, Source } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import { folderAt, projectFolder } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { CopyView, Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { placementBefore } from "./placed-files.js";

/** An install that does not hold to the lock file of its project. */
export type LooseInstall = {
  readonly command: PackageCommand;
  readonly run: RunView;
  /** As people write it: `npm install`. */
  readonly what: string;
  /** Name of the lock file, or of the list of packages. */
  readonly lock: string;
  /** The lock file itself, where it can be read. */
  readonly file: Source | undefined;
} & (
  | { readonly kind: "loose"; readonly isLikely: boolean }
  /** The manager does not read the lock file that there is. */
  | { readonly kind: "other-manager"; readonly owner: PackageFamily }
  /** The lock file stays outside: COPY names the manifest only. */
  | { readonly kind: "not-copied"; readonly copy: CopyView; readonly manifest: Range; readonly origin: string }
  | { readonly kind: "unpinned-file"; readonly lines: readonly Range[]; readonly first: string }
);

const NODE: ReadonlySet<PackageFamily> = new Set(["npm", "yarn", "pnpm", "bun"]);

/** Installs of a stage that resolve versions afresh although a lock file says them, in order. */
export function looseInstalls(stage: StageView, project: Project): readonly LooseInstall[] {
  const found: LooseInstall[] = [];
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    for (const command of run.packages) {
      const { onlyIf, guarded, isTolerated } = command.invocation;
      // One of several ways to install, each for the case that its lock file is there.
      if (command.isDryRun || onlyIf !== "none" || guarded || isTolerated) continue;
      const install = NODE.has(command.family)
        ? nodeInstall(command, run, project)
        : command.family === "pip"
          ? unpinnedFile(command, run, project)
          : otherInstall(command, run, project);
      if (install !== undefined) found.push(install);
    }
  }
  return found;
}

const NODE_VERBS: ReadonlySet<string> = new Set(["", "install", "i", "in", "ci", "clean-install"]);

function nodeInstall(command: PackageCommand, run: RunView, project: Project): LooseInstall | undefined {
  const { family, verb, manager } = command;
  if (manager === "npx" || !NODE_VERBS.has(verb) || command.packages.length > 0 || command.isGlobal) return undefined;
  const { options } = command;
  if (options.has("--package-lock-only", "--lockfile-only", "--no-package-lock", "--help", "--version", "-v"))
    return undefined;
  if (options.find("--package-lock")?.value === "false" || options.has("--no-lockfile")) return undefined;
  const folder = projectFolder(run, command);
  if (folder === undefined || publishes(run.stage)) return undefined;
  const isFrozen = command.action === "lock-install" || command.isFrozen;
  const locks = managerOf(manager)?.lockFiles ?? [];
  const base = { command, run, what: `${manager} ${verb}`.trim() };
  const own = isFrozen ? undefined : visibleLock(run, command, folder, locks, project);
  if (own !== undefined) {
    if (isFrozenByConfiguration(command, run, folder, own, project)) return undefined;
    return { ...base, kind: "loose", lock: own.name, file: own.file, isLikely: own.isLikely };
  }
  const beside = manifestInContext(run, command, joinPath(folder, "package.json"));
  const existing = beside === undefined ? undefined : locks.find((name) => isInContext(beside, name, project));
  if (beside !== undefined && existing !== undefined) {
    return isFrozen ? undefined : notCopied(base, beside, existing, folder, project);
  }
  return family === "bun" ? undefined : otherManager(base, beside, folder, project);
}

interface Base {
  readonly command: PackageCommand;
  readonly run: RunView;
  readonly what: string;
}

function notCopied(
  base: Base,
  { copy, range, folder: origin }: ManifestPlace,
  lock: string,
  folder: string,
  project: Project,
): LooseInstall | undefined {
  const { run, command } = base;
  if (placementBefore(run, command.invocation, joinPath(folder, lock)).kind !== "absent") return undefined;
  if (disablesLock(run, folder, project)) return undefined;
  const file = contextFile(copy, origin, lock, project);
  return { ...base, kind: "not-copied", lock, file, copy, manifest: range, origin };
}

function otherManager(
  base: Base,
  place: ManifestPlace | undefined,
  folder: string,
  project: Project,
): LooseInstall | undefined {
  const { run, command } = base;
  const isUnseen = (name: string) => placementBefore(run, command.invocation, joinPath(folder, name)).kind === "absent";
  const own = managerOf(command.manager)?.lockFiles ?? [];
  if (place === undefined && !own.every(isUnseen)) {
    // A folder that is copied whole may bring the right one, unless its content is known.
    const isMissing = (name: string) => fileBehind(run.stage, joinPath(folder, name), project).kind === "none";
    if (isMissing("package.json") || !own.every(isMissing)) return undefined;
  }
  const owners: { readonly family: PackageFamily; readonly lock: string; readonly file: Source | undefined }[] = [];
  for (const family of NODE) {
    if (family === command.family) continue;
    const names = managerOf(family)?.lockFiles ?? [];
    const lock = place === undefined ? undefined : names.find((name) => isInContext(place, name, project));
    if (lock !== undefined && place !== undefined) {
      owners.push({ family, lock, file: contextFile(place.copy, place.folder, lock, project) });
      continue;
    }
    const seen = visibleLock(run, command, folder, names, project);
    if (seen !== undefined && !seen.isLikely) owners.push({ family, lock: seen.name, file: seen.file });
  }
  const [owner] = owners;
  if (owner === undefined || owners.length > 1) return undefined;
  return { ...base, kind: "other-manager", lock: owner.lock, owner: owner.family, file: owner.file };
}

/** Whether a stage hands a package to a registry: who installs a library does not get its lock file. */
function publishes(stage: StageView): boolean {
  let answer = publishing.get(stage);
  if (answer === undefined) {
    answer = callsPublish(stage);
    publishing.set(stage, answer);
  }
  return answer;
}

const publishing = new ModelMemo<StageView, boolean>();

function callsPublish({ runs }: StageView): boolean {
  return runs.some(({ commands }) =>
    commands.some(({ name, args }) => name !== undefined && NODE_NAMES.has(name) && args[0]?.value === "publish"),
  );
}

const NODE_NAMES: ReadonlySet<string> = new Set(["npm", "yarn", "pnpm", "bun"]);

/** A lock file that is there when a command starts. */
interface VisibleLock {
  readonly name: string;
  readonly file: Source | undefined;
  /** Nobody can read it, and only a pattern of a COPY speaks for it. */
  readonly isLikely: boolean;
}

function visibleLock(
  run: RunView,
  { invocation }: PackageCommand,
  folder: string,
  names: readonly string[],
  project: Project,
): VisibleLock | undefined {
  for (const name of names) {
    const path = joinPath(folder, name);
    const placement = placementBefore(run, invocation, path);
    if (placement.kind === "absent") continue;
    const file = fileBehind(run.stage, path, project);
    if (file.kind === "file") {
      if (!project.isGitIgnored(file.source.file)) return { name, file: file.source, isLikely: false };
      continue;
    }
    if (placement.kind === "named") {
      const { copy, origin } = placement;
      if (copy.from.kind === "context" && isKnownAbsent(copy, origin)) continue;
      return { name, file: undefined, isLikely: false };
    }
    if (isMeantByPattern(run, folder, name)) return { name, file: undefined, isLikely: true };
  }
  return undefined;
}

/** Whether the context is there, since its manifest is, and does not hold a path. */
function isKnownAbsent({ stage }: CopyView, path: string): boolean {
  const { context } = stage.build;
  if (context.kind !== "local" || !context.isCertain || context.exists(path)) return false;
  const folder = parentPath(path);
  return context.exists(folder === "" || folder === "/" || folder === "." ? "package.json" : `${folder}/package.json`);
}

/**
 * Whether a COPY has a pattern that is written for manifest and lock file, as `package*.json` is, while the context is not
 * there to tell. A pattern that ends in `*` is for a file that may be absent.
 */
function isMeantByPattern({ stage }: RunView, folder: string, name: string): boolean {
  if (name !== "package-lock.json") return false;
  return stage.lineage.some(({ copies }) =>
    copies.some((copy) => {
      const { destination, sources, from } = copy;
      const { context } = copy.stage.build;
      if (from.kind !== "context" || destination !== folder || context.kind !== "local") return false;
      return sources.some(({ path }) => {
        if (path === undefined || !baseName(path).startsWith("package*")) return false;
        return hasGlobMeta(path) && path.endsWith(".json") && context.resolveSource(path).matches.length === 0;
      });
    }),
  );
}

/** Where a COPY takes a manifest from. */
interface ManifestPlace {
  readonly copy: CopyView;
  /** The word that names it. */
  readonly range: Range;
  /** Its folder in the context; empty for the top. */
  readonly folder: string;
}

function manifestInContext(run: RunView, { invocation }: PackageCommand, path: string): ManifestPlace | undefined {
  const placement = placementBefore(run, invocation, path);
  if (placement.kind !== "named" || placement.copy.from.kind !== "context") return undefined;
  const slash = placement.origin.lastIndexOf("/");
  return {
    copy: placement.copy,
    range: placement.source.range,
    folder: slash < 0 ? "" : placement.origin.slice(0, slash),
  };
}

function isInContext({ copy, folder }: ManifestPlace, name: string, project: Project): boolean {
  const { context } = copy.stage.build;
  if (context.kind !== "local" || !context.isCertain) return false;
  const path = folder === "" ? name : `${folder}/${name}`;
  return (
    context.kindOf(path) === "file" && context.includes(path) && !project.isGitIgnored(joinPath(context.root, path))
  );
}

function contextFile({ stage }: CopyView, folder: string, name: string, project: Project): Source | undefined {
  const { context } = stage.build;
  return context.kind === "local" ? project.read(joinPath(resolvePath(context.root, folder), name)) : undefined;
}

/** `package-lock=false` in `.npmrc`. */
function disablesLock({ stage }: RunView, folder: string, project: Project): boolean {
  const settings = fileBehind(stage, joinPath(folder, ".npmrc"), project);
  const text = settings.kind === "file" ? settings.source.text : settings.kind === "heredoc" ? settings.text : "";
  return /^\s*package-lock\s*=\s*false/m.test(text);
}

/** Variables that freeze, by family. */
const FREEZING: ReadonlyMap<PackageFamily, readonly string[]> = new Map<PackageFamily, readonly string[]>([
  ["yarn", ["YARN_ENABLE_IMMUTABLE_INSTALLS"]],
  ["pnpm", ["CI", "npm_config_frozen_lockfile", "NPM_CONFIG_FROZEN_LOCKFILE"]],
  ["npm", []],
  ["bundle", ["BUNDLE_DEPLOYMENT", "BUNDLE_FROZEN"]],
  ["uv", ["UV_FROZEN", "UV_LOCKED"]],
]);

function isFrozenByConfiguration(
  { family, invocation }: PackageCommand,
  run: RunView,
  folder: string,
  { file }: VisibleLock,
  project: Project,
): boolean {
  if ((FREEZING.get(family) ?? []).some((name) => isOn(run, invocation, name))) return true;
  // Yarn of today holds to the lock file in CI.
  if (family === "yarn" && isOn(run, invocation, "CI") && file?.text.includes("__metadata:") === true) return true;
  return (family === "npm" || family === "pnpm") && disablesLock(run, folder, project);
}

/** Whether a variable is true, or nobody can know, when a command runs. */
function isOn(run: RunView, invocation: PackageCommand["invocation"], name: string): boolean {
  for (const command of run.commands) {
    if (command.index > invocation.index) break;
    for (const assignment of command.assignments) {
      if (assignment.name !== name || (assignment.kind === "prefix" && command !== invocation)) continue;
      return isTrue(assignment.value?.value ?? "true");
    }
  }
  const binding = run.step.lookup(name);
  if (binding.kind === "known") return isTrue(binding.value);
  return binding.kind === "unknown" && binding.origin !== undefined;
}

function isTrue(value: string): boolean {
  return value !== "" && !["0", "false", "no", "off"].includes(value.toLowerCase());
}

/** Verbs that resolve afresh, or install without holding to the lock file, by family; `*` marks those that only may. */
const LOOSE_VERBS: ReadonlyMap<PackageFamily, ReadonlySet<string>> = new Map([
  ["bundle", new Set(["", "install", "update"])],
  ["composer", new Set(["update", "upgrade", "u"])],
  ["poetry", new Set(["update", "lock"])],
  ["pipenv", new Set(["install", "update", "upgrade", "lock"])],
  ["uv", new Set(["sync", "lock"])],
  ["cargo", new Set(["build", "b", "install", "update"])],
  ["dotnet", new Set(["restore"])],
]);

function otherInstall(command: PackageCommand, run: RunView, project: Project): LooseInstall | undefined {
  const { family, verb, invocation, options } = command;
  if (LOOSE_VERBS.get(family)?.has(verb) !== true || command.isFrozen) return undefined;
  if (options.has("--help", "--version", "--check", "--dry-run")) return undefined;
  const isPath = family === "cargo" && verb === "install" && options.has("--path");
  if (family === "cargo" && verb === "install" && !isPath) return undefined;
  const hasOperands = command.packages.length > 0 && !isPath;
  if (hasOperands || command.isGlobal) return undefined;
  const folder = folderOf(command, run, isPath);
  if (folder === undefined) return undefined;
  const lock = visibleLock(run, command, folder, managerOf(command.manager)?.lockFiles ?? [], project);
  if (lock === undefined || lock.isLikely) return undefined;
  if ((FREEZING.get(family) ?? []).some((name) => isOn(run, invocation, name))) return undefined;
  if (family === "bundle" && configuresFrozen(run)) return undefined;
  const what = `${command.manager} ${verb}`.trim();
  return { command, run, what, kind: "loose", lock: lock.name, file: lock.file, isLikely: false };
}

function folderOf(command: PackageCommand, run: RunView, isPath: boolean): string | undefined {
  const folder = isPath ? folderAt(run, command.invocation) : projectFolder(run, command);
  if (folder === undefined || command.options.has("--manifest-path", "--gemfile")) return undefined;
  if (command.family === "dotnet") {
    const project = command.options.operands[0]?.value;
    return project === undefined ? folder : resolvePath(folder, parentPath(`/${project}`).slice(1));
  }
  if (!isPath) return folder;
  const path = command.options.find("--path")?.value;
  return path === undefined ? undefined : resolvePath(folder, path);
}

/** `bundle config set deployment true`, `bundle config --global frozen 1`, in this RUN or an earlier one. */
function configuresFrozen({ stage }: RunView): boolean {
  let answer = freezing.get(stage);
  if (answer === undefined) {
    answer = setsFrozen(stage);
    freezing.set(stage, answer);
  }
  return answer;
}

const freezing = new ModelMemo<StageView, boolean>();

function setsFrozen({ lineage }: StageView): boolean {
  return lineage.some(({ runs }) =>
    runs.some(({ packages }) =>
      packages.some(
        ({ family, invocation: { args } }) =>
          family === "bundle" &&
          args.some(({ value }) => value === "config") &&
          args.some(({ value }) => value === "deployment" || value === "frozen") &&
          !args.some(({ value }) => value === "false"),
      ),
    ),
  );
}

/** Lines of a list that are looked at. */
const MOST_LINES = 2000;

function unpinnedFile(command: PackageCommand, run: RunView, project: Project): LooseInstall | undefined {
  const { verb, manifestFiles, options } = command;
  if (verb !== "install" || options.has("--require-hashes", "--no-index", "--no-deps")) return undefined;
  if (manifestFiles.some(({ kind }) => kind === "constraints")) return undefined;
  const folder = folderAt(run, command.invocation);
  for (const { path, kind } of manifestFiles) {
    if (kind !== "requirements" || path === undefined || folder === undefined) continue;
    const absolute = resolvePath(folder, path);
    if (placementBefore(run, command.invocation, absolute).kind === "absent") continue;
    const file = fileBehind(run.stage, absolute, project);
    if (file.kind !== "file") continue;
    const loose = looseLines(file.source);
    const [first] = loose;
    if (first === undefined) continue;
    return {
      command,
      run,
      what: `${command.manager} install`,
      kind: "unpinned-file",
      lock: baseName(path),
      file: file.source,
      lines: loose.map(({ range }) => range),
      first: first.name,
    };
  }
  return undefined;
}

/** Lines of a list of requirements that leave the version open; none when the list refers to constraints. */
function looseLines(source: Source): readonly LooseLine[] {
  let lines = looseLinesOf.get(source);
  if (lines === undefined) {
    lines = findLooseLines(source);
    looseLinesOf.set(source, lines);
  }
  return lines;
}

interface LooseLine {
  readonly range: Range;
  readonly name: string;
}

const looseLinesOf = new ModelMemo<Source, readonly LooseLine[]>();

function findLooseLines(source: Source): readonly LooseLine[] {
  const found: LooseLine[] = [];
  for (let number = 1; number <= Math.min(source.lineCount, MOST_LINES); number += 1) {
    const span = source.lineSpan(number);
    if (span === undefined) break;
    const line = source.slice(span);
    if (/^\s*(?:-c|--constraint)\b/.test(line)) return [];
    const name = /^\s*([A-Za-z0-9][\w.-]*)/.exec(line)?.[1];
    if (name === undefined) continue;
    const [requirement = ""] = line.split(/[;#]/, 1);
    const isPinned = requirement.includes("==") || requirement.includes("@") || requirement.includes("--hash");
    // Files and addresses are what they are.
    if (isPinned || requirement.includes("/") || requirement.trimEnd().endsWith(".whl")) continue;
    const start = span.start + line.indexOf(name);
    found.push({ range: source.range(start, start + requirement.trim().length), name });
  }
  return found;
}
