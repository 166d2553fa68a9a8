import { expect, test } from "vitest";
import { sampleIndex } from "./sample-rules.js";

const PIN = "images/pin-tag";
const SHELLCHECK = "shell/pass-shellcheck";

test.each([
  ["images/pin-tag", [[PIN, undefined]]],
  ["images/pin-tag#latest", [[PIN, "latest"]]],
  ["images/pin-tag#constructor", []],
  ["hadolint:DL3006", [[PIN, "no-tag"]]],
  ["DL3007", [[PIN, "latest"]]],
  ["dl3007", [[PIN, "latest"]]],
  ["trivy:DL3007", []],
  [
    "DS-0001",
    [
      [PIN, "no-tag"],
      [PIN, "latest"],
    ],
  ],
  [
    "AVD-DS-0001",
    [
      [PIN, "no-tag"],
      [PIN, "latest"],
    ],
  ],
  [
    "trivy:DS001",
    [
      [PIN, "no-tag"],
      [PIN, "latest"],
    ],
  ],
  ["kics:image-version-not-explicit", [[PIN, "no-tag"]]],
  ["9efb0b2d-89c9-41a3-91ca-dcc0aec911fd", [[PIN, "no-tag"]]],
  [
    "DL3064",
    [
      ["secrets/no-build-arg-secrets", undefined],
      ["secrets/no-env-secrets", undefined],
    ],
  ],
  ["SC2086", [[SHELLCHECK, "SC2086"]]],
  ["shellcheck:sc2046", [[SHELLCHECK, "SC2046"]]],
  ["dclint:SC2086", []],
  [
    "secrets/*",
    [
      ["secrets/no-build-arg-secrets", undefined],
      ["secrets/no-env-secrets", undefined],
    ],
  ],
  [
    "images/pin-tag#*",
    [
      [PIN, "no-tag"],
      [PIN, "latest"],
      [PIN, "coarse"],
    ],
  ],
  ["buildkit:*", [["secrets/no-env-secrets", undefined]]],
  ["nothing/*", []],
  ["constructor", []],
  ["__proto__", []],
  ["", []],
])("`%s` names the rules and kinds that have it", (name, targets) => {
  const found = sampleIndex.resolve(name).map(({ rule, kind }) => [rule, kind]);

  expect(found).toEqual(targets);
});

test.each([
  ["images/pin-tags", PIN],
  ["image/pin-tag", PIN],
  ["pin-tag", PIN],
  ["images/pin-tag#lastest", "images/pin-tag#latest"],
  ["hadolint:DL306", "hadolint:DL3006"],
  ["DL3O64", "DL3064"],
  ["entirely-different-name-of-nothing", undefined],
])("`%s` is near to what was meant", (name, near) => {
  expect(sampleIndex.suggest(name)).toBe(near);
});

test("aliases of a kind are those of the rule and its own, without query ids", () => {
  const aliases = sampleIndex.aliasesOf(PIN, "no-tag");

  expect(aliases).toEqual(["hadolint:DL3006", "trivy:DS-0001", "kics:image-version-not-explicit"]);
});

test("a kind that stands for a code of another tool has the code as its alias", () => {
  expect(sampleIndex.aliasesOf(SHELLCHECK, "SC2086")).toEqual(["shellcheck:SC2086", "hadolint:SC2086"]);
});
