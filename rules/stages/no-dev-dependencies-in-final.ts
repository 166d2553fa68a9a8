import { isDevServer } from "../../src/data/dev-servers.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { type DevInstall, devInstalls } from "../../src/project/dev-dependencies.js";
import type { Build, CopyView, StageView } from "../../src/project/model.js";

const options = {
  tools: option.strings({ default: [], description: "More packages that only development needs." }),
  allow: option.strings({ default: [], description: "Packages and files that production needs all the same." }),
};

export default defineRule({
  id: "stages/no-dev-dependencies-in-final",
  summary: "Test and development dependencies do not reach production",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    install: {
      summary: "a shipped stage installs them",
      aliases: [
        "tally:php/composer-no-dev-in-production",
        "tally:php/no-xdebug-in-final-image",
        "tally:ruby/missing-bundle-without-development",
      ],
    },
    copied: { summary: "they are copied from the stage that installed them" },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "Test runners, linters and bundlers multiply the size of an image and its known vulnerabilities, and none of them runs " +
      "in production. What is not there cannot be attacked.",
  ],
  references: ["https://github.com/npm/cli/blob/latest/docs/lib/content/commands/npm-ci.md", "CIS 4.3"],
  options,
  mentions: {
    // A folder can be copied from an image of the project, whose Dockerfile holds the install.
    dockerfile: ["npm", "yarn", "bun", "composer", "poetry", "uv", "pip", "xdebug", "node_modules", "vendor", "venv"],
  },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "npm ci brings devDependencies",
        kind: "install",
        message: "`npm ci`",
        files: {
          Dockerfile: ["FROM node:20-alpine", "WORKDIR /app", "COPY package*.json ./", "RUN npm «ci»"],
          "package.json": ['{ "devDependencies": { "jest": "29.7.0" } }'],
        },
        fixed: {
          Dockerfile: ["FROM node:20-alpine", "WORKDIR /app", "COPY package*.json ./", "RUN npm ci --omit=dev"],
        },
      },
      {
        name: "a server for development needs them: what it serves is built instead",
        kind: "install",
        message: "`ng serve` needs devDependencies",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "COPY package.json package-lock.json ./",
            "RUN npm «ci»",
            'CMD ["ng", "serve", "--host", "0.0.0.0"]',
          ],
          "package.json": ['{ "devDependencies": { "@angular/cli": "20.3.0" } }'],
          "package-lock.json": ["{}"],
        },
      },
      {
        name: "a manifest that nobody can read",
        kind: "install",
        files: { Dockerfile: ["FROM node:20-alpine", "COPY package*.json ./", "RUN npm «ci»"] },
        fixed: { Dockerfile: ["FROM node:20-alpine", "COPY package*.json ./", "RUN npm ci --omit=dev"] },
      },
      {
        name: "composer without --no-dev",
        kind: "install",
        files: { Dockerfile: ["FROM php:8.3-fpm", "COPY composer.json ./", "RUN composer «install»"] },
        fixed: { Dockerfile: ["FROM php:8.3-fpm", "COPY composer.json ./", "RUN composer install --no-dev"] },
      },
      {
        name: "uv sync with a group for development",
        kind: "install",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY pyproject.toml uv.lock ./",
            "RUN uv «sync» --frozen",
          ],
          "pyproject.toml": ["[dependency-groups]", 'dev = ["pytest"]'],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY pyproject.toml uv.lock ./",
            "RUN uv sync --no-dev --frozen",
          ],
        },
      },
      {
        name: "an extra for development",
        kind: "install",
        files: { Dockerfile: ["FROM python:3.12-slim", "COPY . .", "RUN pip install «.[dev]»"] },
      },
      {
        name: "requirements for tests",
        kind: "install",
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN pip install -r «requirements-dev.txt»"] },
      },
      {
        name: "a test runner by name",
        kind: "install",
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN pip install flask==3.1.0 «pytest==8.3.4»"] },
      },
      {
        name: "a tool that the policy names",
        kind: "install",
        options: { tools: ["locust"] },
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN pip install «locust==2.32.4»"] },
      },
      {
        name: "a debugger that is switched on",
        kind: "install",
        files: { Dockerfile: ["FROM php:8.3-fpm", "RUN pecl install xdebug && docker-php-ext-enable «xdebug»"] },
      },
      {
        name: "copied with node_modules",
        kind: "copied",
        files: {
          Dockerfile: [
            "FROM node:20-alpine AS build",
            "WORKDIR /app",
            "COPY package*.json ./",
            "RUN npm ci",
            "FROM node:20-alpine",
            "COPY --from=build «/app/node_modules» ./node_modules",
          ],
          "package.json": ['{ "devDependencies": { "vite": "6.0.0" } }'],
        },
      },
    ],
    good: [
      { name: "left out", files: { Dockerfile: ["FROM node:20-alpine", "RUN npm ci --omit=dev"] } },
      {
        name: "NODE_ENV says production",
        files: { Dockerfile: ["FROM node:20-alpine", "ENV NODE_ENV=production", "RUN npm ci"] },
      },
      { name: "NODE_ENV in front", files: { Dockerfile: ["FROM node:20-alpine", "RUN NODE_ENV=production npm ci"] } },
      {
        name: "NODE_ENV that nobody knows",
        files: { Dockerfile: ["FROM node:20-alpine", "ARG NODE_ENV", "ENV NODE_ENV=$NODE_ENV", "RUN npm ci"] },
      },
      {
        name: "pruned in the same RUN",
        files: { Dockerfile: ["FROM node:20-alpine", "RUN npm ci && npm run build && npm prune --omit=dev"] },
      },
      {
        name: "pruned in the builder before the copy",
        files: {
          Dockerfile: [
            "FROM node:20-alpine AS build",
            "WORKDIR /app",
            "RUN npm ci",
            "RUN npm prune --omit=dev",
            "FROM node:20-alpine",
            "COPY --from=build /app/node_modules ./node_modules",
          ],
        },
      },
      {
        name: "only the build result is copied",
        files: {
          Dockerfile: [
            "FROM node:20-alpine AS build",
            "RUN npm ci",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "a manifest without development dependencies",
        files: {
          Dockerfile: ["FROM node:20-alpine", "WORKDIR /app", "COPY package*.json ./", "RUN npm ci"],
          "package.json": ['{ "dependencies": { "express": "4.21.0" } }'],
        },
      },
      {
        name: "groups left out by bundler's configuration",
        files: {
          Dockerfile: [
            "FROM ruby:3.3-slim",
            "WORKDIR /app",
            "COPY Gemfile* ./",
            "RUN bundle config set without development && bundle install",
          ],
          Gemfile: ["group :development do", '  gem "pry"', "end"],
        },
      },
      {
        name: "poetry with main only",
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN poetry install --only main"] },
      },
      {
        name: "allowed",
        options: { allow: ["coverage"] },
        files: { Dockerfile: ["FROM python:3.12-slim", "RUN pip install coverage==7.6.9"] },
      },
      {
        name: "the command that the container runs",
        files: {
          Dockerfile: ["FROM node:20-alpine", "RUN npm install -g nodemon", 'ENTRYPOINT ["nodemon", "app.js"]'],
        },
      },
      { name: "a test image", files: { "Dockerfile.test": ["FROM python:3.12-slim", "RUN pip install -e .[dev]"] } },
    ],
  },
});

function* checkBuild(
  build: Build,
  { options: { tools, allow }, project }: RuleContext<typeof options>,
): Iterable<Finding> {
  const { target } = build;
  if (target === undefined) return;
  const isRun = (install: DevInstall) =>
    [target.entrypoint, target.command].some((view) =>
      view?.commands.some(({ name }) => name !== undefined && install.brings === `\`${name}\``),
    );
  const isAllowed = (install: DevInstall) => allow.some((name) => install.brings.includes(`\`${name}\``));
  for (const stage of build.chain) {
    for (const install of devInstalls(stage, project, tools)) {
      if (!isRun(install) && !isAllowed(install)) yield ofInstall(install, devServerOf(target));
    }
    for (const copy of stage.copies) yield* ofCopy(copy, project, tools);
  }
}

/** The server for development that a target starts, as people call it: `ng serve`; undefined when it starts none. */
function devServerOf({ entrypoint, command }: StageView): string | undefined {
  for (const view of [entrypoint, command]) {
    for (const { name, args } of view?.commands ?? []) {
      const verb = args.find(({ value }) => value?.startsWith("-") === false)?.value;
      if (name !== undefined && isDevServer(name, verb)) return verb === undefined ? name : `${name} ${verb}`;
    }
  }
  return undefined;
}

function ofInstall(install: DevInstall, server: string | undefined): Finding {
  const { what, brings, remedy, range, isCertain } = install;
  if (server !== undefined && install.folder === "node_modules") {
    const message = `\`${server}\` needs ${brings}, which \`${what}\` brings into the image; build once, and ship the result`;
    return { kind: "install", range, message, confidence: isCertain ? "high" : "medium" };
  }
  const help = remedy === undefined ? "install it in a stage for tests" : `add \`${remedy.option}\``;
  return {
    kind: "install",
    range,
    message: `\`${what}\` brings ${brings} into the image; ${help}, or prune before it ships`,
    confidence: isCertain ? "high" : "medium",
    // Unsafe: a program that needs one of them at run time stops working.
    fix:
      remedy === undefined
        ? undefined
        : {
            description: `add \`${remedy.option}\``,
            safety: "unsafe",
            edits: [{ range: remedy.at.source.range(remedy.at.end, remedy.at.end), text: ` ${remedy.option}` }],
          },
  };
}

const FOLDERS: ReadonlySet<string> = new Set(["node_modules", "vendor", "venv"]);

/** Last part of a path, without the dot of `.venv`. */
function folderOfPackages(path: string): string {
  const name = baseName(path.endsWith("/") ? path.slice(0, -1) : path);
  return name.startsWith(".") ? name.slice(1) : name;
}

function* ofCopy(copy: CopyView, project: RuleContext["project"], tools: readonly string[]): Iterable<Finding> {
  if (copy.from.kind !== "stage") return;
  const { stage } = copy.from;
  for (const { path, range } of copy.sources) {
    const folder = path === undefined ? "" : folderOfPackages(path);
    if (!FOLDERS.has(folder)) continue;
    const install = stage.lineage
      .flatMap((member) => devInstalls(member, project, tools))
      .find((found) => found.folder === folder);
    if (install === undefined) continue;
    const remedy =
      install.remedy === undefined ? "prune it first" : `install with \`${install.remedy.option}\`, or prune first`;
    yield {
      kind: "copied",
      range,
      message: `\`${path}\` holds the ${install.brings} of \`${stage.label}\`; ${remedy}`,
      related: [{ range: install.range, message: `\`${install.what}\` installs them` }],
      confidence: install.isCertain ? "high" : "medium",
    };
  }
}
