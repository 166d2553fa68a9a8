import { expect, test } from "vitest";
import { closest } from "../../src/values/closest.js";

test.each([
  ["enviroment", ["environment", "env_file"], "environment"],
  ["depends-on", ["depends_on", "deploy"], "depends_on"],
  ["Image", ["image"], "image"],
  ["prots", ["ports", "pids"], "ports"],
  ["tset", ["test"], "test"],
  ["imgae", ["image"], "image"],
  ["user", ["uses", "used"], "uses"],
  ["cmd", ["command"], undefined],
  ["foo", ["bar"], undefined],
  ["ab", ["cd"], undefined],
  ["ports", ["ports", "port"], undefined],
  ["", ["a"], undefined],
  ["x".repeat(101), ["x".repeat(100)], undefined],
])("%j among %j means %j", (name, candidates, expected) => {
  expect(closest(name, candidates)).toBe(expected);
});

test("only the first five hundred candidates are looked at", () => {
  const names = Array.from({ length: 500 }, (_, index) => `volume-${index}-of-many`);
  expect(closest("prots", [...names.slice(1), "ports"])).toBe("ports");
  expect(closest("prots", [...names, "ports"])).toBe(undefined);
});
