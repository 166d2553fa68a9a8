import { expect, test } from "vitest";
import { canonicalName, matchesImage } from "../../src/project/image-patterns.js";
import { type ImageReference, parseImageReference } from "../../src/values/image-reference.js";

function reference(written: string): ImageReference {
  const parsed = parseImageReference(written);
  if (parsed.kind !== "reference") throw new Error(`${written} is no reference`);
  return parsed;
}

const NAMES: readonly (readonly [string, string])[] = [
  ["node", "docker.io/library/node"],
  ["index.docker.io/acme/api", "docker.io/acme/api"],
  ["registry-1.docker.io/node", "docker.io/library/node"],
  ["hub.docker.com/acme/api", "docker.io/acme/api"],
  ["localhost:5000/api", "localhost:5000/api"],
];

test.each(NAMES)("%s is canonically %s", (written, name) => {
  expect(canonicalName(reference(written))).toBe(name);
});

const MATCHES: readonly (readonly [string, string, boolean])[] = [
  ["docker.io/library/*", "node:22", true],
  ["docker.io/library/*", "acme/api:1", false],
  ["node", "docker.io/library/node:22", true],
  ["node:lts", "node:lts", true],
  ["node:lts", "node:22", false],
  ["ghcr.io/acme/**", "ghcr.io/acme/team/api:1", true],
  ["ghcr.io/acme/*", "ghcr.io/acme/team/api:1", false],
  ["ghcr.io", "ghcr.io/acme/api:1", true],
  ["*.acme.io/**", "registry.acme.io/api:1", true],
  ["*.acme.io/**", "acme.io.example.org/api:1", false],
  ["[", "node", false],
];

test.each(MATCHES)("whether pattern %s names %s is %s", (pattern, written, isMatch) => {
  const name = reference(written);

  expect(matchesImage([pattern], name, name.tag)).toBe(isMatch);
});
