import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { deprecatedUses } from "../../src/project/deprecated-uses.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

const GROUPS = ["removed", "deprecated", "preference"];

const options = {
  groups: option.strings({
    default: ["removed", "deprecated"],
    description: "What is looked for: `removed`, `deprecated`, `preference`.",
  }),
};

export default defineRule({
  id: "packages/no-deprecated-usage",
  summary: "No removed or deprecated package-manager usage",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    removed: { summary: "It does not work any more" },
    deprecated: {
      summary: "It will stop to work, or does nothing",
      levels: { recommended: "info", strict: "warning" },
      aliases: ["tally:ruby/deprecated-bundler-install-flags"],
    },
    preference: {
      summary: "Another tool does it better here",
      levels: { recommended: "off", strict: "info" },
      aliases: ["tally:gpu/prefer-uv-over-conda"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "What a package manager has dropped ends the build on the day that the base brings the new release; what it has replaced is " +
      "ignored without a word at best. The day is chosen by the base, not by you.",
  ],
  references: [
    "https://manpages.debian.org/stable/apt/apt-secure.8.en.html",
    "https://bundler.io/man/bundle-install.1.html",
    "https://docs.npmjs.com/cli/using-npm/config#omit",
    "https://go.dev/doc/go-get-install-deprecation",
  ],
  options,
  presetOptions: { strict: { groups: GROUPS } },
  mentions: {
    dockerfile: [
      "apt-",
      "apk",
      "bundle",
      "npm",
      "yarn",
      "composer",
      "poetry",
      "pip",
      "easy_install",
      "setup.py",
      "go get",
      "gem",
      "yum",
      "microdnf",
      "conda",
      "mamba",
      "go ",
    ],
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "keys for everything",
        kind: "removed",
        message: "`apt-key add` is gone from apt 3",
        files: {
          Dockerfile: [
            "FROM debian:13",
            "RUN curl -fsSL https://apt.acme.io/key.asc | «apt-key» add -",
            "RUN «apt-key» adv --keyserver hkps://keyserver.ubuntu.com --recv-keys 0123",
          ],
        },
      },
      {
        name: "keys for everything, before apt 3",
        kind: "deprecated",
        files: { Dockerfile: ["FROM debian:12", "RUN curl -fsSL https://apt.acme.io/key.asc | «apt-key» add -"] },
      },
      {
        name: "options that Bundler remembers",
        kind: "deprecated",
        message: "`BUNDLE_DEPLOYMENT=1`",
        files: {
          Dockerfile: ["FROM ruby:3.4", "RUN bundle install «--deployment» «--without» development test"],
        },
      },
      {
        name: "npm",
        kind: "deprecated",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN npm ci «--production»",
            "RUN npm install «--only=prod» && npm i «--only» production",
          ],
        },
        fixed: {
          Dockerfile: ["FROM node:22", "RUN npm ci --omit=dev", "RUN npm install --omit=dev && npm i --omit=dev"],
        },
      },
      {
        name: "npm without effect",
        kind: "removed",
        files: {
          Dockerfile: ["FROM node:22", "RUN npm ci «--unsafe-perm» --omit=dev && npm i -g serve «--unsafe-perm=true»"],
        },
        fixed: { Dockerfile: ["FROM node:22", "RUN npm ci --omit=dev && npm i -g serve"] },
      },
      {
        name: "Yarn of today",
        kind: "removed",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "COPY . .", "RUN yarn install «--production»"],
          ".yarnrc.yml": ["nodeLinker: node-modules"],
        },
      },
      {
        name: "Composer",
        kind: "deprecated",
        files: { Dockerfile: ["FROM composer:2", "RUN composer install «--no-suggest» --no-dev"] },
        fixed: { Dockerfile: ["FROM composer:2", "RUN composer install --no-dev"] },
      },
      {
        name: "Poetry 2",
        kind: "removed",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install poetry && poetry install «--no-dev»"] },
        fixed: { Dockerfile: ["FROM python:3.13", "RUN pip install poetry && poetry install --without dev"] },
      },
      {
        name: "Poetry 1",
        kind: "deprecated",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install poetry==1.8.5 && poetry install «--no-dev»"] },
        fixed: { Dockerfile: ["FROM python:3.13", "RUN pip install poetry==1.8.5 && poetry install --without dev"] },
      },
      {
        name: "pip and what was before it",
        kind: "removed",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pip install «--use-feature=2020-resolver» flask && pip install «--process-dependency-links» .",
            "RUN «easy_install» flask",
          ],
        },
      },
      {
        name: "setup.py",
        kind: "deprecated",
        files: { Dockerfile: ["FROM python:3.13", "RUN python setup.py «install»"] },
      },
      {
        name: "Go",
        kind: "removed",
        files: { Dockerfile: ["FROM golang:1.24", "RUN go «get» -u golang.org/x/tools/cmd/goimports"] },
      },
      {
        name: "RubyGems",
        kind: "removed",
        files: { Dockerfile: ["FROM ruby:3.4", "RUN gem install rails «--no-ri» «--no-rdoc»"] },
      },
      {
        name: "apk",
        kind: "deprecated",
        files: {
          Dockerfile: ["FROM alpine:3.22", "RUN apk add «--update» --no-cache curl", "RUN apk --no-cache add «-U» git"],
        },
        fixed: { Dockerfile: ["FROM alpine:3.22", "RUN apk add --no-cache curl", "RUN apk --no-cache add git"] },
      },
      {
        name: "Fedora with dnf 5",
        kind: "deprecated",
        files: { Dockerfile: ["FROM fedora:42", "RUN «yum» install -y curl"] },
      },
      {
        name: "a deb line",
        kind: "deprecated",
        files: {
          Dockerfile: ["FROM ubuntu:24.04", 'RUN «add-apt-repository» "deb https://apt.acme.io stable main"'],
        },
      },
      {
        name: "conda on a base for graphics cards, where asked for",
        kind: "preference",
        options: { groups: GROUPS },
        files: { Dockerfile: ["FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04", "RUN «conda» install -y pytorch"] },
      },
    ],
    good: [
      {
        name: "today's words",
        files: {
          Dockerfile: [
            "FROM debian:13",
            "RUN curl -fsSL https://apt.acme.io/key.asc | gpg --dearmor -o /etc/apt/keyrings/acme.gpg",
            "RUN npm ci --omit=dev && bundle install && composer install --no-dev && apk add --update curl",
            "RUN poetry install --without dev && gem install rails --no-document && pip install --use-feature=truststore .",
            "RUN apt-key list && add-apt-repository ppa:deadsnakes/ppa && python setup.py build && npm ci --production=false && npm run build --production",
          ],
        },
      },
      {
        name: "releases that are older",
        files: {
          Dockerfile: [
            "FROM node:14",
            "RUN npm ci --production --unsafe-perm",
            "FROM ruby:2.5",
            "RUN gem install rails --no-ri --no-rdoc",
            "FROM golang:1.16",
            "RUN go get golang.org/x/tools/cmd/goimports",
            "FROM debian:10",
            "RUN apt-key add key.asc",
            "FROM ubuntu:20.04",
            "RUN apt-key add key.asc",
          ],
        },
      },
      {
        name: "go get in a module",
        files: {
          Dockerfile: [
            "FROM golang:1.24",
            "WORKDIR /src",
            "COPY go.mod go.sum ./",
            "RUN go get github.com/acme/api && go get -d x",
          ],
        },
      },
      {
        name: "Yarn 1",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "COPY package.json ./", "RUN yarn install --production"],
        },
      },
      { name: "yum where it is the manager", files: { Dockerfile: ["FROM amazonlinux:2", "RUN yum install -y curl"] } },
      {
        name: "a matter of taste",
        preset: "recommended",
        files: { Dockerfile: ["FROM nvidia/cuda:12.4.1-runtime-ubuntu22.04", "RUN conda install -y pytorch"] },
      },
      {
        name: "groups that are not asked for",
        options: { groups: ["removed"] },
        files: { Dockerfile: ["FROM composer:2", "RUN composer install --no-suggest"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project, options: chosen }: RuleContext<typeof options>): Iterable<Finding> {
  for (const { group, what, fact, remedy, range, edits } of deprecatedUses(stage, project)) {
    if (!chosen.groups.includes(group)) continue;
    yield {
      kind: group,
      range,
      message: `${quoted(what)} ${fact}; ${remedy}`,
      // Safe: the replacements of the table mean the same.
      fix: edits === undefined ? undefined : { description: remedy.replaceAll("`", ""), safety: "safe", edits },
    };
  }
}
