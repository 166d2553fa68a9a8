import { defineRule } from "../../src/engine/rule.js";
import { type IdleBuildArg, idleBuildArgs } from "../../src/project/idle-build-args.js";
import type { Project } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "syntax/declare-build-args",
  summary: "Arguments that are passed are declared",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    undeclared: { summary: "no ARG has the name" },
    "global-only": { summary: "only an ARG above the first FROM has the name, and stages use it" },
    "other-stage": {
      summary: "only stages that the build does not need declare it",
      levels: { recommended: "info", checklist: "info" },
    },
    "builder-set": {
      summary: "the builder sets the name itself",
      levels: { recommended: "info", checklist: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The builder takes an argument that no ARG declares, and does nothing with it: the image is built with the default, which " +
      "may be another version, and nobody is told.",
    "An ARG above the first FROM is for FROM only. A stage sees its value after an ARG of its own.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/build/#args",
    "https://docs.docker.com/reference/dockerfile/#scope",
    "https://docs.docker.com/reference/dockerfile/#understand-how-arg-and-from-interact",
  ],
  mentions: { compose: ["args"] },
  check: {
    *service(service, { project }) {
      for (const idle of idleBuildArgs(service, project)) {
        const { kind, entry, declaration } = idle;
        const related = declaration === undefined ? [] : [{ range: declaration, message: "its ARG" }];
        yield { kind, range: entry.keyRange, message: problemOf(idle, project), related };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "misspelt",
        kind: "undeclared",
        message: "did you mean `NODE_VERSION`",
        files: {
          Dockerfile: ["ARG NODE_VERSION=22", "FROM node:${NODE_VERSION}"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        «NODE_VERISON»: "24"',
          ],
        },
      },
      {
        name: "declared nowhere, in a list",
        kind: "undeclared",
        message: "`Dockerfile` declares no `ARG RELEASE`",
        files: {
          Dockerfile: ["FROM node:22", "RUN npm ci"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        - «RELEASE»=7",
          ],
        },
      },
      {
        name: "above FROM, and used in a stage",
        kind: "global-only",
        files: {
          Dockerfile: ["ARG RELEASE=1", "FROM node:22", "RUN echo ${RELEASE} > /release"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        «RELEASE»: "7"',
          ],
        },
      },
      {
        name: "of a stage that is not built",
        kind: "other-stage",
        files: {
          Dockerfile: ["FROM node:22 AS api", "FROM node:22 AS docs", "ARG THEME", "RUN make THEME=$THEME"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      target: api",
            "      args:",
            "        «THEME»: dark",
          ],
        },
      },
      {
        name: "what the builder sets",
        kind: "builder-set",
        files: {
          Dockerfile: ["FROM node:22", "ARG TARGETARCH", "RUN ./fetch $TARGETARCH"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        «TARGETARCH»: amd64",
          ],
        },
      },
    ],
    good: [
      {
        name: "declared: above FROM, in a stage, in a trigger",
        files: {
          Dockerfile: [
            "ARG NODE_VERSION=22",
            "ARG RELEASE",
            "FROM node:${NODE_VERSION}",
            "ARG RELEASE",
            "RUN echo $RELEASE",
            "ONBUILD ARG THEME",
          ],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        NODE_VERSION: "24"',
            '        RELEASE: "7"',
            "        THEME: dark",
          ],
        },
      },
      {
        name: "what needs no declaration",
        files: {
          Dockerfile: ["FROM node:22"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            "        HTTP_PROXY: http://proxy:3128",
            "        no_proxy: localhost",
            '        BUILDKIT_INLINE_CACHE: "1"',
            '        SOURCE_DATE_EPOCH: "0"',
          ],
        },
      },
      {
        name: "a Dockerfile that is not here",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: https://github.com/acme/api.git",
            "      args:",
            '        RELEASE: "7"',
          ],
        },
      },
      {
        name: "lines that services share, of which one declares it",
        files: {
          "api/Dockerfile": ["FROM node:22", "ARG RELEASE", "RUN echo $RELEASE"],
          "web/Dockerfile": ["FROM node:22"],
          "compose.yaml": [
            "x-args: &args",
            '  RELEASE: "7"',
            "services:",
            "  api:",
            "    build:",
            "      context: api",
            "      args: *args",
            "  web:",
            "    build:",
            "      context: web",
            "      args: *args",
          ],
        },
      },
      {
        name: "triggers of a base that the project builds",
        files: {
          "base/Dockerfile": ["FROM node:22", "ONBUILD ARG RELEASE"],
          "api/Dockerfile": ["FROM shop/base:1"],
          "compose.yaml": [
            "services:",
            "  base:",
            "    build: base",
            "    image: shop/base:1",
            "  api:",
            "    build:",
            "      context: api",
            "      args:",
            '        RELEASE: "7"',
          ],
        },
      },
      {
        name: "a frontend of its own",
        files: {
          Dockerfile: ["# syntax=acme/frontend:2", "FROM node:22"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      args:",
            '        RELEASE: "7"',
          ],
        },
      },
    ],
  },
});

function problemOf({ kind, entry: { key }, build, meant }: IdleBuildArg, project: Project): string {
  const file = quoted(project.display(build.dockerfile.source.root.file));
  const name = quoted(key);
  switch (kind) {
    case "undeclared": {
      const mend = meant === undefined ? "declare it where it is used, or remove it" : `did you mean ${quoted(meant)}`;
      return `${file} declares no ${quoted(`ARG ${key}`)}; ${mend}`;
    }
    case "global-only":
      return `${name} does not arrive in the stages of ${file}; repeat ${quoted(`ARG ${key}`)} behind FROM`;
    case "other-stage":
      return `only stages of ${file} that this build does not need declare ${name}; remove it here`;
    case "builder-set":
      return `${name} is set by the builder for each platform; remove it, or choose another name`;
  }
}
