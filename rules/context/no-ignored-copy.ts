import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { credentialName } from "../../src/project/file-content.js";
import { type IgnoredSource, ignoredSources } from "../../src/project/ignored-sources.js";
import type { Build } from "../../src/project/model.js";

const options = {
  exceptionsCount: option.boolean({
    default: true,
    description: "Follow exceptions (`!`) line by line; BuildKit's own check says nothing of a file that has any.",
  }),
};

export default defineRule({
  id: "context/no-ignored-copy",
  summary: "No COPY names a file that the ignore file excludes",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["buildkit:CopyIgnoredFile"],
  why: [
    "What the ignore file excludes is never sent to the builder, so a COPY that names it fails with `not found` although " +
      "the file lies right there.",
    "The page of BuildKit's check shows `*/tmp/*` beside `COPY ./tmp/helloworld.txt`. That pattern is about folders one level " +
      "deeper; the file is sent, and nothing is reported here.",
  ],
  references: [
    "https://docs.docker.com/reference/build-checks/copy-ignored-file/",
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
  ],
  options,
  presetOptions: { buildkit: { exceptionsCount: false } },
  mentions: { dockerfile: ["copy", "add", "mount"] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "a folder",
        message: "`dist` is excluded by line 2 of `.dockerignore`, so this COPY fails; drop the line or add `!dist`",
        files: {
          Dockerfile: ["FROM nginx:1.27", "COPY «dist/» /usr/share/nginx/html/"],
          ".dockerignore": ["node_modules", "dist"],
        },
        fixed: { ".dockerignore": ["node_modules", "dist", "!dist"] },
      },
      {
        name: "a file below an excluded folder, and one that an earlier exception does not save",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «dist/app.js» «config.json» ./"],
          ".dockerignore": "!config.json\n*.json\ndist",
        },
        fixed: { ".dockerignore": "!config.json\n*.json\ndist\n!dist/app.js\n!config.json\n" },
      },
      {
        name: "a line ending that stays",
        files: { Dockerfile: ["FROM alpine:3.21", "ADD «docs» /docs"], ".dockerignore": "docs\r\n" },
        fixed: { ".dockerignore": "docs\r\n!docs\r\n" },
      },
      {
        name: "all that a wildcard matches",
        message: "so this COPY brings nothing",
        files: {
          Dockerfile: ["FROM eclipse-temurin:21", "COPY «build/libs/*.jar» «api-*.md» /app/"],
          "api-v1.md": [""],
          ".dockerignore": ["build", "*.md"],
        },
        fixed: { ".dockerignore": ["build", "*.md", "!build/libs/*.jar", "!api-*.md"] },
      },
      {
        name: "everything",
        message: "line 1 of `.dockerignore` excludes everything",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «.» /app"],
          ".dockerignore": ["**"],
        },
      },
      {
        name: "a value that is known, in the file that belongs to the Dockerfile",
        message: "`api.Dockerfile.dockerignore`",
        files: {
          "api.Dockerfile": ["FROM alpine:3.21", "ARG DIR=docs", "COPY «$DIR» /docs"],
          "api.Dockerfile.dockerignore": ["docs"],
          ".dockerignore": ["other"],
        },
        fixed: { "api.Dockerfile.dockerignore": ["docs", "!docs"] },
      },
      {
        name: "the source of a bind mount",
        message: "so this mount fails",
        files: {
          Dockerfile: ["FROM golang:1.24", "RUN --mount=type=bind,source=«vendor»,target=/src/vendor go build ./..."],
          ".dockerignore": ["vendor"],
        },
        fixed: { ".dockerignore": ["vendor", "!vendor"] },
      },
      {
        name: "a credential is not offered to be let in",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY «.env» /app/"],
          ".dockerignore": ["**/.env"],
        },
      },
      {
        name: "a context that Compose adds has an ignore file of its own",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY --from=shared «proto» /proto"],
          "compose.yaml": ["services:", "  api: {build: {context: ., additional_contexts: {shared: ./lib}}}"],
          "lib/.dockerignore": ["proto"],
        },
        fixed: { "lib/.dockerignore": ["proto", "!proto"] },
      },
    ],
    good: [
      {
        name: "an exception brings it back, or something in it",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY dist/app.js assets ./", "COPY . /all"],
          ".dockerignore": ["*", "!dist/app.js", "!assets/*.css"],
        },
      },
      {
        name: "a wildcard with something left, and one that matches nothing here",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY *.md *.txt /docs/"],
          "README.md": [""],
          "CHANGES.md": [""],
          ".dockerignore": ["CHANGES.md", "notes.txt"],
        },
      },
      {
        name: "a value that nobody knows",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "ARG DIR",
            "COPY $DIR /docs",
            "RUN --mount=type=bind,source=$DIR,target=/d ls /d",
          ],
          ".dockerignore": ["docs"],
        },
      },
      {
        name: "sources from elsewhere",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS build",
            "FROM alpine:3.21",
            "COPY --from=build /dist /dist",
            "COPY --from=nginx:1.27 /dist /web",
            "ADD https://acme.example/dist /remote",
            "RUN --mount=type=bind,from=build,source=/dist,target=/d ls /d",
            "COPY <<EOF /dist",
            "dist",
            "EOF",
          ],
          ".dockerignore": ["dist"],
        },
      },
      {
        name: "a context that is only a guess",
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY dist gone /app/"],
          "docker/.dockerignore": ["dist"],
        },
      },
      {
        name: "a context that is not here",
        files: {
          "compose.yaml": ["services:", "  api: {build: {context: 'https://github.com/acme/app.git#main'}}"],
          Dockerfile: ["FROM alpine:3.21"],
        },
      },
      {
        name: "an ignore file with exceptions, for BuildKit's own check",
        preset: "buildkit",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY dist /app/"],
          ".dockerignore": ["dist", "!other"],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { options: { exceptionsCount } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const source of ignoredSources(build)) {
    const { context, pattern, range, stage } = source;
    const { file } = context.ignoreFile ?? {};
    if (file === undefined) continue;
    if (!exceptionsCount && (file.hasExceptions || source.via === "mount")) continue;
    yield {
      range,
      message: messageOf(source, baseName(file.source.file)),
      related: [{ range: pattern.range, message: "this line excludes it" }],
      fix: letIn(source),
      // A stage that the target does not need fails only when somebody builds it.
      ...(stage.isReached ? {} : { atMost: "warning" }),
    };
  }
}

function messageOf({ path, via, isGlob, pattern }: IgnoredSource, name: string): string {
  const { line } = pattern.range.source.positionAt(pattern.range.start);
  const what = via === "mount" ? "mount" : via;
  if (path === "." || path === "*") {
    return `line ${line} of \`${name}\` excludes everything, so this ${what} brings nothing; add exceptions`;
  }
  const effect = isGlob ? "brings nothing" : "fails";
  return `\`${path}\` is excluded by line ${line} of \`${name}\`, so this ${what} ${effect}; drop the line or add \`!${path}\``;
}

/** Unsafe: what comes in changes the image, and other stages may take it too. */
function letIn({ path, context }: IgnoredSource): Fix | undefined {
  const { file } = context.ignoreFile ?? {};
  // What is kept out for its credentials stays out.
  if (path === "." || path === "*" || file === undefined || credentialName(path) !== "none") return undefined;
  const { text, lineBreak } = file.source;
  const start = text.endsWith("\n") ? "" : lineBreak;
  const at = file.source.range(text.length, text.length);
  const line = `!${path}`;
  return {
    description: `add \`${line}\``,
    safety: "unsafe",
    edits: [{ range: at, text: `${start}${line}${lineBreak}` }],
  };
}
