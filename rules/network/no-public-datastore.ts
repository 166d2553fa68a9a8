import type { PortMapping, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { loopbackEdits, type OpenPort, openPortsOf } from "../../src/project/published-ports.js";
import { kindOfService, startedBy } from "../../src/project/service-view.js";
import { isForSwarm } from "../../src/project/swarm.js";
import type { Invocation } from "../../src/shell/model.js";

/** Ports of databases, brokers and control planes. */
const PORTS: readonly number[] = [
  1433, 1521, 2375, 2376, 2379, 2380, 3306, 33060, 4222, 5432, 5672, 5984, 6379, 6443, 7474, 7687, 8086, 8200, 8500,
  9042, 9092, 9200, 9300, 10250, 11211, 15672, 27017, 27018, 27019,
];
/** Of these, such as programs of one's own listen on, too: no evidence where the image is built here. */
const SHARED: ReadonlySet<number> = new Set([4222, 6443, 8086, 8200, 8500, 9042, 9092, 9200, 9300]);

/** Why a port must not be reached, and how sure that is. */
interface Reason {
  readonly what: string;
  readonly confidence?: Finding["confidence"];
}

export default defineRule({
  id: "network/no-public-datastore",
  summary: "Databases and control planes are not published to the world",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Robots find an open database within hours, and try the passwords that everybody uses. Docker's own rules of the packet " +
      "filter let them in where `ufw` is meant to keep them out.",
    "Services of one project reach each other by name without `ports`. For a client on the host `127.0.0.1:5432:5432` is enough.",
  ],
  references: [
    "https://docs.docker.com/engine/network/packet-filtering-firewalls/#docker-and-ufw",
    "https://docs.docker.com/compose/how-tos/networking/",
    "CIS 5.9",
    "CIS 5.14",
    "CWE-284",
  ],
  securitySeverity: 8.6,
  mentions: { compose: ["ports"] },
  check: {
    *service(service, { project }) {
      if (service.hasProvider) return;
      const open = openPortsOf(service);
      if (open.length === 0) return;
      const reasonOf = reasons(service, project);
      for (const port of open) {
        const reason = reasonOf(port.mapping);
        if (reason !== undefined) yield finding(port, service, reason);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a database",
        message: "`db` (postgres) is open on every interface at `5432`",
        files: {
          "compose.yaml": ["services:", "  db:", "    image: postgres:16.4", '    ports: [«"5432:5432"»]'],
        },
        fixed: {
          "compose.yaml": ["services:", "  db:", "    image: postgres:16.4", '    ports: ["127.0.0.1:5432:5432"]'],
        },
      },
      {
        name: "on another port of the host, in the long form, of another publisher",
        severity: "error",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: registry.example.org/mirror/redis:7.4",
            "    ports:",
            "      - target: 6379",
            "        «published»: 16379",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: registry.example.org/mirror/redis:7.4",
            "    ports:",
            "      - target: 6379",
            "        published: 16379",
            "        host_ip: 127.0.0.1",
          ],
        },
      },
      {
        name: "a broker, a control plane and a tool of development",
        files: {
          "compose.yaml": [
            "services:",
            "  mq:",
            "    image: rabbitmq:4.0-management",
            '    ports: [«"5672:5672"», «"15672:15672"»]',
            "  config:",
            "    image: hashicorp/consul:1.20",
            '    ports: [«"0.0.0.0:8500:8500"»]',
            "  admin:",
            "    image: adminer:4.8.1",
            "    ports: [«8080:8080»]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  mq:",
            "    image: rabbitmq:4.0-management",
            '    ports: ["127.0.0.1:5672:5672", "127.0.0.1:15672:15672"]',
            "  config:",
            "    image: hashicorp/consul:1.20",
            '    ports: ["127.0.0.1:8500:8500"]',
            "  admin:",
            "    image: adminer:4.8.1",
            "    ports: [127.0.0.1:8080:8080]",
          ],
        },
      },
      {
        name: "an image that builds on one of a database",
        files: {
          "compose.yaml": ["services:", "  db:", "    build: .", '    ports: [«"3306:3306"»]'],
          Dockerfile: ["FROM mysql:8.4", "COPY init.sql /docker-entrypoint-initdb.d/"],
          "init.sql": ["SELECT 1;"],
        },
        fixed: { "compose.yaml": ["services:", "  db:", "    build: .", '    ports: ["127.0.0.1:3306:3306"]'] },
      },
      {
        name: "a port of a database, whatever the image",
        severity: "warning",
        message: "`legacy` is open on every interface at `3306`",
        files: {
          "compose.yaml": [
            "services:",
            "  legacy:",
            "    image: ghcr.io/acme/legacy:2.1",
            '    ports: [«"3306:3306"»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  legacy:",
            "    image: ghcr.io/acme/legacy:2.1",
            '    ports: ["127.0.0.1:3306:3306"]',
          ],
        },
      },
      {
        name: "the API of the engine",
        files: {
          "compose.yaml": [
            "services:",
            "  builder:",
            "    image: docker:27-dind",
            "    command: dockerd -H tcp://0.0.0.0:4243",
            '    ports: [«"4243:4243"»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  builder:",
            "    image: docker:27-dind",
            "    command: dockerd -H tcp://0.0.0.0:4243",
            '    ports: ["127.0.0.1:4243:4243"]',
          ],
        },
      },
      {
        name: "an address of the internet",
        message: "`db` (postgres) is open to the internet at `5432`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    ports:",
            '      - «"203.0.113.9:5432:5432"»',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    ports:",
            '      - "127.0.0.1:5432:5432"',
          ],
        },
      },
      {
        name: "all interfaces as the default of a variable",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            '    ports: [«"${BIND:-0.0.0.0}:5432:5432"»]',
          ],
        },
      },
      {
        name: "in a Swarm, where no address can be named",
        message: "do not publish it",
        files: {
          "docker-stack.yml": ["services:", "  db:", "    image: postgres:16.4", '    ports: [«"5432:5432"»]'],
        },
      },
      {
        name: "in development a warning",
        severity: "warning",
        preset: "recommended",
        files: {
          "compose.dev.yaml": ["services:", "  db:", "    image: postgres:16.4", '    ports: [«"5432:5432"»]'],
        },
        fixed: {
          "compose.dev.yaml": ["services:", "  db:", "    image: postgres:16.4", '    ports: ["127.0.0.1:5432:5432"]'],
        },
      },
    ],
    good: [
      {
        name: "for other services only",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:16.4", '    expose: ["5432"]'] },
      },
      {
        name: "for this host, or a private network",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    ports:",
            '      - "127.0.0.1:5432:5432"',
            '      - "[::1]:5432:5432"',
            '      - "10.0.0.4:5432:5432"',
            "      - { target: 5432, published: 5433, host_ip: 127.0.0.1 }",
          ],
        },
      },
      {
        name: "an address that nobody knows",
        files: {
          "compose.yaml": ["services:", "  db:", "    image: postgres:16.4", '    ports: ["${BIND}:5432:5432"]'],
        },
      },
      {
        name: "such a port of an image that is known as something else",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    ports: ["9200:9200"]',
            "  metrics:",
            "    image: prom/prometheus:v3.1.0",
            '    ports: ["9092:9092"]',
          ],
        },
      },
      {
        name: "ports of other programs",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4", '    ports: ["5432:3000"]'],
        },
      },
      {
        name: "a port that one's own program may have chosen",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    ports: ["8086:8086"]'],
          Dockerfile: ["FROM node:22.14.0", 'CMD ["node", "server.js"]'],
        },
      },
    ],
  },
});

function finding({ mapping, on, range, text }: OpenPort, service: Service, { what, confidence }: Reason): Finding {
  const how = on === "interfaces" ? "is open on every interface" : "is open to the internet";
  const isSwarm = isForSwarm(service);
  const edits = isSwarm ? undefined : loopbackEdits(mapping);
  const remedy = isSwarm ? "do not publish it" : "publish it on `127.0.0.1`, or not at all";
  return {
    range,
    message: `${what} ${how} at \`${text}\`; ${remedy}`,
    confidence,
    fix: edits === undefined ? undefined : { description: "publish it for this host only", safety: "unsafe", edits },
    subject: service.name,
  };
}

/** What a service tells of each of its ports; nobody asks twice what the service is. */
function reasons(service: Service, project: Project): (port: PortMapping) => Reason | undefined {
  const kind = kindOfService(service, project);
  const name = `\`${service.name}\``;
  switch (kind) {
    case "datastore":
    case "broker":
    case "control-plane":
    case "dev-tool":
      return () => ({ what: `${name} (${programOf(service, project)})` });
    case undefined:
    case "base":
    case "cache": {
      const isEngine = startedBy(service, project)?.some(opensEngine) === true;
      const isBuilt = service.build !== undefined;
      return ({ target, protocol }) => {
        if (isEngine) return { what: `the engine of ${name}` };
        const ports = target?.value;
        if (ports === undefined || protocol !== "tcp") return undefined;
        const found = PORTS.find((port) => ports.first <= port && port <= ports.last);
        if (found === undefined || (isBuilt && SHARED.has(found))) return undefined;
        return { what: name, confidence: "medium" };
      };
    }
    default:
      return () => undefined;
  }
}

function opensEngine({ name, words }: Invocation): boolean {
  return (
    name === "dockerd" ||
    words.some(({ value }, index) => {
      const before = words[index - 1]?.value;
      return value?.startsWith("tcp://") === true && (before === "-H" || before === "--host");
    }) ||
    words.some(({ value }) => value?.startsWith("--host=tcp://") === true || value?.startsWith("-H=tcp://") === true)
  );
}

/** The name that people know the program by: the last part of the image's. */
function programOf(service: Service, project: Project): string {
  const image = project.imageOf(service);
  const reference = image.kind === "stage" ? image.stage.image : image.kind === "pulled" ? image.reference : undefined;
  const repository = reference?.name ?? "";
  return repository.slice(repository.lastIndexOf("/") + 1);
}
