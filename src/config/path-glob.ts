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

/** Alternatives of braces beyond this number are taken literally: `{a,b}{a,b}{a,b}…` grows without bound. */
const MAX_ALTERNATIVES = 256;

/**
 * A glob of a policy file over paths relative to the policy's folder: `*` and `?` stay within one name, `**` crosses
 * folders, `[a-z]` and `{a,b}` as in shells. A pattern without a slash fits the file name in any folder; one that ends
 * in a slash fits everything below such a folder. Names that begin with a dot need no special care.
 */
export class PathGlob {
  readonly #patterns: readonly PathPattern[];

  constructor(pattern: string) {
    this.#patterns = expandBraces(anchored(pattern)).map((text) => new PathPattern(itemsOf(text)));
  }

  /** @param path relative, cleaned, with `/` */
  matches(path: string): boolean {
    return this.#patterns.some((pattern) => pattern.matches(path));
  }
}

/** Whether `pattern`, in which `*` stands for any run of characters, is the whole of `text`. */
export function fitsWildcard(pattern: string, text: string): boolean {
  const parts = pattern.split("*");
  const first = parts[0] ?? "";
  const last = parts.at(-1) ?? "";
  if (parts.length === 1) return text === pattern;
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let position = first.length;
  const limit = text.length - last.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, position);
    if (found === -1 || found + part.length > limit) return false;
    position = found + part.length;
  }
  return true;
}

function anchored(pattern: string): string {
  const plain = pattern.replaceAll("\\", "/").replace(/^(?:\.\/)+/, "");
  const whole = plain.endsWith("/") ? `${plain}**` : plain;
  if (whole.startsWith("/")) return whole.slice(1);
  const body = plain.endsWith("/") ? plain.slice(0, -1) : plain;
  return body.includes("/") ? whole : `**/${whole}`;
}

/** The alternatives of the braces in a pattern; a brace without partner or comma is an ordinary character. */
function expandBraces(pattern: string): readonly string[] {
  const finished: string[] = [];
  const waiting = [pattern];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const parts = firstBraces(next);
    if (parts === undefined || finished.length + waiting.length + parts.choices.length > MAX_ALTERNATIVES) {
      finished.push(next);
      continue;
    }
    for (const choice of parts.choices) waiting.push(`${parts.before}${choice}${parts.after}`);
  }
  return finished;
}

function firstBraces(
  pattern: string,
): { readonly before: string; readonly choices: readonly string[]; readonly after: string } | undefined {
  for (let close = pattern.indexOf("}"); close !== -1; close = pattern.indexOf("}", close + 1)) {
    const open = pattern.lastIndexOf("{", close);
    if (open === -1) continue;
    const choices = pattern.slice(open + 1, close).split(",");
    if (choices.length < 2) continue;
    return { before: pattern.slice(0, open), choices, after: pattern.slice(close + 1) };
  }
  return undefined;
}

function itemsOf(pattern: string): readonly PatternItem[] {
  const items: PatternItem[] = [];
  for (let index = 0; index < pattern.length; ) {
    const character = pattern.charAt(index);
    if (character === "*" && pattern.startsWith("**", index)) {
      const startsPart = index === 0 || pattern.charAt(index - 1) === "/";
      if (startsPart && pattern.startsWith("**/", index)) {
        items.push(FOLDERS);
        index += 3;
      } else {
        items.push(ANY_RUN);
        index += 2;
      }
      continue;
    }
    const group = character === "[" ? classAt(pattern, index) : undefined;
    if (group !== undefined) {
      items.push(group.item);
      index = group.end;
      continue;
    }
    const codePoint = pattern.codePointAt(index) ?? 0;
    items.push(character === "*" ? NAME_RUN : character === "?" ? NAME_CHARACTER_ONCE : literal(codePoint));
    index += codePoint > 0xffff ? 2 : 1;
  }
  return items;
}

/** The class that opens at `start`; undefined when it is not closed, so that the bracket is an ordinary character. */
function classAt(pattern: string, start: number): { readonly item: PatternItem; readonly end: number } | undefined {
  const isNegated = pattern.charAt(start + 1) === "!" || pattern.charAt(start + 1) === "^";
  const first = start + (isNegated ? 2 : 1);
  const close = pattern.indexOf("]", first + 1);
  if (close === -1) return undefined;
  const members = Array.from(pattern.slice(first, close), (member) => member.codePointAt(0) ?? 0);
  const ranges: CodePointRange[] = [];
  for (let index = 0; index < members.length; index += 1) {
    const from = members[index] ?? 0;
    const to = members[index + 2];
    if (members[index + 1] === HYPHEN && to !== undefined) {
      ranges.push([from, to]);
      index += 2;
    } else ranges.push([from, from]);
  }
  return { item: { matches: { kind: "class", isNegated, ranges }, repeats: false }, end: close + 1 };
}

const HYPHEN = 45;
