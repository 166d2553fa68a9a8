import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type MountedArtifact, mountedArtifacts } from "../../src/project/mounted-artifacts.js";

export default defineRule({
  id: "layers/no-artifact-in-cache-mount",
  summary: "Build results leave the cache mount",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "A cache or tmpfs mount covers its folder for one RUN. What is written there is in no layer: the next step finds an empty " +
      "folder, so that the build stops, or the image lacks what it starts.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#run---mounttypecache"],
  mentions: { dockerfile: ["type=cache", "type=tmpfs"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a program below the mounted target folder",
        message: "`/src/target`",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            "FROM debian:12-slim",
            "COPY --from=build «/src/target/release/api» /usr/bin/",
          ],
        },
      },
      {
        name: "a target that is relative to the working directory",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=target cargo build --release",
            "FROM debian:12-slim",
            "COPY --from=build «src/target/release/api» /usr/bin/",
          ],
        },
      },
      {
        name: "installed modules",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS deps",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN --mount=type=cache,target=/app/node_modules npm ci",
            "FROM node:22-slim",
            "COPY --from=deps «/app/node_modules» /app/node_modules",
          ],
        },
      },
      {
        name: "a tmpfs",
        files: {
          Dockerfile: [
            "FROM golang:1.24 AS build",
            "RUN --mount=type=tmpfs,target=/out go build -o /out/api ./cmd",
            "FROM scratch",
            "COPY --from=build «/out/api» /api",
          ],
        },
      },
      {
        name: "a later RUN",
        files: {
          Dockerfile: [
            "FROM rust:1.85",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            "RUN cp «target/release/api» /usr/bin/api",
          ],
        },
      },
      {
        name: "the start command",
        files: {
          Dockerfile: [
            "FROM rust:1.85",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            'CMD [«"./target/release/api"»]',
          ],
        },
      },
      {
        name: "in a parent stage",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS base",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            "FROM base AS build",
            "RUN mkdir /data",
            "FROM debian:12-slim",
            "COPY --from=build «/src/target/release/api» /usr/bin/",
          ],
        },
      },
      {
        name: "sources below /usr/src, on a base nobody knows",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/rust:1.85 AS build",
            "RUN --mount=type=cache,target=/usr/src/api/target cargo build --release",
            "FROM debian:12-slim",
            "COPY --from=build «/usr/src/api/target/release/api» /usr/bin/",
          ],
        },
      },
    ],
    good: [
      {
        name: "the same RUN copies it out",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN --mount=type=cache,target=/src/target cargo build --release && cp target/release/api /api",
            "FROM debian:12-slim",
            "COPY --from=build /api /usr/bin/",
          ],
        },
      },
      {
        name: "a later RUN with the same mount copies it",
        files: {
          Dockerfile: [
            "FROM rust:1.85",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            "RUN --mount=type=cache,target=/src/target cp target/release/api /usr/bin/api",
          ],
        },
      },
      {
        name: "another RUN builds without the mount",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=/src/target cargo build",
            "RUN cargo build --release",
            "FROM debian:12-slim",
            "COPY --from=build /src/target/release/api /usr/bin/",
          ],
        },
      },
      {
        name: "a COPY may bring it",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "COPY --from=ghcr.io/acme/prebuilt:1.4 /target /src/target",
            "RUN --mount=type=cache,target=/src/target cargo test",
            "FROM debian:12-slim",
            "COPY --from=build /src/target/release/api /usr/bin/",
          ],
        },
      },
      {
        name: "the context holds it",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "COPY . /src",
            "RUN --mount=type=cache,target=/src/assets cargo build",
            "FROM debian:12-slim",
            "COPY --from=build /src/assets/logo.svg /srv/",
          ],
          "assets/logo.svg": ["<svg/>"],
        },
      },
      {
        name: "a script may bring it",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "RUN --mount=type=cache,target=/src/target cargo build",
            "RUN ./collect.sh",
            "FROM debian:12-slim",
            "COPY --from=build /src/target/release/api /usr/bin/",
          ],
        },
      },
      {
        name: "the base may bring it",
        files: {
          Dockerfile: [
            "FROM php:8.3 AS build",
            "RUN --mount=type=cache,target=/usr/local/lib/php php tool.php",
            "FROM debian:12-slim",
            "COPY --from=build /usr/local/lib/php /usr/local/lib/php",
          ],
        },
      },
      {
        name: "a path beside the mount",
        files: {
          Dockerfile: [
            "FROM golang:1.24 AS build",
            "RUN --mount=type=cache,target=/root/.cache/go-build go build -o /out/api",
            "FROM scratch",
            "COPY --from=build /out/api /api",
          ],
        },
      },
      {
        name: "a target nobody can know",
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "ARG DIR",
            "RUN --mount=type=cache,target=$DIR cargo build",
            "FROM debian:12-slim",
            "COPY --from=build /src/target/release/api /usr/bin/",
          ],
        },
      },
      {
        name: "a command that may fail",
        files: {
          Dockerfile: [
            "FROM rust:1.85",
            "WORKDIR /src",
            "RUN --mount=type=cache,target=/src/target cargo build --release",
            "RUN cp target/release/api /usr/bin/api || true",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const artifact of mountedArtifacts(stage)) {
    yield {
      range: artifact.range,
      message: messageOf(artifact),
      // A base that nobody knows may bring the path.
      confidence: artifact.stage.facts === undefined && !artifact.stage.isScratch ? "medium" : "high",
      related: [{ range: artifact.mount.mount.range, message: "the mount, which covers the folder for this RUN only" }],
    };
  }
}

function messageOf({ mount: { type, target }, stage }: MountedArtifact): string {
  const kind = type === "cache" ? "cache mount" : "tmpfs";
  const shown = target.length > 60 ? `${target.slice(0, 59)}…` : target;
  return `\`${shown}\` is a ${kind}, so \`${stage.label.slice(0, 30)}\` does not hold this; end its RUN with \`cp\``;
}
