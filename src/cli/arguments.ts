import { COMMANDS, DEFAULT_FLAGS, type Request } from "./request.js";

/**
 * Reads the command line. Paths alone need no parser of flags, so that the most frequent call does not load one.
 *
 * @throws UserError for anything that cannot be understood
 */
export async function readArguments(words: readonly string[]): Promise<Request> {
  const isPlain = words.every((word) => word === "-" || !word.startsWith("-")) && !COMMANDS.has(words[0] ?? "");
  if (isPlain) return { kind: "lint", paths: words, flags: DEFAULT_FLAGS };
  const { parseWords } = await import("./program.js");
  return parseWords(words);
}
