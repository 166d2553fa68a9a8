import type { Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { isNamedTarget } from "../../src/project/alternative-target.js";
import { dynamicBasePattern } from "../../src/project/dynamic-base.js";
import type { DockerfileView, StageView } from "../../src/project/model.js";
import { stageEdges } from "../../src/project/stage-edges.js";
import { wholeLines } from "../../src/text/whole-lines.js";

const ALL = ["CMD", "ENTRYPOINT", "HEALTHCHECK", "EXPOSE", "VOLUME", "STOPSIGNAL", "LABEL"];

const options = {
  instructions: option.strings({ default: ALL, description: "Instructions to look at, in upper case." }),
};

export default defineRule({
  id: "stages/no-ineffective-metadata",
  summary: "Runtime metadata sits where it reaches an image",
  levels: { recommended: "info", strict: "info" },
  roles: "all",
  fixable: "always",
  why: [
    "`COPY --from` and mounts take files from a stage, and nothing else: its ports, command, health check and labels are " +
      "gone. Whoever wrote them there believes that the image has them.",
  ],
  references: ["https://docs.docker.com/build/building/multi-stage/", "https://docs.docker.com/reference/dockerfile/"],
  options,
  mentions: { dockerfile: ["from="] },
  check: { dockerfile: checkDockerfile },
  examples: {
    bad: [
      {
        name: "a port of the builder",
        message: "`EXPOSE` in `build`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "RUN npm ci && npm run build",
            "«EXPOSE 3000»",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "RUN npm ci && npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "all of them, in a stage without a name",
        files: {
          Dockerfile: [
            "FROM golang:1.22",
            '«LABEL org.opencontainers.image.title="api"»',
            "«VOLUME /data»",
            "«STOPSIGNAL SIGINT»",
            '«HEALTHCHECK CMD ["/api", "health"]»',
            '«ENTRYPOINT ["/api"]»',
            '«CMD ["serve"]»',
            "FROM alpine:3.20",
            "COPY --from=0 /api /api",
          ],
        },
        fixed: { Dockerfile: ["FROM golang:1.22", "FROM alpine:3.20", "COPY --from=0 /api /api"] },
      },
      {
        name: "a stage that only a mount reads",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS tools",
            '«CMD ["/bin/lint"]»',
            "FROM alpine:3.20",
            "RUN --mount=from=tools,target=/t /t/bin/lint",
          ],
        },
        fixed: {
          Dockerfile: ["FROM alpine:3.20 AS tools", "FROM alpine:3.20", "RUN --mount=from=tools,target=/t /t/bin/lint"],
        },
      },
      {
        name: "beside a comment, which stays",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS assets",
            "# Vite",
            "«EXPOSE 5173»",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=assets /dist /srv",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0 AS assets",
            "# Vite",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=assets /dist /srv",
          ],
        },
      },
    ],
    good: [
      {
        name: "in the stage that ships",
        files: {
          Dockerfile: ["FROM node:22.14.0 AS build", "FROM nginx:1.27.4", "COPY --from=build /d /srv", "EXPOSE 8080"],
        },
      },
      {
        name: "a base of the stage that ships hands it on",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS base",
            "EXPOSE 3000",
            "FROM base AS build",
            "RUN npm run build",
            "FROM base",
            "COPY --from=build /dist /dist",
            "COPY --from=base /etc/passwd /etc/passwd",
          ],
        },
      },
      {
        name: "a target that Compose builds",
        files: {
          Dockerfile: [
            "FROM php:8.3-fpm AS builder",
            "EXPOSE 9000",
            "FROM nginx:1.27.4 AS web",
            "COPY --from=builder /srv/public /srv/public",
          ],
          "compose.yaml": [
            "services:",
            "  php: {build: {context: ., target: builder}}",
            "  web: {build: {context: ., target: web}}",
          ],
        },
      },
      {
        name: "a target that the policy names",
        policy: { targets: ["build", "web"] },
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "LABEL org.opencontainers.image.title=api",
            "FROM nginx:1.27.4 AS web",
            "COPY --from=build /srv /srv",
          ],
        },
      },
      {
        name: "by its name built for tests",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS test",
            'CMD ["go", "test", "./..."]',
            "FROM alpine:3.20",
            "COPY --from=test /report /report",
          ],
        },
      },
      {
        name: "a program with a command of its own is an image of its own, unless its name says that it builds",
        files: {
          Dockerfile: [
            "FROM php:8.3-fpm AS app",
            'CMD ["php-fpm"]',
            "EXPOSE 9000",
            "FROM nginx:1.27.4 AS web",
            "COPY --from=app /srv/public /srv/public",
          ],
        },
      },
      {
        name: "nothing uses the stage",
        files: {
          Dockerfile: ["FROM golang:1.22 AS build", "EXPOSE 80", "FROM alpine:3.20", "RUN --mount=from=x,target=/x ls"],
        },
      },
      {
        name: "chosen by a variable",
        files: {
          Dockerfile: [
            "ARG FLAVOR",
            "FROM alpine:3.20 AS base-plain",
            "EXPOSE 80",
            "FROM base-${FLAVOR}",
            "COPY --from=base-plain /etc/os-release /os-release",
          ],
        },
      },
      {
        name: "a mark by which intermediate images are pruned",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "LABEL stage=builder",
            "FROM alpine:3.20",
            "COPY --from=build /a /a",
          ],
        },
      },
      {
        name: "an instruction that the policy does not ask about",
        options: { instructions: ["CMD"] },
        files: {
          Dockerfile: ["FROM golang:1.22 AS build", "EXPOSE 80", "FROM alpine:3.20", "COPY --from=build /a /a"],
        },
      },
    ],
  },
});

function* checkDockerfile(
  { builds, targets }: DockerfileView,
  { options: { instructions } }: RuleContext<typeof options>,
): Iterable<Finding> {
  const [first] = builds;
  // A target that nobody knows may be any stage.
  if (first === undefined || builds.some(({ target }) => target === undefined)) return;
  const { stages } = first;
  const shipped = new Set([...targets.map(({ index }) => index), stages.length - 1]);
  const bases = new Set<number>();
  const read = new Set<number>();
  for (const stage of builds.flatMap((build) => build.stages)) {
    for (const { place, to } of stageEdges(stage)) (place === "from" ? bases : read).add(to.index);
  }
  for (const stage of stages) {
    const { index } = stage;
    if (!read.has(index) || bases.has(index) || shipped.has(index)) continue;
    const idle = stage.stage.instructions.filter(
      (instruction) => instructions.includes(instruction.keyword) && ALL.includes(instruction.keyword),
    );
    if (idle.length === 0 || isOwnImage(stage) || mayBeBase(stage, stages)) continue;
    for (const instruction of idle) if (!isMark(instruction)) yield ofInstruction(instruction, stage);
  }
}

/** Names that people give to stages whose files are taken. */
const BUILDER =
  /(?:^|[._-])(?:assets?|build(?:er)?|bundle|compile[rd]?|deps|dependencies|install(?:er)?|vendor)(?:[._-]|$)/;

/** A stage that people may well build by itself: a name that says so, or a program with a command of its own. */
function isOwnImage(stage: StageView): boolean {
  if (isNamedTarget(stage)) return true;
  if (stage.name === undefined || BUILDER.test(stage.name)) return false;
  return (
    stage.stage.instructions.some(({ keyword }) => keyword === "CMD" || keyword === "ENTRYPOINT") &&
    stage.stage.instructions.some(({ keyword }) => keyword === "EXPOSE" || keyword === "RUN" || keyword === "COPY")
  );
}

function mayBeBase({ name }: StageView, stages: readonly StageView[]): boolean {
  if (name === undefined) return false;
  return stages.some((stage) => {
    const { base } = stage.evaluated;
    if (base.kind !== "unresolved") return false;
    return dynamicBasePattern(stage)?.(name) ?? true;
  });
}

/** Keys by which `docker image prune --filter` finds what the classic builder leaves behind. */
const MARKS = new Set("autoclean autodelete builder intermediate prune stage temporary".split(" "));

function isMark(instruction: Instruction): boolean {
  return instruction.keyword === "LABEL" && instruction.pairs.every(({ key }) => MARKS.has(key.raw.toLowerCase()));
}

function ofInstruction({ keyword, range }: Instruction, stage: StageView): Finding {
  const where = stage.name === undefined ? `stage ${stage.index}` : `\`${stage.label}\``;
  return {
    range,
    message: `\`${keyword}\` in ${where} reaches no image: only files are taken from that stage; move it to the last one`,
    // Unsafe: who builds the stage by itself loses it.
    fix: {
      description: `remove the \`${keyword}\``,
      safety: "unsafe",
      edits: [{ range: wholeLines(range), text: "" }],
    },
  };
}
