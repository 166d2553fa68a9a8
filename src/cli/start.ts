import { processHost } from "./host.js";
import { main } from "./main.js";

/**
 * Runs the program and sets the exit code of the process: 0, 1 or 2 as documented. Ends by itself once all output is
 * written.
 *
 * @param words the command line without the names of Node and the script
 */
export async function start(words: readonly string[]): Promise<void> {
  // A reader that goes away (`plimsoll | head`) ends the run; it is no mistake of anyone.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EPIPE") process.exit(process.exitCode ?? 0);
      throw error;
    });
  }
  process.exitCode = await main(words, processHost());
}
