import { expect, test } from "vitest";
import { RuleClock } from "../../src/engine/rule-clock.js";

test("checks of a rule add up, and the slowest rules come first", () => {
  let now = 0;
  const clock = new RuleClock(() => now);
  const taking = (ms: number) => () => {
    now += ms;
    return ms;
  };

  const results = [
    clock.measure("images/pin-tag", taking(2)),
    clock.measure("user/require-user", taking(4)),
    clock.measure("images/pin-tag", taking(3)),
    clock.measure("labels/require-labels", taking(1)),
  ];

  expect(results).toEqual([2, 4, 3, 1]);
  expect(clock.slowest(2)).toEqual([
    { rule: "images/pin-tag", ms: 5 },
    { rule: "user/require-user", ms: 4 },
  ]);
});
