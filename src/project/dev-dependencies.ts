import { MANAGER_SETTINGS, type PackageFamily } from "../data/package-managers.js";
import { joinPath } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";

/** An install that brings what only development needs. */
export interface DevInstall {
  readonly run: RunView;
  readonly range: Range;
  /** As people write it: `npm ci`. */
  readonly what: string;
  /** What it brings, in a few words. */
  readonly brings: string;
  /** Option that leaves it out, and where it goes; undefined when there is no single one. */
  readonly remedy: { readonly option: string; readonly at: Range } | undefined;
  /** Folder that holds the result; undefined for system-wide installs. */
  readonly folder: "node_modules" | "vendor" | "venv" | undefined;
  /** Whether the manifest was read and has such dependencies. */
  readonly isCertain: boolean;
}

/** How a manager is told to leave development dependencies out, and where its manifest says that there are any. */
interface ProjectManager {
  readonly manifest: string;
  readonly hasDev: RegExp;
  readonly option: string;
  readonly folder: DevInstall["folder"];
}

const NODE = { manifest: "package.json", hasDev: /"devDependencies"\s*:\s*\{\s*"/, folder: "node_modules" } as const;
const PROJECT_MANAGERS: ReadonlyMap<PackageFamily, ProjectManager> = new Map<PackageFamily, ProjectManager>([
  ["npm", { ...NODE, option: "--omit=dev" }],
  ["yarn", { ...NODE, option: "--production" }],
  ["pnpm", { ...NODE, option: "--prod" }],
  ["bun", { ...NODE, option: "--production" }],
  [
    "composer",
    { manifest: "composer.json", hasDev: /"require-dev"\s*:\s*\{\s*"/, option: "--no-dev", folder: "vendor" },
  ],
  [
    "poetry",
    {
      manifest: "pyproject.toml",
      hasDev: /^\[(?:tool\.poetry\.(?:group\.|dev-dependencies)|dependency-groups\])/m,
      option: "--only main",
      folder: "venv",
    },
  ],
  [
    "uv",
    {
      manifest: "pyproject.toml",
      hasDev: /^\[dependency-groups\]|^dev-dependencies\s*=/m,
      option: "--no-dev",
      folder: "venv",
    },
  ],
  [
    "bundle",
    { manifest: "Gemfile", hasDev: /^\s*group\b[^#\n]*:(?:development|test)\b/m, option: "", folder: "vendor" },
  ],
]);

/** Verbs that install what a manifest lists when no package is named. */
const PROJECT_VERBS: ReadonlySet<string> = new Set(["", "install", "i", "ci", "clean-install", "sync"]);
const DEV_FILE = /(?:^|[._/-])(?:dev|develop|development|test|tests|testing|lint)(?:[._-]|$)/i;
const DEV_EXTRA = /\[[^\]]*\b(?:dev|develop|test|tests|testing|lint)\b[^\]]*\]/;
const PYTHON_TOOLS =
  /^(?:pytest(?:-.+)?|mypy|ruff|black|flake8(?:-.+)?|isort|pylint|tox|nox|coverage|debugpy|pre-commit)$/;
const NODE_TOOLS = /^(?:eslint|jest|nodemon)$/;

/** Installs of a stage that bring development dependencies and leave them there, in order. */
export function devInstalls(stage: StageView, project: Project, tools: readonly string[]): readonly DevInstall[] {
  return stage.runs.flatMap((run) => (run.isOnbuild ? [] : ofRun(run, project, tools)));
}

function ofRun(run: RunView, project: Project, tools: readonly string[]): readonly DevInstall[] {
  const found: DevInstall[] = [];
  for (const [index, command] of run.packages.entries()) {
    if ((command.action !== "install" && command.action !== "lock-install") || command.isDryRun) continue;
    if (command.invocation.guarded) continue;
    const install = ofProject(run, command, project) ?? named(run, command, tools);
    if (install === undefined || isPruned(run, install, run.packages.slice(index + 1))) continue;
    found.push(install);
  }
  for (const { name, args, range } of run.commands) {
    if (name !== "docker-php-ext-enable" && name !== "install-php-extensions") continue;
    const extension = args.find(({ value }) => value !== undefined && /^xdebug(?:-[\d.]+)?$/.test(value));
    if (extension === undefined) continue;
    found.push({
      run,
      range: extension.range ?? range,
      what: `${name} xdebug`,
      brings: "a debugger",
      remedy: undefined,
      folder: undefined,
      isCertain: true,
    });
  }
  return found;
}

/** An install of what the project's manifest lists, development groups included. */
function ofProject(run: RunView, command: PackageCommand, project: Project): DevInstall | undefined {
  const manager = PROJECT_MANAGERS.get(command.family);
  if (manager === undefined || command.isGlobal || command.devDependencies === "omitted") return undefined;
  if (!PROJECT_VERBS.has(command.verb) || command.packages.length > 0 || command.manifestFiles.length > 0)
    return undefined;
  if (isSetForProduction(run, command)) return undefined;
  if (command.family === "bundle" && configuresGroups(run)) return undefined;
  if (command.family === "poetry" && command.options.has("--only", "--without", "--only-root")) return undefined;
  const text = manifestText(run, manager.manifest, project);
  if (text !== undefined && !manager.hasDev.test(text)) return undefined;
  // Ruby and Python projects without such groups are common: nothing is said of a manifest that nobody can read.
  if (text === undefined && manager.folder !== "node_modules" && manager.manifest !== "composer.json") return undefined;
  return {
    run,
    range: command.verbRange,
    what: `${command.manager} ${command.verb}`.trim(),
    brings: manager.manifest === "package.json" ? "devDependencies" : "development dependencies",
    remedy: manager.option === "" ? undefined : { option: manager.option, at: command.verbRange },
    folder: manager.folder,
    isCertain: text !== undefined,
  };
}

/** Packages, extras or requirement files that only development needs, by name. */
function named(run: RunView, command: PackageCommand, tools: readonly string[]): DevInstall | undefined {
  const what = `${command.manager} ${command.verb}`.trim();
  const result = (range: Range, brings: string): DevInstall => ({
    run,
    range,
    what,
    brings,
    remedy: undefined,
    folder: undefined,
    isCertain: true,
  });
  if (command.devDependencies === "included" && command.family === "pipenv") {
    return result(command.verbRange, "development dependencies");
  }
  const isPython = command.family === "pip" || command.family === "uv" || command.family === "pipx";
  const isNode = command.family === "npm" || command.family === "yarn" || command.family === "pnpm";
  if (!isPython && !isNode) return undefined;
  for (const { path, kind, range } of command.manifestFiles) {
    if (kind === "requirements" && path !== undefined && DEV_FILE.test(path)) return result(range, `\`${path}\``);
  }
  for (const { name, kind, shape, range } of command.packages) {
    if (kind === "local" && DEV_EXTRA.test(shape)) return result(range, `the extra of \`${shape}\``);
    if (name === undefined || kind !== "name") continue;
    if (tools.includes(name) || (isPython && PYTHON_TOOLS.test(name)) || (isNode && NODE_TOOLS.test(name))) {
      return result(range, `\`${name}\``);
    }
  }
  return undefined;
}

/** Variables that mean the same as the option: of the stage, or in front of the command. */
function isSetForProduction(run: RunView, { family, invocation }: PackageCommand): boolean {
  for (const { family: owner, means, source, key, values } of MANAGER_SETTINGS) {
    if (owner !== family || means !== "production" || source !== "env") continue;
    const assigned = invocation.assignments.findLast(({ name }) => name === key);
    if (assigned !== undefined) {
      const value = assigned.value?.value;
      if (value === undefined || fits(value, values)) return true;
      continue;
    }
    const binding = run.step.lookup(key);
    // An unknown value may be the right one.
    if (binding.kind === "known" && fits(binding.value, values)) return true;
    if (binding.kind === "unknown" && binding.origin !== undefined) return true;
  }
  return false;
}

function fits(value: string, values: readonly string[]): boolean {
  return values.length === 0 ? value !== "" : values.includes(value.toLowerCase());
}

/** `bundle config set without …` in this RUN or an earlier one of the lineage. */
function configuresGroups(run: RunView): boolean {
  return run.stage.lineage.some(({ runs }) =>
    runs.some(({ commands }) =>
      commands.some(
        ({ name, args }) =>
          (name === "bundle" || name === "bundler") &&
          args.some(({ value }) => value === "config") &&
          args.some(({ value }) => value !== undefined && /^(?:without|only|deployment)$/.test(value)),
      ),
    ),
  );
}

function manifestText(run: RunView, manifest: string, project: Project): string | undefined {
  if (run.workdir === undefined) return undefined;
  const file = fileBehind(run.stage, joinPath(run.workdir, manifest), project);
  if (file.kind === "file") return file.source.text;
  return file.kind === "heredoc" ? file.text : undefined;
}

/** Whether later commands of the same RUN, or a later RUN of the stage, take it out again. */
function isPruned(run: RunView, install: DevInstall, later: readonly PackageCommand[]): boolean {
  if (later.some(isPrune)) return true;
  if (install.folder !== undefined && run.facts.removedPaths.some(({ path }) => path?.endsWith(install.folder ?? ""))) {
    return true;
  }
  return run.stage.runs.indexOf(run) < lastPruneOf(run.stage);
}

const lastPrunes = new WeakMap<StageView, number>();

/** 0-based place of the last RUN of a stage that takes development dependencies out; -1 when none does. */
function lastPruneOf(stage: StageView): number {
  let last = lastPrunes.get(stage);
  if (last === undefined) {
    last = stage.runs.findLastIndex(({ packages }) => packages.some(isPrune));
    lastPrunes.set(stage, last);
  }
  return last;
}

function isPrune({ verb, devDependencies, action }: PackageCommand): boolean {
  const isProduction = devDependencies === "omitted";
  return (verb === "prune" && isProduction) || ((action === "install" || action === "lock-install") && isProduction);
}
