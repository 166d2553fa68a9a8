import { baseName } from "../files/path.js";
import type { Range } from "../text/source.js";
import { readsArguments } from "./entrypoint-flaws.js";
import { passesOn } from "./exec-commands.js";
import type { Build, CommandView, Project, StageView } from "./model.js";
import { execForm } from "./simple-command.js";
import { stageEdges } from "./stage-edges.js";
import { startScriptOf } from "./start-scripts.js";

/**
 * What an ENTRYPOINT in exec form does with the words of CMD. `runs`: it starts them as a command, as init programs do;
 * `may-run`: a script that nobody can read; `hands-on`: a script that runs its arguments; `reads`: a script that looks at
 * them; `ignores`: a script that does not; `takes`: a program whose arguments they are.
 */
export type UseOfCommand = "runs" | "may-run" | "hands-on" | "reads" | "ignores" | "takes";

/** A CMD that an ENTRYPOINT has taken away. */
export interface LostCommand {
  /** As an instruction: `CMD ["serve"]`. */
  readonly written: string;
  /** The instruction; undefined when the base image brings it. */
  readonly range: Range | undefined;
}

/** The stages of a build that images are made of: its target, and those that no other stage needs. */
export function* startedStages(build: Build): Iterable<StageView> {
  const used = new Set<StageView>();
  for (const stage of build.stages) for (const { to } of stageEdges(stage)) used.add(to);
  for (const stage of build.stages) if (stage === build.target || !used.has(stage)) yield stage;
}

/** Programs that start the command that follows. */
const LAUNCHERS: ReadonlySet<string> = new Set([
  "catatonit",
  "chpst",
  "dumb-init",
  "env",
  "gosu",
  "init",
  "setpriv",
  "setuidgid",
  "su-exec",
  "tini",
  "tini-static",
  "xvfb-run",
]);

/** Names that say "start what follows": `poetry run`, `bundle exec`. */
const LAUNCHING: ReadonlySet<string> = new Set(["run", "exec", "--"]);

/** What the ENTRYPOINT of a stage does with its CMD; undefined in shell form, and without one. */
export function useOfCommand(stage: StageView, project: Project): UseOfCommand | undefined {
  const { entrypoint } = stage;
  const argv = entrypoint?.argv;
  const [program] = argv ?? [];
  if (entrypoint === undefined || argv === undefined || program === undefined) return undefined;
  if (LAUNCHERS.has(baseName(program))) return isComplete(argv) ? "takes" : "runs";
  if (argv.length > 1 && LAUNCHING.has(argv.at(-1) ?? "")) return "runs";
  const start = startScriptOf(entrypoint, stage, project);
  if (start.kind === "unread") return "may-run";
  if (start.kind === "none")
    return passesOn(argv) || argv.some((word) => word.includes("entrypoint")) ? "may-run" : "takes";
  if (start.script.text.includes('"$@"')) return "hands-on";
  return readsArguments(start.script) ? "reads" : "ignores";
}

/** Whether a program is named behind a launcher: `tini -- node server.js` takes arguments, `gosu app` a command. */
function isComplete(argv: readonly string[]): boolean {
  const dashes = argv.indexOf("--");
  if (dashes >= 0) return dashes < argv.length - 1;
  const operands = argv.slice(1).filter((word) => !word.startsWith("-") && !word.includes("="));
  const name = baseName(argv[0] ?? "");
  const own = name === "gosu" || name === "su-exec" || name === "setuidgid" || name === "chpst" ? 1 : 0;
  return operands.length > own;
}

/** Whether a shell gives the words of CMD to a script: `$@`, `$0` and the like in the text of an ENTRYPOINT. */
export function namesArguments({ instruction }: CommandView): boolean {
  if (!("command" in instruction) || instruction.command.kind !== "shell") return false;
  return /\$\{?[@*0-9]/.test(instruction.command.text);
}

/** Commands that a base image has so that people can look around: to lose one is no loss. */
const INTERACTIVE: ReadonlySet<string> = new Set([
  "ash",
  "bash",
  "erl",
  "ghci",
  "iex",
  "irb",
  "jshell",
  "julia",
  "node",
  "perl",
  "php",
  "python",
  "python2",
  "python3",
  "R",
  "ruby",
  "scala",
  "sh",
  "swift",
]);

/** The CMD of a parent stage or of the base image that the ENTRYPOINT of a stage takes away; undefined when there is none. */
export function lostCommand(stage: StageView): LostCommand | undefined {
  const { cmd, entrypoint, clearedCmd } = stage.evaluated.state;
  if (cmd !== undefined || entrypoint === undefined) return undefined;
  if (clearedCmd !== undefined) {
    const { value, step } = clearedCmd.cmd;
    const words = value.kind === "json" ? value.items.map((item) => item.value) : [];
    const text = value.kind === "json" ? execForm(words) : value.text;
    if (text === "" || text === "[]" || isInteractive(words)) return undefined;
    return { written: `CMD ${text}`, range: step.instruction.headRange };
  }
  const command = stage.facts?.command ?? [];
  // What another service of the project builds stands in between.
  if (command.length === 0 || stage.lineage.some(({ build }) => build !== stage.build)) return undefined;
  return isInteractive(command) ? undefined : { written: `CMD ${execForm(command)}`, range: undefined };
}

/** Whether a command is nothing but a shell or an interpreter. */
export function isInteractive(command: readonly string[]): boolean {
  const [program = "", option] = command;
  return INTERACTIVE.has(baseName(program)) && (option === undefined || option.startsWith("-"));
}
