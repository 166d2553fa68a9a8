import type { AdditionalContext, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { foldersAbove, isAbsolutePath } from "../../src/files/path.js";
import { contextUse, sharingContext } from "../../src/project/context-use.js";
import type { Project } from "../../src/project/model.js";

export default defineRule({
  id: "stages/no-unused-context",
  summary: "Extra contexts are used, and used names exist",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    unused: { summary: "nothing in the Dockerfile names the context" },
    "shadows-stage": { summary: "the context takes the place of a stage" },
    "shadows-image": { summary: "the context takes the place of an image", levels: { recommended: "info" } },
    "missing-path": { summary: "the folder or service does not exist" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A context that no instruction names is sent for nothing, or its name is misspelt on one side. One that is called like " +
      "a stage or an image silently replaces it in every FROM and COPY.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#additional_contexts",
    "https://docs.docker.com/build/concepts/context/#named-contexts",
  ],
  mentions: { compose: ["additional_contexts"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "nothing copies from it",
        kind: "unused",
        message: "`shared`",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY . /srv"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        «shared»: ./lib",
          ],
          "lib/util.js": ["export {};"],
        },
      },
      {
        name: "in a list, beside one that is used",
        kind: "unused",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=assets / /srv"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        - assets=https://github.com/acme/assets.git",
            "        - «asets»=docker-image://alpine:3.20",
          ],
        },
      },
      {
        name: "the name of a stage",
        kind: "shadows-stage",
        files: {
          Dockerfile: ["FROM golang:1.22 AS build", "FROM alpine:3.20", "COPY --from=build /app /app"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        «build»: docker-image://acme/api-build:4",
          ],
        },
      },
      {
        name: "the name of an image",
        kind: "shadows-image",
        files: {
          Dockerfile: ["FROM alpine:3.20", "RUN apk add tzdata"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        «alpine:3.20»: docker-image://registry.example.com/alpine:3.20",
          ],
        },
      },
      {
        name: "a folder that is not there, and a service that is not",
        kind: "missing-path",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=shared / /lib", "COPY --from=base / /base"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        shared: «./libs»",
            "        base: «service:bse»",
            "  base:",
            "    build: ./base",
          ],
          "base/Dockerfile": ["FROM alpine:3.20"],
        },
      },
    ],
    good: [
      {
        name: "copied from, mounted and built upon",
        files: {
          Dockerfile: [
            "FROM base",
            "COPY --from=shared . /lib",
            "RUN --mount=type=bind,from=tools,target=/tools /tools/lint",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        base: service:base",
            "        shared: ./lib",
            "        tools: docker-image://acme/tools:4",
            "  base:",
            "    build: ./base",
          ],
          "base/Dockerfile": ["FROM alpine:3.20"],
          "lib/util.js": ["export {};"],
        },
      },
      {
        name: "a base that nobody knows",
        files: {
          Dockerfile: ["ARG BASE", "FROM ${BASE}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      additional_contexts:",
            "        base: docker-image://alpine:3.20",
          ],
        },
      },
      {
        name: "contexts that several services share, one of which uses them",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=shared . /lib"],
          "worker.Dockerfile": ["FROM alpine:3.20"],
          "compose.yaml": [
            "x-contexts: &contexts",
            "  shared: ./lib",
            "services:",
            "  api: {build: {context: ., additional_contexts: *contexts}}",
            "  worker: {build: {context: ., dockerfile: worker.Dockerfile, additional_contexts: *contexts}}",
          ],
          "lib/util.js": ["export {};"],
        },
      },
      {
        name: "a Dockerfile that is not there, and a path that nobody knows",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=shared . /lib"],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ./api, additional_contexts: {shared: ./lib}}}",
            "  web: {build: {context: ., additional_contexts: {shared: '${SHARED}'}}}",
          ],
          "lib/util.js": ["export {};"],
        },
      },
      {
        name: "a folder outside of the project",
        files: {
          Dockerfile: ["FROM alpine:3.20", "COPY --from=shared . /lib", "COPY --from=certs . /certs"],
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., additional_contexts: {shared: ../../lib, certs: /etc/ssl}}}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const contexts = service.build?.additionalContexts ?? [];
  if (contexts.length === 0) return;
  for (const context of contexts) {
    const missing = missingSource(context, service, project);
    if (missing !== undefined) yield missing;
    const finding = ofUse(context, service, project);
    if (finding !== undefined) yield finding;
  }
}

/** Compose reads a folder or service that is not there only when it builds. */
function missingSource(
  { kind, reference, entry, name }: AdditionalContext,
  { variant }: Service,
  project: Project,
): Finding | undefined {
  const { value } = entry;
  if (reference === undefined || value?.value === undefined) return undefined;
  const range = value.range;
  if (kind === "service") {
    if (variant.services.has(reference)) return undefined;
    const message = `context \`${name}\` needs service \`${reference}\`, which is not there; correct the name`;
    return { kind: "missing-path", range, message };
  }
  if (kind !== "local" || isAbsolutePath(value.value) || value.value.startsWith("~")) return undefined;
  if (project.exists(reference) || !mayBeSeen(reference, project) || project.isGitIgnored(reference)) return undefined;
  const message = `context \`${name}\`: there is no folder \`${value.value}\`; correct the path`;
  return { kind: "missing-path", range, message };
}

/** Whether a path is one that would be found here if it were there: some folder above it is. */
function mayBeSeen(path: string, project: Project): boolean {
  return foldersAbove(path).some((folder) => project.exists(folder));
}

function ofUse(context: AdditionalContext, service: Service, project: Project): Finding | undefined {
  const { name, entry } = context;
  const build = project.buildOf(service);
  if (build === undefined) return undefined;
  const use = contextUse(build, name);
  const range = entry.keyRange;
  const path = build.dockerfile.source.root.path;
  switch (use.kind) {
    case "stage":
      return {
        kind: "shadows-stage",
        range,
        message: `context \`${name}\` takes the place of stage \`${name}\` in \`${path}\`; call it otherwise`,
        related: [{ range: use.range, message: "the stage that is replaced" }],
      };
    case "image":
      return {
        kind: "shadows-image",
        range,
        message: `context \`${name}\` takes the place of that image in \`${path}\`; call it otherwise`,
        related: [{ range: use.range, message: "the image that is replaced" }],
      };
    case "none":
      if (isUsedElsewhere(context, service, project)) return undefined;
      return { kind: "unused", range, message: `nothing in \`${path}\` uses context \`${name}\`; remove it` };
    default:
      return undefined;
  }
}

/** Whether the same lines serve another service, by an anchor or `extends`, whose Dockerfile may use the context. */
function isUsedElsewhere({ name, entry }: AdditionalContext, service: Service, project: Project): boolean {
  return sharingContext(service.variant, entry.keyRange).some((other) => {
    if (other === service) return false;
    const build = project.buildOf(other);
    return build === undefined || contextUse(build, name).kind !== "none";
  });
}
