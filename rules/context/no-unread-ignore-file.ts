import type { BuildContext } from "../../src/context/context.js";
import { IgnoreFile } from "../../src/context/ignore-file.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName, joinPath, parentPath } from "../../src/files/path.js";
import type { Build, Project } from "../../src/project/model.js";
import { type UnreadIgnoreFile, unreadIgnoreFiles } from "../../src/project/unread-ignore-files.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range, Source } from "../../src/text/source.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Ignore files that another tool reads, as globs of paths: `deploy/**/.dockerignore`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/no-unread-ignore-file",
  summary: "Every ignore file is read by a build",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    place: { summary: "it lies in a folder that no build sends" },
    shadow: { summary: "the Dockerfile's own file takes its place, and its lines do not count" },
    empty: { summary: "the Dockerfile's own file is empty, so that everything is sent" },
    name: { summary: "no builder looks for a file of that name" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A builder reads one ignore file: the one that bears the Dockerfile's name, else the one at the root of the context. " +
      "Any other looks like protection and excludes nothing.",
  ],
  references: [
    "https://docs.docker.com/build/concepts/context/#filename-and-location",
    "https://docs.docker.com/reference/compose-file/build/#context",
  ],
  options,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "beside the Dockerfile, with a context above",
        kind: "place",
        message: "no build reads this file: `api` is built from `.`; name it `Dockerfile.dockerignore`",
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api/Dockerfile}}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY api /app"],
          "api/.dockerignore": ["«node_modules»", "*.log"],
        },
      },
      {
        name: "beside the Compose file, with a context below",
        kind: "place",
        message: "no build reads this file: `api` is built from `api`; move it there",
        files: {
          "compose.yaml": ["services: {api: {build: ./api}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["«node_modules»"],
        },
      },
      {
        name: "a Dockerfile without Compose, in a folder of what it copies",
        kind: "place",
        files: {
          "docker/Dockerfile": ["FROM node:22.14.0-slim", "COPY src docker/start.sh /app/"],
          "docker/.dockerignore": ["# nothing here", "«*.log»"],
          "docker/start.sh": [""],
          "src/main.js": [""],
        },
      },
      {
        name: "the Dockerfile's own file lacks lines",
        kind: "shadow",
        message: "this file takes the place of `.dockerignore`, whose `.git` and 1 more do not count; add them here",
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api.Dockerfile}}, web: {build: .}}"],
          "api.Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "api.Dockerfile.dockerignore": ["«*.log»", "**/node_modules"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".git", "node_modules", ".env", "!.env.example"],
        },
      },
      {
        name: "and so nothing reads the other",
        kind: "shadow",
        message: "this file takes the place of `.dockerignore`, which no build reads; add its `.git` here",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          "Dockerfile.dockerignore": ["«*.log»"],
          ".dockerignore": [".git"],
        },
      },
      {
        name: "an empty one",
        kind: "empty",
        message: "this file is empty and counts all the same, so everything is sent; drop it, or fill it",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          "Dockerfile.dockerignore": "«»",
          ".dockerignore": [".git"],
        },
      },
      {
        name: "names that no builder looks for",
        kind: "name",
        message: "no builder looks for `.Dockerignore`; name it `.dockerignore`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          "api.Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "web.Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          ".Dockerignore": ["«node_modules»"],
          "api.dockerignore": ["«node_modules»"],
          "web.Dockerfile.ignore": ["«node_modules»"],
          ".dockerignore.Dockerfile": ["«node_modules»"],
        },
      },
    ],
    good: [
      {
        name: "at the root of the context, and one of a Dockerfile's own that says all of it",
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api/Dockerfile}}, web: {build: ./web}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "api/Dockerfile.dockerignore": ["**/node_modules", "*.log"],
          ".dockerignore": ["node_modules", "!node_modules/keep"],
          "web/Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "web/.dockerignore": ["node_modules"],
        },
      },
      {
        name: "a folder that a tool of its own builds",
        options: { allow: ["api/.dockerignore"] },
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api/Dockerfile}}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "api/.dockerignore": ["node_modules"],
        },
      },
      {
        name: "another build sends the folder, and other kinds of ignore files",
        files: {
          "compose.yaml": ["services: {api: {build: {context: ., dockerfile: api/Dockerfile}}, job: {build: ./api}}"],
          "api/Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "api/.dockerignore": ["node_modules"],
          ".gitignore": ["node_modules"],
          ".prettierignore": ["dist"],
        },
      },
      {
        name: "the context is a guess",
        files: {
          "docker/Dockerfile": ["FROM node:22.14.0-slim", "COPY . gone /app/"],
          ".dockerignore": ["node_modules"],
        },
      },
      {
        name: "a Dockerfile inside of the Compose file reads the one of the context",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM alpine:3.21",
          ],
          ".dockerignore": ["node_modules"],
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, { project, options: { allow } }: Context): Iterable<Finding> {
  for (const unread of unreadIgnoreFiles(context, project)) {
    const path = project.display(unread.source.file);
    if (!allow.some((pattern) => matchesGlob(pattern, path, { hasFolders: true })))
      yield describe(unread, context, project);
  }
}

function describe(unread: UnreadIgnoreFile, context: BuildContext, project: Project): Finding {
  const { source, kind } = unread;
  const range = firstLine(source);
  switch (unread.kind) {
    case "place": {
      const root = quoted(project.display(context.root) || ".");
      const message = `no build reads this file: ${nameOf(unread.build)} is built from ${root}; ${remedy(unread, context)}`;
      // What a Dockerfile that stands alone is built from is worked out of what it copies.
      return { kind, range, message, confidence: unread.build.services.length > 0 ? "high" : "medium" };
    }
    case "shadow": {
      const [first, ...more] = unread.missing;
      const line = quoted(first?.written ?? "");
      const takes = `this file takes the place of \`${baseName(unread.root.file)}\``;
      const rest = more.length === 0 ? "" : ` and ${more.length} more`;
      const message = unread.isUnread
        ? `${takes}, which no build reads; add its ${line}${rest} here`
        : `${takes}, whose ${line}${rest} ${more.length === 0 ? "does not count; add it" : "do not count; add them"} here`;
      return { kind, range, message, related: [{ range: firstLine(unread.root), message: "the file of the context" }] };
    }
    case "empty": {
      const message = "this file is empty and counts all the same, so everything is sent; drop it, or fill it";
      const related = unread.root && [{ range: firstLine(unread.root), message: "this one is not read" }];
      return { kind, range, message, related };
    }
    case "name": {
      const message = `no builder looks for \`${baseName(source.file)}\`; name it \`${unread.right}\``;
      return { kind, range, message };
    }
  }
}

function nameOf({ services, dockerfile }: Build): string {
  const [service] = services;
  return quoted(service?.name ?? dockerfile.source.path);
}

/** Beside its Dockerfile a file can bear that name; anywhere else it has to move. */
function remedy({ source, build, isInline }: UnreadIgnoreFile & { kind: "place" }, { root }: BuildContext): string {
  const dockerfile = build.dockerfile.source.root.file;
  const folder = parentPath(source.file);
  if (isInline || parentPath(dockerfile) !== folder || folder === root) return "move it there";
  return `name it \`${baseName(joinPath(folder, `${baseName(dockerfile)}.dockerignore`))}\``;
}

/** The first pattern; the beginning of a file without any. */
function firstLine(source: Source): Range {
  return new IgnoreFile(source).patterns[0]?.range ?? source.range(0, 0);
}
