import { LEGACY_LABELS, OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, StageView } from "../../src/project/model.js";

const options = {
  required: option.strings({
    default: ["source"],
    description: "Keys that every shipped image has; bare names mean `org.opencontainers.image.*`.",
  }),
  suppliedAtBuild: option.strings({
    default: [],
    description: "Keys that the pipeline or a metadata action adds when it builds.",
  }),
  acceptLegacy: option.boolean({
    default: false,
    description: "Whether keys from before the OCI specification count: `maintainer`, `vcs-ref`, `build-date`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/require-labels",
  summary: "The image says what it is and where it comes from",
  levels: { recommended: "info", checklist: "warning", strict: "warning" },
  roles: ["production"],
  fixable: "sometimes",
  aliases: ["hadolint:DL3049"],
  why: [
    "An image that is found running somewhere is to be led back to its source: which repository, which commit, built " +
      "when. Registries, scanners and update bots read these keys; without them somebody has to guess.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#pre-defined-annotation-keys",
    "https://docs.docker.com/build/metadata/annotations/",
  ],
  options,
  presetOptions: {
    checklist: { required: ["source", "revision", "version", "created"] },
    strict: { required: ["source", "revision", "version", "created", "description", "licenses"] },
  },
  // hadolint asks for what its `label-schema` names, and there is none by default.
  presetNeeds: { hadolint: ["required"] },
  check: {
    *build(build, ctx) {
      const { target } = build;
      if (target === undefined || target.isExport || hasUnknownKeys(target)) return;
      const missing = missingKeys(build, target, ctx);
      if (missing.length === 0) return;
      const stated = missing.map((key) => `\`${key}\``).join(", ");
      const list = stated.length <= 100 ? stated : `\`${missing[0]}\` and ${missing.length - 1} more labels`;
      yield {
        range: target.anchor,
        message: `the image has no ${list}; add LABEL, or list what the pipeline adds`,
        fix: fixOf(target, missing),
        subject: missing.join(" "),
      };
    },
  },
  examples: {
    bad: [
      {
        name: "no label at all",
        preset: "recommended",
        files: { Dockerfile: ["FROM «node:22.14.0»", 'CMD ["node", "server.js"]'] },
        message: "the image has no `org.opencontainers.image.source`;",
      },
      {
        name: "what only the build knows",
        options: { required: ["revision", "created"] },
        files: { Dockerfile: ["FROM «node:22.14.0»", "WORKDIR /app", 'CMD ["node", "server.js"]'] },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0",
            "WORKDIR /app",
            'CMD ["node", "server.js"]',
            "ARG GIT_SHA",
            "ARG BUILD_DATE",
            'LABEL org.opencontainers.image.revision="$GIT_SHA" \\',
            '      org.opencontainers.image.created="$BUILD_DATE"',
          ],
        },
      },
      {
        name: "labels of a builder stay there",
        options: { required: ["source"] },
        files: {
          Dockerfile: [
            "FROM golang:1.25 AS build",
            'LABEL org.opencontainers.image.source="https://github.com/acme/api"',
            "FROM «alpine:3.22»",
            "COPY --from=build /api /api",
            'CMD ["/api"]',
          ],
        },
      },
      {
        name: "labels of a base that is built here describe the base",
        options: { required: ["revision"] },
        files: {
          "compose.yaml": [
            "services:",
            "  base:",
            "    build: ./base",
            "    image: acme/base:1.0.0",
            "  api:",
            "    build: ./api",
          ],
          "base/Dockerfile": ["FROM node:22.14.0", "ARG GIT_SHA", 'LABEL org.opencontainers.image.revision="$GIT_SHA"'],
          "api/Dockerfile": ["FROM «acme/base:1.0.0»", 'CMD ["node", "api.js"]'],
        },
        fixed: {
          "api/Dockerfile": [
            "FROM acme/base:1.0.0",
            'CMD ["node", "api.js"]',
            "ARG GIT_SHA",
            'LABEL org.opencontainers.image.revision="$GIT_SHA"',
          ],
        },
      },
      {
        name: "older keys, unless the policy accepts them",
        options: { required: ["authors"] },
        files: {
          Dockerfile: ["FROM «node:22.14.0»", 'LABEL maintainer="Acme Web Team <web@acme.io>"', 'CMD ["node"]'],
        },
      },
    ],
    good: [
      {
        name: "all keys",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG GIT_SHA",
            "ARG BUILD_DATE",
            "ARG VERSION",
            'LABEL org.opencontainers.image.source="https://github.com/acme/api" \\',
            '      org.opencontainers.image.description="The public API" \\',
            '      org.opencontainers.image.licenses="Apache-2.0" \\',
            '      org.opencontainers.image.version="$VERSION" \\',
            '      org.opencontainers.image.revision="$GIT_SHA" \\',
            '      org.opencontainers.image.created="$BUILD_DATE"',
          ],
        },
      },
      {
        name: "a stage that the shipped one is made from",
        options: { required: ["source"] },
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS base",
            'LABEL org.opencontainers.image.source="https://github.com/acme/api"',
            "FROM base",
            'CMD ["node", "server.js"]',
          ],
        },
      },
      {
        name: "the pipeline adds them",
        options: { required: ["source", "revision"], suppliedAtBuild: ["source", "org.opencontainers.image.revision"] },
        files: { Dockerfile: ["FROM node:22.14.0", 'CMD ["node"]'] },
      },
      {
        name: "Compose adds them",
        options: { required: ["source"] },
        files: {
          Dockerfile: ["FROM node:22.14.0", 'CMD ["node"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.source: https://github.com/acme/api",
          ],
        },
      },
      {
        name: "older keys that the policy accepts",
        options: { required: ["authors", "revision"], acceptLegacy: true },
        files: { Dockerfile: ["FROM node:22.14.0", "ARG SHA", 'LABEL maintainer="Acme Web Team" vcs-ref="$SHA"'] },
      },
      {
        name: "a key that nobody can know",
        files: { Dockerfile: ["FROM node:22.14.0", "ARG KEY", 'LABEL ${KEY}="api"'] },
      },
      { name: "an export", files: { Dockerfile: ["FROM scratch", "COPY dist /"] } },
      { name: "development", files: { "Dockerfile.dev": ["FROM node:22.14.0"] } },
      { name: "nothing is required", options: { required: [] }, files: { Dockerfile: ["FROM node:22.14.0"] } },
    ],
  },
});

/** Keys that describe the image itself: what a base says of them is about the base. */
const OWN_KEYS: ReadonlySet<string> = new Set(
  ["title", "description", "version", "revision", "created", "source"].map((name) => OCI_PREFIX + name),
);

function missingKeys(build: Build, target: StageView, { options }: Context): readonly string[] {
  const own = new Set(target.evaluated.labels.keys());
  for (const { build: asked } of build.services) {
    for (const { key } of asked?.labels.entries ?? []) own.add(key);
  }
  const inherited = new Set(own);
  for (const { evaluated } of target.lineage) for (const key of evaluated.labels.keys()) inherited.add(key);
  if (options.acceptLegacy) {
    for (const keys of [own, inherited]) for (const key of modernKeys(keys)) keys.add(key);
  }
  const supplied = new Set(options.suppliedAtBuild.map(fullKey));
  return options.required
    .map(fullKey)
    .filter((key) => !supplied.has(key) && !(OWN_KEYS.has(key) ? own : inherited).has(key));
}

function fullKey(name: string): string {
  return name.includes(".") && !/^(?:ref|base)\.[a-z]+$/.test(name) ? name : OCI_PREFIX + name;
}

function modernKeys(keys: ReadonlySet<string>): readonly string[] {
  return [...keys].flatMap((key) => {
    const modern = LEGACY_LABELS.get(key.toLowerCase());
    return modern === undefined ? [] : [OCI_PREFIX + modern];
  });
}

/** A key made with a variable may be any of those that seem to be missing. */
function hasUnknownKeys({ lineage }: StageView): boolean {
  return lineage.some(({ evaluated }) =>
    evaluated.steps.some((step) => {
      const { instruction } = step;
      if (instruction.keyword !== "LABEL") return false;
      return instruction.pairs.some(({ key }) => key.hasVariables && step.expand(key).kind === "unknown");
    }),
  );
}

const BUILD_ARGS: ReadonlyMap<string, string> = new Map([
  [`${OCI_PREFIX}revision`, "GIT_SHA"],
  [`${OCI_PREFIX}created`, "BUILD_DATE"],
  [`${OCI_PREFIX}version`, "VERSION"],
]);

/** Unsafe: it adds labels. Only where the build brings all values; last in its stage, where it leaves the cache alone. */
function fixOf({ stage, build }: StageView, missing: readonly string[]): Fix | undefined {
  const { source, dockerfile } = build.dockerfile;
  const last = stage.instructions.at(-1) ?? stage.from;
  const args = missing.flatMap((key) => BUILD_ARGS.get(key) ?? []);
  if (args.length < missing.length || source.embedding !== undefined) return undefined;
  const { end } = last.range;
  const line = source.lineBreak;
  const labels = missing.map((key, index) => `${key}="$${args[index]}"`).join(` ${dockerfile.escape}${line}      `);
  const text = [...args.map((name) => `ARG ${name}`), `LABEL ${labels}`].map((each) => line + each).join("");
  const description = `add ${missing.length === 1 ? "the label" : "the labels"} with values of build arguments`;
  return { description, safety: "unsafe", edits: [{ range: source.range(end, end), text }] };
}
