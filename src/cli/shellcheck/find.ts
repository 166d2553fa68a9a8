import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, sep } from "node:path";

/** Where to look for the program. */
export interface SearchPlace {
  /** `PATH`. */
  readonly path: string | undefined;
  /** Folders whose programs are never started: what is linted, and all below. */
  readonly distrusted: readonly string[];
}

const NAMES = process.platform === "win32" ? ["shellcheck.exe"] : ["shellcheck"];

/** The first `shellcheck` on `PATH` outside of what is linted, as an absolute path; undefined when there is none. */
export function findShellCheck({ path, distrusted }: SearchPlace): string | undefined {
  for (const folder of (path ?? "").split(delimiter)) {
    if (!isAbsolute(folder)) continue;
    for (const name of NAMES) {
      const file = join(folder, name);
      if (isProgram(file) && !distrusted.some((root) => isBelow(root, folder) || isBelow(root, realpathSync(file)))) {
        return file;
      }
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  if (statSync(file, { throwIfNoEntry: false })?.isFile() !== true) return false;
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isBelow(root: string, path: string): boolean {
  const folder = root.replaceAll("/", sep);
  // Who lints the whole disk trusts its programs.
  if (dirname(folder) === folder) return false;
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}
