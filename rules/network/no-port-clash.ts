import { defineRule } from "../../src/engine/rule.js";
import { portClashes } from "../../src/project/port-clashes.js";

export default defineRule({
  id: "network/no-port-clash",
  summary: "Two containers do not claim one port of the host",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["dclint:no-duplicate-exported-ports"],
  why: [
    "A port of the host belongs to one container. The second one that asks for it does not start: `port is already allocated`. " +
      "Which of the two is second depends on the order of that day.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#ports",
    "https://docs.docker.com/engine/network/port-publishing/",
  ],
  mentions: { compose: ["ports"] },
  check: {
    *variant(variant) {
      for (const { service, mapping, kind, owner, evidence, port, isPossiblySwarm } of portClashes(variant)) {
        const message =
          kind === "shared"
            ? `\`${port}\` of \`${service.name}\` is one for several containers; leave the host's port out`
            : `\`${port}\` is already published by \`${owner.name}\`; choose another port of the host`;
        const place = kind === "shared" ? "so many containers" : "the port is taken here";
        yield {
          range: mapping.range,
          message,
          related: [{ range: evidence, message: place }],
          confidence: isPossiblySwarm ? "medium" : "high",
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "two services",
        message: "`8080` is already published by `web`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
            '    ports: [«"8080:3000"»]',
          ],
        },
      },
      {
        name: "one service, two ports of its container",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx", '    ports: ["8080:80", «"8080:81"»]'],
        },
      },
      {
        name: "forms, ranges and addresses that overlap",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    ports:",
            '      - "8000-8010:8000-8010"',
            '      - "127.0.0.1:9000:9000"',
            '      - "[::]:9001:9001"',
            "  api:",
            "    image: node",
            "    ports:",
            "      - «{ target: 80, published: 8005 }»",
            "      - «9000:80»",
            '      - «"0.0.0.0:9001:80"»',
          ],
        },
      },
      {
        name: "a port that an override adds",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
          ],
          "compose.override.yaml": ["services:", "  api:", '    ports: [«"8080:3000"»]'],
        },
      },
      {
        name: "several containers of one service",
        message: "`8080` of `api` is one for several containers",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    scale: 2",
            '    ports: [«"8080:3000"»]',
            "  web:",
            "    image: node",
            "    scale: 3",
            '    ports: [«"8081-8082:3000"»]',
          ],
        },
      },
      {
        name: "the number that a Swarm, which shares ports, obeys as well",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    deploy: { replicas: 2 }",
            '    ports: [«"8080:3000"»]',
          ],
        },
      },
      {
        name: "a range of which nothing is left",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["8000:80", "8001:81"]',
            "  api:",
            "    image: node",
            '    ports: [«"8000-8001:3000"»]',
          ],
        },
      },
    ],
    good: [
      {
        name: "different ports",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
            '    ports: ["8081:80"]',
          ],
        },
      },
      {
        name: "different protocols and addresses",
        files: {
          "compose.yaml": [
            "services:",
            "  dns:",
            "    image: coredns",
            '    ports: ["53:53/tcp", "53:53/udp"]',
            "  web:",
            "    image: nginx",
            '    ports: ["127.0.0.1:8080:80"]',
            "  api:",
            "    image: node",
            '    ports: ["192.168.1.10:8080:80", "[::1]:8080:80"]',
          ],
        },
      },
      {
        name: "random ports, a range that has others, and ports that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            '    ports: ["80", "8000-8010:80", "${PORT}:81", "0:82"]',
            "  api:",
            "    image: node",
            '    ports: ["80", "8000:80", "${PORT}:81", "0:82"]',
          ],
        },
      },
      {
        name: "profiles that have no service in common",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    profiles: [web]",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
            "    profiles: [api]",
            '    ports: ["8080:80"]',
          ],
        },
      },
      {
        name: "files that are alternatives, and an entry that is written twice",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx", '    ports: ["8080:80"]'],
          "compose.override.yaml": ["services:", "  web:", '    ports: ["8080:80"]'],
          "compose.prod.yaml": ["services:", "  api:", "    image: node", '    ports: ["8081:80"]'],
          "compose.stage.yaml": ["services:", "  other:", "    image: node", '    ports: ["8081:80"]'],
        },
      },
      {
        name: "the network of the host, and a Swarm, whose containers share a port",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx",
            "    network_mode: host",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
            "    deploy:",
            "      replicas: 3",
            "      update_config: { order: start-first }",
            '    ports: ["8080:80"]',
          ],
          "docker-stack.yml": [
            "services:",
            "  api:",
            "    image: node",
            "    deploy: { replicas: 3 }",
            '    ports: ["8080:80"]',
          ],
        },
      },
      {
        name: "containers enough ports for",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    scale: 2",
            '    ports: ["8080-8081:3000", "3001"]',
            "  off:",
            "    image: node",
            "    scale: 0",
            '    ports: ["8080-8081:3000-3001"]',
          ],
        },
      },
    ],
  },
});
