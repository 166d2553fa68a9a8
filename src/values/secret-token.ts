import { type TokenCertainty, type TokenFormat, tokenFormats, tokenMarks } from "../data/secret-tokens.js";
import { WordTable } from "../text/word-table.js";
import { decodeBase64 } from "./base64.js";
import { crc32 } from "./crc32.js";
import { shannonEntropy } from "./secret-entropy.js";

/** A stretch of a text that has the shape of a known secret. Offsets are 0-based UTF-16 code units, end exclusive. */
export interface FoundToken {
  /** Row of the format table: `github-token`. */
  readonly id: string;
  readonly start: number;
  readonly end: number;
  readonly certainty: TokenCertainty;
  /** For messages, without any character of the secret: ``a GitHub token (`ghp_…`, 40 characters)``. */
  readonly description: string;
}

interface CompiledFormat {
  readonly format: TokenFormat;
  readonly hint: RegExp;
  readonly shape: RegExp;
}

let marks: WordTable | undefined;
let prefilter: RegExp | undefined;
let compiled: readonly CompiledFormat[] | undefined;

/** No format is shorter, in code units. */
export const SHORTEST_TOKEN = 12;

/** How far from an access key id its secret is looked for, in characters. */
const KEY_PAIR_DISTANCE = 300;

/** Instants before this are past when a token says that it expired: the date of the data, 2026-11-01, in seconds. */
const DATA_EPOCH_SECONDS = 1793491200;

/**
 * Finds texts of known secret formats: in order, without overlaps. Values that only show the format (one character
 * repeated, `EXAMPLE`) are left out. Credentials in URLs and headers: {@link findUrlCredentials} and
 * {@link findAuthorizationHeaders}.
 *
 * One pass of one expression over a text without any, which is nearly every text.
 */
export function findTokens(text: string): readonly FoundToken[] {
  if (text.length < SHORTEST_TOKEN || !mayHoldToken(text)) return [];
  const found: FoundToken[] = [];
  for (const row of compiledFormats()) {
    if (!row.hint.test(text)) continue;
    // Asked of the text once: a hostile one holds the other half of the format thousands of times.
    if (row.format.check === "service-account" && !text.includes('"private_key"')) continue;
    row.shape.lastIndex = 0;
    for (const match of text.matchAll(row.shape)) {
      const token = judgeMatch(row.format, match[0], match.index, text);
      if (token !== undefined) found.push(token);
    }
  }
  addSecretsOfKeyPairs(text, found);
  return withoutOverlaps(found);
}

/** A private key is not longer, in code units. */
const LONGEST_KEY = 16_000;

/** Where what must not be shown ends: behind the token, and behind the last line of a key of which the token is the first. */
export function endOfSecret(text: string, { id, end: from }: Pick<FoundToken, "id" | "end">): number {
  if (id !== "private-key") return from;
  const near = text.slice(from, from + LONGEST_KEY);
  const end = near.indexOf("-----END ");
  if (end === -1) return from;
  const close = near.indexOf("-----", end + 9);
  return from + (close === -1 ? end : close + 5);
}

/** Whether a text may hold a token: false is sure. Cheap enough for every word of every file. */
export function mayHoldToken(text: string): boolean {
  // The expression takes 1 ms to make at a cold start.
  marks ??= new WordTable(tokenMarks(), { isExact: true });
  if (!marks.holdsAny(text)) return false;
  prefilter ??= makePrefilter();
  return prefilter.test(text);
}

/** Hints that begin a token are tried at the beginnings of words only, which is most of the speed. */
function makePrefilter(): RegExp {
  const atWordStart = new Set<string>();
  const anywhere = new Set<string>();
  for (const { hint, prefixes } of tokenFormats()) {
    const beginsToken = prefixes.some((prefix) => prefix[0] === hint[0]);
    (beginsToken ? atWordStart : anywhere).add(hint);
  }
  return new RegExp(`\\b(?:${[...atWordStart].join("|")})|${[...anywhere].join("|")}`);
}

/**
 * The secret of an AWS key pair, for a value whose name says so: 40 characters of Base64 that look random.
 * It has no prefix, so the shape alone proves nothing.
 */
export function isAwsSecretKey(value: string): boolean {
  return /^[A-Za-z0-9/+]{40}$/.test(value) && !isSample(value) && shannonEntropy(value) >= 4;
}

function compiledFormats(): readonly CompiledFormat[] {
  compiled ??= tokenFormats().map((format) => {
    const before = format.notAfter ?? "[A-Za-z0-9_]";
    const after = format.notBefore ?? "[A-Za-z0-9_]";
    const shape = `${before && `(?<!${before})`}(?:${format.shape})${after && `(?!${after})`}`;
    return { format, hint: new RegExp(format.hint), shape: new RegExp(shape, "g") };
  });
  return compiled;
}

function judgeMatch(format: TokenFormat, token: string, start: number, text: string): FoundToken | undefined {
  const prefix = format.prefixes.find((candidate) => token.startsWith(candidate)) ?? "";
  const body = token.slice(prefix.length);
  if (format.id !== "private-key" && isSample(body)) return undefined;
  const certainty = checkedCertainty(format, token, prefix, start, text);
  if (certainty === undefined) return undefined;
  const capped = certainty === "certain" && isSequence(body) ? "possible" : certainty;
  return {
    id: format.id,
    start,
    end: start + token.length,
    certainty: capped,
    description: describe(format, prefix, token),
  };
}

function describe(format: TokenFormat, prefix: string, token: string): string {
  if (format.id === "private-key" || format.id === "gcp-service-account") return format.title;
  const shown = prefix === "" ? "" : `\`${prefix}…\`, `;
  return `${format.title} (${shown}${token.length} characters)`;
}

function checkedCertainty(
  format: TokenFormat,
  token: string,
  prefix: string,
  start: number,
  text: string,
): TokenCertainty | undefined {
  switch (format.check) {
    case undefined:
      return format.id === "private-key" && token.includes("ENCRYPTED") ? "likely" : format.certainty;
    case "crc":
      return hasCheckDigits(token.slice(prefix.length)) ? "certain" : "possible";
    case "jwt":
      return webTokenCertainty(token);
    case "service-account":
      return "certain";
    case "docker-auth": {
      const value = token.slice(token.lastIndexOf('"', token.length - 2) + 1, -1);
      return /^[^:\s]{1,200}:[\x21-\x7e]/.test(decodeBase64(value) ?? "") ? "certain" : undefined;
    }
    case "shared-access-signature":
      return urlAround(text, start).includes("sv=") ? "certain" : undefined;
    default:
      // A variable or a template in the place of the literal is how it should be.
      return /^[$%<{@]|\$[\w{(]|^\*+$/.test(token.slice(prefix.length)) ? undefined : "certain";
  }
}

/** Tokens of exactly 36 characters carry check digits; longer ones are of a kind that is not documented. */
function hasCheckDigits(body: string): boolean {
  if (body.length !== 36) return true;
  return base62(crc32(body.slice(0, 30))).padStart(6, "0") === body.slice(30);
}

/** @see https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/ */
function base62(value: number): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let rest = value;
  let text = "";
  do {
    text = `${digits[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  } while (rest > 0);
  return text;
}

/** @see https://www.rfc-editor.org/rfc/rfc7519 */
function webTokenCertainty(token: string): TokenCertainty | undefined {
  const [header = "", payload = ""] = token.split(".", 2);
  const decoded = decodeBase64(header.slice(0, 2000));
  if (decoded === undefined || !/^\{.*"alg"\s*:/s.test(decoded)) return undefined;
  const claims = decodeBase64(payload.slice(0, 4000)) ?? "";
  const expires = /"exp"\s*:\s*(\d{1,12})/.exec(claims)?.[1];
  const isHarmless =
    /"role"\s*:\s*"anon"/.test(claims) || (expires !== undefined && Number(expires) < DATA_EPOCH_SECONDS);
  return isHarmless ? "possible" : "likely";
}

/** The blank-free word around an offset, at most 500 characters to each side. */
function urlAround(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 500 && !/\s/.test(text[start - 1] ?? " ")) start--;
  let end = at;
  while (end < text.length && end - at < 500 && !/\s/.test(text[end] ?? " ")) end++;
  return text.slice(start, end);
}

/** A key id makes a Base64 word of 40 characters beside it the secret of the pair, and itself certain. */
function addSecretsOfKeyPairs(text: string, found: FoundToken[]): void {
  for (const [index, token] of found.entries()) {
    if (token.id !== "aws-access-key-id") continue;
    const from = Math.max(0, token.start - KEY_PAIR_DISTANCE);
    const near = text.slice(from, token.end + KEY_PAIR_DISTANCE);
    for (const match of near.matchAll(/(?<![A-Za-z0-9/+_])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+_=])/g)) {
      if (!isAwsSecretKey(match[0])) continue;
      const start = from + match.index;
      found.push({
        id: "aws-secret-key",
        start,
        end: start + 40,
        certainty: "certain",
        description: "an AWS secret key (40 characters)",
      });
      found[index] = { ...token, certainty: "certain" };
    }
    if (found.length > 10_000) return;
  }
}

function withoutOverlaps(found: readonly FoundToken[]): readonly FoundToken[] {
  if (found.length < 2) return found;
  // The sort is stable, so of two formats with the same stretch the one that stands first in the table stays.
  const ordered = found.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let end = -1;
  return ordered.filter((token) => {
    if (token.start < end) return false;
    end = token.end;
    return true;
  });
}

/** Whether a text only shows what a secret looks like. */
function isSample(body: string): boolean {
  if (/example|placeholder|dummy|changeme|redacted|your|xxxx|\*\*\*|\.\.\./i.test(body)) return true;
  return new Set(body.toLowerCase()).size <= 3;
}

/** Whether a text holds a run that hands type and random generators do not. */
function isSequence(body: string): boolean {
  return /12345678|abcdefgh/i.test(body);
}
