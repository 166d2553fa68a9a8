const DRIVE = /^[A-Za-z]:(?=[\\/]|$)/;

/** Whether a path begins at a root: `/`, a drive letter, or the backslash of Windows. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || path.startsWith("\\") || DRIVE.test(path);
}

/**
 * The absolute path that `path` means in a working directory, without `.`, `..` and trailing slash.
 *
 * @param directory absolute; undefined when it is not known
 * @returns undefined when the path is relative and the directory is not known
 */
export function resolvePath(directory: string | undefined, path: string): string | undefined {
  if (DRIVE.test(path) || path.startsWith("\\")) return path;
  if (path.startsWith("/")) return normalise(path);
  if (directory === undefined) return undefined;
  if (directory.startsWith("/")) return normalise(`${directory}/${path}`);
  return `${directory.replace(/[\\/]$/, "")}\\${path}`;
}

function normalise(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
