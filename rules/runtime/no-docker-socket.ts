import type { Service } from "../../src/compose/model.js";
import { HOST_MONITORS, programSet, SOCKET_PROXIES } from "../../src/data/host-programs.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { controlsEngine } from "../../src/project/engine-socket.js";
import { hostMounts } from "../../src/project/host-mounts.js";
import type { StageView } from "../../src/project/model.js";
import { isNamedBy, runsOneOf } from "../../src/project/service-program.js";
import { quoted } from "../../src/text/quoted.js";

const options = {
  allow: option.map({
    default: {},
    description: "Services or images that may hold the engine's socket, each with the reason.",
  }),
};

export default defineRule({
  id: "runtime/no-docker-socket",
  summary: "The engine's socket stays outside",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  kinds: {
    mount: {
      summary: "a socket of an engine is mounted, or a folder that holds one",
      aliases: [
        "kics:docker-socket-mounted-in-container",
        "kics:d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b",
        "semgrep:exposing-docker-socket-volume",
        "compose-lint:CL-0001",
      ],
    },
    "api-socket": { summary: "Compose is told to hand the socket over" },
    volume: {
      summary: "an image declares the socket as a volume",
      aliases: ["semgrep:dockerfile-dockerd-socket-mount"],
    },
    proxy: {
      summary: "a proxy that is there to hold it",
      levels: { recommended: "info", checklist: "info", strict: "info" },
      aliases: [
        "kics:docker-socket-mounted-in-container",
        "kics:d6355c88-1e8d-49e9-b2f2-f8a1ca12c75b",
        "semgrep:exposing-docker-socket-volume",
        "compose-lint:CL-0001",
      ],
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Who can talk to the engine starts a container that mounts `/` and is root on the host: the socket is the host. That the " +
      "mount is read-only changes nothing, because a request is written to the process behind the socket.",
    "A filtering proxy between the two hands on the few requests that a program needs; other services reach it over the network.",
  ],
  references: [
    "https://docs.docker.com/engine/security/#docker-daemon-attack-surface",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
    "CIS 5.32",
    "CWE-250",
    "OWASP #1",
  ],
  securitySeverity: 9.1,
  options,
  mentions: { dockerfile: ["sock"], compose: ["volumes", "use_api_socket"] },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "the socket, read-only or not",
        kind: "mount",
        message: "`traefik` holds the engine's socket, which is root on the host, `:ro` or not",
        files: {
          "compose.yaml": [
            "services:",
            "  traefik:",
            "    image: traefik:v3.2.0",
            "    volumes:",
            '      - "«/var/run/docker.sock»:/var/run/docker.sock:ro"',
            "  runner:",
            "    image: acme/runner:1",
            "    volumes:",
            "      - «/run/docker.sock»:/var/run/docker.sock",
          ],
        },
      },
      {
        name: "in the long form",
        kind: "mount",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes:",
            "      - type: bind",
            "        source: «/var/run/docker.sock»",
            "        target: /var/run/docker.sock",
            "        read_only: true",
          ],
        },
      },
      {
        name: "other engines, rootless ones, Windows",
        kind: "mount",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes:",
            "      - «/run/containerd/containerd.sock»:/c.sock",
            "      - «/var/run/crio/crio.sock»:/o.sock",
            "      - «/run/user/1000/podman/podman.sock»:/p.sock",
            "      - «${XDG_RUNTIME_DIR}/docker.sock»:/d.sock",
            "      - «//var/run/docker.sock»:/w.sock",
            "      - «/run/systemd/private»:/s.sock",
            "      - type: npipe",
            "        source: «\\\\.\\pipe\\docker_engine»",
            "        target: \\\\.\\pipe\\docker_engine",
          ],
        },
      },
      {
        name: "a folder that holds it",
        kind: "mount",
        message: "`/var/run` holds the engine's socket",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes: ['«/var/run»:/host/run', '«/run/»:/run2', '«/»:/host:ro', '«/var»:/v', '«/run/containerd»:/c']",
          ],
        },
      },
      {
        name: "by a variable with a default",
        kind: "mount",
        files: {
          "compose.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:1', volumes: ['${DOCKER_SOCK:-«/var/run/docker.sock»}:/var/run/docker.sock']}",
          ],
        },
      },
      {
        name: "a named volume that stands for the folder",
        kind: "mount",
        files: {
          "compose.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:1', volumes: ['run:/var/run']}",
            "volumes:",
            "  run:",
            "    driver_opts: {type: none, o: bind, device: «/var/run»}",
          ],
        },
      },
      {
        name: "written once, in a file that is extended",
        kind: "mount",
        files: {
          "base.yaml": ["services:", "  base: {image: 'acme/a:1', volumes: ['«/var/run/docker.sock»:/d.sock']}"],
          "compose.yaml": ["services:", "  agent: {extends: {file: base.yaml, service: base}}"],
        },
      },
      {
        name: "the key for it",
        kind: "api-socket",
        files: { "compose.yaml": ["services:", "  agent: {image: 'acme/agent:1', use_api_socket: «true»}"] },
      },
      {
        name: "a VOLUME of an image",
        kind: "volume",
        files: { Dockerfile: ["FROM alpine:3.20", "VOLUME /data «/var/run/docker.sock»", "CMD /agent"] },
      },
      {
        name: "a proxy",
        kind: "proxy",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: tecnativa/docker-socket-proxy:0.3.0",
            "    volumes: ['«/var/run/docker.sock»:/var/run/docker.sock:ro']",
          ],
        },
      },
      {
        name: "in development",
        kind: "mount",
        preset: "recommended",
        severity: "warning",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:1', volumes: ['«/var/run/docker.sock»:/var/run/docker.sock']}",
          ],
        },
      },
    ],
    good: [
      {
        name: "the address of a proxy",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    environment: {DOCKER_HOST: 'tcp://socket-proxy:2375'}",
            "    volumes: ['data:/var/run/docker.sock']",
            "volumes: {data: {}}",
          ],
        },
      },
      {
        name: "a volume of that name, and a socket of one's own",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes:",
            "      - docker.sock:/data",
            "      - /run/dbus:/run/dbus",
            "      - /run/myapp/app.sock:/app.sock",
            "      - /var/lib/app:/data",
            "      - ./run:/run",
            "volumes: {docker.sock: {}}",
          ],
        },
      },
      {
        name: "what the policy allows",
        options: { allow: { traefik: "finds its services", "docker.io/acme/*": "deploys" } },
        files: {
          "compose.yaml": [
            "services:",
            "  traefik: {image: 'traefik:v3.2.0', volumes: ['/var/run/docker.sock:/var/run/docker.sock']}",
            "  agent: {image: 'acme/agent:1', use_api_socket: true}",
          ],
        },
      },
      {
        name: "the file system of the host for those who measure it",
        files: {
          "compose.yaml": ["services:", "  node: {image: 'prom/node-exporter:v1.8.2', volumes: ['/:/host:ro,rslave']}"],
        },
      },
      {
        name: "a path that nobody knows, and a key that is off",
        files: {
          "compose.yaml": [
            "services:",
            "  agent: {image: 'acme/agent:1', use_api_socket: false, volumes: ['${SOCK}:/var/run/docker.sock']}",
          ],
        },
      },
      {
        name: "other volumes of an image",
        files: {
          Dockerfile: ["FROM alpine:3.20", "VOLUME /run /var/sockets", "CMD /agent --socket /var/run/docker.sock"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkStage({ evaluated }: StageView): Iterable<Finding> {
  for (const { value, word, stage } of evaluated.volumes) {
    // Those of parents are theirs.
    if (stage !== evaluated || value.kind !== "known" || controlsEngine(value.value) !== "socket") continue;
    const message = `VOLUME ${quoted(value.value)} asks for the socket of an engine, which is root on the host; drop it`;
    yield { kind: "volume", range: word.range, message };
  }
}

function* checkService(service: Service, { options: { allow }, project }: Context): Iterable<Finding> {
  const found = [...mountsOf(service)];
  if (found.length === 0 || service.hasProvider || isNamedBy([...allow.keys()], service, project)) return;
  const isMonitor = runsOneOf(programSet(HOST_MONITORS), service, project);
  const isProxy = runsOneOf(programSet(SOCKET_PROXIES), service, project);
  for (const finding of found) {
    if (isMonitor && finding.isWholeHost) continue;
    const { kind, range, message } = finding;
    yield { kind: isProxy && kind === "mount" ? "proxy" : kind, range, message };
  }
}

interface Found extends Finding {
  readonly kind: "mount" | "api-socket";
  /** `/` for reading: what is below it is another rule's. */
  readonly isWholeHost: boolean;
}

function* mountsOf(service: Service): Iterable<Found> {
  const { name } = service;
  for (const { path, text, range, isReadOnly } of hostMounts(service)) {
    const what = controlsEngine(path);
    if (what === undefined) continue;
    const message =
      what === "socket"
        ? `\`${name}\` holds the engine's socket, which is root on the host${isReadOnly ? ", `:ro` or not" : ""}; use a filtering proxy`
        : `${quoted(text)} holds the engine's socket, so \`${name}\` has root on the host; mount less`;
    yield { kind: "mount", range, message, isWholeHost: path === "/" && isReadOnly };
  }
  const api = service.node.entries.has("use_api_socket") ? service.booleanAt("use_api_socket") : undefined;
  if (api?.value !== true) return;
  const message = `\`${name}\` gets the engine's socket and your credentials, which is root on the host; drop the key`;
  yield { kind: "api-socket", range: api.range, message, isWholeHost: false };
}
