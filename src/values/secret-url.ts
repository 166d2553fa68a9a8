import type { TokenCertainty } from "../data/secret-tokens.js";
import { findTokens } from "./secret-token.js";
import { secretValue } from "./secret-value.js";

/** Credentials that stand in a larger text. Offsets are 0-based UTF-16 code units, end exclusive. */
export interface FoundCredentials {
  /** For a URL the user information without `@`; for a header the value after the scheme. */
  readonly start: number;
  readonly end: number;
  readonly certainty: TokenCertainty;
  /** For messages, without any character of the secret: `a password of 12 characters`. */
  readonly description: string;
}

const SCHEME_CHARACTER = /[A-Za-z0-9+.-]/;
const USER_INFO = /([^/\s:@"'?#]{0,100})(?::([^/\s@"']{1,200}))?@([^/\s:@"'?#]{0,253})/y;

/** Schemes whose authority is no host, so that what looks like user information is a file name. */
const WITHOUT_HOST: ReadonlySet<string> = new Set(["file", "sqlite", "sqlite3", "unix"]);

/** Hosts that documentation uses. @see https://www.rfc-editor.org/rfc/rfc2606 */
const DOCUMENTATION_HOST = /(?:^|\.)example\.(?:com|org|net)$/i;

/**
 * Finds `scheme://user:password@host` with a literal password, and `scheme://TOKEN@host`; in order, without overlaps.
 * Placeholders, references and hosts of documentation are left out.
 */
export function findUrlCredentials(text: string): readonly FoundCredentials[] {
  const found: FoundCredentials[] = [];
  for (let at = text.indexOf("://"); at >= 0; at = text.indexOf("://", at + 3)) {
    const scheme = schemeBefore(text, at);
    if (scheme.length < 2 || WITHOUT_HOST.has(scheme.toLowerCase())) continue;
    USER_INFO.lastIndex = at + 3;
    const match = USER_INFO.exec(text);
    if (match === null || DOCUMENTATION_HOST.test(match[3] ?? "")) continue;
    const [, user = "", password] = match;
    // A variable as the user is the secret itself, and a fixed word (`x-oauth-basic`) stands for the password.
    if (user.includes("$")) continue;
    const judged = password === undefined ? judgeUser(user) : judgePassword(password);
    if (judged === undefined) continue;
    const end = at + 3 + user.length + (password === undefined ? 0 : password.length + 1);
    found.push({ start: at + 3, end, ...judged });
  }
  return found;
}

const AUTHORIZATION = /\bAuthorization:\s{0,20}(Basic|Bearer|Token)\s{1,20}([^\s"']{8,4000})/gi;

/** Finds `Authorization: Basic|Bearer|Token <literal>`, as commands pass it to `curl -H`; in order, without overlaps. */
export function findAuthorizationHeaders(text: string): readonly FoundCredentials[] {
  if (!/authorization:/i.test(text)) return [];
  const found: FoundCredentials[] = [];
  for (const match of text.matchAll(AUTHORIZATION)) {
    const [whole, scheme = "", credential = ""] = match;
    const value = secretValue(credential);
    if (value.kind !== "token" && value.kind !== "random" && value.kind !== "literal") continue;
    const end = match.index + whole.length;
    const description = `a \`${scheme}\` credential of ${credential.length} characters`;
    found.push({ start: end - credential.length, end, certainty: "likely", description });
  }
  return found;
}

/** The characters before `://` that can be a scheme, at most 21. */
function schemeBefore(text: string, at: number): string {
  let start = at;
  while (start > 0 && at - start < 21 && SCHEME_CHARACTER.test(text[start - 1] ?? "")) start--;
  return text.slice(start, at);
}

function judgePassword(password: string): Pick<FoundCredentials, "certainty" | "description"> | undefined {
  // `%XX` is how a URL writes a character; as a value it would look like a template.
  const value = secretValue(password.replace(/%[0-9A-Fa-f]{2}/g, "-"));
  const description = `a password of ${password.length} characters`;
  switch (value.kind) {
    case "token":
      return { certainty: "certain", description: value.token.description };
    case "random":
      return { certainty: "certain", description };
    case "literal":
    case "pointer":
    case "digest":
      return password.length >= 3 ? { certainty: "likely", description } : undefined;
    case "short":
      return password.length === 3 ? { certainty: "likely", description } : undefined;
    default:
      return undefined;
  }
}

function judgeUser(user: string): Pick<FoundCredentials, "certainty" | "description"> | undefined {
  const token = findTokens(user)[0];
  if (token !== undefined) return { certainty: token.certainty, description: token.description };
  if (user.length < 20 || secretValue(user).kind !== "random") return undefined;
  return { certainty: "likely", description: `a token of ${user.length} characters` };
}
