import {
  ANY_RUN,
  type CodePointRange,
  FOLDERS,
  literal,
  NAME_CHARACTER_ONCE,
  NAME_RUN,
  PathPattern,
  type PatternItem,
} from "../files/path-pattern.js";
import type { Span } from "../text/source.js";

/** A glob ready to match, or the part of it (0-based) that Go's `path.Match` refuses. */
export type GlobResult =
  | { readonly kind: "glob"; readonly pattern: PathPattern }
  | { readonly kind: "malformed"; readonly problem: GlobProblem; readonly span: Span };

/** `class`: a `[` that is not closed, empty, or has a hyphen out of place; `escape`: a backslash at the end. */
export type GlobProblem = "class" | "escape";

/** Which language a glob is written in. */
export interface GlobOptions {
  /** `**` as a whole path element stands for any number of folders. Go's `path.Match` knows no such thing. */
  readonly hasFolders?: boolean;
}

const META = /[*?[\\]/;

/** Whether a text holds a character that `path.Match` does not take literally. */
export function hasGlobMeta(text: string): boolean {
  return META.test(text);
}

/**
 * Compiles a glob as Go's `path.Match` reads it: `*` and `?` stop at slashes, `[a-z]` and `[^a]` are classes (which may
 * match a slash), a backslash makes the next character literal. Case-sensitive; there are no braces.
 *
 * @see https://pkg.go.dev/path#Match
 */
export function compileGlob(text: string, options: GlobOptions = {}): GlobResult {
  const items: PatternItem[] = [];
  for (let index = 0; index < text.length; ) {
    const character = text[index];
    if (character === "*") {
      const stars = options.hasFolders === true ? foldersAt(text, index) : undefined;
      items.push(stars?.item ?? NAME_RUN);
      index = stars?.end ?? index + 1;
      continue;
    }
    if (character === "?") {
      items.push(NAME_CHARACTER_ONCE);
      index += 1;
      continue;
    }
    if (character === "[") {
      const group = parseGlobClass(text, index);
      if (group === undefined) return { kind: "malformed", problem: "class", span: { start: index, end: text.length } };
      const { isNegated, ranges, end } = group;
      items.push({ matches: { kind: "class", isNegated, ranges }, repeats: false });
      index = end;
      continue;
    }
    if (character === "\\") index += 1;
    const codePoint = text.codePointAt(index);
    if (codePoint === undefined)
      return { kind: "malformed", problem: "escape", span: { start: index - 1, end: index } };
    items.push(literal(codePoint));
    index += codePoint > 0xffff ? 2 : 1;
  }
  return { kind: "glob", pattern: new PathPattern(items) };
}

/** Whether `path` matches `glob`; a malformed glob matches nothing. Compile once to match often. */
export function matchesGlob(glob: string, path: string, options: GlobOptions = {}): boolean {
  const compiled = compileGlob(glob, options);
  return compiled.kind === "glob" && compiled.pattern.matches(path);
}

/** The first part of a text that `path.Match` refuses; undefined when it is a pattern. */
export function findGlobProblem(text: string): { readonly problem: GlobProblem; readonly span: Span } | undefined {
  if (!META.test(text)) return undefined;
  const compiled = compileGlob(text);
  return compiled.kind === "glob" ? undefined : { problem: compiled.problem, span: compiled.span };
}

/**
 * Reads the class that starts at the `[` at `start`.
 *
 * @returns undefined when it is malformed; `end` is the offset behind the closing bracket
 */
export function parseGlobClass(
  text: string,
  start: number,
): { readonly isNegated: boolean; readonly ranges: readonly CodePointRange[]; readonly end: number } | undefined {
  let index = start + 1;
  const isNegated = text[index] === "^";
  if (isNegated) index += 1;
  const ranges: CodePointRange[] = [];
  while (text[index] !== "]" || ranges.length === 0) {
    const first = classCharacter(text, index);
    if (first === undefined) return undefined;
    index = first.end;
    if (text[index] !== "-") {
      ranges.push([first.codePoint, first.codePoint]);
      continue;
    }
    const last = classCharacter(text, index + 1);
    if (last === undefined) return undefined;
    index = last.end;
    ranges.push([first.codePoint, last.codePoint]);
  }
  return { isNegated, ranges, end: index + 1 };
}

/** A hyphen or closing bracket needs a backslash, and a class never ends with the text. */
function classCharacter(text: string, index: number): { readonly codePoint: number; readonly end: number } | undefined {
  if (text[index] === "-" || text[index] === "]") return undefined;
  const at = text[index] === "\\" ? index + 1 : index;
  const codePoint = text.codePointAt(at);
  if (codePoint === undefined) return undefined;
  const end = at + (codePoint > 0xffff ? 2 : 1);
  return end < text.length ? { codePoint, end } : undefined;
}

function foldersAt(text: string, start: number): { readonly item: PatternItem; readonly end: number } | undefined {
  if (text[start + 1] !== "*" || (start > 0 && text[start - 1] !== "/")) return undefined;
  if (start + 2 === text.length) return { item: ANY_RUN, end: start + 2 };
  return text[start + 2] === "/" ? { item: FOLDERS, end: start + 3 } : undefined;
}
