import { expect, test } from "vitest";
import { booleanOf, numberOf, scalarTypeOf } from "../../src/compose/scalar-type.js";

test.each([
  ["0444", "integer", 292],
  ["0o444", "integer", 292],
  ["1_000", "integer", 1000],
  ["0x1F", "integer", 31],
  ["0b101", "integer", 5],
  ["-7", "integer", -7],
  ["+1", "integer", 1],
  ["0", "integer", 0],
  // No octal number, so the loader takes it for a decimal one.
  ["08", "float", 8],
  ["3.10", "float", 3.1],
  ["1.0", "float", 1],
  ["1e3", "float", 1000],
  [".5", "float", 0.5],
  ["-.inf", "float", -Infinity],
  ["22:22", "text", undefined],
  ["1:30", "text", undefined],
  ["yes", "text", undefined],
  ["on", "text", undefined],
  ["2024-01-02", "timestamp", undefined],
  ["2024-01-02T10:00:00Z", "timestamp", undefined],
  ["2024-01", "text", undefined],
  ["1.2.3", "text", undefined],
  ["_1", "text", undefined],
  ["~", "null", undefined],
  ["", "null", undefined],
  ["True", "boolean", undefined],
  ["tRUE", "text", undefined],
  ["-", "text", undefined],
] as const)("the loader takes %j for %s", (text, type, value) => {
  expect([scalarTypeOf(text), numberOf(text)]).toEqual([type, value]);
});

test("an integer beyond 64 bits stays a number whose text tells it exactly", () => {
  expect(scalarTypeOf("12345678901234567890")).toBe("integer");
});

test.each([
  ["true", true],
  ["Yes", true],
  ["off", false],
  ["n", false],
  ["1", undefined],
  ["", undefined],
])("as a truth value %j is %s", (text, value) => {
  expect(booleanOf(text)).toBe(value);
});
