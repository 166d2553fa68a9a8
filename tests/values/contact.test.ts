import { describe, expect, test } from "vitest";
import { isContact, isMailAddress } from "../../src/values/contact.js";

describe("a mail address", () => {
  test.each([
    ["ops@acme.io", true],
    ["a.b+c@mail.acme.io", true],
    ["root@localhost", true],
    ["ops@", false],
    ["@acme.io", false],
    ["ops@acme..io", false],
    ["ops@-acme.io", false],
    ["a@b@c.io", false],
    ["ops at acme.io", false],
  ])("%j: %s", (text, expected) => {
    expect(isMailAddress(text)).toBe(expected);
  });
});

describe("someone to write to", () => {
  test.each([
    ["Acme Platform Team", true],
    ["Jo Doe <jo@acme.io>", true],
    ["ops@acme.io", true],
    ["mailto:ops@acme.io", true],
    ["Jo Doe <jo@acme.io>, Al Bo <al@acme.io>", true],
    ["Jo Doe (https://acme.io)", true],
    ["https://acme.io/team", true],
    ["@acme-platform", true],
    ["Jo Doe <jo@>", false],
    ["Jo Doe <jo@acme.io", false],
    ["jo@", false],
    ["123", false],
    ["", false],
    ["ops@acme.io,", false],
  ])("%j: %s", (text, expected) => {
    expect(isContact(text)).toBe(expected);
  });
});
