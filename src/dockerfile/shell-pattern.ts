/** One element of a pattern: a literal character, any character, or any run of characters. */
type Token =
  | { readonly kind: "literal"; readonly character: string }
  | { readonly kind: "one" }
  | { readonly kind: "many" };

/** Work limit, in characters of the value times elements of the pattern, above which no answer is given. */
const WORK_LIMIT = 4_000_000;

/**
 * The elements of a pattern of `${x#…}`, `${x%…}` or `${x/…}`: `*` and `?` are wildcards, brackets are not.
 *
 * @returns undefined when it holds an escape other than `\*`, `\?`, `\\`, `\}` or `\/`, which the builder refuses
 * @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/shell/lex.go (convertShellPatternToRegex)
 */
export function parsePattern(pattern: string): readonly Token[] | undefined {
  const tokens: Token[] = [];
  for (let index = 0; index < pattern.length; index += 1) {
    const character = pattern[index] ?? "";
    if (character === "*") tokens.push({ kind: "many" });
    else if (character === "?") tokens.push({ kind: "one" });
    else if (character === "\\") {
      const next = pattern[index + 1];
      if (next === undefined || !"*?\\}/".includes(next)) return undefined;
      tokens.push({ kind: "literal", character: next });
      index += 1;
    } else tokens.push({ kind: "literal", character });
  }
  return tokens;
}

/** What is left of a value without its shortest or longest prefix that matches; undefined when that takes too much work. */
export function trimPrefix(value: string, tokens: readonly Token[], longest: boolean): string | undefined {
  if (value.length * (tokens.length + 1) > WORK_LIMIT) return undefined;
  const end = matchEnd(value, 0, tokens, longest);
  return end < 0 ? value : value.slice(end);
}

/** As {@link trimPrefix}, for a suffix. */
export function trimSuffix(value: string, tokens: readonly Token[], longest: boolean): string | undefined {
  const reversed = trimPrefix(reverse(value), [...tokens].reverse(), longest);
  return reversed === undefined ? undefined : reverse(reversed);
}

/** The value with its first match, or every match, replaced; undefined when that takes too much work. */
export function replaceMatches(
  value: string,
  tokens: readonly Token[],
  replacement: string,
  scope: "first" | "all",
): string | undefined {
  if (value.length * value.length * (tokens.length + 1) > WORK_LIMIT) return undefined;
  let result = "";
  let index = 0;
  let afterMatch = false;
  while (index <= value.length) {
    const end = matchEnd(value, index, tokens, true);
    const isMatch = end > index || (end === index && !afterMatch);
    if (isMatch) {
      result += replacement;
      if (scope === "first") return result + value.slice(end);
    }
    afterMatch = end > index;
    if (afterMatch) index = end;
    else {
      result += value[index] ?? "";
      index += 1;
    }
  }
  return result;
}

/** End of the shortest or longest match that begins at `start`; -1 when there is none. A wildcard matches no line feed. */
function matchEnd(value: string, start: number, tokens: readonly Token[], longest: boolean): number {
  let states = closure(new Set([0]), tokens);
  let found = -1;
  for (let index = start; ; index += 1) {
    if (states.has(tokens.length)) {
      if (!longest) return index;
      found = index;
    }
    if (states.size === 0 || index >= value.length) return found;
    const character = value[index];
    const next = new Set<number>();
    for (const state of states) {
      const token = tokens[state];
      if (token === undefined) continue;
      if (token.kind === "literal") {
        if (token.character === character) next.add(state + 1);
      } else if (character !== "\n") next.add(token.kind === "one" ? state + 1 : state);
    }
    states = closure(next, tokens);
  }
}

/** Adds the states that are reached when a run of characters is empty. */
function closure(states: Set<number>, tokens: readonly Token[]): Set<number> {
  // A set visits what is added while it is walked.
  for (const state of states) if (tokens[state]?.kind === "many") states.add(state + 1);
  return states;
}

function reverse(text: string): string {
  return [...text].reverse().join("");
}
