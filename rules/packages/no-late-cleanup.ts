import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type LateCleanUp, lateCleanUps } from "../../src/project/late-clean-ups.js";
import type { Build } from "../../src/project/model.js";

export default defineRule({
  id: "packages/no-late-cleanup",
  summary: "Package-manager leftovers go in the layer that made them",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    cache: { summary: "lists or a cache that an earlier layer keeps" },
    virtual: { summary: "build dependencies that the RUN does not remove" },
    "del-cache": { summary: "`apk del` that leaves an index behind" },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "Layers only add. A RUN that removes what an earlier one fetched hides it, adds a layer, and the image is as large as before.",
    "Build dependencies under a name of their own are there to be removed in the RUN that needs them; afterwards it is too late.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts",
    "https://docs.docker.com/build/building/best-practices/#run",
  ],
  mentions: { dockerfile: ["rm", "clean", "purge", "find", "apk", "deps", "build"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "lists of an earlier RUN",
        kind: "cache",
        message: "layer of line 2",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl",
            "RUN «rm» -rf /var/lib/apt/lists/* /tmp/*",
          ],
        },
      },
      {
        name: "caches of others, in a parent stage, too",
        kind: "cache",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/base:4 AS base",
            "RUN dnf install -y httpd && pip install flask==3.1.1",
            "RUN npm ci && apk add git",
            "FROM base",
            "RUN «dnf» clean all && «rm» -rf /root/.cache",
            "RUN «npm» cache clean --force && «rm» -rf /var/cache/apk/*",
          ],
        },
      },
      {
        name: "build dependencies that stay",
        kind: "virtual",
        message: "`.build-deps` stay",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache --virtual «.build-deps» gcc musl-dev && make"],
        },
      },
      {
        name: "a list of build dependencies that stays",
        kind: "virtual",
        files: {
          Dockerfile: [
            "FROM php:8.4-cli-alpine",
            "RUN apk add --no-cache «$PHPIZE_DEPS» icu-libs && docker-php-ext-install intl",
          ],
        },
      },
      {
        name: "an index that `apk del` fetches",
        kind: "del-cache",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache --virtual .build gcc && make && apk «del» .build"],
        },
      },
    ],
    good: [
      {
        name: "all in one RUN",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache --virtual .build gcc musl-dev && make && apk del --no-cache .build",
            "RUN apk add --no-cache -t build-tools gcc && make && apk del --no-network build-tools",
            "RUN apk add --no-cache $BUILD_DEPS && make && apk del --no-cache $BUILD_DEPS",
            "RUN apk add gcc && apk del gcc && rm -rf /var/cache/apk/*",
          ],
        },
      },
      {
        name: "the RUN fetches, too",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl",
            "RUN apt-get update && apt-get install -y git && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "nothing is left to remove",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*",
            "RUN pip install --no-cache-dir flask==3.1.1",
            "RUN rm -rf /var/lib/apt/lists/* /root/.cache && apt-get clean",
          ],
        },
      },
      {
        name: "a stage that only builds, and mounts",
        files: {
          Dockerfile: [
            "FROM debian:12 AS build",
            "RUN apt-get update && apt-get install -y gcc",
            "RUN rm -rf /var/lib/apt/lists/*",
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/lib/apt apt-get update && apt-get install -y curl",
            "RUN rm -rf /var/lib/apt/lists/*",
            "RUN apt-get update && apt-get install -y git",
            "RUN --mount=type=cache,target=/var/lib/apt rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "a later RUN removes the packages, which another rule judges",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache --virtual .build gcc",
            "RUN make && apk del --no-cache .build",
          ],
        },
      },
      {
        name: "packages that are meant to stay, and a script that may remove them",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache --virtual runtime icu-libs $RUNTIME_DEPS && apk add --no-cache -t .run-deps jq",
            "RUN apk add --no-cache --virtual .build gcc && ./build.sh",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  if (build.target?.isWindows === true) return;
  for (const late of lateCleanUps(build)) yield finding(late);
}

function finding(late: LateCleanUp): Finding {
  const { range } = late;
  switch (late.kind) {
    case "cache": {
      const { fetch, what } = late;
      const { line } = fetch.source.positionAt(fetch.start);
      return {
        kind: "cache",
        range,
        message: `${what} stay in the layer of line ${line}, whatever \`${late.said}\` removes here; clean up in that RUN`,
        related: [{ range: fetch, message: "what is removed was fetched here" }],
      };
    }
    case "virtual":
      return {
        kind: "virtual",
        range,
        message: `the build dependencies \`${late.name}\` stay in the image; remove them in the same RUN`,
        confidence: late.isCertain ? "high" : "medium",
      };
    case "del-cache":
      return {
        kind: "del-cache",
        range,
        message: "`apk del` leaves an index behind; add `--no-cache`",
        atMost: "info",
      };
  }
}
