import type { ImagePackageManager } from "../../src/data/base-image-model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { absentManagers } from "../../src/project/package-managers-at.js";

export default defineRule({
  id: "packages/use-available-manager",
  summary: "The package manager exists in this image",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "Each distribution brings its own package manager. A call of another one ends the build with `not found`: after a move from " +
      "Debian to Alpine, after a line was copied from elsewhere, or in an image that has no package manager at all.",
  ],
  references: ["https://docs.docker.com/build/building/base-images/"],
  mentions: { dockerfile: ["apt", "apk", "yum", "dnf", "zypper", "pacman"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "apt-get on Alpine",
        message: "use `apk add`",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN «apt-get» update && apt-get install -y curl"] },
      },
      {
        name: "Alpine below a language",
        files: { Dockerfile: ["FROM node:22-alpine", "WORKDIR /app", "RUN «apt-get» update"] },
      },
      {
        name: "apk on Debian",
        message: "use `apt-get install`",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN «apk» add --no-cache curl"] },
      },
      {
        name: "a parent stage starts from it",
        files: {
          Dockerfile: ["FROM debian:12 AS base", "RUN apt-get update", "FROM base", "RUN «yum» install -y curl"],
        },
      },
      {
        name: "each manager once",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN «apt-get» update",
            "RUN apt-get install -y curl",
            "RUN «dnf» upgrade -y",
          ],
        },
      },
      {
        name: "an image without package manager",
        message: "has no package manager",
        files: { Dockerfile: ["FROM gcr.io/distroless/base-debian12", "RUN «apt-get» install -y curl"] },
      },
      { name: "nothing at all", files: { Dockerfile: ["FROM scratch", 'RUN [«"apt-get"», "update"]'] } },
      {
        name: "dnf in the small image of UBI",
        message: "use `microdnf install`",
        files: { Dockerfile: ["FROM registry.access.redhat.com/ubi9/ubi-minimal:9.4", "RUN «dnf» install -y nginx"] },
      },
      {
        name: "apt on Wolfi",
        files: { Dockerfile: ["FROM cgr.dev/chainguard/wolfi-base", "RUN «apt» install -y curl"] },
      },
    ],
    good: [
      { name: "its own", files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache curl"] } },
      { name: "yum is another name of dnf", files: { Dockerfile: ["FROM rockylinux:9", "RUN yum install -y curl"] } },
      { name: "an unknown base", files: { Dockerfile: ["FROM registry.acme.io/base", "RUN apt-get update"] } },
      { name: "a value nobody can know", files: { Dockerfile: ["ARG BASE", "FROM ${BASE}", "RUN apt-get update"] } },
      {
        name: "installed before",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get update && apt-get install -y dnf", "RUN dnf --version"] },
      },
      {
        name: "copied before",
        files: {
          Dockerfile: [
            "FROM alpine:3.22 AS tools",
            "FROM debian:12",
            "COPY --from=tools /sbin/apk /sbin/apk",
            "RUN apk info",
          ],
        },
      },
      {
        name: "a system of its own",
        files: { Dockerfile: ["FROM scratch", "ADD rootfs.tar.gz /", "RUN apt-get update"] },
      },
      {
        name: "in another root",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN chroot /mnt apt-get update"] },
      },
      {
        name: "something unseen may have brought it",
        files: { Dockerfile: ["FROM alpine:3.22", "COPY setup.sh /", "RUN /setup.sh && apt-get update"] },
      },
      {
        name: "asked for before",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN if command -v apt-get; then apt-get update; else apk update; fi",
            "RUN apt-get update || apk update",
            "RUN [ -f /etc/debian_version ] && apt-get update || true",
          ],
        },
      },
      {
        name: "a function of this name",
        files: { Dockerfile: ["FROM alpine:3.22", 'RUN yum() { apk add "$@"; }; yum curl'] },
      },
      {
        name: "managers of a language",
        files: { Dockerfile: ["FROM alpine:3.22", "RUN apk add npm && npm install -g serve"] },
      },
    ],
  },
});

const INSTALLS: Readonly<Record<ImagePackageManager, string>> = {
  apk: "apk add",
  apt: "apt-get install",
  dnf: "dnf install",
  microdnf: "microdnf install",
  none: "",
  pacman: "pacman -S",
  tdnf: "tdnf install",
  yum: "yum install",
  zypper: "zypper install",
};

function* checkStage(stage: StageView): Iterable<Finding> {
  const base = stage.lineage.at(-1)?.evaluated.base;
  if (base === undefined) return;
  const image = base.kind === "image" ? base.resolved : base.written;
  for (const { command, program, own } of absentManagers(stage)) {
    const message =
      own === "none"
        ? `\`${program}\`: \`${image}\` has no package manager; install in another stage and copy the result`
        : `\`${program}\` does not exist in \`${image}\`; use \`${INSTALLS[own]}\`, or another base`;
    yield {
      range: command.invocation.nameRange,
      message,
      related: [{ range: base.range, message: "the image it runs in" }],
    };
  }
}
