import { expect, test } from "vitest";
import { allowsExecute, grantsOthersWrite, grantsSetId, parseFileMode } from "../../src/values/file-mode.js";

test.each([
  ["755", { kind: "octal", bits: 0o755 }],
  ["0644", { kind: "octal", bits: 0o644 }],
  ["0o4755", { kind: "octal", bits: 0o4755 }],
  ["+x", { kind: "symbolic", clauses: [{ who: "ugo", operator: "+", permissions: "x" }] }],
  [
    "u=rwX,go-w",
    {
      kind: "symbolic",
      clauses: [
        { who: "u", operator: "=", permissions: "rwX" },
        { who: "go", operator: "-", permissions: "w" },
      ],
    },
  ],
  [
    "a-x+r",
    {
      kind: "symbolic",
      clauses: [
        { who: "ugo", operator: "-", permissions: "x" },
        { who: "ugo", operator: "+", permissions: "r" },
      ],
    },
  ],
  ["", { kind: "malformed", problem: "empty", span: { start: 0, end: 0 } }],
  ["888", { kind: "malformed", problem: "out-of-range", span: { start: 0, end: 3 } }],
  ["17777", { kind: "malformed", problem: "out-of-range", span: { start: 0, end: 5 } }],
  ["u=rwz", { kind: "malformed", problem: "not-a-mode", span: { start: 0, end: 5 } }],
  ["u+x,", { kind: "malformed", problem: "not-a-mode", span: { start: 0, end: 4 } }],
])("the mode %j is read", (text, expected) => {
  expect(parseFileMode(text)).toEqual(expected);
});

test.each([
  ["777", true, false, true],
  ["755", false, false, true],
  ["o+w", true, false, undefined],
  ["a+rwx", true, false, true],
  ["go-w", false, false, undefined],
  ["4755", false, true, true],
  ["u+s", false, true, undefined],
  ["o+s", false, false, undefined],
  ["u=rw", false, false, false],
  ["u=rwX", false, false, undefined],
])("%s: everybody writes %s, sets an id %s, its owner executes %s", (text, othersWrite, setsId, executes) => {
  const mode = parseFileMode(text);

  expect(mode.kind).not.toBe("malformed");
  if (mode.kind === "malformed") return;
  expect([grantsOthersWrite(mode), grantsSetId(mode), allowsExecute(mode, "u")]).toEqual([
    othersWrite,
    setsId,
    executes,
  ]);
});
