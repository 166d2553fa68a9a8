import { expect, test } from "vitest";
import { quoted } from "../../src/text/quoted.js";

test("short texts are quoted as they are, on one line", () => {
  expect(quoted("node:22.14.0")).toBe("`node:22.14.0`");
  expect(quoted("a\n  b")).toBe("`a b`");
});

test("long texts keep their beginning and end", () => {
  const text = `${"a".repeat(100)}${"b".repeat(100)}`;

  expect(quoted(text)).toBe(`\`${"a".repeat(32)}…${"b".repeat(31)}\``);
});
