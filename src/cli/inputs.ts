import { decode } from "../files/decode.js";
import type { FileSystem } from "../files/file-system.js";
import { GitIgnore } from "../files/gitignore.js";
import { resolvePath } from "../files/path.js";
import { findRepositoryRoot } from "../files/repository.js";
import { classify, discover, type FoundFile, kindOfName } from "../project/discover.js";
import { closest } from "../values/closest.js";
import { COMMANDS } from "./request.js";

/** Enough of a text to see what it is. */
const HEAD_BYTES = 1_048_576;

/** A file to lint. */
export interface Input extends FoundFile {
  /** Named one by one on the command line, so that `ignore` of the policy does not apply without `--force-exclude`. */
  readonly isNamed: boolean;
}

/** A path that was named, and why there is nothing to lint there. Paths are as written. */
export interface InputProblem {
  readonly path: string;
  readonly message: string;
}

/** What the paths of the command line stand for. */
export interface Inputs {
  /** Without repetition, in UTF-16 order of paths. */
  readonly files: readonly Input[];
  /** Policy files that were named: they are checked, not linted. */
  readonly policies: readonly string[];
  /** Named paths that do not exist or match nothing: the job cannot be done as a whole. */
  readonly missing: readonly InputProblem[];
  /** Folders that cannot be searched, and named files that are of no kind we know. */
  readonly skipped: readonly InputProblem[];
}

/** Where to look. */
export interface InputOptions {
  readonly fs: FileSystem;
  /** Absolute. */
  readonly cwd: string;
}

/** Finds the files that paths, folders and globs stand for; `-` is not among them. */
export async function findInputs(paths: readonly string[], options: InputOptions): Promise<Inputs> {
  const collector = new Collector(options);
  for (const path of paths) await collector.add(path);
  return collector.inputs();
}

class Collector {
  readonly #fs: FileSystem;
  readonly #cwd: string;
  readonly #git = new Map<string, GitIgnore>();
  readonly #files = new Map<string, Input>();
  readonly #policies = new Set<string>();
  readonly #missing: InputProblem[] = [];
  readonly #skipped: InputProblem[] = [];

  constructor({ fs, cwd }: InputOptions) {
    this.#fs = fs;
    this.#cwd = cwd;
  }

  async add(written: string): Promise<void> {
    const path = resolvePath(this.#cwd, written === "" ? "." : written);
    const stat = this.#fs.stat(path);
    if (stat?.kind === "directory") this.#addFolder(path);
    else if (stat?.kind === "file") this.#addFile(path, written, true);
    else if (stat !== undefined) this.#missing.push({ path: written, message: "no file and no folder" });
    else if (isGlob(written)) await this.#addGlob(written);
    else this.#missing.push({ path: written, message: whyMissing(written) });
  }

  inputs(): Inputs {
    const files = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return { files, policies: [...this.#policies], missing: this.#missing, skipped: this.#skipped };
  }

  #addFolder(folder: string): void {
    const git = this.#gitOf(folder);
    const isIgnored = (path: string, isFolder: boolean) => git?.isIgnored(path, isFolder) ?? false;
    const { files, skipped } = discover(folder, { fs: this.#fs, isIgnored });
    for (const file of files) if (!this.#files.has(file.path)) this.#files.set(file.path, { ...file, isNamed: false });
    this.#skipped.push(...skipped);
  }

  #addFile(path: string, written: string, isNamed: boolean): void {
    const kind = this.#kindOf(path);
    if (kind === "policy") this.#policies.add(path);
    else if (kind !== "other") this.#files.set(path, { path, kind, isNamed });
    else if (isNamed) this.#skipped.push({ path: written, message: "no Dockerfile, Compose file or ignore file" });
  }

  async #addGlob(pattern: string): Promise<void> {
    const { default: fastGlob } = await import("fast-glob");
    const found = fastGlob.sync(pattern, {
      cwd: this.#cwd,
      absolute: true,
      dot: true,
      followSymbolicLinks: false,
      suppressErrors: true,
      ignore: ["**/node_modules/**", "**/.git/**"],
    });
    if (found.length === 0) this.#missing.push({ path: pattern, message: "no file matches" });
    for (const path of found.sort()) {
      if (!(this.#gitOf(this.#cwd)?.isIgnored(path) ?? false)) this.#addFile(path, path, false);
    }
  }

  #kindOf(path: string) {
    const byName = kindOfName(path.slice(path.lastIndexOf("/") + 1));
    if (byName !== "other") return byName;
    const read = this.#fs.readFile(path, HEAD_BYTES);
    const decoded = read.kind === "bytes" ? decode(read.bytes) : undefined;
    return classify(path, decoded?.kind === "text" ? decoded.text : undefined);
  }

  #gitOf(folder: string): GitIgnore | undefined {
    const root = findRepositoryRoot(this.#fs, folder);
    if (root === undefined) return undefined;
    const known = this.#git.get(root) ?? new GitIgnore(this.#fs, root);
    this.#git.set(root, known);
    return known;
  }
}

function isGlob(written: string): boolean {
  return /[*?[\]{}!()]/.test(written);
}

function whyMissing(written: string): string {
  const command = /^[a-z]+$/.test(written) ? closest(written, COMMANDS) : undefined;
  return command === undefined
    ? "no such file or folder"
    : `no such file or folder; did you mean the command \`${command}\`?`;
}
