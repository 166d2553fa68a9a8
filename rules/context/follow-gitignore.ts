import { addLines, textOfGroups } from "../../src/context/added-lines.js";
import type { BuildContext } from "../../src/context/context.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { joinPath } from "../../src/files/path.js";
import { type ContextView, contextViewOf } from "../../src/project/context-view.js";
import { type GitIgnoredFiles, gitIgnoredFiles } from "../../src/project/git-ignored-files.js";
import { formatBytes, parseDecimalSize } from "../../src/values/byte-size.js";

const options = {
  atLeast: option.string({ default: "1KB", description: "Size that such files have to reach together: `1MB`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/follow-gitignore",
  summary: "Files that git ignores are not sent by accident",
  levels: { strict: "info" },
  roles: ["production", "ci"],
  fixable: "sometimes",
  why: [
    "What git ignores is not the same on any two machines: logs, dumps, output of the last run. An image that takes it is " +
      "another one on a laptop than in CI, and nobody has reviewed what is in it.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/#dockerignore-files", "CWE-1188"],
  options,
  // Which kinds of files these are is worth more than that git ignores them.
  yieldsTo: ["context/require-dockerignore", "context/ignore-secrets"],
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "logs and a dump",
        message: "2 files that git ignores (3KB) are sent with `COPY .`: `dump.sql` and `logs`; exclude them",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".gitignore": ["logs/", "*.sql"],
          ".dockerignore": [".git", "node_modules"],
          "logs/api.log": "x".repeat(1000),
          "dump.sql": "x".repeat(2000),
          "server.js": [""],
        },
        fixed: {
          ".dockerignore": [".git", "node_modules", "", "# Ignored by git", "**/*.sql", "**/logs"],
        },
      },
      {
        name: "a path at the top, and no ignore file yet",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".gitignore": ["/uploads"],
          "uploads/a.png": "x".repeat(2000),
        },
        fixed: { ".dockerignore": ["# Ignored by git", "uploads"] },
      },
      {
        name: "files of which a COPY names one",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app", "COPY data/seed.csv /seed/"],
          ".gitignore": ["/data"],
          ".dockerignore": [".git"],
          "data/seed.csv": "x".repeat(2000),
          "data/rest.csv": "x".repeat(3000),
        },
        fixed: { ".dockerignore": [".git", "", "# Ignored by git", "data", "!data/seed.csv"] },
      },
      {
        name: "a file that has to come along, so that its folder cannot be left out",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app", "COPY data/*.csv /seed/"],
          ".gitignore": ["/data"],
          ".dockerignore": [".git"],
          "data/rest.json": "x".repeat(3000),
        },
        fixed: { ".dockerignore": [".git", "", "# Ignored by git", "data", "!data/*.csv"] },
      },
      {
        name: "more than anybody wants in an ignore file",
        message: "13 files that git ignores (13KB) are sent with `COPY .`: `d0.csv`, `d1.csv`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".gitignore": Array.from({ length: 13 }, (_, index) => `/d${index}.csv`),
          ".dockerignore": [".git"],
          ...Object.fromEntries(Array.from({ length: 13 }, (_, index) => [`d${index}.csv`, "x".repeat(1000)])),
        },
      },
    ],
    good: [
      {
        name: "in both files",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".gitignore": ["logs/"],
          ".dockerignore": ["logs"],
          "logs/api.log": "x".repeat(3000),
        },
      },
      {
        name: "less than anybody minds",
        options: { atLeast: "1MB" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".gitignore": ["logs/"],
          "logs/api.log": "x".repeat(3000),
        },
      },
      {
        name: "a limit that is no size",
        options: { atLeast: "some" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".gitignore": ["logs/"],
          "logs/api.log": "x".repeat(3000),
        },
      },
      {
        name: "what other rules name",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app", "RUN npm ci"],
          ".gitignore": ["node_modules/"],
          "package.json": ["{}"],
          "node_modules/a/index.js": "x".repeat(3000),
        },
      },
      {
        name: "artefacts that a COPY names",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", "COPY dist /usr/share/nginx/html", "COPY *.bin /srv/", "COPY . /src"],
          ".gitignore": ["dist/", "*.bin"],
          "dist/index.html": "x".repeat(3000),
          "a.bin": "x".repeat(3000),
        },
      },
      {
        name: "nothing that git ignores is within reach",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY src /app"],
          ".gitignore": ["logs/"],
          "logs/api.log": "x".repeat(3000),
          "src/main.js": [""],
        },
      },
      {
        name: "a context that is only a guess",
        files: {
          "docker/Dockerfile": ["FROM node:22.14.0-slim", "COPY . gone /app/"],
          ".gitignore": ["logs/"],
          "docker/logs/api.log": "x".repeat(3000),
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, { project, options }: Context): Iterable<Finding> {
  const least = parseDecimalSize(options.atLeast);
  if (least === undefined || !context.isCertain) return;
  const view = contextViewOf(context, project);
  const widest = view.reach.widest?.source;
  if (widest === undefined) return;
  const found = gitIgnoredFiles(view);
  if (found.files === 0 || found.sizeBytes < least) return;
  const count = `${found.isLowerBound ? "at least " : ""}${found.files} ${found.files === 1 ? "file" : "files"}`;
  const taker = widest.via === "mount" ? "a bind mount" : `\`${widest.via.toUpperCase()} ${widest.written}\``;
  const verb = found.files === 1 ? "is" : "are";
  const what = `${count} that git ignores (${formatBytes(found.sizeBytes)}) ${verb} sent with ${taker}`;
  yield {
    range: widest.range,
    message: `${what}: ${listOf(found)}; exclude ${found.files === 1 ? "it" : "them"}`,
    fix: exclude(found, view),
  };
}

/** The largest entries, as many as a message holds. */
function listOf({ entries }: GitIgnoredFiles): string {
  const shown: string[] = [];
  for (const { path } of entries.slice(0, 5)) {
    if ([...shown, path].join().length > 50 && shown.length > 0) break;
    shown.push(`\`${path}\``);
  }
  if (entries.length > shown.length) shown.push(`${entries.length - shown.length} more`);
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

/** Safe: the lines leave out nothing that a COPY names, and nothing that another machine has. */
function exclude({ entries, lines }: GitIgnoredFiles, { context }: ContextView): Fix | undefined {
  if (lines.length === 0) return undefined;
  const groups = [{ title: "Ignored by git", lines }];
  const description = "exclude what git ignores";
  const { ignoreFile } = context;
  if (ignoreFile === undefined) {
    const file = joinPath(context.root, ".dockerignore");
    return { description, safety: "safe", edits: [], creates: [{ file, text: textOfGroups(groups) }] };
  }
  const paths = entries.map(({ path }) => path);
  const added = addLines(ignoreFile.file, groups, paths);
  if (added === undefined) return undefined;
  const { source } = ignoreFile.file;
  const range = source.range(added.offset, added.offset);
  return { description, safety: "safe", edits: [{ range, text: added.text }] };
}
