import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";
import { type StageEdge, stageEdges, stageLoops } from "../../src/project/stage-edges.js";

export default defineRule({
  id: "stages/no-circular-dependency",
  summary: "Stages never depend on themselves, or in a loop",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    self: {
      summary: "a stage takes files from itself",
      aliases: [
        "hadolint:DL3023",
        "trivy:DS-0006",
        "kics:copy-from-references-current-from-alias",
        "kics:cdddb86f-95f6-4fc4-b5a1-483d9afceb2b",
        "semgrep:copy-from-own-alias",
      ],
    },
    loop: { summary: "stages that need each other", aliases: ["tally:circular-stage-deps"] },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A stage is ready only when everything it takes is ready. The builder refuses a file in which one waits for itself, " +
      "directly or through others.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy---from",
    "https://docs.docker.com/build/building/multi-stage/",
  ],
  mentions: { dockerfile: ["from="] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a copy from the stage itself",
        kind: "self",
        message: "`cp`",
        files: { Dockerfile: ["FROM alpine:3.20 AS build", "COPY --from=«build» /out/app /usr/bin/app"] },
      },
      {
        name: "by its number",
        kind: "self",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "FROM alpine:3.20",
            "COPY --from=build /app /app",
            "COPY --from=«1» /app /usr/bin/app",
          ],
        },
      },
      {
        name: "names compare without case",
        kind: "self",
        files: { Dockerfile: ["FROM alpine:3.20 AS Build", "COPY --from=«BUILD» /out /srv"] },
      },
      {
        name: "a mount of the stage itself",
        kind: "self",
        files: { Dockerfile: ["FROM alpine:3.20 AS tools", "RUN --mount=from=«tools»,target=/t /t/run"] },
      },
      {
        name: "a stage with the name of an image",
        kind: "self",
        files: { Dockerfile: ["FROM nginx:1.27.4 AS nginx", "COPY --from=«nginx» /etc/nginx/nginx.conf /etc/"] },
      },
      {
        name: "two stages that need each other",
        kind: "loop",
        message: "`assets` needs `server`, which needs `assets`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS assets",
            "COPY --from=«server» /schema.json .",
            "FROM golang:1.22 AS server",
            "COPY --from=assets /dist /static",
          ],
        },
      },
      {
        name: "a loop over FROM and a mount",
        kind: "loop",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS base",
            "RUN --mount=from=«tools»,target=/t cp /t/run /run",
            "FROM base AS middle",
            "FROM middle AS tools",
          ],
        },
      },
    ],
    good: [
      {
        name: "files of an earlier stage",
        files: { Dockerfile: ["FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=build /app /app"] },
      },
      {
        name: "the image, by its tag, inside a stage of that name",
        files: { Dockerfile: ["FROM alpine:3.20 AS nginx", "COPY --from=nginx:1.27 /etc/nginx /etc/nginx"] },
      },
      {
        name: "a name used twice means the last stage of it",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS app",
            "FROM alpine:3.20 AS app",
            "FROM alpine:3.20",
            "COPY --from=app / /a",
          ],
        },
      },
      {
        name: "a stage further down that needs nothing of this one",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS app", "COPY --from=tools /t /t", "FROM alpine:3.20 AS tools"],
        },
      },
      { name: "a trigger", files: { Dockerfile: ["FROM alpine:3.20 AS base", "ONBUILD COPY --from=base /a /a"] } },
    ],
  },
});

function* checkBuild({ stages }: Build): Iterable<Finding> {
  for (const stage of stages) {
    for (const edge of stageEdges(stage)) if (edge.to === stage) yield ofSelf(edge, stage);
  }
  for (const loop of stageLoops(stages)) yield ofLoop(loop);
}

function ofSelf({ range, written, place }: StageEdge, stage: StageView): Finding {
  const what = place === "mount" ? `a mount from \`${written}\`` : `\`--from=${written}\``;
  const remedy = place === "mount" ? "its files are there without it" : "use `cp` in a RUN, or name an earlier stage";
  return {
    kind: "self",
    range,
    message: `${what} is in stage \`${stage.label}\` itself; ${remedy}`,
    related: [{ range: stage.anchor, message: `\`${stage.label}\` begins here` }],
  };
}

/** Marked where the loop looks down: FROM only looks up, so that there is such a place. */
function ofLoop(loop: readonly StageEdge[]): Finding {
  const first = loop.findIndex(({ stage, to }) => to.index > stage.index);
  const [edge, ...way] = [...loop.slice(first), ...loop.slice(0, first)];
  if (edge === undefined) throw new RangeError("a loop of stages has an edge");
  const names = way.slice(0, 3).map(({ to }) => `\`${to.label}\``);
  const more = way.length > names.length ? ", and on to where it began" : "";
  return {
    kind: "loop",
    range: edge.range,
    message: `\`${edge.stage.label}\` needs \`${edge.to.label}\`, which needs ${names.join(", then ")}${more}; break the loop`,
    related: way.map(({ range, stage, to }) => ({ range, message: `\`${stage.label}\` needs \`${to.label}\`` })),
  };
}
