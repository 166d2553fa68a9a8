import type { FileKind } from "../files/file-system.js";
import { baseName, isWithin, joinPath, parentPath } from "../files/path.js";
import type { PathPattern } from "../files/path-pattern.js";
import type { Workspace } from "../files/workspace.js";
import { compileGlob, hasGlobMeta } from "../values/glob.js";
import { IgnoreFile, type IgnorePattern } from "./ignore-file.js";
import type { IgnoreVerdict } from "./ignore-matcher.js";
import { contextPath } from "./reach.js";
import { type ContextWalk, walkContext } from "./walk.js";

/** Which program builds; it decides where ignore files are looked for. */
export type Builder = "buildkit" | "classic" | "buildah";

/** The ignore file that applies to a build, and the one that it hides. */
export interface AppliedIgnoreFile {
  readonly file: IgnoreFile;
  /** Absolute. */
  readonly path: string;
  /** Named after the Dockerfile (`api.Dockerfile.dockerignore`) rather than after the context. */
  readonly isSpecific: boolean;
  /** Absolute path of the context's own ignore file when a specific one keeps it from being read. */
  readonly shadowed: string | undefined;
}

/** Files that a source stands for. */
export interface ResolvedSource {
  /** Cleaned, relative to the context; `.` for all of it. */
  readonly path: string;
  readonly isGlob: boolean;
  /** What exists, ignored or not, in UTF-16 order; relative. A folder stands for all below it. */
  readonly matches: readonly string[];
  /** False when too many folders had to be looked at; then more may match. */
  readonly isComplete: boolean;
}

/** What a context is made of. */
export interface BuildContextOptions {
  readonly workspace: Workspace;
  /** Absolute path of the context folder. */
  readonly root: string;
  /** Absolute path of the Dockerfile; absent for one written inside a Compose file. */
  readonly dockerfile?: string | undefined;
  readonly builder?: Builder;
  /** False when the folder is a guess that does not hold what the Dockerfile copies. */
  readonly isCertain?: boolean;
}

/** A context that is no folder here, or that nobody can know: context rules are silent. */
export interface UnknownContext {
  /** `remote`: a URL, standard input, another image or build; `unknown`: depends on a value nobody knows. */
  readonly kind: "remote" | "unknown";
  /** As written. */
  readonly written: string;
}

/** The context of a build: a folder here, or something that cannot be looked at. */
export type Context = BuildContext | UnknownContext;

/** Names looked at while wildcards of one source are resolved. */
const MOST_GLOB_ENTRIES = 20_000;

/**
 * One folder that builds send, under one ignore file. Answers come from the disk on first use and are kept. Paths are
 * relative to the folder, with `/`.
 */
export class BuildContext {
  readonly kind = "local";
  readonly workspace: Workspace;
  readonly root: string;
  readonly #options: BuildContextOptions;
  #ignoreFile: FoundIgnoreFile | undefined;
  #walk: ContextWalk | undefined;
  #fullWalk: ContextWalk | undefined;

  constructor(options: BuildContextOptions) {
    this.workspace = options.workspace;
    this.root = options.root;
    this.#options = options;
  }

  /** Whether verdicts can be relied on: the folder is no guess, and its ignore file, if any, could be read. */
  get isCertain(): boolean {
    return this.#options.isCertain !== false && this.unreadableIgnoreFile === undefined;
  }

  /** The ignore file that applies; undefined when none does, or when it cannot be read. */
  get ignoreFile(): AppliedIgnoreFile | undefined {
    const found = this.#findIgnoreFile();
    return found.kind === "applied" ? found.applied : undefined;
  }

  /** Absolute path of an ignore file that applies, and is too large, no text, denied or outside of the workspace. */
  get unreadableIgnoreFile(): string | undefined {
    const found = this.#findIgnoreFile();
    return found.kind === "unreadable" ? found.path : undefined;
  }

  /** Whether the ignore file lets the path through; the path need not exist. */
  includes(path: string): boolean {
    return !this.verdict(path).isIgnored;
  }

  /** Whether the path is left out, and the line that decides. */
  verdict(path: string): IgnoreVerdict<IgnorePattern> {
    return this.ignoreFile?.file.verdict(contextPath(path)) ?? { isIgnored: false, pattern: undefined };
  }

  /** Whether something stands at the path, ignored or not; `..` stops at the context. */
  exists(path: string): boolean {
    return this.kindOf(path) !== undefined;
  }

  /**
   * What stands at the path; undefined when nothing does. A link is followed as long as it stays inside of the context,
   * as the builder does; one that leads out of it is a `symlink`.
   */
  kindOf(path: string): FileKind | undefined {
    const { fs } = this.workspace;
    const absolute = joinPath(this.root, contextPath(path));
    const facts = fs.lstat(absolute);
    if (facts?.kind !== "symlink") return facts?.kind;
    const real = fs.realPath(absolute);
    const realRoot = fs.realPath(this.root);
    if (real === undefined || realRoot === undefined || !isWithin(realRoot, real)) return "symlink";
    return fs.lstat(real)?.kind;
  }

  /** What a COPY source stands for in this folder: itself, or all that its wildcards match, element by element. */
  resolveSource(written: string): ResolvedSource {
    const path = contextPath(written);
    const isGlob = hasGlobMeta(path);
    if (!isGlob) return { path, isGlob, matches: this.exists(path) ? [path] : [], isComplete: true };
    const elements = path.split("/").map((element) => compileGlob(element));
    const patterns = elements.flatMap((element) => (element.kind === "glob" ? [element.pattern] : []));
    if (patterns.length < elements.length) return { path, isGlob, matches: [], isComplete: true };
    return { path, isGlob, ...this.#expand(patterns) };
  }

  /** Everything that may be sent: ignored folders are entered only when an exception can bring something back. */
  get walk(): ContextWalk {
    this.#walk ??= this.#walkWith(true);
    return this.#walk;
  }

  /** Everything there is, with the verdict of the ignore file; costs more than {@link BuildContext.walk}. */
  get fullWalk(): ContextWalk {
    this.#fullWalk ??= this.#walkWith(false);
    return this.#fullWalk;
  }

  #findIgnoreFile(): FoundIgnoreFile {
    this.#ignoreFile ??= findIgnoreFile(this.#options);
    return this.#ignoreFile;
  }

  #walkWith(isPruned: boolean): ContextWalk {
    const matcher = this.ignoreFile?.file.matcher;
    return walkContext({ fs: this.workspace.fs, root: this.root, matcher, isPruned });
  }

  #expand(patterns: readonly PathPattern[]): { readonly matches: string[]; readonly isComplete: boolean } {
    let folders = [""];
    let seen = 0;
    for (const [depth, pattern] of patterns.entries()) {
      const next: string[] = [];
      for (const folder of folders) {
        const listing = this.workspace.fs.readDirectory(folder === "" ? this.root : joinPath(this.root, folder));
        if (listing.kind === "problem") continue;
        for (const { name, kind } of listing.entries) {
          seen += 1;
          if (seen > MOST_GLOB_ENTRIES) return { matches: [], isComplete: false };
          const isUsable = depth === patterns.length - 1 || kind === "directory";
          if (isUsable && pattern.matches(name)) next.push(folder === "" ? name : `${folder}/${name}`);
        }
      }
      folders = next;
    }
    return { matches: folders, isComplete: true };
  }
}

type FoundIgnoreFile =
  | { readonly kind: "none" }
  | { readonly kind: "applied"; readonly applied: AppliedIgnoreFile }
  | { readonly kind: "unreadable"; readonly path: string };

/**
 * The ignore file of a build: the one beside the Dockerfile that bears its name, else the one at the context root;
 * nothing is merged. An empty specific file counts as present.
 *
 * @see https://docs.docker.com/build/concepts/context/#filename-and-location
 */
function findIgnoreFile({ workspace, root, dockerfile, builder }: BuildContextOptions): FoundIgnoreFile {
  const names = builder === "buildah" ? [".containerignore", ".dockerignore"] : [".dockerignore"];
  const isFile = (path: string): boolean => workspace.fs.stat(path)?.kind === "file";
  const own = names.map((name) => joinPath(root, name)).find(isFile);
  const specific =
    dockerfile === undefined || builder === "classic"
      ? undefined
      : names.map((name) => joinPath(parentPath(dockerfile), `${baseName(dockerfile)}${name}`)).find(isFile);
  const path = specific ?? own;
  if (path === undefined) return { kind: "none" };
  const source = workspace.source(path);
  if (source === undefined) return { kind: "unreadable", path };
  const file = new IgnoreFile(source);
  const isSpecific = specific !== undefined;
  return { kind: "applied", applied: { file, path, isSpecific, shadowed: isSpecific ? own : undefined } };
}
