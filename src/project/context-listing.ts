import type { BuildContext } from "../context/context.js";
import type { IgnoreProblem } from "../context/ignore-file.js";
import { type LineEffect, lineEffects } from "../context/line-effects.js";
import { type Amount, amountOf, type Contributor, contributorsOf } from "../context/measure.js";
import type { SourcePattern } from "../context/reach.js";
import { type ContextWalk, DEFAULT_WALK_LIMITS, type WalkedFile, walkContext } from "../context/walk.js";
import type { Range } from "../text/source.js";
import type { Build } from "./model.js";

/** All that can be said about a context folder under one ignore file; every amount is a lower bound if `isLowerBound`. */
export interface ContextListing {
  readonly context: BuildContext;
  /** Everything there is. */
  readonly before: Amount;
  /** What the ignore file lets through. */
  readonly after: Amount;
  readonly isLowerBound: boolean;
  /** Top folders of what is let through, largest first. */
  readonly largestFolders: readonly Contributor[];
  /** Single files of what is let through, largest first. */
  readonly largestFiles: readonly Contributor[];
  readonly lines: readonly LineEffect[];
  /** Lines with which no build succeeds. */
  readonly problems: readonly IgnoreProblem[];
  readonly builds: readonly BuildListing[];
}

/** What one build takes of its context. */
export interface BuildListing {
  readonly build: Build;
  /** Taken by COPY, ADD and bind mounts, if there were no ignore file. */
  readonly before: Amount;
  /** Taken as things are: what BuildKit transfers, apart from the Dockerfile and the ignore file. */
  readonly after: Amount;
  /** In the order of the Dockerfile's stages. */
  readonly sources: readonly SourceListing[];
}

/** What one source of a COPY or ADD, or one bind mount takes. */
export interface SourceListing {
  readonly range: Range;
  /** As written, with known variables put in. */
  readonly written: string;
  readonly via: SourcePattern["source"]["via"];
  /** Undefined when the source needs a value that nobody knows. */
  readonly taken: Amount | undefined;
  /** Files that it would take if the ignore file let them through. */
  readonly ignoredFiles: number;
}

/** Somebody waits for this list, so that it looks at more than a rule may. */
const LIMITS = { ...DEFAULT_WALK_LIMITS, entries: 500_000 };

const MOST_FOLDERS = 10;
const MOST_FILES = 5;

/** Lists a context. Walks the folder, which may take seconds. @param builds those that send it */
export function listContext(context: BuildContext, builds: readonly Build[]): ContextListing {
  const file = context.ignoreFile?.file;
  const options = { fs: context.workspace.fs, root: context.root, matcher: file?.matcher, limits: LIMITS };
  const everything = walkContext({ ...options, isPruned: false });
  // Where not all can be seen, what is sent is looked at first.
  const sent = everything.limit === undefined ? everything : walkContext({ ...options, isPruned: true });
  const sentFiles = sent.files.filter(({ isIgnored }) => !isIgnored);
  const before = amountOf(everything, everything.files);
  const after = amountOf(sent, sentFiles);
  return {
    context,
    before: before.files < after.files ? after : before,
    after,
    isLowerBound: everything.isLowerBound || sent.isLowerBound,
    largestFolders: largestFolders(sent, sentFiles),
    largestFiles: largestFiles(sent, sentFiles),
    lines: file === undefined ? [] : lineEffects(file, everything),
    problems: file?.problems ?? [],
    builds: builds.map((build) => listBuild(build, everything, sent)),
  };
}

function largestFolders(walk: ContextWalk, files: readonly WalkedFile[]): readonly Contributor[] {
  const inFolders = files.filter(({ path }) => path.includes("/"));
  return contributorsOf(walk, inFolders).slice(0, MOST_FOLDERS);
}

function largestFiles(walk: ContextWalk, files: readonly WalkedFile[]): readonly Contributor[] {
  const sized = files.map((file) => ({ path: file.path, files: 1, sizeBytes: walk.sizeBytes(file) }));
  sized.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  return sized.slice(0, MOST_FILES);
}

function listBuild(build: Build, everything: ContextWalk, sent: ContextWalk): BuildListing {
  const { reach } = build;
  const known = reach.sources.map((source) => sourceListing(source, everything, sent));
  return {
    build,
    before: amountOf(
      everything,
      filesOf(everything, (path) => reach.reaches(path), true),
    ),
    after: amountOf(
      sent,
      filesOf(sent, (path) => reach.reaches(path), false),
    ),
    sources: [...known, ...unknownSources(build)].sort(byPlace),
  };
}

function sourceListing(source: SourcePattern, everything: ContextWalk, sent: ContextWalk): SourceListing {
  const { written, range, via } = source.source;
  let ignoredFiles = 0;
  for (const { path, isIgnored } of everything.files) if (isIgnored && source.reaches(path)) ignoredFiles += 1;
  return { range, written, via, taken: amountOf(sent, filesOf(sent, source.reaches, false)), ignoredFiles };
}

function* filesOf(walk: ContextWalk, reaches: (path: string) => boolean, withIgnored: boolean): Iterable<WalkedFile> {
  for (const file of walk.files) if ((withIgnored || !file.isIgnored) && reaches(file.path)) yield file;
}

/** Sources of COPY and ADD that depend on a value nobody knows. */
function* unknownSources({ closure }: Build): Iterable<SourceListing> {
  for (const { copies } of closure) {
    for (const { from, sources, instruction } of copies) {
      if (from.kind !== "context") continue;
      for (const { kind, path, range } of sources) {
        if (kind !== "path" || path !== undefined) continue;
        const written = range.source.text.slice(range.start, range.end);
        yield {
          range,
          written,
          via: instruction.keyword === "COPY" ? "copy" : "add",
          taken: undefined,
          ignoredFiles: 0,
        };
      }
    }
  }
}

function byPlace(a: SourceListing, b: SourceListing): number {
  return a.range.source.path === b.range.source.path
    ? a.range.start - b.range.start
    : a.range.source.path < b.range.source.path
      ? -1
      : 1;
}
