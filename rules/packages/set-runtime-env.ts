import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build } from "../../src/project/model.js";
import { envFor, type MissingVariable, missingVariables } from "../../src/project/runtime-environment.js";

const GROUPS = ["basics", "telemetry", "tuning"];

const options = {
  groups: option.strings({
    default: ["basics"],
    description: "What is looked for: `basics`, `telemetry`, `tuning`.",
  }),
};

export default defineRule({
  id: "packages/set-runtime-env",
  summary: "Language runtimes get the environment that suits a container",
  levels: { recommended: "info", checklist: "info", strict: "warning" },
  kinds: {
    basics: { summary: "A runtime behaves as on a developer's machine" },
    telemetry: {
      summary: "A tool sends usage data from the build",
      levels: { recommended: "off", checklist: "off", strict: "info" },
      aliases: ["tally:prefer-telemetry-opt-out"],
    },
    tuning: {
      summary: "A faster way of the runtime is there and not used",
      levels: { recommended: "off", checklist: "off", strict: "info" },
      aliases: [
        "tally:ruby/jemalloc-installed-but-not-preloaded",
        "tally:ruby/yjit-not-enabled-on-supported-runtime",
        "tally:php/enable-opcache-in-production",
      ],
    },
  },
  roles: ["production"],
  fixable: "sometimes",
  why: [
    "Without a terminal Python keeps what it prints in a buffer: the last lines before a crash, which say why, are lost. Node.js " +
      "frameworks without `NODE_ENV=production` compile templates for each request and show stack traces to visitors.",
    "These are settings of the image, not of the code: who starts it elsewhere has to know them again.",
  ],
  references: [
    "https://docs.python.org/3/using/cmdline.html#envvar-PYTHONUNBUFFERED",
    "https://nodejs.org/en/learn/getting-started/nodejs-the-difference-between-development-and-production",
    "https://learn.microsoft.com/en-us/dotnet/core/tools/dotnet-environment-variables",
  ],
  options,
  presetOptions: { strict: { groups: GROUPS } },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "Python",
        kind: "basics",
        message: "`PYTHONUNBUFFERED=1`",
        files: { Dockerfile: ["«FROM» python:3.13-slim", 'CMD ["python","-m","app"]'] },
        fixed: { Dockerfile: ["FROM python:3.13-slim", "ENV PYTHONUNBUFFERED=1", 'CMD ["python","-m","app"]'] },
      },
      {
        name: "Python for a user who may not write, behind arguments",
        kind: "basics",
        message: "`PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1`",
        files: {
          Dockerfile: ["«FROM» python:3.13-slim", "ARG VERSION", "USER 1000", 'CMD ["gunicorn", "app:app"]'],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ARG VERSION",
            "ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1",
            "USER 1000",
            'CMD ["gunicorn", "app:app"]',
          ],
        },
      },
      {
        name: "a stage that it does not start from sets it",
        kind: "basics",
        files: {
          Dockerfile: [
            "FROM python:3.13 AS base",
            "ENV PYTHONUNBUFFERED=1",
            "RUN pip wheel -w /wheels flask==3.1.1",
            "«FROM» python:3.13-slim",
            "COPY --from=base /wheels /wheels",
            'CMD ["python", "-m", "app"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.13 AS base",
            "ENV PYTHONUNBUFFERED=1",
            "RUN pip wheel -w /wheels flask==3.1.1",
            "FROM python:3.13-slim",
            "ENV PYTHONUNBUFFERED=1",
            "COPY --from=base /wheels /wheels",
            'CMD ["python", "-m", "app"]',
          ],
        },
      },
      {
        name: "a Node.js server",
        kind: "basics",
        message: "`NODE_ENV=production`",
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "RUN npm run build",
            "«FROM» node:22-slim",
            "EXPOSE 3000",
            "CMD npm start",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22 AS build",
            "RUN npm run build",
            "FROM node:22-slim",
            "ENV NODE_ENV=production",
            "EXPOSE 3000",
            "CMD npm start",
          ],
        },
      },
      {
        name: "a Node.js server whose build needs the packages of development",
        kind: "basics",
        files: {
          Dockerfile: [
            "«FROM» node:22",
            "WORKDIR /app",
            "COPY . .",
            "RUN npm ci && npm run build",
            "EXPOSE 3000",
            'CMD ["node", "dist/server.js"]',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22",
            "WORKDIR /app",
            "COPY . .",
            "RUN npm ci && npm run build",
            "ENV NODE_ENV=production",
            "EXPOSE 3000",
            'CMD ["node", "dist/server.js"]',
          ],
        },
      },
      {
        name: ".NET on a distribution",
        kind: "basics",
        files: {
          Dockerfile: ["«FROM» ubuntu:24.04", "RUN apt-get install -y dotnet-runtime-9.0", 'CMD ["dotnet", "api.dll"]'],
        },
        fixed: {
          Dockerfile: [
            "FROM ubuntu:24.04",
            "ENV DOTNET_RUNNING_IN_CONTAINER=true",
            "RUN apt-get install -y dotnet-runtime-9.0",
            'CMD ["dotnet", "api.dll"]',
          ],
        },
      },
      {
        name: "usage data",
        kind: "telemetry",
        options: { groups: ["telemetry"] },
        files: {
          Dockerfile: [
            "FROM node:22 AS build",
            "RUN «npx» next build && next info",
            "FROM scratch",
            "COPY --from=build /app /",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22 AS build",
            "ENV NEXT_TELEMETRY_DISABLED=1",
            "RUN npx next build && next info",
            "FROM scratch",
            "COPY --from=build /app /",
          ],
        },
      },
      {
        name: "jemalloc that nothing loads",
        kind: "tuning",
        options: { groups: ["tuning"] },
        files: { Dockerfile: ["FROM debian:12", "RUN apt-get install -y «libjemalloc2»", 'CMD ["/app"]'] },
      },
      {
        name: "Ruby without its compiler",
        kind: "tuning",
        options: { groups: ["tuning"] },
        files: { Dockerfile: ["«FROM» ruby:3.4-slim", 'CMD ["bin/rails", "server"]'] },
        fixed: { Dockerfile: ["FROM ruby:3.4-slim", "ENV RUBY_YJIT_ENABLE=1", 'CMD ["bin/rails", "server"]'] },
      },
      {
        name: "PHP without opcache",
        kind: "tuning",
        options: { groups: ["tuning"] },
        files: { Dockerfile: ["«FROM» php:8.3-fpm", "COPY . /var/www/html"] },
      },
    ],
    good: [
      {
        name: "set in the image",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1",
            'CMD ["python","-m","app"]',
          ],
        },
      },
      {
        name: "set in a parent stage",
        files: {
          Dockerfile: [
            "FROM node:22 AS base",
            "ENV NODE_ENV=production",
            "FROM base",
            "EXPOSE 80",
            'CMD ["node", "server.js"]',
          ],
        },
      },
      {
        name: "set by the service",
        files: {
          Dockerfile: ["FROM python:3.13-slim", 'CMD ["python","-m","app"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", "    environment:", "      PYTHONUNBUFFERED: 1"],
        },
      },
      {
        name: "an option that does it",
        files: { Dockerfile: ["FROM python:3.13-slim", 'CMD ["python","-u","app.py"]'] },
      },
      { name: "an unknown base", files: { Dockerfile: ["FROM registry.acme.io/python", 'CMD ["python","app.py"]'] } },
      { name: "a tool that serves nothing", files: { Dockerfile: ["FROM node:22", 'ENTRYPOINT ["node", "cli.js"]'] } },
      {
        name: "a server for development",
        files: { Dockerfile: ["FROM node:22", "EXPOSE 3000", 'CMD ["npm", "run", "dev"]'] },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM python:3.13", 'CMD ["python", "app.py"]'] },
      },
      {
        name: "Microsoft's own images",
        files: { Dockerfile: ["FROM mcr.microsoft.com/dotnet/aspnet:9.0", 'CMD ["dotnet", "api.dll"]'] },
      },
      {
        name: "a stage that builds",
        files: {
          Dockerfile: [
            "FROM python:3.13 AS build",
            "RUN python -m build",
            "FROM nginx:1.29",
            "COPY --from=build /dist /",
          ],
        },
      },
      {
        name: "silenced tools, and runtimes that are tuned",
        options: { groups: GROUPS },
        files: {
          Dockerfile: [
            "FROM node:22 AS web",
            "ENV NEXT_TELEMETRY_DISABLED=1",
            "RUN next build",
            "RUN ASTRO_TELEMETRY_DISABLED=1 astro build",
            "FROM ruby:3.4-slim",
            "RUN apt-get install -y libjemalloc2",
            "ENV LD_PRELOAD=libjemalloc.so.2 RUBY_YJIT_ENABLE=1",
            "COPY --from=web /app /app",
            'CMD ["bin/rails", "server"]',
          ],
        },
      },
      {
        name: "a start script that may load jemalloc",
        options: { groups: GROUPS },
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN apt-get install -y libjemalloc2",
            'ENTRYPOINT ["/rails/bin/docker-entrypoint"]',
          ],
        },
      },
      {
        name: "an older Ruby",
        options: { groups: GROUPS },
        files: { Dockerfile: ["FROM ruby:3.2", 'CMD ["bin/rails", "server"]'] },
      },
      {
        name: "PHP with opcache",
        options: { groups: GROUPS },
        files: { Dockerfile: ["FROM php:8.3-fpm", "RUN docker-php-ext-install opcache"] },
      },
      {
        name: "groups that are not asked for",
        options: { groups: ["basics"] },
        files: { Dockerfile: ["FROM ruby:3.4", "RUN dotnet build", 'CMD ["puma"]'] },
      },
    ],
  },
});

function* checkBuild(build: Build, { project, options: chosen }: RuleContext<typeof options>): Iterable<Finding> {
  for (const missing of missingVariables(build, project, chosen.groups)) {
    const { kind, fact, remedy, range, elsewhere } = missing;
    yield {
      kind,
      range,
      message: `${fact}; ${remedy}`,
      related:
        elsewhere === undefined
          ? []
          : [{ range: elsewhere, message: "set in a stage that this one does not start from" }],
      confidence: missing.isPossible === true ? "low" : "high",
      fix: setVariable(missing),
    };
  }
}

/** Unsafe: that is what it is for. */
function setVariable(missing: MissingVariable): Fix | undefined {
  const edit = envFor(missing);
  return edit === undefined ? undefined : { description: `set \`${missing.words}\``, safety: "unsafe", edits: [edit] };
}
