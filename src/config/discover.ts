import type { FileSystem } from "../files/file-system.js";
import { isWithin, joinPath, parentPath } from "../files/path.js";

/** Names of policy files; of several in one folder the first counts. */
export const POLICY_NAMES = [
  "plimsoll.yaml",
  "plimsoll.yml",
  "plimsoll.json",
  ".plimsoll.yaml",
  ".plimsoll.yml",
  ".plimsoll.json",
] as const;

/** Finds the policy file of linted files; each folder is looked at once. */
export class PolicyFinder {
  readonly #fs: FileSystem;
  readonly #root: string;
  readonly #byFolder = new Map<string, string | undefined>();

  /** @param root folder above which files inside of it do not look: absolute */
  constructor(fs: FileSystem, root: string) {
    this.#fs = fs;
    this.#root = root;
  }

  /** The nearest policy file at or above the folder of `file`, up to its repository; undefined when there is none. */
  nearest(file: string): string | undefined {
    const visited: string[] = [];
    let found: string | undefined;
    for (let folder = parentPath(file); ; folder = parentPath(folder)) {
      if (this.#byFolder.has(folder)) {
        found = this.#byFolder.get(folder);
        break;
      }
      visited.push(folder);
      found = policyFileIn(this.#fs, folder);
      if (found !== undefined || this.#isTop(folder)) break;
    }
    for (const folder of visited) this.#byFolder.set(folder, found);
    return found;
  }

  #isTop(folder: string): boolean {
    if (folder === this.#root || folder === parentPath(folder)) return true;
    const kind = this.#fs.lstat(joinPath(folder, ".git"))?.kind;
    if (kind === "directory" || kind === "file") return true;
    // Outside of the root nobody said how far up is still the project.
    return !isWithin(this.#root, folder);
  }
}

/** The policy file of a folder itself; undefined when it has none. */
export function policyFileIn(fs: FileSystem, folder: string): string | undefined {
  return POLICY_NAMES.map((name) => joinPath(folder, name)).find((path) => fs.stat(path)?.kind === "file");
}
