import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import {
  type LanguageManager,
  type LoosePackage,
  languageManager,
  loosePackages,
} from "../../src/project/language-pins.js";
import type { StageView } from "../../src/project/model.js";
import { isForDevelopment } from "../../src/project/stage-purpose.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

const MANAGERS = ["pip", "npm", "gem", "go", "cargo", "conda", "composer", "dotnet", "other"] as const;

const options = {
  managers: option.strings({
    default: MANAGERS,
    description: "Package managers that are judged, by the names of the kinds.",
  }),
  exact: option.boolean({ default: false, description: "Whether a range (`>=2`, `^1.2`) has to become one version." }),
  floating: option.strings({
    default: ["pip", "setuptools", "wheel", "npm", "corepack", "bundler"],
    description: "Packages whose newest version is the point.",
  }),
  requireHashes: option.boolean({ default: false, description: "Whether `pip install -r` needs `--require-hashes`." }),
  besideFiles: option.boolean({
    default: true,
    description: "Whether packages are judged that stand beside a file of requirements.",
  }),
};

export default defineRule({
  id: "packages/pin-language-versions",
  summary: "Packages from language registries are installed at a stated version",
  levels: { recommended: "warning", checklist: "warning", strict: "error" },
  kinds: {
    pip: {
      summary: "pip and uv",
      aliases: [
        "hadolint:DL3013",
        "kics:unpinned-package-version-in-pip-install",
        "kics:02d9c71f-3ee8-4986-9c27-1a20d0d19bfc",
      ],
    },
    npm: {
      summary: "npm, yarn, pnpm and bun",
      aliases: [
        "hadolint:DL3016",
        "kics:npm-install-command-without-pinned-version",
        "kics:e36d8880-3f78-4546-b9a1-12f0745ca0d5",
      ],
    },
    gem: {
      summary: "gem",
      aliases: ["hadolint:DL3028", "kics:gem-install-without-version", "kics:22cd11f7-9c6c-4f6e-84c0-02058120b341"],
    },
    go: { summary: "go install, get and run", aliases: ["hadolint:DL3062"] },
    cargo: { summary: "cargo install and binstall" },
    conda: { summary: "conda, mamba and micromamba" },
    composer: { summary: "composer require" },
    dotnet: { summary: "dotnet tool install" },
    other: { summary: "pipx, poetry and pipenv" },
    "pip-hash": {
      summary: "a file of requirements without hashes",
      levels: { recommended: "off", checklist: "off", strict: "info" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "Whoever publishes the package decides what the next build holds: a new major version, or the release of somebody who " +
      "took the account over. A stated version, or a lock file, keeps what was tested.",
    "What installs packages, such as pip and Bundler, may float though other tools ask for its version, too: an image runs " +
      "what it installs. An empty `floating` asks for all.",
    "A range is taken for a decision, and a constraint file for a version of all it names. For a package of a Go module " +
      "`go.mod` states the version.",
  ],
  references: [
    "https://pip.pypa.io/en/stable/topics/repeatable-installs/",
    "https://docs.npmjs.com/cli/v11/commands/npm-install",
    "https://go.dev/ref/mod#go-install",
    "CWE-1357",
  ],
  options,
  presetOptions: {
    strict: { requireHashes: true },
    hadolint: { floating: [], besideFiles: false },
    all: { requireHashes: true, floating: [] },
  },
  yieldsTo: ["packages/quote-specifiers"],
  mentions: {
    dockerfile: "pip uv poetry conda mamba npm yarn pnpm bun gem go cargo composer dotnet".split(" "),
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "packages of pip",
        kind: "pip",
        message: "`flask` is installed at whatever version is newest",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --no-cache-dir «flask» gunicorn==23.0.0",
            "RUN python3 -m pip install --target /srv «requests[socks]» && pip3.13 install --user «httpx»",
            "RUN uv pip install --system «uvicorn» && uv tool install «ruff»",
            "RUN pip install --prefix /opt --index-url https://pypi.org/simple «yamllint»",
            "ONBUILD RUN pip install «django»",
          ],
        },
      },
      {
        name: "a package beside a file of requirements",
        kind: "pip",
        options: { requireHashes: false },
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install -r requirements.txt «gunicorn»"] },
      },
      {
        name: "a repository without a tag",
        kind: "pip",
        message: "names no tag or commit",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install «git+https://github.com/readthedocs/recommonmark.git#egg=recommonmark»",
            "RUN pip install «git+https://github.com/pallets/flask.git@main»",
          ],
        },
      },
      {
        name: "packages of npm and its relatives",
        kind: "npm",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN npm install -g «typescript» && npm i «express» «@sindresorhus/is» debug@4.4.1",
            "RUN yarn global add «serve» && pnpm add -g «prisma» && bun add «hono»",
            "RUN npm install --loglevel verbose «express@latest»",
            "RUN npm install «expressjs/express» «git+ssh://git@github.com/npm/cli.git» «github:npm/cli»",
          ],
        },
      },
      {
        name: "a tag that moves, in an ARG",
        kind: "npm",
        message: "`typescript@next` moves",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "ARG CLI_VERSION=latest",
            "RUN npm install -g «typescript@next» && npm install -g «vercel@${CLI_VERSION}»",
          ],
        },
      },
      {
        name: "gems",
        kind: "gem",
        files: {
          Dockerfile: [
            "FROM ruby:3.4-slim",
            "RUN gem install --no-document «rails» nokogiri:1.18.9",
            "RUN gem install «puma» -- --use-system-libraries=true",
          ],
        },
      },
      {
        name: "gems that float elsewhere",
        kind: "gem",
        preset: "hadolint",
        files: { Dockerfile: ["FROM ruby:3.4-slim", "RUN gem install «bundler»"] },
      },
      {
        name: "programs of Go",
        kind: "go",
        files: {
          Dockerfile: [
            "FROM golang:1.25",
            "RUN go install «golang.org/x/tools/gopls@latest» && go install «github.com/air-verse/air»",
            "RUN go get «github.com/spf13/cobra» && go run «github.com/a-h/templ/cmd/templ@main» generate",
            "RUN go run «github.com/air-verse/air»",
          ],
        },
      },
      {
        name: "crates",
        kind: "cargo",
        files: {
          Dockerfile: [
            "FROM rust:1.89",
            "RUN cargo install «just» --locked && cargo binstall -y «cargo-chef»",
            "RUN cargo install --git «https://github.com/casey/just»",
          ],
        },
      },
      {
        name: "conda",
        kind: "conda",
        files: {
          Dockerfile: ["FROM condaforge/miniforge3:25.3.1-0", "RUN mamba install -y -c conda-forge «numpy» scipy=1.16"],
        },
      },
      {
        name: "composer",
        kind: "composer",
        files: {
          Dockerfile: ["FROM composer:2.8", "RUN composer global require «laravel/installer» «drush/drush:dev-master»"],
        },
      },
      {
        name: "tools of .NET",
        kind: "dotnet",
        files: {
          Dockerfile: ["FROM mcr.microsoft.com/dotnet/sdk:9.0", "RUN dotnet tool install --global «dotnet-ef»"],
        },
      },
      {
        name: "other installers of Python",
        kind: "other",
        files: {
          Dockerfile: [
            "FROM python:3.13",
            "RUN pipx install «poetry» && poetry add «flask» && pipenv install «django»",
          ],
        },
      },
      {
        name: "requirements without hashes",
        kind: "pip-hash",
        options: { requireHashes: true },
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install -r «requirements.txt»"] },
      },
      {
        name: "ranges, where the policy wants one version",
        kind: "pip",
        options: { exact: true },
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install «'flask>=3'» «gunicorn~=23.0» httpx==0.28.1"] },
      },
    ],
    good: [
      {
        name: "versions of pip",
        options: { requireHashes: false },
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install flask==3.1.1 'gunicorn>=23' 'httpx~=0.28' alabaster===0.7.16 \"attrs<26\" 'idna!=3.8'",
            "RUN pip install MySQL_python==1.2.2 --user && pip2 install MySQL_python==1.2.2 --disable-pip-version-check",
            "RUN pip3 install --build /opt/yamllint yamllint==1.37.1 && pip install --ignore-installed yamllint==1.37.1",
            "RUN pip install --trusted-host pypi.acme.io --abi cp313 --platform manylinux2014_x86_64 yamllint==1.37.1",
            "RUN pip install git+https://github.com/readthedocs/recommonmark.git@0.7.1#egg=recommonmark",
            "RUN pip install --no-cache-dir \"flask[async]==3.1.1\" 'black @ git+https://github.com/psf/black@25.1.0'",
            "RUN pipx install poetry==2.1.4 && uv tool install ruff@0.12.8 && uv pip install --system httpx==0.28.1",
          ],
        },
      },
      {
        name: "files of pip",
        options: { requireHashes: false },
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install -r requirements.txt && pip install --requirement requirements.txt",
            "RUN pip install . && pip install -e . && pip install ./api && pip install /wheels/*.whl api.tar.gz",
            "RUN pip install flask -c constraints.txt && pip install flask --constraint https://example.com/constraints.txt",
            "RUN pip install --no-index --find-links /wheels flask && pip install https://example.com/api-1.0.zip",
            "RUN pip install --requirement=requirements.txt --require-hashes",
          ],
        },
      },
      {
        name: "a file of requirements silences the command, as hadolint has it",
        preset: "hadolint",
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install -r requirements.txt gunicorn"] },
      },
      {
        name: "tools that install others",
        preset: "recommended",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --upgrade pip setuptools wheel && npm install -g npm corepack && gem install bundler",
          ],
        },
      },
      {
        name: "versions of npm",
        files: {
          Dockerfile: [
            "FROM node:22-slim",
            "RUN npm install -g typescript@5.8.3 @angular/cli@20.1.4 'express@^5.1' 'sax@>=0.1.0 <0.2.0'",
            "RUN npm install git+https://github.com/npm/cli.git#v11.5.2 github:npm/cli#semver:^11 npm/cli#v11.5.2",
            "RUN npm install ./api ../web ~/cli /srv/app api.tgz https://example.com/api.tar.gz",
            "RUN npm install && npm install --progress=false && npm ci && yarn && yarn install && pnpm install && bun install",
            "RUN npm run --prefix=/app install && npm install --prefix /app && pnpm add web@workspace:*",
            "ARG TYPESCRIPT=5.8.3",
            "ARG ESLINT",
            "RUN npm install typescript@$TYPESCRIPT eslint@${ESLINT} $PACKAGES",
          ],
        },
      },
      {
        name: "versions of gems",
        files: {
          Dockerfile: [
            "FROM ruby:3.4-slim",
            "RUN gem install rails:8.0.2 nokogiri:1.18.9 && gem install puma -v '6.6.0' && gem install puma --version 6.6.0",
            "RUN gem install puma -v='6.6.0' && gem install puma --version='6.6.0' -- --use-system-libraries && gem install api.gem",
            "RUN bundle install && bundle add rails",
          ],
        },
      },
      {
        name: "versions of Go",
        files: {
          Dockerfile: [
            "FROM golang:1.25",
            "RUN go install golang.org/x/tools/gopls@v0.20.0 && go run github.com/a-h/templ/cmd/templ@v0.3.924 generate",
            "WORKDIR /src",
            "COPY go.mod go.sum ./",
            "RUN go install github.com/air-verse/air && go get -d ./... && go install ./cmd/api && go run ./cmd/api",
            "RUN go install -ldflags '-s -w' acme.io/api/cmd/... && go install std",
          ],
        },
      },
      {
        name: "versions of the others",
        files: {
          Dockerfile: [
            "FROM rust:1.89",
            "RUN cargo install just@1.42.4 && cargo install cargo-chef --version 0.1.72 && cargo install --path .",
            "RUN cargo install --git https://github.com/casey/just --tag 1.42.4 && cargo build --release",
            "RUN conda install -y numpy=2.3 conda-forge::scipy=1.16 && conda env create -f environment.yml",
            "RUN conda create -y -n web python=3.13 && conda install -y --file packages.txt",
            "RUN composer require laravel/framework:^12.0 && composer install && composer global require drush/drush=13.6.2",
            "RUN dotnet tool install --global dotnet-ef --version 9.0.8 && dotnet restore && dotnet tool restore",
            "RUN uv python install 3.13 && pnpm dlx create-vite web && composer create-project laravel/laravel web 12.3.0",
            "RUN poetry install && poetry add flask@3.1.1 && pipenv install --deploy && pipenv sync && uv sync",
          ],
        },
      },
      {
        name: "managers that are not judged",
        options: { managers: ["npm"] },
        files: { Dockerfile: ["FROM python:3.13-slim", "RUN pip install flask"] },
      },
      {
        name: "a stage for development that no build makes",
        files: {
          "compose.yaml": ["services:", "  api:", "    build:", "      context: .", "      target: builder"],
          Dockerfile: ["FROM python:3.13-slim AS builder", "FROM builder AS dev-envs", "RUN pip install pytest"],
        },
      },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { managers, exact, floating, requireHashes, besideFiles } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (stage.isWindows || isForDevelopment(stage)) return;
  for (const run of runsAndTriggers(stage)) {
    for (const command of run.packages) {
      const kind = languageManager(command);
      if (kind === undefined || !managers.includes(kind)) continue;
      if (requireHashes) yield* withoutHashes(command);
      if (!besideFiles && command.manifestFiles.length > 0) continue;
      for (const loose of loosePackages(command, run)) {
        if (loose.why === "range" && !exact) continue;
        if (!floating.includes(loose.operand.name ?? "")) yield finding(kind, loose);
      }
    }
  }
}

function finding(kind: LanguageManager, { operand, said, why, origin }: LoosePackage): Finding {
  return {
    kind,
    range: operand.range,
    message: messageOf(kind, said, why),
    related: origin === undefined ? undefined : [{ range: origin, message: "the version, which moves" }],
  };
}

function messageOf(kind: LanguageManager, said: string, why: LoosePackage["why"]): string {
  switch (why) {
    case "no-version":
      return `\`${said}\` is installed at whatever version is newest; write \`${said}${OPERATORS[kind]}<version>\``;
    case "moving":
      return `\`${said}\` moves with each release; name the version you tested`;
    case "branch":
      return `\`${said}\` names no tag or commit, so each push changes it; add one`;
    case "range":
      return `\`${said}\` leaves the version open; name one`;
  }
}

const OPERATORS: Readonly<Record<LanguageManager, string>> = {
  pip: "==",
  npm: "@",
  gem: ":",
  go: "@",
  cargo: "@",
  conda: "=",
  composer: ":",
  dotnet: " --version ",
  other: "==",
};

/** pip then refuses every archive that is not the one that was locked. */
function* withoutHashes({ family, manager, manifestFiles, options }: PackageCommand): Iterable<Finding> {
  if (family !== "pip" || options.has("--require-hashes")) return;
  for (const { kind, path, range } of manifestFiles) {
    if (kind !== "requirements") continue;
    yield {
      kind: "pip-hash",
      range,
      message: `\`${manager} install -r ${path ?? "…"}\` takes any archive of a version; add \`--require-hashes\``,
    };
  }
}
