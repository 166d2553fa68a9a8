import type { Span } from "../text/source.js";

/** A user or group as written: a number, a name, or both at once (a name never starts as a number for the engine). */
export interface Account {
  readonly text: string;
  /** The number when the text is all digits; undefined for a name. */
  readonly id: number | undefined;
  /** 0-based, into the text given to the parser. */
  readonly span: Span;
}

/** `user[:group]` as `USER`, `--chown` and Compose `user:` take it. */
export interface UserSpec {
  readonly kind: "user";
  readonly user: Account;
  /** Absent when there is no colon, or nothing behind it. */
  readonly group: Account | undefined;
}

/** A text that is no `user[:group]`; `span` (0-based) marks the wrong part. */
export interface MalformedUserSpec {
  readonly kind: "malformed";
  readonly problem: "empty" | "empty-user" | "blank" | "too-many-parts" | "out-of-range";
  readonly span: Span;
}

const DIGITS = /^[0-9]+$/;
const BLANK = /\s/;

/** Largest id that engines accept (a signed 32-bit number). */
const LARGEST_ID = 0x7fff_ffff;

/**
 * Splits `user[:group]`. Expands no variables; a `$` is part of a name.
 *
 * @see https://github.com/moby/sys/blob/user/v0.3.0/user/user.go (GetExecUser)
 */
export function parseUserSpec(text: string): UserSpec | MalformedUserSpec {
  if (text === "") return { kind: "malformed", problem: "empty", span: { start: 0, end: 0 } };
  const blank = text.search(BLANK);
  if (blank !== -1) return { kind: "malformed", problem: "blank", span: { start: blank, end: blank + 1 } };
  const colon = text.indexOf(":");
  if (colon === 0) return { kind: "malformed", problem: "empty-user", span: { start: 0, end: 1 } };
  const second = colon === -1 ? -1 : text.indexOf(":", colon + 1);
  if (second !== -1) return { kind: "malformed", problem: "too-many-parts", span: { start: second, end: text.length } };

  const user = account(text, 0, colon === -1 ? text.length : colon);
  const group = colon === -1 || colon + 1 === text.length ? undefined : account(text, colon + 1, text.length);
  for (const part of [user, group]) {
    if (part?.id !== undefined && part.id > LARGEST_ID) {
      return { kind: "malformed", problem: "out-of-range", span: part.span };
    }
  }
  return { kind: "user", user, group };
}

/** Whether the account is root: the name `root` or the number 0 (also `00`). */
export function isRoot(account: Account): boolean {
  return account.id === 0 || account.text === "root";
}

function account(text: string, start: number, end: number): Account {
  const part = text.slice(start, end);
  return { text: part, id: DIGITS.test(part) ? Number(part) : undefined, span: { start, end } };
}
