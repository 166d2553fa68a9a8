import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { isWithin } from "../../src/files/path.js";
import { cacheSetting } from "../../src/project/cache-mount-flaws.js";
import { dependencyInstalls } from "../../src/project/dependency-installs.js";
import { frontendBefore } from "../../src/project/frontend.js";
import { addFlags } from "../../src/project/instruction-edits.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { gypFolder } from "../../src/project/node-gyp.js";
import { offlineInstall, type UncachedInstall, uncachedInstalls } from "../../src/project/package-caches.js";

const options = {
  tools: option.strings({ default: [], description: "Package managers to ask about, such as `pip`; empty means all." }),
  bindManifests: option.boolean({
    default: false,
    description: "Whether the files that an install reads are to be mounted into it, and not copied before.",
  }),
  offlineInstall: option.boolean({
    default: false,
    description: "Whether an install that fetches nothing is to run with `--network=none`.",
  }),
};

type Context = RuleContext<typeof options>;

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
        name: "apt, with a lock, and without the setting that empties its cache",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && «apt-get install» -y curl"] },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked rm -f /etc/apt/apt.conf.d/docker-clean && apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "uv needs a setting beside the mount: reported, not mended",
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN «uv sync» --locked"] },
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
      {
        name: "headers of Node.js for a package that is compiled",
        message: "`/root/.npm` and `/root/.cache/node-gyp`",
        files: {
          Dockerfile: [
            "FROM node:22-alpine AS build",
            "RUN --mount=type=cache,target=/var/cache/apk,sharing=locked apk add python3 make g++",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN «npm ci»",
          ],
          "package.json": ['{ "dependencies": { "better-sqlite3": "^12.2.0" } }'],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-alpine AS build",
            "RUN --mount=type=cache,target=/var/cache/apk,sharing=locked apk add python3 make g++",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN --mount=type=cache,target=/root/.npm --mount=type=cache,target=/root/.cache/node-gyp npm ci",
          ],
        },
      },
      {
        name: "the headers alone",
        message: "mount a cache on `/root/.cache/node-gyp`",
        options: { tools: ["npm"] },
        files: {
          Dockerfile: [
            "FROM node:22-slim AS build",
            "RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3",
            "COPY package.json ./",
            "RUN --mount=type=cache,target=/root/.npm «npm install»",
          ],
          "package.json": ['{ "dependencies": { "canvas": "^2.11.2" } }'],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim AS build",
            "RUN apt-get update && apt-get install -y --no-install-recommends build-essential python3",
            "COPY package.json ./",
            "RUN --mount=type=cache,target=/root/.cache/node-gyp --mount=type=cache,target=/root/.npm npm install",
          ],
        },
      },
      {
        name: "an install that fetches nothing has the network all the same",
        message: "`--no-index`",
        options: { offlineInstall: true },
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN «pip install» --no-index -f /wheels flask"] },
        fixed: {
          Dockerfile: ["FROM python:3.12-slim", "RUN --network=none pip install --no-index -f /wheels flask"],
        },
      },
      {
        name: "gems that were fetched before",
        message: "`--local`",
        options: { offlineInstall: true },
        files: { Dockerfile: ["FROM ruby:3.4-slim", "COPY . .", "RUN «bundle install» --local"] },
        fixed: { Dockerfile: ["FROM ruby:3.4-slim", "COPY . .", "RUN --network=none bundle install --local"] },
      },
      {
        name: "manifests that are copied",
        message: "mount `package.json`",
        options: { bindManifests: true },
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN --mount=type=cache,target=/root/.npm «npm ci»",
          ],
        },
      },
    ],
    good: [
      {
        name: "manifests that are mounted",
        options: { bindManifests: true },
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "RUN --mount=type=bind,source=package.json,target=package.json --mount=type=cache,target=/root/.npm npm ci",
          ],
        },
      },
      {
        name: "packages by name read no manifest",
        options: { bindManifests: true },
        files: {
          Dockerfile: ["FROM node:22-slim", "RUN --mount=type=cache,target=/root/.npm npm install -g serve@14.2.4"],
        },
      },
      {
        name: "without network, as the policy wants it, and with a command that needs it",
        options: { offlineInstall: true },
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --network=none pip install --no-index -f /wheels flask",
            "RUN --mount=type=cache,target=/root/.cache/pip pip download -d /w flask && pip install --no-index -f /w flask",
          ],
        },
      },
      {
        name: "a compiler, and nothing to compile",
        options: { tools: ["npm"] },
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN apt-get update && apt-get install -y build-essential python3",
            "COPY package.json ./",
            "RUN --mount=type=cache,target=/root/.npm npm install",
          ],
          "package.json": ['{ "dependencies": { "express": "^5.1.0" } }'],
        },
      },
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

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  if (stage.isWindows || frontendBefore(stage, 1, 2) === true) return;
  const { tools, bindManifests, offlineInstall: wantsOffline } = ctx.options;
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    const isAsked = (manager: string) => tools.length === 0 || tools.includes(manager);
    if (run.instruction.network?.value?.literal !== "none") {
      for (const install of uncachedInstalls(run, (command) => gypFolder(command, run, ctx.project))) {
        if (isAsked(install.command.manager)) yield ofUncached(install, run);
      }
      if (wantsOffline) yield* ofOffline(run, isAsked);
    }
    if (bindManifests) yield* ofManifests(run, isAsked);
  }
}

function ofUncached(install: UncachedInstall, run: RunView): Finding {
  const folders = install.folders.map(({ path, usual }) => `\`${path ?? usual}\``).join(" and ");
  return {
    range: install.range,
    message: `\`${install.command.manager}\` fetches everything again on each change; mount a cache on ${folders}`,
    fix: run.stage.build.dockerfile.source.embedding === undefined ? mountCaches(install, run) : undefined,
  };
}

/** Unsafe: what the cache holds can be older than what is fetched. */
function mountCaches({ command, folders, option: off, hasRemoval }: UncachedInstall, run: RunView): Fix | undefined {
  const { isRoot, uid } = run.user;
  if (hasRemoval || isRoot === "unknown" || (isRoot === "no" && uid === undefined)) return undefined;
  const owner = isRoot === "no" ? `,uid=${uid}` : "";
  const flags: string[] = [];
  for (const { path, needsLock } of folders) {
    if (path === undefined || /[\s,"']/.test(path)) return undefined;
    flags.push(`--mount=type=cache,target=${path}${owner}${needsLock ? ",sharing=locked" : ""}`);
  }
  const edits = [addFlags(run.instruction, flags.join(" "))];
  const setting = cacheSetting(folders[0].path ?? "", run, command);
  if (setting !== undefined) {
    // Debian's images empty the cache after each install. The other managers need a setting of the whole stage.
    if (setting !== "apt-docker-clean" || run.instruction.heredocs.length > 0 || run.instruction.form !== "shell") {
      return undefined;
    }
    const { source, start } = run.instruction.argumentsRange;
    edits.push({ range: source.range(start, start), text: "rm -f /etc/apt/apt.conf.d/docker-clean && " });
  }
  if (off !== undefined) {
    const { source, start, end } = off.word.range;
    if (!source.text.startsWith(" --", start - 1)) return undefined;
    edits.push({ range: source.range(start - 1, end), text: "" });
  }
  const paths = folders.map(({ path }) => `\`${path ?? ""}\``).join(" and ");
  return { description: `mount a cache on ${paths}`, safety: "unsafe", edits };
}

function* ofOffline(run: RunView, isAsked: (manager: string) => boolean): Iterable<Finding> {
  const found = offlineInstall(run);
  if (found === undefined || !isAsked(found.command.manager) || run.instruction.network !== undefined) return;
  yield {
    range: found.range,
    message: `with \`${found.option}\` this install fetches nothing; let nothing else either: \`RUN --network=none\``,
    // Unsafe: what the packages themselves do while they are installed may need the network.
    fix: {
      description: "switch the network off",
      safety: "unsafe",
      edits: [addFlags(run.instruction, "--network=none")],
    },
  };
}

function* ofManifests(run: RunView, isAsked: (manager: string) => boolean): Iterable<Finding> {
  const mounted = run.mountTargets("bind");
  for (const { command, folder, inputs, range, reads, what } of dependencyInstalls(run)) {
    const [input] = inputs;
    const name = input?.names[0];
    if (command === undefined || folder === undefined || name === undefined || reads !== "manifests") continue;
    if (!isAsked(command.manager) || mounted.some((at) => isWithin(at, folder) || isWithin(folder, at))) continue;
    yield {
      range,
      message: `\`${what}\` reads what was copied before; mount \`${name}\` and its like: \`--mount=type=bind\``,
    };
  }
}
