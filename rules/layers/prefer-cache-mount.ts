import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { frontendBefore } from "../../src/project/frontend.js";
import { addFlags } from "../../src/project/instruction-edits.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { type UncachedInstall, uncachedInstalls } from "../../src/project/package-caches.js";

const options = {
  tools: option.strings({ default: [], description: "Package managers to ask about, such as `pip`; empty means all." }),
};

export default defineRule({
  id: "layers/prefer-cache-mount",
  summary: "Package managers keep their cache between builds",
  levels: { strict: "info" },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  aliases: [
    "tally:prefer-package-cache-mounts",
    "tally:js/node-gyp-cache-mounts",
    "tally:ruby/prefer-bundler-cache-mount",
    "tally:ruby/prefer-network-none-install",
  ],
  why: [
    "A new line in the list of dependencies throws the layer of the install away, and everything is fetched again. A cache mount " +
      "outlives the layer, and is in no image.",
  ],
  references: [
    "https://docs.docker.com/build/cache/optimize/#use-cache-mounts",
    "https://docs.docker.com/reference/dockerfile/#run---mounttypecache",
  ],
  options,
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "pip",
        message: "`/root/.cache/pip`",
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN «pip install» -r requirements.txt"] },
        fixed: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "an option that would leave the cache empty goes too",
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN «pip install» --no-cache-dir flask"] },
        fixed: {
          Dockerfile: ["FROM python:3.12-slim", "RUN --mount=type=cache,target=/root/.cache/pip pip install flask"],
        },
      },
      {
        name: "a user with a home",
        files: { Dockerfile: ["FROM node:22-slim", "USER node", "RUN «npm ci»"] },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER node",
            "RUN --mount=type=cache,target=/home/node/.npm,uid=1000 npm ci",
          ],
        },
      },
      {
        name: "apt, with a lock",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && «apt-get install» -y curl"] },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "lists that the RUN removes: reported, not mended",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && «apt-get install» -y curl && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "a mount for something else",
        files: {
          Dockerfile: ["FROM golang:1.24", "USER 1000", "RUN --mount=type=cache,target=/tmp/cache «go mod download»"],
        },
        fixed: {
          Dockerfile: [
            "FROM golang:1.24",
            "USER 1000",
            "RUN --mount=type=cache,target=/go/pkg/mod,uid=1000 --mount=type=cache,target=/tmp/cache go mod download",
          ],
        },
      },
      {
        name: "a user whose home nobody knows",
        files: { Dockerfile: ["FROM python:3.12-slim", "USER 1000", "RUN «pip install» flask"] },
      },
    ],
    good: [
      {
        name: "a mount",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "a mount for a user whose home nobody knows",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "USER 1000",
            "RUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000 pip install flask",
          ],
        },
      },
      {
        name: "a frontend without mounts",
        files: { Dockerfile: ["# syntax=docker/dockerfile:1.1", "FROM python:3.12-slim", "RUN pip install flask"] },
      },
      {
        name: "without network",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN --network=none pip install --no-index -f /wheels flask"],
        },
      },
      {
        name: "what was fetched before",
        files: { Dockerfile: ["FROM golang:1.24", "RUN go build -mod=vendor ./..."] },
      },
      {
        name: "a manager that the policy does not ask about",
        options: { tools: ["pip"] },
        files: { Dockerfile: ["FROM node:22-slim", "RUN npm ci"] },
      },
      { name: "a file for local work", files: { "Dockerfile.dev": ["FROM node:22-slim", "RUN npm ci"] } },
      { name: "nothing is installed", files: { Dockerfile: ["FROM node:22-slim", "RUN npm run lint"] } },
    ],
  },
});

function* checkStage(stage: StageView, { options: { tools } }: RuleContext<typeof options>): Iterable<Finding> {
  if (stage.isWindows || frontendBefore(stage, 1, 2) === true) return;
  for (const run of stage.runs) {
    if (run.isOnbuild || run.instruction.network?.value?.literal === "none") continue;
    for (const install of uncachedInstalls(run)) {
      const { manager } = install.command;
      if (tools.length > 0 && !tools.includes(manager)) continue;
      const { path, usual } = install.folder;
      yield {
        range: install.range,
        message: `\`${manager}\` fetches everything again on each change; mount a cache on \`${path ?? usual}\``,
        fix: stage.build.dockerfile.source.embedding === undefined ? mountCache(install, run) : undefined,
      };
    }
  }
}

/** Unsafe: what the cache holds can be older than what is fetched. */
function mountCache({ folder, option: off, hasRemoval }: UncachedInstall, run: RunView): Fix | undefined {
  const { path, needsLock } = folder;
  if (path === undefined || hasRemoval || /[\s,"']/.test(path)) return undefined;
  const { isRoot, uid } = run.user;
  if (isRoot === "unknown" || (isRoot === "no" && uid === undefined)) return undefined;
  const owner = isRoot === "no" ? `,uid=${uid}` : "";
  const flag = `--mount=type=cache,target=${path}${owner}${needsLock ? ",sharing=locked" : ""}`;
  const edits = [addFlags(run.instruction, flag)];
  if (off !== undefined) {
    const { source, start, end } = off.word.range;
    if (!source.text.startsWith(" --", start - 1)) return undefined;
    edits.push({ range: source.range(start - 1, end), text: "" });
  }
  return { description: `mount a cache on \`${path}\``, safety: "unsafe", edits };
}
