import type { TokenCertainty } from "../data/secret-tokens.js";
import type { Range, Source } from "../text/source.js";
import { findTokens } from "../values/secret-token.js";
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

/** A private key is not longer, in code units. */
const LONGEST_KEY = 16_000;

/**
 * Texts of known secret formats anywhere in a file, comments and heredocs included, in order. The text is read as it
 * is written: a token that a line continuation or an escape breaks in two is not seen.
 */
export function tokensOf(source: Source): readonly FoundSecret[] {
  const known = found.get(source);
  if (known !== undefined) return known;
  const tokens = findTokens(source.text).map(({ id, start, end, certainty, description }) => ({
    id,
    range: source.range(start, end),
    masked: source.range(start, id === "private-key" ? endOfKey(source.text, end) : end),
    certainty,
    description,
  }));
  found.set(source, tokens);
  return tokens;
}

/** Offset after the last line of a key whose first line ends at an offset. */
function endOfKey(text: string, from: number): number {
  const near = text.slice(from, from + LONGEST_KEY);
  const end = near.indexOf("-----END ");
  if (end === -1) return from;
  const close = near.indexOf("-----", end + 9);
  return from + (close === -1 ? end : close + 5);
}
