import type { PortMapping, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { listeningPorts, type PortEvidence } from "../../src/project/listening-ports.js";
import type { Build } from "../../src/project/model.js";
import { addressesOf, isLoopback, type ProbeAddress } from "../../src/project/probe-addresses.js";
import { factsOfProbe, type Probe, probeOfService, probeOfView } from "../../src/project/probes.js";
import { startedBy } from "../../src/project/service-view.js";
import type { Invocation } from "../../src/shell/model.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";

export default defineRule({
  id: "health/probe-own-port",
  summary: "The probe asks this container, on the port it listens on",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    port: { summary: "a port on which nothing of this container listens" },
    "host-port": { summary: "the port that the host publishes instead of the container's own" },
    external: { summary: "another machine", levels: { recommended: "info", strict: "info" } },
    "localhost-ipv6": {
      summary: "`localhost`, which busybox may take for the IPv6 address, over a server that listens on IPv4",
      levels: { recommended: "off", strict: "info" },
    },
    "other-service": { summary: "another service of the project" },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A probe runs inside of the container. Asked for a port on which nothing listens there, it fails for ever, and the service " +
      "never becomes healthy although it works.",
    "A probe that asks somebody else reports the health of somebody else: their outage restarts this container.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
    "https://docs.docker.com/reference/compose-file/services/#healthcheck",
    "https://docs.docker.com/engine/network/#published-ports",
  ],
  mentions: { dockerfile: ["healthcheck"], compose: ["healthcheck"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "another port than the server's",
        kind: "port",
        message: "the probe asks port 8080, but the start command names 8000",
        files: {
          Dockerfile: [
            "FROM python:3.12-slim",
            "RUN pip install uvicorn==0.34.0",
            "EXPOSE 8000",
            `HEALTHCHECK CMD python -c "import app" && wget -q -O /dev/null http://localhost:«8080»/health`,
            'CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000"]',
          ],
        },
      },
      {
        name: "another port than EXPOSE names, by default",
        kind: "port",
        message: "port 80",
        files: {
          Dockerfile: ["FROM node:22", "EXPOSE 3000", "HEALTHCHECK CMD curl -f http://«localhost»/", "CMD node ."],
        },
      },
      {
        name: "settings that nobody reads here may add one",
        kind: "port",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "COPY server.conf /etc/server.conf",
            "EXPOSE 3000",
            "HEALTHCHECK CMD curl -f http://localhost:«9100»/metrics",
            "CMD /server",
          ],
        },
      },
      {
        name: "a service whose container port is another one",
        kind: "port",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    command: [serve, --port=8000]",
            "    healthcheck:",
            '      test: [CMD, nc, -z, localhost, «"8001"»]',
          ],
        },
      },
      {
        name: "the port of the host",
        kind: "host-port",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            '    ports: ["9000:8000"]',
            "    healthcheck:",
            "      test: curl -f http://localhost:«9000»/ || exit 1",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            '    ports: ["9000:8000"]',
            "    healthcheck:",
            "      test: curl -f http://localhost:8000/ || exit 1",
          ],
        },
      },
      {
        name: "the port of the host, by a variable",
        kind: "host-port",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    environment: {PROBE: http}",
            "    ports: ['9000:8000']",
            "    healthcheck:",
            '      test: "curl -f «$$PROBE://localhost:9000/»"',
          ],
        },
      },
      {
        name: "another machine",
        kind: "external",
        files: {
          Dockerfile: ["FROM debian:12", "HEALTHCHECK CMD curl -f https://«status.example.com»/", "CMD /api"],
        },
      },
      {
        name: "another service",
        kind: "other-service",
        message: "asks `db`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    healthcheck: {test: [CMD, pg_isready, -h, «db»]}",
            "  db:",
            "    image: postgres:17.6",
          ],
        },
      },
      {
        name: "localhost on Alpine, over a server on IPv4",
        kind: "localhost-ipv6",
        files: {
          Dockerfile: [
            "FROM python:3.12-alpine",
            "EXPOSE 8000",
            "HEALTHCHECK CMD wget -q -O /dev/null http://«localhost»:8000/",
            "CMD uvicorn app:app --host 0.0.0.0 --port 8000",
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM python:3.12-alpine",
            "EXPOSE 8000",
            "HEALTHCHECK CMD wget -q -O /dev/null http://127.0.0.1:8000/",
            "CMD uvicorn app:app --host 0.0.0.0 --port 8000",
          ],
        },
      },
    ],
    good: [
      {
        name: "the container's own port",
        files: {
          Dockerfile: ["FROM node:22", "EXPOSE 3000", "HEALTHCHECK CMD curl -f http://localhost:3000/", "CMD node ."],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    ports: ["9000:3000"]',
            "    healthcheck:",
            "      test: curl -f http://127.0.0.1:3000/",
          ],
        },
      },
      {
        name: "no port is known, and a port that a variable decides",
        files: {
          Dockerfile: ["FROM node:22", "HEALTHCHECK CMD curl -f http://localhost:3000/", "CMD node ."],
          "b.Dockerfile": [
            "FROM node:22",
            "EXPOSE 3000",
            "HEALTHCHECK CMD curl -f http://localhost:$PORT/",
            "CMD node .",
          ],
        },
      },
      {
        name: "a port that a variable names, or the base",
        files: {
          Dockerfile: [
            "FROM rabbitmq:4.0",
            "ENV MANAGEMENT_PORT=8081",
            "EXPOSE 8080",
            "HEALTHCHECK CMD curl -f http://localhost:8081/ && curl -f http://localhost:15672/",
          ],
        },
      },
      {
        name: "the services that run the image say it",
        files: {
          Dockerfile: ["FROM node:22", "EXPOSE 3000", "HEALTHCHECK CMD curl -f http://localhost:8080/", "CMD node ."],
          "compose.yaml": ["services:", "  api:", "    build: .", "    environment: {PORT: 8080}"],
        },
      },
      {
        name: "a published port that is the container's as well",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            '    ports: ["9000:8000", "9001:9000"]',
            "    healthcheck: {test: [CMD, curl, -f, 'http://localhost:9000']}",
          ],
        },
      },
      {
        name: "a network that is not its own",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    network_mode: host",
            "    command: [serve, --port=8000]",
            "    healthcheck: {test: [CMD, curl, -f, 'http://localhost:9000']}",
          ],
        },
      },
      {
        name: "its own names",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    hostname: api.internal",
            "    extra_hosts: ['shop.example.com:127.0.0.1']",
            "    healthcheck:",
            "      test: curl -f http://api:8000 && curl -f http://api.internal:8000 && curl -f http://shop.example.com",
          ],
        },
      },
      {
        name: "a port that the image is known to have for probes",
        files: {
          "compose.yaml": [
            "services:",
            "  login:",
            "    image: quay.io/keycloak/keycloak:26.0",
            '    ports: ["8080:8080"]',
            "    healthcheck: {test: 'exec 3<>/dev/tcp/127.0.0.1/9000; grep UP <&3'}",
          ],
        },
      },
      {
        name: "an address that the command connects to",
        files: {
          "compose.yaml": [
            "services:",
            "  worker:",
            "    image: ghcr.io/acme/worker:1.4.0",
            "    command: [work, --addr, 'redis:6379']",
            "    healthcheck: {test: [CMD, curl, -f, 'http://localhost:8080']}",
          ],
        },
      },
      {
        name: "scripts, sockets, and programs that nobody reads here",
        files: {
          Dockerfile: ["FROM debian:12", "EXPOSE 3000", "HEALTHCHECK CMD /probe.sh http://localhost:8080", "CMD /api"],
          "b.Dockerfile": [
            "FROM debian:12",
            "EXPOSE 3000",
            "HEALTHCHECK CMD curl --unix-socket /run/api.sock http://localhost/",
            "CMD /api",
          ],
        },
      },
      {
        name: "localhost over a server that listens on both, or asked by curl",
        files: {
          Dockerfile: ["FROM nginx:1.27.4-alpine", "HEALTHCHECK CMD wget -q -O /dev/null http://localhost/"],
          "b.Dockerfile": [
            "FROM python:3.12-alpine",
            "RUN apk add --no-cache curl",
            "HEALTHCHECK CMD curl -f http://localhost:8000/",
            "CMD uvicorn app:app --host 0.0.0.0 --port 8000",
          ],
          "c.Dockerfile": [
            "FROM python:3.12-alpine",
            "RUN apk add --no-cache wget",
            "HEALTHCHECK CMD wget -q -O /dev/null http://localhost:8000/",
            "CMD uvicorn app:app --host 0.0.0.0 --port 8000",
          ],
        },
      },
      {
        name: "no check at all",
        files: {
          Dockerfile: ["FROM node:22", "EXPOSE 3000", "HEALTHCHECK NONE"],
          "compose.yaml": ["services:", "  api: {image: 'ghcr.io/acme/api:1.4.0', healthcheck: {disable: true}}"],
        },
      },
    ],
  },
});

function* checkBuild({ target }: Build, ctx: RuleContext): Iterable<Finding> {
  if (target?.healthcheck.kind !== "check" || target.isWindows) return;
  const { view, stage } = target.healthcheck;
  // What the image of another service brings is judged there.
  if (stage.build === target.build) yield* checkProbe(probeOfView(view, target), ctx);
}

function* checkService(service: Service, ctx: RuleContext): Iterable<Finding> {
  if (service.hasProvider || service.isWindows) return;
  const probe = probeOfService(service, ctx.project);
  if (probe !== undefined) yield* checkProbe(probe, ctx);
}

function* checkProbe(probe: Probe, ctx: RuleContext): Iterable<Finding> {
  for (const address of addressesOf(probe)) {
    const finding = isLoopback(address.host) ? judgeOwn(address, probe, ctx) : judgeOther(address, probe);
    if (finding !== undefined) yield finding;
  }
}

function judgeOwn(address: ProbeAddress, probe: Probe, ctx: RuleContext): Finding | undefined {
  return wrongPort(address, probe, ctx) ?? wrongFamily(address, probe, ctx);
}

function wrongPort(address: ProbeAddress, probe: Probe, { project }: RuleContext): Finding | undefined {
  const { port } = address;
  const { service, image } = probe;
  // Ports of another network are not listed here.
  if (port === undefined || service?.networkMode !== undefined) return undefined;
  const ports = listeningPorts(image, service, project);
  const published = service === undefined ? undefined : publishedAs(service, port);
  if (published !== undefined && !ports.evidence.some((known) => known.port === port)) {
    return hostPort(address, port, published);
  }
  const [known] = ports.evidence;
  if (known === undefined || ports.mayBe(port)) return undefined;
  return {
    kind: "port",
    range: address.portRange ?? address.hostRange,
    message: `the probe asks port ${port}, but ${SAYS[known.from]} ${known.port}; ask the port that is served`,
    related: [{ range: known.range, message: "the port that is known" }],
    confidence: confidenceOf(known, ports.isOpen),
  };
}

const SAYS = {
  command: "the start command names",
  image: "the image exposes",
  service: "the service has",
} as const;

/** Many programs answer probes on a port of their own that nobody publishes. */
function confidenceOf({ from }: PortEvidence, isOpen: boolean): "medium" | "low" {
  return isOpen || from === "service" ? "low" : "medium";
}

/** The entry of `ports` that publishes a port on the host whose port in the container is another one. */
function publishedAs({ ports }: Service, port: number): PortMapping | undefined {
  return ports.find(({ published, target, protocol }) => {
    const host = published?.value;
    if (host === undefined || target?.value === undefined || protocol !== "tcp") return false;
    return host.first === port && host.last === port && target.value.first !== port;
  });
}

function hostPort({ portRange, hostRange }: ProbeAddress, port: number, { target, range }: PortMapping): Finding {
  const own = target?.value?.first ?? 0;
  return {
    kind: "host-port",
    range: portRange ?? hostRange,
    message: `port ${port} is the host's; inside of the container ask ${own}`,
    related: [{ range, message: "published here" }],
    // Unsafe: the service is healthy from then on, and whoever waits for that starts.
    fix:
      portRange === undefined || textOf(portRange) !== String(port)
        ? undefined
        : { description: `ask port ${own}`, safety: "unsafe", edits: [{ range: portRange, text: String(own) }] },
  };
}

/** busybox asks the first address of a name only, which for `localhost` may be `::1`. */
function wrongFamily(address: ProbeAddress, probe: Probe, { project }: RuleContext): Finding | undefined {
  const { host, command, hostRange } = address;
  if (host !== "localhost" || (command.name !== "wget" && command.name !== "nc") || !isBusybox(probe, command.name)) {
    return undefined;
  }
  const { image, service } = probe;
  const stage = image.kind === "stage" ? image.stage : undefined;
  const started =
    service === undefined
      ? [...(stage?.entrypoint?.commands ?? []), ...(stage?.command?.commands ?? [])]
      : (startedBy(service, project) ?? []);
  if (!started.some(listensOnIpv4)) return undefined;
  return {
    kind: "localhost-ipv6",
    range: hostRange,
    message: `busybox may take \`localhost\` for \`::1\`, where nothing listens; ask \`127.0.0.1\``,
    // Unsafe: a server may listen there although its command does not say so.
    fix:
      textOf(hostRange) === "localhost"
        ? { description: "ask `127.0.0.1`", safety: "unsafe", edits: [{ range: hostRange, text: "127.0.0.1" }] }
        : undefined,
  };
}

function isBusybox(probe: Probe, program: string): boolean {
  const family = factsOfProbe(probe)?.os?.family;
  if (family !== "alpine" && family !== "busybox") return false;
  if (probe.image.kind !== "stage") return true;
  const names = program === "nc" ? ["netcat-openbsd", "nmap-ncat"] : [program];
  return !probe.image.stage.lineage.some(({ runs }) =>
    runs.some(({ packages }) =>
      packages.some(({ packages: list }) => list.some(({ name }) => name === undefined || names.includes(name))),
    ),
  );
}

/** Servers of Python that listen on 127.0.0.1 when nothing else is said. */
const IPV4_SERVERS: ReadonlySet<string> = new Set(["uvicorn", "gunicorn", "hypercorn", "flask", "waitress-serve"]);

function listensOnIpv4({ name, words }: Invocation): boolean {
  const texts = words.map(({ shape }) => shape);
  if (texts.some((text) => text.includes("::"))) return false;
  if (texts.some((text) => /(?:^|[=/])(?:0\.0\.0\.0|127\.0\.0\.1)(?:$|:)/.test(text))) return true;
  return name !== undefined && IPV4_SERVERS.has(name) && words.every(({ value }) => value !== undefined);
}

function judgeOther({ host, hostRange }: ProbeAddress, { service }: Probe): Finding | undefined {
  if (service !== undefined) {
    if (namesOf(service).has(host) || hasExtraHost(service, host)) return undefined;
    for (const other of service.variant.services.values()) {
      if (other === service || !namesOf(other).has(host)) continue;
      return {
        kind: "other-service",
        range: hostRange,
        message: `the probe of \`${service.name}\` asks ${quoted(host)}, another service; ask this container itself`,
        related: [{ range: other.keyRange, message: "the service that is asked" }],
      };
    }
  }
  // A name without a dot may be this container's own.
  if (!host.includes(".") && !host.includes(":")) return undefined;
  return {
    kind: "external",
    range: hostRange,
    message: `the probe asks ${quoted(host)}, so an outage there makes this container unhealthy; ask \`localhost\``,
  };
}

/** Names by which others, and the container itself, find a service. */
function namesOf(service: Service): ReadonlySet<string> {
  const names = [service.name];
  for (const key of ["hostname", "container_name"]) {
    const value = service.valueAt(key)?.value;
    if (value !== undefined) names.push(value);
  }
  const domain = service.valueAt("domainname")?.value;
  const hostname = service.valueAt("hostname")?.value;
  if (domain !== undefined && hostname !== undefined) names.push(`${hostname}.${domain}`);
  for (const { aliases } of service.networks)
    for (const { value } of aliases) if (value !== undefined) names.push(value);
  return new Set(names.map((name) => name.toLowerCase()));
}

/** An address that the service writes into its hosts file may be its own. */
function hasExtraHost(service: Service, host: string): boolean {
  return (
    service.listAt("extra_hosts").some(({ text }) => text.toLowerCase().startsWith(host)) ||
    service.entryAt("extra_hosts", host) !== undefined
  );
}
