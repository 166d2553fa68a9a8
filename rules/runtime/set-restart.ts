import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { endsNever } from "../../src/project/job-view.js";
import { operationOf } from "../../src/project/resource-limits.js";
import { addSettings, placeOfAbsence } from "../../src/project/service-settings.js";
import { isForSwarm } from "../../src/project/swarm.js";
import { isBrought } from "../../src/project/yaml-removal.js";

const options = {
  policy: option.strings({
    default: ["always", "unless-stopped", "on-failure"],
    description: "Policies that a service may have; with one, that is the one to use.",
  }),
  maxRetries: option.number({
    default: 0,
    description: "Most attempts of `on-failure`, which has to say how many; 0 asks for none. CIS 5.15 wants 5.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "runtime/set-restart",
  summary: "A service comes back after a crash or reboot",
  levels: { recommended: ["info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  kinds: {
    missing: { summary: "no policy, or one that the policy file does not allow" },
    retries: {
      summary: "`on-failure` with more attempts than `maxRetries`",
      aliases: ["kics:restart-policy-on-failure-not-set-to-5", "kics:2fc99041-ddad-49d5-853f-e35e70a48391"],
    },
    "test-loop": {
      summary: "`always` in a test, which never ends then",
      levels: { recommended: ["off", "info"], checklist: ["off", "info"], strict: ["off", "info"] },
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "The default policy is `no`: after a crash, or when the host starts again, the service stays down until somebody notices.",
    "In a test it is the other way round: a container that fails and is started again hides the failure.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/start-containers-automatically/",
    "https://docs.docker.com/reference/compose-file/services/#restart",
    "CIS 5.15",
  ],
  options,
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "no policy",
        kind: "missing",
        message: "`api` stays down after a crash or a reboot",
        severity: "info",
        preset: "recommended",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: api:1.2.0"] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    restart: unless-stopped"] },
      },
      {
        name: "no policy, behind a build of several lines",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  «api»:",
            "    build:",
            "      context: .",
            "      target: runtime # the last stage",
            "      # args: [VERSION=1.2.0]",
            "    # The API itself",
            "    ports:",
            '      - "127.0.0.1:3000:3000"',
            "  «web»:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM nginx:1.27.4",
            "",
            "networks: {}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      target: runtime # the last stage",
            "      # args: [VERSION=1.2.0]",
            "    restart: unless-stopped",
            "    # The API itself",
            "    ports:",
            '      - "127.0.0.1:3000:3000"',
            "  web:",
            "    build:",
            "      dockerfile_inline: |",
            "        FROM nginx:1.27.4",
            "    restart: unless-stopped",
            "",
            "networks: {}",
          ],
        },
      },
      {
        name: "no policy in production, for the checklist",
        kind: "missing",
        severity: "warning",
        preset: "checklist",
        files: { "compose.prod.yaml": ["services:", "  «api»: { image: 'api:1.2.0' }"] },
      },
      {
        name: "a policy for Swarm that never starts a server again is a note",
        kind: "missing",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    deploy: { restart_policy: { condition: «none» } }",
          ],
        },
      },
      {
        name: "not the policy that is agreed upon",
        kind: "missing",
        message: "`always` is not one of the policies",
        options: { policy: ["unless-stopped"] },
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', restart: «always» }"] },
        fixed: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', restart: unless-stopped }"] },
      },
      {
        name: "attempts without end",
        kind: "retries",
        message: "`on-failure`",
        options: { maxRetries: 5 },
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', restart: «on-failure» }",
            "  worker: { image: 'api:1.2.0', restart: «'on-failure:10'» }",
            "  mailer: { image: 'api:1.2.0', deploy: { restart_policy: { condition: «on-failure» } } }",
            "  web:",
            "    image: nginx:1.27.4",
            "    deploy: { restart_policy: { condition: on-failure, max_attempts: «7» } }",
          ],
        },
      },
      {
        name: "a test that is started again and again",
        kind: "test-loop",
        message: "`restart: always`",
        preset: "recommended",
        files: {
          "compose.test.yaml": ["services:", "  api:", "    image: api:1.2.0", "    restart: «always»"],
        },
      },
    ],
    good: [
      {
        name: "a Swarm, which starts services again by itself",
        files: { "docker-stack.yml": ["services:", "  api: { image: 'api:1.2.0' }"] },
      },
      {
        name: "policies that bring it back",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', restart: unless-stopped }",
            "  web: { image: 'nginx:1.27.4', restart: always }",
            "  worker: { image: 'api:1.2.0', restart: on-failure }",
            "  mailer: { image: 'api:1.2.0', deploy: { restart_policy: { condition: any } } }",
            "  cache: { image: 'redis:7.4', deploy: { restart_policy: { delay: 5s } } }",
          ],
        },
      },
      {
        name: "attempts that are few enough",
        options: { maxRetries: 5 },
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', restart: 'on-failure:5' }",
            "  web: { image: 'nginx:1.27.4', deploy: { restart_policy: { condition: on-failure, max_attempts: 3 } } }",
            "  worker: { image: 'api:1.2.0', deploy: { restart_policy: { condition: on-failure, max_attempts: '${N}' } } }",
          ],
        },
      },
      {
        name: "a decision, jobs, tools, and a value that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', restart: 'no', depends_on: { seed: { condition: service_completed_successfully } } }",
            "  seed: { image: 'api:1.2.0' }",
            "  migrate: { image: 'api:1.2.0', command: alembic upgrade head }",
            "  backup: { image: 'api:1.2.0', profiles: [tools] }",
            "  shell: { image: 'api:1.2.0', profiles: [debug] }",
            "  adminer: { image: 'adminer:5.0.2' }",
            "  kafka-init: { image: 'apache/kafka:3.9.0', command: [bash, -c, 'bin/kafka-topics.sh --create --topic orders'] }",
            "  console: { image: 'api:1.2.0', command: bash, stdin_open: true, tty: true }",
            "  web: { image: 'nginx:1.27.4', restart: '${RESTART}' }",
          ],
        },
      },
      {
        name: "a job of Swarm",
        files: {
          "compose.yaml": [
            "services:",
            "  report: { image: 'api:1.2.0', deploy: { restart_policy: { condition: none } } }",
          ],
        },
      },
      {
        name: "written in another file, or somewhere that cannot be read",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0' }",
            "  worker: { extends: { file: ../base.yaml, service: worker }, image: 'api:1.2.0' }",
          ],
          "compose.override.yaml": ["services:", "  api: { restart: always }"],
        },
      },
      {
        name: "tests and development",
        files: {
          "compose.ci.yaml": ["services:", "  api: { image: 'api:1.2.0' }"],
          "compose.dev.yaml": ["services:", "  api: { image: 'api:1.2.0', restart: always }"],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const { restart } = service;
  const { written, policy, from } = restart;
  if (ctx.role.name !== "production") {
    if (policy !== "always" || written === undefined || service.hasProvider) return;
    const message = `\`restart: ${written.text}\` hides that \`${service.name}\` fails in a test; remove it`;
    yield { kind: "test-loop", range: written.range, message };
    return;
  }
  if (from === "default") {
    // A Swarm starts what ends again by itself, and passes over `restart`.
    if (operationOf(service, ctx.project) !== "steady" || isForSwarm(service)) return;
    const name = preferred(ctx);
    yield {
      kind: "missing",
      ...placeOfAbsence(service, "restart"),
      message: `\`${service.name}\` stays down after a crash or a reboot; set \`restart: ${name}\``,
      fix: addRestart(service, name),
    };
    return;
  }
  if (written === undefined || service.hasProvider) return;
  if (policy === "no") {
    if (from !== "deploy" || !endsNever(service, ctx.project)) return;
    const message = `\`${service.name}\` is a server that never comes back; use \`condition: any\``;
    yield { kind: "missing", range: written.range, message, atMost: "info" };
    return;
  }
  yield* checkPolicy(service, ctx);
}

function* checkPolicy(service: Service, ctx: Context): Iterable<Finding> {
  const { policy, written, from } = service.restart;
  const { policy: allowed, maxRetries } = ctx.options;
  if (written === undefined || policy === "unknown") return;
  if (!allowed.includes(policy)) {
    const name = preferred(ctx);
    const message = `\`${written.text}\` is not one of the policies that are agreed upon; use \`${name}\``;
    const isPlain =
      from === "restart" && !isBrought(written.node) && written.text === written.range.source.slice(written.range);
    const fix = isPlain ? ({ ...restartFix(name), edits: [{ range: written.range, text: name }] } as const) : undefined;
    yield { kind: "missing", range: written.range, message, fix };
    return;
  }
  if (policy !== "on-failure" || maxRetries <= 0) return;
  const attempts = from === "deploy" ? service.numberAt("deploy", "restart_policy", "max_attempts") : undefined;
  if (attempts !== undefined && attempts.value === undefined) return;
  const count = attempts?.value ?? retriesOf(written.value ?? "");
  if (count !== undefined && count > 0 && count <= maxRetries) return;
  const { text, range } = attempts ?? written;
  const remedy = from === "deploy" ? `set \`max_attempts: ${maxRetries}\`` : `use \`on-failure:${maxRetries}\``;
  const message = `\`${text}\` starts \`${service.name}\` more than ${maxRetries} times; ${remedy}`;
  yield { kind: "retries", range, message };
}

/** The number of `on-failure:5`; undefined without one. */
function retriesOf(policy: string): number | undefined {
  const count = Number(policy.slice("on-failure:".length));
  return policy.includes(":") && Number.isInteger(count) ? count : undefined;
}

function preferred({ options: { policy } }: Context): string {
  return policy.length === 0 || policy.includes("unless-stopped") ? "unless-stopped" : (policy[0] ?? "unless-stopped");
}

function restartFix(name: string) {
  // Unsafe: what ends on purpose is started again.
  return { description: `set \`restart: ${name}\``, safety: "unsafe" } as const;
}

function addRestart(service: Service, name: string): Fix | undefined {
  const edit = addSettings(service, [`restart: ${name}`]);
  return edit === undefined ? undefined : { ...restartFix(name), edits: [edit] };
}
