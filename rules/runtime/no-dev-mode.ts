import type { KeyValue, Service } from "../../src/compose/model.js";
import { roleOfFileName } from "../../src/data/roles.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { developmentSign } from "../../src/project/dev-commands.js";
import { isInteractiveShell, runsOnce, startedBy } from "../../src/project/service-view.js";
import { quoted } from "../../src/text/quoted.js";
import { words } from "../../src/text/words.js";

/** Variables that frameworks take their mode from. */
const MODES =
  "NODE_ENV APP_ENV RAILS_ENV RACK_ENV FLASK_ENV ASPNETCORE_ENVIRONMENT DOTNET_ENVIRONMENT DJANGO_ENV MIX_ENV ENV ENVIRONMENT";
const DEVELOPMENT: ReadonlySet<string> = new Set(["dev", "development", "local"]);
/** Switches that show the inside of a program to whoever asks. */
const SWITCHES = "DEBUG FLASK_DEBUG APP_DEBUG DJANGO_DEBUG";
const ON: ReadonlySet<string> = new Set(["1", "true", "yes", "on", "t", "y"]);
const LOUD: ReadonlySet<string> = new Set(["debug", "trace", "verbose"]);

export default defineRule({
  id: "runtime/no-dev-mode",
  summary: "Production does not run in development mode",
  levels: {
    recommended: ["warning", "info", "off"],
    checklist: ["warning", "info", "off"],
    strict: ["warning", "off"],
  },
  kinds: {
    mode: { summary: "a server, variable or switch for development" },
    verbose: {
      summary: "talkative logs, and a terminal that nobody uses",
      levels: { recommended: ["info", "off"], checklist: ["info", "off"], strict: ["info", "off"] },
    },
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "Servers for development show source, variables and a console to whoever causes an error, watch files that never change, and " +
      "answer one request at a time.",
  ],
  references: [
    "CWE-489",
    "CWE-1295",
    "https://flask.palletsprojects.com/en/stable/debugging/",
    "https://docs.djangoproject.com/en/5.1/ref/settings/#debug",
    "https://expressjs.com/en/advanced/best-practice-performance.html#set-node_env-to-production",
  ],
  securitySeverity: 5.3,
  yieldsTo: ["network/no-debug-ports"],
  check: {
    *service(service, { project, role }) {
      if (service.hasProvider || (!role.stated && isBuiltForDevelopment(service))) return;
      const { entries } = service.node;
      if (entries.has("environment")) yield* checkEnvironment(service);
      yield* checkTerminal(service, project);
      if (entries.has("develop")) yield* checkWatch(service);
      yield* checkCommands(service, project);
    },
  },
  examples: {
    bad: [
      {
        name: "Keycloak without its checks",
        kind: "mode",
        message: "`start-dev` runs a development server in production",
        files: {
          "compose.yaml": [
            "services:",
            "  keycloak: { image: 'quay.io/keycloak/keycloak:26.0', command: «start-dev» --import-realm }",
          ],
        },
      },
      {
        name: "variables of frameworks",
        kind: "mode",
        message: "`NODE_ENV=development` runs `api` in development mode",
        preset: "recommended",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { NODE_ENV: «development» } }",
            "  web: { image: 'web:1.2.0', environment: ['FLASK_ENV=«dev»', 'APP_ENV=«local»'] }",
          ],
        },
      },
      {
        name: "stated production",
        kind: "mode",
        preset: "recommended",
        severity: "warning",
        files: {
          "compose.prod.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { DEBUG: «'true'», FLASK_DEBUG: «1» } }",
          ],
        },
      },
      {
        name: "a console without its PIN",
        kind: "mode",
        files: {
          "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', environment: { WERKZEUG_DEBUG_PIN: «'off'» } }"],
        },
      },
      {
        name: "servers that watch their source",
        kind: "mode",
        message: "`--reload` runs a development server in production",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', command: uvicorn app:app «--reload» }",
            "  web: { image: 'web:1.2.0', command: npm run «dev» }",
            "  admin: { image: 'api:1.2.0', command: 'python manage.py «runserver» 0.0.0.0:8000' }",
            "  docs: { image: 'web:1.2.0', command: [yarn, «start:dev»] }",
            "  shop: { image: 'web:1.2.0', command: [«nodemon», server.js] }",
            "  blog: { image: 'web:1.2.0', command: sh -c \"flask «run» --host 0.0.0.0\" }",
            "  site: { image: 'web:1.2.0', command: next «dev» }",
            "  old: { image: 'web:1.2.0', command: node «--inspect» server.js }",
          ],
        },
      },
      {
        name: "the command of the Dockerfile",
        kind: "mode",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["npm", "run", «"dev"»]'],
          "compose.yaml": ["services:", "  web: { build: . }"],
        },
      },
      {
        name: "watching",
        kind: "mode",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build: .",
            "    develop:",
            "      «watch»: [{ action: sync, path: ./src, target: /app/src }]",
          ],
          Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["node", "server.js"]'],
        },
      },
      {
        name: "talkative",
        kind: "verbose",
        message: "`LOG_LEVEL=debug`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { LOG_LEVEL: «debug», DEBUG: «'app:*'» }, tty: «true», stdin_open: «true» }",
          ],
        },
      },
    ],
    good: [
      {
        name: "what is built for development, where nothing says production",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS backend-dev",
            'CMD ["npm", "run", "dev"]',
            "FROM node:22.14.0",
            'CMD ["node", "server.js"]',
          ],
          "Dockerfile.dev": ["FROM ruby:3.4.1"],
          "compose.yaml": [
            "services:",
            "  api: { build: { context: ., target: backend-dev }, environment: { NODE_ENV: development } }",
            "  shop: { build: { context: ., dockerfile: Dockerfile.dev }, environment: { RAILS_ENV: development }, tty: true }",
          ],
        },
      },
      {
        name: "production names an image that development builds, too",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS dev",
            'CMD ["npm", "run", "dev"]',
            "FROM node:22.14.0",
            'CMD ["node", "server.js"]',
          ],
          "compose.yaml": ["services:", "  api: { image: 'acme/api:dev', build: . }"],
          "compose.override.yaml": ["services:", "  api: { build: { target: dev } }"],
          "compose.prod.yaml": ["services:", "  api: { build: !reset null }"],
        },
      },
      {
        name: "production",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', command: uvicorn app:app --workers 4, environment: { NODE_ENV: production, DEBUG: 'false', LOG_LEVEL: info } }",
            "  web: { image: 'web:1.2.0', command: npm start }",
            "  site: { image: 'web:1.2.0', command: vite build }",
            "  admin: { image: 'api:1.2.0', command: gunicorn shop.wsgi, environment: { DEBUG: 0 } }",
          ],
        },
      },
      {
        name: "a value that nobody knows, or a default for production",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { NODE_ENV: '${NODE_ENV:-production}', DEBUG: '${DEBUG}', APP_ENV: } }",
          ],
        },
      },
      {
        name: "jobs, and a person's terminal",
        files: {
          "compose.yaml": [
            "services:",
            "  shell: { image: 'api:1.2.0', profiles: [tools], tty: true, stdin_open: true }",
            "  ksql: { image: 'confluentinc/cp-ksqldb-cli:7.4.4', entrypoint: /bin/sh, tty: true }",
            "  seed: { image: 'api:1.2.0', command: npm run seed, tty: false }",
          ],
        },
      },
      {
        name: "development",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', command: uvicorn app:app --reload, environment: { DEBUG: 'true' } }",
          ],
        },
      },
      {
        name: "the file that developers lay over another",
        files: {
          "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', command: uvicorn app:app }"],
          "compose.override.yaml": [
            "services:",
            "  api: { command: uvicorn app:app --reload, environment: { DEBUG: 'true' }, tty: true }",
          ],
        },
      },
      {
        name: "a stage for development, of which another rule speaks",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim AS dev",
            'CMD ["npm", "run", "dev"]',
            "FROM node:22.14.0-slim",
            'CMD ["node", "server.js"]',
          ],
          "compose.yaml": ["services:", "  web: { build: { context: ., target: dev } }"],
        },
      },
    ],
  },
});

function* checkEnvironment(service: Service): Iterable<Finding> {
  const { entries } = service.environment;
  if (entries.length === 0) return;
  for (const entry of entries) {
    const { key, value } = entry;
    // Values of env files are of the machine that reads them.
    if (value?.value === undefined || value.isSecret) continue;
    const lower = value.value.toLowerCase();
    if (DEVELOPMENT.has(lower) && words(MODES).includes(key)) {
      const message = `${quoted(`${key}=${value.text}`)} runs \`${service.name}\` in development mode; use \`production\``;
      yield { kind: "mode", range: value.range, message };
    } else if (key === "WERKZEUG_DEBUG_PIN" && lower === "off") {
      const message = `${quoted(`${key}=${value.text}`)} opens the console of \`${service.name}\` to everybody; remove it`;
      yield { kind: "mode", range: value.range, message };
    } else yield* checkSwitch(entry, lower, service);
  }
}

function* checkSwitch({ key, value }: KeyValue, lower: string, service: Service): Iterable<Finding> {
  if (value === undefined) return;
  const written = quoted(`${key}=${value.text}`);
  if (ON.has(lower) && words(SWITCHES).includes(key)) {
    const message = `${written} shows the inside of \`${service.name}\` to its users; switch it off`;
    yield { kind: "mode", range: value.range, message };
  } else if (
    (key === "LOG_LEVEL" && LOUD.has(lower)) ||
    (key === "DEBUG" && (lower.includes("*") || lower.includes(":")))
  ) {
    const message = `${written} has \`${service.name}\` log more than anybody reads; use \`info\``;
    yield {
      kind: "verbose",
      range: value.range,
      message: key === "DEBUG" ? message.replace("use `info`", "remove it") : message,
    };
  }
}

/** Whether a service builds what is named for development: that it runs so is no surprise where nothing says production. */
function isBuiltForDevelopment({ build }: Service): boolean {
  return [build?.target?.value, baseName(build?.dockerfile?.value ?? "")].some(
    (name) => name !== undefined && name !== "" && roleOfFileName(name) === "development",
  );
}

function* checkTerminal(service: Service, project: RuleContext["project"]): Iterable<Finding> {
  const { entries } = service.node;
  if (!entries.has("tty") && !entries.has("stdin_open")) return;
  if (isInteractiveShell(service, project)) return;
  for (const key of ["tty", "stdin_open"] as const) {
    if (!entries.has(key)) continue;
    const value = service.booleanAt(key);
    if (value?.value !== true || service.isJob || service.isDevTool) continue;
    const message = `\`${key}: true\` keeps a terminal open for \`${service.name}\` that nobody uses; remove it`;
    yield { kind: "verbose", range: value.range, message };
  }
}

function* checkWatch(service: Service): Iterable<Finding> {
  const watch = service.entryAt("develop", "watch");
  if (watch === undefined) return;
  const message = `\`watch\` is for development; move it to a file such as \`compose.dev.yaml\``;
  yield { kind: "mode", range: watch.keyRange, message, atMost: "info" };
}

function* checkCommands(service: Service, project: RuleContext["project"]): Iterable<Finding> {
  const commands = startedBy(service, project);
  if (commands === undefined || commands.length === 0) return;
  const { build } = service;
  const role = build?.target?.value === undefined ? undefined : roleOfFileName(build.target.value);
  for (const command of commands) {
    const sign = developmentSign(command);
    if (sign === undefined) continue;
    // What a stage for development starts is no surprise; that it ships is another rule's.
    if (role !== undefined && role !== "production" && service.command === undefined) return;
    if (runsOnce(service, project)) return;
    // Which of the stages made an image that is only named is a guess; nobody ships the one for development.
    const image = project.imageOf(service);
    if (build === undefined && image.kind === "stage" && image.stage.namedRole?.name === "development") return;
    const message = `${quoted(sign.text)} runs a development server in production; start what is built`;
    yield {
      kind: "mode",
      range: sign.word.range,
      message,
      related: [{ range: service.keyRange, message: `\`${service.name}\` runs it` }],
    };
    return;
  }
}
