import { joinPath } from "../files/path.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { Range } from "../text/source.js";
import { projectFolder } from "./dependency-installs.js";
import { fileBehind } from "./image-files.js";
import type { Project, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";

/** An install that runs what packages bring to run at their installation. */
export interface ScriptedInstall {
  readonly command: PackageCommand;
  /** As people write it: `npm ci`. */
  readonly what: string;
  readonly range: Range;
  /** The option that forbids it. */
  readonly option: string;
}

/** Installs of a stage that run scripts of packages, in order. */
export function scriptedInstalls(
  stage: StageView,
  project: Project,
  checkSources: boolean,
): readonly ScriptedInstall[] {
  const found: ScriptedInstall[] = [];
  for (const run of stage.runs) {
    for (const command of run.packages) {
      const { action, manager, verb, verbRange: range } = command;
      if ((action !== "install" && action !== "lock-install") || command.isDryRun || manager === "npx") continue;
      const option = optionFor(command, run, project, checkSources);
      if (option !== undefined) found.push({ command, what: `${manager} ${verb}`.trim(), range, option });
    }
  }
  return found;
}

function optionFor(command: PackageCommand, run: RunView, project: Project, checkSources: boolean): string | undefined {
  const { family, options, verb } = command;
  switch (family) {
    case "npm":
      return options.has("--ignore-scripts") || isConfigured(command, run, project) ? undefined : "--ignore-scripts";
    case "pnpm":
      // From 10 on packages have to be allowed to run scripts.
      if (!isOldPnpm(run) || options.has("--ignore-scripts")) return undefined;
      return isConfigured(command, run, project) ? undefined : "--ignore-scripts";
    case "yarn":
      if (options.has("--ignore-scripts", "--mode") || isConfigured(command, run, project)) return undefined;
      return "--ignore-scripts";
    case "composer":
      return options.has("--no-scripts") ? undefined : "--no-scripts";
    case "pip":
      if (!checkSources || verb !== "install" || options.has("--only-binary")) return undefined;
      return "--only-binary :all:";
    default:
      return undefined;
  }
}

/** Whether a version below 10 is asked for by name, by corepack or by npm. */
function isOldPnpm({ stage }: RunView): boolean {
  return remembered(oldPnpm, stage, asksForOldPnpm);
}

const oldPnpm = new ModelMemo<StageView, boolean>();
const configured = new ModelMemo<StageView, boolean>();

/** An answer about a stage, found once: each install asks. */
function remembered(
  memo: ModelMemo<StageView, boolean>,
  stage: StageView,
  find: (stage: StageView) => boolean,
): boolean {
  let answer = memo.get(stage);
  if (answer === undefined) {
    answer = find(stage);
    memo.set(stage, answer);
  }
  return answer;
}

function asksForOldPnpm({ lineage }: StageView): boolean {
  return lineage.some(({ runs }) =>
    runs.some(({ commands }) =>
      commands.some(({ args }) => args.some(({ shape }) => /^pnpm@[1-9](?:\.|$)/.test(shape))),
    ),
  );
}

/** Variables that switch scripts off, with the value that does. */
const VARIABLES: readonly (readonly [string, string])[] = [
  ["npm_config_ignore_scripts", "true"],
  ["NPM_CONFIG_IGNORE_SCRIPTS", "true"],
  ["YARN_ENABLE_SCRIPTS", "false"],
];

/** Whether a variable, a command or a file of settings forbids scripts. */
function isConfigured(command: PackageCommand, run: RunView, project: Project): boolean {
  const isSet = VARIABLES.some(([name, value]) => {
    const binding = run.step.lookup(name);
    if (binding.kind === "known" && (binding.value === value || binding.value === String(Number(value === "true"))))
      return true;
    return command.invocation.assignments.some((one) => one.name === name);
  });
  if (isSet || remembered(configured, run.stage, configures)) return true;
  const folder = projectFolder(run, command);
  if (folder === undefined) return true;
  return FILES.some(([name, key, value]) => {
    const file = fileBehind(run.stage, joinPath(folder, name), project);
    const text = file.kind === "file" ? file.source.text : file.kind === "heredoc" ? file.text : "";
    return text.includes(key) && new RegExp(`^\\s*${key}\\s*[:=]\\s*${value}`, "m").test(text);
  });
}

const FILES = [
  [".npmrc", "ignore-scripts", "true"],
  [".yarnrc.yml", "enableScripts", "false"],
  [".yarnrc", "ignore-scripts", "true"],
] as const;

/** `npm config set ignore-scripts true`. */
function configures({ lineage }: StageView): boolean {
  return lineage.some(({ runs }) =>
    runs.some(({ packages }) =>
      packages.some(
        ({ verb, invocation }) =>
          verb.startsWith("config") &&
          invocation.args.some(({ shape }) => shape.startsWith("ignore-scripts") || shape === "enableScripts"),
      ),
    ),
  );
}
