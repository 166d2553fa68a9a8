import type { Grant, Resource, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { keysIgnoredBySwarm, showsSwarm, swarmOnlyKeys } from "../../src/project/ignored-keys.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  swarm: option.choice({
    words: ["auto", "yes", "no"],
    default: "auto",
    description:
      "Whether Swarm runs the project. `auto`: where a file is called a stack or a swarm, or a network's driver is `overlay`.",
  }),
};

export default defineRule({
  id: "compose/no-ignored-keys",
  summary: "What is written has an effect",
  levels: { recommended: "info", strict: "warning" },
  roles: "all",
  fixable: "never",
  why: [
    "Compose and Swarm read one format, and each passes over what only the other can do. A file that asks for rolling updates " +
      "or a fixed container name and does not get them says more than is true.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/deploy/",
    "https://docs.docker.com/reference/compose-file/services/#secrets",
    "https://github.com/docker/cli/blob/v28.0.0/cli/compose/types/types.go",
  ],
  options,
  mentions: {
    compose: [
      "deploy",
      "secrets",
      "configs",
      "ports",
      "start_interval",
      "overlay",
      "restart",
      "container_name",
      "build",
    ],
  },
  check: {
    *service(service, { options: { swarm } }: RuleContext<typeof options>) {
      const { variant } = service;
      const isSwarm = swarm === "auto" ? showsSwarm(variant) : swarm === "yes";
      if (isSwarm) yield* judgeSwarm(service);
      else yield* judgeCompose(service);
      if (service.entryAt("healthcheck", "start_interval") !== undefined) yield* judgeHealthcheck(service);
    },
  },
  examples: {
    bad: [
      {
        name: "what only Swarm does",
        preset: "recommended",
        message: "`update_config` only works in Swarm; Compose passes over it",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    deploy:",
            "      replicas: 2",
            "      «update_config»: { order: start-first }",
            "      «rollback_config»: { order: stop-first }",
            "      «placement»: { constraints: [node.role == manager] }",
            "      «labels»: { com.example.team: shop }",
            "      «mode»: global",
            "      «endpoint_mode»: dnsrr",
            "      restart_policy: { condition: any, «window»: 10s }",
            "    ports: [{ target: 80, published: 8080, «mode»: host }]",
          ],
        },
      },
      {
        name: "owner and mode of a secret that is a file",
        message: "`uid` has no effect on secret `key`, which is mounted as its file is",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    secrets: [{ source: key, «uid»: '1000', «mode»: 0400 }]",
            "    configs: [{ source: site, target: /etc/site, «gid»: '1000' }]",
            "secrets: { key: { file: ./key } }",
            "configs: { site: { file: ./site } }",
          ],
        },
        severity: "warning",
      },
      {
        name: "a start interval alone",
        message: "`start_interval` needs `start_period`, without which Compose stops; set both",
        files: {
          "compose.yaml": ["services: { api: { image: node, healthcheck: { test: ./check, «start_interval»: 1s } } }"],
        },
      },
      {
        name: "what Swarm does not do",
        message: "`container_name` has no effect in Swarm",
        files: {
          "docker-stack.yml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    «container_name»: api",
            "    «restart»: always",
            "    «build»: .",
            "    «network_mode»: host",
            "    «security_opt»: [no-new-privileges]",
            "    depends_on: { db: { «condition»: service_healthy } }",
            "  db: { image: postgres:17.4 }",
          ],
        },
      },
      {
        name: "Swarm by its network, and by the policy",
        options: { swarm: "yes" },
        files: { "compose.yaml": ["services: { api: { image: node:22.14.0, «restart»: always } }"] },
      },
    ],
    good: [
      {
        name: "what Compose honours",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    container_name: api",
            "    deploy:",
            "      mode: replicated",
            "      replicas: 2",
            "      resources: { limits: { memory: 256M } }",
            "      restart_policy: { condition: on-failure, max_attempts: 3 }",
            "    healthcheck: { test: ./check, start_interval: 1s, start_period: 30s }",
            "    secrets: [{ source: token, uid: '1000', mode: 0400 }, key]",
            "    ports: ['8080:80']",
            "secrets: { token: { environment: TOKEN }, key: { file: ./key } }",
          ],
        },
      },
      {
        name: "Swarm",
        files: {
          "docker-stack.yml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    init: true",
            "    cap_drop: [ALL]",
            "    depends_on: [db]",
            "    secrets: [{ source: key, mode: 0400 }]",
            "    deploy: { mode: global, update_config: { order: start-first } }",
            "  db: { image: postgres:17.4 }",
            "secrets: { key: { file: ./key } }",
          ],
        },
      },
      {
        name: "a network that spans hosts",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, deploy: { placement: { constraints: [node.role == worker] } } } }",
            "networks: { default: { driver: overlay } }",
          ],
        },
      },
      {
        name: "a check that is off, and a policy that says Swarm",
        options: { swarm: "yes" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    healthcheck: { disable: true, start_interval: 1s }",
            "    deploy: { update_config: { order: start-first } }",
          ],
        },
      },
    ],
  },
});

function* judgeCompose(service: Service): Iterable<Finding> {
  for (const { key, keyRange } of swarmOnlyKeys(service)) {
    yield { range: keyRange, message: `\`${key}\` only works in Swarm; Compose passes over it` };
  }
  for (const { form, mode } of service.ports) {
    const range = form === "long" ? mode?.keyRange : undefined;
    if (range !== undefined) yield { range, message: "`mode` of a port only works in Swarm; Compose passes over it" };
  }
  const { secrets, configs } = service.variant;
  for (const grant of service.secrets) yield* judgeGrant(grant, secrets);
  for (const grant of service.configs) yield* judgeGrant(grant, configs);
}

function* judgeGrant(
  { form, source, uid, gid, mode }: Grant,
  resources: ReadonlyMap<string, Resource>,
): Iterable<Finding> {
  const resource = form === "long" ? resources.get(source?.value ?? "") : undefined;
  if (resource?.file === undefined || resource.isExternal) return;
  for (const [key, value] of [["uid", uid] as const, ["gid", gid] as const, ["mode", mode] as const]) {
    if (value?.keyRange === undefined) continue;
    const what = `${resource.kind} ${quoted(resource.name)}`;
    yield { range: value.keyRange, message: `\`${key}\` has no effect on ${what}, which is mounted as its file is` };
  }
}

function* judgeSwarm(service: Service): Iterable<Finding> {
  for (const { key, range } of keysIgnoredBySwarm(service)) {
    yield { range, message: `\`${key}\` has no effect in Swarm` };
  }
}

function* judgeHealthcheck({ healthcheck }: Service): Iterable<Finding> {
  const interval = healthcheck?.startIntervalMs;
  if (interval?.keyRange === undefined || healthcheck?.isDisabled === true) return;
  if (healthcheck?.startPeriodMs !== undefined) return;
  const message = "`start_interval` needs `start_period`, without which Compose stops; set both";
  yield { range: interval.keyRange, message };
}
