import type { Evaluation, VariableUse } from "../../src/dockerfile/expand.js";
import type { Stage } from "../../src/dockerfile/model.js";
import { AUTOMATIC_ARGS } from "../../src/dockerfile/scope.js";
import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding, type Related } from "../../src/engine/rule.js";
import { baseByDefault } from "../../src/project/default-base.js";
import type { Build, DockerfileView, StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { type Range, textOf } from "../../src/text/source.js";
import { closest } from "../../src/values/closest.js";
import { parseImageReference } from "../../src/values/image-reference.js";

export default defineRule({
  id: "syntax/declare-from-args",
  summary: "Variables in FROM are declared and resolve to an image",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    undeclared: {
      summary: "a variable without an ARG above the first FROM",
      aliases: ["buildkit:UndefinedArgInFrom"],
    },
    "invalid-default": {
      summary: "an ARG whose default makes no image of FROM",
      levels: { recommended: "warning", strict: "warning" },
      aliases: ["buildkit:InvalidDefaultArgInFrom"],
    },
    blank: { summary: "no name of an image at all" },
  },
  roles: "all",
  // A variable, or an empty name in quotes.
  mentions: { dockerfile: ["$", '""', "''"] },
  fixable: "sometimes",
  aliases: ["dockerfile-utils:BASE_NAME_EMPTY"],
  why: [
    "FROM sees only the arguments declared above the first FROM. Any other variable is empty there: the build stops, or, " +
      "worse, takes another image than the one that was meant.",
    "Where an argument has no default, or an empty one, a plain `docker build .` fails, and so do editors and scanners that " +
      "read the file without arguments.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
    "https://docs.docker.com/reference/build-checks/undefined-arg-in-from/",
    "https://docs.docker.com/reference/build-checks/invalid-default-arg-in-from/",
  ],
  check: { dockerfile: checkFile },
  examples: {
    bad: [
      {
        name: "an argument that nobody declares",
        kind: "undeclared",
        preset: "buildkit",
        message: "`VARIANT` is declared nowhere",
        files: { Dockerfile: ["FROM node:22«${VARIANT}» AS build", "FROM node:22«$VARIANT»"] },
      },
      {
        name: "an argument that is declared inside a stage",
        kind: "undeclared",
        message: "inside a stage",
        files: {
          Dockerfile: ["FROM node:22«$SUFFIX» AS deps", "ARG VARIANT=-slim", "ARG SUFFIX", "FROM node:22«${VARIANT}»"],
        },
      },
      {
        name: "a misspelt name",
        kind: "undeclared",
        message: "did you mean `NODE_TAG`",
        files: { Dockerfile: ["ARG NODE_TAG=22", "FROM node:«${NODE_TGA}»"] },
        fixed: { Dockerfile: ["ARG NODE_TAG=22", "FROM node:${NODE_TAG}"] },
      },
      {
        name: "the platform",
        kind: "undeclared",
        files: { Dockerfile: ["FROM --platform=«$BUILD_PLATFORM» node:22"] },
      },
      {
        name: "no default",
        kind: "invalid-default",
        preset: "buildkit",
        files: { Dockerfile: ["ARG TAG", "FROM busybox:«${TAG}»"] },
      },
      {
        name: "an empty default, and one that no reference can hold",
        kind: "invalid-default",
        files: {
          Dockerfile: [
            "ARG TAG=",
            "ARG IMAGE=Acme/Api",
            "ARG BASE",
            "FROM busybox:«$TAG»",
            "FROM «$IMAGE»:1.4",
            "FROM «${BASE}»",
          ],
        },
      },
      {
        name: "given by every service that builds it",
        kind: "invalid-default",
        files: {
          Dockerfile: ["ARG TAG", "FROM busybox:«${TAG}»"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        TAG: "1.36"',
          ],
        },
      },
      {
        name: "given by one service, and not by the other",
        kind: "invalid-default",
        files: {
          Dockerfile: ["ARG TAG", "FROM busybox:${TAG}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        TAG: "1.36"',
            "  jobs:",
            "    «build»: .",
          ],
        },
      },
      {
        name: "an empty default for the whole name",
        kind: "blank",
        files: { Dockerfile: ["ARG IMAGE=", "FROM «$IMAGE»"] },
      },
      { name: "quotes around nothing", kind: "blank", files: { Dockerfile: ['FROM «""»'] } },
      {
        name: "an empty value that a service gives",
        kind: "blank",
        files: {
          Dockerfile: ["ARG BASE=node:22", "FROM «$BASE»"],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      args:", '        BASE: ""'],
        },
      },
    ],
    good: [
      { name: "a default", files: { Dockerfile: ["ARG TAG=1.36", "FROM busybox:${TAG}"] } },
      {
        name: "a form with a default",
        files: { Dockerfile: ["ARG TAG", "FROM busybox:${TAG:-1.36}", "FROM busybox${OTHER:+:1.36}"] },
      },
      {
        name: "valid when empty",
        files: { Dockerfile: ["ARG VARIANT", "FROM node:22${VARIANT}", "ARG SUFFIX", "FROM busybox:stable${VARIANT}"] },
      },
      {
        name: "arguments that the builder sets",
        files: {
          Dockerfile: [
            "FROM --platform=$BUILDPLATFORM node:22 AS build",
            "FROM build-$TARGETARCH",
            "FROM acme/api:$TARGETVARIANT",
          ],
        },
      },
      {
        name: "an argument that takes its value from another",
        files: {
          Dockerfile: [
            "ARG VERSION=22",
            "ARG TAG=${VERSION}-slim",
            "FROM node:$TAG AS app",
            "ARG STAGE=app",
            "FROM app",
          ],
        },
      },
      {
        name: "the name of a stage",
        files: { Dockerfile: ["ARG MODE=prod", "FROM node:22 AS prod", "FROM node:22 AS dev", "FROM $MODE"] },
      },
      { name: "no image at all, which is a parse error", files: { Dockerfile: ["FROM"] } },
    ],
  },
});

function* checkFile(file: DockerfileView): Iterable<Finding> {
  const { stages } = file.dockerfile;
  if (stages.length === 0) return;
  for (const stage of stages) {
    const { baseName: word, from } = stage;
    const platform = from.platform?.value;
    if (platform?.raw.includes("$")) yield* undeclared(platform, file);
    if (word === undefined) continue;
    if (word.raw.includes("$")) {
      const missing = [...undeclared(word, file)];
      yield* missing;
      if (missing.length === 0) yield* checkDefaults(word, stage, file);
    } else if (word.literal === "") yield blank(word.range);
  }
}

function blank(range: Range): Finding {
  return { kind: "blank", range, message: "FROM names no image here; write `FROM image:tag`" };
}

function* undeclared(word: Word, file: DockerfileView): Iterable<Finding> {
  const [build] = file.builds;
  if (build === undefined) return;
  for (const use of word.expandWith(build.evaluated.globalLookup).uses) {
    if (use.outcome === "unset" && !use.hasDefault) yield undeclaredUse(use, word, build);
  }
}

function undeclaredUse(use: VariableUse, word: Word, build: Build): Finding {
  const { dockerfile } = build.dockerfile;
  const { name, start, end, nameStart, nameEnd } = use;
  const range = word.rangeOf(start, end);
  const within = dockerfile.stages
    .flatMap(({ instructions }) => instructions)
    .find((each) => each.keyword === "ARG" && each.pairs.some(({ key }) => key.raw === name));
  if (within !== undefined) {
    const message = `${quoted(name)} is declared inside a stage, which FROM does not see; declare it above the first FROM`;
    return { kind: "undeclared", range, message, related: [{ range: within.range, message: "declared here" }] };
  }
  const globals = dockerfile.globalArgs.flatMap(({ pairs }) => pairs.map(({ key }) => key.raw));
  const names = [...globals, ...AUTOMATIC_ARGS];
  const near = closest(name, names);
  if (near === undefined) {
    return {
      kind: "undeclared",
      range,
      message: `${quoted(name)} is declared nowhere; declare it above the first FROM`,
    };
  }
  const message = `${quoted(name)} is declared nowhere; did you mean ${quoted(near)}`;
  if (!globals.includes(near) || names.filter((each) => closest(name, [each]) !== undefined).length > 1) {
    return { kind: "undeclared", range, message };
  }
  const { value, kind } = word.expandWith(build.evaluated.globalLookup);
  // Where an image is named without the variable, too, the fix changes which one; else no build works without it.
  const isImage = kind !== "empty" && (kind === "unknown" || parseImageReference(value).kind === "reference");
  const safety = isImage ? "unsafe" : "safe";
  const edits = [{ range: word.rangeOf(nameStart, nameEnd), text: near }];
  return { kind: "undeclared", range, message, fix: { description: `use ${quoted(near)}`, safety, edits } };
}

function* checkDefaults(word: Word, stage: Stage, file: DockerfileView): Iterable<Finding> {
  const views = file.builds.flatMap(({ stages }) => stages[stage.index] ?? []);
  const [first] = views;
  if (first === undefined) return;
  const { kind, evaluation } = baseByDefault(first);
  if (kind === "unknown" || kind === "image" || evaluation === undefined) {
    if (views.some(({ evaluated: { base } }) => base.kind === "unresolved" && base.evaluation?.kind === "empty")) {
      yield blank(word.range);
    }
    return;
  }
  if (evaluation.uses.length === 0) return;
  const lacking = views.filter((view) => !isGiven(view));
  // A default that is written and empty leaves no name at all; whoever builds may still be meant to give one.
  const found =
    kind === "empty" && evaluation.uses.every(({ origin }) => hasWrittenDefault(origin)) ? "blank" : "invalid-default";
  const range = causeIn(word, evaluation);
  const message =
    kind === "empty"
      ? `${quoted(word.raw)} is empty unless a build argument is passed; give the ARG a default`
      : `${quoted(word.raw)} is no image unless a build argument is passed; give the ARG a default`;
  const related = declarations(evaluation);
  const isShared = lacking.length > 0 && lacking.length < views.length;
  const services = isShared ? lacking.flatMap(({ build }) => build.services) : [];
  if (services.length === 0) {
    yield lacking.length === 0
      ? { kind: found, range, message, related, atMost: "info" }
      : { kind: found, range, message, related, atMost: "warning" };
    return;
  }
  for (const { build } of services) {
    if (build === undefined) continue;
    const missing = `this build gives no value for ${quoted(word.raw)}, which is no image without; pass the argument`;
    const places = [...related, { range, message: "used here" }];
    yield { kind: found, range: build.keyRange, message: missing, related: places, atMost: "warning" };
  }
}

/** Whether a build makes an image of FROM: by arguments, or nobody knows. */
function isGiven({ evaluated: { base } }: StageView): boolean {
  if (base.kind === "unresolved") return base.evaluation?.kind === "unknown" && isPassed(base.evaluation);
  return base.kind !== "image" || base.reference.kind === "reference";
}

/** Whether an unknown value comes from outside of the file: the ARG without default is the origin of those that do not. */
function isPassed({ uses }: Evaluation): boolean {
  return uses.every(({ outcome, origin }) => outcome !== "unknown" || origin === undefined);
}

/** Whether an ARG is written with a default, be it empty. */
function hasWrittenDefault(origin: Range | undefined): boolean {
  return origin !== undefined && textOf(origin).includes("=");
}

/** The variable that brings nothing, or the first one. */
function causeIn(word: Word, { uses }: Evaluation): Range {
  const use = uses.find(({ outcome, hasDefault }) => outcome === "empty" && !hasDefault) ?? uses[0];
  return use === undefined ? word.range : word.rangeOf(use.start, use.end);
}

function declarations({ uses }: Evaluation): readonly Related[] {
  return uses.flatMap(({ origin }) => (origin === undefined ? [] : [{ range: origin, message: "declared here" }]));
}
