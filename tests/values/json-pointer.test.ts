import fc from "fast-check";
import { expect, test } from "vitest";
import { pointerStep, pointerSteps } from "../../src/values/json-pointer.js";

test("a step hides the signs that a pointer is made of", () => {
  expect(pointerStep("a/b~c")).toBe("/a~1b~0c");
  expect(pointerStep(3)).toBe("/3");
});

test("a pointer to the whole has no steps, one to an empty key has one", () => {
  expect(pointerSteps("")).toEqual([]);
  expect(pointerSteps("/")).toEqual([""]);
});

test("property: steps are read as they were written", () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (keys) => {
      expect(pointerSteps(keys.map(pointerStep).join(""))).toEqual(keys);
    }),
  );
});
