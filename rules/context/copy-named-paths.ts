import type { BuildContext } from "../../src/context/context.js";
import { contextPath } from "../../src/context/reach.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { contextViewOf } from "../../src/project/context-view.js";
import type { CopyView, Project, StageView } from "../../src/project/model.js";

const options = {
  evenIfCovered: option.boolean({
    default: false,
    description: "Report a COPY of everything although the ignore file leaves out all that is known to be unwanted.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/copy-named-paths",
  summary: "Shipped images are filled from named paths",
  levels: { strict: "info" },
  roles: ["production"],
  fixable: "never",
  why: [
    "A COPY of the whole folder ships what lies in it on the day of the build: notes, dumps, a colleague's test data. What " +
      "is copied by name is what somebody decided to ship.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#add-or-copy",
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
    "CWE-497",
  ],
  options,
  // Without an ignore file, or with secrets in reach, there is more to say than this.
  yieldsTo: ["context/require-dockerignore", "context/ignore-secrets", "syntax/no-undefined-variable"],
  mentions: { dockerfile: ["copy", "add"] },
  check: {
    *stage(stage, ctx) {
      if (stage.isShipped) yield* checkStage(stage, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "everything, into the image that ships",
        message: "`COPY .` ships whatever the folder holds that day; name the folders, or list in `.dockerignore`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "COPY «.» /app"],
          ".dockerignore": ["node_modules"],
          "package.json": ["{}"],
        },
      },
      {
        name: "all names at the top, or all that begin with a dot",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «*» /app/", "ADD «.*» /app/"],
          "package.json": ["{}"],
        },
      },
      {
        name: "covered, where the policy asks for names all the same",
        options: { evenIfCovered: true },
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «./» /app"],
          ".dockerignore": [".git", "Dockerfile*", ".dockerignore"],
          "run.sh": [""],
        },
      },
    ],
    good: [
      {
        name: "named paths, some with wildcards",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY src/ package*.json /app/", "COPY config/* /app/config/"],
          "package.json": ["{}"],
          "src/main.js": [""],
        },
      },
      {
        name: "only a builder takes everything",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY . /app",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
            "COPY --from=build . /copy",
          ],
          ".dockerignore": ["node_modules"],
        },
      },
      {
        name: "the ignore file is a list of what is let through",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": ["*", "!src", "!package.json"],
          "package.json": ["{}"],
        },
      },
      {
        name: "the ignore file leaves out all that is known to be unwanted",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY . /app"],
          ".dockerignore": [".git", "Dockerfile*", ".dockerignore"],
          "run.sh": [""],
        },
      },
      {
        name: "text that is written in the Dockerfile, and a value that nobody knows",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY <<EOF /app/.env.defaults", "A=1", "EOF", "ARG DIR", "COPY $DIR /app"],
        },
      },
      {
        name: "a context on another machine",
        files: {
          "compose.yaml": ["services: {api: {build: {context: 'https://github.com/acme/api.git'}}}"],
        },
      },
      { name: "development", files: { "Dockerfile.dev": ["FROM node:22.14.0-slim", "COPY . /app"] } },
    ],
  },
});

function* checkStage(stage: StageView, { options, project }: Context): Iterable<Finding> {
  const { context } = stage.build;
  if (context.kind !== "local" || !context.isCertain) return;
  let isOpen: boolean | undefined;
  for (const copy of stage.copies) {
    for (const { range, path } of sweeping(copy)) {
      isOpen ??= !isAllowList(context) && (options.evenIfCovered || !isCovered(context, project));
      if (!isOpen) return;
      const { ignoreFileName } = contextViewOf(context, project);
      const what = `\`${copy.instruction.keyword} ${path}\` ships whatever the folder holds that day`;
      yield { range, message: `${what}; name the folders, or list in \`${ignoreFileName}\` what may be sent` };
    }
  }
}

/** Sources that take the whole context, or all names at its top. */
function* sweeping({ from, sources, isOnbuild }: CopyView): Iterable<CopyView["sources"][number]> {
  if (from.kind !== "context" || isOnbuild) return;
  for (const source of sources) {
    if (source.kind !== "path" || source.path === undefined) continue;
    if (SWEEPING.has(contextPath(source.path))) yield source;
  }
}

const SWEEPING: ReadonlySet<string> = new Set([".", "*", "**", ".*", "?*", "*.*"]);

/** Whether a name is left out unless a line lets it through: then the ignore file names the paths. */
function isAllowList(context: BuildContext): boolean {
  return context.verdict("~any name~").isIgnored;
}

function isCovered(context: BuildContext, project: Project): boolean {
  if (context.ignoreFile === undefined) return false;
  return contextViewOf(context, project).rows.every((row) => {
    return row.isCovered || !(row.isRequired || row.class === "recommended" || row.class === "secret");
  });
}
