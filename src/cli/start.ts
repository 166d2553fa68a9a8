import { processHost } from "./host.js";
import { main } from "./main.js";

/**
 * Runs the program and sets the exit code of the process: 0, 1 or 2 as documented.
 *
 * @param words the command line without the names of Node and the script
 * @returns true when all output was written; false when the process must end by itself, once streams are empty
 */
export async function start(words: readonly string[]): Promise<boolean> {
  const host = processHost();
  process.exitCode = await main(words, host);
  return !host.usesStreams;
}

/**
 * Lints without a trace, so that the code which most runs need is compiled and can be kept.
 *
 * @param folder absolute path of a folder with samples
 * @param paths files and folders in it
 */
export async function warmUp(folder: string, paths: readonly string[]): Promise<void> {
  await main(["--no-config", ...paths], {
    cwd: folder.replaceAll("\\", "/"),
    env: {},
    isOutputTerminal: false,
    isErrorTerminal: false,
    now: () => 0,
    writeOut: () => undefined,
    writeError: () => undefined,
    readInput: async () => new Uint8Array(),
  });
}
