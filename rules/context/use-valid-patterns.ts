import type { BuildContext } from "../../src/context/context.js";
import { type IgnorePattern, type IgnoreProblem, matcherOf } from "../../src/context/ignore-file.js";
import { type IgnoreTypo, plainPathOf, typoOf, withoutBraces } from "../../src/context/ignore-typos.js";
import { nearestPath } from "../../src/context/nearest-path.js";
import { exampleOf } from "../../src/context/reach.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { contextViewOf } from "../../src/project/context-view.js";
import type { Project } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";

export default defineRule({
  id: "context/use-valid-patterns",
  summary: "Every line of the ignore file means what it seems to",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    invalid: { summary: "a line that fails every build", levels: { recommended: "error", strict: "error" } },
    comment: { summary: "a comment that is part of a pattern" },
    outside: { summary: "a path outside of the context, which no pattern reaches" },
    regex: { summary: "pieces of other pattern languages" },
    "git-only": { summary: "what only git understands this way" },
    case: { summary: "another case than that of the file" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "An ignore file has few rules, and they are not those of git or of a shell. A line that means something else excludes " +
      "nothing, without a word: the secrets and caches that it names are sent.",
  ],
  references: [
    "https://docs.docker.com/build/concepts/context/#syntax",
    "https://pkg.go.dev/path/filepath#Match",
    "https://github.com/moby/patternmatcher/blob/v0.6.0/ignorefile/ignorefile.go",
  ],
  needsIgnoreFile: true,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "a comment behind a pattern",
        kind: "comment",
        message: "`# deps` is part of this pattern: comments have lines of their own; move it above",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".git", "node_modules «# deps»", "  «# caches»", "!keep.txt «# needed»"],
        },
        fixed: { ".dockerignore": [".git", "# deps", "node_modules", "# caches", "# needed", "!keep.txt"] },
      },
      {
        name: "a comment, and a COPY that would lose its source without it",
        kind: "comment",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", "COPY dist /usr/share/nginx/html"],
          ".dockerignore": "dist «# output»\r\n",
          "dist/index.html": [""],
        },
        fixed: { ".dockerignore": "# output\r\ndist\r\n" },
      },
      {
        name: "lines that no build survives",
        kind: "invalid",
        message: "`!` with nothing behind it fails every build; name what is let through, or drop the line",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".git", "«!»", "*.log«[0-9»", "logs«\\»"],
        },
      },
      {
        name: "paths of the machine",
        kind: "outside",
        message: "`../shared/*.log` is outside of the context, so it excludes nothing; drop the line",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["«../shared/*.log»", "«~/.aws»", "«C:\\temp»", "«/home/dev/api/.env»"],
        },
      },
      {
        name: "braces",
        kind: "regex",
        message: "`{log,tmp}` is taken letter by letter; write a line for each",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["**/*.«{log,tmp}»", ".git"],
        },
        fixed: { ".dockerignore": ["**/*.log", "**/*.tmp", ".git"] },
      },
      {
        name: "regular expressions, and quotes",
        kind: "regex",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["«.*\\.»log", "tmp«(1|2)»", "test.js«$»", "«^»docs", "file«\\d»", '«"my notes.txt"»'],
        },
      },
      {
        name: "a slash at the end, and a file of that name",
        kind: "git-only",
        message: "`build/` leaves out the file `build` too: a slash at the end says nothing here",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«build/»"],
          build: ["#!/bin/sh"],
        },
      },
      {
        name: "two stars without a slash",
        kind: "git-only",
        message: "`**cache` matches every name that ends so; write `**/cache`",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«**cache»", "«node_modules**»"],
        },
      },
      {
        name: "another case",
        kind: "case",
        message: "`readme.md` matches nothing, but there is `README.md`; write it so",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«readme.md»", "«**/Docs»"],
          "README.md": ["# API"],
          "docs/a.txt": [""],
        },
      },
    ],
    good: [
      {
        name: "comments on lines of their own, and ordinary patterns",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [
            "# deps",
            "**/node_modules",
            ".*",
            "*.py[cod]",
            "!.env.example",
            "logs/",
            "/tmp",
            "**/*.log",
          ],
        },
      },
      {
        name: "names that hold such characters",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["notes #1.txt", "draft{1,2}.txt", "\\#scratch#", "price$"],
          "notes #1.txt": [""],
          "draft{1,2}.txt": [""],
          price$: [""],
        },
      },
      {
        name: "files that do not exist now, and a folder with a slash",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["coverage", "dist/"],
          "dist/app.js": [""],
        },
      },
      {
        name: "both cases are listed",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["readme.md", "README.md"],
          "README.md": ["# API"],
        },
      },
      {
        name: "a folder of the context that is called so",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["/home/cache"],
          "home/index.html": [""],
        },
      },
      { name: "no ignore file", files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"] } },
      {
        name: "what matches is named with two stars on purpose",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["**.pyc", "logs/**", "**/tmp/**", "src/**/test"],
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, { project }: RuleContext): Iterable<Finding> {
  const file = context.ignoreFile?.file;
  if (file === undefined) return;
  for (const problem of file.problems) yield describe(problem);
  for (const pattern of file.patterns) {
    const found =
      misread(pattern, context, project) ??
      ofMachine(pattern, context) ??
      gitOnly(pattern, context) ??
      otherCase(pattern, context);
    if (found !== undefined) yield found;
  }
}

function describe({ kind, range }: IgnoreProblem): Finding {
  const what = (message: string): Finding => ({ kind: "invalid", range, message });
  switch (kind) {
    case "lone-exception":
      return what("`!` with nothing behind it fails every build; name what is let through, or drop the line");
    case "class":
      return what(`${quoted(textOf(range))} is no complete class, which fails every build; close it, or write \`\\[\``);
    case "escape":
      return what("a backslash at the end fails every build; drop it, or write a second one");
    case "expression":
      return what(`${quoted(textOf(range))} is no pattern, which fails every build; mend or drop the line`);
    case "line-too-long":
      return what("a line of more than 64KB fails every build; split it");
  }
}

/** What the line holds beside a pattern, or of another language. Names of real files are meant as they are written. */
function misread(pattern: IgnorePattern, context: BuildContext, project: Project): Finding | undefined {
  const typo = typoOf(pattern);
  if (typo === undefined || isName(pattern, context)) return undefined;
  const { source, start } = pattern.range;
  const marked = source.range(start + typo.start, start + typo.end);
  const text = quoted(textOf(marked));
  switch (typo.kind) {
    case "comment": {
      const message = `${text} is part of this pattern: comments have lines of their own; move it above`;
      return { kind: "comment", range: marked, message, fix: moveComment(pattern, typo, context, project) };
    }
    case "parent":
    case "home":
    case "drive": {
      const message = `${quoted(pattern.written)} is outside of the context, so it excludes nothing; drop the line`;
      return { kind: "outside", range: pattern.range, message };
    }
    case "braces": {
      const message = `${text} is taken letter by letter; write a line for each`;
      return { kind: "regex", range: marked, message, fix: splitBraces(pattern, context, project) };
    }
    default: {
      const message = `${text} is taken letter by letter: there are no regular expressions here; use \`*\` and \`?\``;
      const quotes = `the quotes around ${text} are part of the pattern; drop them`;
      return { kind: "regex", range: marked, message: typo.kind === "quotes" ? quotes : message };
    }
  }
}

function isName({ cleaned }: IgnorePattern, context: BuildContext): boolean {
  const path = cleaned.startsWith("**/") ? cleaned.slice(3) : cleaned;
  if (path.startsWith("..") || path === "") return false;
  return context.exists(path) || context.resolveSource(path).matches.length > 0;
}

/** Moves the comment above its pattern. */
function moveComment(
  { range, written, isException }: IgnorePattern,
  { start }: IgnoreTypo,
  context: BuildContext,
  project: Project,
): Fix | undefined {
  const { source } = range;
  const line = source.lineStarts[source.positionAt(range.start).line - 1] ?? range.start;
  const comment = written.slice(start);
  const rest = written.slice(0, start).trimEnd();
  const indent: Range = source.range(line, range.start);
  if (rest === "") {
    return {
      description: "begin the comment in the first column",
      safety: "safe",
      edits: [{ range: indent, text: "" }],
    };
  }
  const safety = isException || keepsSources([rest], context, project) ? "safe" : "unsafe";
  const text = `${comment}${source.lineBreak}${rest}`;
  return { description: "move the comment to a line of its own", safety, edits: [{ range, text }] };
}

function splitBraces(
  { range, written, isException }: IgnorePattern,
  context: BuildContext,
  project: Project,
): Fix | undefined {
  const lines = withoutBraces(written);
  if (lines === undefined || lines.some((line) => line === "" || line === "!")) return undefined;
  const safety = isException || keepsSources(lines, context, project) ? "safe" : "unsafe";
  const text = lines.join(range.source.lineBreak);
  return { description: "write a line for each", safety, edits: [{ range, text }] };
}

/** Whether no COPY of any build names what some lines leave out. */
function keepsSources(lines: readonly string[], context: BuildContext, project: Project): boolean {
  const matcher = matcherOf(lines);
  return !contextViewOf(context, project).sharedReach.named.some((source) => matcher.ignores(exampleOf(source)));
}

const MACHINE = /^\/(?:home|Users|root|mnt|opt|usr|etc|srv|media|Volumes)\/./;

/** A slash at the start means the context, so that folders of a machine are looked for in it. */
function ofMachine({ written, range }: IgnorePattern, context: BuildContext): Finding | undefined {
  if (!MACHINE.test(written)) return undefined;
  const top = written.split("/")[1] ?? "";
  if (context.exists(top)) return undefined;
  const message = `${quoted(written)} is looked for in the context, so it excludes nothing; write the path from there`;
  return { kind: "outside", range, message };
}

function gitOnly(pattern: IgnorePattern, context: BuildContext): Finding | undefined {
  const { written, range, isException, cleaned } = pattern;
  const path = plainPathOf(pattern);
  if (written.endsWith("/") && path !== undefined && context.kindOf(path) === "file") {
    const verb = isException ? "lets the file" : "leaves out the file";
    const message = `${quoted(written)} ${verb} ${quoted(path)} ${isException ? "through " : ""}too: a slash at the end says nothing here`;
    return { kind: "git-only", range, message };
  }
  const right = withSlash(cleaned);
  if (right === undefined) return undefined;
  const side = cleaned.startsWith("**") ? "ends" : "begins";
  // Hardly ever does it match too much.
  const message = `${quoted(cleaned)} matches every name that ${side} so; write \`${right}\``;
  return { kind: "git-only", range, message, confidence: "low" };
}

/** Two stars next to a name: with the slash that git would want there. */
function withSlash(cleaned: string): string | undefined {
  if (/^\*\*[A-Za-z0-9_][^*?[\]\\]*$/.test(cleaned)) return `**/${cleaned.slice(2)}`;
  if (/^[^*?[\]\\]*[A-Za-z0-9_]\*\*$/.test(cleaned)) return `${cleaned.slice(0, -2)}/**`;
  return undefined;
}

function otherCase(pattern: IgnorePattern, context: BuildContext): Finding | undefined {
  const path = plainPathOf(pattern);
  if (!context.isCertain || path === undefined || path === "" || path === "." || path.startsWith(".."))
    return undefined;
  const near = nearestPath(context, path, "none");
  if (near.kind !== "case") return undefined;
  const { isIgnored } = context.verdict(near.path);
  // What another line decides already is as it should be.
  if (isIgnored !== pattern.isException) return undefined;
  const message = `${quoted(path)} matches nothing, but there is ${quoted(near.path)}; write it so`;
  return { kind: "case", range: pattern.range, message };
}
