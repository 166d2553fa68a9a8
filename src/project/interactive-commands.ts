import { type InteractiveCommand, interactiveCommands } from "../data/interactive-commands.js";
import type { Invocation, Word } from "../shell/model.js";
import { readOptions } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { RunView } from "./model.js";

/** A command of a RUN that asks a person, who is not there. */
export interface InteractiveUse {
  readonly invocation: Invocation;
  /** `adduser app`. */
  readonly text: string;
  readonly asks: string;
  readonly remedy: string;
  /** Options that answer everything, to be put behind the program; undefined where a person has to decide. */
  readonly options: string | undefined;
}

/** Commands of a RUN that wait for an answer; those that get one from a pipe, a file or an option are left out. */
export function* interactiveUses(run: RunView): Iterable<InteractiveUse> {
  for (const invocation of run.commands) {
    const { name } = invocation;
    if (name === undefined || isFed(invocation)) continue;
    if (name === "adduser") {
      const found = ofAdduser(invocation, run);
      if (found !== undefined) yield found;
    } else if (name === "read") {
      if (asksPerson(invocation, run)) {
        const remedy = "take the value from an ARG";
        yield { invocation, text: "read", asks: "waits for a line", remedy, options: undefined };
      }
    } else yield* ofTable(name, invocation, run);
  }
}

/** Whether standard input is something that is written here. */
function isFed({ redirects, pipeline }: Invocation): boolean {
  if (pipeline !== undefined && pipeline.position > 0) return true;
  return redirects.some((redirect) => redirect.kind !== "file" || redirect.operator.startsWith("<"));
}

/** Inside of a group, a loop or a function the input comes from around it. */
function asksPerson(invocation: Invocation, { script }: RunView): boolean {
  if (invocation.isTolerated || invocation.args.some(({ shape }) => shape.startsWith("-u"))) return false;
  return script?.steps.some((step) => step.invocation === invocation) === true;
}

function* ofTable(name: string, invocation: Invocation, run: RunView): Iterable<InteractiveUse> {
  const rows = interactiveCommands(name);
  if (rows === undefined) return;
  for (const row of rows) {
    if (!isMeant(row, invocation.args) || isAnswered(row, invocation, run)) continue;
    const text = row.verb === undefined ? name : `${name} ${row.verb}`;
    yield { invocation, text, asks: row.asks, remedy: row.remedy, options: undefined };
    return;
  }
}

function isMeant({ verb, except }: InteractiveCommand, args: readonly Word[]): boolean {
  // A word that nobody knows may be the answer.
  if (args.some(({ value, parts }) => value === undefined && parts.length === 1 && parts[0]?.quote === "none"))
    return false;
  if (args.some(({ shape }) => except.includes(shape))) return false;
  if (verb === undefined) return true;
  return verb.startsWith("-") ? args.some(({ shape }) => shape === verb) : args[0]?.value === verb;
}

function isAnswered({ needs, verb }: InteractiveCommand, invocation: Invocation, run: RunView): boolean {
  if (needs.length === 0) return false;
  return needs.every((set) =>
    set.some((need) => {
      if (need === "operand") return invocation.args.some(({ shape }) => !shape.startsWith("-") && shape !== verb);
      if (need.endsWith("=")) return hasVariable(need.slice(0, -1), run);
      return invocation.args.some(({ shape }) => isOption(shape, need));
    }),
  );
}

/** `-f`, `-ffile`, `-qf`, `--frontend=x`. */
function isOption(shape: string, option: string): boolean {
  if (shape === option || shape.startsWith(`${option}=`)) return true;
  const isLetter = option.length === 2 && shape.startsWith("-") && !shape.startsWith("--");
  return isLetter && (shape.startsWith(option) || (shape.length <= 4 && shape.includes(option.slice(1))));
}

/** Whether a variable is set for the commands of a RUN, by ENV, ARG, the base, or in the RUN itself. */
function hasVariable(name: string, run: RunView): boolean {
  const binding = run.step.lookup(name);
  if (binding.kind === "known") return true;
  return run.commands.some(({ assignments }) => assignments.some((assignment) => assignment.name === name));
}

const DEBIAN_ANSWERS = [
  "--disabled-password",
  "--disabled-login",
  "--system",
  "--group",
  "--help",
  "--version",
] as const;

/** Debian's asks for a password and a name, that of busybox for a password, that of others is `useradd`, which asks nothing. */
function ofAdduser(invocation: Invocation, run: RunView): InteractiveUse | undefined {
  const family = run.stage.facts?.os?.family;
  const reader = readOptions(invocation, toolOptions("adduser") ?? { withValue: new Set(), style: "getopt" });
  const user = reader.verb;
  // With a group behind it the user is there already.
  if (user === undefined || reader.operands.length > 0) return undefined;
  const text = `adduser ${user.text}`;
  const asks = "asks for a password";
  if (family === "alpine" || family === "busybox") {
    if (reader.has("-D", "-S", "--disabled-password", "--system")) return undefined;
    return { invocation, text, asks, remedy: "add `-D`", options: "-D" };
  }
  if (family !== "debian" && family !== "ubuntu") return undefined;
  if (reader.has(...DEBIAN_ANSWERS)) return undefined;
  const hasName = reader.has("--gecos", "--comment");
  const options = hasName ? "--disabled-password" : '--disabled-password --gecos ""';
  return { invocation, text, asks, remedy: `add \`${options}\``, options };
}
