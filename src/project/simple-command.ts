import type { Script } from "../shell/model.js";
import { words } from "../text/words.js";

let builtins: ReadonlySet<string> | undefined;

/** Whether a shell runs a command itself; some exist as programs too, with small differences. */
export function isBuiltin(name: string): boolean {
  builtins ??= new Set(
    words(
      ". : [ alias bg break builtin cd command continue declare dirs echo eval exec exit export false fg getopts hash " +
        "history jobs kill let local popd printf pushd pwd read readonly return set shift shopt source test times trap true " +
        "type typeset ulimit umask unalias unset wait",
    ),
  );
  return builtins.has(name);
}

/**
 * The words of a script that is one plain command, which starts the same process without any shell; undefined when a shell
 * does anything for it: operators, redirects, variables, globs, a tilde, quoting that hides some of them, builtins.
 */
export function plainCommand(script: Script): readonly string[] | undefined {
  const [step, second] = script.steps;
  const command = step?.invocation;
  if (command === undefined || second !== undefined || script.partial || script.swallowed !== undefined)
    return undefined;
  const isPlain =
    command.via === "direct" &&
    command.assignments.length === 0 &&
    command.redirects.length === 0 &&
    !command.background &&
    !command.negated;
  if (!isPlain || command.name === undefined || isBuiltin(command.name)) return undefined;
  const values: string[] = [];
  for (const { value, parts, isQuoted } of command.words) {
    if (value === undefined || parts.some(({ kind }) => kind !== "literal")) return undefined;
    if (!isQuoted && value.startsWith("~")) return undefined;
    values.push(value);
  }
  return values;
}

/** Words as the JSON array of an exec form. */
export function execForm(argv: readonly string[]): string {
  return `[${argv.map((word) => JSON.stringify(word)).join(", ")}]`;
}
