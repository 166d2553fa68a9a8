import { defineRule } from "../../src/engine/rule.js";

// The engine makes these findings while it matches comments with findings: no check of one subject could know what a
// comment silenced.
export default defineRule({
  id: "style/no-inline-suppression",
  summary: "Exceptions live in the policy, or say why they are right",
  levels: {},
  kinds: {
    any: { summary: "a comment silences findings", aliases: ["hadolint:DL1001"] },
    "no-reason": { summary: "a comment silences findings without a reason" },
    unused: { summary: "a comment silences nothing" },
    malformed: {
      summary: "a comment that means to silence findings cannot be read",
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A comment that silences a finding stays when its cause has gone, and then hides the next mistake on the same line. " +
      "An exception without a reason cannot be reviewed, and one with a typing error protects nobody.",
    "A team that keeps its exceptions in `overrides` of the policy sees all of them in one place.",
  ],
  references: ["CWE-1164"],
  check: {},
  examples: {
    bad: [
      {
        name: "a comment of any tool",
        kind: "any",
        policy: { rules: { "style/no-inline-suppression": { kinds: { "no-reason": "off" } } } },
        files: { Dockerfile: ["«# hadolint ignore=DL3006»", "FROM node"] },
      },
      {
        name: "no reason",
        kind: "no-reason",
        policy: { rules: { "style/no-inline-suppression": { kinds: { any: "off", unused: "off" } } } },
        files: { Dockerfile: ["«# plimsoll-ignore stages/require-multi-stage»", "FROM node"] },
      },
      {
        name: "nothing is silenced",
        kind: "unused",
        policy: { rules: { "style/no-inline-suppression": { kinds: { any: "off" } } } },
        files: {
          Dockerfile: [
            "# plimsoll-ignore «stages/require-multi-stage» -- the toolchain is the product",
            "FROM node:22.14.0",
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0"] },
      },
      {
        name: "a name that no rule has",
        kind: "malformed",
        files: {
          Dockerfile: ["# plimsoll-ignore «stages/require-multi-stages» -- the toolchain is the product", "FROM node"],
        },
      },
      {
        name: "words without commas",
        kind: "malformed",
        files: {
          "compose.yaml": [
            "services:",
            "  «# plimsoll-ignore stages/require-multi-stage because»",
            "  web: { image: nginx }",
          ],
        },
      },
    ],
    good: [
      { name: "no exception", files: { Dockerfile: ["# the build stage", "FROM node:22.14.0"] } },
      { name: "prose about the program", files: { Dockerfile: ["# checked with plimsoll", "FROM node:22.14.0"] } },
    ],
  },
});
