import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { type ScriptedInstall, scriptedInstalls } from "../../src/project/install-scripts.js";
import type { StageView } from "../../src/project/model.js";

const options = {
  checkSourceDistributions: option.boolean({
    default: false,
    description: "Also asks `pip install` for `--only-binary :all:`: source distributions run `setup.py`.",
  }),
};

export default defineRule({
  id: "packages/no-install-scripts",
  summary: "Packages do not run their own install scripts",
  levels: { strict: "info" },
  roles: ["production", "ci"],
  fixable: "sometimes",
  securitySeverity: 4.3,
  why: [
    "A package may bring a script that runs when it is installed, and so may each of the hundreds that it depends on. It is how " +
      "stolen accounts of maintainers were used most often: the script runs in the build, beside its secrets, before anybody " +
      "has read it.",
  ],
  references: [
    "CWE-506",
    "https://docs.npmjs.com/cli/commands/npm-ci#ignore-scripts",
    "https://pnpm.io/settings#onlybuiltdependencies",
  ],
  options,
  mentions: { dockerfile: ["npm", "yarn", "composer", "pip"] },
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "npm",
        message: "`npm ci`",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN npm «ci» --omit=dev", "RUN npm «install» -g serve"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22",
            "WORKDIR /app",
            "RUN npm ci --ignore-scripts --omit=dev",
            "RUN npm install --ignore-scripts -g serve",
          ],
        },
      },
      {
        name: "Yarn by its bare name",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN «yarn»"] },
        fixed: { Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN yarn --ignore-scripts"] },
      },
      {
        name: "an old pnpm",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN corepack prepare pnpm@9.1.0 --activate", "RUN pnpm «i»"],
        },
        fixed: {
          Dockerfile: [
            "FROM node:22",
            "WORKDIR /app",
            "RUN corepack prepare pnpm@9.1.0 --activate",
            "RUN pnpm i --ignore-scripts",
          ],
        },
      },
      {
        name: "Composer",
        files: { Dockerfile: ["FROM composer:2", "WORKDIR /app", "RUN composer «install» --no-dev"] },
        fixed: { Dockerfile: ["FROM composer:2", "WORKDIR /app", "RUN composer install --no-scripts --no-dev"] },
      },
      {
        name: "pip, where asked for",
        options: { checkSourceDistributions: true },
        files: { Dockerfile: ["FROM python:3.13", "RUN pip «install» flask==3.1.1"] },
        fixed: { Dockerfile: ["FROM python:3.13", "RUN pip install --only-binary :all: flask==3.1.1"] },
      },
      {
        name: "exec form",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /app", 'RUN ["npm", «"ci"»]'] },
      },
    ],
    good: [
      {
        name: "scripts are left out, and one package built",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN npm ci --ignore-scripts && npm rebuild sharp"] },
      },
      {
        name: "a variable",
        files: { Dockerfile: ["FROM node:22", "WORKDIR /app", "ENV NPM_CONFIG_IGNORE_SCRIPTS=true", "RUN npm ci"] },
      },
      {
        name: "a setting",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "RUN npm config set ignore-scripts true", "RUN npm ci"],
        },
      },
      {
        name: "a file of settings",
        files: {
          Dockerfile: ["FROM node:22", "WORKDIR /app", "COPY . .", "RUN yarn install"],
          ".yarnrc.yml": ["enableScripts: false"],
        },
      },
      {
        name: "managers that ask first",
        files: { Dockerfile: ["FROM oven/bun:1.2", "WORKDIR /app", "RUN bun install", "RUN pnpm install"] },
      },
      {
        name: "pip, and wheels only",
        files: { Dockerfile: ["FROM python:3.13", "RUN pip install flask && pip install --only-binary :all: numpy"] },
      },
      { name: "an unknown folder", files: { Dockerfile: ["FROM node:22", "ARG DIR", "WORKDIR $DIR", "RUN npm ci"] } },
      {
        name: "Composer without scripts",
        files: { Dockerfile: ["FROM composer:2", "RUN composer install --no-scripts"] },
      },
      { name: "a development image", files: { "Dockerfile.dev": ["FROM node:22", "WORKDIR /app", "RUN npm ci"] } },
    ],
  },
});

function* checkStage(stage: StageView, { project, options: chosen }: RuleContext<typeof options>): Iterable<Finding> {
  for (const install of scriptedInstalls(stage, project, chosen.checkSourceDistributions)) {
    const { what, range, option: forbidding } = install;
    const message = `\`${what}\` runs scripts of every dependency; add \`${forbidding}\``;
    yield { range, message, fix: forbid(install) };
  }
}

/** Unsafe: packages with native parts may need their script. */
function forbid({ command, range, option: forbidding }: ScriptedInstall): Fix | undefined {
  if (command.invocation.via === "exec-form") return undefined;
  const { source, end } = range;
  const edits = [{ range: source.range(end, end), text: ` ${forbidding}` }];
  return { description: `add \`${forbidding}\``, safety: "unsafe", edits };
}
