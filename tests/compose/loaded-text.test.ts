import { expect, test } from "vitest";
import { loadedText } from "../../src/compose/loaded-text.js";

test.each([
  ["3.10", "3.1"],
  ["1.0", "1"],
  ["0755", "493"],
  ["0o17", "15"],
  ["0x1f", "31"],
  ["-0b11", "-3"],
  ["1_000", "1000"],
  ["1e3", "1000"],
  [".5", "0.5"],
  ["+1", "1"],
  ["-0", "0"],
  ["1e6", "1e+06"],
  ["123456.5", "123456.5"],
  ["0.00001", "1e-05"],
  ["18446744073709551615", "18446744073709551615"],
  ["18446744073709551616", "1.8446744073709552e+19"],
  ["12345678901234567890123", "1.2345678901234568e+22"],
  ["True", "true"],
  [".inf", "+Inf"],
  [".nan", "NaN"],
  ["22:22", "22:22"],
  ["yes", "yes"],
  ["1.2.3", "1.2.3"],
])("%s becomes %s", (text, expected) => {
  expect(loadedText(text)).toBe(expected);
});

test.each(["~", "", "2024-01-02"])("%s becomes no text", (text) => {
  expect(loadedText(text)).toBeUndefined();
});
