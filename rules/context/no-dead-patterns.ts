import type { BuildContext } from "../../src/context/context.js";
import { type DeadPattern, deadPatterns } from "../../src/context/dead-patterns.js";
import type { IgnorePattern } from "../../src/context/ignore-file.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { quoted } from "../../src/text/quoted.js";
import type { Edit, Range } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";

export default defineRule({
  id: "context/no-dead-patterns",
  summary: "Every line of the ignore file has an effect",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    exception: { summary: "an exception from nothing, or one that is taken back" },
    shadowed: { summary: "an earlier line covers all that it matches" },
    order: { summary: "an exception in front of its exclusion" },
  },
  roles: "all",
  fixable: "always",
  why: [
    "The last line that matches a path decides. An exception in the wrong place lets nothing through, and a line that says " +
      "nothing new makes the file longer than what anybody reads before adding the next one.",
  ],
  references: [
    "https://docs.docker.com/build/concepts/context/#negating-matches",
    "https://github.com/moby/patternmatcher/blob/v0.6.0/patternmatcher.go",
  ],
  needsIgnoreFile: true,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "an exception comes first",
        kind: "order",
        message: "`!README.md` comes before `*.md`, so `README.md` stays excluded; move it below line 3",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["# docs", "«!README.md»", "*.md", "node_modules"],
        },
        fixed: { ".dockerignore": ["# docs", "*.md", "node_modules", "!README.md"] },
      },
      {
        name: "an exception that is taken back",
        kind: "exception",
        message: "line 3, `docs`, takes `!docs/index.md` back; move it below",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": "**/*.md\n«!docs/index.md»\ndocs",
        },
        fixed: { ".dockerignore": "**/*.md\ndocs\n!docs/index.md\n" },
      },
      {
        name: "an exception from nothing",
        kind: "exception",
        message: "no line before it excludes what `!src` lets through; drop it",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["node_modules", "*.log", "«!src»"],
        },
        fixed: { ".dockerignore": ["node_modules", "*.log"] },
      },
      {
        name: "the same again, a child of a folder, and a name that is covered everywhere",
        kind: "shadowed",
        message: "line 1, `node_modules`, covers all of this; drop it",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [
            "node_modules",
            "«/node_modules/»",
            "**/__pycache__",
            "«__pycache__»",
            "«app/__pycache__/*.pyc»",
            "logs",
            "«logs/*.log»",
            "*.tmp",
            "«scratch.tmp»",
          ],
        },
        fixed: { ".dockerignore": ["node_modules", "**/__pycache__", "logs", "*.tmp"] },
      },
      {
        name: "a list of what is let through that goes on excluding, and an exception twice",
        kind: "shadowed",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": "*\r\n«node_modules»\r\n!src\r\n«!src/»\r\n",
        },
        fixed: { ".dockerignore": "*\r\n!src\r\n" },
      },
    ],
    good: [
      {
        name: "exceptions behind what they except",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["*.md", "!README.md", "docs/**", "!docs/*.html", "!docs", "**/.env*", "!.env.example"],
        },
      },
      {
        name: "an exclusion again, below what was let through",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["*", "!src", "src/node_modules", "*.log"],
        },
      },
      {
        name: "patterns that cover a part of each other, or files that do not exist",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [
            "coverage",
            "logs/*.log",
            "logs/*",
            "*.pyc",
            "**/*.pyc",
            "build/**",
            "build",
            "**/a/b",
            "b",
          ],
        },
      },
      {
        name: "an exception that a later one repeats, behind another exclusion",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["*.md", "!README.md", "docs", "**/*.md", "!README.md"],
        },
      },
      {
        name: "lines that a program wrote",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [
            "node_modules",
            "# Created by https://www.toptal.com/developers/gitignore/api/node",
            "node_modules",
            "# End of https://www.toptal.com/developers/gitignore/api/node",
          ],
        },
      },
      { name: "no ignore file", files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"] } },
    ],
  },
});

function* checkContext(context: BuildContext): Iterable<Finding> {
  const file = context.ignoreFile?.file;
  if (file === undefined) return;
  for (const dead of deadPatterns(file)) yield describe(dead);
}

function describe(dead: DeadPattern): Finding {
  const { range, written, cleaned } = dead.pattern;
  switch (dead.kind) {
    case "shadowed": {
      const message = `line ${lineOf(dead.by)}, ${quoted(dead.by.written)}, covers all of this; drop it`;
      return { kind: "shadowed", range, message, related: [because(dead.by)], fix: drop(range) };
    }
    case "needless": {
      const message = `no line before it excludes what ${quoted(written)} lets through; drop it`;
      return { kind: "exception", range, message, fix: drop(range) };
    }
    case "early": {
      const order = `${quoted(written)} comes before ${quoted(dead.by.written)}, so ${quoted(cleaned)} stays excluded`;
      const message = `${order}; move it below line ${lineOf(dead.by)}`;
      return { kind: "order", range, message, related: [because(dead.by)], fix: moveToEnd(range) };
    }
    case "undone": {
      const message = `line ${lineOf(dead.by)}, ${quoted(dead.by.written)}, takes ${quoted(written)} back; move it below`;
      return { kind: "exception", range, message, related: [because(dead.by)], fix: moveToEnd(range) };
    }
  }
}

function lineOf({ range }: IgnorePattern): number {
  return range.source.positionAt(range.start).line;
}

function because({ range }: IgnorePattern): { readonly range: Range; readonly message: string } {
  return { range, message: "this line decides" };
}

/** Unsafe: it may have been meant for something else. */
function drop(range: Range): Fix {
  return { description: "drop the line", safety: "unsafe", edits: [{ range: wholeLines(range), text: "" }] };
}

/** Unsafe: files are sent that were not. */
function moveToEnd(range: Range): Fix {
  const { source, start, end } = range;
  const { text, lineBreak } = source;
  const isEnded = text.endsWith("\n");
  const line = `${isEnded ? "" : lineBreak}${text.slice(start, end)}${lineBreak}`;
  const insertion: Edit = { range: source.range(text.length, text.length), text: line };
  const removal: Edit = { range: wholeLines(range), text: "" };
  return { description: "move the line to the end", safety: "unsafe", edits: [removal, insertion] };
}
