import type { OnbuildInstruction } from "../../src/dockerfile/model.js";
import { hasOwnFrontend, isTemplateMark, nearestInstruction } from "../../src/dockerfile/refusals.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import type { DockerfileView, StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

/** What cannot be a trigger, and why. */
const FORBIDDEN: ReadonlyMap<string, string> = new Map([
  ["FROM", "the build that it would run in has a FROM of its own"],
  ["ONBUILD", "a trigger is not handed on; write one ONBUILD"],
  ["MAINTAINER", "set a label in this image, or in the one made from it"],
]);

export default defineRule({
  id: "syntax/use-valid-onbuild",
  summary: "ONBUILD triggers are legal instructions",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    forbidden: {
      summary: "FROM, MAINTAINER or ONBUILD as a trigger",
      aliases: [
        "hadolint:DL3043",
        "dockerfile-utils:ONBUILD_CHAINING_DISALLOWED",
        "dockerfile-utils:ONBUILD_TRIGGER_DISALLOWED",
      ],
    },
    unknown: { summary: "a trigger that is no instruction", aliases: ["tally:invalid-onbuild-trigger"] },
    "no-consumer": {
      summary: "a trigger in an image that the project runs and makes no other image from",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Triggers run when another image is built from this one. The builder refuses those that it could not run there, and a " +
      "trigger that is misspelt stops every such build.",
    "In an image that nothing is made from, a trigger never runs: the step is missing.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#onbuild"],
  mentions: { dockerfile: ["onbuild"] },
  check: { dockerfile: checkFile, stage: checkStage },
  examples: {
    bad: [
      {
        name: "what cannot be a trigger",
        kind: "forbidden",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM node:22",
            "ONBUILD «FROM» node:22",
            "ONBUILD «MAINTAINER» ops@example.com",
            "ONBUILD «ONBUILD» RUN npm ci",
            "onbuild «from» node:22",
          ],
        },
      },
      {
        name: "a part of a file, without FROM",
        kind: "forbidden",
        files: { Dockerfile: ["ONBUILD «FROM» node:22"] },
      },
      {
        name: "a misspelt trigger",
        kind: "unknown",
        message: "did you mean `COPY`",
        files: { Dockerfile: ["FROM node:22", "ONBUILD «COPPY» . .", "onbuild «rnu» npm ci"] },
        fixed: { Dockerfile: ["FROM node:22", "ONBUILD COPY . .", "onbuild run npm ci"] },
      },
      {
        name: "no instruction at all",
        kind: "unknown",
        files: { Dockerfile: ["FROM node:22", "ONBUILD «npm» ci", "ONBUILD «FRO» node:22"] },
      },
      {
        name: "an image that only runs",
        kind: "no-consumer",
        files: {
          Dockerfile: ["FROM node:22", "«ONBUILD» COPY . /srv"],
          "compose.yaml": ["services:", "  api:", "    build: ."],
        },
      },
    ],
    good: [
      {
        name: "triggers that can run",
        files: {
          Dockerfile: ["FROM node:22", "ONBUILD COPY . /srv", "ONBUILD COPY --from=assets /a /b", "ONBUILD RUN npm ci"],
        },
      },
      {
        name: "an image that others are made from",
        files: {
          "base/Dockerfile": ["FROM node:22", "ONBUILD COPY . /srv"],
          Dockerfile: ["FROM shop/base:1"],
          "compose.yaml": [
            "services:",
            "  base:",
            "    build: base",
            "    image: shop/base:1",
            "  api:",
            "    build: .",
          ],
        },
      },
      {
        name: "a stage that another one goes on from",
        files: {
          Dockerfile: ["FROM node:22 AS base", "ONBUILD COPY . /srv", "FROM base"],
          "compose.yaml": ["services:", "  api:", "    build: ."],
        },
      },
      { name: "a template", files: { Dockerfile: ["FROM node:22", "ONBUILD {{ step }}"] } },
      {
        name: "a frontend of its own",
        files: { Dockerfile: ["# syntax=acme/frontend:2", "FROM node:22", "ONBUILD INCLUDE common"] },
      },
      { name: "no trigger, which is a parse error", files: { Dockerfile: ["FROM node:22", "ONBUILD"] } },
    ],
  },
});

function* checkFile({ dockerfile }: DockerfileView): Iterable<Finding> {
  for (const instruction of dockerfile.instructions) {
    if (instruction.keyword !== "ONBUILD" || instruction.trigger === undefined) continue;
    const { keyword, written, keywordRange } = instruction.trigger;
    const reason = FORBIDDEN.get(keyword);
    if (reason !== undefined) {
      yield { kind: "forbidden", range: keywordRange, message: `${keyword} cannot be a trigger; ${reason}` };
    } else if (keyword === "UNKNOWN" && !isTemplateMark(written) && !hasOwnFrontend(dockerfile)) {
      yield unknownFinding(written, keywordRange);
    }
  }
}

function unknownFinding(written: string, range: Range): Finding {
  const nearest = nearestInstruction(written);
  const near = nearest === undefined || FORBIDDEN.has(nearest) ? undefined : nearest;
  const mend = near === undefined ? "write one before it, such as `RUN`" : `did you mean \`${near}\``;
  const message = `${quoted(written)} is no instruction, and cannot be a trigger; ${mend}`;
  return { kind: "unknown", range, message, fix: near === undefined ? undefined : rename(written, range, near) };
}

/** Unsafe: the word may have been meant otherwise. */
function rename(written: string, range: Range, near: string): Fix {
  const text = written === written.toLowerCase() ? near.toLowerCase() : near;
  return { description: `use \`${text}\``, safety: "unsafe", edits: [{ range, text }] };
}

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  const { build } = stage;
  // Whoever runs an image by Compose does not only make it for others.
  if (build.target !== stage || build.services.length === 0) return;
  const triggers = stage.stage.instructions.filter(
    (instruction): instruction is OnbuildInstruction => instruction.keyword === "ONBUILD",
  );
  if (triggers.length === 0 || isExtended(stage, project)) return;
  for (const { keywordRange } of triggers) {
    const message = "no image of the project is made from this one, so the trigger never runs; write the step itself";
    yield { kind: "no-consumer", range: keywordRange, message, confidence: "medium" };
  }
}

function isExtended({ build, stage }: StageView, { builds }: RuleContext["project"]): boolean {
  return builds.some(({ stages }) =>
    stages.some(({ lineage }) =>
      lineage.some(
        (member, depth) => depth > 0 && member.stage === stage && member.build.dockerfile === build.dockerfile,
      ),
    ),
  );
}
