import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { labelsOfStage } from "../../src/project/label-view.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";
import { lastPathSegment } from "../../src/values/image-reference.js";

const options = {
  deny: option.strings({
    default: [
      "traefik.*",
      "caddy*",
      "com.centurylinklabs.watchtower.*",
      "homepage.*",
      "prometheus.io/*",
      "autoheal*",
      "diun.*",
      "com.docker.compose.*",
    ],
    description: "Keys that set up one deployment; `*` stands for any text without a slash.",
  }),
  allow: option.strings({ default: [], description: "Keys that may be in an image all the same." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "labels/no-deployment-labels",
  summary: "Settings of a deployment are not baked into the image",
  levels: { strict: "info" },
  roles: ["production"],
  fixable: "never",
  why: [
    "Containers inherit the labels of their image. A router rule or an update policy in the image applies wherever it runs, " +
      "in staging and on a laptop too, and changing it takes a build.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#labels",
    "https://docs.docker.com/engine/manage-resources/labels/",
  ],
  options,
  // That Docker keeps the namespace for itself is the worse of the two.
  yieldsTo: ["labels/use-valid-keys#reserved"],
  mentions: { dockerfile: ["label"] },
  check: {
    *stage(stage, ctx) {
      if (stage.isShipped) yield* checkStage(stage, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a router",
        message: "`traefik.http.routers.api.rule` sets up one deployment; put it under `labels` of the Compose service",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL «traefik.http.routers.api.rule»="Host(`api.acme.example`)" \\',
            '      org.opencontainers.image.title="API"',
          ],
        },
      },
      {
        name: "updates, health and metrics",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            'LABEL «com.centurylinklabs.watchtower.enable»="true"',
            "LABEL «autoheal»=true «prometheus.io/scrape»=true",
          ],
        },
      },
      {
        name: "keys that the policy names",
        options: { deny: ["acme.ingress.*"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", 'LABEL «acme.ingress.host»="api" traefik.enable="true"'] },
      },
    ],
    good: [
      {
        name: "in the Compose file",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'LABEL org.opencontainers.image.title="API"'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    labels: {traefik.enable: "true"}'],
        },
      },
      {
        name: "a key that the policy allows",
        options: { allow: ["autoheal"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", "LABEL autoheal=true"] },
      },
      {
        name: "an image whose purpose is that tool",
        files: { Dockerfile: ["FROM caddy:2.9.1", "LABEL caddy.version=2.9.1"] },
      },
      {
        name: "a stage that is not shipped, and a key that nobody can know",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim AS build",
            "LABEL traefik.enable=true",
            "FROM nginx:1.27.4",
            "ARG KEY",
            "LABEL ${KEY}=true",
          ],
        },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM node:22.14.0-slim", "LABEL traefik.enable=true"] } },
    ],
  },
});

function* checkStage(stage: StageView, { options: { deny, allow } }: Context): Iterable<Finding> {
  for (const { key, keyRange } of labelsOfStage(stage)) {
    if (key === undefined) continue;
    const denied = deny.find((pattern) => matchesGlob(pattern, key, { hasFolders: true }));
    if (
      denied === undefined ||
      isToolItself(stage, key) ||
      allow.some((pattern) => matchesGlob(pattern, key, { hasFolders: true }))
    )
      continue;
    const message = `${quoted(key)} sets up one deployment; put it under \`labels\` of the Compose service`;
    yield { range: keyRange, message };
  }
}

/** The image is made from the tool that reads the key. */
function isToolItself({ image }: StageView, key: string): boolean {
  if (image === undefined) return false;
  const name = lastPathSegment(image.path);
  return key.split(/[./]/).some((part) => part.length > 3 && name.startsWith(part));
}
