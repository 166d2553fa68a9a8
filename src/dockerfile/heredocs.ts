import { isNameCharacter, isSpace } from "./characters.js";

/** A word that opens a heredoc; offsets belong to the joined text of its instruction. */
export interface HeredocOperator {
  readonly name: string;
  /** False when any part of the name is quoted or escaped. */
  readonly expand: boolean;
  /** Written `<<-`. */
  readonly chomp: boolean;
  readonly start: number;
  readonly end: number;
  /**
   * `<< NAME` with a blank. Builders up to BuildKit 0.20 take no heredoc from it, and then fail at the line that holds only
   * the name; so it counts as one when such a line exists, and as a shell operator when not.
   */
  readonly detached: boolean;
}

const OPERATOR = /^(\d*)<<(-?)\s*([^<]*)$/;

/**
 * Finds the heredocs that a line of RUN, COPY or ADD opens, left to right. As in BuildKit they are words of the whole line,
 * quotes kept, and there are none when a quote or a substitution anywhere on the line is malformed. Escapes are backslashes
 * whatever the directive says.
 *
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/parser/parser.go (heredocsFromLine)
 */
export function findHeredocOperators(line: string): readonly HeredocOperator[] {
  const words = rawWords(line);
  if (words === undefined) return [];
  const operators: HeredocOperator[] = [];
  for (const [index, { start, end }] of words.entries()) {
    if (end - start < 2) continue;
    const word = line.slice(start, end);
    const match = word.includes("<<") ? OPERATOR.exec(word) : null;
    if (match === null) continue;
    const chomp = match[2] === "-";
    const rest = match[3] ?? "";
    if (rest !== "") {
      const name = unquote(rest);
      if (name !== undefined) {
        operators.push({ name, expand: name === rest, chomp, start, end, detached: false });
      }
      continue;
    }
    const next = words[index + 1];
    const written = next === undefined ? "" : line.slice(next.start, next.end);
    const name = DETACHED_NAME.test(written) ? unquote(written) : undefined;
    if (next !== undefined && name !== undefined) {
      operators.push({ name, expand: name === written, chomp, start, end: next.end, detached: true });
    }
  }
  return operators;
}

const DETACHED_NAME = /^['"\\]?[A-Za-z_]\w*['"]?$/;

/**
 * The heredoc that a single word of COPY or ADD stands for; undefined when it is a path.
 */
export function heredocOfWord(word: string): { readonly name: string; readonly expand: boolean } | undefined {
  const rest = word.includes("<<") ? OPERATOR.exec(word)?.[3] : undefined;
  if (rest === undefined || rest === "") return undefined;
  const name = unquote(rest);
  return name === undefined ? undefined : { name, expand: name === rest };
}

interface WordSpan {
  readonly start: number;
  readonly end: number;
}

/** Words between unquoted white space; undefined when the builder's word processing fails. */
function rawWords(line: string): readonly WordSpan[] | undefined {
  const words: WordSpan[] = [];
  let start = -1;
  for (let index = 0; index < line.length; ) {
    const code = line.charCodeAt(index);
    if (isSpace(code)) {
      if (start >= 0) words.push({ start, end: index });
      start = -1;
      index += 1;
      continue;
    }
    if (start < 0) start = index;
    const next = skipUnit(line, index, 0);
    if (next < 0) return undefined;
    index = next;
  }
  if (start >= 0) words.push({ start, end: line.length });
  return words;
}

/** The offset behind the quoted text, substitution, escape or character at `index`; -1 when it is malformed. */
function skipUnit(line: string, index: number, depth: number): number {
  const character = line[index];
  if (character === "'") {
    const close = line.indexOf("'", index + 1);
    return close < 0 ? -1 : close + 1;
  }
  if (character === '"') return skipDoubleQuotes(line, index, depth);
  if (character === "$") return skipDollar(line, index, depth);
  if (character === "\\") return Math.min(index + 2, line.length);
  return index + 1;
}

function skipDoubleQuotes(line: string, open: number, depth: number): number {
  let index = open + 1;
  while (index < line.length) {
    const character = line[index];
    if (character === '"') return index + 1;
    if (character === "$") {
      index = skipDollar(line, index, depth);
      if (index < 0) return -1;
    } else if (character === "\\") {
      const next = line[index + 1];
      index += next === '"' || next === "$" || next === "\\" ? 2 : 1;
    } else index += 1;
  }
  return -1;
}

/** Substitutions nested deeper than any person writes them count as malformed, so that no input exhausts the stack. */
const DEPTH_LIMIT = 100;

const SPECIAL_NAMES = "@*#?-$!0";

/** The offset behind the name of a variable at `index`; `index` when there is none. */
function skipName(line: string, index: number): number {
  const first = line[index];
  if (first === undefined) return index;
  let end = index;
  if (first >= "0" && first <= "9") {
    while (end < line.length && line.charCodeAt(end) >= 0x30 && line.charCodeAt(end) <= 0x39) end += 1;
    return end;
  }
  if (SPECIAL_NAMES.includes(first)) return index + 1;
  while (end < line.length && isNameCharacter(line[end] ?? "")) end += 1;
  return end;
}

function skipDollar(line: string, dollar: number, depth: number): number {
  if (line[dollar + 1] !== "{") return skipName(line, dollar + 1);
  const first = line[dollar + 2];
  if (depth > DEPTH_LIMIT || first === undefined || first === "{" || first === "}" || first === ":") return -1;
  const nameEnd = skipName(line, dollar + 2);
  const modifier = line[nameEnd];
  if (modifier === "}") return nameEnd + 1;
  let index = nameEnd + 1;
  if (modifier === "/") {
    if (line[index] === "/") index += 1;
    index = skipUntil(line, index, "/", depth + 1);
    return index < 0 ? -1 : skipUntil(line, index, "}", depth + 1);
  }
  // Of what follows a colon only a pattern is refused, because no variable has a value here.
  if (modifier === ":") {
    if (line[index] === "#" || line[index] === "%") return -1;
    index += 1;
  } else if (modifier === undefined || !"+-?#%".includes(modifier)) return -1;
  return skipUntil(line, index, "}", depth + 1);
}

/** The offset behind the next unquoted `stop`; -1 when there is none. */
function skipUntil(line: string, from: number, stop: string, depth: number): number {
  let index = from;
  while (index >= 0 && index < line.length) {
    if (line[index] === stop) return index + 1;
    index = skipUnit(line, index, depth);
  }
  return -1;
}

/** The word without quotes and escapes; undefined when it is empty, several words, or malformed. Variables stay as written. */
function unquote(word: string): string | undefined {
  let result = "";
  for (let index = 0; index < word.length; ) {
    if (isSpace(word.charCodeAt(index))) return undefined;
    const next = skipUnit(word, index, 0);
    if (next < 0) return undefined;
    const unit = word.slice(index, next);
    if (unit.startsWith("'")) result += unit.slice(1, -1);
    else if (unit.startsWith('"')) result += unit.slice(1, -1).replace(/\\(["$\\])/g, "$1");
    else if (unit.startsWith("\\")) result += unit.slice(1);
    else result += unit;
    index = next;
  }
  return result === "" ? undefined : result;
}
