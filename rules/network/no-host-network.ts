import { defineRule } from "../../src/engine/rule.js";
import { needsHostNetwork } from "../../src/project/host-network.js";

export default defineRule({
  id: "network/no-host-network",
  summary: "The network stack of the host is not shared",
  levels: { recommended: ["error", "info"], strict: ["error", "warning"] },
  kinds: {
    service: {
      summary: "a service on the network of the host",
      aliases: [
        "kics:shared-host-network-namespace",
        "kics:071a71ff-f868-47a4-ac0b-3c59e4ab5443",
        "compose-lint:CL-0008",
      ],
    },
    network: { summary: "a network of the top level that is the host's" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A container on the host's network sees every interface, reaches what the host offers itself on `127.0.0.1`, and takes " +
      "any free port: the isolation of networks is gone, and `ports` has no effect.",
  ],
  references: [
    "https://docs.docker.com/engine/network/drivers/host/",
    "https://docs.docker.com/reference/compose-file/services/#network_mode",
    "CIS 5.10",
    "CWE-668",
  ],
  securitySeverity: 7,
  mentions: { compose: ["host"] },
  check: {
    *service(service, { project }) {
      const mode = service.networkMode;
      if (mode?.value !== "host" || service.hasProvider) return;
      const message = `\`${service.name}\` shares the network of the host, loopback included; join a network of its own`;
      yield {
        kind: "service",
        range: mode.range,
        message,
        subject: service.name,
        atMost: needsHostNetwork(service, project) ? "info" : undefined,
      };
    },
    *variant({ networks }) {
      for (const { name, driver, isExternal, realName, external, keyRange } of networks.values()) {
        const message = `\`${name}\` is the network of the host, loopback included; use a bridge`;
        if (driver?.value === "host") yield { kind: "network", range: driver.range, message };
        else if (isExternal && realName?.value === "host") yield { kind: "network", range: realName.range, message };
        else if (isExternal && realName === undefined && name === "host") {
          yield { kind: "network", range: external?.range ?? keyRange, message };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "the mode of a service",
        kind: "service",
        severity: "error",
        message: "`api` shares the network of the host, loopback included",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", "    network_mode: «host»"] },
      },
      {
        name: "quoted, and in development",
        kind: "service",
        severity: "warning",
        files: { "compose.dev.yaml": ["services:", "  api:", "    image: node", '    network_mode: «"host"»'] },
      },
      {
        name: "by a shared block, and by an override",
        kind: "service",
        files: {
          "compose.yaml": [
            "x-common: &common",
            "  network_mode: «host»",
            "services:",
            "  api:",
            "    <<: *common",
            "    image: node",
            "  web:",
            "    image: nginx",
          ],
          "compose.override.yaml": ["services:", "  web:", "    network_mode: «host»"],
        },
      },
      {
        name: "an agent that is made for it is a note",
        kind: "service",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  metrics:",
            "    image: quay.io/prometheus/node-exporter:v1.9.0",
            "    network_mode: «host»",
            "  home:",
            "    image: ghcr.io/home-assistant/home-assistant:2026.1",
            "    network_mode: «host»",
          ],
        },
      },
      {
        name: "networks of the top level",
        kind: "network",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    networks: [outer, hostnet, host]",
            "networks:",
            "  outer:",
            "    driver: «host»",
            "  hostnet:",
            "    external: true",
            "    name: «host»",
            "  host:",
            "    external: «true»",
          ],
        },
      },
    ],
    good: [
      {
        name: "networks of its own",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    networks: [backend]",
            "    hostname: host",
            "networks:",
            "  backend: {}",
          ],
        },
      },
      {
        name: "another mode, and one that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  job:",
            "    image: node",
            "    network_mode: none",
            "  api:",
            "    image: node",
            "    network_mode: ${MODE}",
            "  web:",
            "    image: node",
            "    network_mode: service:api",
          ],
        },
      },
      {
        name: "a network that only bears the name",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node", "    networks: [host]", "networks:", "  host: {}"],
        },
      },
      {
        name: "the host's network while the image is built",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: { context: ., network: host }"],
          Dockerfile: ["FROM node:22.14.0"],
        },
      },
    ],
  },
});
