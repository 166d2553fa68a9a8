import type { Step, WordSetting } from "../../src/dockerfile/evaluate.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { codeBelow, volumePath, volumesOf, writesAfter } from "../../src/project/volumes.js";
import type { Range } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "layers/use-valid-volumes",
  summary: "VOLUME names a data path and comes last",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "host-path": { summary: "a mapping to a host folder, which an image cannot have" },
    relative: { summary: "a path that is not absolute" },
    "write-after": {
      summary: "a later step writes to the volume",
      levels: { recommended: "info", strict: "info" },
    },
    code: { summary: "the folder of the program", levels: { recommended: "info", strict: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "VOLUME takes paths of the image, nothing else: where the data is kept is chosen when the container starts. A path that is " +
      "not absolute is refused at that moment, and a mapping becomes a folder with a colon in its name.",
    "What a build writes to a volume after VOLUME is lost with the classic builder, and kept by BuildKit.",
    "An anonymous volume over the program outlives the container in which it began: with Compose the next image runs with " +
      "the code of the last one.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#volume",
    "https://docs.docker.com/engine/storage/volumes/#populate-a-volume-using-a-container",
  ],
  yieldsTo: ["syntax/use-valid-json-form", "syntax/no-inline-comment"],
  mentions: { dockerfile: ["volume"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a folder of the host",
        kind: "host-path",
        message: "`/data`",
        files: { Dockerfile: ["FROM postgres:17", "VOLUME «./data:/data»"] },
      },
      {
        name: "with a mode, in JSON",
        kind: "host-path",
        files: { Dockerfile: ["FROM nginx:1.27", 'VOLUME [«"/srv/www:/usr/share/nginx/html:ro"»]'] },
      },
      {
        name: "a folder of a Windows host",
        kind: "host-path",
        files: { Dockerfile: ["FROM nginx:1.27", "VOLUME «C:/www:/www»"] },
      },
      { name: "relative", kind: "relative", files: { Dockerfile: ["FROM redis:7.4", "VOLUME «data» /backup"] } },
      {
        name: "a variable with a relative value",
        kind: "relative",
        files: { Dockerfile: ["FROM redis:7.4", "ARG DIR=data", "VOLUME «$DIR»"] },
      },
      {
        name: "an owner is set after it",
        kind: "write-after",
        files: {
          Dockerfile: ["FROM debian:12-slim", "VOLUME «/data»", "RUN chown -R 1000 /data", "USER 1000"],
        },
        fixed: {
          Dockerfile: ["FROM debian:12-slim", "RUN chown -R 1000 /data", "VOLUME /data", "USER 1000"],
        },
      },
      {
        name: "files are copied there: the last step counts",
        kind: "write-after",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            'VOLUME [«"/data"»]',
            "COPY seed.sql /data/",
            "RUN touch /data/.keep",
            'CMD ["server"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "COPY seed.sql /data/",
            "RUN touch /data/.keep",
            'VOLUME ["/data"]',
            'CMD ["server"]',
          ],
        },
      },
      {
        name: "one of two paths, which nothing moves",
        kind: "write-after",
        files: { Dockerfile: ["FROM debian:12-slim", "VOLUME /logs «/data»", "COPY seed.sql /data/"] },
      },
      {
        name: "a stage on top writes",
        kind: "write-after",
        files: {
          Dockerfile: ["FROM debian:12-slim AS base", "VOLUME «/data»", "FROM base", "COPY seed.sql /data/"],
        },
      },
      {
        name: "the folder of the program",
        kind: "code",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "VOLUME «/app»", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "a folder above it",
        kind: "code",
        files: { Dockerfile: ["FROM node:22-slim", "COPY src/server.js /opt/api/src/", "VOLUME «/opt/api»"] },
      },
      {
        name: "before the program is copied",
        kind: "code",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "VOLUME «/app»", "COPY . ."] },
      },
    ],
    good: [
      {
        name: "a data path, last",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN mkdir /data && chown 1000 /data", "VOLUME /data"] },
      },
      {
        name: "other paths are written after it",
        files: { Dockerfile: ["FROM debian:12-slim", "VOLUME /data", "COPY api /database/", "RUN chown 1000 /srv"] },
      },
      {
        name: "the folder itself is made again",
        files: { Dockerfile: ["FROM debian:12-slim", "VOLUME /data", "RUN mkdir -p /data"] },
      },
      { name: "a value nobody can know", files: { Dockerfile: ["FROM debian:12-slim", "ARG DIR", "VOLUME $DIR"] } },
      {
        name: "drives and backslashes of Windows",
        files: {
          Dockerfile: ["# escape=`", "FROM mcr.microsoft.com/windows/servercore:ltsc2022", "VOLUME C:\\data D:/logs"],
        },
      },
      {
        name: "data beside the program",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "VOLUME /app/uploads"],
        },
      },
      {
        name: "a data folder with a program in it",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY restore.py /backup/", "VOLUME /backup"] },
      },
      {
        name: "folders that every system keeps data in",
        files: {
          Dockerfile: ["FROM php:8.3-apache", "WORKDIR /var/www/html", "COPY index.php .", "VOLUME /var/www/html /tmp"],
        },
      },
      {
        name: "a tool that works on what is mounted",
        files: { Dockerfile: ["FROM alpine/git:2.47.1", "VOLUME /git", "WORKDIR /git"] },
      },
      { name: "a trigger", files: { Dockerfile: ["FROM debian:12-slim", "ONBUILD VOLUME data"] } },
      { name: "a list that is no JSON", files: { Dockerfile: ["FROM debian:12-slim", "VOLUME ['/data']"] } },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  for (const volume of volumesOf(stage)) {
    const finding = ofPath(volume, stage) ?? ofCode(volume, stage) ?? ofWrites(volume, stage);
    if (finding !== undefined) yield finding;
  }
}

function ofPath({ word, value: { value } }: WordSetting, stage: StageView): Finding | undefined {
  const path = volumePath(value);
  const { range } = word;
  if (path.kind === "mapping") {
    const target = path.target.length > 40 || path.target === "" ? "the path in the image" : `\`${path.target}\``;
    return {
      kind: "host-path",
      range,
      message: `an image cannot map \`${short(value)}\`; name ${target} here and map it when the container starts`,
    };
  }
  if (path.kind === "relative" && !stage.isWindows) {
    return {
      kind: "relative",
      range,
      message: `\`${short(value)}\` is not absolute, so no container starts; write the full path`,
    };
  }
  return undefined;
}

function ofCode(volume: WordSetting, stage: StageView): Finding | undefined {
  const evidence = codeBelow(volume, stage);
  if (evidence === undefined) return undefined;
  return {
    kind: "code",
    range: volume.word.range,
    message: `\`${short(volume.value.value)}\` holds the program, which a kept volume would hide; name the data below it`,
    related: [{ range: evidence, message: "the program is copied here" }],
  };
}

function ofWrites(volume: WordSetting, stage: StageView): Finding | undefined {
  const writes = writesAfter(volume, stage);
  const [first] = writes;
  const last = writes.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return {
    kind: "write-after",
    range: volume.word.range,
    message: `what is written to \`${short(volume.value.value)}\` after VOLUME can be lost; move VOLUME below`,
    related: [{ range: first.range, message: "written here" }],
    fix: last.step.stage === stage.evaluated ? moveBelow(volume, last.step, stage) : undefined,
  };
}

/** Unsafe: with the classic builder, what it threw away is now kept. */
function moveBelow({ step, word }: WordSetting, last: Step, stage: StageView): Fix | undefined {
  const { instruction } = step;
  if (instruction.keyword !== "VOLUME" || instruction.paths.length !== 1 || step.stage !== last.stage) return undefined;
  if (word.hasVariables || instruction.commentsAbove.length > 0 || instruction.startLine !== instruction.endLine) {
    return undefined;
  }
  if (stage.build.dockerfile.source.embedding !== undefined) return undefined;
  const { source } = instruction.range;
  const after: Range = source.range(last.instruction.range.end, last.instruction.range.end);
  return {
    description: "move VOLUME below the last write",
    safety: "unsafe",
    edits: [
      { range: wholeLines(instruction.range), text: "" },
      { range: after, text: `${source.lineBreak}${source.slice(instruction.range)}` },
    ],
  };
}

function short(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
