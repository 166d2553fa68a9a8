import type { SmallerVariant } from "../../src/data/base-image-model.js";
import { hasPart, parseTag } from "../../src/data/image-tag.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import { type ImageUse, imageOfFrom } from "../../src/project/image-use.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

const options = {
  prefer: option.choice({
    words: ["slim", "alpine", "distroless"],
    default: "slim",
    description: "The variant to name first, where there are several.",
  }),
  allow: option.strings({ default: [], description: "Full-size images that may be shipped: `python:3.12`, `php:*`." }),
  maxRuntimePackages: option.number({
    default: 15,
    description: "A shipped stage that installs this many system packages means the full image.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "images/prefer-minimal-base",
  summary: "The shipped base is the small variant",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    variant: { summary: "a full-size image that has a smaller variant" },
    "alpine-python": {
      summary: "Python on musl, for which many packages have no wheels",
      levels: { recommended: "off", checklist: "off", strict: "off" },
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "Full-size images carry compilers, headers and hundreds of packages that the service never runs. Each is to be " +
      "downloaded, scanned and patched, and each is a tool for whoever gets in.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#choose-the-right-base-image",
    "https://hub.docker.com/_/python",
    "CIS 4.3",
  ],
  options,
  check: {
    *stage(stage, ctx) {
      if (!stage.isShipped || stage.parent !== undefined) return;
      const use = imageOfFrom(stage, ctx.project);
      if (use?.name === undefined || use.isBuiltHere || use.tag.kind === "unknown") return;
      if (matchesImage(ctx.options.allow, use.name, use.tag.kind === "known" ? use.tag.text : undefined)) return;
      yield* judge(stage, use, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a version",
        kind: "variant",
        files: { Dockerfile: ["FROM python:«3.12» AS run", 'CMD ["python", "app.py"]'] },
        fixed: { Dockerfile: ["FROM python:3.12-slim AS run", 'CMD ["python", "app.py"]'] },
        message: "`python:3.12-slim`",
      },
      {
        name: "a code name",
        kind: "variant",
        files: { Dockerfile: ["FROM debian:«bookworm»"] },
        fixed: { Dockerfile: ["FROM debian:bookworm-slim"] },
      },
      {
        name: "no tag",
        kind: "variant",
        files: { Dockerfile: ["FROM «node»"] },
        fixed: { Dockerfile: ["FROM node:slim"] },
      },
      {
        name: "another variant first",
        kind: "variant",
        options: { prefer: "alpine" },
        files: { Dockerfile: ["FROM node:«22.14.0»"] },
        fixed: { Dockerfile: ["FROM node:22.14.0-alpine"] },
      },
      {
        name: "the base of a chain",
        kind: "variant",
        files: { Dockerfile: ["ARG RUBY=3.4.1", "FROM ruby:«${RUBY}» AS base", "FROM base", 'CMD ["ruby", "app.rb"]'] },
        fixed: {
          Dockerfile: ["ARG RUBY=3.4.1", "FROM ruby:${RUBY}-slim AS base", "FROM base", 'CMD ["ruby", "app.rb"]'],
        },
      },
      {
        name: "a digest belongs to one variant",
        kind: "variant",
        files: {
          Dockerfile: ["FROM node:«22»@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"],
        },
      },
      {
        name: "Python on Alpine",
        kind: "alpine-python",
        files: { Dockerfile: ["FROM python:«3.12-alpine»"] },
      },
    ],
    good: [
      { name: "the small variant", files: { Dockerfile: ["FROM python:3.12-slim"] } },
      {
        name: "a builder",
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "FROM nginx:1.27.4-alpine",
            "COPY --from=build /app /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "scratch and distroless",
        files: { Dockerfile: ["FROM scratch", "FROM gcr.io/distroless/static-debian12"] },
      },
      { name: "an image that nobody knows", files: { Dockerfile: ["FROM ghcr.io/acme/runtime:1.0"] } },
      { name: "a value that nobody can know", files: { Dockerfile: ["ARG PYTHON", "FROM python:${PYTHON}"] } },
      { name: "development", files: { "Dockerfile.dev": ["FROM python:3.12"] } },
      {
        name: "an image that the policy allows",
        options: { allow: ["python"] },
        files: { Dockerfile: ["FROM python:3.12"] },
      },
      {
        name: "so many packages that the full image is meant",
        options: { maxRuntimePackages: 3 },
        files: {
          Dockerfile: ["FROM python:3.12", "RUN apt-get update && apt-get install -y ffmpeg libvips42 poppler-utils"],
        },
      },
    ],
  },
});

function* judge(stage: StageView, use: ImageUse, { options }: Context): Iterable<Finding> {
  const { facts } = stage;
  if (facts === undefined || stage.isWindows) return;
  const place = use.tag.kind === "known" ? use.tag.place : use.namePlace;
  // The same ARG may name the version for a builder, where the full image is right.
  const range = place.use ?? place.range;
  const tag = use.tag.kind === "known" ? use.tag.text : undefined;
  if (facts.repository === "docker.io/library/python" && hasPart(parseTag(tag), "alpine")) {
    const message = `many Python packages have no wheels for musl and compile on ${quoted(use.written.shown)}; use \`slim\``;
    yield { kind: "alpine-python", range, message };
    return;
  }
  if (facts.isMinimal || facts.isSdk) return;
  const smaller = facts.smaller.find(({ kind }) => kind === options.prefer) ?? facts.smaller[0];
  if (smaller === undefined || countPackages(stage) >= options.maxRuntimePackages) return;
  yield {
    kind: "variant",
    range,
    message: `${quoted(use.written.shown)} ${burdenOf(stage)}; ${quoted(smaller.reference)} runs the same program`,
    fix: fixOf(use, smaller),
  };
}

function burdenOf({ facts }: StageView): string {
  return facts?.commands.present.has("gcc") === true ? "carries compilers and headers" : "is the large variant";
}

const SYSTEM_FAMILIES: ReadonlySet<string> = new Set(["apt", "apk", "yum", "zypper", "pacman"]);

/** System packages that the stages which ship on this base install. */
function countPackages({ build }: StageView): number {
  let count = 0;
  for (const { runs } of build.chain) {
    for (const { action, family, packages } of runs.flatMap((run) => run.packages)) {
      if (action === "install" && SYSTEM_FAMILIES.has(family)) count += packages.length;
    }
  }
  return count;
}

/** Unsafe: the smaller variant lacks programs that the build or the service may need. */
function fixOf({ name, namePlace, tag, digest, written }: ImageUse, { reference }: SmallerVariant): Fix | undefined {
  const colon = reference.lastIndexOf(":");
  if (digest.kind !== "absent" || name?.familiarName !== reference.slice(0, colon)) return undefined;
  const wanted = reference.slice(colon + 1);
  const place = tag.kind === "known" ? tag.place : namePlace;
  const fix = (range: Range, text: string): Fix => ({
    description: `use ${quoted(reference)}`,
    safety: "unsafe",
    edits: [{ range, text }],
  });
  if (tag.kind === "known" && place.use === undefined) return place.isExact ? fix(place.range, wanted) : undefined;
  // The variable may serve other stages too, so the suffix goes behind it.
  const suffix = tag.kind !== "known" ? `:${wanted}` : wanted.startsWith(tag.text) ? wanted.slice(tag.text.length) : "";
  const { source, end } = written.range;
  return suffix === "" ? undefined : fix(source.range(end, end), suffix);
}
