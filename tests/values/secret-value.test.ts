import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { describeSecretValue, secretValue } from "../../src/values/secret-value.js";

/** Joined at run time, so that no file of the repository holds the shape of a secret. */
const join = (...parts: readonly string[]) => parts.join("");
const MIXED = join("q7Rk2vXz", "L9mPw4Td", "Yb8Ns3Hc", "Fj6Ge1Ua");
const HEX = join("9f86d081", "884c7d65", "9a2feaa0", "c55ad015");

describe("a value is classified by its first fitting test", () => {
  test.each([
    ["", "none"],
    ["''", "none"],
    ['"  "', "none"],
    ["$TOKEN", "reference"],
    ["${TOKEN}", "reference"],
    ["${TOKEN:?set it}", "reference"],
    ["${TOKEN:-}", "reference"],
    ["${TOKEN:-$OTHER}", "reference"],
    ["${{ secrets.TOKEN }}", "reference"],
    ["{{ vault_token }}", "reference"],
    ["%TOKEN%", "reference"],
    ["@TOKEN@", "reference"],
    ["<your token>", "reference"],
    ["$(cat /run/secrets/x)", "reference"],
    ["prefix-$TOKEN", "reference"],
    ["/run/secrets/db", "pointer"],
    ["./secrets/db.txt", "pointer"],
    ["~/.aws/credentials", "pointer"],
    ["C:\\secrets\\db.txt", "pointer"],
    ["op://vault/item/field", "pointer"],
    ["arn:aws:secretsmanager:eu-west-1:1:secret:x", "pointer"],
    ["projects/p/secrets/s/versions/1", "pointer"],
    ["https://auth.acme.io/token", "pointer"],
    ["sqlite:///app/data/x.db", "pointer"],
    ["redis://redis:6379", "pointer"],
    ["ENC[AES256_GCM,data:abc]", "pointer"],
    ["postgres://app:hunter22@db/app", "url"],
    ["true", "switch"],
    ["4096", "switch"],
    ["15m", "switch"],
    ["1h30m", "switch"],
    ["512MB", "switch"],
    ["1.2.3", "switch"],
    ["v2.0.0-rc.1", "switch"],
    ["80,443", "switch"],
    ["undefined", "switch"],
    ["changeme", "placeholder"],
    ["CHANGE_ME", "placeholder"],
    ["your-token-here", "placeholder"],
    ["replace this with a key", "placeholder"],
    ["password", "placeholder"],
    ["xxxxxxxxxxxx", "placeholder"],
    ["********", "placeholder"],
    ["sk_example_value", "placeholder"],
    ["[redacted]", "placeholder"],
    ["aaaa", "placeholder"],
    ["abc", "short"],
    ["a1", "short"],
  ])("%j is %s", (value, kind) => {
    expect(secretValue(value)).toEqual({ kind });
  });
});

describe("values that may be secrets", () => {
  test.each([
    ["hunter22", { kind: "literal", length: 8 }],
    ["'secret123'", { kind: "literal", length: 9 }],
    ["${TOKEN:-hunter22}", { kind: "literal", length: 8 }],
    ["${TOKEN-hunter22}", { kind: "literal", length: 8 }],
    ["pa$$word1", { kind: "literal", length: 9 }],
    ["pässwörter", { kind: "literal", length: 10 }],
    [MIXED, { kind: "random", length: 32 }],
    [HEX, { kind: "random", length: 32 }],
    ["my-production-database-cluster", { kind: "literal", length: 30 }],
    ["ThisIsOnlyASentenceInCamelCase", { kind: "literal", length: 30 }],
    ["123e4567-e89b-12d3-a456-426614174000", { kind: "literal", length: 36 }],
    ["registry.acme.io/team/image-name:1.2.3", { kind: "literal", length: 38 }],
    ["12345678901234567890", { kind: "literal", length: 20 }],
  ])("%j", (value, expected) => {
    expect(secretValue(value)).toEqual(expected);
  });
});

test.each([["admin:$$apr1$$xyz$$abcdefghij"], ["$$2y$$10$$abcdefghijklmnopqrstuv"], ["$$6$$salt$$abcdefghijklmnop"]])(
  "a hashed password is a digest: %s",
  (value) => {
    expect(secretValue(value, { name: "BASIC_AUTH" })).toEqual({ kind: "digest" });
  },
);

test("hexadecimal digits are a digest under a name that says so, and random under another", () => {
  expect(secretValue(HEX, { name: "SOURCE_SHA" })).toEqual({ kind: "digest" });
  expect(secretValue(HEX, { name: "COMMIT" })).toEqual({ kind: "digest" });
  expect(secretValue(HEX, { name: "API_KEY" })).toEqual({ kind: "random", length: 32 });
});

test("forty Base64 characters are a token only under a name of an AWS secret", () => {
  const key = join("wJ4lrXU0nF", "EMIx7MDENG", "bPq2xRfi5C", "Y1zKs8vT3a");

  expect(secretValue(key, { name: "AWS_SECRET_ACCESS_KEY" })).toEqual({
    kind: "token",
    token: {
      id: "aws-secret-key",
      start: 0,
      end: 40,
      certainty: "certain",
      description: "an AWS secret key (40 characters)",
    },
  });
  expect(secretValue(key, { name: "OTHER" })).toEqual({ kind: "random", length: 40 });
});

test("thresholds are options", () => {
  const entropy = { hex: 5, base36: 6, base64: 6 };

  expect(secretValue(MIXED, { entropy })).toEqual({ kind: "literal", length: 32 });
});

test("descriptions tell kind and length", () => {
  expect(describeSecretValue(secretValue("secret123"))).toBe("a literal of 9 characters");
  expect(describeSecretValue(secretValue(MIXED))).toBe("a random value of 32 characters");
  expect(describeSecretValue(secretValue("changeme"))).toBe("a placeholder");
});

test("property: no value makes it throw, and no description repeats a long value", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (value) => {
      const description = describeSecretValue(secretValue(value, { name: "API_KEY" }));
      if (value.trim().length >= 12) expect(description).not.toContain(value.trim());
    }),
  );
});
