import { managerOf, type PackageFamily } from "../data/package-managers.js";
import { isAbsolutePath, joinPath, resolvePath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import { join, type Range } from "../text/source.js";
import type { RunView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** Managers that read each other's manifests, or share what they install. */
export type Ecosystem = "system" | "python" | "node" | "ruby" | "php" | "go" | "rust" | "dotnet" | "java" | "elixir";

/** Files of which one has to be there for an install to do its work. */
export interface InstallInput {
  readonly kind: "manifest" | "lock";
  /** Names in {@link DependencyInstall.folder}, any of which will do; or one path as written. */
  readonly names: readonly string[];
  /** The word that names it; undefined where the manager looks for it by itself. */
  readonly range: Range | undefined;
  /** Whether the manager goes on looking in the folders above. */
  readonly isSearchedAbove: boolean;
}

/** A command of a RUN that fetches what a program depends on. */
export interface DependencyInstall {
  readonly run: RunView;
  readonly invocation: Invocation;
  readonly ecosystem: Ecosystem;
  /** As people write it: `npm ci`. */
  readonly what: string;
  /** From the program to the verb. */
  readonly range: Range;
  /**
   * What it reads of the project: `nothing` (packages by name), its `manifests`, or the source `tree` (it installs or compiles
   * the project itself); `unknown` when an operand leaves it open.
   */
  readonly reads: "nothing" | "manifests" | "tree" | "unknown";
  /** Folder in which it looks for its manifests; undefined when unknown. */
  readonly folder: string | undefined;
  /** Files that have to be there; empty when that cannot be told. */
  readonly inputs: readonly InstallInput[];
  /** The command as its manager reads it; undefined for programs that are no package manager of the shell model (`mix`). */
  readonly command: PackageCommand | undefined;
}

const ECOSYSTEMS: Readonly<Record<PackageFamily, Ecosystem>> = {
  apt: "system",
  apk: "system",
  yum: "system",
  zypper: "system",
  pacman: "system",
  pip: "python",
  uv: "python",
  pipx: "python",
  poetry: "python",
  pipenv: "python",
  conda: "python",
  npm: "node",
  yarn: "node",
  pnpm: "node",
  bun: "node",
  gem: "ruby",
  bundle: "ruby",
  composer: "php",
  go: "go",
  cargo: "rust",
  dotnet: "dotnet",
  maven: "java",
  gradle: "java",
};

/** Options that name the folder, or the manifest, of a project. */
const FOLDER_OPTIONS: ReadonlyMap<PackageFamily, readonly string[]> = new Map<PackageFamily, readonly string[]>([
  ["npm", ["--prefix", "-C"]],
  ["yarn", ["--cwd"]],
  ["pnpm", ["-C", "--dir", "--prefix"]],
  ["bun", ["--cwd"]],
  ["composer", ["-d", "--working-dir"]],
  ["poetry", ["-C", "--directory", "-P", "--project"]],
  ["uv", ["--directory", "--project"]],
  ["go", ["-C"]],
]);
const FILE_OPTIONS: ReadonlyMap<PackageFamily, readonly string[]> = new Map<PackageFamily, readonly string[]>([
  ["cargo", ["--manifest-path"]],
  ["maven", ["-f", "--file", "-pl", "--projects"]],
  ["gradle", ["-p", "--project-dir", "-b", "--build-file"]],
  ["bundle", ["--gemfile"]],
]);
/** Variables that move a manifest. */
const FILE_VARIABLES: ReadonlyMap<PackageFamily, readonly string[]> = new Map<PackageFamily, readonly string[]>([
  ["bundle", ["BUNDLE_GEMFILE"]],
  ["composer", ["COMPOSER"]],
  ["pipenv", ["PIPENV_PIPFILE"]],
  ["uv", ["UV_PROJECT", "UV_WORKING_DIRECTORY"]],
]);

const knownInstalls = new ModelMemo<RunView, readonly DependencyInstall[]>();

/** Commands of a RUN that install dependencies, or compile a project and fetch them on the way, in order. */
export function dependencyInstalls(run: RunView): readonly DependencyInstall[] {
  const known = knownInstalls.get(run);
  if (known !== undefined) return known;
  const installs = findInstalls(run);
  knownInstalls.set(run, installs);
  return installs;
}

function findInstalls(run: RunView): readonly DependencyInstall[] {
  const found: DependencyInstall[] = [];
  for (const command of run.packages) {
    if (command.isDryRun || command.invocation.guarded) continue;
    const details = detailsOf(command);
    if (details === undefined) continue;
    const { invocation, manager, verb, family } = command;
    found.push({
      run,
      invocation,
      command,
      ecosystem: ECOSYSTEMS[family],
      what: `${manager} ${verb}`.trim(),
      range: wordsOf(invocation.nameRange, command.verbRange),
      folder: projectFolder(run, command),
      reads: details.reads,
      inputs: hasMovedManifest(run, command) ? [] : details.inputs,
    });
  }
  for (const invocation of run.commands) {
    const other = otherInstall(run, invocation);
    if (other !== undefined) found.push(other);
  }
  return found;
}

interface Details {
  readonly reads: DependencyInstall["reads"];
  readonly inputs: readonly InstallInput[];
}

const NOTHING: Details = { reads: "nothing", inputs: [] };
const UNKNOWN: Details = { reads: "unknown", inputs: [] };
const TREE: Details = { reads: "tree", inputs: [] };

function detailsOf(command: PackageCommand): Details | undefined {
  const { action, family } = command;
  const isInstall = action === "install" || action === "lock-install";
  switch (family) {
    case "apt":
    case "apk":
    case "yum":
    case "zypper":
    case "pacman":
      return isInstall ? byName(command) : undefined;
    case "pip":
      // Wheels and downloads of a list of requirements fetch what an install would.
      return isInstall || action === "build" || action === "download" ? pipDetails(command) : undefined;
    case "uv":
      if (!isInstall) return undefined;
      return command.verb === "sync" ? project("pyproject.toml", lockOf(command, "uv.lock")) : uvDetails(command);
    case "poetry":
      return action === "lock-install" ? project("pyproject.toml", []) : undefined;
    case "pipenv":
      if (!isInstall || command.packages.length > 0) return undefined;
      return project("Pipfile", command.isFrozen || command.verb === "sync" ? lock("Pipfile.lock") : []);
    case "conda":
      return isInstall ? condaDetails(command) : undefined;
    case "pipx":
    case "gem":
      return isInstall ? byName(command) : undefined;
    case "npm":
    case "yarn":
    case "pnpm":
    case "bun":
      return nodeDetails(command, isInstall);
    case "bundle":
      return isInstall ? project("Gemfile", lockOf(command, "Gemfile.lock")) : undefined;
    case "composer":
      if (!isInstall) return undefined;
      return action === "lock-install" ? project("composer.json", []) : byName(command);
    case "go":
      return goDetails(command);
    case "cargo":
      return cargoDetails(command);
    case "dotnet":
      return dotnetDetails(command);
    case "maven":
    case "gradle":
      if (action !== "download" && action !== "build") return undefined;
      if (action === "build") return { reads: "tree", inputs: family === "maven" ? [manifest("pom.xml")] : [] };
      return family === "maven" ? project("pom.xml", []) : { reads: "manifests", inputs: [] };
  }
}

function manifest(...names: readonly string[]): InstallInput {
  return { kind: "manifest", names, range: undefined, isSearchedAbove: true };
}

function lock(...names: readonly string[]): readonly InstallInput[] {
  return [{ kind: "lock", names, range: undefined, isSearchedAbove: true }];
}

function lockOf({ isFrozen }: PackageCommand, ...names: readonly string[]): readonly InstallInput[] {
  return isFrozen ? lock(...names) : [];
}

function project(name: string, locks: readonly InstallInput[]): Details {
  return { reads: "manifests", inputs: [manifest(name), ...locks] };
}

/** Packages by name need nothing of the project; files, lists and unknown words may. */
function byName({ packages }: PackageCommand): Details {
  if (packages.length === 0) return UNKNOWN;
  const isPlain = packages.every(
    ({ kind }) => kind === "name" || kind === "url" || kind === "group" || kind === "marker",
  );
  return isPlain ? NOTHING : UNKNOWN;
}

function pipDetails(command: PackageCommand): Details {
  const named = command.packages.filter(({ kind }) => kind !== "name" && kind !== "url");
  const isTree = named.some(({ kind, shape }) => kind === "local" && /^\.{1,2}(?:[/[]|$)/.test(shape));
  if (isTree) return pipTree(command);
  if (named.length > 0) return UNKNOWN;
  const inputs = requirementsOf(command);
  if (command.manifestFiles.length > inputs.length) return UNKNOWN;
  if (inputs.length > 0) return { reads: "manifests", inputs };
  // Wheels that an earlier step left in a folder.
  return command.options.has("-f", "--find-links", "--no-index") ? UNKNOWN : byName(command);
}

/** `pip install .` reads the project's own files too. */
function pipTree(command: PackageCommand): Details {
  const isHere = command.packages.some(({ shape }) => /^\.\/?(?:\[[^\]]*\])?$/.test(shape));
  const own: InstallInput = { ...manifest("pyproject.toml", "setup.py", "setup.cfg"), isSearchedAbove: false };
  return { reads: "tree", inputs: [...requirementsOf(command), ...(isHere ? [own] : [])] };
}

function requirementsOf({ manifestFiles }: PackageCommand): readonly InstallInput[] {
  return manifestFiles.flatMap(({ path, range }): InstallInput[] =>
    path === undefined || /^[a-z+]+:\/\//i.test(path) || path === "-" || path.startsWith("/dev/")
      ? []
      : [{ kind: "manifest", names: [path], range, isSearchedAbove: false }],
  );
}

function uvDetails(command: PackageCommand): Details | undefined {
  if (command.verb === "add" || command.verb === "python install") return undefined;
  if (command.verb !== "pip sync") return pipDetails(command);
  const inputs = command.packages.flatMap(({ shape, range }): InstallInput[] =>
    command.packages.length === 1 && /^[\w./-]+$/.test(shape)
      ? [{ kind: "manifest", names: [shape], range, isSearchedAbove: false }]
      : [],
  );
  return inputs.length > 0 ? { reads: "manifests", inputs } : UNKNOWN;
}

function condaDetails(command: PackageCommand): Details {
  const inputs = requirementsOf(command);
  if (inputs.length < command.manifestFiles.length) return UNKNOWN;
  return inputs.length > 0 ? { reads: "manifests", inputs } : byName(command);
}

const NODE_LOCKS: Readonly<Record<string, readonly string[]>> = {
  npm: ["package-lock.json", "npm-shrinkwrap.json"],
  yarn: ["yarn.lock"],
  pnpm: ["pnpm-lock.yaml"],
  bun: ["bun.lock", "bun.lockb"],
};

function nodeDetails(command: PackageCommand, isInstall: boolean): Details | undefined {
  const { family, verb, action } = command;
  if (family === "pnpm" && verb === "fetch") return { reads: "manifests", inputs: lock("pnpm-lock.yaml") };
  if (!isInstall || verb === "dlx" || command.manager === "npx") return undefined;
  if (verb === "workspaces focus") return { reads: "manifests", inputs: [manifest("package.json")] };
  if (command.isGlobal && command.packages.length === 0) return UNKNOWN;
  if (command.packages.length > 0) return byName(command);
  const isLocked = action === "lock-install" || command.isFrozen;
  return project("package.json", isLocked ? lock(...(NODE_LOCKS[family] ?? [])) : []);
}

function goDetails(command: PackageCommand): Details | undefined {
  if (command.verb === "mod download") return project("go.mod", []);
  if (command.action === "build") return command.options.find("-mod")?.value === "vendor" ? undefined : TREE;
  if (command.action !== "install") return undefined;
  return command.packages.some(({ shape }) => shape.startsWith(".")) ? TREE : byName(command);
}

function cargoDetails(command: PackageCommand): Details | undefined {
  const locks = lockOf(command, "Cargo.lock");
  if (command.verb === "fetch") return project("Cargo.toml", locks);
  if (command.action === "build") return { reads: "tree", inputs: [manifest("Cargo.toml"), ...locks] };
  if (command.verb !== "install") return undefined;
  return command.options.has("--path") ? TREE : byName(command);
}

function dotnetDetails(command: PackageCommand): Details | undefined {
  if (command.verb === "restore") return { reads: "manifests", inputs: dotnetProject(command) };
  if (command.verb === "build" || command.verb === "publish") {
    return command.options.has("--no-restore") ? undefined : TREE;
  }
  return command.verb === "tool install" ? byName(command) : undefined;
}

function dotnetProject({ options }: PackageCommand): readonly InstallInput[] {
  const [first] = options.operands;
  const path = first?.value;
  if (first === undefined || path === undefined || !/\.(?:cs|fs|vb)proj$|\.slnx?$/.test(path)) return [];
  return [{ kind: "manifest", names: [path.replaceAll("\\", "/")], range: first.range, isSearchedAbove: false }];
}

/** Programs that are no package manager of the shell model, with the verbs that install. */
const OTHER_PROGRAMS = new Map<
  string,
  { readonly ecosystem: Ecosystem; readonly verbs: string; readonly file: string }
>([
  ["mix", { ecosystem: "elixir", verbs: "deps.get deps.compile", file: "mix.exs" }],
  ["pdm", { ecosystem: "python", verbs: "install sync", file: "pyproject.toml" }],
]);

function otherInstall(run: RunView, invocation: Invocation): DependencyInstall | undefined {
  const { name, args } = invocation;
  const program = name === undefined ? undefined : OTHER_PROGRAMS.get(name);
  const verb = program === undefined ? undefined : args.find(({ shape }) => !shape.startsWith("-"));
  if (program === undefined || verb?.value === undefined || !program.verbs.split(" ").includes(verb.value))
    return undefined;
  const isMoved = args.some(({ shape }) => /^(?:-p|--project)(?:=|$)/.test(shape));
  return {
    run,
    invocation,
    command: undefined,
    ecosystem: program.ecosystem,
    what: `${name} ${verb.value}`,
    range: wordsOf(invocation.nameRange, verb.range),
    folder: isMoved ? undefined : folderAt(run, invocation),
    reads: "manifests",
    inputs: isMoved ? [] : [manifest(program.file)],
  };
}

function wordsOf(first: Range, last: Range): Range {
  return first.source === last.source && last.start >= first.start ? join(first, last) : last;
}

/** Folder of the project that a command works on: its options, then the working directory; undefined when unknown. */
export function projectFolder(run: RunView, { family, options, invocation }: PackageCommand): string | undefined {
  const folder = folderAt(run, invocation);
  const use = options.find(...(FOLDER_OPTIONS.get(family) ?? []));
  if (use === undefined) return folder;
  if (use.value === undefined) return undefined;
  if (isAbsolutePath(use.value)) return resolvePath("/", use.value);
  return folder === undefined || use.value.startsWith("~") ? undefined : resolvePath(folder, use.value);
}

function hasMovedManifest(run: RunView, { family, options, invocation }: PackageCommand): boolean {
  if (options.has(...(FILE_OPTIONS.get(family) ?? []))) return true;
  const names = FILE_VARIABLES.get(family) ?? [];
  return names.some((name) => {
    const binding = run.step.lookup(name);
    // A variable that only an unknown base could set is hardly ever there.
    if (binding.kind === "known" || (binding.kind === "unknown" && binding.origin !== undefined)) return true;
    return invocation.assignments.some((assigned) => assigned.name === name);
  });
}

/** Linux takes no longer path. */
const LONGEST_PATH = 4095;

const knownFolders = new ModelMemo<RunView, ReadonlyMap<Invocation, string | undefined>>();

/** Working directory of a command of a RUN: WORKDIR, then each `cd` before it; undefined when unknown. */
export function folderAt(run: RunView, invocation: Invocation): string | undefined {
  let folders = knownFolders.get(run);
  if (folders === undefined) {
    folders = foldersOf(run);
    knownFolders.set(run, folders);
  }
  return folders.get(invocation);
}

function foldersOf(run: RunView): ReadonlyMap<Invocation, string | undefined> {
  const folders = new Map<Invocation, string | undefined>();
  let folder = run.workdir;
  let isLost = false;
  for (const command of run.commands) {
    folders.set(command, isLost ? undefined : folder);
    if (command.name === "popd") isLost = true;
    if (command.name !== "cd" && command.name !== "pushd") continue;
    const target = command.args.find(({ shape }) => !/^-[LPe@]+$/.test(shape))?.value;
    // A `cd` in a subshell ends with it, and one that may not run leaves the folder open.
    if (command.inSubshell || command.onlyIf !== "none" || target === undefined || /^[~-]/.test(target)) isLost = true;
    else if (isLost) continue;
    else if (isAbsolutePath(target)) folder = resolvePath("/", target);
    else if (folder !== undefined) folder = resolvePath(folder, target);
    if (folder !== undefined && folder.length > LONGEST_PATH) isLost = true;
    if (isLost) folder = undefined;
  }
  return folders;
}

/** Absolute paths, any of which satisfies an input; empty when the folder is unknown. */
export function pathsOfInput({ folder }: Pick<DependencyInstall, "folder">, input: InstallInput): readonly string[] {
  return input.names.flatMap((name) => {
    if (isAbsolutePath(name)) return [resolvePath("/", name)];
    if (folder === undefined || name.startsWith("~") || name.includes("$")) return [];
    return input.isSearchedAbove
      ? foldersUp(folder).map((above) => joinPath(above, name))
      : [resolvePath(folder, name)];
  });
}

/** Folders looked at above the one of a command: no project is deeper, and each is compared with all steps. */
const MOST_FOLDERS = 30;

function foldersUp(folder: string): readonly string[] {
  const folders = [folder];
  for (let current = folder; current !== "/"; ) {
    // Of a deeper one nobody knows where the search ends.
    if (folders.length > MOST_FOLDERS) return [];
    const slash = current.lastIndexOf("/");
    current = slash <= 0 ? "/" : current.slice(0, slash);
    folders.push(current);
  }
  return folders;
}

/** Names of files that a manager reads beside the project's manifest: `.npmrc`, lock files. Wildcards are possible. */
export function manifestNames({ command, inputs }: DependencyInstall): readonly string[] {
  const own = inputs.flatMap(({ names }) => names);
  const facts = command === undefined ? undefined : managerOf(command.manager);
  const named = inputs.some(({ range }) => range !== undefined);
  if (facts === undefined || named) return own;
  const settings = facts.family === "npm" || facts.family === "pnpm" ? [".npmrc"] : [];
  return [...new Set([...facts.manifests, ...facts.lockFiles, ...own, ...settings])];
}
