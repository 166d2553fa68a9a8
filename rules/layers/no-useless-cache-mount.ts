import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type CacheFlaw, cacheFlaws } from "../../src/project/cache-mount-flaws.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { mountEntry } from "../../src/project/secret-mounts.js";

const INFO = { recommended: "info", strict: "info" } as const;

export default defineRule({
  id: "layers/no-useless-cache-mount",
  summary: "A cache mount does what it was added for",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "wrong-home": { summary: "the user of the RUN cannot use the folder, or caches elsewhere" },
    disabled: { summary: "the same RUN switches the cache off, or removes it", levels: INFO },
    "apt-unlocked": { summary: "two builds at once break the cache of apt, dnf, yum or zypper", levels: INFO },
    "apt-docker-clean": { summary: "the base makes apt throw its archives away", levels: INFO },
    "apk-link": { summary: "without a link apk keeps the index only", levels: INFO },
    "uv-link": { summary: "uv cannot link out of a mount, and says so", levels: INFO },
    emptied: { summary: "the package manager empties its cache", levels: INFO },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A cache mount costs a flag that everybody has to read. When the tool caches elsewhere, may not write there, or empties it, " +
      "each build fetches everything again, and nothing says so.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#run---mounttypecache",
    "https://docs.docker.com/build/cache/optimize/#use-cache-mounts",
  ],
  mentions: { dockerfile: ["type=cache"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "the home of root",
        kind: "wrong-home",
        message: "`/root/.cache/pip`",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "USER 1000",
            "RUN «--mount=type=cache,target=/root/.cache/pip» pip install flask",
          ],
        },
      },
      {
        name: "root, and the home of somebody else",
        kind: "wrong-home",
        message: "`/root/.npm`",
        files: {
          Dockerfile: ["FROM node:22-slim", "RUN «--mount=type=cache,target=/home/node/.npm» npm install -g serve"],
        },
      },
      {
        name: "a mount that belongs to root",
        kind: "wrong-home",
        files: {
          Dockerfile: ["FROM node:22-slim", "USER 1000:1000", "RUN «--mount=type=cache,target=/home/node/.npm» npm ci"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER 1000:1000",
            "RUN --mount=type=cache,target=/home/node/.npm,uid=1000,gid=1000 npm ci",
          ],
        },
      },
      {
        name: "an option switches it off",
        kind: "disabled",
        message: "`--no-cache-dir`",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install «--no-cache-dir» flask",
          ],
        },
        fixed: {
          Dockerfile: ["FROM python:3.12-slim", "RUN --mount=type=cache,target=/root/.cache/pip pip install flask"],
        },
      },
      {
        name: "a variable switches it off",
        kind: "disabled",
        message: "`PIP_NO_CACHE_DIR`",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "ENV PIP_NO_CACHE_DIR=1",
            "RUN «--mount=type=cache,target=/root/.cache/pip» pip install flask",
          ],
        },
      },
      {
        name: "the folder is removed",
        kind: "disabled",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl && rm -rf «/var/lib/apt/lists/*»",
          ],
        },
      },
      {
        name: "no lock",
        kind: "apt-unlocked",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «--mount=type=cache,target=/var/lib/apt» apt-get update && apt-get install -y curl",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "shared on purpose is no lock",
        kind: "apt-unlocked",
        files: {
          Dockerfile: [
            "FROM fedora:42",
            "RUN «--mount=type=cache,target=/var/cache/libdnf5,sharing=shared» dnf install -y curl",
          ],
        },
      },
      {
        name: "the base throws the archives away",
        kind: "apt-docker-clean",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «--mount=type=cache,target=/var/cache/apt,sharing=locked» apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "apk without a link",
        kind: "apk-link",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN «--mount=type=cache,target=/var/cache/apk» apk add curl"],
        },
      },
      {
        name: "uv cannot link",
        kind: "uv-link",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN «--mount=type=cache,target=/root/.cache/uv» uv pip install --system flask",
          ],
        },
      },
      {
        name: "emptied at the end",
        kind: "emptied",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN --mount=type=cache,target=/root/.npm npm ci && «npm cache clean --force»",
          ],
        },
      },
    ],
    good: [
      {
        name: "an earlier stage keeps the archives",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS base",
            "RUN rm -f /etc/apt/apt.conf.d/docker-clean",
            "FROM base",
            "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y git",
          ],
        },
      },
      {
        name: "the folder of the user, and its owner",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "USER 1000",
            "RUN --mount=type=cache,target=/home/app/.cache/pip,uid=1000 pip install flask",
          ],
        },
      },
      {
        name: "an id whose first mount decides about the owner",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "USER 1000",
            "RUN --mount=type=cache,id=npm,target=/home/node/.npm,uid=1000 npm ci",
            "RUN --mount=type=cache,id=npm,target=/home/node/.npm npm install -g serve",
          ],
        },
      },
      {
        name: "root again by sudo",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "USER 1000",
            "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked sudo apt-get update",
          ],
        },
      },
      {
        name: "apt with a lock, and archives that stay",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN rm -f /etc/apt/apt.conf.d/docker-clean",
            "RUN --mount=type=cache,target=/var/cache/apt,sharing=locked apt-get update && apt-get install -y curl",
          ],
        },
      },
      {
        name: "apk with its own folder, or with a link",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=cache,target=/etc/apk/cache apk add curl",
            "RUN --mount=type=cache,target=/var/cache/apk ln -s /var/cache/apk /etc/apk/cache && apk add git",
          ],
        },
      },
      {
        name: "uv that copies",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "ENV UV_LINK_MODE=copy",
            "RUN --mount=type=cache,target=/root/.cache/uv uv pip install --system flask",
          ],
        },
      },
      {
        name: "a cache of something else is removed",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN --mount=type=cache,target=/root/.npm npm ci && rm -rf /tmp/* /root/.cache",
          ],
        },
      },
      {
        name: "the option belongs to another manager",
        files: {
          Dockerfile: [
            "FROM python:3.12-alpine",
            "RUN --mount=type=cache,target=/root/.cache/pip apk add --no-cache git && pip install flask",
          ],
        },
      },
      {
        name: "a user nobody knows",
        files: {
          Dockerfile: [
            "FROM registry.acme.io/python:3.12",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install flask",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of stage.runs) {
    if (run.instruction.mounts.length === 0 || run.isOnbuild) continue;
    for (const flaw of cacheFlaws(run)) yield toFinding(flaw, run);
  }
}

function toFinding(flaw: CacheFlaw, run: RunView): Finding {
  const { kind, range } = flaw;
  return { kind, range, message: messageOf(flaw, run), fix: fixOf(flaw, run) };
}

function messageOf(flaw: CacheFlaw, { user }: RunView): string {
  const target = short(flaw.mount.target);
  switch (flaw.kind) {
    case "wrong-home": {
      const who = `user \`${short(user.text ?? "root")}\``;
      if (flaw.why === "owner") return `\`${target}\` belongs to root, and ${who} cannot write there; add \`uid=\``;
      const folder = flaw.folder === undefined ? "elsewhere" : `in \`${short(flaw.folder)}\``;
      return `\`${target}\` is mounted, and ${who} caches ${folder}; change \`target\``;
    }
    case "disabled":
      return `\`${short(flaw.by)}\` leaves the cache mount \`${target}\` empty; remove one of the two`;
    case "emptied":
      return `\`${short(flaw.by)}\` empties the cache mount \`${target}\`; remove the command`;
    case "apt-unlocked":
      return `two builds at once break this cache of \`${flaw.manager}\`; add \`sharing=locked\``;
    case "apt-docker-clean":
      return "the base makes apt remove its archives; remove `/etc/apt/apt.conf.d/docker-clean` first";
    case "apk-link":
      return `apk keeps only its index in \`${target}\`; mount \`/etc/apk/cache\` instead`;
    case "uv-link":
      return `uv cannot link files out of \`${target}\` and warns; set \`UV_LINK_MODE=copy\``;
  }
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}

function fixOf(flaw: CacheFlaw, run: RunView): Fix | undefined {
  if (flaw.kind === "disabled") return flaw.option === undefined ? undefined : removeOption(flaw.option.word.range);
  const { mount } = flaw.mount;
  if (flaw.kind === "wrong-home") {
    const { uid, group } = run.user;
    if (flaw.why !== "owner" || uid === undefined) return undefined;
    const gid = group !== undefined && /^\d+$/.test(group) ? `,gid=${group}` : "";
    return addToMount(mount.range, `uid=${uid}${gid}`);
  }
  if (flaw.kind !== "apt-unlocked" || mountEntry(mount, "sharing") !== undefined) return undefined;
  return addToMount(mount.range, "sharing=locked");
}

/** Safe: the image holds the same, for the cache is in no layer. */
function removeOption({ source, start, end }: Finding["range"]): Fix | undefined {
  // One of several letters of a cluster, or alone on its line.
  if (!source.text.startsWith("--", start) || source.text[start - 1] !== " ") return undefined;
  if (/[^ ]/.test(source.text[end] ?? "x") || source.text.slice(0, start).trimEnd().length < start - 1)
    return undefined;
  const range = source.range(start - 1, end);
  return { description: `remove \`${source.text.slice(start, end)}\``, safety: "safe", edits: [{ range, text: "" }] };
}

/** Unsafe: another owner or another way to share is another cache. */
function addToMount({ source, end }: Finding["range"], entry: string): Fix | undefined {
  if (/["']/.test(source.text[end - 1] ?? "")) return undefined;
  return {
    description: `add \`${entry}\``,
    safety: "unsafe",
    edits: [{ range: source.range(end, end), text: `,${entry}` }],
  };
}
