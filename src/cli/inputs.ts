import { decode } from "../files/decode.js";
import type { FileSystem } from "../files/file-system.js";
import { joinPath, parentPath, relativePath, resolvePath } from "../files/path.js";
import { classify, discover, type FoundFile, kindOfName } from "../project/discover.js";
import { closest } from "../values/closest.js";
import type { GitRules } from "./git-rules.js";
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
  /** Absolute folders that were searched. */
  readonly folders: readonly string[];
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
  readonly git: GitRules;
  /** Absolute. */
  readonly cwd: string;
  /** Take every named file of no known kind for a Dockerfile, instead of leaving it out. */
  readonly takesAnyFile?: boolean;
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
  readonly #takesAnyFile: boolean;
  readonly #git: GitRules;
  readonly #files = new Map<string, Input>();
  readonly #folders: string[] = [];
  readonly #policies = new Set<string>();
  readonly #missing: InputProblem[] = [];
  readonly #skipped: InputProblem[] = [];

  constructor({ fs, git, cwd, takesAnyFile = false }: InputOptions) {
    this.#fs = fs;
    this.#git = git;
    this.#cwd = cwd;
    this.#takesAnyFile = takesAnyFile;
  }

  async add(written: string): Promise<void> {
    const path = resolvePath(this.#cwd, written === "" ? "." : written);
    const stat = this.#fs.stat(path);
    if (stat?.kind === "directory") this.#addFolder(path, written);
    else if (stat?.kind === "file") this.#addFile(path, written, true);
    else if (stat !== undefined) this.#missing.push({ path: written, message: "no regular file and no folder" });
    else if (this.#fs.lstat(path) !== undefined)
      this.#missing.push({ path: written, message: "a link that leads nowhere" });
    else if (isGlob(written)) await this.#addGlob(written);
    else this.#missing.push({ path: written, message: whyMissing(written) });
  }

  inputs(): Inputs {
    const files = [...this.#files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
    return {
      files,
      folders: this.#folders,
      policies: [...this.#policies],
      missing: this.#missing,
      skipped: this.#skipped,
    };
  }

  #addFolder(folder: string, written: string): void {
    this.#folders.push(folder);
    const isIgnored = (path: string, isFolder: boolean) => this.#git.isIgnored(path, isFolder);
    const { files, skipped } = discover(folder, { fs: this.#fs, isIgnored });
    for (const file of files) if (!this.#files.has(file.path)) this.#files.set(file.path, { ...file, isNamed: false });
    for (const { path, message } of skipped) {
      if (path === folder) this.#missing.push({ path: written, message });
      else this.#skipped.push({ path: relativePath(this.#cwd, path), message });
    }
  }

  #addFile(path: string, written: string, isNamed: boolean): void {
    const kind = this.#kindOf(path);
    if (kind === "policy") this.#policies.add(path);
    else if (kind !== "other") {
      this.#files.set(path, { path, kind, isNamed });
      if (kind === "dockerignore") this.#addUsersOf(path);
    } else if (this.#takesAnyFile) this.#files.set(path, { path, kind: "dockerfile", isNamed });
    else if (isNamed) this.#skipped.push({ path: written, message: "no Dockerfile, Compose file or ignore file" });
  }

  /** An ignore file means something only together with the Dockerfiles and Compose files beside it. */
  #addUsersOf(ignoreFile: string): void {
    const folder = parentPath(ignoreFile);
    const listing = this.#fs.readDirectory(folder);
    if (listing.kind === "problem") return;
    for (const { name } of listing.entries) {
      const kind = kindOfName(name);
      const path = joinPath(folder, name);
      if (
        (kind === "dockerfile" || kind === "compose") &&
        this.#fs.stat(path)?.kind === "file" &&
        !this.#files.has(path)
      ) {
        this.#files.set(path, { path, kind, isNamed: false });
      }
    }
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
      if (!this.#git.isIgnored(path)) this.#addFile(path, path, false);
    }
  }

  #kindOf(path: string) {
    const byName = kindOfName(path.slice(path.lastIndexOf("/") + 1));
    if (byName !== "other") return byName;
    const read = this.#fs.readFile(path, HEAD_BYTES);
    const decoded = read.kind === "bytes" ? decode(read.bytes) : undefined;
    return classify(path, decoded?.kind === "text" ? decoded.text : undefined);
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
