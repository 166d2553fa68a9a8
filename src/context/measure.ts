import type { IgnoreMatcher } from "./ignore-matcher.js";
import type { ContextWalk, WalkedFile } from "./walk.js";

/** How much a set of files is. */
export interface Amount {
  readonly sizeBytes: number;
  readonly files: number;
}

/** One top folder (or file at the top) of a context and what it adds. */
export interface Contributor extends Amount {
  /** First part of the path. */
  readonly path: string;
}

/** Sizes of one context under one ignore file. All are lower bounds when `isLowerBound`. */
export interface ContextMeasure {
  /** Within reach without any ignore file; undefined when no full walk was given. */
  readonly before: Amount | undefined;
  /** Within reach and not ignored: what a build transfers. */
  readonly after: Amount;
  /** As `after`, were the suggestions in the ignore file; undefined without suggestions. */
  readonly possible: Amount | undefined;
  /** Not ignored, within reach or not. */
  readonly whole: Amount;
  /** At most five, largest first, of what `after` counts; of equals the first by name. */
  readonly largest: readonly Contributor[];
  readonly isLowerBound: boolean;
}

/** What to measure. */
export interface MeasureOptions {
  /** Walk with the ignore file, pruned or not. */
  readonly walk: ContextWalk;
  /** Walk of everything, for `before`. */
  readonly fullWalk?: ContextWalk | undefined;
  /** Whether a build takes the path. */
  readonly reaches: (path: string) => boolean;
  /** The ignore file with the suggestions after its own lines. */
  readonly suggested?: IgnoreMatcher | undefined;
}

const MOST_CONTRIBUTORS = 5;

/** Adds up the files of walks that were already made; reads sizes, but lists no folder. */
export function measureContext({ walk, fullWalk, reaches, suggested }: MeasureOptions): ContextMeasure {
  const sent = walk.files.filter((file) => !file.isIgnored);
  const reached = sent.filter((file) => reaches(file.path));
  const after = amountOf(walk, reached);
  const before =
    fullWalk === undefined
      ? undefined
      : amountOf(
          fullWalk,
          fullWalk.files.filter((file) => reaches(file.path)),
        );
  const possible =
    suggested === undefined
      ? undefined
      : amountOf(
          walk,
          reached.filter((file) => !suggested.ignores(file.path)),
        );
  const whole = amountOf(walk, sent);
  const largest = contributorsOf(walk, reached).slice(0, MOST_CONTRIBUTORS);
  const isLowerBound = walk.isLowerBound || fullWalk?.isLowerBound === true;
  return { before, after, possible, whole, largest, isLowerBound };
}

/** Which part is saved, in whole percent: `round((before - after) / before * 100)`; 0 when there was nothing. */
export function savedPercent(before: Amount, after: Amount): number {
  if (before.sizeBytes === 0) return 0;
  return Math.round(((before.sizeBytes - after.sizeBytes) / before.sizeBytes) * 100);
}

/** How much some files of a walk are. */
export function amountOf(walk: ContextWalk, files: Iterable<WalkedFile>): Amount {
  let sizeBytes = 0;
  let count = 0;
  for (const file of files) {
    sizeBytes += walk.sizeBytes(file);
    count += 1;
  }
  return { sizeBytes, files: count };
}

/** What files at the top and top folders add, largest first; of equals the first by name. */
export function contributorsOf(walk: ContextWalk, files: Iterable<WalkedFile>): Contributor[] {
  const amounts = new Map<string, { sizeBytes: number; files: number }>();
  for (const file of files) {
    const slash = file.path.indexOf("/");
    const top = slash === -1 ? file.path : file.path.slice(0, slash);
    const amount = amounts.get(top) ?? { sizeBytes: 0, files: 0 };
    amount.sizeBytes += walk.sizeBytes(file);
    amount.files += 1;
    amounts.set(top, amount);
  }
  const contributors = [...amounts].map(([path, amount]) => ({ path, ...amount }));
  contributors.sort((a, b) => b.sizeBytes - a.sizeBytes || (a.path < b.path ? -1 : 1));
  return contributors;
}
