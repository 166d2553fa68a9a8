import type { AddInstruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { holdsArchive } from "../../src/project/archives.js";
import { isRemote } from "../../src/project/context-table.js";
import type { CopyView, StageView } from "../../src/project/model.js";

export default defineRule({
  id: "layers/prefer-copy-over-add",
  summary: "ADD stands only where COPY cannot do it",
  levels: { recommended: "warning", strict: "error", hadolint: "error" },
  kinds: {
    local: { summary: "plain files and folders of the context" },
    onbuild: {
      summary: "the same in a trigger, whose sources nobody can see here",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "hadolint:DL3020",
    "trivy:DS-0005",
    "checkov:CKV_DOCKER_4",
    "kics:add-instead-of-copy",
    "kics:9513a694-aa0d-41d8-be61-3271e056f36b",
    "semgrep:prefer-copy-over-add",
  ],
  why: [
    "ADD looks at what it copies: an archive is unpacked, a web address is fetched. A file that turns into an archive one day, " +
      "or a name that turns into an address, changes the image without a change of the Dockerfile. COPY does one thing.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#add-or-copy", "CIS 4.9"],
  mentions: { dockerfile: ["add"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "one file",
        kind: "local",
        message: "`ADD app.py`",
        files: { Dockerfile: ["FROM python:3.12-slim", "«ADD» app.py /app/"] },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "COPY app.py /app/"] },
      },
      {
        name: "lower case and a flag stay as they are",
        kind: "local",
        files: { Dockerfile: ["FROM node:22.14.0", "«add» --chown=node:node package.json ./"] },
        fixed: { Dockerfile: ["FROM node:22.14.0", "copy --chown=node:node package.json ./"] },
      },
      {
        name: "the whole context",
        kind: "local",
        files: { Dockerfile: ["FROM node:22.14.0", "«ADD» . /app"] },
        fixed: { Dockerfile: ["FROM node:22.14.0", "COPY . /app"] },
      },
      {
        name: "a Java archive, which ADD does not unpack",
        kind: "local",
        files: { Dockerfile: ["FROM eclipse-temurin:21-jre", "«ADD» target/api.jar /api.jar"] },
        fixed: { Dockerfile: ["FROM eclipse-temurin:21-jre", "COPY target/api.jar /api.jar"] },
      },
      {
        name: "a variable with a known value",
        kind: "local",
        files: { Dockerfile: ["FROM python:3.12-slim", "ARG CONF=prod.ini", "«ADD» conf/$CONF /etc/app.ini"] },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "ARG CONF=prod.ini", "COPY conf/$CONF /etc/app.ini"] },
      },
      {
        name: "a name that may be anything: reported, not mended",
        kind: "local",
        files: { Dockerfile: ["FROM debian:12-slim", "«ADD» rootfs /"] },
      },
      {
        name: "a folder of the context",
        kind: "local",
        files: { Dockerfile: ["FROM debian:12-slim", "«ADD» rootfs /"], "rootfs/etc/motd": ["hello"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "COPY rootfs /"] },
      },
      {
        name: "wildcards that match no archive",
        kind: "local",
        files: { Dockerfile: ["FROM debian:12-slim", "«ADD» conf/* /etc/app/"], "conf/app.ini": ["[app]"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "COPY conf/* /etc/app/"] },
      },
      {
        name: "a trigger",
        kind: "onbuild",
        files: { Dockerfile: ["FROM python:3.12-slim", "ONBUILD «ADD» requirements.txt /app/"] },
      },
    ],
    good: [
      { name: "COPY", files: { Dockerfile: ["FROM python:3.12-slim", "COPY app.py /app/"] } },
      { name: "an archive", files: { Dockerfile: ["FROM scratch", "ADD alpine-minirootfs.tar.gz /"] } },
      { name: "an archive among files", files: { Dockerfile: ["FROM scratch", "ADD motd rootfs.tar.xz /"] } },
      {
        name: "an address",
        files: { Dockerfile: ["FROM scratch", "ADD https://example.com/data.bin /data.bin"] },
      },
      {
        name: "a repository",
        files: { Dockerfile: ["FROM scratch", "ADD git@github.com:acme/api.git /src"] },
      },
      {
        name: "flags that only ADD has",
        files: { Dockerfile: ["FROM scratch", "ADD --unpack=true vendor /vendor"] },
      },
      { name: "a heredoc", files: { Dockerfile: ["FROM scratch", "ADD <<EOF /motd", "hello", "EOF"] } },
      { name: "a value nobody can know", files: { Dockerfile: ["FROM scratch", "ARG FILE", "ADD $FILE /data"] } },
      {
        name: "wildcards that match an archive",
        files: { Dockerfile: ["FROM scratch", "ADD out/* /"], "out/rootfs.tar": ["archive"] },
      },
      {
        name: "an archive in a trigger",
        files: { Dockerfile: ["FROM scratch", "ONBUILD ADD rootfs.tar /"] },
      },
      {
        name: "a variable in a trigger",
        files: { Dockerfile: ["FROM scratch", "ARG FILE", "ONBUILD ADD $FILE /data"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  for (const copy of stage.copies) {
    if (copy.instruction.keyword !== "ADD" || copy.isOnbuild) continue;
    const finding = ofAdd(copy, copy.instruction, project);
    if (finding !== undefined) yield finding;
  }
  for (const instruction of stage.stage.instructions) {
    if (instruction.keyword !== "ONBUILD" || instruction.trigger?.keyword !== "ADD") continue;
    const finding = ofTrigger(instruction.trigger, stage, project);
    if (finding !== undefined) yield finding;
  }
}

function ofAdd(copy: CopyView, add: AddInstruction, project: RuleContext["project"]): Finding | undefined {
  if (hasOwnFlags(add) || copy.sources.length === 0) return undefined;
  let isCertain = true;
  for (const { kind, path } of copy.sources) {
    if (kind !== "path" || path === undefined) return undefined;
    const archive = holdsArchive(path, copy.stage, project);
    if (archive === "yes") return undefined;
    if (archive === "unknown") isCertain = false;
  }
  return { kind: "local", range: add.keywordRange, message: messageOf(add), fix: isCertain ? useCopy(add) : undefined };
}

/** A trigger runs in another build: its sources are known by name only. */
function ofTrigger(add: AddInstruction, stage: StageView, project: RuleContext["project"]): Finding | undefined {
  if (hasOwnFlags(add) || add.sources.length === 0) return undefined;
  for (const source of add.sources) {
    const path = source.kind === "path" ? source.word.literal : undefined;
    if (path === undefined || isRemote(path) || holdsArchive(path, stage, project) === "yes") return undefined;
  }
  return { kind: "onbuild", range: add.keywordRange, message: messageOf(add) };
}

function hasOwnFlags({ checksum, keepGitDir, unpack }: AddInstruction): boolean {
  return checksum !== undefined || keepGitDir !== undefined || unpack !== undefined;
}

function messageOf({ sources }: AddInstruction): string {
  const [first] = sources;
  const written = first?.word.raw ?? "";
  const shown = written.length > 40 ? `${written.slice(0, 39)}…` : written;
  return `\`ADD ${shown}\` also unpacks archives and fetches addresses; use \`COPY\` for plain files`;
}

/** Safe: COPY does the same with what is neither an archive nor remote. */
function useCopy({ keywordRange, written }: AddInstruction): Fix {
  const text = written === "add" ? "copy" : written === "Add" ? "Copy" : "COPY";
  return { description: "use `COPY`", safety: "safe", edits: [{ range: keywordRange, text }] };
}
