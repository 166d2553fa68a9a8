import type { PortMapping } from "../../src/compose/model.js";
import { defineRule, option } from "../../src/engine/rule.js";
import { loopbackEdits, openPortsOf } from "../../src/project/published-ports.js";
import { kindOfService } from "../../src/project/service-view.js";
import { isForSwarm } from "../../src/project/swarm.js";

const options = {
  allowPorts: option.strings({
    // The web, and what other machines can ask at its standard port only: names, addresses, time, tunnels.
    default: ["80", "443", "53", "67/udp", "123/udp", "500/udp", "1194/udp", "4500/udp", "51820/udp"],
    description: "Ports of the host that may be open on every interface, with any protocol unless one is named.",
  }),
  allowServices: option.strings({
    default: [],
    description: "Names of services whose ports may be open on every interface.",
  }),
  allowProxies: option.boolean({
    default: true,
    description: "Whether proxies (`traefik`, `caddy`, …) may publish any port: to be reached is their purpose.",
  }),
};

export default defineRule({
  id: "network/bind-interface",
  summary: "Published ports name the interface that they listen on",
  levels: { recommended: ["info", "off"], strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  aliases: [
    "dclint:no-unbound-port-interfaces",
    "kics:container-traffic-not-bound-to-host-interface",
    "kics:451d79dc-0588-476a-ad03-3c7f0320abb3",
    "compose-lint:CL-0005",
  ],
  why: [
    "A port without an address is open on every interface of the host, the public one included. Docker writes its own rules " +
      "of the packet filter, so `ufw` and `firewalld` do not stop who comes from outside.",
    "What only a proxy on the same host asks needs `127.0.0.1:8080:80`; what only other services ask needs no `ports` at all.",
  ],
  references: [
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw",
    "https://docs.docker.com/reference/compose-file/services/#ports",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html#rule-5a-be-careful-when-mapping-container-ports-to-the-host-with-firewalls-like-ufw",
    "CIS 5.14",
    "CIS 7.2",
    "CWE-668",
  ],
  securitySeverity: 5.3,
  options,
  presetOptions: {
    strict: { allowPorts: [], allowProxies: false },
    dclint: { allowPorts: [], allowProxies: false },
  },
  yieldsTo: ["network/no-public-datastore", "network/no-debug-ports", "runtime/no-sshd#port"],
  mentions: { compose: ["ports"] },
  check: {
    *service(service, { options: { allowPorts, allowServices, allowProxies }, project }) {
      if (service.hasProvider || allowServices.includes(service.name)) return;
      for (const { mapping, on, range, text } of openPortsOf(service)) {
        const ports = mapping.published?.value;
        if (on !== "interfaces") continue;
        if (ports !== undefined && ports.first === ports.last && isAllowed(ports.first, mapping, allowPorts)) continue;
        // There a port is on every node, whatever address is written.
        if (isForSwarm(service)) return;
        if (allowProxies && kindOfService(service, project) === "proxy") return;
        const edits = loopbackEdits(mapping);
        const message = `\`${text}\` of \`${service.name}\` is open on every interface; name one, such as \`127.0.0.1\``;
        const fix =
          edits === undefined
            ? undefined
            : ({ description: "publish it for this host only", safety: "unsafe", edits } as const);
        yield { range, message, fix };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a port without an address",
        message: "`8080` of `api` is open on every interface",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: [«"8080:80"»]'] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["127.0.0.1:8080:80"]'] },
      },
      {
        name: "the address that means all of them, in any spelling",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            '      - «"0.0.0.0:8080:80"»',
            '      - «"[::]:8081:81"»',
            '      - «"[0:0:0:0:0:0:0:0]:8082:82"»',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            '      - "127.0.0.1:8080:80"',
            '      - "[::1]:8081:81"',
            '      - "[::1]:8082:82"',
          ],
        },
      },
      {
        name: "a random port, and ranges",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            "      - «3000»",
            '      - «"8000-8002:8000-8002"»',
            "      - «9090-9091:8080-8081»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            "      - 127.0.0.1::3000",
            '      - "127.0.0.1:8000-8002:8000-8002"',
            "      - 127.0.0.1:9090-9091:8080-8081",
          ],
        },
      },
      {
        name: "the long form",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            "      - target: 80",
            '        «published»: "8080"',
            '      - «published»: "8081"',
            "        target: 81",
            '      - { target: 82, «published»: "8082" }',
            "      - «target»: 83",
            "      - target: 84",
            "        «published»: 8084",
            "        host_ip: 0.0.0.0",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            "      - target: 80",
            '        published: "8080"',
            "        host_ip: 127.0.0.1",
            '      - published: "8081"',
            "        host_ip: 127.0.0.1",
            "        target: 81",
            '      - { target: 82, published: "8082", host_ip: 127.0.0.1 }',
            "      - target: 83",
            "        host_ip: 127.0.0.1",
            "      - target: 84",
            "        published: 8084",
            "        host_ip: 127.0.0.1",
          ],
        },
      },
      {
        name: "a port of the host that a variable brings",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            '    ports: [«"${PORT:-8080}:80"», «"${API_PORT}:81"»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            '    ports: ["127.0.0.1:${PORT:-8080}:80", "127.0.0.1:${API_PORT}:81"]',
          ],
        },
      },
      {
        name: "all interfaces as the default of a variable",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node", '    ports: [«"${BIND:-0.0.0.0}:8080:80"»]'],
        },
      },
      {
        name: "the ports of the web in the strict preset",
        preset: "strict",
        severity: "warning",
        files: {
          "compose.yaml": ["services:", "  edge:", "    image: traefik:3.3", '    ports: [«"80:80"», «"443:443"»]'],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  edge:",
            "    image: traefik:3.3",
            '    ports: ["127.0.0.1:80:80", "127.0.0.1:443:443"]',
          ],
        },
      },
      {
        name: "written in the file that an override completes",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node", '    ports: [«"8080:80"»]'],
          "compose.override.yaml": ["services:", "  api:", '    ports: ["127.0.0.1:9229:9229"]'],
        },
        fixed: {
          "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["127.0.0.1:8080:80"]'],
          "compose.override.yaml": ["services:", "  api:", '    ports: ["127.0.0.1:9229:9229"]'],
        },
      },
    ],
    good: [
      {
        name: "addresses of one interface",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    ports:",
            '      - "127.0.0.1:8080:80"',
            '      - "[::1]:8080:80"',
            '      - "192.168.1.10:8081:81"',
            '      - "203.0.113.9:8082:82"',
            "      - { target: 83, published: 8083, host_ip: 127.0.0.1 }",
          ],
        },
      },
      {
        name: "what other machines can ask at its standard port only",
        preset: "recommended",
        files: {
          "compose.yaml": [
            "services:",
            "  names:",
            "    image: pihole/pihole:2025.03.0",
            '    ports: ["53:53/tcp", "53:53/udp", "67:67/udp"]',
            "  tunnel:",
            "    image: linuxserver/wireguard:1.0.20210914",
            "    ports: [51820:51820/udp]",
          ],
        },
      },
      {
        name: "the ports of the web, and those of a proxy",
        preset: "recommended",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    ports: ["80:80", "443:443"]',
            "  edge:",
            "    image: traefik:3.3",
            '    ports: ["8080:8080"]',
          ],
        },
      },
      {
        name: "an address that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            '    ports: ["${BIND}:8080:80", "$HOST:$PORT:81", "${PUBLISH}", "${BIND}:82"]',
          ],
        },
      },
      {
        name: "what the network mode discards",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    network_mode: host",
            '    ports: ["8080:80"]',
          ],
        },
      },
      {
        name: "a network that binds its ports to one address",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    networks: [inner]",
            '    ports: ["8080:80"]',
            "networks:",
            "  inner:",
            "    driver_opts:",
            "      com.docker.network.bridge.host_binding_ipv4: 127.0.0.1",
          ],
        },
      },
      {
        name: "ports of a Swarm, which are on every node",
        files: {
          "docker-stack.yml": ["services:", "  api:", "    image: node", '    ports: ["8080:80"]'],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "    deploy: { placement: { constraints: [node.role == worker] } }",
            "    ports:",
            "      - { target: 80, published: 8080, mode: ingress }",
          ],
        },
      },
      {
        name: "services that the policy allows",
        options: { allowServices: ["api"] },
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    ports: ["8080:80"]'] },
      },
      {
        name: "a port for the other services only",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", '    expose: ["8080"]'] },
      },
    ],
  },
});

function isAllowed(port: number, { protocol }: PortMapping, allowed: readonly string[]): boolean {
  return allowed.includes(String(port)) || allowed.includes(`${port}/${protocol}`);
}
