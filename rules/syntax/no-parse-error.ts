import type { Problem } from "../../src/dockerfile/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "syntax/no-parse-error",
  summary: "The Dockerfile parses",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    arguments: {
      summary: "too few or too many arguments",
      aliases: [
        "dockerfile-utils:ARGUMENT_MISSING",
        "dockerfile-utils:ARGUMENT_EXTRA",
        "dockerfile-utils:ARGUMENT_REQUIRES_ONE",
        "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_ONE",
        "dockerfile-utils:ARGUMENT_REQUIRES_AT_LEAST_TWO",
        "dockerfile-utils:ARGUMENT_REQUIRES_ONE_OR_THREE",
        "dockerfile-utils:ARGUMENT_UNNECESSARY",
        "dockerfile-utils:HEALTHCHECK_CMD_ARGUMENT_MISSING",
        "dockerfile-utils:UNKNOWN_TYPE",
        "dockerfile-utils:INVALID_AS",
        "dockerfile-utils:SHELL_REQUIRES_ONE",
      ],
    },
    "key-value": {
      summary: "ENV, LABEL or ARG without `=`, name or closing quote",
      aliases: [
        "dockerfile-utils:ARGUMENT_REQUIRES_TWO",
        "dockerfile-utils:SYNTAX_MISSING_EQUALS",
        "dockerfile-utils:SYNTAX_MISSING_NAMES",
        "dockerfile-utils:SYNTAX_MISSING_SINGLE_QUOTE",
        "dockerfile-utils:SYNTAX_MISSING_DOUBLE_QUOTE",
      ],
    },
    heredoc: { summary: "a here-document that does not end, or where none can stand" },
    substitution: {
      summary: "a variable that the builder cannot read, or that needs a value and has none",
      aliases: ["dockerfile-utils:UNSUPPORTED_MODIFIER"],
    },
    json: { summary: "a JSON array with items that are no strings" },
    encoding: { summary: "characters or lines that the builder does not take" },
  },
  roles: "all",
  fixable: "never",
  aliases: ["dockerfile-utils:INVALID_SYNTAX"],
  why: ["The builder reads the whole file before it runs anything: one such line, and there is no image."],
  references: [
    "https://docs.docker.com/reference/dockerfile/#format",
    "https://docs.docker.com/reference/dockerfile/#here-documents",
  ],
  yieldsTo: ["syntax/no-inline-comment", "syntax/no-broken-continuation#swallowed"],
  check: {
    *dockerfile({ dockerfile }) {
      yield* dockerfile.problems.flatMap(report);
    },
    *build({ evaluated }) {
      yield* evaluated.problems.flatMap(report);
    },
  },
  examples: {
    bad: [
      {
        name: "a word too many",
        kind: "arguments",
        files: { Dockerfile: ["FROM alpine:3.22 «build»"] },
        message: "write `FROM image AS name`",
      },
      {
        name: "a comment behind FROM",
        kind: "arguments",
        files: { Dockerfile: ["FROM alpine:3.22 «#» small"] },
        message: "a line of its own",
      },
      {
        name: "words missing",
        kind: "arguments",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "«USER»",
            "«WORKDIR»",
            "«COPY» server.js",
            "«EXPOSE»",
            "«VOLUME»",
            "«ENV»",
            "«ARG»",
            "«ONBUILD»",
            "«SHELL» []",
            "«HEALTHCHECK»",
          ],
        },
      },
      {
        name: "a check without command, and more behind NONE",
        kind: "arguments",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "HEALTHCHECK «CMD»",
            "FROM alpine:3.22",
            "HEALTHCHECK NONE «now»",
            "FROM alpine:3.22",
            "HEALTHCHECK «curl» localhost",
          ],
        },
      },
      {
        name: "no equals sign",
        kind: "key-value",
        files: { Dockerfile: ["FROM alpine:3.22", "ENV PORT=8080 «HOST» 0.0.0.0".replace("0.0.0.0", "«0.0.0.0»")] },
      },
      {
        name: "no name",
        kind: "key-value",
        files: { Dockerfile: ["FROM alpine:3.22", "ENV «=8080»"] },
      },
      {
        name: "a quote that does not end",
        kind: "key-value",
        files: { Dockerfile: ["FROM alpine:3.22", 'ENV GREETING=«"hello»'] },
      },
      {
        name: "a here-document that does not end",
        kind: "heredoc",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN «<<EOF»", "apk add curl"] },
      },
      {
        name: "a here-document where none can stand",
        kind: "heredoc",
        files: { Dockerfile: ["FROM alpine:3.22", "CMD «<<EOF»", "EOF"] },
      },
      {
        name: "variables that the builder cannot read",
        kind: "substitution",
        files: { Dockerfile: ["FROM alpine:3.22", "ARG DIR", "WORKDIR «${DIR^^}»", "COPY «${}» /srv/"] },
      },
      {
        name: "a value that somebody has to give",
        kind: "substitution",
        files: { Dockerfile: ["FROM alpine:«${RELEASE:?required}»"] },
        message: "pass a build argument",
      },
      {
        name: "a number in an array of strings",
        kind: "json",
        files: { Dockerfile: ["FROM alpine:3.22", 'CMD «["sleep", 10]»'] },
      },
      {
        name: "a line that is too long",
        kind: "encoding",
        files: { Dockerfile: `FROM alpine:3.22\n«RUN echo ${"x".repeat(65_536)}»\n` },
      },
      {
        name: "a Dockerfile inside a Compose file",
        kind: "arguments",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      dockerfile_inline: |",
            "        FROM alpine:3.22 «build»",
          ],
        },
      },
    ],
    good: [
      {
        name: "a file that parses",
        files: {
          Dockerfile: [
            "FROM alpine:3.22 AS build",
            "ARG RELEASE",
            'ENV GREETING="hello" NAME=world',
            "RUN <<EOF",
            "echo ${NOT_OURS^^}",
            "EOF",
            "COPY <<-'END' /etc/motd",
            "\tWelcome to ${}",
            "\tEND",
            "ENTRYPOINT []",
            "CMD",
          ],
        },
      },
      {
        name: "a value that a build gives",
        files: {
          Dockerfile: ["ARG RELEASE", "FROM alpine:${RELEASE:?required}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        RELEASE: "3.22"',
          ],
        },
      },
      {
        name: "what narrower rules report",
        files: { Dockerfile: ["FROM alpine:3.22", "RUNN apk add curl", "COPY --fro=build /a /b", "CMD ['sh']"] },
      },
      { name: "directives, which have a rule of their own", files: { Dockerfile: ["# escape=|", "FROM alpine:3.22"] } },
    ],
  },
});

function report({ kind, range, message }: Problem): readonly Finding[] {
  return kind === "directive" ? [] : [{ kind, range, message }];
}
