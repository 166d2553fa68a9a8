import { addLines, type LineGroup, textOfGroups } from "../../src/context/added-lines.js";
import type { BuildContext } from "../../src/context/context.js";
import { type CoverageRow, escapePath } from "../../src/context/coverage.js";
import { matcherOf } from "../../src/context/ignore-file.js";
import { exampleOf, type SourcePattern } from "../../src/context/reach.js";
import { defineRule, type Finding, type Fix, option, type Related, type RuleContext } from "../../src/engine/rule.js";
import { joinPath } from "../../src/files/path.js";
import { type ContextView, contextViewOf, lineGroupsOf } from "../../src/project/context-view.js";
import { credentialName, isFixture } from "../../src/project/file-content.js";
import type { Project } from "../../src/project/model.js";
import { unreachedSecrets } from "../../src/project/unreached-secrets.js";
import { isAllowedSecret, SECRET_OPTIONS } from "../../src/values/secret-options.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "context/ignore-secrets",
  summary: "Credential files cannot reach the image through a folder",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A COPY of a folder takes `.env` files and keys that lie in it, also those that git ignores: the image that is built " +
      "on a developer's machine ships them to everyone who can pull it.",
  ],
  references: ["https://docs.docker.com/build/concepts/context/#dockerignore-files", "CIS 4.10", "CWE-538", "CWE-200"],
  securitySeverity: 7.5,
  options,
  check: { context: checkContext },
  examples: {
    bad: [
      {
        name: "an env file and a key",
        message: "`COPY .` takes `deploy/id_ed25519` and `.env` into the image; exclude them in `.dockerignore`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".dockerignore": ["node_modules"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
          "deploy/id_ed25519": ["-----BEGIN", "-----"],
        },
        fixed: {
          ".dockerignore": [
            "node_modules",
            "",
            "# Secrets",
            "**/id_ed25519",
            "**/.env",
            "**/.env.*",
            "!**/.env.example",
          ],
        },
      },
      {
        name: "without an ignore file",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
        fixed: { ".dockerignore": ["# Secrets", "**/.env", "**/.env.*", "!**/.env.example"] },
      },
      {
        name: "a file that git ignores will be there where the image is built",
        message: "`COPY .` would take `.env` into the image",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".gitignore": [".env"],
          ".dockerignore": ["node_modules"],
        },
        fixed: {
          ".dockerignore": ["node_modules", "", "# Secrets", "**/.env", "**/.env.*", "!**/.env.example"],
        },
      },
      {
        name: "one that git ignores and that is here",
        preset: "recommended",
        message: "`COPY .` takes `.env` into the image",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          ".gitignore": [".env"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
          ".dockerignore": ["node_modules"],
        },
        fixed: {
          ".dockerignore": ["node_modules", "", "# Secrets", "**/.env", "**/.env.*", "!**/.env.example"],
        },
      },
      {
        name: "files that Compose names, below a folder that is copied",
        message: "`COPY config` takes `config/api.env` and `config/token` into the image",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: ., env_file: config/api.env, secrets: [token]}",
            "secrets: {token: {file: config/token}}",
          ],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «config» /app/config"],
          "config/api.env": ["DB_PASSWORD=kX93jf02lmQp"],
          "config/token": [["glpat", "q7Rk2vXzL9mPw4TdYb8N"].join("-")],
          ".dockerignore": ["node_modules"],
        },
        fixed: {
          ".dockerignore": ["node_modules", "", "# Secrets", "config/api.env", "config/token"],
        },
      },
      {
        name: "only a builder takes it",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY «.» /app",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
          ".dockerignore": ["node_modules"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
        fixed: {
          ".dockerignore": ["node_modules", "", "# Secrets", "**/.env", "**/.env.*", "!**/.env.example"],
        },
      },
      {
        name: "several sources take it",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app", "COPY ./ /copy"],
          ".dockerignore": ["«node_modules»"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
        fixed: {
          ".dockerignore": ["node_modules", "", "# Secrets", "**/.env", "**/.env.*", "!**/.env.example"],
        },
      },
      {
        name: "a file that another COPY names, so that it cannot be excluded",
        files: {
          Dockerfile: ["FROM ruby:3.4", "COPY «.» /app", "COPY config/master.key /app/config/"],
          "config/master.key": ["kX93jf02lmQp"],
        },
      },
      {
        name: "a key for tests",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.» /app"],
          "tests/fixtures/id_rsa": ["key"],
        },
        fixed: { ".dockerignore": ["# Secrets", "**/id_rsa"] },
      },
      {
        name: "it lies there, though no source takes it yet",
        message: "`.env` lies in the context, though no COPY takes it; exclude it in `.dockerignore` before one does",
        files: {
          Dockerfile: ["FROM «node:22.14.0-slim»", "COPY src /app/src"],
          "src/main.js": [""],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
        fixed: { ".dockerignore": ["# Secrets", ".env"] },
      },
      {
        name: "a file that Compose names, beside what is copied",
        message: "`.env` and `deploy/token` lie in the context, though no COPY takes them",
        files: {
          "compose.yaml": [
            "services: {api: {build: ., env_file: «.env», secrets: [token]}}",
            "secrets: {token: {file: deploy/token}}",
          ],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY src /app/src"],
          "src/main.js": [""],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
          "deploy/token": [["glpat", "q7Rk2vXzL9mPw4TdYb8N"].join("-")],
          ".dockerignore": ["node_modules"],
        },
        fixed: { ".dockerignore": ["node_modules", "", "# Secrets", ".env", "deploy/token"] },
      },
    ],
    good: [
      {
        name: "ignored",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".env*"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "examples, certificates, and files without secrets",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"],
          ".dockerignore": [".env", ".env.local"],
          ".env.example": ["DB_PASSWORD=changeme"],
          ".env.production": ["VITE_API_URL=https://api.acme.example"],
          "ca.pem": [`-----BEGIN ${"CERTIFICATE"}-----`],
          "id_rsa.pub": ["ssh-rsa AAAA"],
          ".npmrc": ["//npm.acme.example/:_authToken=${NPM_TOKEN}"],
        },
      },
      {
        name: "no source takes it, and the ignore file, the policy or its content say that this is well",
        options: { allow: [".env.local"] },
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY src /app/src"],
          ".dockerignore": [".env"],
          "src/main.js": [""],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
          ".env.local": ["DB_PASSWORD=kX93jf02lmQp"],
          ".env.production": ["VITE_API_URL=https://api.acme.example"],
          ".env.example": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "a bind mount only reads it",
        files: {
          Dockerfile: ["FROM golang:1.24", "RUN --mount=type=bind,source=.,target=/src go build -o /api /src"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "a COPY that names it, which has a rule of its own",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY .env /app/"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "files that the policy allows",
        options: { allow: ["deploy/*"] },
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"], "deploy/id_rsa": ["key"] },
      },
      {
        name: "a context on another machine, and one that is a guess",
        files: {
          "compose.yaml": ["services:", "  api: {build: {context: 'https://github.com/acme/app.git'}, env_file: .env}"],
          "docker/Dockerfile": ["FROM alpine:3.21", "COPY . /app", "COPY gone /"],
          "docker/.env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
    ],
  },
});

/** A credential file that some source brings without naming it. */
interface Leak {
  readonly path: string;
  readonly row: CoverageRow;
  readonly takers: readonly SourcePattern[];
  /** It is there, and was not found to be harmless. */
  readonly isReal: boolean;
  readonly confidence: "high" | "medium" | "low";
}

function* checkContext(context: BuildContext, { project, options }: Context): Iterable<Finding> {
  const view = contextViewOf(context, project);
  const leaks = view.rows
    .filter((row) => row.class === "secret" && !row.isCovered)
    .flatMap((row) => [...leaksOf(row, view)])
    .filter(({ path }) => !isAllowedSecret(options, path));
  const certain = bestOf(leaks);
  const [first] = certain;
  if (first === undefined) {
    yield* checkUnreached(view, options);
    return;
  }
  const takers = [
    ...new Map(certain.flatMap((leak) => leak.takers).map((taker) => [taker.source.range, taker])).values(),
  ];
  const [taker] = takers;
  if (taker === undefined) return;
  const firstLine = context.ignoreFile?.file.patterns[0]?.range;
  const paths = [...new Set(certain.map(({ path }) => path))];
  const verb = certain.some(({ isReal }) => isReal) ? "takes" : "would take";
  const what = `\`${taker.source.via.toUpperCase()} ${taker.source.written}\` ${verb} ${listOf(paths)} into the image`;
  yield {
    range: takers.length > 1 && firstLine !== undefined ? firstLine : taker.source.range,
    message: `${what}; exclude ${paths.length === 1 ? "it" : "them"} in \`${view.ignoreFileName}\``,
    related: relatedTo(certain, view, project),
    fix: exclude(leaks, view),
    confidence: first.confidence,
    subject: paths[0],
  };
}

/** Low: with BuildKit such a file is not even sent, until a COPY takes its folder. */
function* checkUnreached(view: ContextView, options: Context["options"]): Iterable<Finding> {
  const { context, builds } = view;
  const secrets = unreachedSecrets(view).filter(({ path }) => !isAllowedSecret(options, path));
  const [first] = secrets;
  const range = first?.named ?? context.ignoreFile?.file.patterns[0]?.range ?? builds[0]?.target?.anchor;
  if (first === undefined || range === undefined) return;
  const paths = secrets.map(({ path }) => path);
  const [lies, them] = paths.length === 1 ? ["lies", "it"] : ["lie", "them"];
  const what = `${listOf(paths)} ${lies} in the context, though no COPY takes ${them}`;
  yield {
    range,
    message: `${what}; exclude ${them} in \`${view.ignoreFileName}\` before one does`,
    fix: excludeLines([{ title: "Secrets", lines: paths.map(escapePath) }], paths, context),
    confidence: "low",
    subject: first.path,
  };
}

function* leaksOf(row: CoverageRow, view: ContextView): Iterable<Leak> {
  const { context, reach, project } = view;
  const isReal = row.missing.some((path) => context.exists(path));
  for (const path of row.missing) {
    const exists = context.exists(path);
    // Of files that are only to be expected one tells enough.
    if (!exists && (isReal || path !== row.missing[0])) continue;
    const takers = reach
      .takersOf(path)
      .filter(
        (taker) => taker.source.via !== "mount" && (taker.isEverything || credentialName(exampleOf(taker)) === "none"),
      );
    if (takers.length === 0) continue;
    const ships = takers.some(({ source }) => source.isShipped === true);
    const isFound = row.evidence.some((evidence) => evidence.path === path && evidence.kind !== "git-ignored");
    // An env file that git ignores is not opened, so nobody here knows what it holds.
    const isOpened = view.contentOf(path) !== "unread" || !project.isGitIgnored(joinPath(context.root, path));
    const confidence = isFixture(path) ? "low" : exists && isFound && isOpened && ships ? "high" : "medium";
    yield { path, row, takers, isReal: exists, confidence };
  }
}

/** The leaks that are surest; weaker ones go with them when they are mended. */
function bestOf(leaks: readonly Leak[]): readonly Leak[] {
  for (const confidence of ["high", "medium", "low"]) {
    const found = leaks.filter((leak) => leak.confidence === confidence);
    if (found.length > 0) return found;
  }
  return [];
}

function listOf(paths: readonly string[]): string {
  const shown = paths.slice(0, paths.length > 3 ? 2 : 3).map((path) => `\`${path}\``);
  if (paths.length > shown.length) shown.push(`${paths.length - shown.length} more`);
  const last = shown.pop() ?? "";
  return shown.length === 0 ? last : `${shown.join(", ")} and ${last}`;
}

function relatedTo(leaks: readonly Leak[], view: ContextView, project: Project): readonly Related[] {
  const related = leaks.flatMap(({ path, row }): Related[] => {
    const named = row.evidence.find((evidence) => evidence.range !== undefined)?.range;
    if (named !== undefined) return [{ range: named, message: `\`${path}\` is named here` }];
    const content = view.contentOf(path);
    const source = content === "unread" ? undefined : project.read(joinPath(view.context.root, path));
    if (source === undefined || content === "harmless") return [];
    const what = content === "private-key" ? "a private key" : "a secret";
    return [{ range: source.range(0, 0), message: `this file holds ${what}` }];
  });
  return related.slice(0, 5);
}

/** Safe: the lines exclude nothing that a COPY of any build names. */
function exclude(leaks: readonly Leak[], { context }: ContextView): Fix | undefined {
  const rows = [...new Set(leaks.map(({ row }) => row))];
  const groups = lineGroupsOf(rows);
  if (groups.length === 0) return undefined;
  const matcher = matcherOf(groups.flatMap(({ lines }) => lines));
  const paths = rows.flatMap(({ missing }) => missing).filter((path) => matcher.ignores(path));
  return excludeLines(groups, paths, context);
}

/** @param paths what has to be ignored afterwards */
function excludeLines(groups: readonly LineGroup[], paths: readonly string[], context: BuildContext): Fix | undefined {
  const { ignoreFile } = context;
  const description = "exclude what holds credentials";
  if (ignoreFile === undefined) {
    const file = joinPath(context.root, ".dockerignore");
    return { description, safety: "safe", edits: [], creates: [{ file, text: textOfGroups(groups) }] };
  }
  const added = addLines(ignoreFile.file, groups, paths);
  if (added === undefined) return undefined;
  const { source } = ignoreFile.file;
  const range = source.range(added.offset, added.offset);
  return { description, safety: "safe", edits: [{ range, text: added.text }] };
}
