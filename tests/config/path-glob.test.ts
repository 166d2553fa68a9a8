import { expect, test } from "vitest";
import { fitsWildcard, PathGlob } from "../../src/config/path-glob.js";

test.each([
  ["Dockerfile", ["Dockerfile", "a/b/Dockerfile"], ["Dockerfile.dev"]],
  ["*.dev", ["Dockerfile.dev", "a/Dockerfile.dev"], ["dev/Dockerfile"]],
  ["docker/*", ["docker/Dockerfile"], ["docker/a/Dockerfile", "x/docker/Dockerfile"]],
  ["docker/**", ["docker/Dockerfile", "docker/a/b"], ["dockers/a"]],
  ["**/test/*.yaml", ["test/a.yaml", "x/y/test/a.yaml"], ["test/a/b.yaml"]],
  ["legacy/", ["legacy/a", "x/legacy/a/b"], ["legacy"]],
  ["./compose.{yml,yaml}", ["compose.yaml", "a/compose.yml"], ["compose.json"]],
  ["{a,b{c,d}}/x", ["a/x", "bc/x", "bd/x"], ["b/x"]],
  ["/compose.yaml", ["compose.yaml"], ["a/compose.yaml"]],
  ["a/[!x]?", ["a/bc"], ["a/xc", "a/b"]],
  ["[", ["[", "a/["], ["x"]],
  ["{a", ["{a"], ["a"]],
])("`%s` fits these paths and no others", (pattern, fitting, others) => {
  const glob = new PathGlob(pattern);

  expect([...fitting, ...others].filter((path) => glob.matches(path))).toEqual(fitting);
});

test("braces that multiply without end stay bounded", () => {
  const glob = new PathGlob("{a,b}".repeat(40));

  expect(glob.matches("a".repeat(39))).toBe(false);
});

test.each([
  ["secrets/*", "secrets/no-env", true],
  ["*", "", true],
  ["*a*a*", "banana", true],
  ["a*b*c", "abc", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["*aa*aa", "aaa", false],
])("the wildcard `%s` on `%s` is %s", (pattern, text, fits) => {
  expect(fitsWildcard(pattern, text)).toBe(fits);
});
