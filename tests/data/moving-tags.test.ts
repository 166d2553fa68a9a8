import { expect, test } from "vitest";
import { namesRelease, versionPrecision } from "../../src/data/moving-tags.js";

const RELEASES =
  "3.12-slim 22 v2 20240901 dist-v1.2.3 main-3f9ab12 bookworm-slim noble ltsc2022 iron-alpine humble sha-deadbeef";

test.each(RELEASES.split(" "))("tag %s names a release", (tag) => {
  expect(namesRelease(tag)).toBe(true);
});

const CHANNELS = "latest alpine stable-slim main nightly-arm64 nightly-x86_64 edge-linux64 sid apache prod";

test.each(CHANNELS.split(" "))("tag %s names no release", (tag) => {
  expect(namesRelease(tag)).toBe(false);
});

const PRECISIONS: readonly (readonly [string, number | undefined])[] = [
  ["20-alpine", 1],
  ["16.4", 2],
  ["v1.4.2", 3],
  ["1.25.3.1-perl", 4],
  ["20240901", undefined],
  ["3f9ab12", undefined],
  ["bookworm", undefined],
  ["alpine3.22", undefined],
];

test.each(PRECISIONS)("the version at the beginning of %s has %s numbers", (tag, precision) => {
  expect(versionPrecision(tag)).toBe(precision);
});
