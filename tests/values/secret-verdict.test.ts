import { describe, expect, test } from "vitest";
import { judgeSecret } from "../../src/values/secret-verdict.js";

const RANDOM = ["q7Rk2vXz", "L9mPw4Td", "Yb8Ns3Hc", "Fj6Ge1Ua"].join("");
const TOKEN = `${"glpat-"}${RANDOM.slice(0, 20)}`;
const UNCHECKED = `${"ghp_"}${RANDOM}Ko5V`;

describe("name and value together give the verdict", () => {
  test.each([
    ["DB_PASSWORD", "hunter22", { certainty: "likely", witness: "literal" }],
    ["GITHUB_TOKEN", "hunter22", { certainty: "likely", witness: "literal" }],
    ["API_KEY", RANDOM, { certainty: "certain", witness: "random" }],
    ["SESSION_KEY", RANDOM, { certainty: "likely", witness: "random" }],
    ["SESSION_KEY", "hunter22", undefined],
    ["BUILD_LABEL", RANDOM, undefined],
    ["BUILD_LABEL", TOKEN, { certainty: "certain", witness: "token" }],
    ["API_KEY", TOKEN, { certainty: "certain", witness: "token" }],
    ["BUILD_LABEL", UNCHECKED, { certainty: "possible", witness: "token" }],
    ["API_KEY", UNCHECKED, { certainty: "likely", witness: "token" }],
    ["DB_PASSWORD", "${DB_PASSWORD:-hunter22}", { certainty: "likely", witness: "literal" }],
  ])("%s=%s", (name, value, verdict) => {
    expect(judgeSecret(name, value)?.verdict).toEqual(verdict);
  });
});

describe("these are no secrets", () => {
  test.each([
    ["GPG_KEY", "A035C8C19219BA821ECEA86B64E628F8D684696D"],
    ["TOKEN_URL", "https://auth.acme.io/token"],
    ["PASSWORD_FILE", "/run/secrets/x"],
    ["AWS_ACCESS_KEY_ID", ""],
    ["MAX_TOKENS", "4096"],
    ["KEYCLOAK_URL", "http://keycloak:8080"],
    ["DATABASE_URL", "sqlite:///app/data/x.db"],
    ["AUTH_ENABLED", "true"],
    ["DB_PASSWORD", ""],
    ["DB_PASSWORD", "$DB_PASSWORD"],
    ["DB_PASSWORD", "changeme"],
    ["DB_PASSWORD", "abc"],
    ["REQUIRE_PASSWORD", "true"],
    ["MYSQL_RANDOM_ROOT_PASSWORD", "yes"],
    ["TOKEN_TTL", "86400000"],
    ["API_KEY", "op://vault/item/field"],
    ["SENTRY_DSN", "https://sentry.acme.io/1"],
    ["PYTHON_SHA256", "f030f7d3a3c0ef7a0f0e7f6a3c1d6d3a4d8f8c0f0a1b2c3d4e5f60718293a4b5"],
  ])("%s=%s", (name, value) => {
    expect(judgeSecret(name, value)).toBeUndefined();
  });
});

test("with `anyName` a random value under a plain name is possible", () => {
  expect(judgeSecret("BUILD_LABEL", RANDOM, { anyName: true })?.verdict).toEqual({
    certainty: "possible",
    witness: "random",
  });
});
