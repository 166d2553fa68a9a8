import { cleanPath } from "../files/path.js";
import type { PathPattern } from "../files/path-pattern.js";
import type { Range } from "../text/source.js";
import { compileGlob, findGlobProblem, hasGlobMeta } from "../values/glob.js";
import { matcherOf } from "./ignore-file.js";
import type { IgnoreMatcher } from "./ignore-matcher.js";

/** One local source of COPY, ADD or a bind mount, as plain data. */
export interface ReachedSource {
  /** As written, with known variables put in; relative to the context, whatever slash it starts with. */
  readonly written: string;
  /** The source word in the Dockerfile, or what stands for it. */
  readonly range: Range;
  /** A bind mount is read while building and leaves nothing in the image. */
  readonly via: "copy" | "add" | "mount";
  /** Values of `--exclude`. */
  readonly excludes?: readonly string[];
  /** Whether the stage that takes it is shipped. */
  readonly isShipped?: boolean;
}

/** A source ready to be asked about paths. */
export interface SourcePattern {
  readonly source: ReachedSource;
  /** Cleaned, relative, without a leading slash; `.` for the whole context. */
  readonly path: string;
  readonly isGlob: boolean;
  /** `.`, `/`, `./` or `*`: takes all there is. */
  readonly isEverything: boolean;
  /** Whether the path is the source, or what it matches, or lies below. @param path relative, cleaned */
  readonly reaches: (path: string) => boolean;
}

/**
 * A source as the builder sees it: `..` stops at the context root, a leading slash means the context, wildcards are
 * those of `path.Match`, element by element. A malformed wildcard reaches nothing.
 */
export function compileSource(source: ReachedSource): SourcePattern {
  const path = contextPath(source.written);
  const isGlob = hasGlobMeta(path);
  const isEverything = path === "." || path === "*";
  const excludes = source.excludes === undefined ? undefined : matcherOf(source.excludes);
  const reachesAll = isEverything ? () => true : isGlob ? globReach(path) : folderReach(path);
  const reaches =
    excludes === undefined ? reachesAll : (asked: string) => reachesAll(asked) && !isExcluded(excludes, path, asked);
  return { source, path, isGlob, isEverything, reaches };
}

/** A source path relative to the context, cleaned: `/src/`, `./src` and `../src` are `src`; the context is `.`. */
export function contextPath(written: string): string {
  const cleaned = cleanPath(`/${written}`);
  return cleaned === "/" ? "." : cleaned.slice(1);
}

/** All that some builds take from one context. */
export class Reach {
  readonly sources: readonly SourcePattern[];

  constructor(sources: readonly ReachedSource[]) {
    this.sources = sources.map(compileSource);
  }

  /** Whether any source takes the whole context. */
  get isEverything(): boolean {
    return this.sources.some(({ isEverything, source }) => isEverything && (source.excludes ?? []).length === 0);
  }

  /** Whether any source takes the path. */
  reaches(path: string): boolean {
    return this.sources.some((source) => source.reaches(path));
  }

  /** The sources that take the path, in the order given. */
  takersOf(path: string): readonly SourcePattern[] {
    return this.sources.filter((source) => source.reaches(path));
  }

  /** The source that takes most: all of the context, else the shortest path; the first of equals. */
  get widest(): SourcePattern | undefined {
    return this.sources.reduce<SourcePattern | undefined>((best, source) => {
      return best === undefined || width(source) < width(best) ? source : best;
    }, undefined);
  }

  /** Sources that name something, so that ignoring it would break the build: all but those that take everything. */
  get named(): readonly SourcePattern[] {
    return this.sources.filter(({ isEverything }) => !isEverything);
  }
}

function width({ isEverything, path }: SourcePattern): number {
  return isEverything ? 0 : path.split("/").length;
}

function folderReach(folder: string): (path: string) => boolean {
  const below = `${folder}/`;
  return (path) => path === folder || path.startsWith(below);
}

function globReach(glob: string): (path: string) => boolean {
  const elements: PathPattern[] = [];
  for (const element of glob.split("/")) {
    const compiled = compileGlob(element);
    if (compiled.kind === "malformed") return () => false;
    elements.push(compiled.pattern);
  }
  return (path) => {
    const parts = path.split("/");
    return parts.length >= elements.length && elements.every((element, index) => element.matches(parts[index] ?? ""));
  };
}

/** Exclusions are seen from the folder that is copied; a single file is seen by its name. */
function isExcluded(excludes: IgnoreMatcher, folder: string, path: string): boolean {
  if (folder === "." || folder === "*") return excludes.ignores(path);
  const depth = folder.split("/").length;
  const parts = path.split("/");
  const inside = parts.slice(parts.length > depth ? depth : depth - 1).join("/");
  return excludes.ignores(inside);
}

/** One path that a source could stand for: wildcards become a letter, a class its first member. A malformed source stays. */
export function exampleOf(source: SourcePattern): string {
  if (!source.isGlob || findGlobProblem(source.path) !== undefined) return source.path;
  return source.path.replaceAll(/\\(.)|\*|\?|\[\^?\\?(.)[^\]]*\]/gu, (whole, escaped?: string, member?: string) => {
    return escaped ?? member ?? (whole === "*" || whole === "?" ? "x" : whole);
  });
}
