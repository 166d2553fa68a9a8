import { OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { removalOf } from "../../src/project/label-edits.js";
import { type LabelView, labelsOfBuild, labelsOfStage } from "../../src/project/label-view.js";
import type { Build } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  buildxGitLabels: option.choice({
    words: ["off", "true", "full"],
    default: "off",
    description: "What `BUILDX_GIT_LABELS` is set to where images are built.",
  }),
  allowArg: option.boolean({
    default: true,
    description: "Whether a label may stay whose value is an argument of the build, for builds without Buildx.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/no-build-time-overlap",
  summary: "A label has one owner: the Dockerfile, or what builds it",
  levels: { strict: "info" },
  kinds: {
    buildx: {
      summary: "Buildx writes the label by itself",
      aliases: ["tally:labels/no-buildx-git-overlap"],
    },
    compose: { summary: "`build.labels` writes another value" },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "What the builder adds takes the place of what the Dockerfile says, without a word. Whoever edits the value in the " +
      "Dockerfile sees no effect.",
  ],
  references: [
    "https://docs.docker.com/build/building/variables/#buildx_git_labels",
    "https://docs.docker.com/reference/compose-file/build/#labels",
  ],
  options,
  mentions: { dockerfile: ["label"] },
  check: {
    *build(build, ctx) {
      const labels = effectiveLabels(build);
      if (labels.size === 0) return;
      yield* checkBuildx(labels, ctx);
      yield* checkCompose(build, labels);
    },
  },
  examples: {
    bad: [
      {
        name: "the revision",
        kind: "buildx",
        options: { buildxGitLabels: "full", allowArg: false },
        message:
          "Buildx writes `org.opencontainers.image.revision` by itself (`BUILDX_GIT_LABELS=full`); drop this one",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ARG VCS_REF",
            'LABEL «org.opencontainers.image.revision»="$VCS_REF"',
            'CMD ["node"]',
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", "ARG VCS_REF", 'CMD ["node"]'] },
      },
      {
        name: "the source and the path of the Dockerfile",
        kind: "buildx",
        options: { buildxGitLabels: "full" },
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL «org.opencontainers.image.source»="https://github.com/acme/api" \\',
            '      «com.docker.image.source.entrypoint»="Dockerfile" \\',
            '      org.opencontainers.image.title="API"',
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.title="API"'] },
      },
      {
        name: "another value in the Compose file",
        kind: "compose",
        message: "`build.labels` of `api` sets `org.opencontainers.image.vendor` to another value; keep one of them",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «org.opencontainers.image.vendor»="Acme"', 'CMD ["node"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        org.opencontainers.image.vendor: Acme Web",
          ],
        },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["node"]'] },
      },
      {
        name: "beside a comment, where people drop it themselves",
        kind: "buildx",
        options: { buildxGitLabels: "true" },
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL org.opencontainers.image.title="API" \\',
            "# set at release",
            '      «org.opencontainers.image.revision»="3f9ab12"',
          ],
        },
      },
    ],
    good: [
      {
        name: "left to Buildx",
        options: { buildxGitLabels: "full" },
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.title="API"'] },
      },
      {
        name: "Buildx adds nothing",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.revision="3f9ab12"'] },
      },
      {
        name: "Buildx adds no source in this mode, and the revision comes from an argument",
        options: { buildxGitLabels: "true" },
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ARG VCS_REF",
            'LABEL org.opencontainers.image.revision="$VCS_REF"',
            'LABEL org.opencontainers.image.source="https://github.com/acme/api"',
          ],
        },
      },
      {
        name: "the same value, or values that nobody knows",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ARG VERSION",
            'LABEL io.acme.team="web" org.opencontainers.image.version="$VERSION" io.acme.tier="2"',
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels:",
            "        io.acme.team: web",
            "        io.acme.tier: ${TIER}",
            "        org.opencontainers.image.version: 1.4.0",
          ],
        },
      },
      {
        name: "no label, and one of a stage that is not shipped",
        options: { buildxGitLabels: "true", allowArg: false },
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim AS build",
            'LABEL org.opencontainers.image.revision="3f9ab12"',
            "FROM nginx:1.27.4",
          ],
        },
      },
    ],
  },
});

/** The labels that the image ends up with by its Dockerfile, by key. */
function effectiveLabels({ chain }: Build): ReadonlyMap<string, LabelView> {
  const labels = new Map<string, LabelView>();
  for (let index = chain.length - 1; index >= 0; index -= 1) {
    const stage = chain[index];
    if (stage === undefined) continue;
    for (const label of labelsOfStage(stage)) if (label.key !== undefined) labels.set(label.key, label);
  }
  return labels;
}

/**
 * What Buildx adds in each mode.
 *
 * @see https://docs.docker.com/build/building/variables/#buildx_git_labels
 */
const BUILDX_KEYS = {
  off: [],
  true: [`${OCI_PREFIX}revision`, "com.docker.image.source.entrypoint"],
  full: [`${OCI_PREFIX}revision`, "com.docker.image.source.entrypoint", `${OCI_PREFIX}source`],
} as const;

function* checkBuildx(labels: ReadonlyMap<string, LabelView>, { options }: Context): Iterable<Finding> {
  const { buildxGitLabels: mode, allowArg } = options;
  for (const key of BUILDX_KEYS[mode]) {
    const label = labels.get(key);
    if (label === undefined || (allowArg && label.value.kind === "open")) continue;
    const message = `Buildx writes \`${key}\` by itself (\`BUILDX_GIT_LABELS=${mode}\`); drop this one`;
    yield { kind: "buildx", range: label.keyRange, message, fix: drop(label) };
  }
}

function* checkCompose({ services }: Build, labels: ReadonlyMap<string, LabelView>): Iterable<Finding> {
  for (const service of services) {
    for (const added of labelsOfBuild(service)) {
      const label = added.key === undefined ? undefined : labels.get(added.key);
      if (label === undefined || added.key === undefined || !isOther(label, added)) continue;
      yield {
        kind: "compose",
        range: label.keyRange,
        message: `\`build.labels\` of \`${service.name}\` sets ${quoted(added.key)} to another value; keep one of them`,
        related: [{ range: added.range, message: "this one counts" }],
        fix: drop(label),
      };
    }
  }
}

function isOther({ value: own }: LabelView, { value: added }: LabelView): boolean {
  return own.kind === "text" && added.kind === "text" && own.text !== added.text;
}

/** Unsafe: builds without Buildx or Compose then have no such label. */
function drop(label: LabelView): Fix | undefined {
  const edit = removalOf(label);
  return edit && { description: "drop the label", safety: "unsafe", edits: [edit] };
}
