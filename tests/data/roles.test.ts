import { expect, test } from "vitest";
import { roleOf } from "../../src/data/roles.js";

test.each([
  ["compose.prod.yaml", "production", true],
  ["docker-compose.dev.yml", "development", true],
  ["Dockerfile.test", "test", true],
  ["build.Dockerfile", "ci", true],
  ["compose.override.yml", "development", true],
  // The last of two words decides.
  ["docker-compose.ci.test.yml", "test", true],
  ["docker-compose.test.ci.yml", "ci", true],
  // A word inside a longer word is none.
  ["compose.device.yml", "production", false],
  ["compose.yaml", "production", false],
  ["docker-stack.yml", "production", false],
  // The file name is asked before folders, the nearest folder before those above.
  ["test/compose.prod.yaml", "production", true],
  ["test/dev/compose.yaml", "development", true],
  [".devcontainer/docker-compose.yml", "development", true],
  ["testdata/compose.yaml", "production", false],
] as const)("%s has the role %s", (path, name, stated) => {
  expect(roleOf(path)).toEqual({ name, stated });
});

test("a comment in the file wins over its name", () => {
  expect(roleOf("compose.prod.yaml", "services: {}\n# plimsoll role=ci\n")).toEqual({ name: "ci", stated: true });
});

test("a comment with an unknown role says nothing", () => {
  expect(roleOf("compose.dev.yaml", "# plimsoll role=constructor\n")).toEqual({ name: "development", stated: true });
});
