import fc from "fast-check";
import { expect, test } from "vitest";
import { interpolate } from "../../src/compose/interpolate.js";

const values: ReadonlyMap<string, string> = new Map([
  ["TAG", "1.4"],
  ["EMPTY", ""],
]);

function run(template: string) {
  const { resolved, certainty } = interpolate(template, (name) => values.get(name));
  return [resolved, certainty];
}

test.each([
  ["app:$TAG", "app:1.4", "known"],
  ["app:${TAG}", "app:1.4", "known"],
  ["app:${TAG:-2}", "app:1.4", "known"],
  ["app:${X:-2}", "app:2", "defaulted"],
  ["app:${X-2}", "app:2", "defaulted"],
  ["app:${EMPTY:-2}", "app:2", "defaulted"],
  ["app:${EMPTY-2}", "app:", "known"],
  ["${X:-}", "", "defaulted"],
  ["app:${TAG:?set it}", "app:1.4", "known"],
  ["app:${X:?set it}", "app:${X:?set it}", "required"],
  ["app:${EMPTY?set it}", "app:", "known"],
  ["app${TAG:+-tagged}", "app-tagged", "known"],
  ["app${X:+-tagged}", "app", "defaulted"],
  ["app${EMPTY+-set}", "app-set", "known"],
  ["app:${X}", "app:${X}", "unknown"],
  ["app:$X", "app:$X", "unknown"],
  // Defaults hold further variables, and the first operator decides.
  ["${X:-${Y:-${TAG}}}", "1.4", "defaulted"],
  ["${X:-a:-b}", "a:-b", "defaulted"],
  ["${X:-a$TAG}b", "a1.4b", "defaulted"],
  ["${X:-${Y}}", "${Y}", "unknown"],
  // A dollar that nothing follows stands for itself; two stand for one.
  ["$$TAG", "$TAG", "known"],
  ["$$$TAG", "$1.4", "known"],
  ["$1 $( $", "$1 $( $", "known"],
  ['a$"b', 'a$"b', "known"],
])("%s gives %s", (template, resolved, certainty) => {
  expect(run(template)).toEqual([resolved, certainty]);
});

test.each([
  ["a${TAG%%-*}b", "${TAG%%-*}"],
  ["${X/a/b}", "${X/a/b}"],
  ["${X:0:3}", "${X:0:3}"],
  ["${X@Q}", "${X@Q}"],
  ["${}", "${}"],
  ["${1}", "${1}"],
  ["${X y}", "${X y}"],
  ["a ${X", "${X"],
])("%s cannot be read, at %s", (template, marked) => {
  const { problems, certainty } = interpolate(template, () => undefined);

  expect(problems.map(({ start, end }) => template.slice(start, end))).toEqual([marked]);
  expect(certainty).toBe("unknown");
});

test("what an env file gives is judged but not shown", () => {
  const { text, resolved, isSecret } = interpolate("app:${TAG}-${X:-slim}", (name) => values.get(name));

  expect({ text, resolved, isSecret }).toEqual({ text: "app:${TAG}-slim", resolved: "app:1.4-slim", isSecret: true });
});

test("literal pieces stay known around a hole", () => {
  expect(interpolate("${REG}/app:latest", () => undefined).pieces).toEqual([
    { kind: "hole", name: "REG" },
    { kind: "text", text: "/app:latest" },
  ]);
});

test("uses name operator, argument, outcome and place", () => {
  const template = "a${X:-1}${TAG}${Y:?no y}";

  expect(interpolate(template, (name) => values.get(name)).uses).toEqual([
    { name: "X", operator: ":-", argument: "1", outcome: "default", start: 1, end: 8 },
    { name: "TAG", operator: "", argument: undefined, outcome: "value", start: 8, end: 14 },
    { name: "Y", operator: ":?", argument: "no y", outcome: "required", start: 14, end: 24 },
  ]);
});

test("text that grows without end is cut and becomes unknown", () => {
  const long = interpolate("$A".repeat(10_000), () => "x".repeat(1000));

  expect(long.certainty).toBe("unknown");
  expect(long.resolved.length).toBeLessThan(100_000);
});

test("variables nested 10,000 deep are refused, not followed", () => {
  const { problems } = interpolate(`${"${A:-".repeat(10_000)}x${"}".repeat(10_000)}`, () => undefined);

  expect(problems.map(({ message }) => message)).toEqual(["variables nest too deep here"]);
});

test("property: a text without a dollar stays as it is", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      fc.pre(!text.includes("$"));

      expect(run(text)).toEqual([text, "known"]);
    }),
  );
});

test("property: nothing throws, and stretches cover the result in order", () => {
  const parts = fc.array(fc.constantFrom("$", "${", "}", "A", "TAG", ":-", "?", "+", "$$", "x", " "), {
    maxLength: 30,
  });
  fc.assert(
    fc.property(parts, (pieces) => {
      const template = pieces.join("");
      const { resolved, stretches, problems } = interpolate(template, (name) => values.get(name));

      expect(stretches.reduce((sum, { length }) => sum + length, 0)).toBe(resolved.length);
      for (const { outer, outerLength } of stretches) expect(outer + outerLength).toBeLessThanOrEqual(template.length);
      for (const { end } of problems) expect(end).toBeLessThanOrEqual(template.length);
    }),
  );
});
