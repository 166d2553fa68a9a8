import type { PolicySet } from "../config/policy.js";
import type { RoleName } from "../data/roles.js";
import type { Workspace } from "../files/workspace.js";

/** What the command line says about Dockerfiles that it names. */
export interface BuildFlags {
  readonly target: string | undefined;
  /** Absolute folder. */
  readonly context: string | undefined;
  readonly buildArgs: ReadonlyMap<string, string>;
  readonly role: RoleName | undefined;
}

/** What linking needs beside the files. Paths are absolute. */
export interface LinkOptions {
  readonly workspace: Workspace;
  readonly policySetFor: (file: string) => PolicySet;
  readonly flags: BuildFlags;
  /** Whether git's ignore rules leave a path out. */
  readonly isGitIgnored: (file: string) => boolean;
  /** Root of the repository that holds a folder, else the workspace root: contexts are not looked for above it. */
  readonly topOf: (folder: string) => string;
}

/** Key under which the output of a build is found; no tag means `latest`. */
export function outputKey(name: string, tag: string | undefined): string {
  return `${name}:${tag ?? "latest"}`;
}
