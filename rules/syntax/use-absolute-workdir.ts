import { isAbsolutePath } from "../../src/dockerfile/container-path.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { Build } from "../../src/project/model.js";
import { type WrittenStep, writtenSteps } from "../../src/project/written-steps.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";

/** Directories of the kernel and of the boot loader. */
const SYSTEM = ["/proc", "/sys", "/dev", "/boot", "/lost+found", "/initrd"];

/** Tools that look at each WORKDIR by itself. */
const RELATIVE = [
  "hadolint:DL3000",
  "trivy:DS-0009",
  "checkov:CKV_DOCKER_10",
  "kics:workdir-path-not-absolute",
  "kics:6b376af8-cfe8-49ab-a08d-f32de23661a4",
  "semgrep:use-absolute-workdir",
  "dockerfile-utils:WORKDIR_IS_NOT_ABSOLUTE",
] as const;

export default defineRule({
  id: "syntax/use-absolute-workdir",
  summary: "WORKDIR is absolute and ordinary",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    relative: {
      summary: "relative to whatever the base image has",
      aliases: ["buildkit:WorkdirRelativePath", ...RELATIVE],
    },
    "relative-after": {
      summary: "relative to an earlier WORKDIR",
      levels: { recommended: "off", strict: "warning" },
      aliases: RELATIVE,
    },
    tilde: {
      summary: "`~`, which no shell is there to read",
      levels: { recommended: "error" },
      aliases: ["buildkit:WorkdirRelativePath", ...RELATIVE],
    },
    system: {
      summary: "a directory of the kernel or the boot loader",
      levels: { recommended: "error" },
      aliases: ["trivy:DS-0030"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A relative WORKDIR starts from the directory of the base image. That is rarely written down, and a new base can have " +
      "another one: files then land elsewhere, and the paths of the rest of the file are wrong.",
    "The builder makes a directory called `~`; and what is written below `/proc`, `/sys` or `/dev` is hidden as soon as a " +
      "container runs.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#workdir",
    "https://docs.docker.com/reference/build-checks/workdir-relative-path/",
  ],
  mentions: { dockerfile: ["workdir"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "relative to the base image",
        kind: "relative",
        preset: "hadolint",
        message: "`app`",
        files: { Dockerfile: ["FROM node:22", "WORKDIR «app»"] },
        fixed: { Dockerfile: ["FROM node:22", "WORKDIR /app"] },
      },
      {
        name: "in quotes, and with a dot",
        kind: "relative",
        preset: "buildkit",
        files: {
          Dockerfile: ["FROM node:22 AS a", 'WORKDIR «"srv/app"»', "FROM node:22 AS b", "WORKDIR «./app»", "COPY . ."],
        },
        fixed: {
          Dockerfile: ["FROM node:22 AS a", 'WORKDIR "/srv/app"', "FROM node:22 AS b", "WORKDIR /app", "COPY . ."],
        },
      },
      {
        name: "a default",
        kind: "relative",
        files: { Dockerfile: ["FROM node:22", "ARG DIR=app", "WORKDIR «${DIR}»", "FROM node:22", "WORKDIR «app/$X»"] },
        fixed: { Dockerfile: ["FROM node:22", "ARG DIR=app", "WORKDIR /${DIR}", "FROM node:22", "WORKDIR /app/$X"] },
      },
      {
        name: "a trigger",
        kind: "relative",
        files: { Dockerfile: ["FROM node:22", "ONBUILD WORKDIR «app»"] },
        fixed: { Dockerfile: ["FROM node:22", "ONBUILD WORKDIR /app"] },
      },
      {
        name: "a part of a file, without FROM",
        kind: "relative",
        files: { Dockerfile: ["WORKDIR «app»"] },
        fixed: { Dockerfile: ["WORKDIR /app"] },
      },
      {
        name: "relative to an earlier one",
        kind: "relative-after",
        files: { Dockerfile: ["FROM node:22 AS base", "WORKDIR /srv", "WORKDIR «app»", "FROM base", "WORKDIR «web»"] },
      },
      {
        name: "relative to an earlier one, for hadolint",
        kind: "relative-after",
        preset: "hadolint",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /srv", "WORKDIR «app»"] },
      },
      {
        name: "a home directory",
        kind: "tilde",
        message: "no shell",
        files: { Dockerfile: ["FROM node:22", "WORKDIR «~/app»", "WORKDIR «~node»"] },
      },
      {
        name: "directories of the system",
        kind: "system",
        files: { Dockerfile: ["FROM node:22", "WORKDIR «/proc»", "WORKDIR «/dev/shm/app»", 'WORKDIR «"/sys/"»'] },
      },
    ],
    good: [
      { name: "absolute", preset: "hadolint", files: { Dockerfile: ["FROM node:22", "WORKDIR /srv/app"] } },
      { name: "in quotes", files: { Dockerfile: ["FROM node:22", 'WORKDIR "/srv/my app"', "WORKDIR '/srv'"] } },
      {
        name: "relative to an earlier one, for BuildKit",
        preset: "buildkit",
        files: { Dockerfile: ["FROM node:22 AS base", "WORKDIR /srv", "WORKDIR app", "FROM base", "WORKDIR web"] },
      },
      {
        name: "values nobody can know",
        files: { Dockerfile: ["FROM node:22", "ARG DIR", "WORKDIR ${DIR}", "WORKDIR $HOME/app", "WORKDIR ${DIR}/web"] },
      },
      {
        name: "a default that is absolute",
        files: { Dockerfile: ["FROM node:22", "ENV APP_HOME=/srv", "WORKDIR $APP_HOME/web"] },
      },
      {
        name: "Windows",
        files: {
          Dockerfile: [
            "# escape=`",
            "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022",
            "WORKDIR C:\\app",
            "WORKDIR c:/web",
            "WORKDIR \\srv",
            'WORKDIR "D:\\Program Files"',
          ],
        },
      },
      { name: "near those of the system", files: { Dockerfile: ["FROM node:22", "WORKDIR /development"] } },
      { name: "no path, which is a parse error", files: { Dockerfile: ["FROM node:22", "WORKDIR", 'WORKDIR ""'] } },
    ],
  },
});

function* checkBuild(build: Build): Iterable<Finding> {
  for (const step of writtenSteps(build, "WORKDIR")) {
    const { argument } = step.instruction;
    if (argument === undefined) continue;
    const { pieces } = step.expand(argument);
    const [first] = pieces;
    // What follows the first variable does not make a path absolute.
    if (first?.kind !== "text") continue;
    yield* checkPath(first.text, argument.range, step);
  }
}

/** @param start the path, as far as it is known */
function* checkPath(start: string, range: Range, { state }: WrittenStep): Iterable<Finding> {
  const path = quoted(textOf(range));
  if (isAbsolutePath(start)) {
    const found = SYSTEM.find((folder) => start === folder || start.startsWith(`${folder}/`));
    if (found === undefined) return;
    const message = `${path} belongs to the system, which hides \`${found}\` or owns it; choose a directory of your own`;
    yield { kind: "system", range, message };
    return;
  }
  if (start.startsWith("~")) {
    const message = `${path} is a directory of that name, for no shell reads it; write the path of the home directory`;
    yield { kind: "tilde", range, message };
    return;
  }
  if (state?.workdir.setting !== undefined) {
    yield { kind: "relative-after", range, message: `${path} starts from an earlier WORKDIR; write the whole path` };
    return;
  }
  const message = `${path} starts from the directory of the base image; write an absolute path`;
  yield { kind: "relative", range, message, fix: absolute(range) };
}

/** Unsafe: the base image may have another directory than `/`, on which steps rely. */
function absolute(range: Range): Fix | undefined {
  const { source, start } = range;
  const written = textOf(range);
  const at = written[0] === '"' || written[0] === "'" ? 1 : 0;
  const length = written.startsWith("./", at) ? 2 : 0;
  if (written.startsWith(".", at + length)) return undefined;
  const edit = { range: source.range(start + at, start + at + length), text: "/" };
  return { description: "make the path absolute", safety: "unsafe", edits: [edit] };
}
