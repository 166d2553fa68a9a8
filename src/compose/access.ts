import type { Source } from "../text/source.js";
import type { ComposeJudge } from "./schema-faults.js";

/** Why a file cannot be had; any other text of the caller's is passed on as "unreadable". */
export interface NoFile {
  readonly problem: string;
}

/**
 * All that the Compose model asks of the world. Paths are absolute, with `/`, cleaned. The model itself never leaves
 * `root` by the text of a path; that symbolic links do not either is for `read` to see to.
 */
export interface ComposeAccess {
  /** Absolute folder of the workspace. */
  readonly root: string;
  /** The text of a file; the same object for the same path. */
  read(path: string): Source | NoFile;
  /** Whether there is a file or folder. */
  exists(path: string): boolean;
  /** Whether an env file may be read: git tracks it, or there is no git. Its values never leave the model. */
  mayReadEnv(path: string): boolean;
  /** The judge by the Compose schema, loaded on demand; without one nothing is held against the schema. */
  readonly judge?: (() => ComposeJudge) | undefined;
}

const REMOTE = /^(?:[a-z][a-z0-9+.-]*:\/\/|git@|github\.com\/)/i;

/** Whether a path in a Compose file names something on another machine, which is never fetched. */
export function isRemotePath(path: string): boolean {
  return REMOTE.test(path);
}
