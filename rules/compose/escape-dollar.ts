import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { type ReplacedVariable, replacedVariables, unexpandedVariables } from "../../src/project/replaced-variables.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "compose/escape-dollar",
  summary: "A dollar for the container's shell is doubled",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    replaced: { summary: "Compose replaces a variable that only the container has" },
    unexpanded: { summary: "a doubled dollar where no shell runs", levels: { recommended: "info" } },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose replaces `$NAME` in commands before any container exists, from its own `.env` and the shell of whoever calls it. " +
      "What `environment` and `env_file` set is not known there, so that the container gets an empty text instead of its variable.",
    "`$$` gives the container one dollar. Only a shell does something with it.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/interpolation/",
    "https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/",
  ],
  mentions: { compose: ["$"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "in a health check",
        kind: "replaced",
        message: "Compose replaces `$POSTGRES_USER` before the container sees it; write `$$POSTGRES_USER`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_USER: app}",
            '    healthcheck: {test: ["CMD-SHELL", "pg_isready -U «$POSTGRES_USER»"]}',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_USER: app}",
            '    healthcheck: {test: ["CMD-SHELL", "pg_isready -U $$POSTGRES_USER"]}',
          ],
        },
      },
      {
        name: "set by an env file, and by the image",
        kind: "replaced",
        message: "write `$${DB_USER}`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    env_file: api.env",
            '    command: [sh, -c, "wait-for «${DB_USER}» && serve --port «${PORT:-80}»"]',
            "    post_start: [{command: 'sh -c \"migrate «$DB_USER»\"'}]",
          ],
          "api.env": ["DB_USER=app"],
          Dockerfile: ["FROM node:22.14-slim", "ENV PORT=8080"],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    env_file: api.env",
            '    command: [sh, -c, "wait-for $${DB_USER} && serve --port $${PORT:-80}"]',
            "    post_start: [{command: 'sh -c \"migrate $$DB_USER\"'}]",
          ],
        },
      },
      {
        name: "where no shell could put it in",
        kind: "replaced",
        message:
          "Compose replaces `$REDIS_PASSWORD` before the container sees it; no shell runs here, use `sh -c` and `$$`",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4.2",
            "    environment: [REDIS_PASSWORD=change-me]",
            "    command: redis-server --requirepass «$REDIS_PASSWORD»",
          ],
        },
      },
      {
        name: "a doubled dollar in an array",
        kind: "unexpanded",
        message: "no shell runs here, so that `${HOST}` stays as it is; use `CMD-SHELL` or `sh -c`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    entrypoint: [/api, --host, '«$${HOST}»']",
            "    healthcheck: {test: [CMD, curl, -f, 'http://localhost:«$$PORT»/']}",
          ],
        },
      },
    ],
    good: [
      {
        name: "doubled for a shell",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_USER: app}",
            "    healthcheck: {test: 'pg_isready -U $$POSTGRES_USER'}",
            "  api: {image: 'acme/api:1.4.0', command: [gosu, app, sh, -c, 'serve $$PORT']}",
            "  job: {image: 'acme/job:1.4.0', command: [run, $$NAME], entrypoint: '/bin/sh /start.sh'}",
          ],
        },
      },
      {
        name: "the same value for Compose and for the container",
        files: {
          ".env.example": ["POSTGRES_DB=shop"],
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment:",
            "      POSTGRES_USER: ${POSTGRES_USER:-app}",
            "      POSTGRES_DB: shop",
            "      PGPORT: '5432'",
            "      PGDATA:",
            "    healthcheck:",
            "      test: 'pg_isready -U ${POSTGRES_USER:-app} -d $POSTGRES_DB -p ${PGPORT:-5432} $PGDATA'",
          ],
        },
      },
      {
        name: "variables of Compose only, and what is no name",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    environment: {LEVEL: info}",
            "    command: serve --zone ${ZONE:-eu} --price 5$",
            "    healthcheck: {test: [CMD, grep, '^ok$$', /tmp/state]}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  for (const variable of replacedVariables(service, project)) yield replaced(variable);
  for (const { range, text } of unexpandedVariables(service)) {
    const message = `no shell runs here, so that ${quoted(text)} stays as it is; use \`CMD-SHELL\` or \`sh -c\``;
    yield { kind: "unexpanded", range, message };
  }
}

function replaced({ use: { range }, setAt, isLiteral, hasShell }: ReplacedVariable): Finding {
  const written = textOf(range);
  const remedy = hasShell ? `write ${quoted(`$${written}`)}` : "no shell runs here, use `sh -c` and `$$`";
  return {
    kind: "replaced",
    range,
    message: `Compose replaces ${quoted(written)} before the container sees it; ${remedy}`,
    related: setAt === undefined ? [] : [{ range: setAt, message: "set for the container here" }],
    fix: hasShell
      ? {
          description: "double the dollar",
          safety: isLiteral ? "safe" : "unsafe",
          edits: [{ range: range.source.range(range.start, range.start), text: "$" }],
        }
      : undefined,
  };
}
