import fc from "fast-check";
import { expect, test } from "vitest";
import { formatDuration, parseDuration } from "../../src/values/duration.js";

test.each([
  ["30s", 30_000],
  ["1h5m30s20ms", 3_930_020],
  ["1.5s", 1500],
  [".5s", 500],
  ["1.s", 1000],
  ["500us", 0.5],
  ["0", 0],
  ["+2s", 2000],
  ["-10s", -10_000],
])("%s is %d milliseconds", (text, durationMs) => {
  expect(parseDuration(text)).toEqual({ kind: "duration", durationMs });
});

test.each([
  ["1d", 86_400_000],
  ["1w2d", 777_600_000],
])("Compose also knows %s", (text, durationMs) => {
  expect(parseDuration(text, "compose")).toEqual({ kind: "duration", durationMs });
});

test.each([
  ["", "empty", 0, 0],
  ["-", "empty", 0, 1],
  ["30", "no-unit", 0, 2],
  ["1m30", "no-unit", 2, 4],
  ["30sec", "unknown-unit", 2, 5],
  ["1d", "unknown-unit", 1, 2],
  ["s", "no-number", 0, 1],
  ["ten", "no-number", 0, 3],
  ["1s -2s", "unknown-unit", 1, 3],
  ["9999999999h", "too-large", 0, 11],
])("%j is malformed: %s", (text, problem, start, end) => {
  expect(parseDuration(text)).toEqual({ kind: "malformed", problem, span: { start, end } });
});

test.each([
  [0, "0s"],
  [30_000, "30s"],
  [90_000, "1m30s"],
  [3_600_000, "1h"],
  [3_930_020, "1h5m30s20ms"],
  [1500, "1s500ms"],
  [-10_000, "-10s"],
  [0.5, "500us"],
])("%d milliseconds are written %s", (durationMs, expected) => {
  expect(formatDuration(durationMs)).toBe(expected);
});

test("property: a duration that was written is read back", () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (durationMs) => {
      expect(parseDuration(formatDuration(durationMs))).toEqual({ kind: "duration", durationMs });
    }),
  );
});
