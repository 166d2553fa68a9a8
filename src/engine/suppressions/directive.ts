import type { Tool } from "../../data/tools.js";

/** Whose spelling a comment uses; dialects of tools silence only findings that bear an alias of that tool. */
export type Dialect = "plimsoll" | Exclude<Tool, "compose-lint" | "dockle">;

/**
 * What a comment silences:
 * - `file`: the whole file
 * - `target`: the next instruction or line for a comment on a line of its own, else its own line
 * - `line`: its own line
 * - `block`: as `target`, with everything that belongs to it (a stage for FROM, the nested lines in YAML)
 * - `list`: as `target`, with the entries of `ports` and `depends_on` where it is the line of that key
 */
export type DirectiveScope = "file" | "target" | "line" | "block" | "list";

/** A name in a comment; offsets are relative to the comment. */
export interface DirectiveName {
  readonly text: string;
  readonly start: number;
}

/** What one comment says in one dialect. */
export interface Directive {
  readonly dialect: Dialect;
  readonly scope: DirectiveScope;
  /** Rules to silence; with `everything`, all findings of the dialect's tool. */
  readonly names: readonly DirectiveName[];
  readonly everything: boolean;
  readonly reason: string | undefined;
}

/** A comment that means to silence something and does not say it right. */
export interface Malformed {
  /** What is wrong; then `;` and how to mend it. */
  readonly message: string;
}

/** What a dialect makes of a comment: nothing when it is not addressed. */
export type Reading =
  | { readonly kind: "directive"; readonly directive: Directive }
  | { readonly kind: "malformed"; readonly malformed: Malformed };

/** Reads a comment (from its `#`, without line break) in one dialect; undefined when it is not addressed. */
export type DialectReader = (comment: string) => Reading | undefined;

/** Splits a list of names at commas and blanks; offsets are relative to the text that `offset` is counted in. */
export function namesIn(text: string, offset: number, separators: RegExp = /[,\s]+/g): readonly DirectiveName[] {
  const names: DirectiveName[] = [];
  let start = 0;
  const add = (end: number): void => {
    const part = text.slice(start, end);
    const name = part.trim();
    if (name !== "") names.push({ text: name, start: offset + start + part.indexOf(name) });
  };
  for (const { index, 0: separator } of text.matchAll(separators)) {
    add(index);
    start = index + separator.length;
  }
  add(text.length);
  return names;
}

/** A reason without what introduces it; undefined when nothing is left. */
export function reasonIn(text: string): string | undefined {
  const reason = text.replace(/^[\s#:;,]*(?:--+)?[\s:]*/, "").trim();
  return reason === "" ? undefined : reason;
}

/**
 * Wraps what is wrong with a comment.
 *
 * @param message what is wrong; then `;` and how to mend it
 */
export function malformed(message: string): Reading {
  return { kind: "malformed", malformed: { message } };
}

/** Wraps a directive. */
export function directive(parts: Directive): Reading {
  return { kind: "directive", directive: parts };
}
