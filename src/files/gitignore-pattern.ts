import {
  ANY_ONCE,
  ANY_RUN,
  type CodePointRange,
  FOLDERS,
  literal,
  NAME_CHARACTER_ONCE,
  NAME_RUN,
  NAMED_CLASSES,
  PathPattern,
  type PatternItem,
  type WorkMeter,
} from "./path-pattern.js";

/** One line of a `.gitignore`, ready to match paths relative to the folder of that file. */
export interface GitignoreRule {
  readonly pattern: PathPattern;
  /** Written with `!`: what matches is not ignored after all. */
  readonly isException: boolean;
  /** Written with a slash at its end: matches folders only. */
  readonly isFolderOnly: boolean;
}

/**
 * Compiles one line without its LF; its work counts on `meter`.
 *
 * @returns undefined for comments, blank lines, and patterns that can match nothing (an unclosed class)
 * @see https://git-scm.com/docs/gitignore#_pattern_format
 */
export function compileGitignorePattern(line: string, meter: WorkMeter): GitignoreRule | undefined {
  if (line.length > LONGEST_PATTERN) return undefined;
  let text = withoutTrailingBlanks(line.endsWith("\r") ? line.slice(0, -1) : line);
  if (text === "" || text.startsWith("#")) return undefined;
  const isException = text.startsWith("!");
  if (isException) text = text.slice(1);
  const isFolderOnly = text.endsWith("/");
  if (isFolderOnly) text = text.slice(0, -1);
  // A slash at the start or inside ties the pattern to the folder of the file.
  const isAnchored = text.includes("/");
  if (text.startsWith("/")) text = text.slice(1);
  if (text === "") return undefined;
  const items = parse(text, isAnchored);
  if (items === undefined) return undefined;
  return { pattern: new PathPattern(isAnchored ? items : [FOLDERS, ...items], meter), isException, isFolderOnly };
}

/** No path is longer, so a longer pattern is a trick. */
const LONGEST_PATTERN = 4096;

/** Blanks at the end do not count, unless a backslash stands before them. */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && line[end - 1] === " " && !isEscaped(line, end - 1)) end -= 1;
  return line.slice(0, end);
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0;
  while (text[index - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}

function parse(text: string, isAnchored: boolean): PatternItem[] | undefined {
  const items: PatternItem[] = [];
  for (let index = 0; index < text.length; ) {
    const character = text[index];
    if (character === "*") {
      const stars = starsAt(text, index, isAnchored);
      items.push(...stars.items);
      index = stars.end;
    } else if (character === "?") {
      items.push(NAME_CHARACTER_ONCE);
      index += 1;
    } else if (character === "[") {
      const group = classAt(text, index);
      if (group === undefined) return undefined;
      items.push(group.item);
      index = group.end;
    } else {
      if (character === "\\") index += 1;
      const codePoint = text.codePointAt(index);
      if (codePoint === undefined) return undefined;
      items.push(literal(codePoint));
      index += codePoint > 0xffff ? 2 : 1;
    }
  }
  return items;
}

/** Two stars (or more) mean folders only between slashes (or the ends) of a pattern that has one; elsewhere it is `*`. */
function starsAt(
  text: string,
  start: number,
  isAnchored: boolean,
): { readonly items: PatternItem[]; readonly end: number } {
  let end = start;
  while (text[end] === "*") end += 1;
  const isWhole = (start === 0 || text[start - 1] === "/") && (end === text.length || text[end] === "/");
  if (end - start < 2 || !isWhole || !isAnchored) return { items: [NAME_RUN], end };
  if (end < text.length) return { items: [FOLDERS], end: end + 1 };
  return { items: [ANY_ONCE, ANY_RUN], end };
}

function classAt(text: string, start: number): { readonly item: PatternItem; readonly end: number } | undefined {
  let index = start + 1;
  const isNegated = text[index] === "!" || text[index] === "^";
  if (isNegated) index += 1;
  const ranges: CodePointRange[] = [];
  for (let isFirst = true; isFirst || text[index] !== "]"; isFirst = false) {
    const named = namedClassAt(text, index);
    if (named !== undefined) {
      ranges.push(...named.ranges);
      index = named.end;
      continue;
    }
    const first = classCharacterAt(text, index);
    if (first === undefined) return undefined;
    index = first.end;
    const isRange = text[index] === "-" && text[index + 1] !== "]" && index + 1 < text.length;
    const last = isRange ? classCharacterAt(text, index + 1) : first;
    if (last === undefined) return undefined;
    if (isRange) index = last.end;
    ranges.push([first.codePoint, last.codePoint]);
  }
  const matches = {
    kind: "class",
    isNegated,
    ranges: isNegated ? [...ranges, SLASH_RANGE] : withoutSlash(ranges),
  } as const;
  return { item: { matches, repeats: false }, end: index + 1 };
}

/** No class matches a slash. */
const SLASH_RANGE: CodePointRange = [47, 47];

function withoutSlash(ranges: readonly CodePointRange[]): CodePointRange[] {
  return ranges.flatMap(([first, last]): CodePointRange[] => {
    if (first > 47 || last < 47) return [[first, last]];
    return [
      [first, 46],
      [48, last],
    ];
  });
}

function namedClassAt(
  text: string,
  index: number,
): { readonly ranges: readonly CodePointRange[]; readonly end: number } | undefined {
  if (!text.startsWith("[:", index)) return undefined;
  const end = text.indexOf(":]", index + 2);
  const ranges = end === -1 ? undefined : NAMED_CLASSES.get(text.slice(index + 2, end));
  return ranges === undefined ? undefined : { ranges, end: end + 2 };
}

function classCharacterAt(
  text: string,
  index: number,
): { readonly codePoint: number; readonly end: number } | undefined {
  const at = text[index] === "\\" ? index + 1 : index;
  const codePoint = text.codePointAt(at);
  return codePoint === undefined ? undefined : { codePoint, end: at + (codePoint > 0xffff ? 2 : 1) };
}
