import { hasGlobMeta } from "../values/glob.js";
import type { IgnorePattern } from "./ignore-file.js";

/** What a line of an ignore file holds that means something else there than its author thought. */
export interface IgnoreTypo {
  /** `start` marks a `^` at the beginning, `end` a `$`, `escape` a `\d` or `\w`, `alternatives` a `(a|b)`. */
  readonly kind:
    | "comment"
    | "parent"
    | "home"
    | "drive"
    | "braces"
    | "alternatives"
    | "start"
    | "end"
    | "escape"
    | "quotes";
  /** 0-based code units of {@link IgnorePattern.written}, end exclusive. */
  readonly start: number;
  readonly end: number;
}

/** Comments behind a pattern, paths of the machine, and pieces of other pattern languages; at most one per line. */
export function typoOf({ written }: IgnorePattern): IgnoreTypo | undefined {
  const body = written.startsWith("!") ? 1 : 0;
  const comment = commentAt(written, body);
  if (comment !== undefined) return { kind: "comment", start: comment, end: written.length };
  const text = written.slice(body);
  for (const { kind, expression } of OUTSIDE) {
    const match = expression.exec(text);
    if (match !== null) return { kind, start: body, end: body + match[0].length };
  }
  for (const { kind, expression } of FOREIGN) {
    const match = expression.exec(text);
    if (match !== null) return { kind, start: body + match.index, end: body + match.index + match[0].length };
  }
  return undefined;
}

/** Where a `#` begins that was meant as a comment: at the start of an indented line, or behind a blank. */
function commentAt(written: string, body: number): number | undefined {
  if (written.charAt(body) === "#") return body;
  const blank = /[ \t]#/.exec(written);
  return blank === null ? undefined : blank.index + 1;
}

const OUTSIDE = [
  { kind: "parent", expression: /^\.\.(?:\/|$)/ },
  { kind: "home", expression: /^(?:~|\$HOME|\$\{HOME\})\// },
  { kind: "drive", expression: /^[A-Za-z]:[\\/]/ },
] as const;

const FOREIGN = [
  { kind: "braces", expression: /\{[^{}]*,[^{}]*\}/ },
  { kind: "alternatives", expression: /\([^()|]*(?:\|[^()|]*)+\)/ },
  { kind: "escape", expression: /\\[dswDSW]|\.[*+]\\\./ },
  { kind: "start", expression: /^\^/ },
  { kind: "end", expression: /(?<=.)\$$/ },
  { kind: "quotes", expression: /^(["']).*\1$/ },
] as const;

/** The lines that a pattern with one group of braces stands for, in order; undefined for nested or several groups. */
export function withoutBraces(written: string): readonly string[] | undefined {
  const match = /^([^{}]*)\{([^{}]*)\}([^{}]*)$/.exec(written);
  if (match === null) return undefined;
  const [, before = "", inner = "", after = ""] = match;
  return inner.split(",").map((part) => before + part.trim() + after);
}

/** A pattern that is a plain path, without what makes it match in every folder; undefined when it has other wildcards. */
export function plainPathOf({ cleaned }: IgnorePattern): string | undefined {
  const path = cleaned.startsWith("**/") ? cleaned.slice(3) : cleaned;
  return hasGlobMeta(path) ? undefined : path;
}
