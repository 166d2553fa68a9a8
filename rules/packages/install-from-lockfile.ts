import { defineRule, type Finding, type Fix, type Related, type RuleContext } from "../../src/engine/rule.js";
import { type LooseInstall, looseInstalls } from "../../src/project/lock-files.js";
import type { StageView } from "../../src/project/model.js";
import { removeWords } from "../../src/project/word-edits.js";
import { type Edit, textOf } from "../../src/text/source.js";

export default defineRule({
  id: "packages/install-from-lockfile",
  summary: "What the lock file records is what gets installed",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    npm: { summary: "npm may change what the lock file records" },
    yarn: { summary: "Yarn may change what the lock file records" },
    pnpm: { summary: "pnpm may change what the lock file records" },
    bun: { summary: "Bun may change what the lock file records" },
    bundle: {
      summary: "Bundler may change what the lock file records",
      aliases: ["tally:ruby/missing-bundle-deployment"],
    },
    composer: { summary: "Composer resolves afresh" },
    poetry: { summary: "Poetry resolves afresh" },
    pipenv: { summary: "Pipenv may change what the lock file records" },
    uv: { summary: "uv may change what the lock file records" },
    cargo: { summary: "Cargo may change what the lock file records" },
    dotnet: { summary: "NuGet may change what the lock file records" },
    "other-manager": { summary: "The lock file is one that this manager does not read" },
    "unpinned-file": { summary: "The list of packages leaves versions open" },
    "not-copied": { summary: "The lock file stays outside of the image" },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "The lock file holds the versions that were tested. An install that may rewrite it, or never sees it, takes whatever is newest " +
      "on that day: two builds of one commit differ, and a bad release gets in without a change that anybody reviewed.",
  ],
  references: [
    "https://docs.npmjs.com/cli/commands/npm-ci",
    "https://yarnpkg.com/cli/install",
    "https://bundler.io/man/bundle-config.1.html",
    "https://docs.astral.sh/uv/concepts/projects/sync/",
  ],
  mentions: {
    dockerfile: ["npm", "yarn", "bun", "pip", "composer", "poetry", "uv", "cargo", "dotnet"],
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "npm install",
        kind: "npm",
        message: "`npm install` may change what `package-lock.json` records; use `npm ci`",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package*.json ./",
            "RUN npm «install» --legacy-peer-deps --no-save",
          ],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm ci --legacy-peer-deps"],
        },
      },
      {
        name: "the pattern speaks of a lock file",
        kind: "npm",
        files: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm «install»"] },
        fixed: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm ci"] },
      },
      {
        name: "the whole project",
        kind: "npm",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm «i» --omit=dev"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm ci --omit=dev"] },
      },
      {
        name: "Yarn by its bare name",
        kind: "yarn",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json yarn.lock ./",
            "RUN «yarn» --production",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json yarn.lock ./",
            "RUN yarn --frozen-lockfile --production",
          ],
        },
      },
      {
        name: "Yarn of today",
        kind: "yarn",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN yarn «install»"],
          "package.json": ["{}"],
          "yarn.lock": ["__metadata:", "  version: 8"],
        },
        fixed: { Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN yarn install --immutable"] },
      },
      {
        name: "pnpm",
        kind: "pnpm",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json pnpm-lock.yaml ./",
            "RUN corepack enable && pnpm «install» --prod",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json pnpm-lock.yaml ./",
            "RUN corepack enable && pnpm install --frozen-lockfile --prod",
          ],
        },
      },
      {
        name: "Bun",
        kind: "bun",
        files: {
          Dockerfile: ["FROM oven/bun:1.2", "WORKDIR /app", "COPY package.json bun.lock ./", "RUN bun «install»"],
        },
        fixed: {
          Dockerfile: [
            "FROM oven/bun:1.2",
            "WORKDIR /app",
            "COPY package.json bun.lock ./",
            "RUN bun install --frozen-lockfile",
          ],
        },
      },
      {
        name: "Bundler",
        kind: "bundle",
        message: "`BUNDLE_DEPLOYMENT=1`",
        files: {
          Dockerfile: [
            "FROM ruby:3.4-slim",
            "WORKDIR /app",
            "COPY Gemfile Gemfile.lock ./",
            "RUN bundle «install» -j4",
          ],
        },
      },
      {
        name: "Composer",
        kind: "composer",
        files: {
          Dockerfile: [
            "FROM composer:2",
            "WORKDIR /app",
            "COPY composer.json composer.lock ./",
            "RUN composer «update»",
          ],
        },
      },
      {
        name: "Poetry",
        kind: "poetry",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "WORKDIR /app",
            "COPY pyproject.toml poetry.lock ./",
            "RUN poetry «lock» && poetry install",
          ],
        },
      },
      {
        name: "Pipenv",
        kind: "pipenv",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "WORKDIR /app",
            "COPY Pipfile Pipfile.lock ./",
            "RUN pipenv «install» --system",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13",
            "WORKDIR /app",
            "COPY Pipfile Pipfile.lock ./",
            "RUN pipenv install --deploy --system",
          ],
        },
      },
      {
        name: "uv",
        kind: "uv",
        files: {
          Dockerfile: ["FROM python:3.13", "WORKDIR /app", "COPY pyproject.toml uv.lock ./", "RUN uv «sync» --no-dev"],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13",
            "WORKDIR /app",
            "COPY pyproject.toml uv.lock ./",
            "RUN uv sync --locked --no-dev",
          ],
        },
      },
      {
        name: "Cargo",
        kind: "cargo",
        files: {
          Dockerfile: [
            "FROM rust:1.88",
            "WORKDIR /src",
            "COPY Cargo.toml Cargo.lock ./",
            "COPY src src",
            "RUN cargo «build» --release",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM rust:1.88",
            "WORKDIR /src",
            "COPY Cargo.toml Cargo.lock ./",
            "COPY src src",
            "RUN cargo build --locked --release",
          ],
        },
      },
      {
        name: ".NET",
        kind: "dotnet",
        files: {
          Dockerfile: [
            "FROM mcr.microsoft.com/dotnet/sdk:9.0",
            "WORKDIR /src",
            "COPY Api.csproj packages.lock.json ./",
            "RUN dotnet «restore»",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM mcr.microsoft.com/dotnet/sdk:9.0",
            "WORKDIR /src",
            "COPY Api.csproj packages.lock.json ./",
            "RUN dotnet restore --locked-mode",
          ],
        },
      },
      {
        name: "the lock file of another manager",
        kind: "other-manager",
        message: "`npm install` does not read `yarn.lock`",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package.json yarn.lock ./", "RUN npm «install»"],
          "package.json": ["{}"],
          "yarn.lock": ["# yarn lockfile v1"],
        },
      },
      {
        name: "the lock file of another manager, by its name alone",
        kind: "other-manager",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package.json pnpm-lock.yaml ./", "RUN npm «ci»"],
        },
      },
      {
        name: "the lock file of another manager, in a project that is copied whole",
        kind: "other-manager",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm «install»"],
          "package.json": ["{}"],
          "pnpm-lock.yaml": ["lockfileVersion: '9.0'"],
        },
      },
      {
        name: "a list with open versions",
        kind: "unpinned-file",
        message: "`requirements.txt` leaves 2 versions open, as of `flask`",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "COPY requirements.txt .", "RUN pip «install» -r requirements.txt"],
          "requirements.txt": [
            "flask",
            "requests>=2  # any",
            "gunicorn==23.0.0",
            "-e .",
            "wheel @ https://example.com/w.whl",
          ],
        },
      },
      {
        name: "the lock file stays outside",
        kind: "not-copied",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY «package.json» ./", "RUN npm install"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
        fixed: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package.json package-lock.json ./", "RUN npm ci"],
        },
      },
      {
        name: "the lock file of a folder stays outside",
        kind: "not-copied",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY «web/package.json» /app/", "RUN yarn"],
          "web/package.json": ["{}"],
          "web/yarn.lock": [""],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY web/package.json web/yarn.lock /app/",
            "RUN yarn --frozen-lockfile",
          ],
        },
      },
    ],
    good: [
      {
        name: "npm ci",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm ci --no-audit --no-fund"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
      },
      {
        name: "frozen installs",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json yarn.lock pnpm-lock.yaml bun.lock uv.lock pyproject.toml Cargo.lock ./",
            "RUN yarn install --frozen-lockfile && pnpm i --frozen-lockfile && bun install --frozen-lockfile",
            "RUN uv sync --frozen && cargo build --locked",
          ],
        },
      },
      {
        name: "frozen by variables and configuration",
        files: {
          Dockerfile: [
            "FROM ruby:3.4",
            "WORKDIR /app",
            "COPY Gemfile Gemfile.lock package.json pnpm-lock.yaml uv.lock ./",
            "ENV CI=true UV_FROZEN=1",
            "RUN pnpm install && uv sync",
            "RUN bundle config set --local deployment true && bundle install",
          ],
        },
      },
      {
        name: "no lock file anywhere",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm install"],
          "package.json": ["{}"],
        },
      },
      {
        name: "a lock file that may be there",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "COPY package.json package-lock.json* /app/",
            "WORKDIR /app",
            "RUN npm install",
          ],
        },
      },
      {
        name: "lock files of two managers, one of them the right one",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm ci"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
          "yarn.lock": [""],
        },
      },
      {
        name: "one of several lock files",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json yarn.lock* package-lock.json* pnpm-lock.yaml* ./",
            "RUN npm install",
            "RUN npm ci",
          ],
          "package.json": ["{}"],
        },
      },
      {
        name: "whatever is there",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY . .",
            "RUN if [ -f package-lock.json ]; then npm ci; else npm install; fi",
          ],
          "package-lock.json": ["{}"],
        },
      },
      {
        name: "packages by name, and tools",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN npm install -g serve@14.2.4 && npm install express@5.1.0 && cargo install ripgrep",
          ],
        },
      },
      {
        name: "the lock file is not wanted",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm install"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
          ".npmrc": ["package-lock=false"],
        },
      },
      {
        name: "git ignores the lock file",
        files: {
          Dockerfile: ["FROM node:22-slim", "WORKDIR /app", "COPY . .", "RUN npm install"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
          ".gitignore": ["package-lock.json"],
        },
      },
      {
        name: "only the lock file is made",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN npm install --package-lock-only",
          ],
        },
      },
      {
        name: "a development image",
        files: {
          "Dockerfile.dev": ["FROM node:22-slim", "WORKDIR /app", "COPY package*.json ./", "RUN npm install"],
          "package.json": ["{}"],
          "package-lock.json": ["{}"],
        },
      },
      {
        name: "a library that is published",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "WORKDIR /app",
            "COPY package.json package-lock.json ./",
            "RUN npm install",
            "RUN npm publish",
          ],
        },
      },
      {
        name: "an unknown folder",
        files: {
          Dockerfile: ["FROM node:22-slim", "ARG DIR", "WORKDIR $DIR", "COPY package-lock.json ./", "RUN npm install"],
        },
      },
      {
        name: "pinned lists, and constraints",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "COPY requirements.txt loose.txt constraints.txt ./",
            "RUN pip install -r requirements.txt && pip install -r loose.txt -c constraints.txt",
          ],
          "requirements.txt": ["# pinned", "flask==3.1.1 ; python_version > '3'", "", "-r other.txt"],
          "loose.txt": ["flask"],
          "constraints.txt": ["flask==3.1.1"],
        },
      },
    ],
  },
});

/** Option that forbids a change of the lock file, by family; the fix puts it behind the verb. */
const FREEZE: ReadonlyMap<string, string> = new Map([
  ["pnpm", "--frozen-lockfile"],
  ["bun", "--frozen-lockfile"],
  ["pipenv", "--deploy"],
  ["uv", "--locked"],
  ["cargo", "--locked"],
  ["dotnet", "--locked-mode"],
]);
const LOOSE_REMEDIES: ReadonlyMap<string, string> = new Map([
  ["bundle", "set `BUNDLE_DEPLOYMENT=1`"],
  ["composer", "use `composer install`"],
  ["poetry", "use `poetry install` alone"],
]);
/** Managers that hold to a lock file by themselves, as long as it fits the manifest. */
const HOLDING: ReadonlySet<string> = new Set(["cargo", "dotnet"]);
/** Verbs that only resolve: an option cannot help. */
const RESOLVING: ReadonlySet<string> = new Set(["update", "upgrade", "u", "lock"]);
/** Related places of one finding. */
const MOST_RELATED = 5;

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  for (const install of looseInstalls(stage, project)) yield findingOf(install);
}

function findingOf(install: LooseInstall): Finding {
  const { what, lock, command } = install;
  const range = command.verbRange;
  const related: readonly Related[] =
    install.file === undefined ? [] : [{ range: install.file.range(0, 0), message: "what was tested" }];
  switch (install.kind) {
    case "loose":
      return {
        kind: command.family,
        range,
        message: `\`${what}\` may change what \`${lock}\` records; ${remedyOf(install)}`,
        related,
        confidence: install.isLikely ? "medium" : HOLDING.has(command.family) ? "low" : "high",
        fix: freeze(install),
      };
    case "other-manager":
      return {
        kind: "other-manager",
        range,
        message: `\`${what}\` does not read \`${lock}\`; use \`${install.owner} install\`, or lock with \`${command.manager}\``,
        related,
      };
    case "unpinned-file": {
      const { lines, first } = install;
      const count = lines.length === 1 ? "a version" : `${lines.length} versions`;
      return {
        kind: "unpinned-file",
        range,
        message: `\`${lock}\` leaves ${count} open, as of \`${first}\`; pin with \`==\`, or give constraints`,
        related: lines.slice(0, MOST_RELATED).map((line) => ({ range: line, message: "any version will do" })),
        atMost: "info",
      };
    }
    case "not-copied":
      return {
        kind: "not-copied",
        range: install.manifest,
        message: `\`${lock}\` stays outside, so \`${what}\` resolves afresh; copy it beside \`package.json\``,
        related: [...related, { range, message: "installs without it" }],
        fix: copyLock(install),
      };
  }
}

function remedyOf(install: LooseInstall): string {
  const { command } = install;
  if (command.family === "npm") return "use `npm ci`";
  const remedy = LOOSE_REMEDIES.get(command.family);
  if (remedy !== undefined) return remedy;
  if (RESOLVING.has(command.verb)) return "install what it records";
  return `add \`${freezeOption(install)}\``;
}

function freezeOption({ command, file }: LooseInstall): string {
  if (command.family !== "yarn") return FREEZE.get(command.family) ?? "";
  return file?.text.includes("__metadata:") === true ? "--immutable" : "--frozen-lockfile";
}

/** Unsafe: where manifest and lock file do not fit, the build stops. */
function freeze(install: LooseInstall): Fix | undefined {
  const { command } = install;
  const { verbRange, invocation, family, verb } = command;
  if (invocation.via === "exec-form" || RESOLVING.has(verb)) return undefined;
  if (family === "npm") {
    if (textOf(verbRange) !== verb) return undefined;
    const edits: Edit[] = [{ range: verbRange, text: "ci" }];
    for (const { name, word } of command.options.options) {
      if (name === "--no-save" || name === "--save" || name === "-S") edits.push(removeWords(word.range));
    }
    return { description: "use `npm ci`", safety: "unsafe", edits };
  }
  const option = freezeOption(install);
  if (option === "") return undefined;
  const { source, end } = verbRange;
  const edits: Edit[] = [{ range: source.range(end, end), text: ` ${option}` }];
  return { description: `add \`${option}\``, safety: "unsafe", edits };
}

/** Unsafe: other versions are installed from then on. */
function copyLock(install: Extract<LooseInstall, { kind: "not-copied" }>): Fix | undefined {
  const { copy, manifest, origin, lock } = install;
  if (
    !copy.isFolder ||
    copy.instruction.form === "json" ||
    copy.stage.build.dockerfile.source.embedding !== undefined
  ) {
    return undefined;
  }
  const path = origin === "" ? lock : `${origin}/${lock}`;
  const { source, end } = manifest;
  const edits: Edit[] = [{ range: source.range(end, end), text: ` ${path}` }];
  return { description: `copy \`${path}\` too`, safety: "unsafe", edits };
}
