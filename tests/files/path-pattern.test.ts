import fc from "fast-check";
import { expect, test } from "vitest";
import {
  ANY_RUN,
  FOLDERS,
  literal,
  NAME_CHARACTER_ONCE,
  NAME_RUN,
  PathPattern,
  type PatternItem,
} from "../../src/files/path-pattern.js";

const pieces: readonly (readonly [item: PatternItem, expression: string])[] = [
  [literal(97), "a"],
  [literal(98), "b"],
  [literal(47), "/"],
  [NAME_RUN, "[^/]*"],
  [NAME_CHARACTER_ONCE, "[^/]"],
  [ANY_RUN, "[^]*"],
  [FOLDERS, "(?:.*/)?"],
  [{ matches: { kind: "class", isNegated: true, ranges: [[97, 97]] }, repeats: false }, "[^a]"],
  [{ matches: { kind: "class", isNegated: false, ranges: [[97, 98]] }, repeats: true }, "[ab]*"],
  [{ matches: { kind: "start" }, repeats: false }, "^"],
];

test("property: a pattern matches what a regular expression of the same meaning matches", () => {
  const path = fc.array(fc.constantFrom("a", "b", "c", "/")).map((parts) => parts.join(""));
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...pieces), { maxLength: 7 }),
      fc.array(path, { maxLength: 5 }),
      (parts, paths) => {
        const pattern = new PathPattern(parts.map(([item]) => item));
        const expression = new RegExp(`^${parts.map(([, text]) => text).join("")}$`);

        expect(paths.map((text) => pattern.matches(text))).toEqual(paths.map((text) => expression.test(text)));
      },
    ),
    { numRuns: 1000 },
  );
});

test("work is counted, and past the limit nothing matches", () => {
  const meter = { steps: 0, limit: 100 };
  const pattern = new PathPattern([NAME_RUN, literal(97), NAME_RUN], meter);

  const first = pattern.matches("bab");
  const steps = meter.steps;
  meter.steps = 100;

  expect([first, steps > 3, pattern.matches("bab")]).toEqual([true, true, false]);
});
