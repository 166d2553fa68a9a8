import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import {
  environmentAddresses,
  isForBrowsers,
  listensOn,
  type NamedAddress,
  namespaceOf,
  publishedAs,
} from "../../src/project/peers.js";
import { isStore } from "../../src/project/service-view.js";
import { type Range, textOf } from "../../src/text/source.js";
import { parsePortNumber } from "../../src/values/port.js";

/** An address that means the container itself, with its port. */
interface LocalAddress extends NamedAddress {
  readonly port: number;
  /** Host and port stand in variables of their own. */
  readonly isPair: boolean;
}

/** A service that has the port. */
interface Peer {
  readonly service: Service;
  /** Of its container. */
  readonly port: number;
  readonly isPublished: boolean;
}

export default defineRule({
  id: "network/no-localhost-peer",
  summary: "`localhost` in a container is the container itself",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Each container has a loopback of its own: the database that answers on `localhost:5432` of the laptop is at `db:5432` for " +
      "the other services. The connection is refused, at run time only.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/networking/",
    "https://docs.docker.com/engine/network/#container-networks",
  ],
  mentions: { compose: ["localhost", "127.0.0.1", "::1"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a database beside",
        message: "`localhost:5432` is `web` itself; `db` answers at `db:5432`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { DATABASE_URL: 'postgres://app@«localhost»:5432/app' }",
            "  db:",
            "    image: postgres",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { DATABASE_URL: 'postgres://app@db:5432/app' }",
            "  db:",
            "    image: postgres",
          ],
        },
      },
      {
        name: "by its address, at the port of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      - CACHE=redis://«127.0.0.1»:16379/0",
            "      - QUEUE=amqp://[«::1»]:5672",
            "  cache:",
            "    image: redis",
            '    ports: ["16379:6379"]',
            "  mq:",
            "    image: rabbitmq",
            "    expose: [5672]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      - CACHE=redis://cache:6379/0",
            "      - QUEUE=amqp://mq:5672",
            "  cache:",
            "    image: redis",
            '    ports: ["16379:6379"]',
            "  mq:",
            "    image: rabbitmq",
            "    expose: [5672]",
          ],
        },
      },
      {
        name: "host and port in variables of their own",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      DB_HOST: «localhost»",
            '      DB_PORT: "3306"',
            "  db:",
            "    image: mysql",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      DB_HOST: db",
            '      DB_PORT: "3306"',
            "  db:",
            "    image: mysql",
          ],
        },
      },
      {
        name: "two services that it may be, or one that shares no network",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { DATABASE_URL: 'postgres://«localhost»:5432', CACHE_URL: 'redis://«localhost»:6379' }",
            "  main:",
            "    image: postgres",
            "  archive:",
            "    image: postgres",
            "  cache:",
            "    image: redis",
            "    networks: [back]",
            "networks: { back: {} }",
          ],
        },
      },
      {
        name: "an application that no browser asks",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: ghcr.io/acme/worker:1.4",
            "    environment: { API_URL: 'http://«localhost»:3000/v1' }",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["3000:3000"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: ghcr.io/acme/worker:1.4",
            "    environment: { API_URL: 'http://api:3000/v1' }",
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["3000:3000"]',
          ],
        },
      },
      {
        name: "of a service that browsers ask, the address may be for them",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: ghcr.io/acme/web:1.4",
            "    environment: { API_URL: 'http://«localhost»:3000/v1' }",
            '    ports: ["80:8080"]',
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["3000:3000"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: ghcr.io/acme/web:1.4",
            "    environment: { API_URL: 'http://api:3000/v1' }",
            '    ports: ["80:8080"]',
            "  api:",
            "    image: ghcr.io/acme/api:1.4",
            '    ports: ["3000:3000"]',
          ],
        },
      },
    ],
    good: [
      {
        name: "the name of the service",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { DATABASE_URL: 'postgres://app@db:5432/app' }",
            "  db:",
            "    image: postgres",
          ],
        },
      },
      {
        name: "a port of its own",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    ports: ['8080:3000']",
            "    environment: { SELF: 'http://localhost:3000', OUTSIDE: 'http://localhost:8080', PORT: 9000, OWN: 'http://localhost:9000' }",
            "  api:",
            "    image: node",
            "    expose: [3000, 8080, 9000]",
          ],
        },
      },
      {
        name: "one namespace for both, and that of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    network_mode: service:db",
            "    environment: { DATABASE_URL: 'postgres://app@localhost:5432/app' }",
            "  agent:",
            "    image: node",
            "    network_mode: host",
            "    environment: { DATABASE_URL: 'postgres://app@localhost:5432/app' }",
            "  db:",
            "    image: postgres",
            "    environment: { SIDE: 'http://localhost:3000' }",
            "  api:",
            "    image: node",
            "    expose: [3000]",
            "  side:",
            "    image: node",
            "    network_mode: service:db",
            "    expose: [3000]",
          ],
        },
      },
      {
        name: "addresses for browsers, and those of a health check",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment:",
            "      VITE_API: http://localhost:3000",
            "      NEXT_PUBLIC_API: http://localhost:3000",
            "      CORS_ORIGINS: http://localhost:3000",
            "      OAUTH_PUBLIC_URL: http://localhost:3000",
            "      BASE_URL: http://localhost:3000",
            "    healthcheck: { test: curl -f http://localhost:3000 }",
            "  api:",
            "    image: node",
            "    expose: [3000]",
          ],
        },
      },
      {
        name: "ports that no other service has, or nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node",
            "    environment: { A: 'http://localhost:4000', B: 'http://localhost', C: 'http://localhost:${PORT}', DB_HOST: localhost }",
            "  db:",
            "    image: postgres",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  const { variant } = service;
  if (variant.services.size < 2 || service.hasProvider) return;
  const own = namespaceOf(service);
  if (own === undefined) return;
  for (const address of localAddresses(service)) {
    const { port, hostRange } = address;
    const peers = peersAt(port, { service, own, address }, project);
    const [peer] = peers;
    if (peer === undefined || hasItself(service, own, address, project)) continue;
    const name = peer.service.name;
    yield {
      range: hostRange,
      message: `\`${textOf(hostRange)}:${port}\` is \`${service.name}\` itself; \`${name}\` answers at \`${name}:${peer.port}\``,
      related: [{ range: peer.service.keyRange, message: "the service that has the port" }],
      confidence: mayBeForBrowsers(address, service, peer) ? "low" : "high",
      fix: peers.length === 1 && service.reaches(peer.service) === true ? fixFor(address, peer, service) : undefined,
      subject: address.variable ?? "",
    };
  }
}

function* localAddresses(service: Service): Iterable<LocalAddress> {
  for (const address of environmentAddresses(service)) {
    const { host, port, variable = "" } = address;
    if (host !== "localhost" && host !== "127.0.0.1" && host !== "::1") continue;
    if (isForBrowsers(variable)) continue;
    if (port !== undefined) yield { ...address, port, isPair: false };
    else if (address.scheme === undefined) {
      const sibling = siblingPort(service, variable);
      if (sibling !== undefined) yield { ...address, ...sibling, isPair: true };
    }
  }
}

/** `DB_PORT` beside `DB_HOST`. */
function siblingPort(
  service: Service,
  variable: string,
): { readonly port: number; readonly portRange: Range } | undefined {
  const at = variable.toUpperCase().lastIndexOf("HOST");
  const name = variable[at] === "h" ? "port" : "PORT";
  const value = at === -1 ? undefined : service.environment.get(`${variable.slice(0, at)}${name}`)?.value;
  const port = value?.value === undefined || value.isSecret ? undefined : parsePortNumber(value.value);
  return port === undefined || value === undefined ? undefined : { port, portRange: value.range };
}

interface Asker {
  readonly service: Service;
  readonly own: Service;
  readonly address: LocalAddress;
}

function peersAt(port: number, { service, own, address }: Asker, project: Project): readonly Peer[] {
  const peers: Peer[] = [];
  for (const other of service.variant.services.values()) {
    const place = namespaceOf(other);
    if (place === undefined || place === own || other.hasProvider) continue;
    if (!service.variant.canRunTogether(service, other)) continue;
    // A host and a port apart may be what the program listens on: only a database makes them an address.
    if (address.isPair && !isStore(other, project)) continue;
    const published = publishedAs(other, port);
    if (listensOn(other, port, project)) peers.push({ service: other, port, isPublished: published !== undefined });
    else if (published !== undefined) peers.push({ service: other, port: published.target, isPublished: true });
  }
  return peers;
}

/** Whether something in the same namespace has the port. */
function hasItself(service: Service, own: Service, { port, isPair }: LocalAddress, project: Project): boolean {
  for (const other of service.variant.services.values()) {
    if (namespaceOf(other) !== own) continue;
    if (listensOn(other, port, project) || publishedAs(other, port) !== undefined) return true;
  }
  return (
    !isPair &&
    service.environment.entries.some(({ key, value }) => isOwnPort(key, service) && value?.value === String(port))
  );
}

/** `PORT`, `HTTP_PORT`: of the program itself, when no host stands beside. */
function isOwnPort(key: string, { environment }: Service): boolean {
  const name = key.toUpperCase();
  return name.endsWith("PORT") && environment.get(`${key.slice(0, -4)}HOST`) === undefined;
}

function mayBeForBrowsers({ scheme }: LocalAddress, service: Service, { isPublished }: Peer): boolean {
  return (scheme === "http" || scheme === "https") && isPublished && service.isPublic;
}

function fixFor({ host, hostRange, port, portRange }: LocalAddress, peer: Peer, service: Service): Fix | undefined {
  const { name } = peer.service;
  if (textOf(hostRange).toLowerCase() !== host) return undefined;
  const { source, start, end } = hostRange;
  const isBracketed = source.text[start - 1] === "[" && source.text[end] === "]";
  const range = isBracketed ? source.range(start - 1, end + 1) : hostRange;
  const edits = [{ range, text: name }];
  if (peer.port !== port) {
    if (portRange === undefined || textOf(portRange) !== String(port) || service.node.range.source !== portRange.source)
      return undefined;
    edits.push({ range: portRange, text: String(peer.port) });
  }
  return { description: `use \`${name}:${peer.port}\``, safety: "unsafe", edits };
}
