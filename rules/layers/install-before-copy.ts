import type { Instruction } from "../../src/dockerfile/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type DependencyInstall, dependencyInstalls, type Ecosystem } from "../../src/project/dependency-installs.js";
import type { Build, CopyView, StageView } from "../../src/project/model.js";
import {
  isIndependent,
  type ManifestsInContext,
  makesManifest,
  manifestsOf,
  mountsManifests,
  type SourceCopy,
} from "../../src/project/source-copies.js";
import { type SourceGroup, sourceGroups } from "../../src/project/source-groups.js";
import { textOf } from "../../src/text/source.js";
import { wholeLines } from "../../src/text/whole-lines.js";
import { compileGlob } from "../../src/values/glob.js";

type KindName = "language" | "system" | "needs-source";

const options = {
  manifests: option.strings({
    default: [],
    description:
      "More paths that installs read, as globs: a COPY of them may come first. `patches/*`, `packages/shared`.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "layers/install-before-copy",
  summary: "Dependencies are installed before the source is copied",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    language: { summary: "packages of a language, which need the manifest only" },
    system: { summary: "packages of the operating system, which need nothing of the project" },
    "needs-source": {
      summary: "a build that also fetches what it depends on",
      levels: { recommended: "info", checklist: "info", strict: "info" },
    },
  },
  roles: ["production", "test", "ci", "development"],
  roleCaps: { development: "info" },
  fixable: "sometimes",
  why: [
    "A layer is built again when anything above it changed. With the source above, each edit of any file installs every " +
      "dependency anew: minutes instead of seconds, on every machine, and another chance for a registry to be down.",
  ],
  references: [
    "https://docs.docker.com/build/cache/optimize/#order-your-layers",
    "https://docs.docker.com/build/building/best-practices/#leverage-build-cache",
  ],
  options,
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "everything first",
        kind: "language",
        message: "`requirements.txt`",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "«COPY . .»", "RUN pip install -r requirements.txt"],
          "requirements.txt": ["flask==3.1.0"],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY requirements.txt ./",
            "RUN pip install -r requirements.txt",
            "COPY . .",
          ],
        },
      },
      {
        name: "the owner stays with both copies",
        kind: "language",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "«COPY --chown=node . /app»", "RUN npm ci"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY --chown=node package.json package-lock.json /app/",
            "RUN npm ci",
            "COPY --chown=node . /app",
          ],
        },
      },
      {
        name: "a build in the same RUN is left to people",
        kind: "language",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "«COPY . .»", "RUN npm ci && npm run build"],
          "package.json": ["{}"],
        },
      },
      {
        name: "a manifest that is not seen here",
        kind: "language",
        message: "`Gemfile`",
        files: { Dockerfile: ["FROM ruby:3.4-slim", "«COPY . /app»", "WORKDIR /app", "RUN bundle install"] },
      },
      {
        name: "a folder of a monorepo",
        kind: "language",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "«COPY shop .»", "RUN npm ci"],
          "shop/package.json": ["{}"],
          "shop/package-lock.json": ["{}"],
          "shop/index.js": [""],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY shop/package.json shop/package-lock.json ./",
            "RUN npm ci",
            "COPY shop .",
          ],
        },
      },
      {
        name: "the sources beside the manifest",
        kind: "language",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "«COPY src ./src»",
            "COPY package.json ./",
            "RUN npm install",
            'CMD ["node", "src"]',
          ],
        },
      },
      {
        name: "a builder stage",
        kind: "language",
        files: {
          Dockerfile: [
            "FROM golang:1.24 AS build",
            "WORKDIR /src",
            "«COPY . .»",
            "RUN go mod download",
            "RUN go build -o /api .",
            "FROM scratch",
            "COPY --from=build /api /api",
          ],
        },
      },
      {
        name: "wheels of what a list names",
        kind: "language",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim AS wheels",
            "WORKDIR /src",
            "«COPY . .»",
            "RUN pip wheel -r requirements.txt -w /wheels",
            "FROM python:3.12-slim",
            "COPY --from=wheels /wheels /wheels",
          ],
        },
      },
      {
        name: "the source comes from the parent stage",
        kind: "language",
        files: {
          Dockerfile: [
            "FROM composer:2.8 AS source",
            "WORKDIR /app",
            "«COPY . .»",
            "FROM source",
            "RUN composer install",
          ],
        },
      },
      {
        name: "a tool by name",
        kind: "language",
        files: { Dockerfile: ["FROM python:3.12-slim", "«COPY . /app»", "RUN pip install gunicorn==23.0.0"] },
        fixed: { Dockerfile: ["FROM python:3.12-slim", "RUN pip install gunicorn==23.0.0", "COPY . /app"] },
      },
      {
        name: "system packages",
        kind: "system",
        message: "`apt-get install`",
        files: {
          Dockerfile: ["FROM debian:12-slim", "«COPY . /app»", "RUN apt-get update && apt-get install -y curl"],
        },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN apt-get update && apt-get install -y curl", "COPY . /app"] },
      },
      {
        name: "a build that fetches",
        kind: "needs-source",
        message: "`go mod download`",
        files: {
          Dockerfile: ["FROM golang:1.24", "WORKDIR /src", "«COPY . .»", "RUN go build -o /api ."],
          "go.mod": ["module acme/api", "", "require github.com/lib/pq v1.10.9"],
        },
      },
    ],
    good: [
      {
        name: "manifest, install, source",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY requirements.txt .",
            "RUN pip install -r requirements.txt",
            "COPY . .",
          ],
        },
      },
      {
        name: "the project itself is installed after its dependencies",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY requirements.txt .",
            "RUN pip install -r requirements.txt",
            "COPY . .",
            "RUN pip install .",
          ],
        },
      },
      {
        name: "dependencies compiled with a stand-in for the source",
        files: {
          Dockerfile: [
            "FROM rust:1.84-slim",
            "COPY Cargo.toml Cargo.lock ./",
            "RUN mkdir src && echo 'fn main() {}' > src/main.rs && cargo build --release",
            "COPY src ./src",
            "RUN cargo build --release",
          ],
        },
      },
      {
        name: "cargo chef",
        files: {
          Dockerfile: [
            "FROM rust:1.84-slim",
            "COPY recipe.json .",
            "RUN cargo chef cook --release",
            "COPY . .",
            "RUN cargo build --release",
          ],
        },
      },
      {
        name: "modules come from another stage",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS deps",
            "COPY package.json ./",
            "RUN npm install",
            "FROM node:22-slim",
            "COPY --from=deps /node_modules ./node_modules",
            "COPY . .",
            "RUN npm install --offline",
          ],
        },
      },
      {
        name: "the parent stage has installed",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS deps",
            "COPY package.json ./",
            "RUN npm install",
            "FROM deps",
            "COPY . .",
            "RUN npm install --prefer-offline",
          ],
        },
      },
      {
        name: "only what installs read",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY package*.json .npmrc ./", "COPY patches ./patches", "RUN npm ci"],
        },
      },
      {
        name: "manifests are mounted",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY . .",
            "RUN --mount=type=bind,source=requirements.txt,target=/tmp/r.txt pip install -r /tmp/r.txt",
          ],
        },
      },
      {
        name: "workspaces need the tree",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY . .", "RUN npm ci"],
          "package.json": ['{ "workspaces": ["packages/*"] }'],
        },
      },
      {
        name: "a dependency that lies in the tree: of npm, Cargo and pip",
        files: {
          "web/Dockerfile": ["FROM node:22-slim", "COPY . .", "RUN npm ci"],
          "web/package.json": ['{ "dependencies": { "shared": "file:./shared" } }'],
          "web/package-lock.json": ["{}"],
          "web/shared/package.json": ["{}"],
          "api/Dockerfile": ["FROM rust:1.90", "COPY . .", "RUN cargo build --release"],
          "api/Cargo.toml": ["[dependencies]", 'shared = { path = "shared" }'],
          "api/shared/Cargo.toml": ["[package]"],
          "jobs/Dockerfile": ["FROM python:3.13-slim", "COPY . .", "RUN pip install -r requirements.txt"],
          "jobs/requirements.txt": ["./shared", "flask==3.1.2"],
          "jobs/shared/pyproject.toml": [""],
          "compose.yaml": ["services:", "  web: {build: web}", "  api: {build: api}", "  jobs: {build: jobs}"],
        },
      },
      {
        name: "a hook of the install needs the tree",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY . .", "RUN npm ci"],
          "package.json": ['{ "scripts": { "postinstall": "prisma generate" } }'],
        },
      },
      {
        name: "an editable requirement",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN pip install -r requirements.txt"],
          "requirements.txt": ["-e .", "flask==3.1.0"],
        },
      },
      {
        name: "a list that the build makes",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY . .",
            "RUN ./export.py > requirements.txt && pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "packages named by a file of the tree",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY . /src", "RUN apt-get install -y $(cat /src/packages.txt)"],
        },
      },
      {
        name: "a step that uses the tree, too",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY . /src", "RUN apt-get install -y make && make -C /src"],
        },
      },
      {
        name: "files of a system laid over the root",
        files: {
          Dockerfile: ["FROM debian:12-slim", "COPY . /", "RUN apt-get update && apt-get install -y acme"],
          "etc/apt/sources.list.d/acme.list": ["deb https://apt.acme.io stable main"],
        },
      },
      {
        name: "copied from another stage",
        files: {
          Dockerfile: ["FROM node:22-slim AS app", "FROM node:22-slim", "COPY --from=app . /app", "RUN npm i -g serve"],
        },
      },
      {
        name: "triggers run elsewhere",
        files: { Dockerfile: ["FROM node:22-slim", "ONBUILD COPY . .", "ONBUILD RUN npm ci"] },
      },
      {
        name: "a build without dependencies",
        files: {
          Dockerfile: ["FROM golang:1.24", "WORKDIR /src", "COPY . .", "RUN go build -o /api ."],
          "go.mod": ["module acme/api"],
        },
      },
      {
        name: "a name that may be a program",
        files: { Dockerfile: ["FROM alpine:3.22", "COPY server /server", "RUN apk add --no-cache tini"] },
      },
      {
        name: "Gradle fetches while it builds",
        files: { Dockerfile: ["FROM gradle:8-jdk21", "COPY . /src", "WORKDIR /src", "RUN gradle build"] },
      },
      {
        name: "a build whose cache is mounted",
        files: {
          Dockerfile: ["FROM golang:1.24", "COPY . .", "RUN --mount=type=cache,target=/go/pkg/mod go build -o /api ."],
        },
      },
      {
        name: "a folder that the policy knows",
        options: { manifests: ["packages/*", "api"] },
        files: { Dockerfile: ["FROM node:22-slim", "COPY api ./api", "COPY package.json .", "RUN npm install"] },
      },
      {
        name: "a kind that the policy leaves out",
        policy: { rules: { "layers/install-before-copy": { kinds: { system: "off" } } } },
        files: { Dockerfile: ["FROM debian:12-slim", "COPY . /app", "RUN apt-get update && apt-get install -y curl"] },
      },
      {
        name: "only under a condition",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY . .", 'RUN if [ "$DEV" = 1 ]; then npm install; fi'],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, ctx: Context): Iterable<Finding> {
  const isInput = inputMatcher(ctx.options.manifests);
  for (const stage of build.closure) {
    if (stage.isWindows) continue;
    for (const group of sourceGroups(stage, isInput)) {
      const finding = judge(group, stage, ctx);
      if (finding !== undefined) yield finding;
    }
  }
}

function inputMatcher(globs: readonly string[]): (path: string) => boolean {
  const patterns = globs.flatMap((text) => {
    const compiled = compileGlob(text);
    return compiled.kind === "glob" ? [compiled.pattern] : [];
  });
  return (path) => patterns.some((pattern) => pattern.matches(path));
}

/** What an install of a group is reported as. */
interface Case {
  readonly kind: KindName;
  readonly install: DependencyInstall;
  readonly manifests: ManifestsInContext;
}

function judge(group: SourceGroup, stage: StageView, { project }: Context): Finding | undefined {
  const copied = group.copies.find(({ path }) => path === ".") ?? group.copies[0];
  if (copied === undefined) return undefined;
  const cases = group.installs.flatMap((install): Case[] => {
    const manifests = manifestsOf(install, copied, project);
    const kind = kindOf(install, { group, copied, manifests });
    return kind === undefined ? [] : [{ kind, install, manifests }];
  });
  const found =
    cases.find(({ install: { reads } }) => reads === "manifests") ??
    cases.find(({ kind }) => kind !== "needs-source") ??
    cases[0];
  if (found === undefined || found.install.run.stage !== stage) return undefined;
  const { kind, install, manifests } = found;
  const others = group.copies.filter((other) => other !== copied);
  const isCertain = install.reads === "nothing" || manifests.isFound;
  return {
    kind,
    range: copied.copy.instruction.headRange,
    message: messageOf(found, copied),
    related: [
      { range: install.range, message: `\`${install.what}\` runs again after any edit` },
      ...others.map(({ copy }) => ({ range: copy.instruction.headRange, message: "the source comes here, too" })),
    ],
    confidence: isCertain ? "high" : "medium",
    ...(hasCacheMount(install) ? { atMost: "info" } : {}),
    fix: others.length > 0 ? undefined : fixOf(found, copied, stage),
  };
}

interface Situation {
  readonly group: SourceGroup;
  readonly copied: SourceCopy;
  readonly manifests: ManifestsInContext;
}

function kindOf(install: DependencyInstall, { group, copied, manifests }: Situation): KindName | undefined {
  const { reads, ecosystem, run } = install;
  switch (reads) {
    case "nothing": {
      const installs = group.installs.filter((other) => other.run === run);
      if (!isIndependent(run, copied, installs) || isLaidOverRoot(copied)) return undefined;
      return ecosystem === "system" ? "system" : "language";
    }
    case "manifests":
      if (group.installed.has(ecosystem) || manifests.needsTree || mountsManifests(install)) return undefined;
      return group.runs.some((before) => makesManifest(before, install)) ? undefined : "language";
    case "tree": {
      if (group.installed.has(ecosystem) || hasCacheMount(install)) return undefined;
      // Gradle has no task that fetches everything and does nothing else.
      if (STEP_BEFORE[ecosystem] === undefined || install.command?.family === "gradle") return undefined;
      return manifests.needsTree || manifests.hasDependencies === false ? undefined : "needs-source";
    }
    default:
      return undefined;
  }
}

/** Files of a system, which may configure its package manager. */
function isLaidOverRoot({ copy, path }: SourceCopy): boolean {
  if (copy.destination !== "/") return false;
  const { context } = copy.stage.build;
  return path !== "." || context.kind !== "local" || context.exists("etc");
}

function hasCacheMount({ run }: DependencyInstall): boolean {
  return run.instruction.mounts.some(({ type }) => type === "cache");
}

/** The step that fetches dependencies alone. */
const STEP_BEFORE: Partial<Record<Ecosystem, string>> = {
  go: "`go mod download`",
  rust: "a build of the dependencies",
  java: "`mvn dependency:go-offline`",
  dotnet: "`dotnet restore`",
  python: "an install of the dependencies",
};

function messageOf({ kind, install, manifests }: Case, { copy }: SourceCopy): string {
  const above = `\`${shownCopy(copy)}\` above \`${install.what}\``;
  if (install.reads === "nothing") return `${above} repeats the install after any edit; move the COPY below it`;
  const names = namesOf(install, manifests);
  if (kind === "needs-source") {
    const first = `copy ${names} and run ${STEP_BEFORE[install.ecosystem] ?? ""} first`;
    return `${above} fetches dependencies again after any edit; ${first}`;
  }
  return `${above} reinstalls everything after any edit; copy ${names} first, install, then copy the rest`;
}

function shownCopy({ instruction, sources }: CopyView): string {
  const words = [...sources.map(({ range }) => textOf(range)), instruction.destination?.raw ?? ""].join(" ");
  return `${instruction.keyword} ${words.length > 24 ? `${words.slice(0, 23)}…` : words}`;
}

const USUAL_MANIFEST: Partial<Record<Ecosystem, string>> = {
  go: "go.mod",
  rust: "Cargo.toml",
  java: "pom.xml",
  dotnet: "the project file",
  python: "pyproject.toml",
};

function namesOf({ inputs, ecosystem }: DependencyInstall, { files }: ManifestsInContext): string {
  const named = inputs.flatMap(({ names: [name] }) => name ?? []);
  const known = files.length > 0 ? files : named;
  const names = known.length > 0 ? known : [USUAL_MANIFEST[ecosystem] ?? "the manifest"];
  const shown = names.slice(0, 2).map((name) => (name.startsWith("the ") ? name : `\`${name}\``));
  return names.length > 2 ? `${shown.join(", ")}, …` : shown.join(" and ");
}

/** Unsafe: a file that the install reads without our knowing comes too late then. */
function fixOf({ kind, install, manifests }: Case, copied: SourceCopy, stage: StageView): Fix | undefined {
  const { copy } = copied;
  const { run } = install;
  const { instruction } = copy;
  if (kind === "needs-source" || stage.build.dockerfile.source.embedding !== undefined) return undefined;
  if (copy.sources.length !== 1 || instruction.form === "json" || instruction.exclude.length > 0) return undefined;
  if (instruction.keyword === "ADD" || instruction.parents !== undefined || copy.stage !== stage) return undefined;
  if (!isNext(run.instruction, instruction, stage) || !isIndependent(run, copied, dependencyInstalls(run))) {
    return undefined;
  }
  const { source, end } = run.instruction.range;
  const written = textOf(instruction.headRange);
  const below = { range: source.range(end, end), text: `${source.lineBreak}${written}` };
  if (install.reads === "nothing") {
    const above = wholeLines(instruction.range);
    return { description: "move the COPY below", safety: "unsafe", edits: [{ range: above, text: "" }, below] };
  }
  const words = manifestWords({ kind, install, manifests }, copied);
  const first = copy.sources[0]?.range;
  const last = copy.destinationRange;
  if (words === undefined || first === undefined || last === undefined) return undefined;
  return {
    description: "copy the manifests first and the rest below",
    safety: "unsafe",
    edits: [{ range: source.range(first.start, last.end), text: words }, below],
  };
}

function isNext(run: Instruction, copy: Instruction, { stage: { instructions } }: StageView): boolean {
  const index = instructions.indexOf(copy);
  return index !== -1 && instructions[index + 1] === run && run.commentsAbove.length === 0;
}

/** Sources and destination of a COPY of manifests that are all known to lie in one folder of the context. */
function manifestWords({ install, manifests }: Case, { copy, path }: SourceCopy): string | undefined {
  const { files, isFound, isComplete } = manifests;
  if (!isFound || !isComplete || install.folder !== copy.destination) return undefined;
  const prefix = path === "." ? "" : `${path}/`;
  if (files.some((file) => !file.startsWith(prefix) || file.slice(prefix.length).includes("/") || /\s/.test(file))) {
    return undefined;
  }
  const destination = copy.instruction.destination?.raw ?? "";
  return `${files.join(" ")} ${destination.endsWith("/") ? destination : `${destination}/`}`;
}
