import type { Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import { nameDrifts, type VersionDrift, type VersionedUse, versionDrifts } from "../../src/project/image-versions.js";
import type { Build } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

const options = {
  ignore: option.strings({
    default: [],
    description: "Images that may have several versions: `node`, `ghcr.io/acme/*`.",
  }),
  scope: option.choice({
    words: ["file", "project"],
    default: "project",
    description: "Whether the stages of one Dockerfile are compared, or also the files of a project with each other.",
  }),
};

type Context = RuleContext<typeof options>;

const D1 = "sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645";
const D2 = "sha256:91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a";

export default defineRule({
  id: "images/use-consistent-versions",
  summary: "One image, one version across the project",
  levels: { recommended: "info", strict: "warning" },
  kinds: {
    stages: { summary: "stages of one Dockerfile use different versions of one image" },
    project: { summary: "files of one project use different versions or names of one image" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "What is built with one version and runs on another was never tested as it runs: compiled extensions fail to load, a " +
      "database behaves differently in production than in the tests.",
    "Versions drift apart when each file names its own and an update touches only one of them.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
  ],
  options,
  yieldsTo: ["images/name-built-image"],
  check: { build: checkBuild, variant: checkVariant },
  examples: {
    bad: [
      {
        name: "built with one version, run with another",
        kind: "stages",
        message: "`python:3.12-slim` here, `3.11` elsewhere",
        files: {
          Dockerfile: [
            "FROM python:3.11 AS build",
            "RUN pip install --target /deps -r requirements.txt",
            "FROM python:«3.12-slim»",
            "COPY --from=build /deps /deps",
          ],
        },
      },
      {
        name: "the odd one of three, by the default of an ARG",
        kind: "stages",
        files: {
          Dockerfile: [
            "ARG NODE=«20.18.1»",
            "FROM node:${NODE} AS deps",
            "FROM node:22.14.0 AS build",
            "FROM node:22-slim",
            "COPY --from=build /app /app",
            "COPY --from=deps /deps /deps",
          ],
        },
      },
      {
        name: "code names are versions of a distribution",
        kind: "stages",
        files: {
          Dockerfile: ["FROM debian:bullseye AS build", "FROM debian:«12-slim»", "COPY --from=build /api /api"],
        },
      },
      {
        name: "two digests of one tag",
        kind: "stages",
        message: "another digest",
        files: {
          Dockerfile: [`FROM node:22.14.0@${D1} AS build`, `FROM node:«22.14.0»@${D2}`, "COPY --from=build /app /app"],
        },
      },
      {
        name: "tests run against another database",
        kind: "project",
        message: "`postgres:15.8` here, `16.4` elsewhere",
        files: {
          "compose.prod.yaml": ["services:", "  db:", "    image: postgres:16.4"],
          "compose.test.yaml": ["services:", "  db:", "    image: postgres:«15.8»"],
        },
      },
      {
        name: "two services of one project",
        kind: "project",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4",
            "  queue:",
            "    image: redis:«6.2-alpine»",
          ],
        },
      },
      {
        name: "a service and a Dockerfile",
        kind: "project",
        files: {
          Dockerfile: ["FROM node:22.14.0"],
          "compose.yaml": ["services:", "  api:", "    build: .", "  worker:", "    image: node:«20.18.1»"],
        },
      },
      {
        name: "built for one registry, pulled from another",
        kind: "project",
        message: "`api` builds `acme/shop:1.4`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: acme/shop:1.4",
            "  worker:",
            "    image: «ghcr.io/acme/shop:1.4»",
          ],
        },
      },
    ],
    good: [
      {
        name: "one ARG for all",
        files: {
          Dockerfile: [
            "ARG PY=3.12",
            "FROM python:${PY} AS build",
            "FROM python:${PY}-slim",
            "COPY --from=build /deps /deps",
          ],
        },
      },
      {
        name: "variants, and a version that is less exact",
        files: {
          Dockerfile: ["FROM node:22.14.0 AS build", "FROM node:22-alpine", "COPY --from=build /app /app"],
          "compose.yaml": ["services:", "  api:", "    build: .", "  job:", "    image: node:22.14-slim"],
        },
      },
      {
        name: "a matrix",
        files: {
          Dockerfile: ["FROM python:3.11 AS test-3.11", "FROM python:3.12 AS test312", "FROM python:3.13"],
          "compose.yaml": [
            "services:",
            "  pg15: {image: 'postgres:15.8'}",
            "  pg16: {image: 'postgres:16.4'}",
            "  redis-old: {image: 'redis:6.2'}",
            "  redis: {image: 'redis:7.4'}",
          ],
        },
      },
      {
        name: "one Dockerfile that services build with a version each",
        files: {
          Dockerfile: ["ARG NODE=22.14.0", "FROM node:${NODE}-slim"],
          "compose.yaml": [
            "services:",
            "  current: {build: {context: ., args: {NODE: 22.14.0}}}",
            "  lts: {build: {context: ., args: {NODE: 20.18.1}}}",
          ],
        },
      },
      {
        name: "profiles that never run together",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:16.4', profiles: [now]}",
            "  base: {image: 'postgres:15.8', profiles: [before]}",
          ],
        },
      },
      {
        name: "tags without a version, and values that nobody can know",
        files: {
          Dockerfile: [
            "ARG TAG",
            "FROM acme/api:main-3f9ab12 AS one",
            "FROM acme/api:3f9ab12 AS two",
            "FROM node:${TAG}",
          ],
          "compose.yaml": [
            "services:",
            "  a: {image: 'node:lts'}",
            "  b: {image: 'node:${NODE}'}",
            "  c: {image: 'node:22'}",
          ],
        },
      },
      {
        name: "only the stages of a file are compared",
        options: { scope: "file" },
        files: {
          "compose.yaml": ["services:", "  a: {image: 'redis:7.4'}", "  b: {image: 'redis:6.2'}"],
        },
      },
      {
        name: "an image that the policy lets drift",
        options: { ignore: ["redis"] },
        files: {
          "compose.yaml": ["services:", "  a: {image: 'redis:7.4'}", "  b: {image: 'redis:6.2'}"],
        },
      },
      {
        name: "what the project builds itself",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: ., image: 'acme/shop:1.4'}",
            "  worker: {image: 'acme/shop:1.4'}",
            "  proxy: {image: 'nginx:1.27.4'}",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: Context): Iterable<Finding> {
  for (const drift of versionDrifts(build, ctx.project)) yield* findingOf(drift, ctx);
}

function* checkVariant(variant: Variant, ctx: Context): Iterable<Finding> {
  for (const drift of versionDrifts(variant, ctx.project)) yield* findingOf(drift, ctx);
  if (ctx.options.scope === "file") return;
  for (const { service, built, builder } of nameDrifts(variant, ctx.project)) {
    const { image } = service;
    if (image === undefined) continue;
    yield {
      kind: "project",
      range: image.range,
      message: `${quoted(image.text)} is pulled, but \`${builder.name}\` builds ${quoted(built.written)}; use one name`,
      related: [{ range: builder.image?.range ?? builder.keyRange, message: "built here under another name" }],
    };
  }
}

function* findingOf({ kind, use, others, isSideBySide }: VersionDrift, { options }: Context): Iterable<Finding> {
  if (kind === "project" && options.scope === "file") return;
  const { image, tag, place } = use;
  const [other] = others;
  if (other === undefined || image.name === undefined || matchesImage(options.ignore, image.name, tag)) return;
  const isDigest = other.tag === tag;
  const shown = quoted(place.isSecret ? image.written.shown : `${image.name.familiarName}:${tag}`);
  const theirs = other.place.isSecret ? "another version" : quoted(other.tag);
  yield {
    kind,
    range: place.range,
    message: isDigest
      ? `${shown} has another digest elsewhere; use one of the two`
      : `${shown} here, ${theirs} elsewhere; use one version, or one ARG or variable for all`,
    related: relatedTo(others),
    atMost: kind === "project" && !isSideBySide ? "info" : undefined,
  };
}

const MOST_RELATED = 5;

function relatedTo(others: readonly VersionedUse[]): Finding["related"] {
  return others.slice(0, MOST_RELATED).map(({ place, tag }): { readonly range: Range; readonly message: string } => ({
    range: place.range,
    message: place.isSecret ? "another version" : `${quoted(tag)} here`,
  }));
}
