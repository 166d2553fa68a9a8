import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenFormats, tokenMarks } from "../../src/data/secret-tokens.js";
import { crc32 } from "../../src/values/crc32.js";
import { findTokens, mayHoldToken } from "../../src/values/secret-token.js";

// Tokens are put together here, so that no file of the repository holds one.
const LETTERS = "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1UaKo5ViQt0";
const some = (length: number, alphabet = LETTERS) =>
  Array.from(
    { length },
    (_, index) => alphabet[(index * 7 + Math.floor(index / alphabet.length) * 3) % alphabet.length],
  ).join("");
const hex = (length: number) => some(length, "9f86d081e4c7b25a3");
const upper = (length: number) => some(length, "Q7RK2VXZL3MPW4TDYB6NS5HCFJGEUA");

/** Check digits as GitHub documents them: CRC-32 in base 62, six digits. */
function withCheckDigits(body: string): string {
  const digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  let rest = crc32(body);
  let text = "";
  for (let index = 0; index < 6; index++) {
    text = `${digits[rest % 62]}${text}`;
    rest = Math.floor(rest / 62);
  }
  return body + text;
}

const base64url = (text: string) => btoa(text).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const webToken = (payload: string) => `${base64url('{"alg":"HS256","typ":"JWT"}')}.${base64url(payload)}.${some(32)}`;

describe("each format is found with its certainty", () => {
  test.each([
    ["github-token", "certain", `ghp_${withCheckDigits(some(30))}`],
    ["github-token", "possible", `ghp_${some(36)}`],
    ["github-token", "certain", `github_pat_${some(22)}_${some(59)}`],
    ["gitlab-token", "certain", `glpat-${some(20)}`],
    ["npm-token", "certain", `npm_${withCheckDigits(some(30))}`],
    ["pypi-token", "certain", `pypi-AgEIcHlwaS5vcmc${some(60)}`],
    ["rubygems-token", "certain", `rubygems_${hex(48)}`],
    ["crates-token", "likely", `cio${some(32)}`],
    ["docker-pat", "certain", `dckr_pat_${some(27)}`],
    ["private-key", "certain", `-----BEGIN ${"RSA"} PRIVATE KEY-----`],
    ["private-key", "likely", `-----BEGIN ${"ENCRYPTED"} PRIVATE KEY-----`],
    ["aws-access-key-id", "likely", `AKIA${upper(16)}`],
    ["google-api-key", "likely", `AIza${some(35)}`],
    ["google-oauth", "certain", `GOCSPX-${some(28)}`],
    ["azure-client-secret", "certain", `abc8Q~${some(34)}`],
    ["azure-storage-key", "certain", `AccountKey=${some(86)}==`],
    ["digitalocean-token", "certain", `dop_v1_${hex(64)}`],
    ["vault-token", "certain", `hvs.${some(95)}`],
    ["terraform-token", "certain", `${some(14)}.atlasv1.${some(64)}`],
    ["slack-token", "certain", `xoxb-${some(40)}`],
    ["slack-webhook", "likely", `hooks.slack.com/services/${some(44)}`],
    ["stripe-key", "certain", `sk_live_${some(24)}`],
    ["stripe-key", "likely", `sk_test_${some(24)}`],
    ["openai-key", "certain", `sk-proj-${some(48)}`],
    ["anthropic-key", "certain", `sk-ant-api03-${some(93)}`],
    ["huggingface-token", "certain", `hf_${some(34)}`],
    ["sendgrid-key", "certain", `SG.${some(22)}.${some(43)}`],
    ["mailchimp-key", "likely", `${hex(32)}-us12`],
    ["telegram-token", "certain", `987012345:A${some(34)}`],
    ["age-key", "certain", `AGE-SECRET-KEY-1${some(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`],
    ["jwt", "likely", webToken('{"sub":"1","name":"api"}')],
    ["jwt", "possible", webToken('{"iss":"x","role":"anon"}')],
    ["jwt", "possible", webToken('{"sub":"1","exp":1500000000}')],
  ])("%s (%s)", (id, certainty, token) => {
    const text = `ENV A=1 B="${token}" C=2`;

    const found = findTokens(text);

    expect(
      found.map(({ description, ...rest }) => ({ ...rest, shows: description.includes(token.slice(-10)) })),
    ).toEqual([{ id, start: 11, end: 11 + token.length, certainty, shows: false }]);
  });
});

describe("nothing is found in", () => {
  test.each([
    ["a value that repeats one character", `ghp_${"a".repeat(36)}`],
    ["a documented sample", `AKIA${upper(9)}EXAMPLE`],
    ["a token that is too short", `glpat-${some(19)}`],
    ["a longer word", `x${"ghp_"}${some(36)}`],
    ["a public key of Stripe", `pk_live_${some(24)}`],
    ["a certificate", "-----BEGIN CERTIFICATE-----"],
    ["a public key", "-----BEGIN PUBLIC KEY-----"],
    ["three parts whose header is no JSON", `ey${some(20)}.ey${some(20)}.${some(20)}`],
    ["a digest of an image", `python@sha256:${hex(64)}`],
    ["an integrity hash", `sha512-${some(86)}==`],
    ["an npm login by variable", "//npm.acme.example/:_authToken=${NPM_TOKEN}"],
    ["a plain Dockerfile", "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y curl\n"],
    ["an empty text", ""],
  ])("%s", (_, text) => {
    expect(findTokens(text)).toEqual([]);
  });
});

test("a description shows the public prefix and the length only", () => {
  expect(findTokens(`ghp_${withCheckDigits(some(30))}`)[0]?.description).toBe(
    "a GitHub token (`ghp_…`, 40 characters)",
  );
  expect(findTokens(`-----BEGIN ${"OPENSSH"} PRIVATE KEY-----`)[0]?.description).toBe("a private key");
});

test("a run of the alphabet makes a well-formed token only possible", () => {
  expect(findTokens(`rubygems_${"12345678"}${hex(40)}`).map((token) => token.certainty)).toEqual(["possible"]);
});

test("an access key id is certain beside its secret, which has no prefix of its own", () => {
  const id = `AKIA${upper(16)}`;
  const secret = some(40);
  const text = `aws_access_key_id=${id}\naws_secret_access_key=${secret}\n`;

  expect(findTokens(text)).toEqual([
    {
      id: "aws-access-key-id",
      start: 18,
      end: 38,
      certainty: "certain",
      description: "an AWS access key id (`AKIA…`, 20 characters)",
    },
    {
      id: "aws-secret-key",
      start: 61,
      end: 101,
      certainty: "certain",
      description: "an AWS secret key (40 characters)",
    },
  ]);
});

test("a service account needs its private key in the same text", () => {
  const type = '{"type": "service_account"';

  expect(findTokens(`${type}}`)).toEqual([]);
  expect(findTokens(`${type}, "private_key": "x"}`).map((token) => token.id)).toEqual(["gcp-service-account"]);
});

test("a registry login is one that decodes to user and password", () => {
  expect(findTokens(`{"auth": "${btoa("ci:hunter22")}"}`).map((token) => token.id)).toEqual(["docker-auth"]);
  expect(findTokens(`{"auth": "${btoa("only a sentence")}"}`)).toEqual([]);
});

test("an npm login marks the value, and a token in it speaks for itself", () => {
  const token = `npm_${withCheckDigits(some(30))}`;
  const start = "//npm.acme.example/:_authToken=";

  expect(findTokens(`${start}hunter22`)).toEqual([
    { id: "npmrc-auth", start: 31, end: 39, certainty: "certain", description: "an npm registry login (8 characters)" },
  ]);
  expect(findTokens(start + token).map(({ id, start: at }) => [id, at])).toEqual([["npm-token", 31]]);
});

test("every format is written once per shape, and its prefixes fit its hint", () => {
  const shapes = tokenFormats().map((format) => format.shape);

  expect(new Set(shapes).size).toBe(shapes.length);
});

test("property: no text makes it throw, ranges are ordered and in bounds, and no filter hides a find", () => {
  const piece = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.constantFrom(...tokenFormats().flatMap((format) => format.prefixes), "-----BEGIN ", ".ey", "ey", '"auth":"'),
    fc.integer({ min: 1, max: 100 }).map((length) => some(length)),
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join("");
      const found = findTokens(text);
      let end = 0;
      for (const token of found) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.end).toBeGreaterThan(token.start);
        end = token.end;
      }
      expect(end).toBeLessThanOrEqual(text.length);
      if (found.length > 0) expect(mayHoldToken(text)).toBe(true);
    }),
  );
});

test("what begins a token of any format holds a mark, but for web tokens, whose second part begins with one", () => {
  const marks = tokenMarks();
  const prefixes = tokenFormats().flatMap((format) => format.prefixes);

  expect(prefixes.filter((prefix) => !marks.some((mark) => prefix.includes(mark)))).toEqual(["ey"]);
});
