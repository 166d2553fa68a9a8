import type { Service } from "../../src/compose/model.js";
import type { BaseImageFacts } from "../../src/data/base-image-model.js";
import { deprecation, type EndOfLife, endOfLife, hasEnded } from "../../src/data/end-of-life.js";
import { END_OF_LIFE_DATE } from "../../src/data/end-of-life-dates.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import { type ImageUse, imageOfFrom, imagesOfService } from "../../src/project/image-use.js";
import type { Place } from "../../src/project/traced-text.js";
import { quoted } from "../../src/text/quoted.js";
import type { ImageReference } from "../../src/values/image-reference.js";

const options = {
  asOf: option.custom<string>({
    default: "data",
    description: "The day that counts: `data` is that of the table, so that results do not change overnight.",
    schema: { type: "string", pattern: "^(data|\\d{4}-\\d{2}-\\d{2})$", default: "data" },
    read: (written) =>
      typeof written === "string" && /^(?:data|\d{4}-\d{2}-\d{2})$/.test(written) ? written : undefined,
  }),
  supported: option.strings({
    default: [],
    description: "Images with extended support: `ubuntu:18.04`, `registry.acme.io/**`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "images/no-eol-base",
  summary: "Images still receive security fixes",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    eol: {
      summary: "the release of the program or of its operating system is past its end of life",
      aliases: ["tally:ruby/eol-ruby-version"],
    },
    deprecated: { summary: "the repository was given up or moved" },
  },
  roles: "all",
  roleCaps: { development: "info", test: "info", ci: "info" },
  fixable: "never",
  why: [
    "After the end of life nobody mends what is found: every later hole in the system or the language stays open, " +
      "package lists move to archives so that builds fail, and scanners report what cannot be fixed.",
  ],
  references: [
    "https://docs.docker.com/docker-hub/image-library/trusted-content/#docker-official-images",
    "CIS 4.4",
    "CWE-1104",
  ],
  securitySeverity: 5.5,
  options,
  check: {
    *stage(stage, ctx) {
      const use = imageOfFrom(stage, ctx.project);
      if (use !== undefined) yield* judge(use, ctx, stage.facts);
    },
    *service(service, ctx) {
      for (const use of imagesOfService(service, ctx.project)) {
        if (use.place === "service") yield* judge(use, ctx, factsOf(service, ctx));
        else if (use.place === "hook") yield* judge(use, ctx, undefined);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a language release",
        kind: "eol",
        files: { Dockerfile: ["FROM node:«16-alpine»"] },
        message: "Node.js 16 gets no security fixes since 2023-09-11",
      },
      { name: "a system release by number", kind: "eol", files: { Dockerfile: ["FROM ubuntu:«18.04»"] } },
      { name: "a system release by name", kind: "eol", files: { Dockerfile: ["FROM python:«3.12-buster»"] } },
      {
        name: "a database",
        kind: "eol",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:«11.2»"] },
      },
      {
        name: "the default of an ARG",
        kind: "eol",
        files: { Dockerfile: ["ARG DEBIAN=«buster»", "FROM debian:${DEBIAN}"] },
      },
      {
        name: "an argument that a service passes",
        kind: "eol",
        files: {
          Dockerfile: ["ARG NODE=22.14.0", "FROM node:${NODE}"],
          "compose.yaml": ["services:", "  api:", "    build: {context: ., args: {NODE: «16.20.2»}}"],
        },
      },
      {
        name: "a repository that was given up",
        kind: "deprecated",
        files: { Dockerfile: ["FROM «openjdk»:17-jdk-slim"] },
        message: "use `eclipse-temurin`",
      },
      {
        name: "a repository that was given up, whatever its tag",
        kind: "deprecated",
        files: { Dockerfile: ["ARG JAVA", "FROM «openjdk»:${JAVA}"] },
      },
      {
        name: "hidden triggers",
        kind: "deprecated",
        files: { Dockerfile: ["FROM node:«18-onbuild»"] },
        message: "ONBUILD",
      },
      {
        name: "a value of an env file, which is not shown",
        kind: "eol",
        files: {
          ".env": ["PG=11"],
          "compose.yaml": ["services:", "  db:", "    image: postgres:«${PG}»"],
        },
        message: "the release of `postgres:${PG}` gets no security fixes",
      },
      {
        name: "an image of one's own that the policy has ended",
        kind: "eol",
        policy: { baseImages: { "ghcr.io/acme/*": { endOfLife: "2024-06-30" } } },
        files: {
          Dockerfile: ["FROM ghcr.io/acme/runtime:«1.0»"],
          "compose.yaml": ["services:", "  job:", "    image: ghcr.io/acme/job:«2.1»"],
        },
        message: "`ghcr.io/acme/runtime:1.0` gets no security fixes since 2024-06-30",
      },
      {
        name: "a day that the policy sets",
        kind: "eol",
        options: { asOf: "2028-07-01" },
        files: { Dockerfile: ["FROM debian:«bookworm»"] },
      },
    ],
    good: [
      {
        name: "an image of one's own before the day that the policy names",
        policy: { baseImages: { "ghcr.io/acme/*": { endOfLife: "2199-12-31" } } },
        files: { Dockerfile: ["FROM ghcr.io/acme/runtime:1.0"] },
      },
      { name: "releases with support", files: { Dockerfile: ["FROM node:22-alpine", "FROM debian:bookworm-slim"] } },
      { name: "an image that nobody knows", files: { Dockerfile: ["FROM ghcr.io/acme/runtime:1.0"] } },
      { name: "a version that is not in the table", files: { Dockerfile: ["FROM node:99"] } },
      { name: "a value that nobody can know", files: { Dockerfile: ["ARG NODE", "FROM node:${NODE}"] } },
      { name: "a mirror under another name", files: { Dockerfile: ["FROM registry.acme.io/node:16"] } },
      {
        name: "extended support",
        options: { supported: ["ubuntu:18.04"] },
        files: { Dockerfile: ["FROM ubuntu:18.04"] },
      },
      {
        name: "a day before the end",
        options: { asOf: "2023-01-01" },
        files: { Dockerfile: ["FROM node:16"] },
      },
      {
        name: "what is built here",
        files: {
          "compose.yaml": [
            "services:",
            "  java:",
            "    build: .",
            "    image: openjdk",
            "  job:",
            "    image: openjdk",
          ],
        },
      },
    ],
  },
});

function factsOf(service: Service, { project }: Context): BaseImageFacts | undefined {
  const image = project.imageOf(service);
  return image.kind === "pulled" ? image.facts : undefined;
}

/** The end that the policy sets for an image of its own, else that of the tables. */
function endOf(
  { familiarName }: ImageReference,
  tag: string | undefined,
  facts: BaseImageFacts | undefined,
): EndOfLife | undefined {
  if (facts?.endOfLife === undefined) return endOfLife({ repository: familiarName, tag });
  return { release: quoted(tag === undefined ? familiarName : `${familiarName}:${tag}`), date: facts.endOfLife };
}

function* judge(use: ImageUse, { options }: Context, facts: BaseImageFacts | undefined): Iterable<Finding> {
  const { name, tag, isBuiltHere } = use;
  if (name === undefined || isBuiltHere) return;
  const written = tag.kind === "known" ? tag.text : undefined;
  if (matchesImage(options.supported, name, written)) return;
  const gone = deprecation({ repository: name.name, tag: written });
  if (gone !== undefined) {
    const place = gone.kind === "onbuild" && tag.kind === "known" ? tag.place : use.namePlace;
    yield { kind: "deprecated", message: goneMessage(use, name, gone), ...at(place, use) };
    return;
  }
  if (tag.kind === "unknown") return;
  const end = endOf(name, written, facts);
  if (end === undefined || !hasEnded(end, options.asOf === "data" ? END_OF_LIFE_DATE : options.asOf)) return;
  const place = tag.kind === "known" ? tag.place : use.namePlace;
  const { isSecret } = place;
  const release = isSecret ? `the release of ${quoted(use.written.shown)}` : end.release;
  const advice =
    isSecret || end.replacement === undefined ? "move to a supported release" : `move to ${quoted(end.replacement)}`;
  yield { kind: "eol", message: `${release} gets no security fixes since ${end.date}; ${advice}`, ...at(place, use) };
}

function goneMessage(
  { written, namePlace }: ImageUse,
  { familiarName }: ImageReference,
  { kind, replacement }: NonNullable<ReturnType<typeof deprecation>>,
): string {
  if (kind === "onbuild") return "`onbuild` tags hide ONBUILD triggers and are given up; copy and install in this file";
  const what = `${quoted(namePlace.isSecret ? written.shown : familiarName)} gets no updates${kind === "moved" ? " under this name" : ""}`;
  return replacement === undefined
    ? `${what}; move to an image that is maintained`
    : `${what}; use ${quoted(replacement)}`;
}

function at({ range, use }: Place, { written }: ImageUse): Pick<Finding, "range" | "related"> {
  return {
    range,
    related: use === undefined ? [] : [{ range: use, message: `used in ${quoted(written.shown)} here` }],
  };
}
