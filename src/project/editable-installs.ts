import { resolvePath } from "../files/path.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Edit, Range } from "../text/source.js";
import { folderAt } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** An install that leaves a link to the source tree in place of the program. */
export interface EditableInstall {
  /**
   * `link`: told to (`pip install -e`, `setup.py develop`, `npm link`); `poetry-root` and `uv`: what `poetry install` and
   * `uv sync` do with the project itself unless told otherwise.
   */
  readonly kind: "link" | "poetry-root" | "uv";
  readonly run: RunView;
  /** As people write it: `pip install -e .`. */
  readonly what: string;
  /** The option or verb that asks for the link. */
  readonly range: Range;
  /** What makes it an ordinary install; undefined where no single edit does. */
  readonly edit: Edit | undefined;
  /** Whether it installs into Python's packages. */
  readonly isPython: boolean;
}

const known = new ModelMemo<StageView, readonly EditableInstall[]>();

/** Editable installs of a stage itself, in order; triggers, dry runs and commands that a test decides about are left out. */
export function editableInstalls(stage: StageView, project: Project): readonly EditableInstall[] {
  let found = known.get(stage);
  if (found === undefined) {
    found = stage.runs.flatMap((run) => (run.isOnbuild ? [] : ofRun(run, project)));
    known.set(stage, found);
  }
  return found;
}

function ofRun(run: RunView, project: Project): readonly EditableInstall[] {
  const found: EditableInstall[] = [];
  for (const command of run.packages) {
    if (command.isDryRun || command.invocation.guarded) continue;
    found.push(...ofCommand(run, command, project));
  }
  for (const invocation of run.commands) {
    if (invocation.name?.startsWith("python") !== true) continue;
    const develop = developWord(invocation);
    if (develop === undefined) continue;
    found.push({ kind: "link", run, what: "setup.py develop", range: develop, edit: undefined, isPython: true });
  }
  return found;
}

function developWord({ args }: Invocation): Range | undefined {
  const script = args.findIndex(({ value }) => value === "setup.py" || value?.endsWith("/setup.py") === true);
  if (script === -1) return undefined;
  return args.find(({ value }, index) => index > script && value === "develop")?.range;
}

function ofCommand(run: RunView, command: PackageCommand, project: Project): readonly EditableInstall[] {
  const { family, verb } = command;
  switch (family) {
    case "pip":
    case "pipenv":
      return verb === "install" ? ofOption(run, command) : [];
    case "uv":
      if (verb === "pip install") return ofOption(run, command);
      return verb === "sync" && isUvLink(run, command, project) ? [byDefault(run, command, "uv")] : [];
    case "poetry":
      return isPoetryLink(run, command, project) ? [byDefault(run, command, "poetry-root")] : [];
    case "npm":
    case "yarn":
    case "pnpm":
      return ofNode(run, command);
    default:
      return [];
  }
}

function ofOption(run: RunView, { options, manager, verb }: PackageCommand): readonly EditableInstall[] {
  return options.options.flatMap((use): EditableInstall[] => {
    const { name, valueRange, valueShape, range } = use;
    if ((name !== "-e" && name !== "--editable") || valueRange === undefined || valueShape === undefined) return [];
    const isForward = range.source === valueRange.source && valueRange.start > range.start;
    const edit = isForward ? { range: range.source.range(range.start, valueRange.start), text: "" } : undefined;
    const token = isForward && valueRange.start < range.end ? range.source.range(range.start, valueRange.start) : range;
    const what = `${manager} ${verb} ${name} ${use.value ?? "…"}`;
    return [{ kind: "link", run, what, range: token, edit, isPython: true }];
  });
}

function byDefault(run: RunView, command: PackageCommand, kind: "poetry-root" | "uv"): EditableInstall {
  const { manager, verb, verbRange } = command;
  return { kind, run, what: `${manager} ${verb}`, range: verbRange, edit: undefined, isPython: true };
}

function isPoetryLink(run: RunView, { verb, options, invocation }: PackageCommand, project: Project): boolean {
  if ((verb !== "install" && verb !== "sync") || options.has("--no-root", "--help", "--dry-run")) return false;
  const text = pyproject(run, invocation, project);
  return text === undefined || !/^package-mode\s*=\s*false\b/m.test(text);
}

function isUvLink(run: RunView, { options, invocation }: PackageCommand, project: Project): boolean {
  if (options.has("--no-editable", "--no-install-project", "--no-install-workspace", "--dry-run")) return false;
  if (options.options.some(({ name }) => name.startsWith("--only-"))) return false;
  if (run.step.lookup("UV_NO_EDITABLE").kind === "known") return false;
  if (invocation.assignments.some(({ name }) => name === "UV_NO_EDITABLE")) return false;
  const text = pyproject(run, invocation, project);
  // Without a build system the project is not installed at all.
  return text === undefined || /^\[build-system\]|^package\s*=\s*true\b/m.test(text);
}

function pyproject(run: RunView, invocation: Invocation, project: Project): string | undefined {
  const folder = folderAt(run, invocation);
  if (folder === undefined) return undefined;
  const file = fileBehind(run.stage, resolvePath(folder, "pyproject.toml"), project);
  return file.kind === "file" ? file.source.text : undefined;
}

/** `npm link` and `npm install -g .` put a link to the folder among the global packages. */
function ofNode(run: RunView, command: PackageCommand): readonly EditableInstall[] {
  const { family, verb, verbRange, manager, packages, isGlobal } = command;
  const link = { kind: "link", run, edit: undefined, isPython: false } as const;
  if (verb === "link" || verb === "ln") return [{ ...link, what: `${manager} ${verb}`, range: verbRange }];
  if (family !== "npm" || !isGlobal || command.action !== "install") return [];
  return packages.flatMap(({ shape, range }) =>
    shape === "." || shape === "./" ? [{ ...link, what: `${manager} ${verb} -g ${shape}`, range }] : [],
  );
}
