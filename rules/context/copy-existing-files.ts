import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { extensionOf } from "../../src/files/path.js";
import { type MissingSource, missingSources } from "../../src/project/missing-sources.js";
import type { Build } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "context/copy-existing-files",
  summary: "What COPY names is in the context",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    missing: { summary: "nothing of that name is in the context" },
    case: {
      summary: "the name is written in another case, which Linux tells apart",
      levels: { recommended: "error", strict: "error" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A COPY of a file that is not there ends the build, often after minutes of installing. A name in the wrong case is found " +
      "on the disks of macOS and Windows, and missing in CI.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy",
    "https://docs.docker.com/build/concepts/context/#local-directories",
  ],
  yieldsTo: ["syntax/no-copy-outside-context", "syntax/no-inline-comment"],
  mentions: { dockerfile: ["copy", "add"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a misspelt name",
        kind: "missing",
        message: "`requirments.txt` is not in `api`; did you mean `requirements.txt`?",
        files: {
          "compose.yaml": ["services: {api: {build: ./api}}"],
          "api/Dockerfile": ["FROM python:3.13-slim", "COPY «requirments.txt» /app/"],
          "api/requirements.txt": ["flask==3.1.0"],
        },
      },
      {
        name: "a misspelt name, in a folder that holds all else",
        kind: "missing",
        message: "`pakage.json` is not in the context; did you mean `package.json`?",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY server.js «pakage.json» /app/"],
          "package.json": ["{}"],
          "server.js": [""],
        },
      },
      {
        name: "another case",
        kind: "case",
        message: "`readme.md` is `README.md` in the context; names differ by case on Linux",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM nginx:1.27.4", "COPY «./docs/readme.md» /usr/share/nginx/html/"],
          "docs/README.md": ["# API"],
        },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", "COPY ./docs/README.md /usr/share/nginx/html/"] },
      },
      {
        name: "another case that a variable brings",
        kind: "case",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM nginx:1.27.4", "ARG DIR=Site", "COPY «$DIR» /usr/share/nginx/html/"],
          "site/index.html": [""],
        },
      },
      {
        name: "a path that counts from the folder of the Dockerfile",
        kind: "missing",
        message: "`requirements.txt` is not in the context; it is at `api/requirements.txt`",
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api/Dockerfile}}}"],
          "api/Dockerfile": ["FROM python:3.13-slim", "COPY «requirements.txt» /app/"],
          "api/requirements.txt": ["flask==3.1.0"],
        },
      },
      {
        name: "a path that counts from above the context",
        kind: "missing",
        message: "`api/server.js` is not in `api`; it is at `server.js`",
        files: {
          "compose.yaml": ["services: {api: {build: ./api}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY «api/server.js» /app/"],
          "api/server.js": [""],
        },
      },
      {
        name: "a path that leads out of the context",
        kind: "missing",
        message: "`../lib/log.js` is not in `api`; correct the path, or add the file",
        files: {
          "compose.yaml": ["services: {api: {build: ./api}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY server.js «../lib/log.js» /app/"],
          "api/server.js": [""],
          "lib/log.js": [""],
        },
      },
      {
        name: "nothing near, and a wildcard without a match",
        kind: "missing",
        message: "`nginx.conf` is not in the context; correct the path, or add the file",
        files: {
          "compose.yaml": ["services: {web: {build: .}}"],
          Dockerfile: ["FROM nginx:1.27.4", "COPY «nginx.conf» /etc/nginx/", "COPY «sites/*.conf» index.html /srv/"],
          "index.html": [""],
          "sites/README": [""],
          Makefile: [""],
        },
      },
      {
        name: "a program that some other job may bring",
        kind: "missing",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM alpine:3.21", "COPY «api» /usr/local/bin/api"],
          "main.go": ["package main"],
        },
      },
    ],
    good: [
      {
        name: "everything is there, through folders and wildcards too",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "COPY package*.json ./",
            "COPY . .",
            "COPY src/ config/app.json /app/",
          ],
          "package.json": ["{}"],
          "src/main.js": [""],
          "config/app.json": ["{}"],
        },
      },
      {
        name: "made before the build, or ignored by git",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: [
            "FROM eclipse-temurin:21-jre",
            "COPY dist/ /srv/",
            "COPY target/*.jar app.jar",
            "COPY api-1.0.whl /tmp/",
            "COPY report.html /srv/",
          ],
          ".gitignore": ["report.html"],
          "pom.xml": [""],
        },
      },
      {
        name: "a file that may be absent",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY package.json yarn.lock* .npmr[c] ./"],
          "package.json": ["{}"],
        },
      },
      {
        name: "ignored files have a rule of their own",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY notes.md server.js /app/"],
          ".dockerignore": ["*.md"],
          "server.js": [""],
        },
      },
      {
        name: "a value that nobody knows, other stages, and triggers",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: [
            "FROM node:22.14.0-slim AS build",
            "RUN npm ci",
            "FROM node:22.14.0-slim",
            "ARG DIR",
            "COPY $DIR /app",
            "COPY --from=build /made.txt /app/",
            "COPY server.js /app/",
            "ONBUILD COPY package.json /app/",
          ],
          "server.js": [""],
        },
      },
      {
        name: "the folder is only a guess",
        files: {
          "docker/Dockerfile": ["FROM node:22.14.0-slim", "COPY package.json server.js /app/"],
          "docker/entrypoint.sh": [""],
        },
      },
      {
        name: "only the files that build are here, and a submodule that is not checked out",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY package.json server.js /app/"],
        },
      },
      {
        name: "none of many files is here",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY package.json server.js /app/"],
          "README.md": ["# Sparse"],
        },
      },
      {
        name: "paths of Windows",
        files: {
          "compose.yaml": ["services: {api: {build: .}}"],
          Dockerfile: [
            "# escape=`",
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "COPY site\\index.html C:\\inetpub\\",
            "COPY web.config C:\\inetpub\\",
          ],
          "site/index.html": [""],
          "web.config": [""],
        },
      },
      {
        name: "a stage that the build does not reach, and a context that is not here",
        files: {
          "compose.yaml": ["services: {api: {build: .}, web: {build: 'https://github.com/acme/web.git'}}"],
          Dockerfile: ["FROM alpine:3.21 AS docs", "COPY manual.txt /", "FROM node:22.14.0-slim", "COPY server.js /"],
          "server.js": [""],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  const { context } = build;
  if (context.kind !== "local") return;
  const place = project.display(context.root);
  const where = place === "." || place === "" ? "the context" : quoted(place);
  for (const source of missingSources(build, project)) {
    const { range, meant, isCertain } = source;
    const isCase = meant?.kind === "case";
    yield {
      kind: isCase ? "case" : "missing",
      range,
      message: isCase ? caseMessage(source, meant.path) : missingMessage(source, where),
      fix: isCase ? respell(source, meant.path) : undefined,
      confidence: isCertain && meant !== undefined ? "high" : isProgram(source) ? "low" : "medium",
    };
  }
}

function caseMessage({ path }: MissingSource, real: string): string {
  const wrong = path.split("/");
  const right = real.split("/");
  const at = wrong.findIndex((element, index) => element !== right[index]);
  const [from, to] = [wrong[at] ?? path, right[at] ?? real];
  return `${quoted(from)} is ${quoted(to)} in the context; names differ by case on Linux`;
}

function missingMessage({ path, meant, isGlob, range }: MissingSource, where: string): string {
  if (isGlob) return `${quoted(path)} matches nothing in ${where}; correct the pattern`;
  // The builder drops what leads out of the context; people look for what they wrote.
  const written = textOf(range);
  const what = `${quoted(written.startsWith("..") ? written : path)} is not in ${where}`;
  if (meant === undefined) return `${what}; correct the path, or add the file`;
  return meant.kind === "place"
    ? `${what}; it is at ${quoted(meant.path)}`
    : `${what}; did you mean ${quoted(meant.path)}?`;
}

/** A name without ending may be that of a program which another job compiles. */
function isProgram({ path, meant, isGlob }: MissingSource): boolean {
  return meant === undefined && !isGlob && !path.includes("/") && extensionOf(path) === "";
}

/** Safe: the same file, found on every disk. */
function respell({ range, path }: MissingSource, real: string): Fix | undefined {
  const written = textOf(range);
  const at = written.indexOf(path);
  if (at === -1) return undefined;
  const place = range.source.range(range.start + at, range.start + at + path.length);
  return { description: `use \`${real}\``, safety: "safe", edits: [{ range: place, text: real }] };
}
