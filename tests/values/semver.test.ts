import { describe, expect, test } from "vitest";
import { isSemver } from "../../src/values/semver.js";

describe("a semantic version", () => {
  test.each([
    ["1.4.0", true],
    ["v2.0.0-rc.1+build.5", true],
    ["0.0.0", true],
    ["1.0.0-alpha-a.b-c", true],
    ["1.0.0+20130313144700", true],
    ["1.0.0-0A.is.legal", true],
    ["1.0", false],
    ["1", false],
    ["01.0.0", false],
    ["1.0.0-01", false],
    ["1.0.0-", false],
    ["1.0.0+", false],
    ["1.0.0.0", false],
    ["latest", false],
    ["V1.0.0", false],
    ["", false],
    [`1.0.0-${"a".repeat(300)}`, false],
  ])("%j: %s", (text, expected) => {
    expect(isSemver(text)).toBe(expected);
  });
});
