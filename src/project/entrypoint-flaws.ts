import type { Script } from "../shell/model.js";
import type { Range } from "../text/source.js";
import { words } from "../text/words.js";
import { isBuiltin } from "./simple-command.js";

/** A program that a start script leaves below itself. */
export interface KeptChild {
  /** As written, its first words. */
  readonly written: string;
  /** The first word of the command. */
  readonly range: Range;
}

let others: ReadonlySet<string> | undefined;

/** Programs that manage processes themselves, or that end at once and are no main process. */
function isNoMainProcess(name: string): boolean {
  others ??= new Set(
    words(
      "supervisord s6-svscan runsvdir runit init tini dumb-init catatonit monit pm2 pm2-runtime forego foreman honcho " +
        "cat chmod chown cp install ln ls mkdir mv rm rmdir sed sleep tail tee touch",
    ),
  );
  return others.has(name);
}

/** The program that a script starts last, when the shell stays its parent; undefined when it does not, or nobody knows. */
export function keptChild(script: Script): KeptChild | undefined {
  const last = script.steps.at(-1);
  const command = last?.invocation;
  if (last?.kind !== "command" || command === undefined || script.partial) return undefined;
  if (command.background || command.negated || last.after?.operator === "&") return undefined;
  const [program] = command.words;
  if (program === undefined || command.wrappers[0]?.name === "exec") return undefined;
  const { name } = command;
  if (name !== undefined && (isBuiltin(name) || isNoMainProcess(name) || script.functions.has(name))) return undefined;
  // Signals are passed on by hand.
  if (script.invocations.some((each) => each.name === "trap")) return undefined;
  const range = command.wrappers[0]?.range ?? program.range;
  return {
    written: command.words
      .slice(0, 3)
      .map(({ text }) => text)
      .join(" "),
    range,
  };
}

/** The first `|` whose left side may fail unseen in a script of bash; undefined when there is none. */
export function unsafePipe(script: Script): Range | undefined {
  if (script.shell !== "bash") return undefined;
  const pipeline = script.pipelines.find(
    ({ flags, isTolerated, inSubstitution, stages }) =>
      !flags.pipefail && !isTolerated && inSubstitution === "none" && !isSafeSource(stages[0]?.invocation?.name),
  );
  return pipeline?.pipes[0]?.range;
}

function isSafeSource(name: string | undefined): boolean {
  return name === undefined || name === "echo" || name === "printf" || name === "cat" || name === "yes";
}

/** Whether a script looks at its arguments, as far as its text tells. */
export function readsArguments({ text, invocations }: Script): boolean {
  if (/\$(?:[@*#1-9]|\{[@*#1-9!])/.test(text)) return true;
  return invocations.some(({ name }) => name === "." || name === "source" || name === "shift" || name === "getopts");
}
