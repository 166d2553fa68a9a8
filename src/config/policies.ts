import { parentPath, resolvePath } from "../files/path.js";
import { Workspace } from "../files/workspace.js";
import { PolicyFinder } from "./discover.js";
import type { FlagSettings, PolicySet } from "./policy.js";
import { policySetOf } from "./policy-set.js";
import type { RuleIndex } from "./rule-index.js";
import { UserError } from "./user-error.js";
import type { PolicyValidator } from "./validate.js";

/** Which policy file counts: the nearest of each linted file, one that was named, or none. */
export type PolicyChoice =
  | { readonly kind: "nearest" }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "none" };

/** What {@link Policies} needs. */
export interface PoliciesOptions {
  readonly workspace: Workspace;
  readonly choice: PolicyChoice;
  readonly flags: FlagSettings;
  readonly index: RuleIndex;
  /** Called at most once, and only when there is a policy file. */
  readonly validator: () => Promise<PolicyValidator>;
}

/** The policies of one run. Reading YAML and validating are loaded only when there is a policy file. */
export class Policies {
  readonly #options: PoliciesOptions;
  readonly #finder: PolicyFinder;
  readonly #without: PolicySet;
  readonly #broken: PolicySet;
  readonly #sets = new Map<string, PolicySet>();
  /** What is wrong with a policy file, by its absolute path. */
  readonly #problems = new Map<string, UserError>();
  #validator: Promise<PolicyValidator> | undefined;

  constructor(options: PoliciesOptions) {
    checkFlags(options.flags, options.index);
    const { workspace, flags } = options;
    this.#options = options;
    this.#finder = new PolicyFinder(workspace.fs, workspace.root);
    this.#without = policySetOf({ files: [], folder: workspace.root, flags });
    this.#broken = withIgnore(this.#without, true);
  }

  /**
   * Loads what {@link for} needs to answer for these files (absolute paths); may be called again for more. A policy that
   * is not valid concerns the files below it alone: see {@link problems}.
   *
   * @throws UserError when the one policy that was chosen for all files is missing or not valid
   */
  async prepare(files: Iterable<string>): Promise<void> {
    const paths = new Set<string>();
    for (const file of files) {
      const path = this.#policyPath(file);
      if (path !== undefined && !this.#sets.has(path) && !this.#problems.has(path)) paths.add(path);
    }
    if (paths.size === 0) return;
    const { index, validator, workspace, flags, choice } = this.#options;
    this.#validator ??= validator();
    const [{ loadPolicyFiles }, valid] = await Promise.all([import("./load.js"), this.#validator]);
    for (const path of paths) {
      // A file that was named may lie anywhere; its globs are about the files of the working directory.
      const isNamed = choice.kind === "file";
      const folder = isNamed ? workspace.cwd : parentPath(path);
      const { fs, root, cwd } = workspace;
      const readable = isNamed ? new Workspace({ fs, root, cwd, given: [path] }) : workspace;
      try {
        const loaded = loadPolicyFiles(readable, path, { index, validator: valid });
        this.#sets.set(path, policySetOf({ files: loaded, folder, flags }));
      } catch (error) {
        if (isNamed || !(error instanceof UserError)) throw error;
        this.#problems.set(path, error);
      }
    }
  }

  /** What is wrong with policies that were found, in the order of their paths. */
  get problems(): readonly UserError[] {
    return [...this.#problems].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, problem]) => problem);
  }

  /** Whether the policy of a file (absolute path) is not valid, so that nobody knows how to judge the file. */
  isBroken(file: string): boolean {
    if (this.#problems.size === 0) return false;
    const path = this.#policyPath(file);
    return path !== undefined && this.#problems.has(path);
  }

  /** The policy of a file (absolute path) that {@link prepare} was told of; one that is not valid ignores all files. */
  for(file: string): PolicySet {
    const path = this.#policyPath(file);
    if (path === undefined) return this.#without;
    return this.#problems.has(path) ? this.#broken : (this.#sets.get(path) ?? this.#without);
  }

  #policyPath(file: string): string | undefined {
    const { choice, workspace } = this.#options;
    if (choice.kind === "none") return undefined;
    return choice.kind === "file" ? resolvePath(workspace.cwd, choice.path) : this.#finder.nearest(file);
  }
}

/** The same policies, with one answer to whether files are ignored. */
export function withIgnore(set: PolicySet, isIgnored: boolean): PolicySet {
  return {
    paths: set.paths,
    project: set.project,
    roleOf: (file) => set.roleOf(file),
    ignores: () => isIgnored,
    policyFor: (file, role) => set.policyFor(file, role),
    describe: (file, role) => set.describe(file, role),
  };
}

/** @throws UserError for a name that no rule has */
function checkFlags({ rules, only, skip }: FlagSettings, index: RuleIndex): void {
  const names = [
    ...rules.map(({ pattern }) => ({ flag: "--rule", name: pattern })),
    ...only.map((name) => ({ flag: "--only", name })),
    ...skip.map((name) => ({ flag: "--skip", name })),
  ];
  for (const { flag, name } of names) {
    if (index.resolve(name).length > 0) continue;
    const near = index.suggest(name);
    const remedy = near === undefined ? "`plimsoll rules` lists all of them" : `did you mean \`${near}\`?`;
    throw new UserError({ place: flag, problem: `no rule \`${name}\``, remedy });
  }
}
