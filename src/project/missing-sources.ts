import type { BuildContext } from "../context/context.js";
import { isBareContext, type NearestPath, nearestPath } from "../context/nearest-path.js";
import { contextPath } from "../context/reach.js";
import { isMadeBeforeBuild } from "../data/made-before-build.js";
import { isWithin, joinPath, parentPath, relativePath } from "../files/path.js";
import type { Range } from "../text/source.js";
import { hasGlobMeta } from "../values/glob.js";
import type { Build, CopyView, Project } from "./model.js";

/** A source of COPY or ADD for which there is nothing in the context. */
export interface MissingSource {
  readonly copy: CopyView;
  /** Cleaned, relative to the context. */
  readonly path: string;
  readonly range: Range;
  readonly isGlob: boolean;
  /**
   * What was most likely meant. `place`: the path is right from another folder, that of the Dockerfile or the one above the
   * context. Undefined when nothing is near.
   */
  readonly meant: { readonly kind: "case" | "similar" | "place"; readonly path: string } | undefined;
  /** The context is no guess. */
  readonly isCertain: boolean;
}

type Meant = MissingSource["meant"];

/**
 * Sources of the stages that a build needs that do not exist in its context, in order: neither ignored by Docker or git,
 * nor made before the build by all habit. None where the folder holds so little that it is no whole checkout.
 */
export function missingSources(build: Build, project: Project): readonly MissingSource[] {
  const { context } = build;
  if (context.kind !== "local" || context.unreadableIgnoreFile !== undefined) return [];
  const sources = [...sourcesFromContext(build)];
  // A guess that holds nothing of it is none.
  if (!context.isCertain && !sources.some(({ path }) => !hasGlobMeta(path) && context.exists(path))) return [];
  const missing: MissingSource[] = [];
  let found = 0;
  for (const { copy, path, range } of sources) {
    const isGlob = hasGlobMeta(path);
    const near: NearestPath = isGlob ? globState(context, path) : nearestPath(context, path);
    if (near.kind === "exact") {
      found += 1;
      continue;
    }
    if (near.kind === "none" && near.isFolderEmpty) continue;
    if (near.kind !== "case" && isExpectedToBeAbsent(context, path, project)) continue;
    const meant = near.kind === "none" ? elsewhere(build, context, path, isGlob) : near;
    missing.push({ copy, path, range, isGlob, meant, isCertain: context.isCertain });
  }
  if (missing.length === 0 || isBareContext(context, [".git", ".gitignore"])) return [];
  const isExplained = missing.every(({ meant }) => meant !== undefined && meant.kind !== "place");
  // A guess is right when all else is there and one name is off by a letter.
  if (!context.isCertain) return found > 0 && isExplained ? missing : [];
  return found > 0 || missing.length === 1 || missing.some(({ meant }) => meant !== undefined) ? missing : [];
}

function* sourcesFromContext({ stages }: Build): Iterable<{ copy: CopyView; path: string; range: Range }> {
  for (const stage of stages) {
    // Paths of Windows may be written with backslashes.
    if (!stage.isReached || stage.isWindows) continue;
    for (const copy of stage.copies) {
      if (copy.from.kind !== "context" || copy.isOnbuild) continue;
      for (const { kind, path, range } of copy.sources) {
        if (kind !== "path" || path === undefined) continue;
        const cleaned = contextPath(path);
        if (cleaned !== "." && cleaned !== "*") yield { copy, path: cleaned, range };
      }
    }
  }
}

/** Wildcards that people write so that a file may be absent (`yarn.lock*`, `.npmr[c]`) promise nothing. */
const OPTIONAL = /\*$|\?|\[/;

function globState(context: BuildContext, path: string): NearestPath {
  if (OPTIONAL.test(path)) return { kind: "exact" };
  const { matches, isComplete } = context.resolveSource(path);
  return matches.length > 0 || !isComplete ? { kind: "exact" } : { kind: "none", isFolderEmpty: false };
}

function isExpectedToBeAbsent(context: BuildContext, path: string, project: Project): boolean {
  if (isMadeBeforeBuild(path) || context.verdict(path).isIgnored) return true;
  const file = joinPath(context.root, path);
  return project.isGitIgnored(file) || project.isGitIgnored(joinPath(file, "x"));
}

/** The same path seen from the folder of the Dockerfile, or from above the context. */
function elsewhere({ dockerfile }: Build, context: BuildContext, path: string, isGlob: boolean): Meant {
  if (isGlob) return undefined;
  const folder = parentPath(dockerfile.source.root.file);
  const candidates: string[] = [];
  if (folder !== context.root && isWithin(context.root, folder)) {
    candidates.push(`${relativePath(context.root, folder)}/${path}`);
  }
  const [first, ...rest] = path.split("/");
  if (rest.length > 0 && context.root.endsWith(`/${first}`)) candidates.push(rest.join("/"));
  for (const candidate of candidates) {
    if (nearestPath(context, candidate).kind === "exact") return { kind: "place", path: candidate };
  }
  return undefined;
}
