import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { blockedWrites } from "../../src/project/blocked-writes.js";
import type { RunView, StageView, UserState } from "../../src/project/model.js";
import { type RootStep, rootSteps } from "../../src/project/root-steps.js";

export default defineRule({
  id: "user/no-root-steps-after-user",
  summary: "Commands that need root run before USER",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "USER is in effect for every RUN behind it: one that installs packages or writes to the system stops the build.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#user"],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "packages behind USER",
        message: "`apt-get install`",
        files: { Dockerfile: ["FROM debian:12-slim", "USER 1000", "RUN «apt-get» install -y curl"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get install -y curl", "USER 1000"] },
      },
      {
        name: "the base is not root",
        message: "`jenkins`",
        files: {
          Dockerfile: ["FROM jenkins/jenkins:2.479", "WORKDIR /app", "RUN «apt-get» update && apt-get install -y curl"],
        },
        fixed: {
          Dockerfile: [
            "FROM jenkins/jenkins:2.479",
            "WORKDIR /app",
            "USER root",
            "RUN apt-get update && apt-get install -y curl",
            "USER jenkins",
          ],
        },
      },
      {
        name: "accounts, a package file, and the cache of libraries",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "USER 1000",
            "FROM base",
            "RUN «useradd» api",
            "COPY tool.deb /tmp/",
            "RUN echo install && «dpkg» -i /tmp/tool.deb",
            "COPY lib /srv/lib",
            "RUN «ldconfig»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "USER 1000",
            "FROM base",
            "USER root",
            "RUN useradd api",
            "USER 1000",
            "COPY tool.deb /tmp/",
            "USER root",
            "RUN echo install && dpkg -i /tmp/tool.deb",
            "USER 1000",
            "COPY lib /srv/lib",
            "USER root",
            "RUN ldconfig",
            "USER 1000",
          ],
        },
      },
      {
        name: "files of the system",
        message: "`/etc/api.conf`",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node", "WORKDIR /app", "RUN echo debug=0 > «/etc/api.conf»"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "WORKDIR /app",
            "USER root",
            "RUN echo debug=0 > /etc/api.conf",
            "USER node",
          ],
        },
      },
      {
        name: "in a Compose file",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM debian:12-slim",
            "        USER 1000",
            "        RUN «apt-get» update",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM debian:12-slim",
            "        USER 1000",
            "        USER root",
            "        RUN apt-get update",
            "        USER 1000",
          ],
        },
      },
      {
        name: "in a string of a Compose file, which takes no further line",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            '      dockerfile_inline: "FROM debian:12-slim\\nUSER 1000\\nRUN «apt-get» update\\n"',
          ],
        },
      },
      {
        name: "files given to another user",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER node", "WORKDIR /app", "RUN touch x && «chown» root x"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "WORKDIR /app",
            "USER root",
            "RUN touch x && chown root x",
            "USER node",
          ],
        },
      },
    ],
    good: [
      {
        name: "before USER, or between two",
        files: {
          Dockerfile: [
            "FROM jenkins/jenkins:2.479",
            "USER root",
            "RUN apt-get update && apt-get install -y curl",
            "USER 1001",
            "RUN npm ci",
          ],
        },
      },
      {
        name: "as somebody else",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "USER 1000",
            "RUN sudo apt-get update && sudo sh -c 'apt-get install -y curl' && sudo -E apt-get clean",
            "RUN fakeroot apk add --root /tmp/root curl && echo x | sudo tee /etc/x",
          ],
        },
      },
      {
        name: "a test decides, or the failure is caught",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "USER 1000",
            'RUN if [ "$(id -u)" = 0 ]; then apt-get update; fi; ldconfig || true',
          ],
        },
      },
      {
        name: "nothing is changed",
        files: {
          Dockerfile: ["FROM debian:12-slim", "USER 1000", "RUN apt-get download curl && dpkg -x curl.deb /tmp/x"],
        },
      },
      {
        name: "a user or a base that nobody knows, and root",
        files: {
          Dockerfile: [
            "FROM registry.example.com/base:1 AS base",
            "RUN apt-get update",
            "FROM debian:12-slim",
            "ARG USER",
            "USER $USER",
            "RUN apt-get update",
          ],
        },
      },
      {
        name: "folders that were given to the user",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN mkdir /opt/api && chown 1000 /opt/api && chmod g=u /etc/passwd",
            "COPY --chown=1000 lib /usr/lib/api/",
            "USER 1000",
            "WORKDIR /opt/worker",
            "RUN cp a /opt/api/b && cp b /usr/lib/api/c && echo x >> /etc/passwd && cp c /opt/worker/",
            "RUN --mount=type=cache,target=/root/.cache,uid=1000 cp d /root/.cache/d && mkdir -p /usr/local/bin",
          ],
        },
      },
      {
        name: "folders of a base with a user of its own",
        files: { Dockerfile: ["FROM jenkins/jenkins:2.479", "RUN cp a /usr/share/jenkins/a"] },
      },
      {
        name: "its own files",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "WORKDIR /app",
            "RUN touch x && chown node:node x && chown 1000 x",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows || !stage.runs.some(({ user }) => user.isRoot === "no")) return;
  const steps = rootSteps(stage);
  if (steps.length === 0) return;
  // What a copy left to root is told where that copy stands.
  const blocked = new Set(blockedWrites(stage).map(({ run }) => run));
  for (const step of steps) {
    if (step.what === "chown" && blocked.has(step.run)) continue;
    const { run, range } = step;
    yield {
      range,
      message: messageOf(step),
      related: run.user.range === undefined ? [] : [{ range: run.user.range, message: "the user in effect" }],
      fix: asRoot(run),
    };
  }
}

function messageOf({ run: { user }, what, path }: RootStep): string {
  const who = `\`${user.text ?? ""}\``;
  if (path === undefined)
    return `\`${what}\` needs root, but ${who} is in effect, so the build stops; run it before USER`;
  const place = path.length > 40 ? "there" : `to \`${path}\``;
  return `\`${what}\` cannot write ${place} as ${who}, so the build stops; run it before USER`;
}

/** Unsafe: the RUN gets rights that it did not have, and what it makes becomes root's. */
function asRoot(run: RunView): Fix | undefined {
  const { user, instruction, stage } = run;
  if (user.text === undefined) return undefined;
  const { source, start, end } = instruction.range;
  // Text that moves would keep the indentation of its lines in a Compose file, and get it once more.
  const own = stage.build.dockerfile.source.embedding === undefined ? userBefore(run, user) : undefined;
  if (own !== undefined) {
    const { instructions } = stage.stage;
    const next = instructions[instructions.indexOf(instruction) + 1];
    const rest = source.range(own.start, end);
    const isAlone = next === undefined || !sameLine(source.text, end, next.range.start);
    if (isAlone) {
      const text = `${source.text.slice(start, end)}${source.text.slice(own.end, start)}${source.text.slice(own.start, own.end)}`;
      return { description: "run it before USER", safety: "unsafe", edits: [{ range: rest, text }] };
    }
  }
  return {
    description: "run it as root",
    safety: "unsafe",
    edits: [
      { range: source.range(start, start), text: "USER root\n" },
      { range: source.range(end, end), text: `\nUSER ${user.text}` },
    ],
  };
}

function sameLine(text: string, from: number, to: number): boolean {
  return !text.slice(from, to).includes("\n");
}

/** The USER directly above a RUN, with nothing but the line break between. */
function userBefore({ instruction, stage }: RunView, { origin }: UserState) {
  if (origin.kind !== "instruction") return undefined;
  const user = origin.step.instruction;
  const { instructions } = stage.stage;
  const before = instructions[instructions.indexOf(instruction) - 1];
  if (before !== user || user.range.source !== instruction.range.source) return undefined;
  const between = instruction.range.source.text.slice(user.range.end, instruction.range.start);
  return /^\r?\n$/.test(between) ? user.range : undefined;
}
