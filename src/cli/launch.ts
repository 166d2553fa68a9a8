import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { Script } from "node:vm";
import { VERSION } from "./version.js";

/** Digest of the program's text, filled in by the build: a cache of another build must never be used. */
declare const PLIMSOLL_BUILD: string;

/** The program's exports. */
interface Program {
  /** Resolves to true once everything was written, so that the process can end at once. */
  start(words: readonly string[]): Promise<boolean>;
  warmUp(folder: string, paths: readonly string[]): Promise<void>;
}

/** What the program's text evaluates to. */
type Load = (exports: Partial<Program>, load: NodeJS.Require, module: object, file: string) => void;

/** The two caches of compiled code: V8 reads a cache as a whole, and one Dockerfile needs less than half of the program. */
type Scope = "dockerfile" | "whole";

/**
 * Runs the program that lies in `folder` as one text, compiled with V8's cached code, because compiling takes longer
 * than linting a few files. The build writes the cache for its own version of Node. Under another version the first run
 * writes one once its work is done, but only into the package's own folder and only where that may be written to: who
 * may write there can change the program as well, so that the cache gives nobody a power that he lacks. A cache that is
 * absent, stale or of another Node is compiled over, never trusted: V8 checks version, flags and length of the text.
 *
 * @param words the command line without the names of Node and the script
 * @param folder absolute path of `dist`
 */
export async function launch(words: readonly string[], folder: string): Promise<void> {
  if (words.length === 1 && (words[0] === "--version" || words[0] === "-V")) {
    // Not through `process.stdout`, which loads streams and sockets: 4 of 24 ms.
    writeSync(1, `${VERSION}\n`);
    return;
  }
  const scope = scopeOf(words);
  const cache = `${folder}/cache/${PLIMSOLL_BUILD}-${process.version}-${process.arch}${flagsTag()}-${scope}.bin`;
  const file = `${folder}/program.cjs`;
  const cachedData = readCache(cache);
  // The text is pure ASCII, and reading it as Latin-1 is cheaper than as UTF-8.
  const script = new Script(readFileSync(file, "latin1"), {
    filename: file,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module: { exports: Partial<Program> } = { exports: {} };
  const load: Load = script.runInThisContext();
  load(module.exports, require, module, file);
  const { start, warmUp } = module.exports;
  if (start === undefined || warmUp === undefined) throw new Error(`${file} is not the program`);
  const isWritten = await start(words);
  if ((cachedData === undefined || script.cachedDataRejected === true) && mayWrite(folder)) {
    await warmUp(`${folder}/warm-up`, SAMPLES[scope]);
    writeCache(cache, folder, script.createCachedData());
  }
  // Ending by itself takes a process 2 to 4 ms more: it would take its heap apart first.
  if (isWritten) process.exit();
}

/**
 * A part of the cache's name for flags of Node: V8 rejects code that was compiled under other flags, and runs that
 * differ in them must not write over each other's cache. Empty without flags.
 */
function flagsTag(): string {
  const flags = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ").trim();
  let hash = 0;
  for (let index = 0; index < flags.length; index += 1) hash = (hash * 31 + flags.charCodeAt(index)) >>> 0;
  return flags === "" ? "" : `-${hash.toString(16)}`;
}

/** Named one by one, because git ignores the folder in a checkout and in `node_modules`. */
const SAMPLES = {
  dockerfile: ["alone/Dockerfile"],
  whole: ["project/Dockerfile", "project/compose.yaml", "project/.dockerignore"],
} as const satisfies Record<Scope, readonly string[]>;

/** A wrong guess costs time, nothing else. */
function scopeOf(words: readonly string[]): Scope {
  const isDockerfile = words.some((word) => /(?:docker|container)file/i.test(word));
  return isDockerfile && !words.some((word) => /\.ya?ml$/i.test(word)) ? "dockerfile" : "whole";
}

function readCache(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    // The first run, or a folder that may not be read: compile as usual.
    return undefined;
  }
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    // An installation that may not be written to works as well, a little slower.
    return false;
  }
}

function writeCache(path: string, folder: string, data: Buffer): void {
  try {
    mkdirSync(`${folder}/cache`, { recursive: true });
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, data);
    renameSync(fresh, path);
  } catch {
    // A full disk, or a folder with rights of its own: the next run tries again.
  }
}
