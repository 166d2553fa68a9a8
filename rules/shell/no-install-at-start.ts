import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import type { Project, StageView } from "../../src/project/model.js";
import { commandsOf, runsOnce } from "../../src/project/service-view.js";
import { type StartInstall, startInstalls } from "../../src/project/start-installs.js";
import { startScriptOf } from "../../src/project/start-scripts.js";

export default defineRule({
  id: "shell/no-install-at-start",
  summary: "Containers do not install software when they start",
  levels: { recommended: "info", strict: "warning" },
  roles: ["production"],
  fixable: "never",
  why: [
    "Each start then takes the time of the install and needs the registry to answer. Two containers of one image run different " +
      "versions, a restart at night brings an update nobody tested, and the root filesystem cannot be read-only.",
  ],
  references: [
    "https://docs.docker.com/build/building/best-practices/#create-ephemeral-containers",
    "https://12factor.net/build-release-run",
  ],
  mentions: { dockerfile: ["cmd", "entrypoint"], compose: ["command", "entrypoint"] },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "Compose",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:24.11.0",
            '    command: sh -c "«npm» install && npm start"',
          ],
        },
        message: "`npm install` runs at every start of `api`",
      },
      {
        name: "the start command",
        files: { Dockerfile: ["FROM python:3.13.1", "CMD «pip» install -r requirements.txt && python app.py"] },
        message: "`pip install` runs at every start",
      },
      {
        name: "an entrypoint script of the context",
        files: {
          Dockerfile: ["FROM php:8.4-fpm", "COPY entrypoint.sh /entrypoint.sh", 'ENTRYPOINT ["/entrypoint.sh"]'],
          "entrypoint.sh": ["#!/bin/sh", "«composer» install", 'exec "$@"'],
        },
      },
      {
        name: "an entrypoint script of a heredoc",
        files: {
          Dockerfile: [
            "FROM debian:12.8",
            "COPY <<EOF /entrypoint.sh",
            "#!/bin/sh",
            "«git» clone https://example.com/site.git /site",
            "«curl» -fsSL https://example.com/install.sh | sh",
            "EOF",
            'ENTRYPOINT ["/entrypoint.sh"]',
          ],
        },
      },
      {
        name: "only where something is missing",
        files: { Dockerfile: ["FROM ruby:3.4.1", 'CMD ["sh", "-c", "[ -d vendor ] || «bundle» install; exec puma"]'] },
      },
    ],
    good: [
      {
        name: "installed in the image",
        files: {
          Dockerfile: ["FROM node:24.11.0", "RUN npm ci", 'CMD ["npm", "start"]'],
          "compose.yaml": ["services:", "  api:", "    build: .", '    command: ["npm", "start"]'],
        },
      },
      {
        name: "migrations and checks",
        files: {
          Dockerfile: [
            "FROM ruby:3.4.1",
            "CMD bundle check || bundle install && rails db:migrate && exec rails server",
          ],
        },
      },
      {
        name: "development",
        files: {
          "Dockerfile.dev": ["FROM node:24.11.0", "CMD npm install && npm run dev"],
          "compose.dev.yaml": ["services:", "  api:", "    image: node:24.11.0", "    command: npm install"],
        },
      },
      {
        name: "services that prepare something once",
        files: {
          "compose.yaml": [
            "services:",
            "  assets-init:",
            "    image: node:24.11.0",
            '    command: sh -c "npm ci && npm run build"',
            "  tools:",
            "    image: node:24.11.0",
            "    profiles: [tools]",
            "    command: npm install",
          ],
        },
      },
      {
        name: "the checkout, mounted",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: python:3.13.1",
            '    command: sh -c "pip install -e . && python -m api"',
            "    volumes: [.:/app]",
          ],
        },
      },
      {
        name: "a stage that does not ship",
        files: { Dockerfile: ["FROM node:24.11.0 AS dev", "CMD npm install", "FROM node:24.11.0"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, { project }: RuleContext): Iterable<Finding> {
  if (stage.build.target !== stage) return;
  for (const view of [stage.entrypoint, stage.command]) {
    if (view === undefined || view.stage.build !== stage.build) continue;
    for (const install of startInstalls(view.commands)) yield toFinding(install, "");
    yield* ofScript(stage, view, project);
  }
}

function* ofScript(stage: StageView, view: NonNullable<StageView["command"]>, project: Project): Iterable<Finding> {
  const start = startScriptOf(view, stage, project);
  if (start.kind !== "script") return;
  const related = [{ range: view.instruction.range, message: "this starts the script" }];
  for (const install of startInstalls(start.script.invocations)) yield { ...toFinding(install, ""), related };
}

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { command, entrypoint } = service;
  for (const written of [entrypoint, command]) {
    if (written === undefined || written.words.length === 0) continue;
    for (const install of startInstalls(commandsOf(written))) {
      if (isPreparation(service, project) || isCheckout(install, service)) continue;
      yield toFinding(install, ` of \`${service.name}\``);
    }
  }
}

function toFinding({ what, range, isCertain }: StartInstall, whose: string): Finding {
  return {
    range,
    message: `\`${what}\` runs at every start${whose}; install in the image`,
    confidence: isCertain ? undefined : "medium",
  };
}

/** A service that runs to its end before others start, or only when it is asked for. */
function isPreparation(service: Service, project: Project): boolean {
  if (/(?:^|[-_])(?:init|setup|migrate|migrations?|seed|install|installer)(?:$|[-_])/.test(service.name)) return true;
  return service.profiles.length > 0 || runsOnce(service, project);
}

/** `pip install -e .` makes the mounted checkout importable. */
function isCheckout({ command }: StartInstall, { mounts }: Service): boolean {
  const isEditable = command.args.some(({ value }) => value === "-e" || value === "--editable");
  return isEditable && mounts.some(({ type }) => type === "bind");
}
