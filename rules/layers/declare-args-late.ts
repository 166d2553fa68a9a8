import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type EarlyArg, earlyArgs } from "../../src/project/changing-args.js";
import type { Build } from "../../src/project/model.js";
import { textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";
import { compileGlob } from "../../src/values/glob.js";

const options = {
  names: option.strings({
    default: [],
    description: "More arguments that change with each build; `*` stands for any characters: `DEPLOY_*`.",
  }),
  ignore: option.strings({
    default: [],
    description: "Arguments that may stand early; `*` stands for any characters.",
  }),
};

export default defineRule({
  id: "layers/declare-args-late",
  summary: "Values that change with each build are declared below the steps that do not need them",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  roles: ["production", "ci"],
  fixable: "sometimes",
  why: [
    "Every RUN below an ARG sees it in its environment, whether it uses it or not. A commit or a date at the top is a new " +
      "value for each of them: nothing below ever comes from the cache.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#impact-on-build-caching"],
  options,
  // With what ends the keyword: `target=` and `cargo` hold the letters, too.
  mentions: { dockerfile: ["arg ", "arg\t", "arg\\", "arg`"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a commit that only the label needs",
        message: "`npm ci`",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "ARG «GIT_SHA»",
            "COPY package*.json ./",
            "RUN npm ci",
            'LABEL org.opencontainers.image.revision="$GIT_SHA"',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "COPY package*.json ./",
            "RUN npm ci",
            "ARG GIT_SHA",
            'LABEL org.opencontainers.image.revision="$GIT_SHA"',
          ],
        },
      },
      {
        name: "used by a later step",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "ARG «VERSION=dev»",
            "COPY go.mod go.sum ./",
            "RUN go mod download",
            "COPY . .",
            'RUN go build -ldflags "-X main.version=$VERSION" -o /api .',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM golang:1.24",
            "COPY go.mod go.sum ./",
            "RUN go mod download",
            "COPY . .",
            "ARG VERSION=dev",
            'RUN go build -ldflags "-X main.version=$VERSION" -o /api .',
          ],
        },
      },
      {
        name: "a variable holds it from then on",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "ARG «BUILD_DATE»",
            "ENV BUILD_DATE=$BUILD_DATE",
            "COPY requirements.txt .",
            "RUN pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "a label above",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG «VCS_REF»",
            'LABEL org.opencontainers.image.revision="$VCS_REF"',
            "RUN apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "a child stage inherits it",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS base",
            "ARG «BUILD_ID»",
            "FROM base",
            "COPY package*.json ./",
            "RUN npm ci",
          ],
        },
      },
      {
        name: "nothing uses it",
        message: "remove it",
        files: { Dockerfile: ["FROM node:22-slim", "ARG «COMMIT_SHA»", "RUN npm install -g serve@14.2.4"] },
      },
      {
        name: "Compose passes a commit under another name",
        files: {
          Dockerfile: ["FROM node:22-slim", "ARG «STAMP»", "RUN npm install -g serve@14.2.4", "LABEL stamp=$STAMP"],
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      args:",
            "        STAMP: ${GIT_COMMIT}",
          ],
        },
        fixed: {
          Dockerfile: ["FROM node:22-slim", "RUN npm install -g serve@14.2.4", "ARG STAMP", "LABEL stamp=$STAMP"],
        },
      },
      {
        name: "a name that the policy adds",
        options: { names: ["DEPLOY_*"] },
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "ARG «DEPLOY_RING»",
            "RUN npm install -g serve@14.2.4",
            "LABEL ring=$DEPLOY_RING",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN npm install -g serve@14.2.4",
            "ARG DEPLOY_RING",
            "LABEL ring=$DEPLOY_RING",
          ],
        },
      },
    ],
    good: [
      {
        name: "declared where it is needed",
        files: { Dockerfile: ["FROM node:22-slim", "RUN npm ci", "ARG GIT_SHA", "LABEL revision=$GIT_SHA"] },
      },
      {
        name: "only metadata follows",
        files: { Dockerfile: ["FROM nginx:1.27.4", "ARG GIT_SHA", "LABEL revision=$GIT_SHA", "EXPOSE 80"] },
      },
      {
        name: "the step uses it",
        files: {
          Dockerfile: ["FROM debian:12-slim", "ARG VERSION", "RUN apt-get update && apt-get install -y api=$VERSION"],
        },
      },
      {
        name: "the version of a tool",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "ARG POETRY_VERSION=2.1.3",
            "RUN apt-get update && apt-get install -y curl",
            "RUN pip install poetry==$POETRY_VERSION",
          ],
        },
      },
      {
        name: "a version that is written down and fetched",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "ARG VERSION=1.4.2",
            "RUN apk add --no-cache curl",
            "RUN curl -fsSLo /usr/bin/api https://example.com/api-$VERSION",
          ],
        },
      },
      {
        name: "a compiler may read it",
        files: { Dockerfile: ["FROM gcc:14", "ARG GIT_SHA", "COPY . .", "RUN make"] },
      },
      {
        name: "global, and not declared in the stage",
        files: { Dockerfile: ["ARG GIT_SHA", "FROM node:22-slim", "RUN npm ci"] },
      },
      {
        name: "it decides which files are copied",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "ARG RELEASE",
            "COPY dist/$RELEASE /app",
            "RUN apt-get update && apt-get install -y tini",
          ],
        },
      },
      {
        name: "a name that asks for it",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG CACHEBUST=1", "RUN apt-get update && apt-get upgrade -y"] },
      },
      {
        name: "arguments of the builder",
        files: {
          Dockerfile: ["FROM node:22-slim", "ARG TARGETARCH", "ARG SOURCE_DATE_EPOCH", "ARG HTTP_PROXY", "RUN npm ci"],
        },
      },
      {
        name: "a name that the policy leaves out",
        options: { ignore: ["GIT_*"] },
        files: { Dockerfile: ["FROM node:22-slim", "ARG GIT_SHA", "RUN npm ci"] },
      },
      {
        name: "a stage that nothing needs",
        files: {
          Dockerfile: ["FROM node:22-slim AS docs", "ARG GIT_SHA", "RUN npm ci", "FROM nginx:1.27.4"],
        },
      },
      {
        name: "development",
        files: { "Dockerfile.dev": ["FROM node:22-slim", "ARG GIT_SHA", "RUN npm ci"] },
      },
    ],
  },
});

function* checkBuild(build: Build, { options: { names, ignore } }: RuleContext<typeof options>): Iterable<Finding> {
  const choice = { isExtra: nameMatcher(names), isLeftOut: nameMatcher(ignore) };
  for (const early of earlyArgs(build, choice)) {
    const { name, pair, repeated, isCertain } = early;
    yield {
      range: pair.range,
      message: `\`${name}\` changes with each build, so \`${repeated.what}\` below never comes from the cache; ${remedy(early)}`,
      related: [{ range: repeated.range, message: "runs again for every new value" }],
      confidence: isCertain ? "high" : "medium",
      subject: name,
      fix: moveDown(early),
    };
  }
}

function nameMatcher(globs: readonly string[]): (name: string) => boolean {
  const patterns = globs.flatMap((text) => {
    const compiled = compileGlob(text);
    return compiled.kind === "glob" ? [compiled.pattern] : [];
  });
  return (name) => patterns.some((pattern) => pattern.matches(name));
}

function remedy({ use, isHeld, instruction }: EarlyArg): string {
  if (isHeld) return "move it down with what uses it";
  if (use === undefined) return `remove it, or move it down`;
  return instruction.pairs.length > 1 ? "declare it below, alone" : `move it down to ${use.keyword}`;
}

/** Unsafe: a step that reads the variable without naming it finds it gone. */
function moveDown({ use, isHeld, instruction, stage }: EarlyArg): Fix | undefined {
  if (use === undefined || isHeld || instruction.pairs.length !== 1) return undefined;
  if (stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const { source } = instruction.range;
  const at = use.range.start;
  return {
    description: `move it above ${use.keyword}`,
    safety: "unsafe",
    edits: [
      { range: wholeLines(instruction.range), text: "" },
      { range: source.range(at, at), text: `${textOf(instruction.range)}${source.lineBreak}` },
    ],
  };
}
