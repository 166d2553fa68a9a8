import { decode, SOURCE_LIMIT_BYTES } from "./decode.js";
import type { FileSystem } from "./file-system.js";
import { compileGitignorePattern, type GitignoreRule } from "./gitignore-pattern.js";
import { isWithin, joinPath, parentPath, relativePath } from "./path.js";
import { newWorkMeter } from "./path-pattern.js";

/**
 * Answers whether git ignores a path, from the `.gitignore` files of one repository and its `.git/info/exclude`. The
 * index is not read (a tracked file counts as ignored when a rule says so), nor are a user's own rules outside of the
 * repository: the answer is the same on every machine.
 *
 * @see https://git-scm.com/docs/gitignore
 */
export class GitIgnore {
  readonly root: string;
  readonly #fs: FileSystem;
  readonly #meter = newWorkMeter();
  readonly #rules = new Map<string, readonly GitignoreRule[]>();
  readonly #folders = new Map<string, boolean>();
  #excludes: readonly GitignoreRule[] | undefined;

  /** @param root absolute path of the folder that holds `.git` */
  constructor(fs: FileSystem, root: string) {
    this.#fs = fs;
    this.root = root;
  }

  /**
   * Whether git would leave a path out. A path below an ignored folder is ignored, whatever rules follow. `.git` itself
   * is no part of the tree and counts as ignored; paths outside of the repository are not.
   *
   * @param path absolute and normalised; need not exist
   */
  isIgnored(path: string, isDirectory = false): boolean {
    if (path === this.root || !isWithin(this.root, path)) return false;
    const missing: string[] = [];
    let isBelowIgnored = false;
    for (let folder = parentPath(path); folder !== this.root; folder = parentPath(folder)) {
      const known = this.#folders.get(folder);
      if (known !== undefined) {
        isBelowIgnored = known;
        break;
      }
      missing.push(folder);
    }
    for (const folder of missing.reverse()) {
      isBelowIgnored = isBelowIgnored || this.#matches(folder, true);
      this.#folders.set(folder, isBelowIgnored);
    }
    return isBelowIgnored || this.#matches(path, isDirectory);
  }

  /** The verdict of the rules for the path itself: the nearest file with a word about it decides, in it the last rule. */
  #matches(path: string, isDirectory: boolean): boolean {
    const name = path.slice(path.lastIndexOf("/") + 1);
    if (name === ".git") return true;
    for (let folder = parentPath(path); ; folder = parentPath(folder)) {
      const verdict = judge(this.#rulesOf(folder), folder, path, isDirectory);
      if (verdict !== undefined) return verdict;
      if (folder === this.root) break;
    }
    this.#excludes ??= this.#read(joinPath(this.root, ".git/info/exclude"));
    return judge(this.#excludes, this.root, path, isDirectory) ?? false;
  }

  #rulesOf(folder: string): readonly GitignoreRule[] {
    const known = this.#rules.get(folder);
    if (known !== undefined) return known;
    const rules = this.#read(joinPath(folder, ".gitignore"));
    this.#rules.set(folder, rules);
    return rules;
  }

  #read(path: string): readonly GitignoreRule[] {
    // Git does not follow a link that stands in the place of a `.gitignore`.
    if (this.#fs.lstat(path)?.kind !== "file") return [];
    const read = this.#fs.readFile(path, SOURCE_LIMIT_BYTES);
    if (read.kind === "problem") return [];
    const decoded = decode(read.bytes);
    if (decoded.kind !== "text") return [];
    const rules: GitignoreRule[] = [];
    for (const line of decoded.text.split("\n")) {
      const rule = compileGitignorePattern(line, this.#meter);
      if (rule !== undefined) rules.push(rule);
    }
    return rules;
  }
}

function judge(
  rules: readonly GitignoreRule[],
  folder: string,
  path: string,
  isDirectory: boolean,
): boolean | undefined {
  if (rules.length === 0) return undefined;
  const relative = relativePath(folder, path);
  for (let index = rules.length - 1; index >= 0; index -= 1) {
    const rule = rules[index];
    if (rule === undefined || (rule.isFolderOnly && !isDirectory)) continue;
    if (rule.pattern.matches(relative)) return !rule.isException;
  }
  return undefined;
}
