import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { canonicalName, matchesImage } from "../../src/project/image-patterns.js";
import { type ImageUse, imageOfFrontend, imagesOfService, imagesOfStage } from "../../src/project/image-use.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Images that may be used: `docker.io/library/*`, `ghcr.io/acme/**`, `*.acme.io/**`.",
  }),
  deny: option.strings({ default: [], description: "Images that may not be used, even where `allow` names them." }),
  officialOnly: option.boolean({
    default: false,
    description: "Only Docker Official Images (`docker.io/library/*`), and what `allow` names.",
  }),
};

type Context = RuleContext<typeof options>;

/** With the frontend that builders bring: whoever builds with Docker's builder trusts it already. */
const OFFICIAL = ["docker.io/library/*", "docker.io/docker/dockerfile"];

export default defineRule({
  id: "images/use-trusted-registry",
  summary: "Images come from approved registries and namespaces",
  levels: {},
  roles: "all",
  fixable: "never",
  aliases: ["hadolint:DL3026"],
  why: [
    "An image runs with all the rights of what is built on it. Names on public registries are free for anybody to " +
      "take, and a look-alike namespace is one letter away from the real one.",
    "The rule is on as soon as the policy sets `allow`, `deny` or `officialOnly`.",
  ],
  references: [
    "https://docs.docker.com/docker-hub/image-library/trusted-content/",
    "https://github.com/distribution/reference/blob/v0.6.0/normalize.go",
    "CIS 4.2",
    "CWE-829",
  ],
  securitySeverity: 6.5,
  options,
  levelByOptions: ({ allow, deny, officialOnly }) =>
    officialOnly || allow.length + deny.length > 0 ? "error" : undefined,
  check: {
    *dockerfile(file, ctx) {
      const use = imageOfFrontend(file, ctx.project);
      if (use !== undefined) yield* judge(use, ctx);
    },
    *stage(stage, ctx) {
      for (const use of imagesOfStage(stage, ctx.project)) yield* judge(use, ctx);
    },
    *service(service, ctx) {
      for (const use of imagesOfService(service, ctx.project)) if (use.place !== "output") yield* judge(use, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a namespace that the policy does not name",
        options: { allow: ["docker.io/library/*", "ghcr.io/acme/**"] },
        files: { Dockerfile: ["FROM «randomuser/python:3.12»"] },
        message: "`docker.io/randomuser/python`",
      },
      {
        name: "only official images",
        options: { officialOnly: true },
        files: { "compose.yaml": ["services:", "  db:", "    image: «bitnami/postgresql:16.4.0»"] },
      },
      {
        name: "a registry that the policy refuses",
        options: { deny: ["quay.io"] },
        files: { Dockerfile: ["FROM node:22.14.0", "COPY --from=«quay.io/acme/tools:1.2.0» /bin/tool /bin/tool"] },
      },
      {
        name: "refused, although allowed",
        options: { allow: ["docker.io/library/*"], deny: ["docker.io/library/centos"] },
        files: { Dockerfile: ["FROM «centos:7»"] },
      },
      {
        name: "another name of Docker Hub",
        options: { deny: ["docker.io/library/*"] },
        files: { Dockerfile: ["FROM «registry-1.docker.io/library/node:22.14.0»"] },
      },
      {
        name: "the frontend that reads the file",
        options: { allow: ["docker.io/docker/dockerfile", "docker.io/library/*"] },
        files: { Dockerfile: ["# syntax=«ghcr.io/acme/frontend:1»", "FROM node:22.14.0"] },
      },
      {
        name: "a cache that is pulled",
        options: { allow: ["ghcr.io/acme/**"] },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      cache_from:",
            "        - type=registry,ref=«docker.io/acme/api:cache»",
          ],
        },
      },
      {
        name: "a tag that is not known",
        options: { officialOnly: true },
        files: { Dockerfile: ["ARG TAG", "FROM «acme/runtime:${TAG}»"] },
      },
    ],
    good: [
      { name: "nothing is asked for", files: { Dockerfile: ["FROM randomuser/python:3.12"] } },
      {
        name: "approved images",
        options: { allow: ["docker.io/library/*", "*.acme.io/**"] },
        files: { Dockerfile: ["FROM python:3.12-slim", "FROM registry.acme.io/runtime/python:3.12"] },
      },
      {
        name: "official images and those of the company",
        options: { officialOnly: true, allow: ["ghcr.io/acme/**"] },
        files: {
          Dockerfile: [
            "# syntax=docker/dockerfile:1",
            "FROM index.docker.io/library/node:22.14.0",
            "FROM ghcr.io/acme/base/node:22.14.0",
          ],
        },
      },
      {
        name: "stages, scratch and what is built here",
        options: { officialOnly: true },
        files: {
          Dockerfile: ["FROM scratch AS files", "FROM files"],
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
      {
        name: "a registry that nobody can know",
        options: { officialOnly: true },
        files: { Dockerfile: ["ARG REGISTRY", "FROM ${REGISTRY}/node:22.14.0"] },
      },
    ],
  },
});

function* judge({ name, namePlace, tag, written, isBuiltHere }: ImageUse, { options }: Context): Iterable<Finding> {
  if (name === undefined || isBuiltHere) return;
  const { allow, deny, officialOnly } = options;
  const known = tag.kind === "known" ? tag.text : undefined;
  const isDenied = matchesImage(deny, name, known);
  const isLimited = officialOnly || allow.length > 0;
  const isAllowed = matchesImage(allow, name, known) || (officialOnly && matchesImage(OFFICIAL, name, undefined));
  if (!isDenied && (!isLimited || isAllowed)) return;
  const advice = isDenied ? "use an image that the policy allows" : "use an approved image, or mirror this one";
  const where = isDenied ? "is refused by the policy" : "is outside the approved sources";
  const shown = quoted(namePlace.isSecret ? written.shown : canonicalName(name));
  yield { range: written.range, message: `${shown} ${where}; ${advice}` };
}
