import fc from "fast-check";
import { expect, test } from "vitest";
import { lastPathSegment, parseImageReference } from "../../src/values/image-reference.js";

const DIGEST = `sha256:${"3f8c0d7a91b2e645".repeat(4)}`;

test("a reference with every part is split where the parts stand", () => {
  const written = `ghcr.io:443/acme/api:1.2-slim@${DIGEST}`;

  const reference = parseImageReference(written);

  expect(reference).toEqual({
    kind: "reference",
    written,
    registry: "ghcr.io:443",
    registrySpan: { start: 0, end: 11 },
    repository: "ghcr.io:443/acme/api",
    repositorySpan: { start: 0, end: 20 },
    path: "acme/api",
    tag: "1.2-slim",
    tagSpan: { start: 21, end: 29 },
    digest: DIGEST,
    digestSpan: { start: 30, end: 30 + DIGEST.length },
    domain: "ghcr.io:443",
    name: "ghcr.io:443/acme/api",
    familiarName: "ghcr.io:443/acme/api",
  });
});

test.each([
  ["node", "docker.io/library/node", "node"],
  ["library/node", "docker.io/library/node", "node"],
  ["docker.io/node", "docker.io/library/node", "node"],
  ["index.docker.io/library/node", "docker.io/library/node", "node"],
  ["bitnami/redis", "docker.io/bitnami/redis", "bitnami/redis"],
  ["docker.io/bitnami/redis:7", "docker.io/bitnami/redis", "bitnami/redis"],
  ["localhost/api", "localhost/api", "localhost/api"],
  ["localhost:5000/api", "localhost:5000/api", "localhost:5000/api"],
  ["[::1]:5000/api", "[::1]:5000/api", "[::1]:5000/api"],
  ["registry/team/api", "docker.io/registry/team/api", "registry/team/api"],
  ["Registry/api", "Registry/api", "Registry/api"],
  ["a.b/c__d/e-f--g.h", "a.b/c__d/e-f--g.h", "a.b/c__d/e-f--g.h"],
])("%s is the repository %s", (written, name, familiarName) => {
  const reference = parseImageReference(written);

  expect(reference).toMatchObject({ kind: "reference", name, familiarName });
});

test.each([
  ["localhost:5000", "localhost", "5000", undefined],
  ["node:20", "node", "20", undefined],
  ["node", "node", undefined, undefined],
  [`node@${DIGEST}`, "node", undefined, DIGEST],
  ["host:5000/node:_x", "host:5000/node", "_x", undefined],
])("%s has its repository, tag and digest", (written, repository, tag, digest) => {
  expect(parseImageReference(written)).toMatchObject({ kind: "reference", repository, tag, digest });
});

test.each([
  ["", "empty", 0, 0],
  ["node: 20", "blank", 5, 6],
  ["https://ghcr.io/acme/api", "scheme", 0, 8],
  ["a".repeat(64), "identifier", 0, 64],
  ["MyApp:1.0", "upper-case", 0, 5],
  ["acme/MyApp:1.0", "upper-case", 5, 10],
  ["node:", "empty-tag", 4, 5],
  ["node:-1", "invalid-tag", 5, 7],
  ["node:a+b", "invalid-tag", 5, 8],
  ["node:1:2", "two-tags", 6, 8],
  [`node:${"a".repeat(129)}`, "long-tag", 5, 134],
  ["node@", "empty-digest", 4, 5],
  ["node@sha256:abc", "invalid-digest", 5, 15],
  [`node@md5:${"a".repeat(32)}`, "invalid-digest", 5, 41],
  [`node@${DIGEST}@${DIGEST}`, "two-digests", 5 + DIGEST.length, 6 + 2 * DIGEST.length],
  ["acme/", "trailing-slash", 4, 5],
  ["a..b.c-/api", "invalid-registry", 0, 7],
  ["acme//api", "invalid-name", 5, 6],
  ["/api", "invalid-name", 0, 1],
  [":latest", "invalid-name", 0, 1],
  ["ac$me/api", "invalid-name", 0, 5],
  ["a___b", "invalid-name", 0, 5],
  ["a".repeat(256), "long-name", 0, 256],
])("%j is malformed: %s", (written, problem, start, end) => {
  expect(parseImageReference(written)).toEqual({ kind: "malformed", written, problem, span: { start, end } });
});

test("the last path segment is what follows the last slash", () => {
  expect([lastPathSegment("ghcr.io/acme/api"), lastPathSegment("node")]).toEqual(["api", "node"]);
});

test("property: no text throws, and every span lies in the text", () => {
  const pieces = fc.array(
    fc.constantFrom("a", "A", "/", ":", "@", ".", "-", "_", "sha256", "0", " ", "$", "é", "[", "]"),
  );
  fc.assert(
    fc.property(pieces, (parts) => {
      const written = parts.join("");
      const result = parseImageReference(written);
      const spans =
        result.kind === "malformed"
          ? [result.span]
          : [result.registrySpan, result.repositorySpan, result.tagSpan, result.digestSpan];
      for (const span of spans) {
        if (span === undefined) continue;
        expect(span.start).toBeLessThanOrEqual(span.end);
        expect(span.end).toBeLessThanOrEqual(written.length);
        expect(span.end > span.start || written === "").toBe(true);
      }
    }),
  );
});
