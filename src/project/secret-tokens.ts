import type { TokenCertainty } from "../data/secret-tokens.js";
import type { Range, Source } from "../text/source.js";
import { endOfSecret, type FoundToken, findTokens, mayHoldToken } from "../values/secret-token.js";
import { ModelMemo } from "./model-memo.js";

/** A text of a known secret format in a file. */
export interface FoundSecret {
  /** Row of the format table: `github-token`. */
  readonly id: string;
  readonly range: Range;
  /** What of the file may not be shown: the token, and all of a key that begins there. */
  readonly masked: Range;
  readonly certainty: TokenCertainty;
  /** For messages, without any character of the secret. */
  readonly description: string;
}

const found = new ModelMemo<Source, readonly FoundSecret[]>();

/**
 * Texts of known secret formats anywhere in a file, comments and heredocs included, in order; those too that a backslash
 * at the end of a line breaks in two. A token that quotes or escapes break is not seen.
 */
export function tokensOf(source: Source): readonly FoundSecret[] {
  const known = found.get(source);
  if (known !== undefined) return known;
  const tokens = tokensIn(source.text).map((token) => ({
    id: token.id,
    range: source.range(token.start, token.end),
    masked: source.range(token.start, endOfSecret(source.text, token)),
    certainty: token.certainty,
    description: token.description,
  }));
  found.set(source, tokens);
  return tokens;
}

/** A backslash at the end of a line whose next line begins with the rest of the word. */
const BREAK = /(?<=\S)\\\r?\n(?=[\w+/=.-])/g;

/** Tokens of the text as it stands, and of the text whose broken words are put together. */
function tokensIn(text: string): readonly FoundToken[] {
  const written = findTokens(text);
  if (!text.includes("\\\n") && !text.includes("\\\r\n")) return written;
  // Where each piece of the joined text begins: there, and in the file.
  const pieces: { readonly joined: number; readonly written: number }[] = [{ joined: 0, written: 0 }];
  let removed = 0;
  for (const match of text.matchAll(BREAK)) {
    const end = match.index + match[0].length;
    removed += match[0].length;
    pieces.push({ joined: end - removed, written: end });
  }
  if (pieces.length === 1) return written;
  const joined = text.replace(BREAK, "");
  if (!mayHoldToken(joined)) return written;
  let index = 0;
  const broken: FoundToken[] = [];
  for (const token of findTokens(joined)) {
    while ((pieces[index + 1]?.joined ?? Infinity) <= token.start) index += 1;
    let last = index;
    while ((pieces[last + 1]?.joined ?? Infinity) < token.end) last += 1;
    const first = pieces[index];
    const end = pieces[last];
    if (last === index || first === undefined || end === undefined) continue;
    const start = first.written + token.start - first.joined;
    broken.push({ ...token, start, end: end.written + token.end - end.joined });
  }
  if (broken.length === 0) return written;
  return merged(written, broken);
}

/** What is broken wins over the piece of it that looks like a token by itself. Both are in order. */
function merged(written: readonly FoundToken[], broken: readonly FoundToken[]): readonly FoundToken[] {
  let index = 0;
  const kept = written.filter(({ start, end }) => {
    while ((broken[index]?.end ?? Infinity) <= start) index += 1;
    const next = broken[index];
    return next === undefined || end <= next.start;
  });
  return [...kept, ...broken].sort((a, b) => a.start - b.start);
}
