import type { Word } from "./model.js";

/** Long options of shells that take the next word. */
const SHELL_OPTIONS_WITH_VALUE = new Set(["--rcfile", "--init-file"]);
const SU_OPTIONS_WITH_VALUE = new Set(["-g", "-G", "-s", "-w", "--group", "--supp-group", "--shell", "-u", "--user"]);

/** The command line of a shell. */
export interface ShellOperand<W extends Word> {
  /** Option words and the values of `-o`, in order. */
  readonly options: readonly string[];
  /** First word after the options: the script text with `-c`, else a script file. */
  readonly operand: W | undefined;
  /** Whether `operand` is the script itself. */
  readonly isScript: boolean;
}

/** Reads the options of a shell: clusters with `c`, `-o NAME`, long options. */
export function shellOperand<W extends Word>(words: readonly W[]): ShellOperand<W> {
  const options: string[] = [];
  let isScript = false;
  let readsInput = false;
  let index = 0;
  for (; index < words.length; index += 1) {
    const shape = words[index]?.shape ?? "";
    if (shape === "--" || shape === "-") {
      index += 1;
      break;
    }
    if (!/^[-+]./.test(shape)) break;
    options.push(shape);
    if (shape.startsWith("--")) {
      if (SHELL_OPTIONS_WITH_VALUE.has(shape)) index += 1;
      continue;
    }
    if (shape.startsWith("-") && shape.includes("c")) isScript = true;
    if (shape.startsWith("-") && shape.includes("s")) readsInput = true;
    for (const letter of shape) {
      if (letter !== "o" && letter !== "O") continue;
      index += 1;
      options.push(words[index]?.shape ?? "");
    }
  }
  return { options, isScript, operand: readsInput && !isScript ? undefined : words[index] };
}

/** The word after `-c` of `su` or `runuser`. */
export function suScript<W extends Word>(words: readonly W[]): W | undefined {
  for (let index = 0; index < words.length; index += 1) {
    const shape = words[index]?.shape ?? "";
    if (shape === "-c" || shape === "--command" || shape === "-lc") return words[index + 1];
    if (SU_OPTIONS_WITH_VALUE.has(shape)) index += 1;
  }
  return undefined;
}
