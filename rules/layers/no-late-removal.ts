import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type LateRemoval, lateRemovals } from "../../src/project/late-removals.js";
import type { Build, RunView } from "../../src/project/model.js";

export default defineRule({
  id: "layers/no-late-removal",
  summary: "What is removed is removed in the layer that created it",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "Layers only add: a later step can hide a file, not take it away. The image stays as large, and whoever has it can read " +
      "what was hidden.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#run",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts",
  ],
  // What is removed is a secret: then its size does not matter.
  yieldsTo: ["secrets/no-late-removal#file"],
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a compiler that a later RUN removes",
        message: "`gcc`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y gcc",
            "RUN «apt-get remove -y gcc»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y gcc \\",
            "    && apt-get remove -y gcc",
          ],
        },
      },
      {
        name: "something stands between",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache --virtual .build gcc musl-dev",
            "COPY . /src",
            "RUN cc -o /api /src/api.c && «apk del .build»",
          ],
        },
      },
      {
        name: "installed in the parent stage",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS base",
            "RUN pip install pytest==8.3.4",
            "FROM base",
            "RUN «pip uninstall -y pytest»",
          ],
        },
      },
      {
        name: "an archive that was downloaded",
        message: "`/tmp/api.tar.gz`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLo /tmp/api.tar.gz https://example.com/api.tar.gz",
            "RUN tar -xzf /tmp/api.tar.gz -C /opt && «rm /tmp/api.tar.gz»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN curl -fsSLo /tmp/api.tar.gz https://example.com/api.tar.gz \\",
            "    && tar -xzf /tmp/api.tar.gz -C /opt && rm /tmp/api.tar.gz",
          ],
        },
      },
      {
        name: "wheels that were copied",
        message: "mount",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN pip wheel -w /wheels flask==3.1.0",
            "FROM python:3.12-slim",
            "COPY --from=build /wheels /wheels",
            "RUN pip install --no-index /wheels/*.whl && «rm -rf /wheels»",
          ],
        },
      },
      {
        name: "a folder of what was copied",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN «rm -rf tests»"],
          "tests/api.test.js": ["test"],
        },
      },
      {
        name: "modules that the earlier install brought",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY . .",
            "RUN npm ci && npm run build",
            "RUN «rm -rf node_modules» && npm ci --omit=dev",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY . .",
            "RUN npm ci && npm run build \\",
            "    && rm -rf node_modules && npm ci --omit=dev",
          ],
        },
      },
      {
        name: "pruned a layer later",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package*.json ./",
            "RUN npm ci",
            "COPY . .",
            "RUN npm run build && «npm prune --omit=dev»",
          ],
        },
      },
      {
        name: "make clean",
        files: { Dockerfile: ["FROM gcc:14", "COPY . .", "RUN make install", "USER 1000", "RUN «make clean»"] },
      },
      {
        name: "a working tree of git",
        files: {
          Dockerfile: [
            "FROM alpine/git:2.47.2",
            "RUN git clone https://github.com/acme/api.git /api",
            "WORKDIR /api",
            "RUN «rm -rf .git»",
          ],
        },
      },
    ],
    good: [
      {
        name: "in the same RUN",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y gcc && apt-get purge -y gcc && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "in a stage of which only results ship",
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS build",
            "COPY . .",
            "RUN cargo build --release",
            "RUN rm -rf target/release/deps",
            "FROM debian:12-slim",
            "COPY --from=build /target/release/api /api",
          ],
        },
      },
      {
        name: "what the base brings",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            "RUN rm /etc/nginx/conf.d/default.conf",
            "RUN apt-get purge -y curl && rm -rf /usr/share/doc",
          ],
        },
      },
      {
        name: "lists of packages have a rule of their own",
        files: {
          Dockerfile: ["FROM debian:12-slim", "RUN apt-get update", "RUN rm -rf /var/lib/apt/lists/*"],
        },
      },
      {
        name: "on a mount",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY api.tar.gz /tmp/",
            "RUN --mount=type=tmpfs,target=/tmp rm -rf /tmp/*",
          ],
        },
      },
      {
        name: "replaced by something else",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", "COPY html /srv/html", "RUN rm -rf /srv/html && ln -s /mnt/html /srv/html"],
          "html/index.html": ["hello"],
        },
      },
      {
        name: "made and removed by the same RUN",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY old.tar.gz /tmp/api.tar.gz",
            "RUN curl -fsSLo /tmp/api.tar.gz https://example.com/api.tar.gz && rm /tmp/api.tar.gz",
          ],
        },
      },
      {
        name: "not known to have been copied",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN rm -rf .cache"] },
      },
      {
        name: "a path that nobody can know",
        files: { Dockerfile: ["FROM debian:12-slim", "ARG DIR", "COPY data $DIR", "RUN rm -rf $DIR"] },
      },
      {
        name: "files that a search chooses",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY . /app", "RUN find /app -name '*.pyc' -delete"],
        },
      },
      {
        name: "squashed",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN apt-get update && apt-get install -y gcc",
            "RUN apt-get remove -y gcc",
            "FROM scratch",
            "COPY --from=build / /",
          ],
        },
      },
      {
        name: "development",
        files: {
          "Dockerfile.dev": ["FROM debian:12-slim", "RUN apt-get install -y gcc", "RUN apt-get remove -y gcc"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  for (const removal of lateRemovals(build)) {
    const { range, creator, isCertain, isSmall } = removal;
    yield {
      range,
      message: messageOf(removal),
      related: [{ range: creator.range, message: "this layer keeps it" }],
      confidence: isCertain ? "high" : "medium",
      ...(isSmall ? { atMost: "info" } : {}),
      fix: mergeRuns(removal),
    };
  }
}

function messageOf({ command, what, creator }: LateRemoval): string {
  const problem = `\`${command}\` cannot take ${what} out of an earlier layer`;
  return creator.by.kind === "copy"
    ? `${problem}; use \`RUN --mount=type=bind\` instead of the copy`
    : `${problem}; do it in the RUN that brings it, or build in another stage`;
}

/** Unsafe: where the first RUN goes on after a failure, the second part now depends on it. */
function mergeRuns({ run, creator }: LateRemoval): Fix | undefined {
  const { stage, instruction } = run;
  if (creator.by.kind !== "run" || stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const first = creator.by.run;
  const { instructions } = stage.stage;
  const index = instructions.indexOf(instruction);
  if (first.stage !== stage || index < 1 || instructions[index - 1] !== first.instruction) return undefined;
  if (!canBeJoined(first) || !canBeJoined(run) || instruction.commentsAbove.length > 0) return undefined;
  const { source } = instruction.range;
  const gap = source.range(first.instruction.range.end, instruction.argumentsRange.start);
  const continuation = stage.build.dockerfile.dockerfile.escape;
  return {
    description: "join it to the RUN above",
    safety: "unsafe",
    edits: [{ range: gap, text: ` ${continuation}${source.lineBreak}    && ` }],
  };
}

/** A list of commands joined by `&&` alone, without flags, heredocs and comments. */
function canBeJoined({ instruction, script }: RunView): boolean {
  if (script === undefined || script.partial || script.skipped !== undefined || script.swallowed !== undefined)
    return false;
  if (instruction.flags.length > 0 || instruction.heredocs.length > 0) return false;
  return script.steps.every(({ before, after }) =>
    [before, after].every((joint) => joint === undefined || joint.operator === "&&"),
  );
}
