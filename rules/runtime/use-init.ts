import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type MainProgram, mainProgramOfService } from "../../src/project/main-program.js";
import { operationOf } from "../../src/project/resource-limits.js";
import { addSettings } from "../../src/project/service-settings.js";
import type { Invocation } from "../../src/shell/model.js";
import { shellKindOfName } from "../../src/shell/shell-kind.js";

/** Programs that start the real one as a child, and do not pass a stop on to it. */
const RUNNERS: ReadonlySet<string> = new Set(["npm", "yarn", "pnpm", "npx", "bunx"]);
/** Of Python modules those that fork workers. */
const FORKING: ReadonlySet<string> = new Set(["celery", "gunicorn", "multiprocessing", "rq"]);
/** Wrappers that are an init. */
const INITS: ReadonlySet<string> = new Set([
  "tini",
  "tini-static",
  "dumb-init",
  "catatonit",
  "docker-init",
  "s6-svscan",
  "supervisord",
]);

export default defineRule({
  id: "runtime/use-init",
  summary: "PID 1 forwards signals and reaps children",
  levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The first process of a container gets its signals, without the default action that ends any other process, and every orphan " +
      "becomes its child. A shell or `npm` in that place takes the stop for itself: the container hangs until the engine kills it.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#init",
    "https://docs.docker.com/engine/containers/multi-service_container/",
    "https://github.com/nodejs/docker-node/blob/main/docs/BestPractices.md#handling-kernel-signals",
  ],
  check: {
    *service(service, { project }) {
      if (service.node.entries.has("init") || service.isWindows) return;
      const { command, entrypoint } = service;
      // Only what the project writes is judged: a pulled image without a command brings what it needs.
      if (command === undefined && entrypoint === undefined && service.build === undefined) return;
      if (operationOf(service, project) !== "steady") return;
      const main = mainProgramOfService(service, project);
      if (main !== undefined) yield* checkProgram(service, main);
    },
  },
  examples: {
    bad: [
      {
        name: "a package manager",
        message: "`npm` is PID 1 in `web`, and does not pass on SIGTERM",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["node", "server.js"]'],
          "compose.yaml": ["services:", "  web:", "    build: .", "    command: «npm start»"],
        },
        fixed: {
          "compose.yaml": ["services:", "  web:", "    build: .", "    init: true", "    command: npm start"],
        },
      },
      {
        name: "the command of the Dockerfile",
        message: "`node` is PID 1 in `web`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'CMD ["node", "server.js"]'],
          "compose.yaml": ["services:", "  «web»: { build: . }"],
        },
      },
      {
        name: "a shell that waits for its child",
        message: "`sh` is PID 1 in `api`",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: alpine:3.21", '    command: «sh -c "setup; /srv/api"»'],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: alpine:3.21",
            "    init: true",
            '    command: sh -c "setup; /srv/api"',
          ],
        },
      },
      {
        name: "workers of Python",
        files: {
          Dockerfile: ["FROM python:3.13-slim"],
          "compose.yaml": ["services:", "  worker: { build: ., command: «python -m celery -A shop worker» }"],
        },
      },
    ],
    good: [
      {
        name: "an init, by Compose or in the image",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", 'ENTRYPOINT ["tini", "--"]', 'CMD ["node", "server.js"]'],
          "compose.yaml": [
            "services:",
            "  web: { build: . }",
            "  api: { image: 'node:22.14.0-slim', command: npm start, init: true }",
            "  worker: { image: 'node:22.14.0-slim', entrypoint: [tini, --, node, worker.js] }",
          ],
        },
      },
      {
        name: "the shell is replaced",
        files: {
          "compose.yaml": ["services:", '  api: { image: "alpine:3.21", command: sh -c "setup && exec /srv/api" }'],
        },
      },
      {
        name: "the shell form of a Dockerfile, which another rule reports",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "CMD npm start"],
          "compose.yaml": ["services:", "  web: { build: . }"],
        },
      },
      {
        name: "programs that handle their signals, and entrypoints that nobody knows",
        files: {
          Dockerfile: ["FROM python:3.13-slim", 'CMD ["python", "app.py"]'],
          "web/Dockerfile": ["FROM node:22.14.0-slim", 'ENTRYPOINT ["/start.sh"]', 'CMD ["node", "server.js"]'],
          "job/Dockerfile": ["FROM eclipse-temurin:21-jre", 'CMD ["java", "-jar", "app.jar"]'],
          "compose.yaml": [
            "services:",
            "  api: { build: . }",
            "  web: { build: web }",
            "  job: { build: job }",
            "  media: { image: 'lscr.io/linuxserver/jellyfin:10.10', command: npm start }",
          ],
        },
      },
      {
        name: "jobs",
        files: {
          "compose.yaml": ["services:", "  seed: { image: 'node:22.14.0-slim', command: npm run seed, restart: 'no' }"],
        },
      },
    ],
  },
});

function* checkProgram(service: Service, { invocation, view, launcher }: MainProgram): Iterable<Finding> {
  if (launcher !== undefined && INITS.has(launcher)) return;
  const name = invocation.name ?? "";
  const what = hazardOf(invocation);
  if (what === undefined || invocation.wrappers.some((wrapper) => INITS.has(wrapper.name))) return;
  const written = view === undefined ? (service.command ?? service.entrypoint) : undefined;
  yield {
    range: written?.range ?? service.keyRange,
    message: `\`${name}\` is PID 1 in \`${service.name}\`, and ${what}; set \`init: true\``,
    related: view === undefined ? [] : [{ range: view.instruction.range, message: "the command is written here" }],
    fix: addInit(service),
  };
}

/** What goes wrong with a program in the place of the first process; undefined when nothing does. */
function hazardOf({ name, args, nested }: Invocation): string | undefined {
  if (name === undefined) return undefined;
  if (RUNNERS.has(name)) return "does not pass on SIGTERM";
  if (name === "node") return args.length === 0 ? undefined : "ignores SIGTERM unless the program handles it";
  if (name.startsWith("python")) {
    const module = args.find((_, index) => args[index - 1]?.value === "-m")?.value;
    return module !== undefined && FORKING.has(module) ? "does not reap the children that it forks" : undefined;
  }
  const [script] = nested;
  if (shellKindOfName(name) === "other" || script === undefined) return undefined;
  const { invocations } = script;
  // A single command takes the place of the shell in most of them.
  if (invocations.length < 2 || invocations.some((command) => command.words[0]?.value === "exec" || isExec(command))) {
    return undefined;
  }
  return "does not pass on SIGTERM";
}

function isExec({ wrappers }: Invocation): boolean {
  return wrappers.some((wrapper) => wrapper.name === "exec");
}

/** Unsafe: another process is the first one. */
function addInit(service: Service): Fix | undefined {
  const edit = addSettings(service, ["init: true"]);
  return edit === undefined ? undefined : { description: "set `init: true`", safety: "unsafe", edits: [edit] };
}
