import { isCommandOption, shellKindOfName } from "../shell/shell-kind.js";

/** Words that only a shell understands: operators, redirects, and variables or substitutions that make a whole word. */
const SHELL_WORD = /^(?:\|\|?|&&?|;|>>?|<|\d?>&\d|\d>|&>|\$\w+|\$\{\w+\}|\$\([^)]*\)|`[^`]*`)$/;

/**
 * The 0-based place of the first word of an exec array that was meant for a shell; undefined when there is none, or when
 * the array starts a shell that reads the word. Words that only hold such characters are taken for code and addresses.
 */
export function shellSyntaxIn(words: readonly string[]): number | undefined {
  const [program = ""] = words;
  if (shellKindOfName(program) !== "other" && words.slice(1).some(isCommandOption)) return undefined;
  const at = words.findIndex((word, index) => index > 0 && SHELL_WORD.test(word));
  return at === -1 ? undefined : at;
}
