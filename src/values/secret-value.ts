import { decodeBase64 } from "./base64.js";
import { shannonEntropy } from "./secret-entropy.js";
import { secretNameWords } from "./secret-name.js";
import { type FoundToken, findTokens, isAwsSecretKey } from "./secret-token.js";

/** What a value is, as far as secrets go. Never holds the value itself. */
export type SecretValue =
  /** Nothing is written. */
  | { readonly kind: "none" }
  /** Only variables or templates whose value is not known here, or a literal mixed with them. */
  | { readonly kind: "reference" }
  /** Leads to where the secret is: a path, a URL, a vault address, encrypted text. */
  | { readonly kind: "pointer" }
  /** A URL with user name and password in it, which has its own rule. */
  | { readonly kind: "url" }
  /** A boolean, a number, a duration, a size, a version, a list of ports. */
  | { readonly kind: "switch" }
  /** Says that a person is to put the secret here. */
  | { readonly kind: "placeholder" }
  | { readonly kind: "token"; readonly token: FoundToken }
  /** A checksum, a commit or a fingerprint. */
  | { readonly kind: "digest" }
  /** Looks as if a generator made it. */
  | { readonly kind: "random"; readonly length: number }
  | { readonly kind: "literal"; readonly length: number }
  /** Up to three characters. */
  | { readonly kind: "short" };

/** Least Shannon entropy, in bits per character, from which a text of an alphabet counts as random. */
export interface EntropyThresholds {
  readonly hex: number;
  readonly base36: number;
  readonly base64: number;
}

/** The thresholds that the rules start from. */
export const DEFAULT_ENTROPY: EntropyThresholds = { hex: 3, base36: 3.5, base64: 4 };

/** What helps to judge a value. */
export interface SecretValueContext {
  /** Name of the variable: some shapes prove something only under a fitting name. */
  readonly name?: string | undefined;
  readonly entropy?: EntropyThresholds | undefined;
}

const NO_CONTEXT: SecretValueContext = {};

/** Values longer than this are files, not passwords; only their head is judged. */
const LONGEST_VALUE = 10_000;

/**
 * Classifies a value. Of `${X:-literal}` and `${X-literal}` the literal is judged. Never throws.
 *
 * @param written the value with the variables resolved that are known; quotes around all of it are taken off
 */
export function secretValue(written: string, context: SecretValueContext = NO_CONTEXT): SecretValue {
  const text = unquoted(written.slice(0, LONGEST_VALUE).trim());
  if (text === "") return { kind: "none" };
  const fallback = defaultOf(text);
  if (fallback !== undefined) return fallback === "" ? { kind: "reference" } : secretValue(fallback, context);
  if (isReference(text)) return { kind: "reference" };
  const pointer = pointerKind(text);
  if (pointer !== undefined) return { kind: pointer };
  if (isSwitch(text)) return { kind: "switch" };
  if (isPlaceholder(text)) return { kind: "placeholder" };
  const words = context.name === undefined ? [] : secretNameWords(context.name);
  const token = tokenIn(text, words);
  if (token !== undefined) return { kind: "token", token };
  if (isDigest(text, words)) return { kind: "digest" };
  const length = characters(text);
  if (isRandom(text, context.entropy ?? DEFAULT_ENTROPY)) return { kind: "random", length };
  return length >= 4 ? { kind: "literal", length } : { kind: "short" };
}

/** For messages, without any character of the value: `a literal of 9 characters`. */
export function describeSecretValue(value: SecretValue): string {
  switch (value.kind) {
    case "token":
      return value.token.description;
    case "random":
      return `a random value of ${value.length} characters`;
    case "literal":
      return `a literal of ${value.length} characters`;
    case "none":
      return "an empty value";
    case "short":
      return "a short literal";
    case "url":
      return "a URL with credentials";
    case "reference":
    case "pointer":
    case "switch":
    case "placeholder":
    case "digest":
      return `a ${value.kind}`;
  }
}

/** What takes the place of a secret wherever a piece of a file is shown: of the same width, whatever was there. */
export const SECRET_MASK = "********";

function unquoted(text: string): string {
  const quote = text[0];
  const isQuoted = text.length >= 2 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1).trim() : text;
}

/** The literal of `${X:-literal}` when that is all there is; empty when it holds a variable again. */
function defaultOf(text: string): string | undefined {
  const match = /^\$\{\w{1,200}:?-([^{}]*)\}$/.exec(text);
  if (match === null) return undefined;
  const literal = match[1] ?? "";
  return /\$\w/.test(literal) ? "" : literal;
}

/** `$$` is how Compose writes a dollar sign, so it is no reference. */
const VARIABLE = /(?<!\$)(?:\$\$)*\$(?:[A-Za-z_]|\{|\()/;
const WHOLE_TEMPLATE = /^(?:%[\w.-]+%|@[\w.-]+@|<[^<>]*>)$/;

function isReference(text: string): boolean {
  if (text.includes("$") && VARIABLE.test(text)) return true;
  return text.includes("{{") || WHOLE_TEMPLATE.test(text);
}

const POINTER_START =
  /^(?:\/|\.{1,2}\/|~\/|[A-Za-z]:[\\/]|(?:file|vault|ssm|secretref|secret|awssm|gcpsm|akv|sm):|op:\/\/|arn:|projects\/|ENC\[|enc:|!vault|\$ANSIBLE_VAULT|-----BEGIN (?:AGE|PGP MESSAGE|CERTIFICATE|PUBLIC|RSA PUBLIC))/;
const SCHEME = /^(?:jdbc:)?[a-z][a-z0-9+.-]{1,30}:\/\//i;

function pointerKind(text: string): "pointer" | "url" | undefined {
  // Base64 may start with a slash, and has no second one at the places where paths have theirs.
  if (text.startsWith("/") && /^\/[A-Za-z0-9+/]{38,}={0,2}$/.test(text) && /\d/.test(text) && /[A-Z]/.test(text)) {
    return undefined;
  }
  if (POINTER_START.test(text)) return "pointer";
  const scheme = SCHEME.exec(text)?.[0];
  if (scheme === undefined) return undefined;
  const authority = text.slice(scheme.length).split(/[/?#\s]/, 1)[0] ?? "";
  return /:[^@]*@/.test(authority) ? "url" : "pointer";
}

const SWITCH_WORD = /^(?:true|false|yes|no|on|off|null|nil|none|undefined|auto|enabled?|disabled?|y|n|t|f)$/i;
const QUANTITY =
  /^-?\d{1,6}(?:\.\d{1,6})?$|^(?:\d{1,9}(?:\.\d{1,3})?(?:ns|us|µs|ms|s|m|h|d|w|y)){1,6}$|^\d{1,12}(?:\.\d{1,3})?\s?(?:[kmgtp]i?b?|b)$/i;
const VERSION = /^v?\d{1,5}(?:\.\d{1,8}){1,3}(?:[-+][A-Za-z0-9.+-]{1,40})?$/;
const PORT_LIST = /^\d{1,5}(?:[,:;\s/-]\s?\d{1,5}){1,20}$/;

function isSwitch(text: string): boolean {
  return SWITCH_WORD.test(text) || QUANTITY.test(text) || VERSION.test(text) || PORT_LIST.test(text);
}

let placeholders: ReadonlySet<string> | undefined;

function isPlaceholder(text: string): boolean {
  placeholders ??= new Set(
    (
      "changeme changeit replaceme setme fixme todo tbd dummy fake example sample placeholder test testing default " +
      "none secret password passwd pass token key yourpassword yoursecret yourtoken yourkey insertkeyhere mysecret " +
      "mypassword redacted hidden unset notset"
    ).split(" "),
  );
  const folded = text.toLowerCase().replace(/[_.-]/g, "");
  if (placeholders.has(folded)) return true;
  if (/example|dummy|placeholder|changeme/.test(folded)) return true;
  if (/^your.*here$|^replace.*with|^change|^insert.*here$|^\[[^[\]]*\]$|^xxx/i.test(text)) return true;
  return /\.\.\.|\*\*\*/.test(text) || new Set(folded).size <= 1;
}

function tokenIn(text: string, nameWords: readonly string[]): FoundToken | undefined {
  const token = findTokens(text)[0];
  if (token !== undefined) return token;
  if (!nameWords.includes("aws") || !nameWords.includes("secret") || !isAwsSecretKey(text)) return undefined;
  const description = "an AWS secret key (40 characters)";
  return { id: "aws-secret-key", start: 0, end: text.length, certainty: "certain", description };
}

const DIGEST_WORDS: ReadonlySet<string> = new Set([
  "sha",
  "md5",
  "md",
  "hash",
  "digest",
  "checksum",
  "commit",
  "rev",
  "revision",
  "fingerprint",
  "gpg",
  "integrity",
  "etag",
]);

/** A hashed password as `htpasswd` and `crypt` write it, with or without its user; dollar signs may be doubled. */
const PASSWORD_HASH = /(?:^|:)\${1,2}(?:apr1|2[abxy]|[1567y]|argon2(?:id|i|d)|pbkdf2[\w-]{0,20}|scrypt)\${1,2}\S/;

function isDigest(text: string, nameWords: readonly string[]): boolean {
  if (PASSWORD_HASH.test(text)) return true;
  if (/^(?:sha\d{3}|md5)[:-][A-Za-z0-9+/=]{16,128}$/i.test(text)) return true;
  return /^[a-f0-9]{7,128}$/i.test(text) && nameWords.some((word) => DIGEST_WORDS.has(word));
}

const UUID = /^[a-f0-9]{8}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{4}-[a-f0-9]{12}$/i;
const IMAGE_OR_PATH = /^[a-z0-9.-]+(?::\d+)?(?:\/[a-z0-9._-]+)+(?::[\w.-]+)?(?:@sha256:[a-f0-9]+)?$/;

function isRandom(text: string, thresholds: EntropyThresholds): boolean {
  if (text.length < 20 || text.length > 1000 || /[\s,;|&]/.test(text)) return false;
  const hasLower = /[a-z]/.test(text);
  const hasUpper = /[A-Z]/.test(text);
  const hasDigit = /\d/.test(text);
  if (Number(hasLower) + Number(hasUpper) + Number(hasDigit) < 2) return false;
  if (UUID.test(text) || IMAGE_OR_PATH.test(text) || isMadeOfWords(text) || isEncodedText(text)) return false;
  const threshold = thresholdFor(text, hasLower && hasUpper, thresholds);
  return threshold !== undefined && shannonEntropy(text) >= threshold;
}

/** Least entropy for the alphabet of a text; absent for hexadecimal digits that are too few to prove anything. */
function thresholdFor(text: string, isMixedCase: boolean, thresholds: EntropyThresholds): number | undefined {
  if (!isMixedCase && /^[a-fA-F0-9]+$/.test(text)) return text.length >= 32 ? thresholds.hex : undefined;
  return !isMixedCase && /^[A-Za-z0-9]+$/.test(text) ? thresholds.base36 : thresholds.base64;
}

/** `my-production-database-key`, `ThisIsNotASecret`: only letters, in pieces of three or more. */
function isMadeOfWords(text: string): boolean {
  if (/\d/.test(text)) return false;
  const pieces = text.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^A-Za-z_.:/-]+/g) ?? [];
  return pieces.every((piece) => piece.length >= 3 && /^[A-Za-z]+$/.test(piece));
}

/** Whether a text is Base64 of a sentence: printable, and mostly letters and blanks. */
function isEncodedText(text: string): boolean {
  if (!/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return false;
  const decoded = decodeBase64(text);
  if (decoded === undefined || !/^[\x20-\x7e\r\n\t]+$/.test(decoded)) return false;
  return (decoded.match(/[A-Za-z ]/g) ?? []).length >= decoded.length * 0.9 && decoded.includes(" ");
}

function characters(text: string): number {
  return [...text].length;
}
