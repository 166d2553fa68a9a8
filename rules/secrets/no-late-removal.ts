import { defineRule, option } from "../../src/engine/rule.js";
import { lateSecretRemovals } from "../../src/project/late-secret-removals.js";
import { SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  squash: option.boolean({
    default: false,
    description: "The layers of the image are squashed into one, so that what is removed is gone.",
  }),
};

export default defineRule({
  id: "secrets/no-late-removal",
  summary: "A secret is not added in one layer and removed in another",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    file: { summary: "a credential file that a later RUN removes" },
    env: { summary: "a variable that a later step empties or unsets" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Every layer is pushed and pulled with the image. Removing a file in a later one only hides it: `docker save` and a " +
      "look into the archive brings it back, and the history shows every ENV that ever was.",
  ],
  references: [
    "https://docs.docker.com/build/building/secrets/",
    "https://github.com/opencontainers/image-spec/blob/v1.1.1/layer.md#whiteouts",
    "CWE-538",
  ],
  securitySeverity: 7.5,
  options,
  check: {
    *build(build, { options: { squash, extraNames, allowNames } }) {
      if (squash) return;
      const policy = secretPolicy({ extraNames, allowNames, allowValues: [], allow: [] });
      for (const { kind, range, what, origin } of lateSecretRemovals(build, policy)) {
        yield {
          kind,
          range,
          message: `\`${what}\` does not take the secret out of an earlier layer; mount it instead of adding it`,
          related: [{ range: origin, message: "this layer keeps it" }],
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a key that was copied",
        kind: "file",
        message: "`rm /root/.ssh/id_rsa` does not take the secret out of an earlier layer",
        files: {
          Dockerfile: [
            "FROM alpine/git:2.47.2",
            "COPY id_rsa /root/.ssh/",
            "RUN git clone git@github.com:acme/api.git /api && «rm» /root/.ssh/id_rsa",
          ],
        },
      },
      {
        name: "a file of the project folder",
        kind: "file",
        files: {
          Dockerfile: ["FROM node:22.14.0", "WORKDIR /app", "COPY . .", "RUN npm ci && «rm» .npmrc"],
          ".npmrc": ["//registry.npmjs.org/:_authToken=${NPM_TOKEN}"],
        },
      },
      {
        name: "matched by a wildcard, downloaded, and from another stage",
        kind: "file",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS keys",
            "RUN touch /id_ed25519",
            "FROM alpine:3.21",
            "COPY .env* /app/",
            "ADD https://files.acme.dev/.netrc /root/.netrc",
            "COPY --from=keys /id_ed25519 /root/.ssh/id_ed25519",
            "RUN «rm» -f /app/.env.production && «unlink» /root/.netrc && «shred» -u /root/.ssh/id_ed25519",
          ],
          ".env.production": ["A=b"],
        },
      },
      {
        name: "a file that a RUN writes, in its home folder, and an emptied one",
        kind: "file",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "USER root",
            'RUN echo "//registry.npmjs.org/:_authToken=$T" > ~/.npmrc',
            'RUN echo "machine x" > /root/.netrc',
            "RUN npm ci && «rm» -rf /root/.npmrc",
            "RUN «> /root/.netrc»",
          ],
        },
      },
      {
        name: "the stage before it in the chain",
        kind: "file",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS base",
            "COPY id_rsa /root/.ssh/id_rsa",
            "FROM base",
            "RUN «rm» -rf /root/.ssh",
          ],
        },
      },
      {
        name: "a variable that is emptied, and one that is unset",
        kind: "env",
        message: "`unset API_TOKEN`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "ARG NPM_TOKEN",
            "ENV NPM_TOKEN=$NPM_TOKEN API_TOKEN=kX93jf02lmQp",
            "RUN npm ci && «unset» API_TOKEN",
            'ENV «NPM_TOKEN»=""',
          ],
        },
      },
    ],
    good: [
      {
        name: "mounted, never added",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=ssh git clone git@github.com:acme/api.git /api",
            "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci && rm -f /root/.npmrc",
          ],
        },
      },
      {
        name: "the same RUN adds and removes",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "USER root",
            'RUN echo "//registry.npmjs.org/:_authToken=$T" > ~/.npmrc && npm ci && rm ~/.npmrc',
            "RUN rm -f /root/.npmrc",
          ],
        },
      },
      {
        name: "a build-only stage",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY .npmrc /root/.npmrc",
            "RUN npm ci && rm /root/.npmrc",
            "FROM node:22.14.0-slim",
            "COPY --from=build /app/dist /app",
          ],
        },
      },
      {
        name: "files that hold no credentials, and variables that hold no secret",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "COPY api.tar.gz /tmp/",
            "ENV STAGE=build TOKEN_URL=https://id.acme.dev",
            "RUN tar -xf /tmp/api.tar.gz && rm /tmp/api.tar.gz && unset TOKEN_URL",
            "ENV STAGE= API_TOKEN=",
          ],
        },
      },
      {
        name: "what the ignore file keeps out, and a path that nobody can know",
        files: {
          Dockerfile: ["FROM alpine:3.21", "WORKDIR /app", "ARG DIR", "COPY . .", "RUN rm .npmrc && rm $DIR/.netrc"],
          ".npmrc": ["//registry.npmjs.org/:_authToken=${NPM_TOKEN}"],
          ".dockerignore": [".npmrc"],
        },
      },
      {
        name: "squashed",
        options: { squash: true },
        files: { Dockerfile: ["FROM alpine:3.21", "COPY id_rsa /root/.ssh/", "RUN rm /root/.ssh/id_rsa"] },
      },
    ],
  },
});
