import { MANAGER_SETTINGS, type ManagerSetting } from "../data/package-managers.js";
import { joinPath } from "../files/path.js";
import type { WriteFact } from "../shell/fact-model.js";
import type { Invocation } from "../shell/model.js";
import type { PackageCommand } from "../shell/package-model.js";
import type { CopyView, RunView, StageView } from "./model.js";
import { ModelMemo } from "./model-memo.js";
import { variableAt } from "./package-caches.js";

/** What a setting outside of a command line can stand for. */
export type SettingMeaning = Extract<ManagerSetting["means"], "yes" | "minimal" | "no-cache">;

/**
 * Whether a variable, or a configuration file that an earlier step of the chain wrote or copied, says for a command what an
 * option would say. A file that cannot be read, in a folder where only such settings stand, counts as one that says it.
 */
export function isConfigured(command: PackageCommand, run: RunView, means: SettingMeaning): boolean {
  for (const setting of MANAGER_SETTINGS) {
    if (setting.family !== command.family || setting.means !== means) continue;
    if (setting.source === "env" ? isVariableOn(setting, command, run) : isFileOn(setting, command, run)) return true;
  }
  const said = CONFIG_COMMANDS.find((row) => row.manager === command.family && row.means === means);
  return said !== undefined && earlierSettings(command, run).some((other) => configures(other, said));
}

function isVariableOn({ key, values }: ManagerSetting, { invocation }: PackageCommand, run: RunView): boolean {
  const value = variableAt(run, invocation.index, key);
  if (value?.text === undefined) return false;
  return values.length === 0 ? value.text !== "" : values.includes(value.text.toLowerCase());
}

interface ConfigCommand {
  readonly manager: string;
  readonly means: SettingMeaning;
  readonly key: string;
}

/** `conda config --set always_yes true`, `pip config set global.no-cache-dir true`. */
const CONFIG_COMMANDS: readonly ConfigCommand[] = [
  { manager: "conda", means: "yes", key: "always_yes" },
  { manager: "pip", means: "no-cache", key: "no-cache-dir" },
];

function configures({ family, verb, invocation }: PackageCommand, { manager, key }: ConfigCommand): boolean {
  if (family !== manager || !verb.startsWith("config")) return false;
  const at = invocation.args.findIndex(({ shape }) => shape.endsWith(key));
  return at !== -1 && /^(?:1|true|yes|on)$/i.test(invocation.args[at + 1]?.value ?? "");
}

interface ConfigUse {
  readonly run: RunView;
  readonly command: PackageCommand;
}

const configUses = new ModelMemo<StageView, readonly ConfigUse[]>();

/** Commands of a stage that write the settings of a manager; hardly any stage has one. */
function configUsesOf(stage: StageView): readonly ConfigUse[] {
  let uses = configUses.get(stage);
  if (uses === undefined) {
    uses = stage.runs.flatMap((run) =>
      run.packages.flatMap((command) => (command.verb.startsWith("config") ? { run, command } : [])),
    );
    configUses.set(stage, uses);
  }
  return uses;
}

/** Commands before a command, in its chain, that write settings. */
function earlierSettings({ invocation }: PackageCommand, run: RunView): readonly PackageCommand[] {
  return run.stage.lineage.flatMap((member) =>
    configUsesOf(member).flatMap(({ run: other, command }) => {
      if (member !== run.stage || other.step.index < run.step.index) return command;
      return other === run && command.invocation.index < invocation.index ? command : [];
    }),
  );
}

/** RUNs of one stage looked back at. */
const MOST_RUNS = 300;

/** RUNs of the chain that come before the end of a RUN, which is one of them: the nearest of each stage, in order. */
export function runsUpTo(run: RunView): readonly RunView[] {
  return run.stage.lineage.flatMap(({ runs }, index) => {
    if (index > 0) return runs.slice(-MOST_RUNS);
    const end = placeOf(run, runs) + 1;
    return runs.slice(Math.max(0, end - MOST_RUNS), end);
  });
}

/** 0-based place of a RUN among those of its stage; a trigger stands where it would. */
function placeOf({ step }: RunView, runs: readonly RunView[]): number {
  let low = 0;
  let high = runs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((runs[middle]?.step.index ?? 0) < step.index) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A file of a configuration folder, with its text; undefined text when nobody can read it. */
interface ConfigFile {
  readonly path: string;
  readonly text: string | undefined;
  readonly step: number;
  /** Place in the script for files that a RUN writes, else -1. */
  readonly index: number;
}

const configFiles = new ModelMemo<StageView, readonly ConfigFile[]>();

/** Folders and files that settings are looked for in. */
const FOLDERS = ["/etc/apt/", "/etc/dnf/", "/etc/yum.conf", "/etc/zypp/"] as const;

function filesOf(stage: StageView): readonly ConfigFile[] {
  let files = configFiles.get(stage);
  if (files === undefined) {
    files = stage.layers.flatMap((layer) => (layer.kind === "run" ? written(layer.run) : copied(layer.copy)));
    configFiles.set(stage, files);
  }
  return files;
}

function isConfigPath(path: string): boolean {
  return FOLDERS.some((folder) => path.startsWith(folder));
}

function written(run: RunView): readonly ConfigFile[] {
  const files: ConfigFile[] = [];
  for (const write of run.facts.writes) {
    if (isConfigPath(write.shape))
      files.push({ path: write.shape, text: textOf(write), step: run.step.index, index: write.invocation.index });
  }
  return files;
}

function textOf({ by, content, invocation }: WriteFact): string | undefined {
  if (content !== undefined) return content;
  if (by === "edit") return wordsOf(invocation);
  return by === "mkdir" || by === "touch" ? "" : undefined;
}

function wordsOf({ args }: Invocation): string {
  return args.map(({ shape }) => shape).join("\n");
}

function copied(copy: CopyView): readonly ConfigFile[] {
  const { destination, sources, from, stage } = copy;
  if (destination === undefined || !isConfigPath(`${destination}/`)) return [];
  const { context } = stage.build;
  return sources.map(({ kind, path, heredoc }): ConfigFile => {
    const place = { path: destination, step: copy.step.index, index: -1 };
    if (heredoc !== undefined) return { ...place, text: heredoc.content };
    if (kind !== "path" || path === undefined || from.kind !== "context" || context.kind !== "local")
      return { ...place, text: undefined };
    const read = context.workspace.read(joinPath(context.root, path));
    return { ...place, text: read.kind === "source" ? read.source.text : undefined };
  });
}

function isFileOn(setting: ManagerSetting, command: PackageCommand, run: RunView): boolean {
  return run.stage.lineage.some((member) =>
    filesOf(member).some(({ path, text, step, index }) => {
      if (!path.startsWith(setting.path) && !setting.path.startsWith(`${path}/`)) return false;
      if (member === run.stage) {
        if (step > run.step.index || (step === run.step.index && index >= command.invocation.index)) return false;
      }
      // Sources and keys lie in that folder too, so an unread file has to stand where options do.
      return text === undefined ? /apt\.conf|dnf\.conf|yum\.conf|zypp\.conf/.test(path) : says(text, setting);
    }),
  );
}

/** Whether a line of a file sets a key to one of the values, whatever stands between: `=`, blanks, quotes, `::`. */
function says(text: string, { key, values }: ManagerSetting): boolean {
  const lower = text.toLowerCase();
  const wanted = key.toLowerCase();
  for (let at = lower.indexOf(wanted); at !== -1; at = lower.indexOf(wanted, at + 1)) {
    if (values.length === 0) return true;
    const rest = lower.slice(at + wanted.length, at + wanted.length + 40);
    const value = /^[\s="':]*([a-z0-9]+)/.exec(rest)?.[1];
    if (value !== undefined && values.includes(value)) return true;
  }
  return false;
}
