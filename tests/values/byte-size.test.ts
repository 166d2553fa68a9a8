import { expect, test } from "vitest";
import { formatBytes, parseByteSize, parseDecimalSize } from "../../src/values/byte-size.js";

test.each([
  ["512", 512, ""],
  ["512b", 512, "b"],
  ["2k", 2048, "k"],
  ["64M", 67_108_864, "M"],
  ["1gb", 1_073_741_824, "gb"],
  ["1GiB", 1_073_741_824, "GiB"],
  ["2ki", 2048, "ki"],
  ["1.5g", 1_610_612_736, "g"],
  ["512 m", 536_870_912, "m"],
  ["1t", 1_099_511_627_776, "t"],
])("%s is %d bytes", (text, sizeBytes, unit) => {
  expect(parseByteSize(text)).toEqual({ kind: "size", sizeBytes, unit });
});

test.each([
  ["", "empty", 0, 0],
  ["m", "no-number", 0, 1],
  ["512MiBs", "unknown-unit", 3, 7],
  ["10 ", "unknown-unit", 3, 3],
  ["10bb", "unknown-unit", 2, 4],
  ["-1m", "negative", 0, 3],
  ["99999e", "too-large", 0, 6],
])("%j is malformed: %s", (text, problem, start, end) => {
  expect(parseByteSize(text)).toEqual({ kind: "malformed", problem, span: { start, end } });
});

test.each([
  [0, "0B"],
  [87, "87B"],
  [999, "999B"],
  [1000, "1KB"],
  [450_000, "450KB"],
  [999_499, "999KB"],
  [999_500, "1MB"],
  [2_300_000, "2.3MB"],
  [2_345_678, "2.35MB"],
  [41_200_000, "41.2MB"],
  [1_200_000_000, "1.2GB"],
])("%d bytes are written %s", (sizeBytes, expected) => {
  expect(formatBytes(sizeBytes)).toBe(expected);
});

test.each([
  ["87B", 87],
  ["450KB", 450_000],
  ["2.3 mb", 2_300_000],
  ["100MB", 100_000_000],
  ["1GB", 1_000_000_000],
  ["100", 100],
  ["1GiB", 1_073_741_824],
  ["-1MB", undefined],
  ["", undefined],
])("%s in powers of 1000 is %s bytes", (text, sizeBytes) => {
  expect(parseDecimalSize(text)).toBe(sizeBytes);
});
