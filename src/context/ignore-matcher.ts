import { foldersAbove } from "../files/path.js";
import type { WorkMeter } from "../files/path-pattern.js";
import type { CompiledPattern } from "./ignore-pattern.js";

/** The answer for one path: whether it is left out, and the pattern that decided (absent when none matched). */
export interface IgnoreVerdict<P extends CompiledPattern = CompiledPattern> {
  readonly isIgnored: boolean;
  readonly pattern: P | undefined;
}

/** Places of patterns by how they are compared. */
interface Split {
  /** The last place of each path. */
  readonly exact: ReadonlyMap<string, number>;
  /** Places of all others, ascending. */
  readonly others: readonly number[];
}

/** Which patterns match a folder or one above it; made by {@link IgnoreMatcher.enter} on the way down. */
export interface FolderMatches {
  readonly path: string;
  /** One byte per pattern: 1 when it matches. */
  readonly matches: Uint8Array;
}

/**
 * An ordered list of patterns. The last one that matches a path or any folder above it decides; an exception can bring
 * a path back below an ignored folder. Paths are relative to the context, cleaned, with `/`; case counts.
 *
 * @see https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go (MatchesOrParentMatches)
 */
export class IgnoreMatcher<P extends CompiledPattern = CompiledPattern> {
  readonly patterns: readonly P[];
  /** Whether any pattern starts with `!`. */
  readonly hasExceptions: boolean;
  readonly #meters: ReadonlySet<WorkMeter>;
  #known: Split | undefined;

  constructor(patterns: readonly P[]) {
    this.patterns = patterns;
    this.hasExceptions = patterns.some((pattern) => pattern.isException);
    this.#meters = new Set(patterns.map((pattern) => pattern.meter));
  }

  /** Work done by all patterns so far, for callers with a budget. */
  get steps(): number {
    let steps = 0;
    for (const meter of this.#meters) steps += meter.steps;
    return steps;
  }

  /** Whether the path is left out of the context. The context itself (`.` or empty) never is. */
  ignores(path: string): boolean {
    return this.verdict(path).isIgnored;
  }

  /** Whether the path is left out, and by which line. */
  verdict(path: string): IgnoreVerdict<P> {
    if (path === "" || path === ".") return { isIgnored: false, pattern: undefined };
    const folders = foldersAbove(path);
    const { exact, others } = this.#split();
    let last = exact.get(path) ?? -1;
    for (const folder of folders) last = Math.max(last, exact.get(folder) ?? -1);
    // From the end: the first that matches is the last word.
    for (let at = others.length - 1; at >= 0; at -= 1) {
      const index = others[at] ?? -1;
      if (index < last) break;
      const pattern = this.patterns[index];
      if (pattern === undefined) continue;
      if (pattern.matches(path) || folders.some((folder) => pattern.matches(folder))) {
        last = index;
        break;
      }
    }
    const pattern = this.patterns[last];
    return { isIgnored: pattern?.isException === false, pattern };
  }

  /** Patterns that are a path are looked up, so that a long list of them is no slower than a short one. */
  #split(): Split {
    if (this.#known === undefined) {
      const exact = new Map<string, number>();
      const others: number[] = [];
      for (const [index, { form, cleaned }] of this.patterns.entries()) {
        if (form === "exact") exact.set(cleaned, index);
        else others.push(index);
      }
      this.#known = { exact, others };
    }
    return this.#known;
  }

  /** State for a walk: the patterns that match `path` or a folder above it. @param parent undefined at the context root */
  enter(path: string, parent: FolderMatches | undefined): FolderMatches {
    const matches = new Uint8Array(this.patterns.length);
    for (const [index, pattern] of this.patterns.entries()) {
      if (parent?.matches[index] === 1 || pattern.matches(path)) matches[index] = 1;
    }
    return { path, matches };
  }

  /** As {@link IgnoreMatcher.verdict} for a path directly in a folder that was entered; cheaper. */
  verdictIn(parent: FolderMatches | undefined, path: string): IgnoreVerdict<P> {
    for (let index = this.patterns.length - 1; index >= 0; index -= 1) {
      const pattern = this.patterns[index];
      if (pattern !== undefined && (parent?.matches[index] === 1 || pattern.matches(path))) {
        return { isIgnored: !pattern.isException, pattern };
      }
    }
    return { isIgnored: false, pattern: undefined };
  }

  /**
   * Whether anything below a folder may be sent although the folder is ignored. When false, the folder need not be
   * entered; true is not a promise that such a path exists.
   */
  mayReincludeBelow(folder: string): boolean {
    if (!this.hasExceptions) return false;
    const decided = this.verdict(folder).pattern;
    if (decided?.isException !== false) return true;
    // An exception before the deciding line never has the last word below it.
    const from = this.patterns.indexOf(decided) + 1;
    return this.patterns.slice(from).some((pattern) => pattern.isException && mayMatchBelow(pattern, folder));
  }
}

const FIRST_META = /[*?[\]\\^]/;

/** Whether a pattern may match a path strictly below a folder; errs on the side of true. */
export function mayMatchBelow({ cleaned, form }: CompiledPattern, folder: string): boolean {
  const below = `${folder}/`;
  if (form === "exact") return cleaned.startsWith(below);
  const meta = cleaned.search(FIRST_META);
  const head = meta === -1 ? cleaned : cleaned.slice(0, meta);
  if (!head.startsWith(below) && !below.startsWith(head)) return false;
  if (cleaned.includes("**") || cleaned.includes("[") || cleaned.includes("\\")) return true;
  // Without `**` and classes a wildcard stays in its path element, so the depth is known.
  return depthOf(cleaned) > depthOf(folder);
}

function depthOf(path: string): number {
  return path.split("/").length;
}
