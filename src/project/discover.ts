import { isComposeName } from "../compose/discovery.js";
import type { FileProblem, FileSystem } from "../files/file-system.js";

/** What a file is to this program. */
export type SubjectKind = "dockerfile" | "compose" | "dockerignore" | "policy" | "other";

/** A file that a search found. */
export interface FoundFile {
  /** Absolute path with `/`. */
  readonly path: string;
  readonly kind: Exclude<SubjectKind, "other" | "policy">;
}

/** A folder that could not be searched, or a name of ours at what is no file; the path is absolute. */
export interface SkippedPath {
  readonly path: string;
  readonly message: string;
}

/** What a search found, in UTF-16 order of paths. */
export interface Discovery {
  readonly files: readonly FoundFile[];
  readonly skipped: readonly SkippedPath[];
}

/** What a search asks of its caller. */
export interface SearchOptions {
  readonly fs: FileSystem;
  /** Whether git or the policy leaves a path (absolute) out; asked once per Dockerfile-like file and per folder. */
  isIgnored(path: string, isFolder: boolean): boolean;
}

/** Folders that hold other people's files, whatever git says of them. */
const NEVER_ENTERED: ReadonlySet<string> = new Set(["node_modules", ".git", ".hg", ".svn", "vendor", ".venv"]);

const PROBLEM = {
  absent: "it does not exist",
  denied: "permission denied",
  "not-a-file": "it is no folder",
  "not-a-directory": "it is no folder",
  "too-large": "it is too large",
  failed: "reading failed",
} as const satisfies Record<FileProblem, string>;

const DANGLING = "a link that leads nowhere; skipped";
const IRREGULAR = "no regular file; skipped";

const DOCKERFILE_NAME = /^(?:dockerfile|containerfile)(?:[._-].*)?$|.\.(?:dockerfile|containerfile)$/i;

// Documents about Dockerfiles, templates of them, programs that write them, and copies that editors leave.
const NO_DOCKERFILE =
  /(?:~|\.(?:md|markdown|rst|adoc|txt|rego|j2|jinja2?|tmpl|tpl|template|erb|mustache|sh|bash|py|rb|js|mjs|cjs|ts|go|rs|java|php|json|toml|ya?ml|html|css|bak|orig|rej|swp|lock|log|zip|gz|sum))$/i;

const IGNORE_NAME = /^\.(?:docker|container)ignore$|.\.(?:docker|container)ignore$/i;
const POLICY_NAME = /^(?:\.?plimsoll\.ya?ml|\.?plimsoll\.json)$/;

/**
 * What a file is, by its name alone. A Compose file that is named by a pattern (`compose.web.yaml`) must also look like
 * one; that is for its reader to tell.
 *
 * @param name last part of a path
 */
export function kindOfName(name: string): SubjectKind {
  // What nearly every name is: spares a start six expressions.
  if (name === "Dockerfile") return "dockerfile";
  if (IGNORE_NAME.test(name)) return "dockerignore";
  if (POLICY_NAME.test(name)) return "policy";
  if (isComposeName(name)) return "compose";
  return DOCKERFILE_NAME.test(name) && !NO_DOCKERFILE.test(name) ? "dockerfile" : "other";
}

/**
 * What a file is that somebody named: first by its name, then by what its text begins with. A YAML file that is named
 * is taken for a Compose file.
 *
 * @param path any path with `/`
 * @param head at least the first lines of the text; undefined when it cannot be read
 */
export function classify(path: string, head: string | undefined): SubjectKind {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const byName = kindOfName(name);
  if (byName !== "other") return byName;
  if (/\.ya?ml$/i.test(name)) return "compose";
  return head !== undefined && beginsLikeDockerfile(head) ? "dockerfile" : "other";
}

/** Whether the first line that is neither blank nor a comment is a FROM or ARG, or a directive of the builder comes first. */
function beginsLikeDockerfile(head: string): boolean {
  for (const line of head.split(/\r\n|\n|\r/, 200)) {
    const text = line.trim();
    if (text === "") continue;
    if (/^#\s*(?:syntax|escape|check)\s*=/i.test(text)) return true;
    if (!text.startsWith("#")) return /^(?:FROM|ARG)\s/i.test(text);
  }
  return false;
}

/**
 * Finds Dockerfiles, Compose files and ignore files below a folder. Symbolic links to folders are not followed, links to
 * files are. Folders of dependencies and version control are never entered.
 *
 * @param start absolute path of the folder
 */
export function discover(start: string, { fs, isIgnored }: SearchOptions): Discovery {
  const files: FoundFile[] = [];
  const skipped: SkippedPath[] = [];
  const folders = [start];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const listing = fs.readDirectory(folder);
    if (listing.kind === "problem") {
      skipped.push({ path: folder, message: `this folder cannot be searched: ${PROBLEM[listing.problem]}` });
      continue;
    }
    const prefix = folder === "/" ? "/" : `${folder}/`;
    for (const { name, kind: entry } of listing.entries) {
      const path = prefix + name;
      if (entry === "directory") {
        if (!NEVER_ENTERED.has(name) && !isIgnored(path, true)) folders.push(path);
        continue;
      }
      const kind = kindOfName(name);
      if (kind === "other" || kind === "policy") continue;
      if (isIgnored(path, false)) continue;
      const real = entry === "symlink" ? fs.stat(path)?.kind : entry;
      if (real === "file") files.push({ path, kind });
      else if (real !== "directory") skipped.push({ path, message: real === undefined ? DANGLING : IRREGULAR });
    }
  }
  return { files: files.sort(byPath), skipped: skipped.sort(byPath) };
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
