import { expect, test } from "vitest";
import { crc32 } from "../../src/values/crc32.js";

test("the check value of the specification comes out", () => {
  expect(crc32("123456789")).toBe(0xcbf43926);
});

test("an empty text has the checksum zero", () => {
  expect(crc32("")).toBe(0);
});
