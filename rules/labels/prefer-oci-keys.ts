import { LEGACY_LABELS, OCI_PREFIX } from "../../src/data/oci-labels.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { type LabelView, labelsOfStage } from "../../src/project/label-view.js";
import type { StageView } from "../../src/project/model.js";

const options = {
  allow: option.strings({ default: [], description: "Older keys that a platform asks for: `maintainer`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/prefer-oci-keys",
  summary: "Label keys from before the OCI specification give way to its keys",
  levels: { recommended: "info", strict: "info" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Registries, scanners and update bots read `org.opencontainers.image.*`. Label Schema was given up in its favour in " +
      "2019, and bare words such as `version` belong to whichever base image set them last.",
  ],
  references: [
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/annotations.md#back-compatibility-with-label-schema",
  ],
  options,
  mentions: { dockerfile: ["label"] },
  check: {
    *stage(stage, ctx) {
      if (stage.isShipped) yield* checkStage(stage, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "maintainer",
        message: "`maintainer` is from before OCI; use `org.opencontainers.image.authors`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «maintainer»="ops@acme.io"'] },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.authors="ops@acme.io"'] },
      },
      {
        name: "Label Schema, and a bare word in quotes",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL «org.label-schema.vcs-url»="https://github.com/acme/api" \\',
            '      «"description"»="The public API"',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL org.opencontainers.image.source="https://github.com/acme/api" \\',
            '      "org.opencontainers.image.description"="The public API"',
          ],
        },
      },
      {
        name: "the form without an equals sign",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "LABEL «maintainer» Acme Web Team"] },
        fixed: { Dockerfile: ["FROM node:22.14.0-slim", "LABEL org.opencontainers.image.authors Acme Web Team"] },
      },
      {
        name: "two older keys for one fact, of which one takes the new key",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ARG SHA", 'LABEL «vcs-ref»="$SHA" «org.label-schema.vcs-ref»="$SHA"'],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "ARG SHA",
            'LABEL org.opencontainers.image.revision="$SHA" org.label-schema.vcs-ref="$SHA"',
          ],
        },
      },
      {
        name: "a key that a variable begins",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ENV SCHEMA=org.label-schema", 'LABEL «${SCHEMA}.vendor»="Acme"'],
        },
      },
    ],
    good: [
      {
        name: "the key of the specification",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.authors="ops@acme.io"'] },
      },
      {
        name: "both, in a parent stage too",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim AS base",
            'LABEL org.opencontainers.image.authors="ops@acme.io"',
            "FROM base",
            'LABEL maintainer="ops@acme.io"',
          ],
        },
      },
      {
        name: "Compose adds the key of the specification",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'LABEL maintainer="ops@acme.io"'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      labels: {org.opencontainers.image.authors: ops@acme.io}",
          ],
        },
      },
      {
        name: "a key that a platform asks for",
        options: { allow: ["maintainer"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL maintainer="ops@acme.io"'] },
      },
      {
        name: "the keys that OpenShift certifies",
        files: {
          Dockerfile: [
            "FROM registry.access.redhat.com/ubi9/nodejs-22:9.6",
            'LABEL name="acme/api" version="1.4.0" release="1" maintainer="ops@acme.io" description="The public API"',
          ],
        },
      },
      {
        name: "and on any base, beside its own labels",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'LABEL io.k8s.display-name="API" version="1.4.0"'],
        },
      },
      {
        name: "a stage that is not shipped",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim AS build", 'LABEL maintainer="ops@acme.io"', "FROM nginx:1.27.4"],
        },
      },
      {
        name: "keys of one's own",
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL io.acme.version="1.4.0" team="web"'] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options: { allow } }: Context): Iterable<Finding> {
  const labels = [...labelsOfStage(stage)];
  const isCertified = asksForOpenShiftKeys(stage, labels);
  const renamed = new Set<string>();
  for (const { key, keyRange, plainKeyRange } of labels) {
    const name = key === undefined ? undefined : LEGACY_LABELS.get(key.toLowerCase());
    if (key === undefined || name === undefined || allow.includes(key)) continue;
    if (isCertified && !key.includes(".")) continue;
    const modern = OCI_PREFIX + name;
    if (isSet(stage, modern)) continue;
    const isFirst = !renamed.has(modern);
    renamed.add(modern);
    yield {
      range: keyRange,
      message: `\`${key}\` is from before OCI; use \`${modern}\``,
      fix:
        isFirst && plainKeyRange !== undefined
          ? { description: `use \`${modern}\``, safety: "safe", edits: [{ range: plainKeyRange, text: modern }] }
          : undefined,
    };
  }
}

/** Whether the image, or one that is made from it further down, has the key already. */
function isSet({ build, lineage }: StageView, key: string): boolean {
  if (lineage.some(({ evaluated }) => evaluated.labels.has(key))) return true;
  if (build.chain.some(({ evaluated }) => evaluated.labels.has(key))) return true;
  return build.services.some((service) => service.build?.labels.get(key) !== undefined);
}

/** Images for OpenShift are certified by bare keys: `name`, `vendor`, `version`, `release`, `summary`, `description`. */
function asksForOpenShiftKeys({ image }: StageView, labels: readonly LabelView[]): boolean {
  if (image !== undefined && /(?:^|\.)redhat\.(?:com|io)$/.test(image.domain)) return true;
  if (image !== undefined && /(?:^|\/)ubi\d*(?:[-/]|$)/.test(image.path)) return true;
  return labels.some(({ key }) => key !== undefined && /^(?:io\.(?:k8s|openshift)|com\.redhat)\./.test(key));
}
