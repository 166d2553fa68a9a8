import type { BuildContext } from "../context/context.js";
import { covers } from "../context/dead-patterns.js";
import { IgnoreFile, type IgnorePattern } from "../context/ignore-file.js";
import { baseName, isWithin, joinPath, parentPath } from "../files/path.js";
import type { Source } from "../text/source.js";
import type { Build, Project } from "./model.js";

/** An ignore file that does not do what it is there for. */
export type UnreadIgnoreFile =
  /** It lies in a folder that no build sends; `build` has its context elsewhere. */
  | { readonly kind: "place"; readonly source: Source; readonly build: Build; readonly isInline: boolean }
  /** A file of the Dockerfile's own takes the place of the one of the context, and lacks some of its lines. */
  | {
      readonly kind: "shadow";
      readonly source: Source;
      readonly root: Source;
      readonly missing: readonly IgnorePattern[];
      /** No build reads the file of the context any more. */
      readonly isUnread: boolean;
    }
  /** A file of the Dockerfile's own without a byte: nothing is excluded. */
  | { readonly kind: "empty"; readonly source: Source; readonly root: Source | undefined }
  /** A name that no builder looks for, and the one that it does. */
  | { readonly kind: "name"; readonly source: Source; readonly right: string };

/** What is wrong with the ignore files around a context. Paths that cannot be read are left out. */
export function* unreadIgnoreFiles(context: BuildContext, project: Project): Iterable<UnreadIgnoreFile> {
  const builds = project.buildsOf(context);
  yield* ofSpecific(context, project);
  const folders = new Set<string>([context.root]);
  for (const build of builds) for (const folder of foldersOf(build)) folders.add(folder);
  for (const folder of folders) {
    yield* misnamed(folder, project, context);
    if (folder === context.root) continue;
    const file = joinPath(folder, ".dockerignore");
    const build = builds.find((each) => [...foldersOf(each)].includes(folder));
    if (build === undefined || !context.isCertain || !project.exists(file) || isRoot(folder, project)) continue;
    // Between folders side by side nobody would look for it there.
    if (!isWithin(folder, context.root) && !isWithin(context.root, folder)) continue;
    const source = project.read(file);
    if (source !== undefined) yield { kind: "place", source, build, isInline: isInline(build) };
  }
}

/** Folders beside which people put an ignore file: of the Dockerfile, and of the Compose files that build it. */
function* foldersOf({ dockerfile, services }: Build): Iterable<string> {
  yield parentPath(dockerfile.source.root.file);
  for (const { keyRange } of services) yield parentPath(keyRange.source.root.file);
}

function isInline({ dockerfile }: Build): boolean {
  return dockerfile.source.embedding !== undefined;
}

/** Whether some build, known or guessed, sends the folder. */
function isRoot(folder: string, { contexts }: Project): boolean {
  return contexts.some(({ root }) => root === folder);
}

function* ofSpecific(context: BuildContext, project: Project): Iterable<UnreadIgnoreFile> {
  const applied = context.ignoreFile;
  if (applied?.isSpecific !== true) return;
  const { source } = applied.file;
  const root = applied.shadowed === undefined ? undefined : project.read(applied.shadowed);
  if (source.text === "") {
    yield { kind: "empty", source, root };
    return;
  }
  if (root === undefined || !context.isCertain) return;
  const own = applied.file.patterns;
  const missing = new IgnoreFile(root).patterns.filter((pattern) => {
    return !pattern.isException && !own.some((other) => !other.isException && covers(other, pattern));
  });
  if (missing.length === 0) return;
  const isUnread = !project.contexts.some((other) => other.ignoreFile?.path === applied.shadowed);
  yield { kind: "shadow", source, root, missing, isUnread };
}

/** Ignore files whose name is off, in one folder. */
function* misnamed(folder: string, project: Project, { workspace }: BuildContext): Iterable<UnreadIgnoreFile> {
  const listing = workspace.fs.readDirectory(folder);
  if (listing.kind === "problem") return;
  for (const { name, kind } of listing.entries) {
    if (kind !== "file" || !/ignore/i.test(name)) continue;
    const right = rightName(name, (other) => listing.entries.some((entry) => entry.name === other));
    const source = right === undefined || right === name ? undefined : project.read(joinPath(folder, name));
    if (source !== undefined && right !== undefined) yield { kind: "name", source, right };
  }
}

const SPECIFIC = ".dockerignore";

/** The name that a builder would look for; undefined when the name is right, or that of something else. */
function rightName(name: string, has: (name: string) => boolean): string | undefined {
  const lower = name.toLowerCase();
  if (lower === SPECIFIC) return name === SPECIFIC ? undefined : SPECIFIC;
  if (/^(?:dockerignore|\.docker[-_]ignore|\.dockerignore\.txt|\.dockerignores|\.dokcerignore)$/.test(lower)) {
    return has(SPECIFIC) ? undefined : SPECIFIC;
  }
  const dockerfile = dockerfileOf(name, has);
  if (dockerfile === undefined) return undefined;
  const right = dockerfile + SPECIFIC;
  return has(right) ? undefined : right;
}

/** The Dockerfile beside a file that bears its name in another way: `.dockerignore.api`, `api.dockerignore`, `Dockerfile.ignore`. */
function dockerfileOf(name: string, has: (name: string) => boolean): string | undefined {
  const candidates: string[] = [];
  if (name.startsWith(`${SPECIFIC}.`)) candidates.push(name.slice(SPECIFIC.length + 1));
  else if (name.endsWith(SPECIFIC) && !has(name.slice(0, -SPECIFIC.length))) {
    candidates.push(name.slice(0, -SPECIFIC.length));
  } else if (/dockerfile.*\.ignore$/i.test(name)) candidates.push(name.slice(0, -".ignore".length));
  for (const candidate of candidates) {
    const names = [candidate, `Dockerfile.${candidate}`, `${candidate}.Dockerfile`, `Dockerfile-${candidate}`];
    const found = names.find((each) => /dockerfile/i.test(baseName(each)) && has(each));
    if (found !== undefined) return found;
  }
  return undefined;
}
