import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type RedundantInstall, redundantInstalls } from "../../src/project/redundant-installs.js";
import { removeWords } from "../../src/project/word-edits.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "packages/no-redundant-install",
  summary: "Nothing is installed twice",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    duplicate: { summary: "A package stands twice in one list" },
    again: { summary: "An earlier command installed it" },
    "in-base": {
      summary: "The base brings it",
      aliases: ["tally:ruby/redundant-bundler-install", "tally:gpu/no-redundant-cuda-install"],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "A second install does nothing at best. At worst it brings another version beside the one that the base was tested with, or " +
      "a reader takes it for a reason to keep the first.",
  ],
  references: ["https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages"],
  mentions: { dockerfile: ["apt", "apk", "yum", "dnf", "zypper", "pacman", "pip", "gem", "npm", "yarn"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "twice in one list",
        kind: "duplicate",
        message: "`curl`",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install -y \\",
            "    curl \\",
            "    git \\",
            "    «curl» \\",
            "    vim",
          ],
        },
        fixed: {
          Dockerfile: ["FROM debian:12", "RUN apt-get install -y \\", "    curl \\", "    git \\", "    vim"],
        },
      },
      {
        name: "in one line, and at its end",
        kind: "duplicate",
        files: {
          Dockerfile: [
            "FROM alpine:3.22",
            "RUN apk add --no-cache curl «curl» git",
            "RUN apk add \\",
            "    bash \\",
            "    «bash»",
          ],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache curl git", "RUN apk add \\", "    bash"],
        },
      },
      {
        name: "an earlier step has it",
        kind: "again",
        files: {
          Dockerfile: [
            "FROM debian:12 AS base",
            "RUN apt-get update && apt-get install -y curl",
            "FROM base",
            "RUN apt-get update && apt-get install -y git «curl»",
          ],
        },
      },
      {
        name: "Bundler comes with Ruby",
        kind: "in-base",
        message: "`bundler` comes with `ruby:3.4-slim`",
        files: { Dockerfile: ["FROM ruby:3.4-slim", "RUN gem install «bundler»"] },
      },
      {
        name: "npm and Yarn come with Node.js",
        kind: "in-base",
        files: { Dockerfile: ["FROM node:22-alpine", "RUN npm install -g «npm» «yarn»"] },
      },
      {
        name: "pip comes with Python",
        kind: "in-base",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install «pip»"] },
      },
      {
        name: "libraries of CUDA",
        kind: "in-base",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04",
            "RUN apt-get install -y «cuda-toolkit-12-4» «libcudnn9-cuda-12» «cuda-cudart-12-4» git",
          ],
        },
      },
      {
        name: "apt speaks TLS",
        kind: "in-base",
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y «apt-transport-https» ca-certificates"] },
      },
    ],
    good: [
      { name: "what the base brings is used", files: { Dockerfile: ["FROM ruby:3.4-slim", "RUN bundle install"] } },
      {
        name: "another version",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN npm install -g npm@11 yarn@latest",
            "RUN apt-get install -y curl && apt-get install -y curl=8.5.0-2",
          ],
        },
      },
      { name: "another Bundler", files: { Dockerfile: ["FROM ruby:3.4", "RUN gem install bundler -v 2.5.6"] } },
      { name: "an upgrade", files: { Dockerfile: ["FROM python:3.13", "RUN pip install --upgrade pip"] } },
      {
        name: "from another repository",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add curl", "RUN apk add -X https://apk.example.com/edge curl"],
        },
      },
      {
        name: "installed afresh",
        files: {
          Dockerfile: ["FROM debian:12", "RUN apt-get install -y curl", "RUN apt-get install --reinstall -y curl"],
        },
      },
      {
        name: "removed in between",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install -y gcc && apt-get purge -y gcc",
            "RUN apt-get install -y gcc",
          ],
        },
      },
      {
        name: "a group that goes again",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add --virtual .build gcc", "RUN apk add gcc"],
        },
      },
      { name: "an unknown base", files: { Dockerfile: ["FROM registry.acme.io/ruby", "RUN gem install bundler"] } },
      {
        name: "an older release",
        files: { Dockerfile: ["FROM debian:9", "RUN apt-get install -y apt-transport-https"] },
      },
      {
        name: "flavours of CUDA that lack it",
        files: {
          Dockerfile: [
            "FROM nvidia/cuda:12.4.1-base-ubuntu22.04",
            "RUN apt-get install -y cuda-libraries-12-4 libcudnn9-cuda-12 cuda-nvcc-12-4",
          ],
        },
      },
      {
        name: "different places",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install flask && /opt/venv/bin/pip install flask && pip install --target /lib flask",
            "RUN npm install express && npm install express",
          ],
        },
      },
      {
        name: "different environments",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install flask",
            'ENV PATH="/opt/venv/bin:$PATH"',
            "RUN pip install flask",
            "RUN . /srv/venv/bin/activate && pip install flask",
            "USER app",
            "RUN pip install flask",
          ],
        },
      },
      {
        name: "one of two ways",
        files: {
          Dockerfile: [
            "FROM debian:12",
            'RUN if [ -n "$X" ]; then apt-get install -y curl; else apt-get install -y curl git; fi',
          ],
        },
      },
      {
        name: "other stages",
        files: {
          Dockerfile: [
            "FROM debian:12 AS a",
            "RUN apt-get install -y curl",
            "FROM debian:12",
            "RUN apt-get install -y curl",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  const base = stage.lineage.at(-1)?.evaluated.base;
  for (const install of redundantInstalls(stage)) {
    const { kind, name, range, first } = install;
    const image = base?.kind === "image" ? base.resolved : "the base";
    yield {
      kind,
      range,
      message: messageFor(install, image),
      related: first === undefined ? [] : [{ range: first, message: `\`${name}\` is installed here` }],
      fix: kind === "duplicate" ? dropWord(install) : undefined,
    };
  }
}

function messageFor({ kind, name }: RedundantInstall, image: string): string {
  switch (kind) {
    case "duplicate":
      return `\`${name}\` stands twice in this list; drop one`;
    case "again":
      return `\`${name}\` is installed already; drop the second install`;
    case "in-base":
      return `\`${name}\` comes with \`${image}\`; drop the install`;
  }
}

/** Safe: the other one installs the same. */
function dropWord({ name, range, first }: RedundantInstall): Fix | undefined {
  // A word that stands for several, or is put together, is left alone.
  if (first === undefined || textOf(range) !== textOf(first) || !textOf(range).startsWith(name)) return undefined;
  return { description: `drop the second \`${name}\``, safety: "safe", edits: [removeWords(range)] };
}
