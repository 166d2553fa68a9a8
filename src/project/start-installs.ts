import type { Invocation } from "../shell/model.js";
import { packageCommand } from "../shell/packages.js";
import { shellKindOfName } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";

/** Software that a container fetches each time it starts. */
export interface StartInstall {
  /** For people: `npm install`, `git clone`. */
  readonly what: string;
  readonly range: Range;
  readonly command: Invocation;
  /** It is always reached; else a test decides. */
  readonly isCertain: boolean;
}

/** Installs, upgrades, `git clone`, `git pull` and downloads piped to a shell, in source order. */
export function startInstalls(commands: readonly Invocation[]): readonly StartInstall[] {
  const found: StartInstall[] = [];
  for (const [index, command] of commands.entries()) {
    const what = installOf(command);
    if (what === undefined || isRepair(command, commands[index - 1])) continue;
    found.push({ what, range: command.nameRange, command, isCertain: command.onlyIf === "none" && !command.guarded });
  }
  return found;
}

function installOf(command: Invocation): string | undefined {
  const { name, args, pipeline } = command;
  if (name === undefined) return undefined;
  if (name === "git") {
    const verb = args.find(({ shape }) => !shape.startsWith("-"))?.value;
    return verb === "clone" || verb === "pull" ? `git ${verb}` : undefined;
  }
  if ((name === "curl" || name === "wget") && pipeline !== undefined) {
    const target = pipeline.pipeline.stages[pipeline.position + 1]?.invocation?.name;
    return target !== undefined && shellKindOfName(target) !== "other" ? `${name} | ${target}` : undefined;
  }
  const packages = packageCommand(command);
  if (packages === undefined || packages.isDryRun) return undefined;
  const { action, verb, manager } = packages;
  if (action !== "install" && action !== "lock-install" && action !== "upgrade") return undefined;
  return verb === "" ? manager : `${manager} ${verb}`;
}

/** `bundle check || bundle install`: nothing happens where the image is complete. */
function isRepair({ onlyIf }: Invocation, before: Invocation | undefined): boolean {
  return onlyIf === "or-branch" && before?.args.some(({ value }) => value === "check") === true;
}
