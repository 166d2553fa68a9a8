import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { frontendBefore } from "../../src/project/frontend.js";
import { addFlags, removeInstruction } from "../../src/project/instruction-edits.js";
import type { StageView } from "../../src/project/model.js";
import { type OneStepCopy, oneStepCopies } from "../../src/project/one-step-files.js";

export default defineRule({
  id: "layers/prefer-bind-mount",
  summary: "Files that one step needs are mounted, not copied",
  levels: { strict: "info" },
  roles: ["production"],
  fixable: "sometimes",
  aliases: ["tally:ruby/prefer-gemfile-bind-mounts"],
  why: [
    "What COPY brings stays in its layer, also when the next step is the only one that reads it, and when a later one removes it. " +
      "A bind mount shows the files to one step and leaves nothing.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#run---mounttypebind"],
  yieldsTo: ["layers/prefer-add-for-archives#local"],
  mentions: { dockerfile: ["copy"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "wheels of a build stage",
        message: "`/wheels`",
        files: {
          Dockerfile: [
            "FROM python:3.12 AS build",
            "RUN pip wheel -w /dist flask",
            "FROM python:3.12-slim",
            "«COPY --from=build /dist /wheels»",
            "RUN pip install /wheels/*.whl",
            'CMD ["flask", "run"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.12 AS build",
            "RUN pip wheel -w /dist flask",
            "FROM python:3.12-slim",
            "RUN --mount=type=bind,from=build,source=/dist,target=/wheels pip install /wheels/*.whl",
            'CMD ["flask", "run"]',
          ],
        },
      },
      {
        name: "a package of the context that a later step removes, which would stumble",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "«COPY build/api.deb /tmp/»",
            "RUN apt-get install -y /tmp/api.deb",
            "RUN rm /tmp/api.deb",
          ],
        },
      },
      {
        name: "a package of the context",
        files: {
          Dockerfile: ["FROM debian:12-slim", "«COPY build/api.deb /tmp/»", "RUN apt-get install -y /tmp/api.deb"],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN --mount=type=bind,source=build/api.deb,target=/tmp/api.deb apt-get install -y /tmp/api.deb",
          ],
        },
      },
      {
        name: "wildcards are not mended",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "«COPY dist/*.whl /tmp/»", "RUN pip install /tmp/*.whl"],
        },
      },
    ],
    good: [
      {
        name: "a mount",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --mount=type=bind,source=dist,target=/wheels pip install /wheels/*.whl",
          ],
        },
      },
      {
        name: "read again by a later step",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY dist /wheels",
            "RUN pip install /wheels/a.whl",
            "RUN pip install /wheels/b.whl",
          ],
        },
      },
      {
        name: "the start command names it",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY seed /tmp/seed", "RUN test -d /tmp/seed", "CMD load /tmp/seed"],
        },
      },
      {
        name: "the next RUN does not read it",
        files: { Dockerfile: ["FROM debian:12-slim", "COPY api.deb /opt/", "RUN mkdir /data"] },
      },
      {
        name: "a build-only stage",
        files: {
          Dockerfile: [
            "FROM python:3.12 AS build",
            "COPY dist /wheels",
            "RUN pip install --prefix /out /wheels/*.whl",
            "FROM python:3.12-slim",
            "COPY --from=build /out /usr/local",
          ],
        },
      },
      {
        name: "a frontend without mounts",
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1.1",
            "FROM python:3.12-slim",
            "COPY dist /wheels",
            "RUN pip install /wheels/*.whl",
          ],
        },
      },
      {
        name: "files of the program",
        files: { Dockerfile: ["FROM node:22-slim", "COPY package.json /app/", "RUN npm install --prefix /app"] },
      },
    ],
  },
});

function* checkStage(stage: StageView): Iterable<Finding> {
  if (!stage.isShipped || stage.isWindows || frontendBefore(stage, 1, 2) === true) return;
  for (const found of oneStepCopies(stage)) {
    const { copy, run } = found;
    const { destination = "" } = copy;
    const shown = destination.length > 60 ? `${destination.slice(0, 59)}…` : destination;
    yield {
      range: copy.instruction.headRange,
      message: `only the next RUN reads \`${shown}\`, which stays in the image; use \`RUN --mount=type=bind\``,
      related: [{ range: run.instruction.keywordRange, message: "the step that reads it" }],
      fix: stage.build.dockerfile.source.embedding === undefined ? mountFiles(found) : undefined,
    };
  }
}

/** Unsafe: the files are gone after the step, and cannot be changed in it. */
function mountFiles({ copy, run, mount }: OneStepCopy): Fix | undefined {
  const { instruction, from } = copy;
  if (mount === undefined || instruction.flags.some(({ name }) => name !== "from")) return undefined;
  // A step would stumble over what it removes.
  const later = run.stage.runs.slice(run.stage.runs.indexOf(run));
  if (later.some(({ facts }) => facts.removedPaths.length > 0) || instruction.form !== "shell") return undefined;
  const origin = instruction.keyword === "COPY" ? instruction.from?.value?.literal : undefined;
  if (from.kind !== "context" && origin === undefined) return undefined;
  const removal = removeInstruction(instruction);
  if (removal === undefined) return undefined;
  const flag = `--mount=type=bind,${origin === undefined ? "" : `from=${origin},`}source=${mount.source},target=${mount.target}`;
  return {
    description: "mount the files into the step",
    safety: "unsafe",
    edits: [removal, addFlags(run.instruction, flag)],
  };
}
