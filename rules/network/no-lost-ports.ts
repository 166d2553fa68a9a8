import type { Service } from "../../src/compose/model.js";
import { defineRule } from "../../src/engine/rule.js";

export default defineRule({
  id: "network/no-lost-ports",
  summary: "Ports are published where the network mode can publish them",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    ports: { summary: "`ports` of a service that has no network of its own" },
    expose: {
      summary: "`expose` of such a service",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The engine publishes ports from a network that it made to the host. On the host's own network there is nothing to publish " +
      "and the entries are discarded; with `none` or the network of another container it refuses to start the service.",
  ],
  references: [
    "https://docs.docker.com/engine/network/drivers/host/",
    "https://docs.docker.com/reference/compose-file/services/#network_mode",
    "https://docs.docker.com/engine/network/#container-networks",
  ],
  mentions: { compose: ["network_mode"] },
  check: {
    *service(service) {
      const mode = service.networkMode;
      if (mode?.value === undefined || service.hasProvider) return;
      const remedy = remedyFor(mode.value, service);
      if (remedy === undefined) return;
      const related = [{ range: mode.range, message: "the network mode" }];
      for (const [kind, entries] of [
        ["ports", service.ports],
        ["expose", service.expose],
      ] as const) {
        const range = service.entryAt(kind)?.keyRange;
        if (entries.length === 0 || range === undefined) continue;
        const message = `\`${kind}\` of \`${service.name}\` has no effect with \`network_mode: ${mode.text}\`; ${remedy}`;
        yield { kind, range, message, related, subject: service.name };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "the network of the host",
        kind: "ports",
        message: "`ports` of `api` has no effect with `network_mode: host`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    network_mode: host",
            '    «ports»: ["8080:80"]',
          ],
        },
      },
      {
        name: "no network, and that of another container",
        kind: "ports",
        files: {
          "compose.yaml": [
            "services:",
            "  job:",
            "    image: node",
            "    network_mode: none",
            '    «ports»: ["8080:80"]',
            "  api:",
            "    image: node",
            "    network_mode: container:outer",
            '    «ports»: ["8081:80"]',
          ],
        },
      },
      {
        name: "the network of another service",
        kind: "ports",
        message: "move them to `vpn`",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn:",
            "    image: gluetun",
            "  api:",
            "    image: node",
            "    network_mode: service:vpn",
            "    «ports»:",
            "      - 8080:80",
          ],
        },
      },
      {
        name: "an override that changes the mode",
        kind: "ports",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node", '    «ports»: ["8080:80"]'],
          "compose.override.yaml": ["services:", "  api:", "    network_mode: host"],
        },
      },
      {
        name: "ports for other services only are a note",
        kind: "expose",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    network_mode: host",
            '    «expose»: ["8080"]',
          ],
        },
      },
    ],
    good: [
      {
        name: "ports at the service whose network it is",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn:",
            "    image: gluetun",
            '    ports: ["8080:80"]',
            "  api:",
            "    image: node",
            "    network_mode: service:vpn",
          ],
        },
      },
      {
        name: "modes that publish, and one that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    network_mode: bridge",
            '    ports: ["8080:80"]',
            "  web:",
            "    image: node",
            "    network_mode: ${MODE}",
            '    ports: ["8081:80"]',
          ],
        },
      },
      {
        name: "no ports, none left, and ports of a base that an override takes away",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: node",
            "    network_mode: host",
            "    ports: []",
            "  api:",
            "    image: node",
            '    ports: ["8080:80"]',
          ],
          "compose.override.yaml": ["services:", "  api:", "    network_mode: host", "    ports: !reset null"],
        },
      },
    ],
  },
});

/** How to mend it; undefined for modes that publish. */
function remedyFor(mode: string, { variant }: Service): string | undefined {
  if (mode === "host") return "remove it";
  if (mode === "none") return "remove one of the two";
  if (mode.startsWith("container:")) return "publish at that container";
  if (!mode.startsWith("service:")) return undefined;
  const other = mode.slice("service:".length);
  return variant.services.has(other) ? `move them to \`${other}\`` : "publish at that service";
}
