import type { Stage } from "../../src/dockerfile/model.js";
import { defineRule } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "syntax/no-duplicate-stage",
  summary: "Stage names are unique",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: [
    "buildkit:DuplicateStageName",
    "hadolint:DL3024",
    "trivy:DS-0012",
    "checkov:CKV_DOCKER_11",
    "kics:same-alias-in-different-froms",
    "kics:f2daed12-c802-49cd-afed-fe41d0b82fed",
    "semgrep:alias-must-be-unique",
    "dockerfile-utils:DUPLICATE_BUILD_STAGE_NAME",
  ],
  why: [
    "The builder takes two stages of one name without a word, and which one is meant depends on who asks: FROM takes the " +
      "nearest above, `COPY --from` and `--target` the last of the file. Names are compared without case.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/duplicate-stage-name/",
    "https://docs.docker.com/build/building/multi-stage/#name-your-build-stages",
  ],
  mentions: { dockerfile: ["as"] },
  check: {
    *dockerfile({ dockerfile: { stages } }) {
      if (stages.length < 2) return;
      const first = new Map<string, Stage>();
      for (const stage of stages) {
        const { name, nameRange } = stage;
        if (name === undefined || nameRange === undefined) continue;
        const before = first.get(name);
        if (before?.nameRange === undefined) {
          first.set(name, stage);
          continue;
        }
        const written = quoted(stage.from.alias?.raw ?? name);
        yield {
          range: nameRange,
          message: `${written} is the name of an earlier stage too, and \`COPY --from\` takes the last; rename one of them`,
          related: [{ range: before.nameRange, message: "the first stage of this name" }],
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "one name for two stages",
        preset: "buildkit",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go build -o /app ./cmd/api",
            "FROM node:22 AS «build»",
            "RUN npm run build",
            "FROM alpine:3.20",
            "COPY --from=build /app /app",
          ],
        },
      },
      {
        name: "names compare without case",
        preset: "hadolint",
        files: { Dockerfile: ["FROM debian:12 AS build", "FROM node:22 as «BUILD»"] },
      },
      {
        name: "each one more",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "FROM alpine:3.20 AS «base»", "FROM base AS «base»"] },
      },
    ],
    good: [
      {
        name: "names of their own",
        files: { Dockerfile: ["FROM golang:1.22 AS api", "FROM node:22 AS web", "FROM alpine:3.20"] },
      },
      {
        name: "one base for two stages",
        files: { Dockerfile: ["FROM node:22 AS deps", "FROM node:22 AS build", "FROM node:22"] },
      },
      {
        name: "names in other files",
        files: { "api/Dockerfile": ["FROM golang:1.22 AS build"], "web/Dockerfile": ["FROM node:22 AS build"] },
      },
    ],
  },
});
