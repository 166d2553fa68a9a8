import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";
import { VERSION } from "./version.js";

/** Digest of the program's text, filled in by the build: a cache of another build must never be used. */
declare const PLIMSOLL_BUILD: string;

/** The program's exports. */
interface Program {
  start(words: readonly string[]): Promise<void>;
}

/**
 * Runs the program that lies beside this file as one CommonJS text. V8's compiled code is kept next to it after the first
 * run, because compiling takes longer than linting a few files. A cache that cannot be read or written only costs time.
 *
 * @param words the command line without the names of Node and the script
 */
export async function launch(words: readonly string[]): Promise<void> {
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    process.stdout.write(`${VERSION}\n`);
    return;
  }
  const file = fileURLToPath(new URL("program.cjs", import.meta.url));
  const cache = `${dirname(file)}/cache/${PLIMSOLL_BUILD}-${process.version}-${process.arch}.bin`;
  // The text is pure ASCII, and reading it as Latin-1 is cheaper than as UTF-8.
  const body = readFileSync(file, "latin1");
  const cachedData = readCache(cache);
  const script = new Script(`(function(exports,require,module,__filename){${body}\n})`, {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Partial<Program> } = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(import.meta.url), module, file);
  const { start } = module.exports;
  if (start === undefined) throw new Error(`${file} exports no start`);
  await start(words);
  if (cachedData === undefined || script.cachedDataRejected === true) writeCache(cache, script.createCachedData());
}

function readCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // The first run, or a folder that may not be read: compile as usual.
    return undefined;
  }
}

function writeCache(path: string, data: Buffer): void {
  try {
    mkdirSync(dirname(path), { recursive: true });
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, data);
    renameSync(fresh, path);
  } catch {
    // An installation that may not be written to works as well, a little slower.
  }
}
