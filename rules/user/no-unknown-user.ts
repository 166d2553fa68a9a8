import type { Word } from "../../src/dockerfile/word.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import type { Range } from "../../src/text/source.js";
import { type Account, parseUserSpec } from "../../src/values/user-spec.js";

const options = {
  known: option.strings({
    default: [],
    description: "Names of users and groups that exist although no file shows it.",
  }),
};

export default defineRule({
  id: "user/no-unknown-user",
  summary: "USER and `--chown` name accounts that exist",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    "no-passwd": {
      summary: "The image has no `/etc/passwd`, so that no name means anything",
      levels: { recommended: "error" },
      aliases: ["tally:named-identity-in-passwdless-stage"],
    },
    "not-created": { summary: "Neither the base nor a step brings the account" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Names are looked up in the image's own `/etc/passwd` and `/etc/group`. When a name is not there the build stops at the next " +
      "step, or the container does not start.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#user",
    "https://docs.docker.com/reference/dockerfile/#copy---chown---chmod",
  ],
  options,
  mentions: { dockerfile: ["user", "--chown"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "a name in scratch",
        kind: "no-passwd",
        files: { Dockerfile: ["FROM scratch", "COPY server /server", "USER «app»", 'ENTRYPOINT ["/server"]'] },
        fixed: { Dockerfile: ["FROM scratch", "COPY server /server", "USER 65532", 'ENTRYPOINT ["/server"]'] },
      },
      {
        name: "user and group in scratch",
        kind: "no-passwd",
        files: { Dockerfile: ["FROM scratch", "COPY --chown=«app»:«app» server /server"] },
        fixed: { Dockerfile: ["FROM scratch", "COPY --chown=65532:65532 server /server"] },
      },
      {
        name: "an account that nobody creates",
        kind: "not-created",
        message: "`appuser`",
        files: { Dockerfile: ["FROM debian:12-slim", "USER «appuser»", 'CMD ["/app"]'] },
      },
      {
        name: "a group that nobody creates",
        kind: "not-created",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY --chown=node:«web» . .", "USER node"] },
      },
      {
        name: "the account of another stage",
        kind: "not-created",
        files: {
          Dockerfile: [
            "FROM debian:12-slim AS build",
            "RUN useradd api",
            "FROM debian:12-slim",
            "COPY --from=build /srv/api /srv/api",
            "USER «api»",
          ],
        },
      },
      {
        name: "by the default of an argument",
        kind: "not-created",
        files: { Dockerfile: ["FROM alpine:3.20", "ARG RUN_AS=deploy", "USER «$RUN_AS»"] },
      },
    ],
    good: [
      { name: "numbers", files: { Dockerfile: ["FROM scratch", "COPY --chown=1000:1000 server /", "USER 1000:1000"] } },
      {
        name: "created, and of the base",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN useradd -U api",
            "COPY --chown=api:api . /srv/",
            "USER api:www-data",
          ],
        },
      },
      {
        name: "created in a parent stage",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "RUN adduser -D api", "FROM base", "USER api"] },
      },
      {
        name: "created by a package",
        files: { Dockerfile: ["FROM alpine:3.20", "RUN apk add --no-cache nginx", "USER nginx"] },
      },
      {
        name: "written into the file by hand",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN echo 'api:x:1000:1000::/:/sbin/nologin' >> /etc/passwd", "USER api"],
        },
      },
      {
        name: "the file is copied",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS build",
            "FROM scratch",
            "COPY --from=build /etc/passwd /etc/passwd",
            "USER api",
          ],
        },
      },
      {
        name: "a root file system that is unpacked",
        files: { Dockerfile: ["FROM scratch", "ADD alpine-minirootfs.tar.gz /", "USER api"] },
      },
      { name: "an unknown base", files: { Dockerfile: ["FROM registry.example.com/platform/jre:21", "USER app"] } },
      {
        name: "a script that may create it",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY setup.sh /", "RUN /setup.sh", "USER app"] },
      },
      { name: "an unknown value", files: { Dockerfile: ["FROM scratch", "ARG RUN_AS", "USER $RUN_AS"] } },
      { name: "root", files: { Dockerfile: ["FROM scratch", "USER root"] } },
      {
        name: "a name that the policy knows",
        options: { known: ["deploy"] },
        files: { Dockerfile: ["FROM debian:12-slim", "USER deploy"] },
      },
      { name: "Windows", files: { Dockerfile: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022", "USER app"] } },
    ],
  },
});

function* checkStage(stage: StageView, { options: { known } }: RuleContext<typeof options>): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const step of stage.evaluated.steps) {
    if (step.onbuild !== undefined) continue;
    const { instruction } = step;
    if (instruction.keyword === "USER" && instruction.argument !== undefined) {
      const value = step.expand(instruction.argument);
      if (value.kind === "known")
        yield* checkSpec(stage, known, {
          text: value.value,
          word: instruction.argument,
          range: instruction.argument.range,
        });
    }
    if (instruction.keyword !== "COPY" && instruction.keyword !== "ADD") continue;
    const { chown } = instruction;
    if (chown?.value === undefined) continue;
    const value = step.expand(chown.value);
    if (value.kind !== "known") continue;
    yield* checkSpec(stage, known, { text: value.value, word: chown.value, range: chown.valueRange ?? chown.range });
  }
}

/** `user[:group]` with its value and the word that holds it. */
interface WrittenSpec {
  readonly text: string;
  readonly word: Word;
  readonly range: Range;
}

function* checkSpec(stage: StageView, known: readonly string[], written: WrittenSpec): Iterable<Finding> {
  const spec = parseUserSpec(written.text);
  if (spec.kind !== "user") return;
  const { accounts } = stage;
  const problem = accounts.hasPasswd === "no" ? "no-passwd" : accounts.isComplete ? "not-created" : undefined;
  if (problem === undefined) return;
  for (const [kind, account] of [
    ["user", spec.user],
    ["group", spec.group],
  ] as const) {
    if (account === undefined || account.id !== undefined || account.text === "root" || known.includes(account.text))
      continue;
    if (accounts[kind](account.text) !== undefined) continue;
    const range = rangeOf(account, written);
    yield problem === "no-passwd" ? noPasswd(account, range, written) : notCreated(kind, account, stage, range);
  }
}

function rangeOf({ span }: Account, { word, range }: WrittenSpec): Range {
  return word.hasVariables ? range : word.rangeOf(span.start, span.end);
}

function noPasswd({ text }: Account, range: Range, { word }: WrittenSpec): Finding {
  // Unsafe: files of that owner may be expected elsewhere.
  const fix: Fix = { description: "write `65532`", safety: "unsafe", edits: [{ range, text: "65532" }] };
  return {
    kind: "no-passwd",
    range,
    message: `this image has no \`/etc/passwd\`, so \`${text}\` means nothing; write a number, such as 65532`,
    fix: word.hasVariables ? undefined : fix,
  };
}

function notCreated(kind: "user" | "group", { text }: Account, stage: StageView, range: Range): Finding {
  const base = stage.isScratch ? "scratch" : (stage.image?.written ?? "the base");
  const tool =
    stage.facts?.os?.family === "alpine"
      ? { user: "adduser", group: "addgroup" }
      : { user: "useradd", group: "groupadd" };
  return {
    kind: "not-created",
    range,
    message: `\`${base}\` has no ${kind} \`${text}\`, and no step creates it; add it with \`${tool[kind]}\``,
    related: [{ range: stage.lineage.at(-1)?.anchor ?? stage.anchor, message: "accounts come from here" }],
  };
}
