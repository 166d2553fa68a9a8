import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build, Project } from "../../src/project/model.js";
import { serviceCommands } from "../../src/project/service-commands.js";
import { imageNameOf, isNamedBy } from "../../src/project/service-program.js";
import { servicesShipping } from "../../src/project/service-view.js";
import type { Invocation } from "../../src/shell/model.js";
import type { Range } from "../../src/text/source.js";
import { parsePortRange } from "../../src/values/port.js";

const SSH = 22;

const options = {
  allow: option.strings({
    default: [],
    description: "Services or images whose purpose is SSH: bastions, Git servers.",
  }),
};

export default defineRule({
  id: "runtime/no-sshd",
  summary: "Containers are entered with exec, not SSH",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    process: { summary: "an SSH server is started" },
    port: {
      summary: "port 22 is published or exposed",
      aliases: [
        "trivy:DS-0004",
        "checkov:CKV_DOCKER_1",
        "kics:exposing-port-22-ssh",
        "kics:5907595b-5b6d-4142-b173-dbb0e73fbff8",
      ],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "never",
  why: [
    "`docker compose exec` opens a shell with the rights of the engine's users, and leaves no port. An SSH server in the image " +
      "is one more program to update, with keys and passwords that live in the image, and every login bypasses the host's.",
  ],
  references: ["https://docs.docker.com/reference/cli/docker/compose/exec/", "CIS 5.7"],
  securitySeverity: 5,
  options,
  mentions: { dockerfile: ["22", "ssh"], compose: ["22", "ssh"] },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "a published port",
        kind: "port",
        message: "`app` opens port `22` for SSH",
        files: { "compose.yaml": ["services:", "  app:", "    image: acme/app:1", '    ports: ["2222:«22»"]'] },
      },
      {
        name: "in other forms",
        kind: "port",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:1', ports: ['80:80', '127.0.0.1:2222:«22»/tcp', {target: «22», published: 22}]}",
            "  api: {image: 'acme/api:1', expose: [80, '«22»']}",
          ],
        },
      },
      {
        name: "exposed by an image",
        kind: "port",
        files: { Dockerfile: ["FROM debian:12-slim", "ENV SSH=22", "EXPOSE 80 «22» «22/tcp» «$SSH»", "CMD /app"] },
      },
      {
        name: "the server itself",
        kind: "process",
        message: "runs an SSH server",
        files: {
          Dockerfile: ["FROM debian:12-slim", 'CMD [«"/usr/sbin/sshd"», "-D"]'],
          "b.Dockerfile": ["FROM debian:12-slim", "ENTRYPOINT service «ssh» start && /app"],
        },
      },
      {
        name: "as the command of a service",
        kind: "process",
        files: {
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:1', command: «/usr/sbin/sshd» -D}",
            "  api: {image: 'acme/api:1', entrypoint: [sh, -c, '«sshd» && exec /api']}",
          ],
        },
      },
      {
        name: "an image that is one",
        kind: "process",
        files: {
          "compose.yaml": [
            "services:",
            "  shell: {image: «'lscr.io/linuxserver/openssh-server:9.7'»}",
            "  login: {image: «rastasheep/ubuntu-sshd:18.04»}",
          ],
        },
      },
    ],
    good: [
      {
        name: "Git servers and file transfer",
        files: {
          "compose.yaml": [
            "services:",
            "  gitea: {image: 'gitea/gitea:1.22', ports: ['222:22']}",
            "  gitlab: {image: 'gitlab/gitlab-ce:17.5.1-ce.0', ports: ['2224:22']}",
            "  forge: {image: 'codeberg.org/forgejo/forgejo:9', ports: ['22:22']}",
            "  files: {image: 'atmoz/sftp:alpine', ports: ['2222:22']}",
          ],
        },
      },
      {
        name: "an image on one of them",
        files: { Dockerfile: ["FROM gitea/gitea:1.22", "EXPOSE 22"] },
      },
      {
        name: "the port of the host, clients, other programs",
        files: {
          Dockerfile: ["FROM debian:12-slim", "EXPOSE 2222", 'CMD ["ssh", "-N", "db"]'],
          "compose.yaml": [
            "services:",
            "  app: {image: 'acme/app:1', ports: ['22:8022', '2200:2200'], command: ssh-agent}",
          ],
        },
      },
      {
        name: "a builder that nobody ships",
        files: { Dockerfile: ["FROM debian:12-slim AS build", "EXPOSE 22", "FROM alpine:3.20", "CMD /app"] },
      },
      {
        name: "what the policy allows",
        options: { allow: ["bastion", "acme/jump"] },
        files: {
          "compose.yaml": ["services:", "  bastion: {build: .}", "  jump: {image: 'acme/jump:1', ports: ['22:22']}"],
          Dockerfile: ["FROM debian:12-slim", "EXPOSE 22", 'CMD ["sshd", "-D"]'],
        },
      },
      {
        name: "development",
        files: { "compose.dev.yaml": ["services:", "  app: {image: 'acme/app:1', ports: ['2222:22']}"] },
      },
      {
        name: "a port that nobody knows",
        files: {
          "compose.yaml": ["services:", "  app: {image: 'acme/app:1', ports: ['22:${PORT}'], command: '${RUN}'}"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

/** What people reach by SSH on purpose; parts of the names of images. */
const SERVERS = ["gitea", "gitlab", "gogs", "forgejo", "soft-serve", "gerrit", "onedev", "sftp"] as const;

function isServer(name: string | undefined): boolean {
  return name !== undefined && SERVERS.some((part) => name.includes(part));
}

function* checkBuild(build: Build, { options: { allow }, project }: Context): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || isServer(target.image?.path)) return;
  const found: Finding[] = [];
  for (const { value, word } of target.evaluated.exposed) {
    if (value.kind !== "known") continue;
    const ports = parsePortRange(value.value.split("/", 1)[0] ?? "");
    if (ports.kind !== "ports" || ports.first > SSH || ports.last < SSH) continue;
    found.push({ kind: "port", range: word.range, message: "port `22` is for SSH; enter with `docker compose exec`" });
  }
  for (const view of [target.entrypoint, target.command]) {
    for (const command of view?.commands ?? []) {
      const range = serverIn(command);
      if (range !== undefined)
        found.push({ kind: "process", range, message: "this image runs an SSH server; leave it out" });
    }
  }
  if (found.length === 0 || isAllowed(build, allow, project)) return;
  yield* found;
}

function isAllowed(build: Build, allow: readonly string[], project: Project): boolean {
  if (allow.length === 0) return false;
  const services = servicesShipping(build, project);
  return services.length > 0 && services.every((service) => isNamedBy(allow, service, project));
}

function* checkService(service: Service, { options: { allow }, project }: Context): Iterable<Finding> {
  if (service.hasProvider) return;
  const { name } = service;
  const found: Finding[] = [];
  const opened = [...service.ports.map(({ target }) => target), ...service.expose.map(({ port }) => port)];
  for (const port of opened) {
    if (port?.value === undefined || port.value.first > SSH || port.value.last < SSH) continue;
    const message = `\`${name}\` opens port \`22\` for SSH; enter with \`docker compose exec ${name}\``;
    found.push({ kind: "port", range: port.range, message });
  }
  const message = `\`${name}\` runs an SSH server; enter with \`docker compose exec ${name}\``;
  const path = service.image?.value?.toLowerCase();
  if (service.image !== undefined && service.build === undefined && path !== undefined && isSshImage(path)) {
    found.push({ kind: "process", range: service.image.range, message });
  }
  if (service.command !== undefined || service.entrypoint !== undefined) {
    for (const { key, commands } of serviceCommands(service, project)) {
      if (key !== "command" && key !== "entrypoint") continue;
      for (const command of commands) {
        const range = serverIn(command);
        if (range !== undefined) found.push({ kind: "process", range, message });
      }
    }
  }
  if (found.length === 0 || isServer(imageNameOf(service, project)?.path) || isServer(path)) return;
  if (!isNamedBy(allow, service, project)) yield* found;
}

function isSshImage(path: string): boolean {
  return path.includes("sshd") || path.includes("openssh-server");
}

/** The word of a command that starts the server: `/usr/sbin/sshd`, also behind another program, and `service ssh start`. */
function serverIn({ name, words }: Invocation): Range | undefined {
  const isManager = name === "service" || name === "rc-service" || name === "systemctl";
  return words.find(({ value }) => {
    if (value === undefined) return false;
    return value === "sshd" || value.endsWith("/sshd") || value === "/etc/init.d/ssh" || (isManager && value === "ssh");
  })?.range;
}
