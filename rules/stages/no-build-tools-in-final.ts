import { runtimeCounterpart } from "../../src/data/build-tool-packages.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { type BuildToolInstall, buildToolInstalls, isUsedAtRunTime } from "../../src/project/build-tools.js";
import type { Build } from "../../src/project/model.js";

const options = {
  allow: option.strings({ default: [], description: "Packages that this image needs at run time: `git`." }),
};

export default defineRule({
  id: "stages/no-build-tools-in-final",
  summary: "Compilers, headers and VCS clients stay out of the shipped chain",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    compiler: { summary: "a compiler or build system" },
    headers: { summary: "headers of a library" },
    vcs: { summary: "a version control client" },
    debug: { summary: "a debugger or editor", levels: { recommended: "off", checklist: "off", strict: "error" } },
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "What only builds need is dead weight in production: more to pull, more to patch, and a toolchain for whoever breaks in.",
    "Installed in a builder stage it does its work and stays behind.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages", "CIS 4.3"],
  options,
  yieldsTo: ["packages/no-host-packages"],
  yieldsOnSubjectTo: ["stages/require-multi-stage"],
  mentions: { dockerfile: ["apt", "apk", "dnf", "yum", "zypper", "pacman"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "compiler and git in the runtime stage",
        kind: "compiler",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN pip wheel -w /wheels acme==1.0.0",
            "FROM python:3.12-slim",
            "RUN apt-get update && apt-get install -y «gcc» && rm -rf /var/lib/apt/lists/*",
            "COPY --from=build /wheels /wheels",
          ],
        },
      },
      {
        name: "headers, with the package that run time needs",
        kind: "headers",
        message: "install `libpq5` instead",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS build",
            "RUN pip wheel -w /wheels acme==1.0.0",
            "FROM python:3.12-slim",
            "RUN apt-get update && apt-get install -y «libpq-dev»",
            "COPY --from=build /wheels /wheels",
          ],
        },
      },
      {
        name: "git in a service that never calls it",
        kind: "vcs",
        files: {
          Dockerfile: ["FROM node:22.14.0-alpine", "RUN apk add --no-cache «git»", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "an editor",
        kind: "debug",
        files: {
          Dockerfile: ["FROM node:22.14.0-alpine", "RUN apk add --no-cache «vim»", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "inherited from a stage of the chain",
        kind: "vcs",
        files: {
          Dockerfile: ["FROM alpine:3.21 AS base", "RUN apk add «git»", "FROM base", 'CMD ["crond", "-f"]'],
        },
      },
    ],
    good: [
      {
        name: "the builder keeps them",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS builder",
            "RUN apt-get update && apt-get install -y gcc git",
            "FROM python:3.12-slim",
            "COPY --from=builder /opt/venv /opt/venv",
          ],
        },
      },
      {
        name: "purged in the same RUN",
        files: {
          Dockerfile: [
            "FROM debian:bookworm-slim",
            "RUN apt-get install -y git && apt-get purge -y git",
            'CMD ["true"]',
          ],
        },
      },
      {
        name: "a virtual package that goes",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN apk add --virtual .fetch git && apk del .fetch", 'CMD ["true"]'],
        },
      },
      {
        name: "the single stage is reported as a whole",
        policy: { presets: ["recommended"] },
        files: { Dockerfile: ["FROM alpine:3.21", "RUN apk add tzdata", 'CMD ["true"]'] },
      },
      {
        name: "allowed by the policy",
        options: { allow: ["git"] },
        files: { Dockerfile: ["FROM alpine:3.21", "RUN apk add git", 'CMD ["crond", "-f"]'] },
      },
      {
        name: "the program that the container runs",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN apk add git", 'ENTRYPOINT ["git", "daemon"]'] },
      },
      {
        name: "a Compose command runs it",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN apk add git"],
          "compose.yaml": ["services:", "  mirror:", "    build: .", "    command: git daemon --export-all"],
        },
      },
      {
        name: "the start script runs it",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN apk add git", "COPY start.sh /start.sh", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "git pull", "exec node server.js"],
        },
      },
      {
        name: "a run time that compiles",
        files: { Dockerfile: ["FROM r-base:4.4.2", "RUN apt-get update && apt-get install -y gcc", 'CMD ["R"]'] },
      },
      {
        name: "a development package that programs open at run time",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN apt-get update && apt-get install -y libgdiplus",
            'CMD ["python"]',
          ],
        },
      },
      { name: "a test image", files: { "Dockerfile.test": ["FROM alpine:3.21", "RUN apk add git make gcc"] } },
    ],
  },
});

function* checkBuild(build: Build, { options: { allow }, project }: RuleContext<typeof options>): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || target.isWindows) return;
  for (const stage of build.chain) {
    for (const install of buildToolInstalls(stage)) {
      if (allow.includes(install.name) || isUsedAtRunTime(install, target, project)) continue;
      yield { kind: install.kind, range: install.range, message: describe(install, target.label) };
    }
  }
}

function describe({ name, command: { family } }: BuildToolInstall, label: string): string {
  const system = family === "yum" ? "dnf" : family;
  const counterpart =
    system === "apt" || system === "apk" || system === "dnf" ? runtimeCounterpart(name, system) : undefined;
  const remedy = counterpart === undefined ? "install it in a builder stage" : `install \`${counterpart}\` instead`;
  return `\`${name}\` ships in \`${label}\`, where only a build needs it; ${remedy}`;
}
