/**
 * Path arithmetic on text, with `/` on every platform; no file is looked at. A path that starts with `/`, or with a
 * drive such as `C:/`, is absolute.
 */

const DRIVE = /^[A-Za-z]:(?=\/|$)/;

/** Whether a path starts at a root: `/x` or `C:/x`. */
export function isAbsolutePath(path: string): boolean {
  return path.startsWith("/") || (path.charAt(1) === ":" && DRIVE.test(path));
}

/**
 * The shortest path that means the same without looking at files: `.`, inner `..`, doubled and trailing slashes go away,
 * `..` at a root too. The empty path is `.`.
 *
 * @see https://pkg.go.dev/path#Clean (same result, but for drives)
 */
export function cleanPath(path: string): string {
  if (path === "") return ".";
  if (isClean(path)) return path;
  const drive = DRIVE.exec(path)?.[0] ?? "";
  const body = path.slice(drive.length);
  const isRooted = drive !== "" || body.startsWith("/");
  const parts: string[] = [];
  for (const part of body.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (!isRooted) parts.push(part);
  }
  if (isRooted) return `${drive}/${parts.join("/")}`;
  return parts.length === 0 ? "." : parts.join("/");
}

/** `path` as seen from the folder `base`, cleaned; an absolute `path` stays itself. */
export function resolvePath(base: string, path: string): string {
  return cleanPath(isAbsolutePath(path) ? path : `${base}/${path}`);
}

/** `path` below the folder `base`, cleaned, also when `path` starts with a slash. */
export function joinPath(base: string, path: string): string {
  return cleanPath(base === "" ? path : `${base}/${path}`);
}

/** The folder that holds a cleaned path; a root is its own parent, and that of a single name is `.`. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash === -1) return ".";
  const root = rootLength(path);
  return slash < root ? path.slice(0, root) : path.slice(0, slash);
}

/** Last part of a cleaned path; empty for a root. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** From the last dot of the last part, dot included and in lower case; empty when there is none or only a leading one. */
export function extensionOf(path: string): string {
  const name = baseName(path);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot).toLowerCase();
}

/** Whether a cleaned path is the folder itself or lies below it, by its text alone. */
export function isWithin(folder: string, path: string): boolean {
  if (folder === path) return true;
  if (folder === ".") return !isAbsolutePath(path) && path !== ".." && !path.startsWith("../");
  return path.startsWith(folder.endsWith("/") ? folder : `${folder}/`);
}

/**
 * How to reach `to` from the folder `from`; both absolute and cleaned. `.` when equal; `to` itself when the two share no
 * root (drives).
 */
export function relativePath(from: string, to: string): string {
  if (from === to) return ".";
  if (isWithin(from, to)) return to.slice(from.endsWith("/") ? from.length : from.length + 1);
  if (from.slice(0, rootLength(from)) !== to.slice(0, rootLength(to))) return to;
  const start = from.split("/");
  const target = to.split("/").filter((part, index) => part !== "" || index === 0);
  let shared = 0;
  while (shared < start.length && shared < target.length && start[shared] === target[shared]) shared += 1;
  const up = start.slice(shared).filter((part) => part !== "").length;
  return [...Array<string>(up).fill(".."), ...target.slice(shared)].join("/");
}

/** Folders above a relative cleaned path, widest first: `a`, `a/b` for `a/b/c`. */
export function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let slash = path.indexOf("/"); slash !== -1; slash = path.indexOf("/", slash + 1)) {
    if (slash > 0) folders.push(path.slice(0, slash));
  }
  return folders;
}

/** Length of the root that a path starts with: 1 for `/`, 3 for `C:/`, 0 for a relative path. */
function rootLength(path: string): number {
  if (path.startsWith("/")) return 1;
  return path.charAt(1) === ":" && DRIVE.test(path) ? 3 : 0;
}

/** Most paths are clean already: one look without an allocation. */
function isClean(path: string): boolean {
  const { length } = path;
  if (path.charCodeAt(1) === COLON) return false;
  let partStart = 0;
  for (let index = 0; index <= length; index += 1) {
    if (index < length && path.charCodeAt(index) !== SLASH) continue;
    const size = index - partStart;
    if (size === 0 && (index !== 0 || length === 0)) return length === 1;
    if (path.charCodeAt(partStart) === DOT && (size === 1 || (size === 2 && path.charCodeAt(partStart + 1) === DOT))) {
      return false;
    }
    partStart = index + 1;
  }
  return true;
}

const SLASH = 47;
const DOT = 46;
const COLON = 58;
