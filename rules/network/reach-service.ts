import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { listeningPorts } from "../../src/project/listening-ports.js";
import type { Project } from "../../src/project/model.js";
import {
  listensOn,
  type NamedAddress,
  namedAddresses,
  namespaceOf,
  peersOf,
  publishedAs,
} from "../../src/project/peers.js";
import { isStore, kindOfService, runsOnce } from "../../src/project/service-view.js";

export default defineRule({
  id: "network/reach-service",
  summary: "Services can reach the services that they name",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  kinds: {
    unreachable: { summary: "the name of a service with which no network is shared" },
    "host-port": { summary: "the port of the host where the one of the container is meant" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Names of services are resolved on the networks that two services share. Without one the name does not exist, and the " +
      "program stops with `could not translate host name`, at run time only.",
    "A published port belongs to the host. Inside of the network a service answers on the port of its container.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/networking/",
    "https://docs.docker.com/reference/compose-file/services/#networks",
  ],
  mentions: { compose: ["network", "ports"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a database on another network",
        kind: "unreachable",
        message: "`web` and `db` share no network, so `db` cannot be resolved",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [front]",
            "    environment:",
            "      DB_URL: postgres://app:${DB_PASSWORD}@«db»:5432/app",
            "      CACHE_HOST: «cache»",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "  cache:",
            "    image: redis",
            "    networks: [back]",
            "networks: { front: {}, back: {} }",
          ],
        },
      },
      {
        name: "the network that Compose makes is another one, too",
        kind: "unreachable",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: [DB_URL=postgres://«db»:5432/app]",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks: { back: {} }",
          ],
        },
      },
      {
        name: "names of containers and aliases, in commands and health checks",
        kind: "unreachable",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [front]",
            '    command: sh -c "./wait-for-it.sh «shop-db»:5432 && node server.js"',
            "    healthcheck: { test: [CMD, pg_isready, -h, «main»] }",
            "  db:",
            "    image: postgres",
            "    container_name: shop-db",
            "    networks: { back: { aliases: [main] } }",
            "networks: { front: {}, back: {} }",
          ],
        },
      },
      {
        name: "a service that is waited for",
        kind: "unreachable",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [front]",
            "    depends_on: [«db»]",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks: { front: {}, back: {} }",
          ],
        },
      },
      {
        name: "the published port",
        kind: "host-port",
        message: "inside of the network `api` listens on `80`, not on the published `8080`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      API_URL: http://api:«8080»/v1",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["8080:80"]',
          ],
        },
      },
    ],
    good: [
      {
        name: "a network in common, and the port of the container",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [front, back]",
            "    depends_on: [db]",
            "    environment:",
            "      DB_URL: postgres://db:5432/app",
            "      API_URL: http://api/v1",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            '    ports: ["15432:5432"]',
            "  api:",
            "    image: node",
            "    networks: [front]",
            "networks: { front: {}, back: {} }",
          ],
        },
      },
      {
        name: "the namespace of the other service",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    network_mode: service:vpn",
            "    environment: { DB_URL: 'postgres://db:5432/app' }",
            "  vpn:",
            "    image: gluetun",
            "    networks: [back]",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks: { back: {} }",
          ],
        },
      },
      {
        name: "networks of other projects may be one",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [outer]",
            "    environment: { DB_URL: 'postgres://db:5432/app' }",
            "  db:",
            "    image: postgres",
            "    networks: [shared]",
            "networks: { outer: { external: true }, shared: { external: true } }",
          ],
        },
      },
      {
        name: "the network of the host, modes that nobody knows, and names that the service itself defines",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: node",
            "    network_mode: host",
            "    environment: { DB_URL: 'postgres://db:5432/app' }",
            "  worker:",
            "    image: node",
            "    network_mode: ${MODE}",
            "    environment: { DB_URL: 'postgres://db:5432/app' }",
            "  web:",
            "    image: node",
            "    extra_hosts: ['db:10.0.0.4']",
            "    environment: { DB_URL: 'postgres://db:5432/app' }",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks: { back: {} }",
          ],
        },
      },
      {
        name: "jobs only order the start, and words are no hosts",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    networks: [front]",
            "    depends_on:",
            "      migrate: { condition: service_completed_successfully }",
            "      api: { condition: service_started }",
            "    environment: { DRIVER: migrate, MODE: db, SITE: 'https://db.example.org', OTHER: '${DB}' }",
            "  migrate:",
            "    image: node",
            "    networks: [back]",
            "  api:",
            "    image: node",
            "    networks: [back]",
            "  db:",
            "    image: postgres",
            "    networks: [back]",
            "networks: { front: {}, back: {} }",
          ],
        },
      },
      {
        name: "a port that the other service may listen on as well",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { API_URL: 'http://api:8080', ADMIN_URL: 'http://api:9000' }",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            "    environment: { ADMIN_PORT: 9000 }",
            '    ports: ["8080:80", "8081:8080", "9000:81"]',
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { variant } = service;
  if (variant.services.size < 2 || service.hasProvider || service.isIncomplete) return;
  if (namespaceOf(service) === undefined) return;
  const peers = peersOf(variant);
  const lost = new Set<Service>();
  for (const address of namedAddresses(service)) {
    const named = peers.get(address.host);
    if (named === undefined || named.includes(service) || address.host.includes(".")) continue;
    const others = named.filter((peer) => variant.canRunTogether(service, peer));
    const [peer] = others;
    if (peer === undefined || resolvesItself(service, address.host)) continue;
    if (others.every((other) => isApart(service, other))) {
      lost.add(peer);
      yield unreachable(service, peer, address.hostRange, address.host);
    } else if (others.every((other) => service.reaches(other) === true)) {
      yield* hostPort(address, others, project);
    }
  }
  for (const { service: name, range, effectiveCondition } of service.dependsOn) {
    const peer = variant.services.get(name);
    if (peer === undefined || lost.has(peer) || effectiveCondition === "service_completed_successfully") continue;
    if (peer.networkMode !== undefined || !isApart(service, peer) || resolvesItself(service, name)) continue;
    if (!isAsked(peer, project) || runsOnce(peer, project) || runsOnce(service, project)) continue;
    yield { ...unreachable(service, peer, range, name), confidence: "medium" };
  }
}

function unreachable(service: Service, peer: Service, range: Finding["range"], host: string): Finding {
  return {
    kind: "unreachable",
    range,
    message: `\`${service.name}\` and \`${peer.name}\` share no network, so \`${host}\` cannot be resolved; give them one`,
    related: [{ range: peer.networks[0]?.range ?? peer.keyRange, message: "the other service" }],
    subject: `${service.name} ${host}`,
  };
}

/** Whether two services surely share no network: those of other projects may be one under two names. */
function isApart(service: Service, peer: Service): boolean {
  if (peer.hasProvider || peer.isIncomplete || service.reaches(peer) !== false) return false;
  return !(joinsOuter(service) && joinsOuter(peer));
}

function joinsOuter({ networks, variant }: Service): boolean {
  return networks.some(({ name }) => {
    const network = variant.networks.get(name);
    return network?.isExternal === true || network?.realName !== undefined;
  });
}

function resolvesItself(service: Service, host: string): boolean {
  if (service.at("extra_hosts") === undefined) return false;
  const entries = service.keyValuesAt("extra_hosts").entries.map(({ key }) => key);
  const items = service.listAt("extra_hosts").map(({ text }) => text);
  return [...entries, ...items].some(
    (entry) => entry === host || entry.startsWith(`${host}:`) || entry.startsWith(`${host}=`),
  );
}

/** Whether a service is one that others connect to. */
function isAsked(service: Service, project: Project): boolean {
  return isStore(service, project) || kindOfService(service, project) === "control-plane";
}

function* hostPort({ port, portRange }: NamedAddress, peers: readonly Service[], project: Project): Iterable<Finding> {
  const [peer] = peers;
  if (port === undefined || portRange === undefined || peer === undefined) return;
  const published = publishedAs(peer, port);
  if (published === undefined || published.target === port || peers.some((other) => listensOn(other, port, project)))
    return;
  const { mayListen, isOpen } = listeningPorts(project.imageOf(peer), peer, project);
  if (mayListen(port)) return;
  const { target, range } = published;
  yield {
    kind: "host-port",
    range: portRange,
    message: `inside of the network \`${peer.name}\` listens on \`${target}\`, not on the published \`${port}\`; write \`${target}\``,
    related: [{ range, message: "the published port" }],
    confidence: isOpen ? "medium" : "high",
    subject: peer.name,
  };
}
