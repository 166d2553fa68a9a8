import { defineRule } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "syntax/use-valid-stage-name",
  summary: "Stage names are legal and not reserved",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    pattern: {
      summary: "a name that the builder refuses",
      aliases: ["dockerfile-utils:INVALID_BUILD_STAGE_NAME"],
    },
    reserved: {
      summary: "`scratch` or `context`, which mean something else",
      levels: { recommended: "warning", strict: "warning" },
      aliases: ["buildkit:ReservedStageName", "hadolint:DL3063"],
    },
    "number-like": { summary: "a name of digits, which looks like the index of a stage" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The builder takes names that begin with a letter and go on with letters, digits, `-`, `_` and `.`; at any other it stops. " +
      "A stage called `scratch` or `context` builds, but nothing can refer to it: the words keep their own meaning.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#from",
    "https://docs.docker.com/reference/build-checks/reserved-stage-name/",
  ],
  mentions: { dockerfile: ["as"] },
  check: {
    *dockerfile({ dockerfile }) {
      for (const { name, nameRange, from } of dockerfile.stages) {
        if (name === undefined || nameRange === undefined) continue;
        const written = quoted(from.alias?.raw ?? name);
        if (name === "scratch" || name === "context") {
          const meaning = name === "scratch" ? "the empty image" : "the build context";
          const message = `${written} means ${meaning} and cannot be referred to; name the stage otherwise`;
          yield { kind: "reserved", range: nameRange, message };
        } else if (!LEGAL.test(name)) {
          const isNumber = DIGITS.test(name);
          const problem = isNumber ? "looks like the index of a stage" : "is no name for a stage";
          const mend = "begin with a letter, then letters, digits, `-`, `_` or `.`";
          yield {
            kind: isNumber ? "number-like" : "pattern",
            range: nameRange,
            message: `${written} ${problem}; ${mend}`,
          };
        }
      }
    },
  },
  examples: {
    bad: [
      { name: "a digit in front", kind: "pattern", files: { Dockerfile: ["FROM alpine:3.20 AS «1build»"] } },
      {
        name: "other characters",
        kind: "pattern",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS «build/web»",
            "FROM alpine:3.20 AS «_base»",
            "FROM alpine:3.20 AS «web@1»",
            "FROM alpine:3.20 AS «bäse»",
          ],
        },
      },
      {
        name: "a variable, which is not expanded",
        kind: "pattern",
        files: { Dockerfile: ["ARG NAME=web", "FROM alpine:3.20 AS «$NAME»"] },
      },
      {
        name: "quotes, which are not removed",
        kind: "pattern",
        files: { Dockerfile: ['FROM alpine:3.20 AS «"build"»'] },
      },
      {
        name: "the empty image",
        kind: "reserved",
        message: "the empty image",
        files: { Dockerfile: ["FROM alpine:3.20 AS «scratch»", "RUN true", "FROM scratch", "COPY --from=0 /srv /srv"] },
      },
      {
        name: "the build context, in any case",
        kind: "reserved",
        preset: "hadolint",
        files: { Dockerfile: ["FROM alpine:3.20 as «Context»"] },
      },
      {
        name: "the check of the builder",
        kind: "reserved",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine AS «context»"] },
      },
      {
        name: "a number",
        kind: "number-like",
        files: { Dockerfile: ["FROM alpine:3.20 AS «0»", "FROM alpine:3.20 AS «42»"] },
      },
    ],
    good: [
      {
        name: "letters, digits and marks",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS build-web_1.2", "FROM alpine:3.20 AS b", "FROM build-web_1.2 AS s3"],
        },
      },
      { name: "upper case, which is a matter of style", files: { Dockerfile: ["FROM alpine:3.20 AS Build"] } },
      { name: "no name", files: { Dockerfile: ["FROM scratch", "COPY ./dist /srv"] } },
      {
        name: "names that only begin so",
        files: { Dockerfile: ["FROM alpine:3.20 AS context-files", "FROM alpine:3.20 AS scratchpad"] },
      },
      { name: "no name behind AS, which is a parse error", files: { Dockerfile: ["FROM alpine:3.20 AS"] } },
    ],
  },
});

/** Of names in lower case. @see https://github.com/moby/buildkit/blob/v0.20.2/frontend/dockerfile/instructions/parse.go (parseBuildStageName) */
const LEGAL = /^[a-z][a-z0-9_.-]*$/;
const DIGITS = /^[0-9]+$/;
