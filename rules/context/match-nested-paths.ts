import type { BuildContext } from "../../src/context/context.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { contextViewOf } from "../../src/project/context-view.js";
import { type TopOnlyPattern, topOnlyPatterns } from "../../src/project/top-only-patterns.js";

export default defineRule({
  id: "context/match-nested-paths",
  summary: "Patterns match where their files are",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: "all",
  fixable: "always",
  why: [
    "In a `.gitignore` a name matches in every folder. In an ignore file of Docker it matches at the top of the context only: " +
      "`*.pyc` and `node_modules` leave those of every folder in.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/#syntax"],
  needsIgnoreFile: true,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "compiled files in a package",
        message: "`*.pyc` matches at the top only; `app/api/users.pyc` and 1 more are still sent; write `**/*.pyc`",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY . /src"],
          ".dockerignore": [".git", "**/__pycache__", "«*.pyc»"],
          "app/main.pyc": [""],
          "app/api/users.pyc": [""],
          "setup.pyc": [""],
        },
        fixed: { ".dockerignore": [".git", "**/__pycache__", "**/*.pyc"] },
      },
      {
        name: "dependencies of a package in a monorepo, which an install will bring",
        message: "`packages/ui/node_modules` will be sent",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /src", "RUN npm ci"],
          ".dockerignore": ["«node_modules/»"],
          "package.json": ["{}"],
          "packages/ui/package.json": ["{}"],
        },
        fixed: { ".dockerignore": ["**/node_modules/"] },
      },
      {
        name: "caches of modules in folders",
        message: "`app/__pycache__` will be sent",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY app /src"],
          ".dockerignore": ["«__pycache__»", ".git"],
          "app/main.py": [""],
        },
        fixed: { ".dockerignore": ["**/__pycache__", ".git"] },
      },
      {
        name: "output of the projects of a solution",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/dotnet/sdk:9.0", "COPY . /src"],
          ".dockerignore": ["«bin»", "«obj»"],
          "src/Api/Api.csproj": [""],
        },
        fixed: { ".dockerignore": ["**/bin", "**/obj"] },
      },
      {
        name: "an environment file of a service",
        message: "`api/.env` is still sent",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /src"],
          ".dockerignore": "# secrets\r\n«.env»\r\n",
          "api/.env": ["TOKEN=abc"],
        },
        fixed: { ".dockerignore": "# secrets\r\n**/.env\r\n" },
      },
      {
        name: "files of a kind",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /src"],
          ".dockerignore": ["«*.md»"],
          "docs/install.md": [""],
        },
        fixed: { ".dockerignore": ["**/*.md"] },
      },
      {
        name: "a name that may be something else in a folder",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY . /src", "RUN pip install ."],
          ".dockerignore": ["«build»", "«docs»"],
          "pyproject.toml": [""],
          "tool/build/main.py": [""],
          "tool/docs/index.md": [""],
        },
        fixed: { ".dockerignore": ["**/build", "**/docs"] },
      },
    ],
    good: [
      {
        name: "two stars",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY . /src"],
          ".dockerignore": ["**/__pycache__", "**/*.py[cod]"],
          "app/main.pyc": [""],
        },
      },
      {
        name: "Python keeps what it compiles in folders that are excluded",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY . /src"],
          ".dockerignore": ["**/__pycache__", "*.pyc"],
          "app/main.py": [""],
        },
      },
      {
        name: "nothing in folders",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /src", "RUN npm ci"],
          ".dockerignore": ["node_modules", "*.log", "__pycache__", "*.pyc"],
          "package.json": ["{}"],
          "tool.py": [""],
        },
      },
      {
        name: "another line covers those in folders",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /src"],
          ".dockerignore": ["*.log", "logs", "**/debug*"],
          "logs/a.log": [""],
          "src/debug.log": [""],
        },
      },
      {
        name: "an exception lets those in folders through",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /src"],
          ".dockerignore": ["*.md", "!docs"],
          "docs/install.md": [""],
        },
      },
      {
        name: "a COPY names one in a folder",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim AS build", "COPY . /src", "FROM alpine:3.21", "COPY web/dist /web"],
          ".dockerignore": ["dist"],
          "web/dist/index.html": [""],
        },
      },
      {
        name: "no build takes the folder",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY src /src"],
          ".dockerignore": ["*.log"],
          "src/app.sh": [""],
          "logs/a.log": [""],
        },
      },
      {
        name: "lines that were anchored, that hold a slash, or that are exceptions",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /src"],
          ".dockerignore": ["/dist", "tmp/*.log", "*", "!src"],
          "src/dist/a.js": [""],
          "src/tmp/a.log": [""],
        },
      },
      {
        name: "a context that is only a guess",
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY . gone /src/"],
          "docker/.dockerignore": ["*.log"],
          "docker/logs/a.log": [""],
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, { project }: RuleContext): Iterable<Finding> {
  if (!context.isCertain) return;
  for (const found of topOnlyPatterns(contextViewOf(context, project))) {
    const { pattern, nested, files, means } = found;
    yield {
      range: pattern.range,
      message: `\`${pattern.written}\` matches at the top only; ${missed(found)}; write \`${nested}\``,
      fix: prefix(found),
      // One name can be something else in a folder: source code in `docs`.
      confidence: means === "name" ? "low" : means === "leftovers" && files.length > 0 ? "high" : "medium",
    };
  }
}

function missed({ files, expected }: TopOnlyPattern): string {
  const [first] = files;
  if (first === undefined) return `\`${withoutContent(expected[0] ?? "")}\` will be sent`;
  return files.length === 1 ? `\`${first}\` is still sent` : `\`${first}\` and ${files.length - 1} more are still sent`;
}

/** Expected paths name some file in the folder that is meant. */
function withoutContent(path: string): string {
  return path.replace(/\/x(?:\.pyc)?$/, "");
}

/** Safe for what nobody wants in any folder; files of other kinds may be needed there. */
function prefix({ pattern, nested, means }: TopOnlyPattern): Fix {
  const at = pattern.range.source.range(pattern.range.start, pattern.range.start);
  return {
    description: `write \`${nested}\``,
    safety: means === "leftovers" ? "safe" : "unsafe",
    edits: [{ range: at, text: "**/" }],
  };
}
