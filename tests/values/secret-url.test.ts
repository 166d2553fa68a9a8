import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findAuthorizationHeaders, findUrlCredentials } from "../../src/values/secret-url.js";

const RANDOM = ["q7Rk2vXz", "L9mPw4Td", "Yb8Ns3Hc"].join("");

test("the user information of a URL is marked, and only the length of the password told", () => {
  const text = "pip install --index-url https://ci:hunter2hunter2@pypi.corp.example/simple x==1";

  expect(findUrlCredentials(text)).toEqual([
    { start: 32, end: 49, certainty: "likely", description: "a password of 14 characters" },
  ]);
});

test("a random password is certain, and so is the token that stands for the user only when it is one", () => {
  expect(findUrlCredentials(`git://x:${RANDOM}@h/`).map((found) => found.certainty)).toEqual(["certain"]);
  expect(findUrlCredentials(`https://${RANDOM}@h/`)).toEqual([
    { start: 8, end: 32, certainty: "likely", description: "a token of 24 characters" },
  ]);
});

test("several URLs are found in order", () => {
  expect(
    findUrlCredentials("a://u:hunter1x@h postgres://u:hunter22@h amqp://u:hunter33@h").map(({ start }) => start),
  ).toEqual([28, 48]);
});

describe("no credentials are in", () => {
  test.each([
    "https://acme.io/path",
    "git@github.com:acme/app.git",
    "ssh://git@github.com/acme/app.git",
    "https://$TOKEN:x-oauth-basic@github.com/acme/app",
    "https://ci:${TOKEN}@github.com/acme/app",
    "https://user:password@db.acme.io/",
    "https://user:hunter22@example.com/",
    "http://a:80@b",
    "http://host:8080/path@2",
    "sqlite://u:hunter22@x",
    "https://acme.io/?mail=a:b@c",
    "://u:hunter22@h",
    "mail: ci@acme.io",
  ])("%s", (text) => {
    expect(findUrlCredentials(text)).toEqual([]);
  });
});

test("a literal in an authorization header is marked", () => {
  expect(findAuthorizationHeaders(`curl -H "Authorization: Bearer hunter2hunter2" x`)).toEqual([
    { start: 31, end: 45, certainty: "likely", description: "a `Bearer` credential of 14 characters" },
  ]);
});

test("a variable in an authorization header is how it should be", () => {
  expect(findAuthorizationHeaders(`curl -H "Authorization: Bearer $TOKEN_OF_CI" x`)).toEqual([]);
});

test("property: no text makes it throw, and ranges lie in the text", () => {
  const piece = fc.oneof(fc.string(), fc.constantFrom("://", "http", ":", "@", "/", "Authorization: Basic "));
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("");
      for (const { start, end } of [...findUrlCredentials(text), ...findAuthorizationHeaders(text)]) {
        expect(start).toBeLessThan(end);
        expect(end).toBeLessThanOrEqual(text.length);
      }
    }),
  );
});
