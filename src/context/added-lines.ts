import { Source } from "../text/source.js";
import { IgnoreFile } from "./ignore-file.js";

/** Lines that go together under one comment. */
export interface LineGroup {
  /** Without `#`. */
  readonly title: string;
  readonly lines: readonly string[];
}

/** Where new lines go, and the text that is inserted there. */
export interface AddedLines {
  /** 0-based offset. */
  readonly offset: number;
  readonly text: string;
}

/** Each is tried against each: nobody writes more by hand. */
const MOST_EXCEPTIONS = 500;

/**
 * Places new lines in an ignore file: at its end, or in front of the exceptions at its end when these would lose their
 * effect otherwise.
 *
 * @param paths what has to be ignored with the new lines
 * @returns undefined when neither place keeps all exceptions and ignores all paths
 */
export function addLines(
  file: IgnoreFile,
  groups: readonly LineGroup[],
  paths: readonly string[],
): AddedLines | undefined {
  const { source } = file;
  const { text } = source;
  if (file.patterns.filter(({ isException }) => isException).length > MOST_EXCEPTIONS) return undefined;
  const lineBreak = source.lineBreak;
  const block = textOfGroups(groups, lineBreak);
  const places = [text.length, startOfTrailingExceptions(file)];
  for (const offset of places) {
    if (offset === undefined) continue;
    const needsBreak = offset > 0 && text[offset - 1] !== "\n";
    const isBlankBefore = offset === 0 || text.slice(0, offset).endsWith(`${lineBreak}${lineBreak}`);
    const before = `${needsBreak ? lineBreak : ""}${isBlankBefore ? "" : lineBreak}`;
    const inserted = `${before}${block}${offset < text.length ? lineBreak : ""}`;
    const changed = new IgnoreFile(new Source(source.path, text.slice(0, offset) + inserted + text.slice(offset)));
    if (paths.every((path) => changed.ignores(path)) && keepsExceptions(file, changed))
      return { offset, text: inserted };
  }
  return undefined;
}

/** The text of a new ignore file. */
export function textOfGroups(groups: readonly LineGroup[], lineBreak = "\n"): string {
  return groups
    .map(({ title, lines }) => [`# ${title}`, ...lines].map((line) => `${line}${lineBreak}`).join(""))
    .join(lineBreak);
}

function startOfTrailingExceptions({ patterns }: IgnoreFile): number | undefined {
  let first: number | undefined;
  for (const { isException, range } of patterns.toReversed()) {
    if (!isException) break;
    first = range.start;
  }
  return first;
}

/** Whether what exceptions let through comes through still; files below a folder that one brings back may go. */
function keepsExceptions(before: IgnoreFile, after: IgnoreFile): boolean {
  for (const { isException, cleaned } of before.patterns) {
    if (!isException) continue;
    const example = cleaned.replaceAll("**/", "").replaceAll(/[*?]+/g, "x");
    if (!before.ignores(example) && after.ignores(example)) return false;
  }
  return true;
}
