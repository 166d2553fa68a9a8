import { addLines } from "../../src/context/added-lines.js";
import type { BuildContext } from "../../src/context/context.js";
import type { CoverageRow } from "../../src/context/coverage.js";
import { matcherOf } from "../../src/context/ignore-file.js";
import { defineRule, type Finding, type Fix, option, type Related, type RuleContext } from "../../src/engine/rule.js";
import { joinPath } from "../../src/files/path.js";
import { safetyOf } from "../../src/project/context-output.js";
import { type ContextView, contextViewOf, lineGroupsOf } from "../../src/project/context-view.js";
import type { Project } from "../../src/project/model.js";
import { formatBytes } from "../../src/values/byte-size.js";

const CLASSES = ["vcs", "deps", "cache", "build", "recommended", "compose-data", "optional"] as const;
type Class = (typeof CLASSES)[number];

const options = {
  classes: option.strings({
    default: ["vcs", "deps", "cache", "build", "recommended", "compose-data"],
    description:
      "Kinds of content that are looked for: `vcs`, `deps`, `cache`, `build`, `recommended`, `compose-data`, `optional`.",
  }),
  extra: option.strings({
    default: [],
    description: "More patterns that every ignore file is to cover: `**/*.sqlite`.",
  }),
  allow: option.strings({ default: [], description: "Patterns that need not be excluded: `.git`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/ignore-generated-files",
  summary: "The ignore file covers what should never be sent",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    vcs: { summary: "version control" },
    deps: { summary: "installed dependencies" },
    cache: { summary: "caches" },
    build: { summary: "build output" },
    recommended: {
      summary: "files of Docker, CI and editors",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
    "compose-data": {
      summary: "data that containers write",
      levels: { recommended: "info", checklist: "info", strict: "warning" },
    },
    optional: {
      summary: "documents and tests",
      levels: { recommended: "info", checklist: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dockle:DKL-LI-0003"],
  why: [
    "What tools generate changes with every run: sent to the builder it costs time, throws the cache away, and puts the " +
      "developer's own dependencies and binaries in the place of those that the image should build.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/#dockerignore-files", "CWE-497"],
  options,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "git is sent",
        kind: "vcs",
        message: "`.git` is not excluded; add it to `.dockerignore`",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«*.tmp»", "Dockerfile*", ".dockerignore"],
        },
        fixed: {
          ".dockerignore": ["*.tmp", "Dockerfile*", ".dockerignore", "", "# Version control", ".git"],
        },
      },
      {
        name: "the ecosystems of a project, and files that are there",
        message: "`**/__pycache__` and `**/*.py[cod]` are not excluded (200KB)",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY . /app"],
          ".dockerignore": "««.git»»\r\nDockerfile*\r\n.dockerignore",
          "requirements.txt": ["flask==3.1.0"],
          "app/main.py": [""],
          "app/__pycache__/main.pyc": ["x".repeat(200_000)],
        },
        fixed: {
          ".dockerignore":
            ".git\r\nDockerfile*\r\n.dockerignore\r\n\r\n# Caches\r\n**/__pycache__\r\n**/*.py[cod]\r\n\r\n" +
            "# Dependencies\r\n**/.venv\r\n",
        },
      },
      {
        name: "dependencies, in front of an exception that stays last",
        kind: "deps",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["«.git»", "Dockerfile*", ".dockerignore", "!web/node_modules/x/keep.js"],
          "package.json": ["{}"],
        },
        fixed: {
          ".dockerignore": [
            ".git",
            "Dockerfile*",
            ".dockerignore",
            "",
            "# Dependencies",
            "**/node_modules",
            "",
            "!web/node_modules/x/keep.js",
          ],
        },
      },
      {
        name: "build output",
        kind: "build",
        files: {
          Dockerfile: ["FROM rust:1.85", "COPY . /src", "RUN cargo build --release"],
          ".dockerignore": ["«.git»", "Dockerfile*", ".dockerignore"],
          "Cargo.toml": ['[package]\nname = "api"'],
        },
        fixed: {
          ".dockerignore": [".git", "Dockerfile*", ".dockerignore", "", "# Build output", "target"],
        },
      },
      {
        name: "files of Docker",
        kind: "recommended",
        message: "`Dockerfile*` and `.dockerignore` are not excluded",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«.git»"],
          "run.sh": [""],
        },
        fixed: {
          ".dockerignore": [".git", "", "# Not needed in an image", "Dockerfile*", ".dockerignore"],
        },
      },
      {
        name: "the ignore file excludes itself already",
        kind: "recommended",
        message: "`Dockerfile*` is not excluded; add it",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«.git»", ".dockerignore"],
          "run.sh": [""],
        },
        fixed: {
          ".dockerignore": [".git", ".dockerignore", "", "# Not needed in an image", "Dockerfile*"],
        },
      },
      {
        name: "a pattern that the policy asks for",
        kind: "recommended",
        options: { extra: ["**/*.sqlite"], classes: [] },
        files: { Dockerfile: ["FROM alpine:3.21", "COPY . /app"], ".dockerignore": ["«.git»"] },
        fixed: { ".dockerignore": [".git", "", "# Not needed in an image", "**/*.sqlite"] },
      },
      {
        name: "data of a container",
        kind: "compose-data",
        message: "`./data` of `db` is sent with every build of `api`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: .}",
            "  db: {image: 'postgres:17.4', volumes: ['«./data»:/var/lib/postgresql/data']}",
          ],
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": [".git", "Dockerfile*", "compose*.y*ml", ".dockerignore"],
          "data/PG_VERSION": ["17"],
        },
        fixed: {
          ".dockerignore": [".git", "Dockerfile*", "compose*.y*ml", ".dockerignore", "", "# Data of services", "data"],
        },
      },
      {
        name: "data of a container, and no ignore file yet",
        kind: "compose-data",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: .}",
            "  cache: {image: 'redis:7.4', volumes: ['«./cache-data»:/data']}",
          ],
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          "cache-data/dump.rdb": [""],
        },
      },
      {
        name: "caches",
        kind: "cache",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["«.git»", "**/node_modules", "Dockerfile*", ".dockerignore"],
          "package.json": ["{}"],
          "npm-debug.log": [""],
        },
        fixed: {
          ".dockerignore": [
            ".git",
            "**/node_modules",
            "Dockerfile*",
            ".dockerignore",
            "",
            "# Caches",
            "**/npm-debug.log*",
          ],
        },
      },
      {
        name: "documents, where the policy asks for them",
        kind: "optional",
        options: { classes: ["optional"] },
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": ["«.git»"],
          "docs/index.md": [""],
        },
        fixed: { ".dockerignore": [".git", "", "# Documentation and tests", "docs"] },
      },
    ],
    good: [
      {
        name: "the habits of a project are covered",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app", "RUN npm run build"],
          ".dockerignore": [".git", "**/node_modules", "Dockerfile*", "dist", ".dockerignore"],
          "package.json": ["{}"],
        },
      },
      {
        name: "a list of what is let through",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["*", "!src", "!package.json"],
          "package.json": ["{}"],
          "src/main.js": [""],
        },
      },
      {
        name: "no ignore file, which has a rule of its own",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"], "package.json": ["{}"] },
      },
      {
        name: "only named folders are taken",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY package.json /app/", "COPY src /app/src"],
          ".dockerignore": ["*.log"],
          "package.json": ["{}"],
          "src/main.js": [""],
        },
      },
      {
        name: "a build that reads the history, and artefacts that are copied on purpose",
        options: { classes: ["vcs", "build"] },
        files: {
          Dockerfile: [
            "FROM rust:1.85 AS build",
            "COPY . /src",
            "RUN git describe --tags > /version && cargo build",
            "FROM alpine:3.21",
            "COPY target/release/api /api",
          ],
          ".dockerignore": ["*.log"],
          "Cargo.toml": ['[package]\nname = "api"'],
        },
      },
      {
        name: "a version that a tool reads from git",
        options: { classes: ["vcs"] },
        files: {
          Dockerfile: ["FROM python:3.13", "COPY . /src", "RUN pip install ."],
          ".dockerignore": ["*.log"],
          "pyproject.toml": ["[build-system]", 'requires = ["setuptools-scm"]'],
        },
      },
      {
        name: "a folder of a repository",
        options: { classes: ["vcs"] },
        files: {
          "api/Dockerfile": ["FROM alpine:3.21", "COPY . /app"],
          "api/.dockerignore": ["*.log"],
          "api/app.sh": [""],
        },
      },
      {
        name: "tests that another Dockerfile needs",
        options: { classes: ["optional"] },
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          "Dockerfile.test": ["FROM alpine:3.21", "COPY tests/ /tests/"],
          ".dockerignore": ["*.log"],
          "tests/a.sh": [""],
        },
      },
      {
        name: "a bind mount of configuration that is copied too",
        options: { classes: ["compose-data"] },
        files: {
          "compose.yaml": ["services:", "  api: {build: ., volumes: ['./data:/data']}"],
          Dockerfile: ["FROM alpine:3.21", "COPY . /app", "COPY data /data"],
          ".dockerignore": [".git"],
          "data/x": [""],
        },
      },
      {
        name: "a pattern that matches at the top only, which has a rule of its own",
        options: { classes: ["cache"] },
        files: {
          Dockerfile: ["FROM python:3.13", "COPY . /src"],
          ".dockerignore": ["__pycache__", "*.py[cod]"],
          "app/main.py": [""],
        },
      },
      {
        name: "patterns that the policy allows",
        options: { classes: ["vcs"], allow: [".git"] },
        files: { Dockerfile: ["FROM alpine:3.21", "COPY . /src"], ".dockerignore": ["*.log"] },
      },
      {
        name: "a guess of a context",
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY . /src", "COPY gone /"],
          "docker/.dockerignore": ["a"],
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, ctx: Context): Iterable<Finding> {
  const { ignoreFile } = context;
  if (!context.isCertain) return;
  const view = contextViewOf(context, ctx.project);
  for (const kind of CLASSES) {
    if (!ctx.options.classes.includes(kind)) continue;
    const rows = rowsOf(view, kind).flatMap((row) => uncovered(row, context, ctx));
    if (kind === "compose-data") yield* rows.flatMap((row) => dataFinding(row, view, ctx));
    else if (ignoreFile?.file.isEmpty === false) yield* finding(kind, rows, view, ctx);
  }
  yield* checkExtra(view, ctx);
}

function rowsOf(view: ContextView, kind: Class): readonly CoverageRow[] {
  const rows = view.rows.filter((row) => row.class === kind);
  // Looking for large files walks the whole context, so an ignore file is there to be completed.
  return kind === "recommended" && view.context.ignoreFile?.file.isEmpty === false
    ? [...rows, ...view.largeFiles]
    : rows;
}

/** The row with the lines that are worth adding; nothing when there are none. */
function uncovered(row: CoverageRow, context: BuildContext, { options: { allow } }: Context): CoverageRow[] {
  if (row.isCovered) return [];
  const { ignoreFile } = context;
  // What a line that reaches the top only leaves in folders is a case of context/match-nested-paths.
  const topOnly = (ignoreFile?.file.patterns ?? []).filter(
    ({ isException, cleaned }) => !isException && !cleaned.includes("/"),
  );
  const explained = matcherOf(topOnly.map(({ cleaned }) => `**/${cleaned}`));
  const missing = row.missing.filter((path) => !explained.ignores(path));
  const suggestions = row.suggestions.filter((line) => {
    const matcher = matcherOf([line.replace(/^!/, "")]);
    return !allow.includes(line) && (line.startsWith("!") || missing.some((path) => matcher.ignores(path)));
  });
  // Companions such as `.dockerignore` are missing nowhere, and go along.
  const companions = row.suggestions.filter(
    (line) => line === ".dockerignore" && !allow.includes(line) && context.includes(line),
  );
  return suggestions.some((line) => !line.startsWith("!"))
    ? [{ ...row, suggestions: [...new Set([...suggestions, ...companions])] }]
    : [];
}

/** Sizes below 100 KB are no argument. */
const LEAST_WORTH_SAYING = 100_000;

function* finding(
  kind: Class,
  rows: readonly CoverageRow[],
  view: ContextView,
  { project }: Context,
): Iterable<Finding> {
  const range = view.context.ignoreFile?.file.patterns[0]?.range;
  if (rows.length === 0 || range === undefined) return;
  const lines = [...new Set(rows.flatMap(({ suggestions }) => suggestions))].filter((line) => !line.startsWith("!"));
  const isReal = rows.some((row) => row.isReal);
  const matcher = matcherOf(lines);
  const sizeBytes = isReal ? view.sizeOf((path) => matcher.ignores(path)) : 0;
  const size = sizeBytes < LEAST_WORTH_SAYING ? "" : ` (${formatBytes(sizeBytes)})`;
  const verb = lines.length === 1 ? "is" : "are";
  const them = lines.length === 1 ? "it" : "them";
  yield {
    kind,
    range,
    message: `${listOf(lines)} ${verb} not excluded${size}; add ${them} to \`${view.ignoreFileName}\``,
    related: rows.flatMap((row) => evidenceOf(row, view, project)).slice(0, 4),
    fix: append(rows, view),
    subject: kind,
    ...(rows.every((row) => row.isDoubtful) ? { confidence: "low" } : {}),
  };
}

/** Up to four of them, or three and how many more. */
function listOf(lines: readonly string[]): string {
  const shown = lines.length <= 4 ? lines : lines.slice(0, 3);
  const words = shown.map((line) => `\`${line}\``);
  if (lines.length > shown.length) words.push(`${lines.length - shown.length} more`);
  const last = words.pop() ?? "";
  return words.length === 0 ? last : `${words.join(", ")} and ${last}`;
}

function evidenceOf(row: CoverageRow, { context }: ContextView, project: Project): readonly Related[] {
  return row.evidence.flatMap(({ kind, path }) => {
    const source = kind === "manifest" ? project.read(joinPath(context.root, path)) : undefined;
    return source === undefined ? [] : [{ range: source.range(0, 0), message: `\`${path}\` tells what to expect` }];
  });
}

function dataFinding(row: CoverageRow, view: ContextView, { project }: Context): readonly Finding[] {
  const [evidence] = row.evidence;
  const taker = view.reach.takersOf(row.missing[0] ?? "")[0];
  if (evidence?.range === undefined || taker === undefined) return [];
  const { range, path } = evidence;
  const owner = ownerOf(range, project);
  const builds = view.builds.flatMap(({ services }) => services.map(({ name }) => name));
  const build = builds.length === 0 ? "" : ` of \`${builds[0] ?? ""}\``;
  const message = `\`./${path}\`${owner} is sent with every build${build}; exclude it in \`${view.ignoreFileName}\``;
  const related = [{ range: taker.source.range, message: "this takes the folder" }];
  return [{ kind: "compose-data", range, message, related, fix: append([row], view) }];
}

function ownerOf(range: Finding["range"], { variants }: Project): string {
  for (const { services } of variants) {
    for (const { name, mounts } of services.values()) {
      const isOwn = mounts.some(
        ({ source }) => source?.range.source === range.source && source.range.start === range.start,
      );
      if (isOwn) return ` of \`${name}\``;
    }
  }
  return "";
}

function* checkExtra(view: ContextView, ctx: Context): Iterable<Finding> {
  const { context } = view;
  if (context.ignoreFile?.file.isEmpty !== false || !view.reach.isEverything) return;
  const lines = ctx.options.extra.filter((line) => context.includes(line.replace("**/", "").replaceAll("*", "x")));
  if (lines.length === 0) return;
  const missing: readonly string[] = [];
  const row: CoverageRow = {
    id: "extra",
    class: "recommended",
    isRequired: false,
    isCovered: false,
    missing,
    suggestions: lines,
    evidence: [],
    isReal: false,
    isDoubtful: false,
  };
  yield* finding("recommended", [row], view, ctx);
}

/** The lines exclude nothing that a COPY of any build names. */
function append(rows: readonly CoverageRow[], { context, ignoreFileName, builds }: ContextView): Fix | undefined {
  const { ignoreFile } = context;
  if (ignoreFile === undefined) return undefined;
  const groups = lineGroupsOf(rows);
  const matcher = matcherOf(groups.flatMap(({ lines }) => lines));
  const paths = rows.flatMap(({ missing }) => missing).filter((path) => matcher.ignores(path));
  const added = addLines(ignoreFile.file, groups, paths);
  if (added === undefined) return undefined;
  const { source } = ignoreFile.file;
  const edits = [{ range: source.range(added.offset, added.offset), text: added.text }];
  return { description: `complete \`${ignoreFileName}\``, safety: safetyOf(rows, builds), edits };
}
