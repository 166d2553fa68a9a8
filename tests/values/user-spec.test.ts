import { expect, test } from "vitest";
import { isRoot, parseUserSpec } from "../../src/values/user-spec.js";

test.each([
  ["1000", { text: "1000", id: 1000, span: { start: 0, end: 4 } }, undefined],
  ["app", { text: "app", id: undefined, span: { start: 0, end: 3 } }, undefined],
  ["app:", { text: "app", id: undefined, span: { start: 0, end: 3 } }, undefined],
  [
    "app:0",
    { text: "app", id: undefined, span: { start: 0, end: 3 } },
    { text: "0", id: 0, span: { start: 4, end: 5 } },
  ],
  [
    "10001:web",
    { text: "10001", id: 10001, span: { start: 0, end: 5 } },
    { text: "web", id: undefined, span: { start: 6, end: 9 } },
  ],
])("%s is a user and a group", (text, user, group) => {
  expect(parseUserSpec(text)).toEqual({ kind: "user", user, group });
});

test.each([
  ["", "empty", 0, 0],
  [":web", "empty-user", 0, 1],
  ["app web", "blank", 3, 4],
  ["a:b:c", "too-many-parts", 3, 5],
  ["4294967296", "out-of-range", 0, 10],
  ["app:4294967296", "out-of-range", 4, 14],
])("%j is malformed: %s", (text, problem, start, end) => {
  expect(parseUserSpec(text)).toEqual({ kind: "malformed", problem, span: { start, end } });
});

test.each([
  ["root", true],
  ["0", true],
  ["00", true],
  ["Root", false],
  ["1", false],
])("whether %s is root: %s", (text, expected) => {
  const spec = parseUserSpec(text);

  expect(spec.kind === "user" && isRoot(spec.user)).toBe(expected);
});
