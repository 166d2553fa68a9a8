import { accessSync, constants, mkdirSync, readFileSync, renameSync, writeFileSync, writeSync } from "node:fs";
import { Script } from "node:vm";
import { VERSION } from "./version.js";

/** Digest of the program's text, filled in by the build: a cache of another build must never be used. */
declare const PLIMSOLL_BUILD: string;

/** How many modules each part of the program holds: those for a Dockerfile, those that Compose adds, the others. */
declare const PLIMSOLL_PARTS: readonly number[];

/** What the first module of the program exports: `start` and `warmUp`. */
type Program = [
  /** Resolves to true once everything was written, so that the process can end at once. */
  start: (words: readonly string[]) => Promise<boolean>,
  warmUp: (folder: string, paths: readonly string[]) => Promise<void>,
];

/** Gives the exports of a module, in the order of their names, by its number; the first is the program. */
type Load = (number: number) => Program;

/** What the text of a part evaluates to. */
type Part = (load: Load, require: NodeJS.Require, file: string) => (() => Program)[];

/** Runs that have caches of compiled code of their own: V8 reads a cache as a whole, and one Dockerfile needs less. */
type Scope = "dockerfile" | "whole";

/**
 * Runs the program that lies in `folder` as texts that are compiled with V8's cached code, because compiling takes
 * longer than linting a few files. The build writes the caches for its own version of Node. Under another version the
 * first run writes them once its work is done, but only into the package's own folder and only where that may be written
 * to: who may write there can change the program as well, so that the cache gives nobody a power that he lacks. A cache
 * that is absent, stale or of another Node is compiled over, never trusted: V8 checks version, flags and length of the
 * text.
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
  const isShort = isShortRun(words);
  if (isShort) {
    // Loaded here, because `--version` is done before.
    const { setFlagsFromString } = process.getBuiltinModule("node:v8");
    for (const flag of SHORT_RUN_FLAGS) setFlagsFromString(flag);
  }
  const loader = new Loader(folder, `${scope}${isShort ? "-short" : ""}`);
  const [start, warmUp] = loader.load(0);
  const isWritten = await start(words);
  if (loader.isUncached && mayWrite(folder)) {
    await warmUp(`${folder}/warm-up`, SAMPLES[scope]);
    loader.writeCaches();
  }
  // Ending by itself takes a process 2 to 4 ms more: it would take its heap apart first.
  if (isWritten) process.exit();
}

/** Loads the modules of the program when they are first asked for, and the parts that hold them. */
class Loader {
  /** Whether a part had to be compiled. */
  isUncached = false;
  /** Undefined for modules that were not asked for yet. */
  readonly #loaded: (Program | undefined)[] = [];
  /** By number of the module; absent for those whose part was not read yet. */
  readonly #bodies: (() => Program)[] = [];
  readonly #scripts: { readonly script: Script; readonly cache: string }[] = [];
  readonly #folder: string;
  readonly #name: string;

  /** @param name tells the caches of this kind of run from those of others */
  constructor(folder: string, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  readonly load: Load = (number) => {
    let exports = this.#loaded[number];
    if (exports !== undefined) return exports;
    while (number >= this.#bodies.length) this.#readPart();
    const body = this.#bodies[number];
    if (body === undefined) throw new Error(`the program has no module ${number}`);
    // A module that needs itself while it is made would never be done.
    this.#bodies[number] = endless;
    exports = body();
    this.#loaded[number] = exports;
    return exports;
  };

  #readPart(): void {
    const number = this.#scripts.length;
    const file = `${this.#folder}/program-${number}.cjs`;
    const cache = `${this.#folder}/cache/${PLIMSOLL_BUILD}-${process.version}-${process.arch}${flagsTag()}-${this.#name}-${number}.bin`;
    const cachedData = readCache(cache);
    // The text is pure ASCII, and reading it as Latin-1 is cheaper than as UTF-8.
    const script = new Script(readFileSync(file, "latin1"), {
      filename: file,
      ...(cachedData === undefined ? {} : { cachedData }),
    });
    if (cachedData === undefined || script.cachedDataRejected === true) this.isUncached = true;
    this.#scripts.push({ script, cache });
    const part: Part = script.runInThisContext();
    const bodies = part(this.load, require, file);
    if (bodies.length !== PLIMSOLL_PARTS[number]) throw new Error(`${file} is not a part of this program`);
    for (const body of bodies) this.#bodies.push(body);
  }

  writeCaches(): void {
    for (const { script, cache } of this.#scripts) writeCache(cache, this.#folder, script.createCachedData());
  }
}

function endless(): never {
  throw new Error("a module of the program needs itself");
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

/**
 * What V8 need not do for a run over a few files, which ends before it pays: machine code for functions and regular
 * expressions that run a few times, and a heap for new objects that grows in small steps.
 */
const SHORT_RUN_FLAGS = ["--no-sparkplug", "--regexp-tier-up-ticks=20", "--semi-space-growth-factor=8"];

/** Most words of a command line that still names a few files. */
const FEW_WORDS = 8;

/** Whether a few files are named, and no folder. A wrong guess costs time, nothing else. */
function isShortRun(words: readonly string[]): boolean {
  return words.length <= FEW_WORDS && words.some((word) => /(?:docker|container)file|\.ya?ml$/i.test(word));
}

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
