import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type IdleArg, idleGlobalArgs, idleStageArgs } from "../../src/project/idle-args.js";
import { removeInstruction } from "../../src/project/instruction-edits.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  ignore: option.strings({
    default: [],
    description: "Arguments that something reads by itself: `SENTRY_RELEASE`.",
  }),
};

export default defineRule({
  id: "syntax/no-ineffective-arg",
  summary: "Build arguments have an effect",
  levels: { recommended: "info", strict: "info" },
  kinds: {
    unused: { summary: "an ARG of a stage that nothing uses" },
    "global-unused": { summary: "an ARG above FROM that nothing uses" },
    shadowed: {
      summary: "an ARG whose value an ENV replaces at once",
      levels: { recommended: "warning", strict: "warning" },
    },
    "default-conflict": {
      summary: "an ARG with another default above FROM",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Whoever passes `--build-arg` to such a file changes nothing and is not told. An ENV of the same name wins over the ARG; " +
      "a default in the stage wins over the one above FROM, so that one value is built from and another is written down.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#using-arg-variables",
    "https://docs.docker.com/reference/dockerfile/#scope",
  ],
  options,
  yieldsTo: ["syntax/no-legacy-key-value#arg", "syntax/no-inline-comment"],
  // With what ends the keyword: `target=` and `cargo` hold the letters, too.
  mentions: { dockerfile: ["arg ", "arg\t", "arg\\", "arg`"] },
  check: {
    *dockerfile(file, ctx) {
      for (const arg of idleGlobalArgs(file)) yield* findingOf(arg, ctx);
    },
    *stage(stage, ctx) {
      for (const arg of idleStageArgs(stage)) yield* findingOf(arg, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "used by nothing",
        kind: "unused",
        files: {
          Dockerfile: [
            "FROM alpine:3.20",
            "ARG «RELEASE=1.4»",
            "RUN apk add --no-cache curl && mkdir /srv/app",
            'CMD ["curl"]',
          ],
        },
        fixed: { Dockerfile: ["FROM alpine:3.20", "RUN apk add --no-cache curl && mkdir /srv/app", 'CMD ["curl"]'] },
      },
      {
        name: "used only before it is declared, and in another stage",
        kind: "unused",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS a",
            "RUN echo $RELEASE",
            "ARG «RELEASE»",
            "FROM alpine:3.20",
            "LABEL r=$RELEASE",
          ],
        },
        fixed: { Dockerfile: ["FROM alpine:3.20 AS a", "RUN echo $RELEASE", "FROM alpine:3.20", "LABEL r=$RELEASE"] },
      },
      {
        name: "one of several, and one with a comment",
        kind: "unused",
        files: {
          Dockerfile: ["FROM alpine:3.20", "ARG USER=app «GROUP=app»", "# the release", "ARG «RELEASE»", "USER $USER"],
        },
      },
      {
        name: "above FROM, and used nowhere",
        kind: "global-unused",
        files: { Dockerfile: ["ARG «NODE_TAG=22»", "FROM node:22", "ARG VERSION=1", "LABEL v=$VERSION"] },
        fixed: { Dockerfile: ["FROM node:22", "ARG VERSION=1", "LABEL v=$VERSION"] },
      },
      {
        name: "replaced by a constant",
        kind: "shadowed",
        message: "`ENV PORT=$PORT`",
        files: { Dockerfile: ["FROM node:22", "ARG «PORT=80»", "ENV PORT=8080", "EXPOSE $PORT"] },
        fixed: { Dockerfile: ["FROM node:22", "ENV PORT=8080", "EXPOSE $PORT"] },
      },
      {
        name: "another default above FROM",
        kind: "default-conflict",
        files: { Dockerfile: ["ARG NODE=22", "FROM node:$NODE", "ARG «NODE=20»", "LABEL node=$NODE"] },
      },
    ],
    good: [
      { name: "a part of a file, whose other parts may use it", files: { Dockerfile: ["ARG TAG=3.20", "RUN true"] } },
      {
        name: "used in every way",
        files: {
          Dockerfile: [
            "ARG TAG=22",
            "ARG BASE=node:${TAG}",
            "FROM ${BASE} AS base",
            "ARG USER=app",
            "ARG RELEASE",
            "ARG DIR",
            "RUN adduser $USER",
            "COPY . ${DIR}",
            "FROM base",
            "LABEL release=$RELEASE",
          ],
        },
      },
      {
        name: "an ENV that takes its value",
        files: { Dockerfile: ["FROM node:22", "ARG PORT=80", "ENV PORT=${PORT}"] },
      },
      {
        name: "used before the ENV",
        files: { Dockerfile: ["FROM node:22", "ARG MODE=dev", "RUN npm run build", "ENV MODE=prod"] },
      },
      {
        name: "steps that may read it by themselves",
        files: {
          Dockerfile: [
            "FROM node:22 AS a",
            "ARG API_URL",
            "RUN npm run build",
            "FROM node:22 AS b",
            "ARG API_URL",
            "RUN ./build.sh",
            "FROM node:22",
            "ARG API_URL",
            "RUN <<EOF",
            "make",
            "EOF",
          ],
        },
      },
      {
        name: "names that act by themselves",
        files: {
          Dockerfile: [
            "ARG SOURCE_DATE_EPOCH",
            "ARG BUILDKIT_SBOM_SCAN_STAGE=true",
            "FROM debian:12",
            "ARG DEBIAN_FRONTEND=noninteractive",
            "ARG HTTP_PROXY",
            "ARG TARGETARCH",
            "ARG CACHEBUST=1",
            "RUN apt-get update",
          ],
        },
      },
      {
        name: "a name that the policy lists",
        options: { ignore: ["SENTRY_RELEASE"] },
        files: { Dockerfile: ["FROM alpine:3.20", "ARG SENTRY_RELEASE"] },
      },
      {
        name: "declared again",
        files: { Dockerfile: ["ARG VERSION=1", "FROM alpine:3.20", "ARG VERSION", "LABEL v=$VERSION"] },
      },
      {
        name: "the same default, and one that is not known",
        files: {
          Dockerfile: [
            "ARG V=1",
            "FROM alpine:$V",
            "ARG V=1",
            "LABEL v=$V",
            "FROM alpine:$V",
            "ARG V=$X",
            "LABEL v=$V",
          ],
        },
      },
      {
        name: "in a child",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "ARG VERSION", "FROM base AS app", "LABEL v=$VERSION"] },
      },
      {
        name: "a trigger that may use it",
        files: { Dockerfile: ["FROM alpine:3.20", "ARG VERSION", "ONBUILD RUN make"] },
      },
    ],
  },
});

function* findingOf(arg: IdleArg, { options: { ignore } }: RuleContext<typeof options>): Iterable<Finding> {
  const { kind, name, pair, other } = arg;
  if (ignore.includes(name)) return;
  const message = messageOf(arg);
  const said = kind === "shadowed" ? "replaced here" : "the other default";
  const related = other === undefined ? [] : [{ range: other, message: said }];
  // A default that differs may be meant, so that nobody can tell which is to go.
  yield { kind, range: pair.range, message, related, fix: kind === "default-conflict" ? undefined : removeArg(arg) };
}

function messageOf({ kind, name }: IdleArg): string {
  const shown = quoted(name);
  switch (kind) {
    case "unused":
      return `nothing uses ${shown} in this stage or those built on it; remove the ARG`;
    case "global-unused":
      return `no FROM uses ${shown} and no stage declares it; remove the ARG`;
    case "shadowed":
      return `an ENV of the same name replaces ${shown}, so passing it does nothing; write ${quoted(`ENV ${name}=$${name}`)}`;
    case "default-conflict":
      return `${shown} has another default above FROM; leave the value out here, or rename one`;
  }
}

/** Unsafe: whoever passes the argument gets a warning from then on, and a program may have read it. */
function removeArg({ instruction }: IdleArg): Fix | undefined {
  const edit = instruction.pairs.length === 1 ? removeInstruction(instruction) : undefined;
  return edit === undefined ? undefined : { description: "remove the ARG", safety: "unsafe", edits: [edit] };
}
