import type { FileSystem } from "../files/file-system.js";
import { GitIgnore } from "../files/gitignore.js";
import { parentPath } from "../files/path.js";
import { findRepositoryRoot } from "../files/repository.js";

/** Git's ignore rules of all repositories that a run touches; each repository is read once. */
export class GitRules {
  readonly #fs: FileSystem;
  readonly #tops = new Map<string, string | undefined>();
  readonly #rules = new Map<string, GitIgnore>();

  constructor(fs: FileSystem) {
    this.#fs = fs;
  }

  /** Root of the repository that holds a folder (absolute); undefined outside of any. */
  rootOf(folder: string): string | undefined {
    if (this.#tops.has(folder)) return this.#tops.get(folder);
    const parent = parentPath(folder);
    // One step at a time, so that folders beside each other share what is known of those above.
    const own = findRepositoryRoot(this.#fs, folder, folder);
    const root = own === undefined && parent !== folder ? this.rootOf(parent) : own;
    this.#tops.set(folder, root);
    return root;
  }

  /** Whether git leaves a path (absolute) out; false outside of a repository. */
  isIgnored(path: string, isFolder = false): boolean {
    const root = this.rootOf(parentPath(path));
    if (root === undefined) return false;
    let rules = this.#rules.get(root);
    if (rules === undefined) {
      rules = new GitIgnore(this.#fs, root);
      this.#rules.set(root, rules);
    }
    return rules.isIgnored(path, isFolder);
  }
}
