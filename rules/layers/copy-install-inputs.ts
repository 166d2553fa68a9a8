import { defineRule, type Finding, type Fix, type Related, type RuleContext } from "../../src/engine/rule.js";
import { isAbsolutePath, joinPath, parentPath } from "../../src/files/path.js";
import {
  type DependencyInstall,
  dependencyInstalls,
  type InstallInput,
  pathsOfInput,
} from "../../src/project/dependency-installs.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { type Placement, placementBefore } from "../../src/project/placed-files.js";

export default defineRule({
  id: "layers/copy-install-inputs",
  summary: "The files that an install reads are there when it runs",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    manifest: { summary: "nothing copies the list of dependencies" },
    lock: { summary: "nothing copies the lock file that the command insists on" },
    "absent-in-context": {
      summary: "COPY names the file, and the context does not hold it or leaves it out",
      levels: { recommended: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A stage begins with the files of its base and nothing else. An install whose list of dependencies was not copied yet, " +
      "or was copied elsewhere, stops the build, on the first machine that has no cached layer.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#copy",
    "https://docs.docker.com/build/concepts/context/#dockerignore-files",
  ],
  yieldsTo: ["context/copy-existing-files", "context/no-ignored-copy", "packages/install-from-lockfile#other-manager"],
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "nothing is copied at all",
        kind: "manifest",
        message: "`requirements.txt`",
        files: { Dockerfile: ["FROM python:3.12-slim AS builder", "RUN pip install -r «requirements.txt»"] },
      },
      {
        name: "the file is in the context",
        kind: "manifest",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "RUN pip install -r «requirements.txt»",
            "COPY src ./src",
          ],
          "requirements.txt": ["flask==3.1.0"],
          "src/app.py": ["import flask"],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY requirements.txt ./",
            "RUN pip install -r requirements.txt",
            "COPY src ./src",
          ],
        },
      },
      {
        name: "copied to another folder",
        kind: "manifest",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "COPY requirements.txt /tmp/", "RUN pip install -r «requirements.txt»"],
        },
      },
      {
        name: "copied after the install",
        kind: "manifest",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "RUN «npm install»", "COPY package.json ./"] },
      },
      {
        name: "a manifest and a lock file are missing",
        kind: "manifest",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "RUN «npm ci»"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package.json package-lock.json ./", "RUN npm ci"],
        },
      },
      {
        name: "npm ci without a lock file",
        kind: "lock",
        message: "`package-lock.json`",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package.json ./", "RUN «npm ci»"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json ./",
            "COPY package-lock.json ./",
            "RUN npm ci",
          ],
        },
      },
      {
        name: "the lock file of another manager",
        kind: "lock",
        files: { Dockerfile: ["FROM node:22-slim", "COPY package.json yarn.lock ./", "RUN «npm ci»"] },
      },
      {
        name: "uv with a frozen lock file",
        kind: "lock",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN pip install uv",
            "COPY pyproject.toml .",
            "RUN «uv sync» --frozen",
          ],
        },
      },
      {
        name: "Go modules",
        kind: "manifest",
        files: { Dockerfile: ["FROM golang:1.24", "WORKDIR /src", "RUN «go mod download»", "COPY . ."] },
      },
      {
        name: "a project of PDM",
        kind: "manifest",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN pip install pdm", "WORKDIR /app", "RUN «pdm sync» --prod"],
        },
      },
      {
        name: "a folder that cd leads to",
        kind: "manifest",
        files: {
          Dockerfile: ["FROM node:22-slim", "COPY package.json /app/", "RUN cd /srv && «npm install»"],
        },
      },
      {
        name: "a project of .NET in another folder",
        kind: "manifest",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/dotnet/sdk:8.0",
            "WORKDIR /src",
            "COPY Api.csproj .",
            "RUN dotnet restore «api/Api.csproj»",
          ],
        },
      },
      {
        name: "left out by the ignore file",
        kind: "absent-in-context",
        message: "`.dockerignore`",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "COPY requirements.txt .", "RUN pip install -r «requirements.txt»"],
          "requirements.txt": ["flask==3.1.0"],
          ".dockerignore": ["*.txt"],
        },
      },
      {
        name: "the context of a service does not hold it",
        kind: "absent-in-context",
        files: {
          "api/Dockerfile": [
            "FROM python:3.12-slim",
            "COPY requirements.txt .",
            "RUN pip install -r «requirements.txt»",
          ],
          "compose.yaml": ["services:", "  api:", "    build: ./api"],
        },
      },
    ],
    good: [
      {
        name: "copied before",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
        },
      },
      {
        name: "copied to the folder that the command names",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY requirements.txt /tmp/",
            "RUN pip install -r /tmp/requirements.txt",
          ],
        },
      },
      {
        name: "a folder may hold it",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN pip install -r requirements.txt"] },
      },
      {
        name: "wildcards may match it",
        files: { Dockerfile: ["FROM node:22-slim", "COPY package*.json ./", "RUN npm ci"] },
      },
      {
        name: "copied in a parent stage",
        files: {
          Dockerfile: ["FROM node:22-slim AS base", "COPY package.json ./", "FROM base", "RUN npm install"],
        },
      },
      {
        name: "copied from another stage",
        files: {
          Dockerfile: [
            "FROM node:22-slim AS files",
            "COPY . /src",
            "FROM node:22-slim",
            "COPY --from=files /src /app",
            "WORKDIR /app",
            "RUN npm install",
          ],
        },
      },
      {
        name: "written by a heredoc",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "COPY <<EOF requirements.txt",
            "flask==3.1.0",
            "EOF",
            "RUN pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "mounted",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN --mount=type=bind,source=requirements.txt,target=/requirements.txt pip install -r requirements.txt",
          ],
        },
      },
      {
        name: "created by the same RUN",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN echo flask > requirements.txt && pip install -r requirements.txt"],
        },
      },
      {
        name: "created by a program",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "RUN npm init -y", "RUN npm install"] },
      },
      {
        name: "cloned",
        files: {
          Dockerfile: [
            "FROM node:22",
            "RUN git clone https://github.com/acme/api.git /api",
            "WORKDIR /api",
            "RUN npm install",
          ],
        },
      },
      { name: "an unknown base may bring it", files: { Dockerfile: ["FROM registry.acme.io/web", "RUN npm ci"] } },
      {
        name: "an unknown working directory",
        files: { Dockerfile: ["FROM node:22-slim", "ARG DIR", "WORKDIR $DIR", "RUN npm ci"] },
      },
      {
        name: "a path that nobody can know",
        files: { Dockerfile: ["FROM python:3.12-slim", "ARG LIST", "RUN pip install -r $LIST"] },
      },
      {
        name: "a list from the network",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "RUN pip install -r https://example.com/requirements.txt"],
        },
      },
      { name: "packages by name", files: { Dockerfile: ["FROM node:22-slim", "RUN npm install -g serve"] } },
      { name: "a trigger", files: { Dockerfile: ["FROM node:22-slim", "ONBUILD RUN npm ci"] } },
      {
        name: "only where the file exists",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "RUN if [ -f package.json ]; then npm install; fi"],
        },
      },
      {
        name: "the manifest of a folder above",
        files: {
          Dockerfile: ["FROM golang:1.24", "WORKDIR /src", "COPY go.mod ./", "WORKDIR /src/cmd", "RUN go mod download"],
        },
      },
      {
        name: "a file that git ignores is made before the build",
        files: {
          "api/Dockerfile": ["FROM python:3.12-slim", "COPY requirements.txt .", "RUN pip install -r requirements.txt"],
          "compose.yaml": ["services:", "  api:", "    build: ./api"],
          ".gitignore": ["requirements.txt"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.isWindows) return;
  for (const run of stage.runs) {
    if (run.isOnbuild) continue;
    for (const install of dependencyInstalls(run)) {
      // What may not run, or may fail, need not find its files.
      if (install.invocation.onlyIf !== "none" || install.invocation.isTolerated) continue;
      const finding = ofInstall(install, project);
      if (finding !== undefined) yield finding;
    }
  }
}

/** One finding for an install: without a manifest, a lock file is of no use. */
function ofInstall(install: DependencyInstall, project: RuleContext["project"]): Finding | undefined {
  for (const input of install.inputs) {
    const paths = pathsOfInput(install, input);
    if (paths.length === 0) continue;
    const placements = paths.map((path) => placementBefore(install.run, install.invocation, path));
    if (placements.every(({ kind }) => kind === "absent")) return missing(install, input, project);
    const [first] = placements;
    if (placements.some(({ kind }) => kind === "possible")) continue;
    const problems = placements.flatMap((placement) => inContext(placement, project));
    const isFound = placements.filter(({ kind }) => kind === "named").length > problems.length;
    const [problem] = problems;
    if (first !== undefined && !isFound && problem !== undefined) return notInContext(install, input, problem);
  }
  return undefined;
}

function missing(install: DependencyInstall, input: InstallInput, project: RuleContext["project"]): Finding {
  const { run, what, range, folder } = install;
  const where = folder === undefined ? "" : ` to \`${folder}\``;
  const { setting } = run.step.state.workdir;
  return {
    kind: input.kind,
    range: input.range ?? range,
    message: `\`${what}\` reads ${namesOf(input)}, which nothing copies${where} before; copy it above`,
    related:
      setting === undefined
        ? []
        : [{ range: setting.step.instruction.headRange, message: "sets the folder in which it looks" }],
    // Without a lock file Yarn 1 goes on, though told not to change it.
    confidence: input.kind === "lock" && install.command?.family === "yarn" ? "medium" : "high",
    fix: copyAbove(install, input, project),
  };
}

function namesOf({ names }: InstallInput): string {
  return names
    .slice(0, 2)
    .map((name) => `\`${name}\``)
    .join(" or ");
}

interface ContextProblem {
  readonly placement: Extract<Placement, { kind: "named" }>;
  /** Where the ignore file says so; undefined when the file does not exist. */
  readonly ignoredBy: Related | undefined;
  readonly ignoreFile: string | undefined;
}

/** Why the context does not give what COPY names; empty when it does, or nobody can know. */
function inContext(placement: Placement, project: RuleContext["project"]): readonly ContextProblem[] {
  if (placement.kind !== "named" || placement.copy.from.kind !== "context") return [];
  const { context } = placement.copy.stage.build;
  if (context.kind !== "local" || !context.isCertain) return [];
  const { isIgnored, pattern } = context.verdict(placement.origin);
  if (!context.exists(placement.origin)) {
    // What git ignores is often made by a step before the build.
    const isMade = project.isGitIgnored(joinPath(context.root, placement.origin));
    return isMade ? [] : [{ placement, ignoredBy: undefined, ignoreFile: undefined }];
  }
  if (!isIgnored || pattern === undefined) return [];
  const ignoreFile = pattern.range.source.path.slice(pattern.range.source.path.lastIndexOf("/") + 1);
  return [{ placement, ignoredBy: { range: pattern.range, message: "this line leaves it out" }, ignoreFile }];
}

function notInContext(
  { what, range }: DependencyInstall,
  input: InstallInput,
  { placement: { origin, source }, ignoredBy, ignoreFile }: ContextProblem,
): Finding {
  const problem =
    ignoredBy === undefined
      ? "which the context does not hold; add the file or correct its name"
      : `which \`${ignoreFile ?? ""}\` leaves out; make an exception for it`;
  return {
    kind: "absent-in-context",
    range: input.range ?? range,
    message: `\`${what}\` reads \`${origin}\`, ${problem}`,
    related: [{ range: source.range, message: "copied here" }, ...(ignoredBy === undefined ? [] : [ignoredBy])],
    cause: source.range,
  };
}

/** Unsafe: a build that stopped goes on. */
function copyAbove(install: DependencyInstall, input: InstallInput, project: RuleContext["project"]): Fix | undefined {
  const { run, folder } = install;
  if (folder === undefined || folder !== run.workdir || run.stage.build.dockerfile.source.embedding !== undefined) {
    return undefined;
  }
  const wanted = input.kind === "lock" ? [input] : install.inputs;
  const names = wanted.flatMap((one) => one.names.find((name) => isInContext(name, run, project)) ?? []);
  const [first] = names;
  if (first === undefined || !input.names.some((name) => names.includes(name))) return undefined;
  const parent = parentPath(first);
  if (names.some((name) => parentPath(name) !== parent)) return undefined;
  const text = `COPY ${names.join(" ")} ${parent === "." ? "./" : `${parent}/`}`;
  const { source, start } = run.instruction.range;
  return {
    description: `insert \`${text}\``,
    safety: "unsafe",
    edits: [{ range: source.range(start, start), text: `${text}${source.lineBreak}` }],
  };
}

function isInContext(name: string, { stage }: RunView, project: RuleContext["project"]): boolean {
  const { context } = stage.build;
  if (context.kind !== "local" || isAbsolutePath(name) || name.startsWith("..") || /\s/.test(name)) return false;
  return context.includes(name) && project.read(joinPath(context.root, name)) !== undefined;
}
