import { describe, expect, test } from "vitest";
import { isRfc3339 } from "../../src/values/rfc3339.js";

describe("a date and time with an offset", () => {
  test.each([
    ["2025-01-31T12:00:00Z", true],
    ["2025-01-31t12:00:00z", true],
    ["2025-01-31 12:00:00+02:00", true],
    ["2025-01-31T12:00:00.123456Z", true],
    ["2024-02-29T00:00:00Z", true],
    ["2016-12-31T23:59:60Z", true],
    ["2023-02-29T00:00:00Z", false],
    ["1900-02-29T00:00:00Z", false],
    ["2000-02-29T00:00:00Z", true],
    ["2025-04-31T00:00:00Z", false],
    ["2025-13-01T00:00:00Z", false],
    ["2025-00-01T00:00:00Z", false],
    ["2025-01-31T24:00:00Z", false],
    ["2025-01-31T12:00:00", false],
    ["2025-01-31", false],
    ["2025-01-31T12:00Z", false],
    ["2025-01-31T12:00:00+0200", false],
    ["yesterday", false],
    ["", false],
  ])("%j: %s", (text, expected) => {
    expect(isRfc3339(text)).toBe(expected);
  });
});
