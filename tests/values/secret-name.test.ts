import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { secretName, secretNameWords } from "../../src/values/secret-name.js";

describe("words of a name", () => {
  test.each([
    ["DB_PASSWORD", ["db", "password"]],
    ["dbPassword2", ["db", "password", "2"]],
    ["spring.datasource.password", ["spring", "datasource", "password"]],
    ["X-Api-Key", ["x", "api", "key"]],
    ["HTTPServerKey", ["http", "server", "key"]],
    ["/run/secrets", ["run", "secrets"]],
    ["", []],
  ])("%s is split at separators, case changes and digits", (name, words) => {
    expect(secretNameWords(name)).toEqual(words);
  });
});

describe("a name of a secret", () => {
  test.each([
    ["POSTGRES_PASSWORD", "strong"],
    ["api_key", "strong"],
    ["apiKey", "strong"],
    ["STRIPE_APIKEY", "strong"],
    ["DB_PASS", "strong"],
    ["DB_PASS_2", "strong"],
    ["MY_GITHUB_PAT", "strong"],
    ["SERVICE_ACCOUNT_KEY", "strong"],
    ["AZURE_STORAGE_CONNECTION_STRING", "strong"],
    ["spring.datasource.password", "strong"],
    ["AWS_SECRET_ACCESS_KEY", "exact"],
    ["github_token", "exact"],
    ["PGPASSWORD", "exact"],
    ["MYSQL_ROOT_PASSWORD", "exact"],
    ["TF_TOKEN_app_terraform_io", "exact"],
    ["POETRY_HTTP_BASIC_CORP_PASSWORD", "exact"],
    ["BUNDLE_GEMS__CONTRIBSYS__COM", "exact"],
    ["COMPOSER_AUTH", "exact"],
    ["SESSION_KEY", "weak"],
    ["SENTRY_DSN", "weak"],
    ["JWT", "weak"],
    ["DB_USR", "weak"],
  ])("%s is %s", (name, kind) => {
    expect(secretName(name)).toEqual({ kind, isSentToBrowsers: false });
  });
});

describe("a name that only speaks about secrets is none", () => {
  test.each([
    "TOKEN_URL",
    "PASSWORD_FILE",
    "POSTGRES_PASSWORD_FILE",
    "AWS_ACCESS_KEY_ID",
    "KEY_VAULT_NAME",
    "SECRET_ARN",
    "SECRET_MANAGER_PROJECT",
    "TOKEN_EXPIRY",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "GPG_KEY",
    "NODE_GPG_KEYS",
    "STRIPE_PUBLISHABLE_KEY",
    "RECAPTCHA_SITE_KEY",
    "SSH_AUTH_SOCK",
    "TOKENIZERS_PARALLELISM",
    "MAX_TOKENS",
    "OPENAI_MAX_TOKENS",
    "SECRET_KEY_BASE_DUMMY",
    "ALLOW_EMPTY_PASSWORD",
    "KEYCLOAK_URL",
    "DATABASE_URL",
    "AUTH_ENABLED",
    "GITHUB_TOKEN_FILE",
    "PWD",
    "KEY_SHA256",
    "BUNDLE_BUILD__NOKOGIRI",
    "BUNDLE_WITHOUT",
    "MONKEY",
    "LOG_LEVEL",
    "COMPASS",
    "",
  ])("%s", (name) => {
    expect(secretName(name)).toEqual({ kind: "none", isSentToBrowsers: false });
  });
});

test("a browser prefix is taken off and remembered", () => {
  expect(secretName("VITE_API_KEY")).toEqual({ kind: "strong", isSentToBrowsers: true });
  expect(secretName("NEXT_PUBLIC_SITE_NAME")).toEqual({ kind: "none", isSentToBrowsers: true });
});

describe("a policy", () => {
  test.each([
    ["ACME_LICENCE", { extra: ["acme_*"] }, "strong"],
    ["ACME_LICENCE", { extra: ["*_LIC"] }, "none"],
    ["DB_PASSWORD", { allow: ["DB_*"] }, "none"],
    ["DB_PASSWORD", { allow: ["*SS*RD"] }, "none"],
    ["DB_PASSWORD", { allow: ["DB_PASSWORD_*"] }, "exactly as without"],
    ["DB_PASSWORD", { extra: ["DB_*"], allow: ["*_PASSWORD"] }, "none"],
  ] as const)("%s under %o is %s", (name, options, kind) => {
    expect(secretName(name, options).kind).toBe(kind === "exactly as without" ? "strong" : kind);
  });
});

describe("name sets of other tools", () => {
  test.each([
    ["buildkit", "MY_KEY", "strong"],
    ["buildkit", "PUBLIC_KEY", "none"],
    ["buildkit", "TOKEN_FILE", "none"],
    ["buildkit", "TOKEN_URL", "strong"],
    ["buildkit", "apiToken", "none"],
    ["buildkit", "DB_PASS", "none"],
    ["hadolint", "DB_USERNAME", "strong"],
    ["hadolint", "CLIENT_KEY", "strong"],
    ["hadolint", "PASSWORD_FILE", "strong"],
    ["hadolint", "MY_KEY", "none"],
    ["trivy", "DB_PASSWORD", "strong"],
    ["trivy", "LOG_LEVEL", "none"],
  ] as const)("%s judges %s as %s", (nameSet, name, kind) => {
    expect(secretName(name, { nameSet }).kind).toBe(kind);
  });
});

test("property: no name makes it throw, and upper and lower case mean the same where words are separated", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      expect(["exact", "none", "strong", "weak"]).toContain(secretName(name).kind);
    }),
  );
  const words = fc.array(fc.constantFrom("db", "api", "key", "token", "url", "pass", "public", "file"), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (parts) => {
      const name = parts.join("_");
      expect(secretName(name.toUpperCase())).toEqual(secretName(name));
    }),
  );
});
