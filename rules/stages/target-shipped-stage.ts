import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import type { Build, DockerfileView } from "../../src/project/model.js";
import { roleOfStageName } from "../../src/project/stage-roles.js";
import { closest } from "../../src/values/closest.js";

export default defineRule({
  id: "stages/target-shipped-stage",
  summary: "The target that gets built is the one that should ship",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    missing: { summary: "the target names no stage", levels: { recommended: "error", strict: "error" } },
    "default-not-production": { summary: "`docker build` without a target makes a development or test image" },
    "production-builds-dev": { summary: "a production Compose file builds a development or test stage" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "`docker build` makes the last stage unless told otherwise. When that stage is the one for tests, or when Compose names " +
      "a target that is not there, the wrong image ships or none at all.",
  ],
  references: [
    "https://docs.docker.com/build/building/multi-stage/#stop-at-a-specific-build-stage",
    "https://docs.docker.com/reference/compose-file/build/#target",
  ],
  mentions: { dockerfile: ["prod", "runtime", "release", "final"], compose: ["target", "no_cache_filter"] },
  check: { dockerfile: checkDockerfile, service: checkService },
  examples: {
    bad: [
      {
        name: "a target that is misspelt",
        kind: "missing",
        message: "did you mean `production`",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS production"],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      target: «producton»"],
        },
      },
      {
        name: "an index that the file does not have",
        kind: "missing",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS app"],
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", '      target: «"3"»'],
        },
      },
      {
        name: "an unknown stage in no_cache_filter",
        kind: "missing",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS app"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      no_cache_filter: [«install»]",
          ],
        },
      },
      {
        name: "the test stage comes last",
        kind: "default-not-production",
        message: "`production`",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS base", "FROM base AS production", 'CMD ["app"]', "FROM «base» AS test"],
        },
      },
      {
        name: "production is built from the development stage",
        kind: "production-builds-dev",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS dev", "FROM alpine:3.20 AS runtime"],
          "compose.prod.yaml": ["services:", "  api:", "    build:", "      context: .", "      target: «dev»"],
        },
      },
    ],
    good: [
      {
        name: "production comes last",
        files: { Dockerfile: ["FROM alpine:3.20 AS test", "FROM alpine:3.20 AS production"] },
      },
      {
        name: "names compare without case",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS Production"],
          "compose.yaml": ["services:", "  api: {build: {context: ., target: production}}"],
        },
      },
      {
        name: "the policy names the targets",
        policy: { targets: ["production"] },
        files: { Dockerfile: ["FROM alpine:3.20 AS production", "FROM alpine:3.20 AS test"] },
      },
      {
        name: "a development file builds the development stage",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS dev", "FROM alpine:3.20 AS runtime"],
          "compose.dev.yaml": ["services:", "  api: {build: {context: ., target: dev}}"],
        },
      },
      {
        name: "a plain Compose file says nothing of production",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS dev", "FROM alpine:3.20 AS runtime"],
          "compose.yaml": ["services:", "  api: {build: {context: ., target: dev}}"],
        },
      },
      {
        name: "a target that nobody knows",
        files: {
          Dockerfile: ["FROM alpine:3.20 AS app"],
          "compose.yaml": ["services:", "  api: {build: {context: ., target: '${TARGET}'}}"],
        },
      },
      {
        name: "a Dockerfile that is not there",
        files: { "compose.yaml": ["services:", "  api: {build: {context: ./api, target: app}}"] },
      },
    ],
  },
});

/** Words that people give to the stage that ships. */
const SHIPPING_NAME = /(^|[._-])(prod|production|runtime|release|final)([._-]|$)/;

function* checkDockerfile(file: DockerfileView): Iterable<Finding> {
  const alone = file.builds.find(({ services, targetName }) => services.length === 0 && targetName === undefined);
  const last = alone?.stages.at(-1);
  const role = last?.name === undefined ? undefined : roleOfStageName(last.name);
  if (alone === undefined || last === undefined || role === undefined || role === "production") return;
  const shipping = alone.stages.findLast(
    ({ name, index }) => index < last.index && name !== undefined && SHIPPING_NAME.test(name),
  );
  if (shipping === undefined) return;
  yield {
    kind: "default-not-production",
    range: last.anchor,
    message: `without a target \`docker build\` makes \`${last.label}\`, not \`${shipping.label}\`; move that stage last`,
    related: [{ range: shipping.anchor, message: `\`${shipping.label}\` begins here` }],
  };
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const build = project.buildOf(service);
  if (build === undefined || service.build === undefined || build.stages.length === 0) return;
  const { target, noCacheFilter } = service.build;
  if (target?.value !== undefined && target.value !== "") {
    if (build.target === undefined) yield missing(target.value, target.range, build);
    else yield* wrongRole(service, target.range, build);
  }
  for (const name of noCacheFilter) {
    if (name.value === undefined || build.evaluated.findStage(name.value) !== undefined) continue;
    yield { ...missing(name.value, name.range, build), atMost: "warning" };
  }
}

function missing(name: string, range: Finding["range"], build: Build): Finding {
  const names = build.stages.flatMap((stage) => (stage.name === undefined ? [] : [stage.name]));
  const near = closest(name, names);
  const path = build.dockerfile.source.root.path;
  const remedy = near === undefined ? "name one of its stages" : `did you mean \`${near}\`?`;
  return { kind: "missing", range, message: `\`${path}\` has no stage \`${name}\`; ${remedy}` };
}

function* wrongRole(service: Service, range: Finding["range"], build: Build): Iterable<Finding> {
  const { target } = build;
  const role = target?.name === undefined ? undefined : roleOfStageName(target.name);
  const isProduction = service.role.name === "production" && service.role.stated;
  if (target === undefined || role === undefined || role === "production" || !isProduction) return;
  yield {
    kind: "production-builds-dev",
    range,
    message: `\`${service.name}\` is for production, but \`${target.label}\` is a ${role} stage; target the stage that ships`,
    related: [{ range: target.anchor, message: `\`${target.label}\` begins here` }],
  };
}
