import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { isNamedTarget } from "../../src/project/alternative-target.js";
import { dynamicBasePattern } from "../../src/project/dynamic-base.js";
import type { DockerfileView, StageView } from "../../src/project/model.js";

const options = {
  treatNamedLeavesAsTargets: option.boolean({
    default: false,
    description: "Takes every named stage that no other stage uses for a target of `docker build --target`.",
  }),
};

export default defineRule({
  id: "stages/no-unreachable-stage",
  summary: "Every stage feeds some target",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "never",
  aliases: ["tally:no-unreachable-stages"],
  why: [
    "A stage that nothing uses is skipped by the builder: its tests do not run, its artefacts go nowhere, and whoever " +
      "edits it believes otherwise. Most often a name was misspelt or a COPY was lost.",
  ],
  references: ["https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage"],
  options,
  check: { dockerfile: checkDockerfile },
  examples: {
    bad: [
      {
        name: "nothing copies from it",
        message: "`old`",
        files: {
          Dockerfile: ["FROM «golang:1.22» AS old", "RUN go build .", "FROM alpine:3.20", 'CMD ["sh"]'],
        },
      },
      {
        name: "a stage without a name, before another",
        files: { Dockerfile: ["FROM «node:22.14.0»", "RUN npm ci", "FROM nginx:1.27.4"] },
      },
    ],
    good: [
      {
        name: "the last stage is what `docker build` makes, whatever Compose builds",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS app", "FROM alpine:3.20 AS slim"],
          "compose.yaml": ["services:", "  app:", "    build:", "      context: .", "      target: app"],
        },
      },
      {
        name: "used by COPY --from",
        files: { Dockerfile: ["FROM alpine:3.20 AS assets", "FROM alpine:3.20", "COPY --from=assets /a /a"] },
      },
      {
        name: "used by a mount",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS tools", "FROM alpine:3.20", "RUN --mount=from=tools,target=/t /t/run"],
        },
      },
      {
        name: "used as a base",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "FROM base", 'CMD ["sh"]'] },
      },
      {
        name: "an alternative target by its name",
        files: { Dockerfile: ["FROM alpine:3.20 AS base", "FROM base AS test", "RUN ./test.sh", "FROM base AS prod"] },
      },
      {
        name: "what only an alternative target needs",
        files: { Dockerfile: ["FROM alpine:3.20 AS deps", "FROM deps AS lint", "FROM alpine:3.20"] },
      },
      {
        name: "a target that Compose builds",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS worker", "FROM alpine:3.20 AS web"],
          "compose.yaml": [
            "services:",
            "  worker: {build: {context: ., target: worker}}",
            "  web: {build: {context: ., target: web}}",
          ],
        },
      },
      {
        name: "a target that the policy names",
        policy: { targets: ["worker", "web"] },
        files: { Dockerfile: ["FROM alpine:3.20 AS worker", "FROM alpine:3.20 AS web"] },
      },
      {
        name: "chosen by a variable",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS build_amd64",
            "FROM alpine:3.20 AS build_arm64",
            "FROM build_${TARGETARCH} AS build",
            "FROM alpine:3.20",
            "COPY --from=build /out /out",
          ],
        },
      },
      {
        name: "a trigger uses it",
        files: {
          Dockerfile: [
            "FROM alpine:3.20 AS tools",
            "FROM alpine:3.20",
            "ONBUILD COPY --from=tools /bin/tool /bin/tool",
          ],
        },
      },
      {
        name: "named leaves are targets where the policy says so",
        options: { treatNamedLeavesAsTargets: true },
        files: { Dockerfile: ["FROM alpine:3.20 AS worker", "FROM alpine:3.20 AS web"] },
      },
    ],
  },
});

function* checkDockerfile(file: DockerfileView, ctx: RuleContext<typeof options>): Iterable<Finding> {
  const [first] = file.builds;
  if (first === undefined || file.builds.some(({ target }) => target === undefined)) return;
  const reached = new Set(file.builds.flatMap((build) => [...build.closure].map(({ index }) => index)));
  const { stages, evaluated } = first;
  const last = stages.at(-1);
  // Without a target `docker build` makes the last stage, also of a file whose services name others.
  if (last !== undefined && file.builds.every(({ services }) => services.length > 0)) addClosure(last, reached);
  for (const stage of stages) {
    if (!reached.has(stage.index) && isAlternative(stage, stages, ctx)) addClosure(stage, reached);
  }
  for (const stage of stages) {
    const pattern = dynamicBasePattern(stage);
    if (pattern === undefined) continue;
    for (const other of stages) if (other.name !== undefined && pattern(other.name)) addClosure(other, reached);
  }
  for (const name of namesInTriggers(stages)) {
    const used = evaluated.findStage(name);
    const view = used === undefined ? undefined : stages[used.stage.index];
    if (view !== undefined) addClosure(view, reached);
  }
  for (const stage of stages) {
    if (reached.has(stage.index)) continue;
    const name = stage.name === undefined ? `stage ${stage.index}` : `\`${stage.label}\``;
    yield {
      range: stage.anchor,
      message: `nothing uses stage ${name.replace(/^stage /, "")}; remove it, copy from it, or list it in \`targets\``,
      subject: stage.label,
    };
  }
}

/** A stage that people build by `--target`: its name says what for, or the policy takes all named leaves as such. */
function isAlternative(
  stage: StageView,
  stages: readonly StageView[],
  { options: { treatNamedLeavesAsTargets } }: RuleContext<typeof options>,
): boolean {
  if (isNamedTarget(stage)) return true;
  return (
    stage.name !== undefined &&
    treatNamedLeavesAsTargets &&
    !stages.some(({ evaluated: { base } }) => base.kind === "stage" && base.stage.stage.index === stage.index)
  );
}

function addClosure(stage: StageView, reached: Set<number>): void {
  for (const member of stage.build.evaluated.closure(stage.evaluated)) reached.add(member.stage.index);
}

/** Stages that ONBUILD triggers copy from: the child build resolves them, and this file may be its only home. */
function* namesInTriggers(stages: readonly StageView[]): Iterable<string> {
  for (const { stage } of stages) {
    for (const instruction of stage.instructions) {
      if (instruction.keyword !== "ONBUILD" || instruction.trigger?.keyword !== "COPY") continue;
      const from = instruction.trigger.from?.value?.literal;
      if (from !== undefined) yield from;
    }
  }
}
