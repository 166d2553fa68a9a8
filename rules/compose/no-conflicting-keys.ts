import { defineRule, type Finding } from "../../src/engine/rule.js";
import { type KeyConflict, resourceConflicts, serviceConflicts } from "../../src/project/key-conflicts.js";

export default defineRule({
  id: "compose/no-conflicting-keys",
  summary: "Settings that exclude each other are not both set",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    refused: { summary: "Compose or the engine takes only one of them" },
    disagree: {
      summary: "one of them is passed over",
      levels: { recommended: "warning", strict: "warning" },
    },
    redundant: {
      summary: "both ask for the same",
      levels: { recommended: "info", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Compose refuses to load some pairs of keys; of others it takes one without a word, and the file says something else than " +
      "what runs.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#network_mode",
    "https://docs.docker.com/reference/compose-file/build/#dockerfile_inline",
    "https://docs.docker.com/reference/compose-file/networks/#external",
    "https://docs.docker.com/reference/compose-file/deploy/#restart_policy",
  ],
  mentions: {
    compose: [
      "network_mode",
      "dockerfile_inline",
      "external",
      "device_ids",
      "platforms",
      "disable",
      "credential_spec",
      "provider",
      "restart_policy",
      "pull_policy",
      "cpu_quota",
      "cpu_period",
      "format",
      "gpus",
    ],
  },
  check: {
    *service(service) {
      for (const conflict of serviceConflicts(service)) yield findingOf(conflict);
    },
    *variant({ networks, volumes }) {
      for (const resources of [networks, volumes]) {
        for (const resource of resources.values()) {
          for (const conflict of resourceConflicts(resource)) yield findingOf(conflict);
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a network mode and networks",
        kind: "refused",
        message: "`networks` cannot be set beside `network_mode: host`; remove one of them",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    network_mode: host",
            "    «networks»: [back]",
            "  web:",
            "    image: nginx:1.27.4",
            "    networks: { back: }",
            "    «network_mode»: bridge",
            "networks: { back: }",
          ],
        },
      },
      {
        name: "an override brings the second one",
        kind: "refused",
        files: {
          "compose.yaml": ["services: { api: { image: node:22.14.0, network_mode: host } }", "networks: { back: }"],
          "compose.override.yaml": ["services: { api: { «networks»: [back] } }"],
        },
      },
      {
        name: "two Dockerfiles, and a platform that is not built",
        kind: "refused",
        message: "`dockerfile_inline` cannot be set beside `dockerfile`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build:",
            "      context: .",
            "      dockerfile: Dockerfile",
            "      «dockerfile_inline»: FROM alpine:3.22",
            "  web:",
            "    platform: «linux/arm64»",
            "    build: { context: ., platforms: [linux/amd64, linux/s390x] }",
          ],
          Dockerfile: ["FROM alpine:3.22"],
        },
      },
      {
        name: "external, and how to create it",
        kind: "refused",
        message: "`driver` cannot be set on external network `back`, which others create",
        files: {
          "compose.yaml": [
            "services: { api: { image: node:22.14.0, networks: [back] } }",
            "networks:",
            "  back: { external: true, «driver»: bridge, name: shop_back }",
            "volumes:",
            "  data: { labels: { com.example.team: shop }, «external»: true }",
            "  old: { external: { name: shop_old }, «name»: shop_new }",
          ],
        },
      },
      {
        name: "GPUs counted and named",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  train:",
            "    image: pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime",
            "    deploy:",
            "      resources:",
            "        reservations:",
            "          devices:",
            "            - { driver: nvidia, count: 1, «device_ids»: ['0'], capabilities: [gpu] }",
            "  serve:",
            "    image: pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime",
            "    gpus: [{ device_ids: ['0'], «count»: all }]",
          ],
        },
      },
      {
        name: "CPUs in two ways, nothing to build, an unknown format, two sources",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    cpus: 1.5",
            "    «cpu_quota»: 50000",
            "    «pull_policy»: build",
            "    env_file: [{ path: api.env, format: «dotenv» }]",
            "    credential_spec: { file: spec.json, «registry»: spec }",
          ],
          "api.env": ["A=b"],
        },
      },
      {
        name: "restart policies",
        kind: "disagree",
        message: "`restart: always` loses to `condition: on-failure` of `deploy`; keep one",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    restart: always",
            "    deploy: { restart_policy: { «condition»: on-failure } }",
          ],
        },
      },
      {
        name: "a check that is switched off, and a provider with an image",
        kind: "disagree",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node:22.14.0",
            "    healthcheck: { disable: true, «test»: ['CMD', 'node', 'health.js'] }",
            "  database:",
            "    provider: { type: awesomecloud }",
            "    «image»: postgres:17.4",
          ],
        },
      },
      {
        name: "GPUs asked for twice",
        kind: "redundant",
        message: "`gpus` and `reservations.devices` ask for the same devices",
        files: {
          "compose.yaml": [
            "services:",
            "  train:",
            "    image: pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime",
            "    gpus: all",
            "    deploy:",
            "      resources: { reservations: { «devices»: [{ driver: nvidia, count: 1, capabilities: [gpu] }] } }",
          ],
        },
      },
    ],
    good: [
      {
        name: "one of each pair",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    network_mode: host",
            "    networks: []",
            "    build: { context: ., platforms: [linux/amd64, linux/arm64] }",
            "    platform: linux/amd64",
            "    pull_policy: build",
            "    cpus: 0.5",
            "    cpu_period: 0",
            "    env_file: [{ path: api.env, format: raw }]",
            "    healthcheck: { disable: true, test: ['NONE'] }",
            "    restart: unless-stopped",
            "    deploy: { restart_policy: { condition: any } }",
            "  train:",
            "    image: pytorch/pytorch:2.6.0-cuda12.4-cudnn9-runtime",
            "    gpus: [{ count: 1 }]",
            "    restart: 'on-failure:3'",
            "    deploy:",
            "      restart_policy: { condition: on-failure }",
            "      resources: { reservations: { devices: [{ driver: fpga, capabilities: [compute] }] } }",
            "networks:",
            "  back: { external: true, name: shop_back, x-note: shared }",
            "  front: { external: false, driver: bridge }",
            "volumes:",
            "  old: { external: { name: shop_old }, name: shop_old }",
            "  data: { external: true, driver_opts: {} }",
          ],
          Dockerfile: ["FROM alpine:3.22"],
          "api.env": ["A=b"],
        },
      },
      {
        name: "an override switches a check off",
        files: {
          "compose.yaml": ["services: { api: { image: node, healthcheck: { test: ['CMD', 'node', 'health.js'] } } }"],
          "compose.override.yaml": ["services: { api: { healthcheck: { disable: true } } }"],
        },
      },
      {
        name: "an override takes one side away",
        files: {
          "compose.yaml": [
            "services: { api: { image: node, networks: [back] } }",
            "networks: { back: { driver: bridge } }",
          ],
          "compose.override.yaml": [
            "services: { api: { network_mode: host, networks: !reset null } }",
            "networks: { back: !override { external: true } }",
          ],
        },
      },
      {
        name: "what nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    network_mode: ${MODE}",
            "    networks: [back]",
            "    platform: ${PLATFORM}",
            "    restart: ${RESTART}",
            "    pull_policy: ${PULL}",
            "    cpus: ${CPUS}",
            "    cpu_quota: 5000",
            "    deploy: { restart_policy: { condition: none } }",
            "    healthcheck: { disable: '${OFF}', test: ./check }",
            "networks: { back: { external: '${EXTERNAL}', driver: bridge } }",
          ],
        },
      },
    ],
  },
});

function findingOf({ kind, range, other, message }: KeyConflict): Finding {
  return { kind, range, message, related: other && [{ range: other, message: "set here" }] };
}
