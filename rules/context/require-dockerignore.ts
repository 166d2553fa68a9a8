import { addLines, textOfGroups } from "../../src/context/added-lines.js";
import type { BuildContext } from "../../src/context/context.js";
import type { CoverageRow } from "../../src/context/coverage.js";
import { isBareContext } from "../../src/context/nearest-path.js";
import type { SourcePattern } from "../../src/context/reach.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { baseName, joinPath } from "../../src/files/path.js";
import { safetyOf } from "../../src/project/context-output.js";
import { type ContextView, contextViewOf, lineGroupsOf } from "../../src/project/context-view.js";
import { wasteInWords, wasteOf } from "../../src/project/context-waste.js";
import { formatBytes } from "../../src/values/byte-size.js";

export default defineRule({
  id: "context/require-dockerignore",
  summary: "A context that is copied has an ignore file",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Without an ignore file a COPY of a folder takes everything in it: the history of git, local dependencies, caches " +
      "and `.env` files. The image grows, the cache is lost at every commit, and secrets ship.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/#dockerignore-files", "CWE-497"],
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "everything is copied",
        message: "`COPY .` sends the whole folder: there is no `.dockerignore`; exclude `.git`, `**/node_modules`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app", "RUN npm ci"], "package.json": ["{}"] },
        fixed: {
          ".dockerignore": ["# Version control", ".git", "", "# Dependencies", "**/node_modules"],
        },
      },
      {
        name: "no RUN installs, so the fix leaves dependencies in",
        message: "exclude `.git`, `**/node_modules`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"], "package.json": ["{}"] },
        fixed: { ".dockerignore": ["# Version control", ".git"] },
      },
      {
        name: "the widest source is the one that counts, and a bind mount is one",
        files: {
          Dockerfile: ["FROM golang:1.24", "COPY src/ /src/", "RUN --mount=type=bind,source=«.»,target=/w go vet /w"],
          "src/main.go": ["package main"],
        },
        fixed: { ".dockerignore": ["# Version control", ".git"] },
      },
      {
        name: "a folder, and secrets in it",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «src» /src/"],
          "src/app.sh": [""],
          "src/.env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
        fixed: {
          ".dockerignore": ["# Secrets", "**/.env", "**/.env.*", "!**/.env.example"],
        },
      },
      {
        name: "a glob over folders, of which nothing needs to go",
        message: "there is no `.dockerignore`; add one",
        files: { Dockerfile: ["FROM alpine:3.21", "COPY «s*» /src/"], "src/app.sh": [""] },
      },
      {
        name: "only comments",
        message: "`.dockerignore` excludes nothing",
        files: { Dockerfile: ["FROM alpine:3.21", "COPY «.» /app"], ".dockerignore": ["# later"], "app.sh": [""] },
        fixed: { ".dockerignore": ["# later", "", "# Version control", ".git"] },
      },
      {
        name: "one finding for the builds that share a context",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «.» /app"],
          "worker.Dockerfile": ["FROM alpine:3.21", "COPY . /app"],
          "compose.yaml": [
            "services:",
            "  api: {build: .}",
            "  worker: {build: {context: ., dockerfile: worker.Dockerfile}}",
          ],
        },
        fixed: {
          ".dockerignore": ["# Version control", ".git"],
        },
      },
      {
        name: "what is sent for nothing is large",
        message: "`COPY .` sends 1.1MB, of which 1.1MB is `node_modules`; a `.dockerignore` that excludes it sends",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY package*.json ./", "RUN npm ci", "COPY «.» /app"],
          "package.json": ["{}"],
          "node_modules/left-pad/index.js": "x".repeat(1_100_000),
        },
        fixed: { ".dockerignore": ["# Version control", ".git", "", "# Dependencies", "**/node_modules"] },
      },
    ],
    good: [
      {
        name: "an ignore file",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"], ".dockerignore": [".git", "node_modules"] },
      },
      {
        name: "an ignore file of the Dockerfile",
        files: {
          "api.Dockerfile": ["FROM node:22.14.0-slim", "COPY . /app"],
          "api.Dockerfile.dockerignore": [".git"],
        },
      },
      {
        name: "named files only",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY package.json server.js *.json ./"],
          "package.json": ["{}"],
          "server.js": [""],
        },
      },
      {
        name: "nothing is copied from the context",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS a",
            "FROM alpine:3.21",
            "COPY --from=a /etc /x",
            "ADD https://a.acme.example/x /x",
          ],
        },
      },
      {
        name: "a context that nobody knows",
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY . /app", "COPY gone.txt /"],
          "compose.yaml": ["services:", "  api: {build: {context: 'https://github.com/acme/app.git'}}"],
        },
      },
      {
        name: "a folder that holds nothing else",
        files: { "tool/Dockerfile": ["FROM alpine:3.21", "COPY . /app"] },
      },
    ],
  },
});

function* checkContext(context: BuildContext, { project }: RuleContext): Iterable<Finding> {
  const { ignoreFile, isCertain } = context;
  if (!isCertain || ignoreFile?.file.isEmpty === false) return;
  const view = contextViewOf(context, project);
  const widest = view.reach.sources
    .filter((source) => takesFolder(source, context))
    .toSorted((a, b) => depthOf(a) - depthOf(b))[0];
  if (widest === undefined || isBareContext(context)) return;
  const required = view.rows.filter((row) => row.suggestions.length > 0 && (row.isRequired || row.class === "secret"));
  const lines = required.flatMap(({ suggestions }) => suggestions.filter((line) => !line.startsWith("!")));
  const named = lines
    .slice(0, 3)
    .map((line) => `\`${line}\``)
    .join(", ");
  const { written, via, range } = widest.source;
  const taker = via === "mount" ? "this bind mount" : `\`${via.toUpperCase()} ${written}\``;
  const what = widest.isEverything ? "the whole folder" : "all of a folder";
  const state =
    ignoreFile === undefined ? "there is no `.dockerignore`" : `\`${view.ignoreFileName}\` excludes nothing`;
  const waste = wasteOf(view, WORTH_PERCENT, WORTH_BYTES);
  const message =
    waste === undefined
      ? `${taker} sends ${what}: ${state}; ${named === "" ? "add one" : `exclude ${named}`}`
      : `${wasteInWords(waste, taker)}; a \`.dockerignore\` that excludes ${waste.isPlural ? "them" : "it"} sends ${formatBytes(waste.neededBytes)}`;
  yield {
    range,
    message,
    fix: required.length === 0 ? undefined : write(view, required),
    // A folder of which nothing needs to stay out is sent on purpose.
    ...(ignoreFile === undefined && (widest.isEverything || named !== "") ? {} : { confidence: "low" }),
  };
}

/** From here on the figures say more than the names; the defaults of context/limit-size. */
const WORTH_PERCENT = 50;
const WORTH_BYTES = 1_000_000;

function takesFolder(source: SourcePattern, context: BuildContext): boolean {
  if (source.isEverything) return true;
  if (source.isGlob)
    return context.resolveSource(source.path).matches.some((path) => context.kindOf(path) === "directory");
  const kind = context.kindOf(source.path);
  return kind === "directory" || (kind === undefined && source.source.written.endsWith("/"));
}

function depthOf({ isEverything, path }: SourcePattern): number {
  return isEverything ? 0 : path.split("/").length;
}

/** Only lines are added that no COPY needs. */
function write({ context, ignoreFileName, builds }: ContextView, required: readonly CoverageRow[]): Fix | undefined {
  // What an image may need of the host stays out of a first version, so that it can be written without a look.
  const harmless = required.filter((row) => safetyOf([row], builds) === "safe");
  const rows = harmless.length === 0 ? required : harmless;
  const groups = lineGroupsOf(rows);
  const description = `write a first \`${ignoreFileName}\``;
  const safety = safetyOf(rows, builds);
  const { ignoreFile } = context;
  if (ignoreFile === undefined) {
    const file = joinPath(context.root, ".dockerignore");
    return { description, safety, edits: [], creates: [{ file, text: textOfGroups(groups) }] };
  }
  const { source } = ignoreFile.file;
  const added = addLines(ignoreFile.file, groups, []);
  if (added === undefined || baseName(source.file) !== ignoreFileName) return undefined;
  const edits = [{ range: source.range(added.offset, added.offset), text: added.text }];
  return { description, safety, edits };
}
