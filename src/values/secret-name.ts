import {
  ALLOWED_ENDINGS,
  ALLOWED_LAST_WORDS,
  ALLOWED_NAMES,
  ALLOWED_WORDS,
  BROWSER_PREFIXES,
  BUILDKIT_ALLOWED_WORDS,
  BUILDKIT_WORDS,
  BUNDLE_SETTINGS,
  HADOLINT_PARTS,
  QUANTITY_WORDS,
  SECRET_NAME_SHAPES,
  SECRET_NAMES,
  STRONG_LAST_WORDS,
  STRONG_SEQUENCES,
  STRONG_WORDS,
  TRIVY_WORDS,
  WEAK_WORDS,
} from "../data/secret-names.js";

/**
 * What a name says about its value: `exact` is a name that a vendor documents for a secret, `strong` holds a word that
 * means a secret, `weak` one that may, `none` neither.
 */
export type SecretNameKind = "exact" | "none" | "strong" | "weak";

/** The witness of a name. */
export interface SecretName {
  readonly kind: SecretNameKind;
  /** True when a front-end build sends such a variable to every browser (`VITE_API_KEY`). */
  readonly isSentToBrowsers: boolean;
}

/** Whose idea of a secret name counts; the presets `buildkit`, `hadolint` and `trivy` set theirs. */
export type SecretNameSet = "buildkit" | "hadolint" | "plimsoll" | "trivy";

/** A policy about names; all fields may be absent. */
export interface SecretNameOptions {
  readonly nameSet?: SecretNameSet | undefined;
  /** More names of secrets (strong); `*` stands for any characters, case does not count. */
  readonly extra?: readonly string[] | undefined;
  /** Names that are never secrets; wins over everything else. As `extra`. */
  readonly allow?: readonly string[] | undefined;
}

const NO_OPTIONS: SecretNameOptions = {};
const NONE: SecretName = { kind: "none", isSentToBrowsers: false };
const EXACT: SecretName = { kind: "exact", isSentToBrowsers: false };
const STRONG: SecretName = { kind: "strong", isSentToBrowsers: false };

/** Names longer than this are no names; they are judged as `none`. */
const LONGEST_NAME = 512;

/** The same few names stand in every file of a project; the cache is emptied when it grows beyond this. */
const CACHE_SIZE = 4096;
const cache = new Map<string, SecretName>();

/**
 * Tells whether a variable, build argument, label or option is named like a secret. Never throws.
 *
 * @param name as written, without quotes
 */
export function secretName(name: string, options: SecretNameOptions = NO_OPTIONS): SecretName {
  if (name.length > LONGEST_NAME) return NONE;
  if (options.allow?.some((pattern) => matchesName(pattern, name))) return NONE;
  if (options.extra?.some((pattern) => matchesName(pattern, name))) return STRONG;
  switch (options.nameSet) {
    case "buildkit":
      return isBuildkitName(name) ? STRONG : NONE;
    case "hadolint":
      return isHadolintName(name) ? STRONG : NONE;
    case "trivy":
      return isTrivyName(name) ? STRONG : NONE;
    default:
      return ownName(name);
  }
}

/**
 * Words of a name in lower case: split at `_ - . /` and blanks, at lower-to-upper changes, and between letters and
 * digits (`dbPassword2` gives `db`, `password`, `2`).
 */
export function secretNameWords(name: string): readonly string[] {
  const words: string[] = [];
  for (const [word] of name.matchAll(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+|[^\s_./A-Za-z\d-]+/g)) {
    words.push(word.toLowerCase());
  }
  return words;
}

function ownName(name: string): SecretName {
  const known = cache.get(name);
  if (known !== undefined) return known;
  if (cache.size >= CACHE_SIZE) cache.clear();
  const judged = judge(name);
  cache.set(name, judged);
  return judged;
}

function judge(name: string): SecretName {
  const upper = name.toUpperCase();
  const prefix = BROWSER_PREFIXES.find((start) => upper.startsWith(start));
  if (prefix === undefined) return judgeBare(name, upper);
  const { kind } = judgeBare(name.slice(prefix.length), upper.slice(prefix.length));
  return { kind, isSentToBrowsers: true };
}

function judgeBare(name: string, upper: string): SecretName {
  if (ALLOWED_NAMES.has(upper) || ALLOWED_ENDINGS.some((end) => upper.endsWith(end))) return NONE;
  if (isVendorName(upper)) return EXACT;
  const words = secretNameWords(name);
  const last = words.at(-1);
  if (last === undefined || isAllowed(words, last)) return NONE;
  if (hasStrongWord(words)) return STRONG;
  return words.some((word) => WEAK_WORDS.has(word)) ? { kind: "weak", isSentToBrowsers: false } : NONE;
}

function isVendorName(upper: string): boolean {
  if (SECRET_NAMES.has(upper)) return true;
  for (const { start, end } of SECRET_NAME_SHAPES) {
    if (upper.length > start.length + end.length && upper.startsWith(start) && upper.endsWith(end)) return true;
  }
  // Bundler reads the credentials of a host from its name with `__` for the dots: BUNDLE_GEMS__EXAMPLE__COM.
  if (!upper.startsWith("BUNDLE_") || BUNDLE_SETTINGS.some((start) => upper.startsWith(start))) return false;
  return /^BUNDLE_[A-Z0-9_]*[A-Z0-9]__[A-Z]{2,}$/.test(upper);
}

function isAllowed(words: readonly string[], last: string): boolean {
  // `sha256` and `sha512` are two words here.
  const joined = `${words.at(-2) ?? ""}${last}`;
  if (ALLOWED_LAST_WORDS.has(last) || ALLOWED_LAST_WORDS.has(joined)) return true;
  return words.some((word) => ALLOWED_WORDS.has(word) || QUANTITY_WORDS.has(word));
}

function hasStrongWord(words: readonly string[]): boolean {
  if (words.some((word) => STRONG_WORDS.has(word))) return true;
  // `DB_PASS_2` is a password as `DB_PASS` is.
  const last = words.findLast((word) => !/^\d/.test(word));
  if (last !== undefined && STRONG_LAST_WORDS.has(last)) return true;
  return STRONG_SEQUENCES.some((sequence) => holdsSequence(words, sequence));
}

function holdsSequence(words: readonly string[], sequence: readonly string[]): boolean {
  for (let start = 0; start + sequence.length <= words.length; start++) {
    if (sequence.every((word, index) => words[start + index] === word)) return true;
  }
  return false;
}

/** @see https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/ */
function isBuildkitName(name: string): boolean {
  const words = name.toLowerCase().split("_");
  return words.some((word) => BUILDKIT_WORDS.has(word)) && !words.some((word) => BUILDKIT_ALLOWED_WORDS.has(word));
}

function isHadolintName(name: string): boolean {
  const lower = name.toLowerCase();
  return SECRET_NAMES.has(name.toUpperCase()) || HADOLINT_PARTS.some((part) => lower.includes(part));
}

function isTrivyName(name: string): boolean {
  const words = name.toLowerCase().split("_");
  return SECRET_NAMES.has(name.toUpperCase()) || words.some((word) => TRIVY_WORDS.has(word));
}

/**
 * Whether a pattern with `*` (any characters, also none) matches a whole text; case does not count. Without a regular
 * expression, as patterns come from policies: greedy from the left, linear in both lengths per star.
 */
export function matchesName(pattern: string, name: string): boolean {
  const parts = pattern.toLowerCase().split("*");
  const text = name.toLowerCase();
  const first = parts[0] ?? "";
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? "";
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return at <= text.length - last.length;
}
