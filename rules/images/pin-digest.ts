import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { matchesImage } from "../../src/project/image-patterns.js";
import { type ImageUse, imagesOfService, imagesOfStage } from "../../src/project/image-use.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  registries: option.strings({
    default: ["*"],
    description: "Registries or images that need a digest: `docker.io`, `ghcr.io/acme/**`.",
  }),
  exceptWindows: option.boolean({
    default: true,
    description: "Whether Windows images are left out: their digests follow the host's update.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "images/pin-digest",
  summary: "Images are pinned by content",
  levels: { checklist: ["info", "off", "off"], strict: "info" },
  kinds: {
    "no-digest": {
      summary: "a reference without digest",
      aliases: ["semgrep:dockerfile-source-not-pinned", "compose-lint:CL-0019"],
    },
    "digest-only": {
      summary: "a digest without the tag that tells people and update bots the version",
      levels: { strict: "off" },
    },
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "Any tag can be pushed again, `3.12.4-slim` as well as `latest`. Only a digest says that what was tested and " +
      "scanned is what runs; an update then is a commit that somebody, or a bot, makes and reviews.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#pin-base-image-versions",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#digests",
    "CIS 4.2",
    "CIS 4.12",
    "CIS 5.28",
    "CWE-494",
  ],
  options,
  yieldsTo: ["images/pin-tag#no-tag", "images/pin-tag#latest", "stages/no-unknown-reference"],
  check: {
    *stage(stage, ctx) {
      if (stage.isWindows && ctx.options.exceptWindows) return;
      for (const use of imagesOfStage(stage, ctx.project)) yield* judge(use, ctx);
    },
    *service(service, ctx) {
      if (service.isWindows && ctx.options.exceptWindows) return;
      for (const use of imagesOfService(service, ctx.project)) {
        if (use.place !== "output" && use.place !== "cache") yield* judge(use, ctx);
      }
    },
  },
  examples: {
    bad: [
      { name: "a tag alone", kind: "no-digest", files: { Dockerfile: ["FROM «python:3.12.4-slim»"] } },
      {
        name: "an image that files are copied from",
        kind: "no-digest",
        files: {
          Dockerfile: [
            "FROM node:22.14.0@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "COPY --from=«nginx:1.27.4» /etc/nginx /etc/nginx",
          ],
        },
      },
      {
        name: "a service in production",
        kind: "no-digest",
        preset: "checklist",
        files: { "compose.prod.yaml": ["services:", "  db:", "    image: «postgres:16.4»"] },
      },
      {
        name: "a digest that says no version",
        kind: "digest-only",
        files: {
          Dockerfile: ["FROM «node@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645»"],
        },
      },
    ],
    good: [
      {
        name: "tag and digest",
        files: {
          Dockerfile: ["FROM python:3.12.4@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645"],
        },
      },
      {
        name: "the digest comes from an ARG",
        files: {
          Dockerfile: [
            "ARG NODE=22.14.0@sha256:3f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e6453f8c0d7a91b2e645",
            "FROM node:${NODE}",
          ],
        },
      },
      { name: "a value that may hold a digest", files: { Dockerfile: ["ARG NODE", "FROM node:${NODE}"] } },
      { name: "scratch and stages", files: { Dockerfile: ["FROM scratch AS empty", "FROM empty"] } },
      { name: "Windows", files: { Dockerfile: ["FROM mcr.microsoft.com/windows/servercore:ltsc2022"] } },
      {
        name: "a registry that the policy does not name",
        options: { registries: ["ghcr.io"] },
        files: { Dockerfile: ["FROM node:22.14.0"] },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM node:22.14.0"] } },
      {
        name: "what is built here",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    image: acme/api:1.4.0",
            "  worker:",
            "    image: acme/api:1.4.0",
          ],
        },
      },
    ],
  },
});

function* judge({ written, name, tag, digest, isBuiltHere }: ImageUse, ctx: Context): Iterable<Finding> {
  if (isBuiltHere || digest.kind === "unknown" || tag.kind === "unknown") return;
  if (name === undefined || !matchesImage(ctx.options.registries, name, undefined)) return;
  const { range, shown } = written;
  if (digest.kind === "absent") {
    const message = `${quoted(shown)} can be pushed again with other content; append its digest \`@sha256:…\``;
    yield { kind: "no-digest", range, message };
  } else if (tag.kind === "absent") {
    const message = `${quoted(name.repository)} has a digest and no tag, so nobody sees its version; add the tag`;
    yield { kind: "digest-only", range, message };
  }
}
