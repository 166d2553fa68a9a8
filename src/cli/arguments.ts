import { readPlainWords } from "./plain-flags.js";
import { COMMANDS, DEFAULT_FLAGS, type Request } from "./request.js";

/**
 * Reads the command line.
 *
 * @throws UserError for anything that cannot be understood
 */
export async function readArguments(words: readonly string[]): Promise<Request> {
  const plain = readPlainWords(words, COMMANDS);
  if (plain === undefined) return (await import("./program.js")).parseWords(words);
  const { paths, values } = plain;
  if (paths.length === words.length) return { kind: "lint", paths, flags: DEFAULT_FLAGS };
  const { lintFlags } = await import("./flag-values.js");
  return { kind: "lint", paths, flags: lintFlags(values) };
}
