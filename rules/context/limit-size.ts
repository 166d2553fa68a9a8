import type { BuildContext } from "../../src/context/context.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { isWithin, joinPath, relativePath } from "../../src/files/path.js";
import { type ContextView, contextViewOf } from "../../src/project/context-view.js";
import { onlyFolder, wasteInWords, wasteOf } from "../../src/project/context-waste.js";
import { formatBytes, parseDecimalSize } from "../../src/values/byte-size.js";

const options = {
  max: option.string({ default: "100MB", description: "Size from which on what a build takes is reported: `500MB`." }),
  share: option.number({ default: 50, description: "Percent that suggestions have to save to be reported." }),
  atLeast: option.string({ default: "1MB", description: "Size that suggestions have to save to be reported." }),
  builder: option.choice({
    words: ["buildkit", "classic"],
    default: "buildkit",
    description: "`classic` sends the whole context, BuildKit what COPY, ADD and bind mounts take.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/limit-size",
  summary: "The context is as small as its use",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    size: { summary: "a build takes more than the limit" },
    share: { summary: "a few lines would save most of it" },
    narrow: { summary: "one folder of the context is all that builds use" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "All that is sent is read, hashed and moved to the builder before the first step runs, and everything that COPY takes " +
      "of it is in the image.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/"],
  options,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "larger than the limit",
        kind: "size",
        message: "the context is 2.96KB, more than 2KB",
        options: { max: "2KB" },
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «.» /app"],
          ".dockerignore": [".git"],
          "model.bin": "x".repeat(2930),
        },
      },
      {
        name: "most of it is what nobody needs",
        kind: "share",
        message: "`COPY .` sends 2.09KB, of which 2.05KB is `node_modules`; excluding it sends 43B",
        options: { atLeast: "1KB" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".dockerignore": [".git", "Dockerfile", ".dockerignore"],
          "package.json": "{}".padEnd(43),
          "node_modules/left-pad/index.js": "x".repeat(2048),
        },
      },
      {
        name: "the lines that save most are named",
        kind: "share",
        message: "is `node_modules`; excluding it sends",
        options: { atLeast: "1KB" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          "package.json": ["{}"],
          "node_modules/left-pad/index.js": "x".repeat(2048),
        },
      },
      {
        name: "two kinds of what nobody needs",
        kind: "share",
        message: "`COPY .` sends 41KB, of which 38KB are `node_modules` and `.git`; excluding them sends 3KB",
        options: { atLeast: "1KB" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".dockerignore": ["Dockerfile", ".dockerignore"],
          "package.json": "{}".padEnd(3000),
          "node_modules/left-pad/index.js": "x".repeat(30_000),
          ".git/objects/pack": "x".repeat(8000),
        },
      },
      {
        name: "one folder would do",
        kind: "narrow",
        message: "every COPY of this context takes from `api`; set `context` to `./api`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: «.»",
            "      dockerfile: api/Dockerfile",
          ],
          "api/Dockerfile": ["FROM alpine:3.21", "COPY api/run.sh /run.sh", "COPY api/lib /lib"],
          "api/run.sh": [""],
          "api/lib/a.sh": [""],
        },
      },
    ],
    good: [
      {
        name: "small, and covered",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".git", "**/node_modules"],
          "package.json": ["{}"],
        },
      },
      {
        name: "a model that a COPY names",
        options: { max: "1KB" },
        files: {
          Dockerfile: ["FROM python:3.13", "COPY models /models", "COPY . /app"],
          "models/a.bin": "x".repeat(3000),
          "app.py": [""],
        },
      },
      {
        name: "the savings are small",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          "node_modules/x/index.js": "x".repeat(2048),
          "package.json": ["{}"],
        },
      },
      {
        name: "little of it is saved",
        options: { atLeast: "100B" },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          "node_modules/x/index.js": "x".repeat(500),
          "package.json": "{}".padEnd(4000),
        },
      },
      {
        name: "a build takes folders side by side, or the context stands above no folder",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., dockerfile: api/Dockerfile}}",
            "  web: {build: ./web}",
            "  job: {build: {context: ., dockerfile: job/Dockerfile}}",
          ],
          "api/Dockerfile": ["FROM alpine:3.21", "COPY api/run.sh lib/run.sh /"],
          "job/Dockerfile": ["FROM alpine:3.21", "COPY job/run.sh /"],
          "web/Dockerfile": ["FROM alpine:3.21", "COPY run.sh /"],
          "api/run.sh": [""],
          "job/run.sh": [""],
          "lib/run.sh": [""],
          "web/run.sh": [""],
        },
      },
      {
        name: "a source that nobody knows, which may lie elsewhere",
        files: {
          "compose.yaml": ["services:", "  api: {build: {context: ., dockerfile: api/Dockerfile}}"],
          "api/Dockerfile": ["FROM alpine:3.21", "ARG EXTRA", "COPY api/run.sh /", "COPY $EXTRA /extra"],
          "api/run.sh": [""],
        },
      },
      {
        name: "the Dockerfile lies elsewhere",
        files: {
          "compose.yaml": ["services:", "  api: {build: {context: ., dockerfile: docker/api.Dockerfile}}"],
          "docker/api.Dockerfile": ["FROM alpine:3.21", "COPY api/run.sh /"],
          "api/run.sh": [""],
        },
      },
      {
        name: "a context that nobody knows, and limits that are no sizes",
        options: { max: "much", atLeast: "little" },
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY . gone /app"],
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          "app.sh": [""],
        },
      },
    ],
  },
});

function* checkContext(context: BuildContext, ctx: Context): Iterable<Finding> {
  if (!context.isCertain) return;
  const view = contextViewOf(context, ctx.project);
  if (view.reach.isEverything || ctx.options.builder === "classic") yield* checkSize(view, ctx);
  else yield* checkFolder(view);
}

function* checkSize(view: ContextView, { options: { max, share, atLeast, builder } }: Context): Iterable<Finding> {
  const range = view.reach.widest?.source.range;
  const limit = parseDecimalSize(max);
  const least = parseDecimalSize(atLeast);
  if (range === undefined || limit === undefined || least === undefined) return;
  const { whole, isLowerBound } = view.measure;
  const sizeBytes = builder === "classic" ? whole.sizeBytes : unnamedBytes(view);
  if (sizeBytes > limit) {
    const about = isLowerBound ? "at least " : "";
    const message = `the context is ${about}${formatBytes(sizeBytes)}, more than ${max}; exclude what the image does not need`;
    yield { kind: "size", range, message };
  }
  const waste = wasteOf(view, share, least);
  if (waste === undefined) return;
  const { via, written } = view.reach.widest?.source ?? { via: "copy", written: "." };
  const taker = via === "mount" ? "the bind mount" : `\`${via.toUpperCase()} ${written}\``;
  const them = waste.isPlural ? "them" : "it";
  yield {
    kind: "share",
    range,
    message: `${wasteInWords(waste, taker)}; excluding ${them} sends ${formatBytes(waste.neededBytes)}`,
    // Without an ignore file that rule says so, with the same figures.
    yieldsTo: ["context/require-dockerignore"],
  };
}

/** What sources that name nothing bring along: a model that a COPY names is there on purpose. */
function unnamedBytes({ context, reach }: ContextView): number {
  const { walk } = context;
  let sizeBytes = 0;
  for (const file of walk.files) {
    if (file.isIgnored || !reach.reaches(file.path)) continue;
    if (!reach.named.some((source) => source.reaches(file.path))) sizeBytes += walk.sizeBytes(file);
  }
  return sizeBytes;
}

/** One folder that holds all that builds take, and their Dockerfiles. */
function* checkFolder(view: ContextView): Iterable<Finding> {
  const { context, builds } = view;
  const folder = onlyFolder(view);
  if (folder === undefined) return;
  const root = joinPath(context.root, folder);
  if (!builds.every(({ dockerfile }) => isWithin(root, dockerfile.source.root.file))) return;
  for (const { services } of builds) {
    for (const { build } of services) {
      const written = build?.context;
      if (written === undefined || build?.contextPath !== context.root) continue;
      const target = `./${relativePath(written.node.folder, root)}`;
      const message = `every COPY of this context takes from \`${folder}\`; set \`context\` to \`${target}\``;
      yield { kind: "narrow", range: written.range, message };
    }
  }
}
