import type { Script } from "../shell/model.js";
import { baseName, isCommandOption, shellKindOfName } from "../shell/shell-kind.js";
import type { Range } from "../text/source.js";
import type { WrittenCommand } from "./written-commands.js";

/** A RUN that is nothing but a shell with a script: `bash -c "…"`, `powershell -Command …`. */
export interface ShellWrapper {
  /** As called, without folder: `bash`, `pwsh`. */
  readonly name: string;
  readonly kind: "bourne" | "powershell";
  /** The word that names it. */
  readonly range: Range;
  /** As written: `-c`, `-Command`. */
  readonly option: string;
  /** What the shell is given, quotes included where a shell stands in between. */
  readonly script: string;
}

/** `powershell [options] -Command` at the start of a line; what follows the option is the script. */
const POWERSHELL_LINE =
  /^\s*((?:[^\s"']*[\\/])?(?:powershell|pwsh)(?:\.exe)?)\s+((?:-(?!c)\w+(?:\s+[^-\s]\S*)?\s+)*)(-c(?:ommand)?)\s+/i;

/** The shell that a command is handed to as a whole; undefined when it is anything more, or no shell. */
export function shellWrapperOf({ script, commands, text }: WrittenCommand): ShellWrapper | undefined {
  if (script === undefined) {
    return text.kind === "json"
      ? ofWords(commands[0]?.words.map(({ shape, range }) => ({ shape, range })) ?? [])
      : undefined;
  }
  // Scripts of cmd are not parsed.
  if (script.skipped !== undefined) return script.shell === "cmd" ? ofCmdLine(script) : undefined;
  const [step, second] = script.steps;
  if (second !== undefined || step?.invocation === undefined || step.invocation.via !== "direct") return undefined;
  return ofWords(step.invocation.words);
}

function ofCmdLine(script: Script): ShellWrapper | undefined {
  const { text } = script;
  const match = POWERSHELL_LINE.exec(text);
  const [whole = "", program = "", , option = ""] = match ?? [];
  if (match === null) return undefined;
  const start = whole.indexOf(program);
  return {
    name: baseName(program).toLowerCase(),
    kind: "powershell",
    range: script.rangeAt(start, start + program.length),
    option,
    script: text.slice(whole.length),
  };
}

function ofWords(words: readonly { readonly shape: string; readonly range: Range }[]): ShellWrapper | undefined {
  const [first, ...rest] = words;
  if (first === undefined) return undefined;
  const shell = shellKindOfName(first.shape);
  const name = baseName(first.shape);
  if (shell === "other" || shell === "cmd" || name === "sh") return undefined;
  const isOption = shell === "powershell" ? (word: string) => /^-c(?:ommand)?$/i.test(word) : isCommandOption;
  const at = rest.findIndex(({ shape }) => isOption(shape));
  const option = rest[at]?.shape;
  if (option === undefined) return undefined;
  const script = rest
    .slice(at + 1)
    .map(({ shape }) => shape)
    .join(" ");
  return { name, kind: shell === "powershell" ? "powershell" : "bourne", range: first.range, option, script };
}
