import { foldersAbove } from "../files/path.js";
import type { IgnoreFile, IgnorePattern } from "./ignore-file.js";
import type { FolderMatches, IgnoreMatcher } from "./ignore-matcher.js";
import type { Amount } from "./measure.js";
import type { ContextWalk, WalkedFile } from "./walk.js";

/** What one line of an ignore file does in a folder as it is. */
export interface LineEffect {
  readonly pattern: IgnorePattern;
  /** Files that it matches, themselves or through a folder above them. */
  readonly matched: Amount;
  /** Those of `matched` that it leaves out, or, as an exception, brings back: no later line decides otherwise. */
  readonly decided: Amount;
  /** It matches no file, but a folder that holds none. */
  readonly isEmptyFolder: boolean;
}

/** Counts of one line while files are gone through. */
interface Tally {
  matchedBytes: number;
  matchedFiles: number;
  decidedBytes: number;
  decidedFiles: number;
}

/**
 * What each line of an ignore file matches, in order. Where the walk is a lower bound, so are the amounts.
 *
 * @param walk everything there is, made with the matcher of `file`
 */
export function lineEffects(file: IgnoreFile, walk: ContextWalk): readonly LineEffect[] {
  const { matcher } = file;
  const tallies = matcher.patterns.map(
    (): Tally => ({ matchedBytes: 0, matchedFiles: 0, decidedBytes: 0, decidedFiles: 0 }),
  );
  const folders = new FolderStack(matcher);
  for (const each of walk.files)
    count(each, walk.sizeBytes(each), folders.of(foldersAbove(each.path)), matcher, tallies);
  return matcher.patterns.map((pattern, index) => {
    const { matchedBytes = 0, matchedFiles = 0, decidedBytes = 0, decidedFiles = 0 } = tallies[index] ?? {};
    return {
      pattern,
      matched: { sizeBytes: matchedBytes, files: matchedFiles },
      decided: { sizeBytes: decidedBytes, files: decidedFiles },
      isEmptyFolder: matchedFiles === 0 && walk.folders.some((folder) => pattern.matches(folder)),
    };
  });
}

function count(
  file: WalkedFile,
  sizeBytes: number,
  above: FolderMatches | undefined,
  { patterns }: IgnoreMatcher<IgnorePattern>,
  tallies: readonly Tally[],
): void {
  let isLeftOut = false;
  for (let index = 0; index < patterns.length; index += 1) {
    const pattern = patterns[index];
    const tally = tallies[index];
    if (pattern === undefined || tally === undefined) continue;
    if (above?.matches[index] !== 1 && !pattern.matches(file.path)) continue;
    tally.matchedFiles += 1;
    tally.matchedBytes += sizeBytes;
    // An exception from nothing decides nothing.
    const isNeeded = !pattern.isException || isLeftOut;
    isLeftOut = !pattern.isException;
    if (file.decidedBy !== index || !isNeeded) continue;
    tally.decidedFiles += 1;
    tally.decidedBytes += sizeBytes;
  }
}

/** Matches of the folders on the way to the file that is looked at; a walk goes folder by folder. */
class FolderStack {
  readonly #matcher: IgnoreMatcher<IgnorePattern>;
  readonly #stack: FolderMatches[] = [];

  constructor(matcher: IgnoreMatcher<IgnorePattern>) {
    this.#matcher = matcher;
  }

  /** @param folders widest first; without any, the answer is that of the context itself */
  of(folders: readonly string[]): FolderMatches | undefined {
    let shared = 0;
    while (shared < folders.length && this.#stack[shared]?.path === folders[shared]) shared += 1;
    this.#stack.length = Math.min(shared, this.#stack.length);
    for (const folder of folders.slice(shared)) this.#stack.push(this.#matcher.enter(folder, this.#stack.at(-1)));
    return this.#stack.at(-1);
  }
}
