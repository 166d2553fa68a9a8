import type { Span } from "../text/source.js";
import { secretName } from "./secret-name.js";
import { endOfSecret, findTokens } from "./secret-token.js";
import { findAuthorizationHeaders, findUrlCredentials } from "./secret-url.js";
import { SECRET_MASK } from "./secret-value.js";
import { judgeSecret } from "./secret-verdict.js";

/**
 * Finds what looks like the value of a secret in any text, whatever its format: known token formats, credentials in URLs
 * and headers, and literals given to a name that means a secret (`NAME=x`, `NAME: x`, `ENV NAME x`, `--name x`).
 * This is for hiding, not for judging: what no rule reports is hidden too, and a little too much is hidden rather than
 * too little. What was found once is found wherever it stands again.
 *
 * @param known texts of secrets that are known from elsewhere
 * @returns in order, without overlaps, 0-based UTF-16 offsets
 */
export function secretSpans(text: string, known: Iterable<string> = []): readonly Span[] {
  const found = credentialSpans(text);
  addBroken(text, found);
  addNamed(text, found);
  const texts = new Set(known);
  for (const { start, end } of found) texts.add(text.slice(start, end));
  addRepeated(text, texts, found);
  return joined(found);
}

/** A piece of a file with the mask in the place of everything that looks like a secret; line breaks stay. */
export function maskSecrets(text: string, known: Iterable<string> = []): string {
  return maskSpans(text, secretSpans(text, known));
}

/**
 * A message with the mask in the place of secrets that it repeats. In prose only formats and texts that are known count:
 * a name before a colon means nothing there.
 *
 * @param known texts of secrets; one that is a plain word counts only as the value of something (`NAME=word`)
 */
export function maskMessage(message: string, known: Iterable<string> = []): string {
  let shown = maskSpans(message, joined(credentialSpans(message)));
  for (const secret of known) {
    if (!shown.includes(secret)) continue;
    if (isTelling(secret)) shown = shown.replaceAll(secret, SECRET_MASK);
    else for (const before of ["=", ":", ": "]) shown = shown.replaceAll(before + secret, before + SECRET_MASK);
  }
  return shown;
}

/** Texts that are looked for again: a file that holds more is a list of secrets, and each stands there once. */
const MOST_REPEATED = 100;

function addRepeated(text: string, secrets: Iterable<string>, found: Span[]): void {
  const telling = [...secrets].filter((secret) => isTelling(secret)).slice(0, MOST_REPEATED);
  for (const secret of telling) {
    for (let at = text.indexOf(secret); at !== -1; at = text.indexOf(secret, at + secret.length)) {
      found.push({ start: at, end: at + secret.length });
    }
  }
}

/** Whether a text is found nowhere by accident: it is long enough, and more than one lower-case word. */
function isTelling(secret: string): boolean {
  return secret.length >= 6 && !/^[a-z]+$/.test(secret);
}

function maskSpans(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let result = "";
  let position = 0;
  for (const { start, end } of spans) {
    result += text.slice(position, start) + text.slice(start, end).replace(/[^\r\n]+/g, SECRET_MASK);
    position = end;
  }
  return result + text.slice(position);
}

function credentialSpans(text: string): Span[] {
  const found: Span[] = findTokens(text).map((token) => ({ start: token.start, end: endOfSecret(text, token) }));
  for (const { start, end } of [...findUrlCredentials(text), ...findAuthorizationHeaders(text)])
    found.push({ start, end });
  return found;
}

/** Where a line of a Dockerfile or of shell code goes on in the middle of a word. */
const BREAK = /[\w-][\\`]\r?\n(?=[\w-])/g;

/** A token is not longer, on either side of the break, in code units. */
const LONGEST_PART = 400;

/** No format of a token is shorter, in code units. */
const SHORTEST_TOKEN = 16;

/** Tokens that are broken once at the end of a line: both pieces, for each is most of a secret. */
function addBroken(text: string, found: Span[]): void {
  for (const { 0: written, index } of text.matchAll(BREAK)) {
    const gap = { start: index + 1, end: index + written.length };
    let start = gap.start;
    while (start > 0 && gap.start - start < LONGEST_PART && isPart(text.charCodeAt(start - 1))) start -= 1;
    let end = gap.end;
    while (end < text.length && end - gap.end < LONGEST_PART && isPart(text.charCodeAt(end))) end += 1;
    const before = gap.start - start;
    if (before + end - gap.end < SHORTEST_TOKEN) continue;
    for (const token of findTokens(text.slice(start, gap.start) + text.slice(gap.end, end))) {
      if (token.start < before) found.push({ start: start + token.start, end: start + Math.min(token.end, before) });
      if (token.end > before) {
        const from = Math.max(token.start, before) - before;
        found.push({ start: gap.end + from, end: gap.end + token.end - before });
      }
    }
  }
}

/** Letters, digits, `_`, `-` and `.`: what tokens are made of. */
function isPart(code: number): boolean {
  if (code >= 48 && code <= 57) return true;
  const letter = code | 32;
  return (letter >= 97 && letter <= 122) || code === 95 || code === 45 || code === 46;
}

interface Pattern {
  readonly pattern: RegExp;
  /** In lower case; a text that holds none of them has no match. */
  readonly marks: readonly string[];
}

// Not `/i`, which makes V8 look at every class in both cases.
// A name is tried at its beginning only, and every part is bounded, so that each pass is linear.

/** `NAME=`, `NAME: `, `"NAME": `, `${NAME:-`, `--name ` and `ENV NAME `; what follows is the value. */
const ASSIGNMENTS: readonly Pattern[] = [
  { pattern: /(?<![\w.])([A-Za-z_][\w.-]{1,100})["']?[ \t]{0,20}(?::[-=+?]|[=:])[ \t]{0,20}/g, marks: ["=", ":"] },
  { pattern: /(?<!\S)--?([A-Za-z][\w-]{2,60})[ \t]{1,20}/g, marks: ["-"] },
  // The same in a list: [serve, "--name", "value"]
  { pattern: /(?<![\w-])--?([A-Za-z][\w-]{2,60})["']?,[ \t]{0,20}/g, marks: [","] },
  {
    pattern:
      /^[ \t]*(?:[Oo][Nn][Bb][Uu][Ii][Ll][Dd][ \t]+)?(?:[Ee][Nn][Vv]|[Ll][Aa][Bb][Ee][Ll])[ \t]+([A-Za-z_][\w.-]{1,100})[ \t]+(?!=)/gm,
    marks: ["env", "label"],
  },
];
const VALUE = /"(?:[^"\\\n]|\\.){0,400}"|'[^'\n]{0,400}'|\S{1,400}/y;

/** What goes on to the end of the line, blanks and all: plain scalars of YAML, and the old form of ENV. */
const LINES: readonly Pattern[] = [
  {
    pattern: /^[ \t]*(?:-[ \t]+)?([A-Za-z_][\w.-]{1,100}):[ \t]+([^\s"'|>&*!{[][^\n\r]{0,4000})/dgm,
    marks: [": ", ":\t"],
  },
  { pattern: /^[ \t]*-[ \t]+([A-Za-z_][\w.-]{1,100})=([^\n\r]{1,4000})/dgm, marks: ["- ", "-\t"] },
  {
    pattern:
      /^[ \t]*(?:[Oo][Nn][Bb][Uu][Ii][Ll][Dd][ \t]+)?(?:[Ee][Nn][Vv]|[Ll][Aa][Bb][Ee][Ll])[ \t]+([A-Za-z_][\w.-]{1,100})[ \t]+([^\n\r=]{1,4000})/dgm,
    marks: ["env", "label"],
  },
];

/** A user with a password behind a colon, where commands take both in one word. */
const PAIRS: readonly Pattern[] = [
  { pattern: /(?<!\S)(?:-u|--user)[ =]["']?[^\s:"']{1,100}:([^\s"']{1,1000})/dg, marks: ["-u ", "-u=", "--user"] },
  {
    pattern: /\becho[ \t]{1,20}["']?[\w.-]{1,100}:([^\s"'|]{1,1000})["']?[ \t]{0,20}\|[ \t]{0,20}chpasswd/dg,
    marks: ["chpasswd"],
  },
];

function addNamed(text: string, found: Span[]): void {
  // Making an expression takes as long as a rule: most texts need none of them.
  const lower = text.toLowerCase();
  const fitting = (patterns: readonly Pattern[]): readonly RegExp[] =>
    patterns.flatMap(({ pattern, marks }) => (marks.some((mark) => lower.includes(mark)) ? [pattern] : []));
  for (const pattern of fitting(ASSIGNMENTS)) addAssigned(text, pattern, found);
  for (const pattern of fitting(LINES)) {
    for (const { 1: name = "", 2: line = "", indices } of text.matchAll(pattern))
      addValue(name, line, indices?.[2]?.[0], found);
  }
  for (const pattern of fitting(PAIRS)) {
    for (const { 1: value = "", indices } of text.matchAll(pattern))
      addValue("password", value, indices?.[1]?.[0], found);
  }
}

/** Looks at the value only behind a name that means something: most names do not. */
function addAssigned(text: string, pattern: RegExp, found: Span[]): void {
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const name = match[1] ?? "";
    if (secretName(name).kind === "none") continue;
    VALUE.lastIndex = pattern.lastIndex;
    const value = VALUE.exec(text)?.[0] ?? "";
    const end = addValue(name, value, pattern.lastIndex, found);
    if (end !== undefined) pattern.lastIndex = end;
  }
}

/** Adds a value that is a secret under its name; returns where it ends. */
function addValue(name: string, written: string, start: number | undefined, found: Span[]): number | undefined {
  const value = trimmed(written);
  if (start === undefined || judgeSecret(name, value) === undefined) return undefined;
  const end = start + value.length;
  found.push({ start, end });
  return end;
}

/** A value without what closes the list or string around it, and without a comment behind it. */
function trimmed(value: string): string {
  const comment = value.search(/\s#/);
  const text = comment === -1 ? value : value.slice(0, comment);
  let end = text.length;
  const isQuoted = /^(["']).*\1$/s.test(text) && text.length > 1;
  while (!isQuoted && end > 1 && CLOSING.has(text.charAt(end - 1))) end -= 1;
  return text.slice(0, end);
}

const CLOSING: ReadonlySet<string> = new Set([" ", "\t", "\\", "]", "}", ")", '"', "'", ",", ";", "`"]);

function joined(spans: Span[]): readonly Span[] {
  if (spans.length < 2) return spans;
  const result: { start: number; end: number }[] = [];
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else result.push({ start, end });
  }
  return result;
}
