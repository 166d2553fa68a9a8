import { EnvFile } from "../compose/env-file.js";
import type { FileContent } from "../context/coverage.js";
import { matcherOf } from "../context/ignore-file.js";
import type { IgnoreMatcher } from "../context/ignore-matcher.js";
import { CONTEXT_ROWS, ENV_EXAMPLE_NAMES, ENV_FILE_PATTERNS } from "../data/context-rows.js";
import { baseName } from "../files/path.js";
import type { Source } from "../text/source.js";
import { findUrlCredentials } from "../values/secret-url.js";
import { judgeSecret } from "../values/secret-verdict.js";
import type { Project } from "./model.js";
import { tokensOf } from "./secret-tokens.js";

/** What a path is by its name alone. */
export type CredentialName =
  /** A file whose name says that it holds credentials. */
  | "credential"
  /** A file that holds credentials in some projects: `.npmrc`, `server.pem`. */
  | "perhaps"
  | "none";

// Each made on first use: hardly a file needs the last one.
let env: IgnoreMatcher | undefined;
let all: IgnoreMatcher | undefined;
let certain: IgnoreMatcher | undefined;
let literals: readonly string[] | undefined;

/** What the name of a file says, by the rows of the coverage table. @param path relative, cleaned */
export function credentialName(path: string): CredentialName {
  if (!mayBeNamed(path)) return "none";
  const name = baseName(path);
  if (isExampleName(name)) return "none";
  env ??= matcherOf(ENV_FILE_PATTERNS);
  if (env.ignores(path)) return "credential";
  all ??= matcherOf(secretPatterns().map(anywhere));
  if (!all.ignores(path)) return "none";
  certain ??= matcherOf(certainPatterns().map(anywhere));
  return certain.ignores(path) ? "credential" : "perhaps";
}

/** Whether a file shows people what to set, by its name: `.env.example`. */
export function isExampleName(name: string): boolean {
  return ENV_EXAMPLE_NAMES.includes(name) || /(?:^|[._-])(?:example|sample|template|dist)(?:[._-]|$)/.test(name);
}

/** Whether a path holds the letters of any pattern: false is sure, and spares nearly every path the compiled patterns. */
function mayBeNamed(path: string): boolean {
  literals ??= [...ENV_FILE_PATTERNS, ...secretPatterns()].map(longestLiteral);
  return literals.some((literal) => path.includes(literal));
}

/** The longest stretch of a pattern without wildcards. */
function longestLiteral(pattern: string): string {
  return pattern
    .replace(/^\*\*\//, "")
    .split(/[*?[\]!]/)
    .reduce((longest, part) => (part.length > longest.length ? part : longest), "");
}

function secretPatterns(): readonly string[] {
  return CONTEXT_ROWS.flatMap((row) => (row.class === "secret" ? row.suggest : []));
}

/** Without those of files that hold credentials in some projects only. */
function certainPatterns(): readonly string[] {
  const perhaps = new Set(CONTEXT_ROWS.flatMap((row) => (row.class === "secret" ? (row.contentFor ?? []) : [])));
  return secretPatterns().filter((pattern) => !perhaps.has(pattern));
}

function anywhere(pattern: string): string {
  return pattern.startsWith("**/") ? pattern : `**/${pattern}`;
}

/**
 * What a file holds, as far as secrets go. An env file that git ignores is not opened; of all others nothing but this
 * answer leaves here.
 *
 * @param file absolute path
 */
export function contentOfFile(file: string, project: Project): FileContent {
  const isEnv = /^\.env(?:\.|$)|\.env$/.test(baseName(file));
  if (isEnv && project.isGitIgnored(file)) return "unread";
  const source = project.read(file);
  if (source === undefined) return "unread";
  const tokens = tokensOf(source).filter(({ certainty }) => certainty !== "possible");
  if (tokens.some(({ id }) => id === "private-key")) return "private-key";
  if (tokens.length > 0 || findUrlCredentials(source.text).length > 0) return "secret";
  if (isEnv) return holdsSecret(source) ? "secret" : "harmless";
  return "harmless";
}

/** Whether some variable of an env file is a secret; those that a front end sends to browsers are none. */
function holdsSecret(source: Source): boolean {
  const file = EnvFile.parse(source);
  return file.names.some(({ name }) => {
    const value = file.valueForInterpolation(name)?.replaceAll("$", "$$$$");
    const secret = value === undefined ? undefined : judgeSecret(name, value);
    return secret !== undefined && !secret.name.isSentToBrowsers;
  });
}

/** Whether a path lies in a folder of tests, whose keys and passwords open nothing. */
export function isFixture(path: string): boolean {
  return /(?:^|\/)(?:tests?|__tests__|specs?|fixtures?|testdata|test-data|e2e|examples?|mocks?)\//i.test(path);
}
