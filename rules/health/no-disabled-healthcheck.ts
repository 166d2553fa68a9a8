import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type Related, type RuleContext } from "../../src/engine/rule.js";
import { hasCommentAtInstruction, hasCommentAtPlace } from "../../src/project/comments.js";
import type { Build, StageView } from "../../src/project/model.js";
import { healthcheckOfService, runsOnce, servicesShipping } from "../../src/project/service-view.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  requireReason: option.boolean({
    default: true,
    description: "Whether a comment that gives a reason is enough; when not, a check is never switched off.",
  }),
};

type Context = RuleContext<typeof options>;

/** The check that is switched off: who brings it, and where it is written when that is in the project. */
interface RemovedCheck {
  readonly by: string;
  readonly related: readonly Related[];
}

export default defineRule({
  id: "health/no-disabled-healthcheck",
  summary: "A check is not switched off without a reason",
  levels: { recommended: "info", strict: "warning" },
  roles: ["production"],
  fixable: "never",
  why: [
    "Whoever wrote the check knew how the service fails. Switched off, a hanging process counts as running, and nobody " +
      "remembers later whether the check was wrong, too slow, or only in the way.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
    "https://docs.docker.com/reference/compose-file/services/#healthcheck",
  ],
  options,
  mentions: { dockerfile: ["none"], compose: ["disable", "none"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "the check of a base image",
        message: "`ghcr.io/acme/jre:21`",
        policy: { baseImages: { "ghcr.io/acme/jre": { healthcheck: true } } },
        files: { Dockerfile: ["FROM ghcr.io/acme/jre:21", "«HEALTHCHECK NONE»", 'CMD ["/api"]'] },
      },
      {
        name: "the check of an earlier stage",
        files: {
          Dockerfile: ["FROM node:22-slim AS base", "HEALTHCHECK CMD node probe.js", "FROM base", "«HEALTHCHECK NONE»"],
        },
      },
      {
        name: "the check of the image that a service builds",
        message: "the Dockerfile",
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK CMD node probe.js", "CMD node ."],
          "compose.yaml": ["services:", "  api:", "    build: .", "    healthcheck:", "      «disable: true»"],
        },
      },
      {
        name: "the check that another Compose file writes",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    healthcheck:",
            "      test: [CMD, /probe]",
          ],
          "compose.prod.yaml": ["services:", "  api:", "    healthcheck:", "      test: «[NONE]»"],
        },
      },
      {
        name: "a reason is not enough for this policy",
        options: { requireReason: false },
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK CMD node probe.js", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    healthcheck:",
            "      # the load balancer asks",
            "      «disable: true»",
          ],
        },
      },
    ],
    good: [
      {
        name: "a check",
        files: {
          "compose.yaml": [
            "services:",
            "  rounds:",
            "    image: ghcr.io/acme/rounds:1.4.0",
            "    healthcheck: {test: [CMD, /docker/healthcheck.sh]}",
          ],
        },
      },
      {
        name: "a reason in a comment",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS base",
            "HEALTHCHECK CMD node probe.js",
            "FROM base AS worker",
            "# has no port to ask",
            "HEALTHCHECK NONE",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., target: base}",
            "    healthcheck:",
            "      disable: true # the load balancer asks",
            "  worker:",
            "    build: {context: ., target: worker}",
          ],
        },
      },
      {
        name: "nothing is known to be switched off",
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK NONE", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.6', healthcheck: {disable: true}}",
            "  api: {image: 'ghcr.io/acme/api:1.4.0', healthcheck: {test: NONE}}",
          ],
        },
      },
      {
        name: "a job that ends",
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK CMD node probe.js", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  migrate:",
            "    build: .",
            "    command: npx prisma migrate deploy",
            '    restart: "no"',
            "    healthcheck: {disable: true}",
          ],
        },
      },
      {
        name: "somebody waits for it, which is another rule's matter",
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK CMD node probe.js", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    healthcheck: {disable: true}",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on: {api: {condition: service_healthy}}",
          ],
        },
      },
      {
        name: "development",
        files: {
          Dockerfile: ["FROM node:22-slim", "HEALTHCHECK CMD node probe.js", "CMD node ."],
          "compose.dev.yaml": ["services:", "  api:", "    build: .", "    healthcheck: {disable: true}"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { options, project }: Context): Iterable<Finding> {
  const { target } = build;
  if (target?.healthcheck.kind !== "disabled") return;
  const { instruction, stage } = target.healthcheck;
  if (stage.build !== build || (options.requireReason && hasCommentAtInstruction(instruction, build.dockerfile)))
    return;
  const removed = removedFrom(stage);
  if (removed === undefined) return;
  const services = servicesShipping(build, project);
  if (services.length > 0 && services.every((service) => isExempt(service, { project }))) return;
  yield {
    range: instruction.range,
    message: `\`NONE\` switches off the check that ${removed.by} brings; drop it, or say why in a comment`,
    related: removed.related,
  };
}

/** The check that a stage would have without its own NONE. */
function removedFrom(stage: StageView): RemovedCheck | undefined {
  const own = stage.stage.instructions.find(
    (instruction) => instruction.keyword === "HEALTHCHECK" && instruction.test.kind === "cmd",
  );
  if (own !== undefined) {
    return {
      by: `${quoted(stage.label)} itself`,
      related: [{ range: own.range, message: "this check is switched off" }],
    };
  }
  const { parent, facts } = stage;
  if (parent !== undefined) return checkOf(parent, `${quoted(parent.label)}`);
  return facts?.hasHealthcheck === true ? { by: quoted(stage.image?.written ?? "the base"), related: [] } : undefined;
}

function checkOf({ healthcheck, image }: StageView, name: string): RemovedCheck | undefined {
  if (healthcheck.kind === "base") return { by: quoted(image?.written ?? name), related: [] };
  if (healthcheck.kind !== "check") return undefined;
  return { by: name, related: [{ range: healthcheck.instruction.range, message: "this check is switched off" }] };
}

function* checkService(service: Service, { options, project }: Context): Iterable<Finding> {
  const { healthcheck } = service;
  if (healthcheck === undefined || !healthcheck.isDisabled || isExempt(service, { project })) return;
  const state = healthcheckOfService(service, project);
  if (state.kind !== "disabled") return;
  const entry = healthcheck.disable === undefined ? service.entryAt("healthcheck", "test") : undefined;
  const key = entry?.keyRange ?? healthcheck.disable?.keyRange ?? healthcheck.keyRange;
  if (
    options.requireReason &&
    [key, state.range, healthcheck.keyRange].some((range) => hasCommentAtPlace(range, project))
  )
    return;
  const removed = removedFromService(service, { project });
  if (removed === undefined) return;
  const { source, start } = key;
  const isWhole = healthcheck.disable !== undefined && source === state.range.source && start <= state.range.start;
  yield {
    range: isWhole ? source.range(start, state.range.end) : state.range,
    message: `this switches off the check that ${removed.by} brings; drop it, or say why in a comment`,
    related: removed.related,
  };
}

/** Jobs end before anybody asks; whom others wait for, `health/wait-for-healthy` speaks of. */
function isExempt(service: Service, { project }: Pick<Context, "project">): boolean {
  if (service.hasProvider || runsOnce(service, project)) return true;
  return service.variant
    .dependants(service)
    .some(({ service: other }) =>
      other.dependsOn.some(
        (dependency) => dependency.service === service.name && dependency.effectiveCondition === "service_healthy",
      ),
    );
}

function removedFromService(service: Service, { project }: Pick<Context, "project">): RemovedCheck | undefined {
  const { healthcheck } = service;
  const earlier = healthcheck?.test?.kind === "none" ? service.at("healthcheck", "test")?.overridden : undefined;
  const test = earlier ?? (healthcheck?.disable === undefined ? undefined : service.at("healthcheck", "test"));
  if (test !== undefined && healthcheck?.test?.kind !== "malformed") {
    const related = [{ range: test.range, message: "this check is switched off" }];
    return { by: quoted(test.range.source.path), related };
  }
  const image = project.imageOf(service);
  if (image.kind === "stage") return checkOf(image.stage, "the Dockerfile");
  const has = image.kind === "pulled" && image.facts?.hasHealthcheck === true;
  return has ? { by: quoted(image.reference.written), related: [] } : undefined;
}
