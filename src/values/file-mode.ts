import type { Span } from "../text/source.js";

/** Permissions as `chmod`, `--chmod` and Compose `mode:` take them. */
export type FileMode =
  | {
      readonly kind: "octal";
      /** 0 to 0o7777. */
      readonly bits: number;
    }
  | { readonly kind: "symbolic"; readonly clauses: readonly ModeClause[] };

/** One `who operator permissions` of a symbolic mode, such as `g+rwX` or `u=g`. */
export interface ModeClause {
  /** Letters of `ugo` that are meant; `a` and none both give all three. */
  readonly who: string;
  readonly operator: "+" | "-" | "=";
  /** Letters of `rwxXst`, or one of `ugo` to copy from. */
  readonly permissions: string;
}

/** A text that is no mode. `span` is 0-based into the text. */
export interface MalformedFileMode {
  readonly kind: "malformed";
  readonly problem: "empty" | "out-of-range" | "not-a-mode";
  readonly span: Span;
}

const OCTAL = /^(?:0o)?[0-7]+$/;
const DIGITS = /^[0-9]+$/;
const CLAUSE = /([ugoa]*)((?:[+=-](?:[rwxXst]+|[ugo])?)+)(,|$)/y;
const ACTION = /([+=-])([rwxXst]+|[ugo])?/g;

/**
 * Reads an octal (`755`, `0755`, `0o755`, `4755`) or symbolic mode (`u=rwX,go-w`). Expands no variables.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/chmod.html
 */
export function parseFileMode(text: string): FileMode | MalformedFileMode {
  const span = { start: 0, end: text.length };
  if (text === "") return { kind: "malformed", problem: "empty", span };
  if (OCTAL.test(text)) {
    const bits = Number.parseInt(text.replace("0o", ""), 8);
    return bits > 0o7777 ? { kind: "malformed", problem: "out-of-range", span } : { kind: "octal", bits };
  }
  if (DIGITS.test(text)) return { kind: "malformed", problem: "out-of-range", span };
  const clauses = readClauses(text);
  return clauses === undefined ? { kind: "malformed", problem: "not-a-mode", span } : { kind: "symbolic", clauses };
}

/** Whether the mode lets everybody write. */
export function grantsOthersWrite(mode: FileMode): boolean {
  if (mode.kind === "octal") return (mode.bits & 0o002) !== 0;
  return mode.clauses.some(
    ({ who, operator, permissions }) => grants(operator) && who.includes("o") && permissions.includes("w"),
  );
}

/** Whether the mode sets the set-user-id or set-group-id bit. */
export function grantsSetId(mode: FileMode): boolean {
  if (mode.kind === "octal") return (mode.bits & 0o6000) !== 0;
  return mode.clauses.some(({ who, operator, permissions }) => {
    return grants(operator) && /[ug]/.test(who) && permissions.includes("s");
  });
}

/**
 * Whether the owner (`u`), group (`g`) or others (`o`) may execute after the mode was set; undefined when that depends
 * on the mode before.
 */
export function allowsExecute(mode: FileMode, who: "u" | "g" | "o"): boolean | undefined {
  if (mode.kind === "octal") return (mode.bits & { u: 0o100, g: 0o010, o: 0o001 }[who]) !== 0;
  let allowed: boolean | undefined;
  for (const clause of mode.clauses) {
    if (!clause.who.includes(who)) continue;
    if (clause.permissions.includes("x")) allowed = grants(clause.operator);
    else if (clause.operator === "=") allowed = /[Xugo]/.test(clause.permissions) ? undefined : false;
    else if (clause.operator === "+" && /[Xugo]/.test(clause.permissions) && allowed !== true) allowed = undefined;
  }
  return allowed;
}

function grants(operator: ModeClause["operator"]): boolean {
  return operator !== "-";
}

function readClauses(text: string): ModeClause[] | undefined {
  const clauses: ModeClause[] = [];
  for (let position = 0; position < text.length; ) {
    CLAUSE.lastIndex = position;
    const match = CLAUSE.exec(text);
    if (match === null) return undefined;
    const [whole, who = "", actions = "", end] = match;
    const meant = who === "" || who.includes("a") ? "ugo" : who;
    for (const [, operator, permissions = ""] of actions.matchAll(ACTION)) {
      if (operator === "+" || operator === "-" || operator === "=") clauses.push({ who: meant, operator, permissions });
    }
    position += whole.length;
    if (end === "," && position === text.length) return undefined;
  }
  return clauses;
}
