import { describe, expect, test } from "vitest";
import { isPublicPassword, switchesPasswordOff } from "../../src/values/secret-password.js";

describe("public passwords", () => {
  test.each([
    ["postgres", [], true],
    ["Passw0rd", [], true],
    ["123456", [], true],
    ["acme", ["acme"], true],
    ["Acme", ["db", "acme"], true],
    ["acme", [], false],
    ["hunter22", ["db"], false],
    ["", [""], false],
  ])("%j of %j: %s", (password, owners, expected) => {
    expect(isPublicPassword(password, owners)).toBe(expected);
  });
});

describe("switches that mean no password", () => {
  test.each([
    ["POSTGRES_HOST_AUTH_METHOD", "trust", true],
    ["POSTGRES_HOST_AUTH_METHOD", "scram-sha-256", false],
    ["MYSQL_ALLOW_EMPTY_PASSWORD", "yes", true],
    ["MYSQL_ALLOW_EMPTY_PASSWORD", "no", false],
    ["NEO4J_AUTH", "none", true],
    ["NEO4J_AUTH", "neo4j/hunter22", false],
    ["xpack.security.enabled", "false", true],
    ["xpack.security.enabled", "true", false],
    ["OTHER", "true", false],
  ])("%s=%s: %s", (name, value, expected) => {
    expect(switchesPasswordOff(name, value)).toBe(expected);
  });
});
