import { namesRelease, versionPrecision } from "../../src/data/moving-tags.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import {
  type ImagePart,
  type ImageUse,
  imagesOfService,
  imagesOfStage,
  modelsOfVariant,
} from "../../src/project/image-use.js";
import type { Place } from "../../src/project/traced-text.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  checkBuiltServices: option.boolean({
    default: false,
    description: "Whether the name that a built service gives its image is judged too.",
  }),
  checkCopyFrom: option.boolean({
    default: true,
    description: "Whether images of `COPY --from` and `RUN --mount=from=` are judged.",
  }),
  evenWithDigest: option.boolean({ default: false, description: "Whether `latest` is reported beside a digest." }),
  prohibitedTags: option.strings({
    default: (
      "stable edge nightly canary rolling current mainline lts dev devel develop main master trunk beta rc preview " +
      "next test testing unstable sid snapshot"
    ).split(" "),
    description: "Tags that their publishers move.",
  }),
  checkUnversioned: option.boolean({
    default: true,
    description: "Whether a tag that names no release is reported although it is not one of `prohibitedTags`.",
  }),
  mildInDevelopment: option.boolean({
    default: true,
    description: "Whether channels and coarse versions are at most notes in files for development.",
  }),
  precision: option.choice({
    words: ["any", "minor", "patch"],
    default: "any",
    description: "How exact a version tag has to be: `minor` asks for two numbers, `patch` for three.",
  }),
  allow: option.strings({
    default: [],
    description: "Images whose tag may move: `acme/tools`, `ghcr.io/acme/**`, `node:lts`.",
  }),
  pins: option.map({ default: {}, description: "Tag that the fix writes for a repository: `node: 22.14.0-slim`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "images/pin-tag",
  summary: "Images are named by a tag that does not move",
  levels: { recommended: "warning", checklist: "error", strict: "error" },
  kinds: {
    "no-tag": {
      summary: "neither tag nor digest",
      aliases: [
        "hadolint:DL3006",
        "trivy:DS-0001",
        "checkov:CKV_DOCKER_7",
        "kics:image-version-not-explicit",
        "kics:9efb0b2d-89c9-41a3-91ca-dcc0aec911fd",
        "semgrep:missing-image-version",
        "dclint:service-image-require-explicit-tag",
        "compose-lint:CL-0004",
      ],
    },
    latest: {
      summary: "the tag `latest`, written or by default",
      aliases: [
        "hadolint:DL3007",
        "trivy:DS-0001",
        "checkov:CKV_DOCKER_7",
        "kics:image-version-using-latest",
        "kics:f45ea400-6bbe-4501-9fc7-1c3d75c32067",
        "semgrep:avoid-latest-version",
        "dclint:service-image-require-explicit-tag",
        "compose-lint:CL-0004",
      ],
    },
    channel: {
      summary: "a tag without version, date, code name or commit id",
      levels: { checklist: "warning", strict: "warning" },
      aliases: ["dclint:service-image-require-explicit-tag"],
    },
    coarse: {
      summary: "a version with fewer numbers than `precision` asks for",
      levels: { recommended: "off", checklist: "off", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A reference without a tag means `latest`, and `latest` is whatever was pushed last: the same file builds another " +
      "image tomorrow, a restart can bring another version, and a rollback pulls the broken one again.",
    "Tags such as `stable`, `alpine` or `main` are channels: their publisher moves them, and nothing in the " +
      "repository records what ran.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "CIS 5.28",
    "CWE-1357",
    "OWASP #13",
  ],
  options,
  presetOptions: {
    strict: { precision: "minor" },
    dclint: {
      prohibitedTags: "latest stable edge test nightly dev beta canary".split(" "),
      checkUnversioned: false,
      mildInDevelopment: false,
    },
  },
  yieldsTo: ["stages/no-unknown-reference", "images/no-floating-build-args"],
  check: {
    *stage(stage, ctx) {
      for (const use of imagesOfStage(stage, ctx.project)) {
        if (use.place !== "from" && !ctx.options.checkCopyFrom) continue;
        // What is built here is not pulled; yet a `latest` of it says nothing about what runs in production.
        if (use.isBuiltHere && (ctx.role.name !== "production" || use.tag.kind === "absent")) continue;
        const finding = judge(use, ctx);
        if (finding !== undefined && (!use.isBuiltHere || finding.kind === "latest")) yield finding;
      }
    },
    *service(service, ctx) {
      for (const use of imagesOfService(service, ctx.project)) {
        if (use.place === "output" ? !ctx.options.checkBuiltServices : use.isBuiltHere) continue;
        const finding = judge(use, ctx);
        if (finding === undefined) continue;
        if (use.place !== "cache") yield finding;
        // A cache that is missed costs time only: what merely moves is what caches are for.
        else if (finding.kind === "no-tag" || finding.kind === "latest") yield { ...finding, confidence: "low" };
      }
    },
    *variant(variant, ctx) {
      for (const use of modelsOfVariant(variant, ctx.project)) {
        const finding = judge(use, ctx);
        if (finding !== undefined) yield { ...finding, atMost: "info" };
      }
    },
  },
  examples: {
    bad: [
      { name: "no tag", kind: "no-tag", files: { Dockerfile: ["FROM «python»"] }, message: "`python` has no tag" },
      { name: "a port is no tag", kind: "no-tag", files: { Dockerfile: ["FROM «localhost:5000/acme/api»"] } },
      {
        name: "whatever the registry is",
        kind: "no-tag",
        files: { Dockerfile: ["ARG REGISTRY", "FROM «${REGISTRY}/api»"] },
      },
      {
        name: "an image that files are copied from",
        kind: "no-tag",
        files: { Dockerfile: ["FROM node:22.14.0", "COPY --from=«nginx» /etc/nginx /etc/nginx"] },
      },
      {
        name: "an image that a mount takes files from",
        kind: "latest",
        files: {
          Dockerfile: [
            "FROM python:3.12.4",
            "RUN --mount=from=ghcr.io/astral-sh/uv:«latest»,source=/uv,target=/uv /uv sync",
          ],
        },
      },
      {
        name: "latest, and a policy that names the tag",
        kind: "latest",
        options: { pins: { node: "22.14.0-slim" } },
        files: { Dockerfile: ["FROM node:«latest» AS build"] },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim AS build"] },
      },
      {
        name: "no tag, and a policy that names it",
        kind: "no-tag",
        options: { pins: { nginx: "1.27.4" } },
        files: { "compose.yaml": ["services:", "  web:", '    image: "«nginx»" # the proxy'] },
        fixed: { "compose.yaml": ["services:", "  web:", '    image: "nginx:1.27.4" # the proxy'] },
      },
      {
        name: "latest by the default of an ARG",
        kind: "latest",
        files: { Dockerfile: ["ARG BASE_TAG=«latest»", "FROM acme/orchestrator:${BASE_TAG}"] },
        message: "by default",
      },
      {
        name: "an ARG that holds the whole reference",
        kind: "latest",
        options: { pins: { node: "22.14.0" } },
        files: { Dockerfile: ["ARG BASE=node:«latest»", "FROM ${BASE}"] },
        fixed: { Dockerfile: ["ARG BASE=node:22.14.0", "FROM ${BASE}"] },
      },
      {
        name: "the default of a variable in FROM",
        kind: "latest",
        files: { Dockerfile: ["ARG TAG", "FROM node:${NODE_TAG:-«latest»}"] },
      },
      {
        name: "the default of a Compose variable",
        kind: "latest",
        files: { "compose.yaml": ["services:", "  cache:", "    image: redis:${REDIS_TAG:-«latest»}"] },
      },
      {
        name: "a value of an env file is judged and not shown",
        kind: "latest",
        files: {
          ".env": ["API_TAG=latest"],
          "compose.yaml": ["services:", "  api:", "    image: acme/api:«${API_TAG}»"],
        },
        message: "`acme/api:${API_TAG}` gets a tag that moves",
      },
      {
        name: "an argument that Compose passes to the build",
        kind: "latest",
        files: {
          Dockerfile: ["ARG NODE=22.14.0", "FROM node:${NODE}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        NODE: «latest»",
          ],
        },
        message: "`node:${NODE}` gets a tag that moves",
      },
      {
        name: "latest beside a digest, when the policy minds",
        kind: "latest",
        options: { evenWithDigest: true },
        files: {
          Dockerfile: ["FROM node:«latest»@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"],
        },
      },
      {
        name: "a variant without version",
        kind: "channel",
        files: { "compose.yaml": ["services:", "  cache:", "    image: redis:«alpine»"] },
      },
      { name: "a channel", kind: "channel", files: { Dockerfile: ["FROM debian:«stable-slim»"] } },
      {
        name: "a branch",
        kind: "channel",
        files: { "compose.yaml": ["services:", "  rounds:", "    image: acme/rounds:«dist»"] },
      },
      {
        name: "a processor is no version",
        kind: "channel",
        files: { Dockerfile: ["FROM acme/api:«nightly-arm64»"] },
      },
      { name: "a major version alone", kind: "coarse", files: { Dockerfile: ["FROM node:«20-alpine»"] } },
      {
        name: "two numbers where three are asked for",
        kind: "coarse",
        options: { precision: "patch" },
        files: { Dockerfile: ["FROM postgres:«16.4»"] },
      },
      {
        name: "hooks, image volumes and named contexts",
        kind: "no-tag",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        base: docker-image://«node»",
            "    pre_start:",
            "      - image: «busybox»",
            '        command: ["true"]',
            "    volumes:",
            "      - type: image",
            "        source: «acme/assets»",
            "        target: /srv",
          ],
        },
      },
      {
        name: "a cache, as far as it names no tag of its own",
        kind: "latest",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      cache_from:",
            "        - acme/api:«latest»",
            "        - type=registry,ref=acme/api:«latest»",
            "        - acme/api:buildcache",
          ],
        },
      },
      {
        name: "a model",
        kind: "no-tag",
        files: {
          "compose.yaml": [
            "services:",
            "  chat:",
            "    image: acme/chat:1.4.0",
            "models:",
            "  llm:",
            "    model: «ai/smollm2»",
          ],
        },
      },
      {
        name: "the name of a built image, when the policy minds",
        kind: "latest",
        options: { checkBuiltServices: true },
        files: { "compose.yaml": ["services:", "  api:", "    build: .", "    image: acme/api:«latest»"] },
      },
      {
        name: "a base that another service builds as latest",
        kind: "latest",
        files: {
          "compose.yaml": [
            "services:",
            "  base:",
            "    build: ./base",
            "    image: acme/base:latest",
            "  api:",
            "    build: ./api",
          ],
          "base/Dockerfile": ["FROM node:22.14.0"],
          "api/Dockerfile": ["FROM acme/base:«latest»"],
        },
      },
    ],
    good: [
      {
        name: "only tags that are named are to be reported",
        options: { checkUnversioned: false },
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:alpine"] },
      },
      {
        name: "the tags that dclint knows",
        preset: "dclint",
        files: { "compose.yaml": ["services:", "  app:", "    image: node:lts"] },
      },
      { name: "a version", files: { Dockerfile: ["FROM python:3.12-slim"] } },
      {
        name: "a digest is enough",
        files: { Dockerfile: ["FROM node@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"] },
      },
      {
        name: "a digest behind any tag",
        files: {
          Dockerfile: ["FROM node:lts@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"],
        },
      },
      {
        name: "scratch and earlier stages",
        files: { Dockerfile: ["FROM scratch AS base", "FROM base", "COPY --from=base / /"] },
      },
      {
        name: "a value that nobody can know",
        files: { Dockerfile: ["ARG BASE", "ARG TAG", "FROM ${BASE}", "FROM node:${TAG}"] },
      },
      { name: "an ARG with a version", files: { Dockerfile: ["ARG NODE=22.14.0", "FROM node:${NODE}-alpine"] } },
      {
        name: "a default with a version",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:${PG:-16.4}"] },
      },
      {
        name: "versions, dates, code names and commits",
        files: {
          Dockerfile: [
            "FROM acme/rounds:dist-v1.2.3",
            "FROM acme/rounds:main-3f9ab12",
            "FROM acme/rounds:20240901",
            "FROM debian:bookworm-slim",
            "FROM mcr.microsoft.com/windows/servercore:ltsc2022",
            "FROM ros:humble",
          ],
        },
      },
      {
        name: "a repository that holds the version",
        files: { Dockerfile: ["FROM gcr.io/distroless/static-debian12:nonroot"] },
      },
      {
        name: "an image that the policy allows to move",
        options: { allow: ["acme/tools"] },
        files: { Dockerfile: ["FROM acme/tools:latest"] },
      },
      {
        name: "images of COPY, when the policy does not mind",
        options: { checkCopyFrom: false },
        files: { Dockerfile: ["FROM node:22.14.0", "COPY --from=nginx /etc/nginx /etc/nginx"] },
      },
      { name: "no reference at all", files: { Dockerfile: ["FROM node:"] } },
      {
        name: "the name of what is built",
        files: { "compose.yaml": ["services:", "  api:", "    build: .", "    image: acme/api"] },
      },
      {
        name: "an image that another service builds",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: acme/api:latest",
            "  worker:",
            "    image: acme/api:latest",
            '    command: ["worker"]',
          ],
        },
      },
      {
        name: "an image that another service builds, under a name that nobody can know",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: ${REGISTRY_IMAGE}/api:latest",
            "  worker:",
            "    image: ${REGISTRY_IMAGE}/api:latest",
          ],
        },
      },
      {
        name: "a named context in the place of an image",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        shared: ../shared",
          ],
          Dockerfile: ["FROM node:22.14.0", "COPY --from=shared / /srv/shared"],
        },
      },
      {
        name: "a coarse version, when any will do",
        options: { precision: "any" },
        files: { Dockerfile: ["FROM node:22"] },
      },
      {
        name: "a service that runs no container",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres", "    provider:", "      type: cloud"] },
      },
    ],
  },
});

function judge(use: ImageUse, ctx: Context): (Finding & { readonly kind: string }) | undefined {
  const { options } = ctx;
  const { tag, digest } = use;
  if (use.name !== undefined && matchesImage(options.allow, use.name, textOf(tag))) return undefined;
  const isLatest = tag.kind === "known" && tag.text === "latest";
  if (digest.kind === "unknown" && !isLatest) return undefined;
  if (digest.kind === "known" && !(isLatest && options.evenWithDigest)) return undefined;
  if (tag.kind === "unknown") return undefined;
  if (tag.kind === "absent") return noTag(use, ctx);
  const kind = isLatest ? "latest" : movingKind(tag.text, use, ctx);
  if (kind === undefined) return undefined;
  const isMilder = options.mildInDevelopment && kind !== "latest" && ctx.role.name === "development";
  return {
    kind,
    range: tag.place.range,
    message: messageFor(kind, tag.text, tag.place, use),
    related: relatedTo(use, tag.place),
    fix: pinOf(use, ctx, tag.place),
    atMost: isMilder ? "info" : undefined,
  };
}

function noTag(use: ImageUse, ctx: Context): Finding & { readonly kind: string } {
  const place = use.namePlace;
  return {
    kind: "no-tag",
    range: place.range,
    message: `${quoted(use.written.shown)} has no tag, which means \`latest\`; name the version you tested`,
    related: relatedTo(use, place),
    fix: pinOf(use, ctx, place),
  };
}

function movingKind(tag: string, use: ImageUse, { options }: Context): "channel" | "coarse" | undefined {
  if (options.prohibitedTags.includes(tag)) return "channel";
  const isChannel = options.prohibitedTags.includes(tag.split(/[-_.]/, 1)[0] ?? "");
  const repository = use.name?.path ?? "";
  // `static-debian12:nonroot`: the version is part of the name.
  const isVersioned = !isChannel && /-[a-z]*\d+$/.test(repository);
  if (!namesRelease(tag)) return isVersioned || !options.checkUnversioned ? undefined : "channel";
  if (options.precision === "any") return undefined;
  const precision = versionPrecision(tag);
  return precision !== undefined && precision < (options.precision === "minor" ? 2 : 3) ? "coarse" : undefined;
}

function messageFor(kind: string, tag: string, place: Place, { written }: ImageUse): string {
  if (place.isSecret) return `${quoted(written.shown)} gets a tag that moves; name a version where it is set`;
  const image = `${quoted(written.shown)}${place.isDefault ? " by default" : ""}`;
  if (kind === "latest") return `${image} is whatever was pushed last; name the version you tested`;
  if (kind === "channel") return `tag ${quoted(tag)} moves: it names no release; name the version you tested`;
  return `tag ${quoted(tag)} moves with each release of its line; name the version more exactly`;
}

function relatedTo(use: ImageUse, place: Place): Finding["related"] {
  return place.use === undefined ? [] : [{ range: place.use, message: `used in ${quoted(use.written.shown)} here` }];
}

/** Unsafe: another tag is another image. Only where the text at the place is the part that changes. */
function pinOf({ name, tag, digest }: ImageUse, { options }: Context, place: Place): Fix | undefined {
  if (name === undefined || !place.isExact || digest.kind !== "absent") return undefined;
  const pin = options.pins.get(name.familiarName) ?? options.pins.get(name.repository) ?? options.pins.get(name.name);
  if (pin === undefined) return undefined;
  const { source, end } = place.range;
  const edit =
    tag.kind === "absent" ? { range: source.range(end, end), text: `:${pin}` } : { range: place.range, text: pin };
  return { description: `use tag \`${pin}\``, safety: "unsafe", edits: [edit] };
}

function textOf(part: ImagePart): string | undefined {
  return part.kind === "known" ? part.text : undefined;
}
