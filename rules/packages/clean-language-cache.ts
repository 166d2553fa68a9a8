import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { keptCaches } from "../../src/project/language-caches.js";
import type { RunView, StageView } from "../../src/project/model.js";
import { addOptions, appendCommand } from "../../src/project/package-edits.js";
import { isJudged } from "../../src/project/system-caches.js";
import { runsAndTriggers } from "../../src/project/trigger-runs.js";
import type { PackageCommand } from "../../src/shell/package-model.js";

const KINDS = ["pip", "uv", "conda", "yarn", "bundle", "gem", "composer", "npm", "other"] as const;
type Kind = (typeof KINDS)[number];

const options = {
  managers: option.strings({
    default: KINDS,
    description: "Package managers that are judged, by the names of the kinds.",
  }),
  stages: option.choice({
    words: ["shipped", "all"],
    default: "shipped",
    description: "`all` also judges stages that only build, whose layers do not ship.",
  }),
};

export default defineRule({
  id: "packages/clean-language-cache",
  summary: "Download caches of language package managers leave the layer",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    pip: {
      summary: "`pip install` with its cache",
      // The documents of the checklist leave the cache in images for tests, which nobody pulls.
      levels: { checklist: ["warning", "off"] },
      aliases: [
        "hadolint:DL3042",
        "kics:pip-install-keeping-cached-packages",
        "kics:f2f903fb-b977-461e-98d7-b3e2185c6118",
        "semgrep:missing-pip-no-cache-dir",
      ],
    },
    uv: { summary: "uv with its cache" },
    conda: { summary: "conda, mamba or micromamba with fetched archives" },
    yarn: { summary: "yarn with its cache", aliases: ["hadolint:DL3060"] },
    bundle: { summary: "bundler with fetched gems", aliases: ["tally:ruby/leftover-bundler-cache"] },
    gem: { summary: "gems with documentation" },
    composer: { summary: "composer with its cache" },
    npm: { summary: "npm with its cache", levels: { recommended: "off", checklist: "off", strict: "info" } },
    other: {
      summary: "pnpm, bun, go, cargo or poetry with its cache",
      levels: { recommended: "off", checklist: "off", strict: "info" },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "A cache makes the second download fast, and in an image there is no second one: what was fetched is there twice, once " +
      "installed and once as an archive. A cache mount keeps it between builds and out of the layer.",
  ],
  references: [
    "https://pip.pypa.io/en/stable/topics/caching/",
    "https://docs.docker.com/build/cache/optimize/#use-cache-mounts",
    "CWE-459",
  ],
  options,
  presetOptions: { hadolint: { stages: "all" } },
  mentions: {
    dockerfile: "pip uv conda mamba yarn bundle gem composer npm bun go cargo poetry".split(" "),
  },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "pip",
        kind: "pip",
        message: "`pip install` keeps its download cache",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip «install» -r requirements.txt && python3 -m pip «install» flask==3.1.1",
            'RUN ["pip3", «"install"», "httpx==0.28.1"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --no-cache-dir -r requirements.txt && python3 -m pip install --no-cache-dir flask==3.1.1",
            'RUN ["pip3", "install", "--no-cache-dir", "httpx==0.28.1"]',
          ],
        },
      },
      {
        name: "a variable that switches nothing off, and a mount elsewhere",
        kind: "pip",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV PIP_NO_CACHE_DIR=0",
            "RUN --mount=type=cache,target=/root/.npm pip «install» flask==3.1.1",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV PIP_NO_CACHE_DIR=0",
            "RUN --mount=type=cache,target=/root/.npm pip install --no-cache-dir flask==3.1.1",
          ],
        },
      },
      {
        name: "a stage that only builds, as hadolint has it",
        kind: "pip",
        preset: "hadolint",
        files: {
          Dockerfile: [
            "FROM python:3.13 AS build",
            "RUN pip «install» flask==3.1.1",
            "ONBUILD RUN pip «install» flask==3.1.1",
            "FROM scratch",
            "COPY --from=build /srv /srv",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13 AS build",
            "RUN pip install --no-cache-dir flask==3.1.1",
            "ONBUILD RUN pip install --no-cache-dir flask==3.1.1",
            "FROM scratch",
            "COPY --from=build /srv /srv",
          ],
        },
      },
      {
        name: "uv",
        kind: "uv",
        files: {
          Dockerfile: ["FROM python:3.13-slim", "RUN uv «sync» --frozen && uv «pip install» --system flask==3.1.1"],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN uv sync --no-cache --frozen && uv pip install --no-cache --system flask==3.1.1",
          ],
        },
      },
      {
        name: "conda",
        kind: "conda",
        files: {
          Dockerfile: ["FROM continuumio/miniconda3:25.1.1-2", "RUN conda clean -a && conda «install» -y numpy=2.3"],
        },
        fixed: {
          Dockerfile: [
            "FROM continuumio/miniconda3:25.1.1-2",
            "RUN conda clean -a && conda install -y numpy=2.3 && conda clean -afy",
          ],
        },
      },
      {
        name: "yarn",
        kind: "yarn",
        files: {
          Dockerfile: ["FROM node:22-slim", "RUN yarn «install» --frozen-lockfile", "RUN «yarn» && yarn build"],
        },
      },
      {
        name: "bundler",
        kind: "bundle",
        files: { Dockerfile: ["FROM ruby:3.4-slim", "COPY Gemfile Gemfile.lock ./", "RUN bundle «install»"] },
      },
      {
        name: "gem on a base that has no setting for it",
        kind: "gem",
        message: "also makes documentation",
        files: { Dockerfile: ["FROM debian:12-slim", "RUN gem «install» puma:6.6.0"] },
        fixed: { Dockerfile: ["FROM debian:12-slim", "RUN gem install --no-document puma:6.6.0"] },
      },
      {
        name: "composer",
        kind: "composer",
        files: { Dockerfile: ["FROM php:8.4-cli", "RUN composer «install» --no-dev"] },
        fixed: { Dockerfile: ["FROM php:8.4-cli", "RUN composer install --no-cache --no-dev"] },
      },
      {
        name: "npm",
        kind: "npm",
        files: { Dockerfile: ["FROM node:22-slim", "RUN npm «ci» --omit=dev"] },
      },
      {
        name: "others",
        kind: "other",
        files: {
          Dockerfile: [
            "FROM golang:1.25",
            "RUN go «mod download» && pnpm «install» && poetry «install» && cargo «install» just@1.42.4",
          ],
        },
      },
    ],
    good: [
      {
        name: "options and variables of pip",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --no-cache-dir flask==3.1.1 && pip --no-cache-dir install flask==3.1.1",
            "RUN pip install --no-cache flask==3.1.1",
            "RUN PIP_NO_CACHE_DIR=1 pip install flask==3.1.1",
            "RUN export PIP_NO_CACHE_DIR=on && pip install flask==3.1.1",
            "RUN pip config set global.no-cache-dir true && pip install flask==3.1.1",
            "RUN pip install --no-index --find-links /wheels flask && pip download flask && pip wheel flask",
            "RUN pipx install black==25.1.0 && pipenv install --deploy && python3 -m pipx install black==25.1.0",
          ],
        },
      },
      {
        name: "a variable in the parent stage",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim AS base",
            "ENV PIP_NO_CACHE_DIR=True",
            "FROM base",
            "RUN pip install flask==3.1.1",
          ],
        },
      },
      {
        name: "mounts",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN --mount=type=cache,target=/root/.cache/pip pip install flask==3.1.1",
            "RUN --mount=type=tmpfs,target=/root/.cache pip install flask==3.1.1",
            "RUN --mount=type=cache,target=/root/.cache/uv uv sync --frozen",
            "RUN --mount=type=cache,target=/root/.cache/yarn yarn install",
            "RUN --mount=type=cache,target=/usr/local/share/.cache/yarn yarn install",
            "RUN --mount=type=cache,target=/opt/conda/pkgs conda install -y numpy=2.3",
          ],
        },
      },
      {
        name: "caches that the RUN empties",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install flask==3.1.1 && rm -rf ~/.cache && pip install httpx==0.28.1 && pip cache purge",
            "RUN pip install flask==3.1.1 && rm -rf /root/.cache/pip",
            "RUN pip install --cache-dir /tmp/pip flask==3.1.1 && rm -rf /tmp/*",
            "RUN uv sync --frozen && uv cache clean && conda install -y numpy=2.3 && conda clean --all -y",
            "RUN yarn install && yarn cache clean && npm ci && npm cache clean --force",
            'RUN bundle install && rm -rf ~/.bundle/ "${BUNDLE_PATH}"/ruby/*/cache',
            "RUN composer install && composer clear-cache",
          ],
        },
      },
      {
        name: "options of the others",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN uv sync --no-cache --frozen && uv pip install -n --system flask==3.1.1 && uv python install 3.13",
            "RUN gem install --no-document puma:6.6.0 && gem install -N puma:6.6.0",
            "RUN composer install --no-cache --no-dev",
            "ENV UV_NO_CACHE=1 COMPOSER_CACHE_DIR=/dev/null",
            "RUN uv sync --frozen && composer install",
            "RUN echo 'gem: --no-document' > /etc/gemrc && gem install puma:6.6.0",
          ],
        },
      },
      {
        name: "the official image of Ruby makes no documentation",
        files: { Dockerfile: ["FROM ruby:3.4-slim", "RUN gem install puma:6.6.0"] },
      },
      {
        name: "a stage that only builds",
        files: {
          Dockerfile: [
            "FROM python:3.13 AS build",
            "RUN pip install --prefix=/install flask==3.1.1",
            "FROM python:3.13-slim",
            "COPY --from=build /install /usr/local",
          ],
        },
      },
      {
        name: "an image for tests, under the checklist",
        preset: "checklist",
        files: { "Dockerfile.test": ["FROM python:3.13-slim", "COPY . /src", "RUN pip install -e /src[dev]"] },
      },
      {
        name: "managers that are not judged, and what is no install",
        options: { managers: ["conda"] },
        files: {
          Dockerfile: ["FROM python:3.13-slim", "RUN pip install flask==3.1.1 && conda list && conda env list"],
        },
      },
    ],
  },
});

function* checkStage(
  stage: StageView,
  { options: { managers, stages } }: RuleContext<typeof options>,
): Iterable<Finding> {
  if (!isJudged(stage, stages)) return;
  for (const run of stages === "all" ? runsAndTriggers(stage) : stage.runs) {
    if (run.packages.length === 0 || run.script?.partial === true) continue;
    for (const command of keptCaches(run)) {
      const kind = kindOf(command);
      if (managers.includes(kind)) yield finding(kind, command, run);
    }
  }
}

function kindOf({ family }: PackageCommand): Kind {
  return KINDS.find((kind) => kind === family) ?? "other";
}

/** Flags that are put behind the verb; for the others the RUN has to end with a clean-up. */
const FLAGS: { readonly [Name in Kind]?: string } = {
  pip: "--no-cache-dir",
  uv: "--no-cache",
  gem: "--no-document",
  composer: "--no-cache",
};

function finding(kind: Kind, command: PackageCommand, run: RunView): Finding {
  const { manager, verb, verbRange, family } = command;
  const said = `${manager} ${verb}`.trim();
  const flag = FLAGS[kind];
  if (flag !== undefined) {
    const fact = kind === "gem" ? "also makes documentation" : "keeps its download cache in this layer";
    const remedy = kind === "gem" ? `add \`${flag}\`` : `add \`${flag}\`, or mount a cache`;
    return { kind, range: verbRange, message: `\`${said}\` ${fact}; ${remedy}`, fix: withFlag(command, flag) };
  }
  const clean = kind === "conda" ? `${manager} clean -afy` : CLEANING[family];
  const remedy = clean === undefined ? "mount a cache" : `end the RUN with \`${clean}\`, or mount a cache`;
  const edit = kind === "conda" && clean !== undefined ? appendCommand(run, clean) : undefined;
  return {
    kind,
    range: verbRange,
    message: `\`${said}\` keeps its download cache in this layer; ${remedy}`,
    fix:
      edit === undefined ? undefined : { description: `end the RUN with \`${clean}\``, safety: "safe", edits: [edit] },
  };
}

/** Safe: what is installed stays the same. */
function withFlag(command: PackageCommand, flag: string): Fix | undefined {
  const edit = addOptions(command, flag);
  return edit === undefined ? undefined : { description: `add \`${flag}\``, safety: "safe", edits: [edit] };
}

const CLEANING: { readonly [Family in PackageCommand["family"]]?: string } = {
  yarn: "yarn cache clean",
  npm: "npm cache clean --force",
  pnpm: "pnpm store prune",
  bun: "bun pm cache rm",
  poetry: "poetry cache clear --all .",
};
