import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type FloatingArg, floatingArgs } from "../../src/project/floating-args.js";
import { quoted } from "../../src/text/quoted.js";

const DIGEST = "sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645";

export default defineRule({
  id: "images/no-floating-build-args",
  summary: "A build argument does not unpin the base",
  levels: { recommended: ["warning", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "never",
  why: [
    "The Dockerfile names the version that was tested, and who reads it believes that. The argument in the Compose file " +
      "replaces it by whatever is newest on the day of the build.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "https://docs.docker.com/reference/compose-file/build/#args",
    "CWE-1357",
  ],
  // With what ends the keyword: `target=` and `cargo` hold the letters, too.
  mentions: { dockerfile: ["arg ", "arg\t", "arg\\", "arg`"] },
  check: {
    *build(build) {
      for (const floating of floatingArgs(build)) yield findingOf(floating);
    },
  },
  examples: {
    bad: [
      {
        name: "latest instead of a version",
        message: "`NODE_VERSION: latest` turns the base into `node:latest`",
        files: {
          Dockerfile: ["ARG NODE_VERSION=22.14.0", "FROM node:${NODE_VERSION}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        NODE_VERSION: «latest»",
          ],
        },
      },
      {
        name: "a channel, and no tag at all",
        files: {
          Dockerfile: [
            "ARG RUN=nginx:1.27.4",
            "ARG NODE=22.14.0",
            "FROM node:${NODE} AS build",
            "FROM ${RUN}",
            "COPY --from=build /app /app",
          ],
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            "      args: [NODE=«lts», RUN=«nginx»]",
          ],
        },
      },
      {
        name: "a tag instead of a digest",
        message: "loses its digest",
        files: {
          Dockerfile: [`ARG BASE=node:22.14.0@${DIGEST}`, "FROM ${BASE}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: {BASE: «node:22.14.0»}",
          ],
        },
      },
      {
        name: "a value of an env file is judged and not shown",
        message: "`NODE_VERSION: ${TAG}`",
        files: {
          ".env": ["TAG=latest"],
          Dockerfile: ["ARG NODE_VERSION=22.14.0", "FROM node:${NODE_VERSION}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            '      args: {NODE_VERSION: «"${TAG}"»}',
          ],
        },
      },
    ],
    good: [
      {
        name: "another version",
        files: {
          Dockerfile: ["ARG NODE_VERSION=22.14.0", "FROM node:${NODE_VERSION}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            '      args: {NODE_VERSION: "20.18.1"}',
          ],
        },
      },
      {
        name: "nothing that the Dockerfile pins",
        files: {
          Dockerfile: [
            "ARG NODE_VERSION=lts",
            "ARG TAG",
            "FROM node:${NODE_VERSION} AS build",
            "FROM nginx:${TAG}",
            "COPY --from=build /app /app",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: {NODE_VERSION: latest, TAG: latest}",
          ],
        },
      },
      {
        name: "a value that nobody can know",
        files: {
          Dockerfile: ["ARG NODE_VERSION=22.14.0", "FROM node:${NODE_VERSION}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: {NODE_VERSION: '${NODE}'}",
          ],
        },
      },
      {
        name: "a stage that this service does not build",
        files: {
          Dockerfile: ["ARG LINT=1.62.2", "FROM golangci/golangci-lint:${LINT} AS lint", "FROM alpine:3.22 AS app"],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      args: {LINT: latest}"],
        },
      },
      {
        name: "another image altogether",
        files: {
          Dockerfile: ["ARG BASE=node:22.14.0", "FROM ${BASE}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args: {BASE: 'ghcr.io/acme/node:edge'}",
          ],
        },
      },
      { name: "no service", files: { Dockerfile: ["ARG NODE_VERSION=22.14.0", "FROM node:${NODE_VERSION}"] } },
    ],
  },
});

function findingOf({ argument, declaration, stage, lost, pinned, floating }: FloatingArg): Finding {
  const { key, value, range } = argument;
  const isSecret = value?.isSecret === true;
  const given = quoted(`${key}: ${value?.text ?? ""}`);
  const base = isSecret ? "into one without a version" : `into ${quoted(withoutDigest(floating))}`;
  const message =
    lost === "digest"
      ? `with ${given} the base ${quoted(withoutDigest(pinned))} loses its digest; pass it with the digest`
      : `${given} turns the base ${base}; pass a version`;
  return {
    range: value?.range ?? range,
    message,
    related: [
      { range: declaration, message: "the Dockerfile pins it here" },
      { range: stage.anchor, message: "the base that it decides" },
    ],
  };
}

function withoutDigest({ familiarName, tag }: FloatingArg["pinned"]): string {
  return `${familiarName}:${tag ?? "latest"}`;
}
