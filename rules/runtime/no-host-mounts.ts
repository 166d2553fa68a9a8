import type { Service } from "../../src/compose/model.js";
import { HOST_MONITORS, programSet, VPN_PROGRAMS } from "../../src/data/host-programs.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { credentialsAt, hostPart } from "../../src/project/host-folders.js";
import { type HostMount, hostMounts } from "../../src/project/host-mounts.js";
import { runsOneOf } from "../../src/project/service-program.js";
import { quoted } from "../../src/text/quoted.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({ default: [], description: "Paths of the host that may be mounted, as globs." }),
  credentials: option.strings({
    default: [],
    description: "More folders of a home that hold credentials: `.terraform.d`.",
  }),
};

export default defineRule({
  id: "runtime/no-host-mounts",
  summary: "Host system folders and credentials are not mounted",
  levels: { recommended: ["error", "warning"], checklist: ["error", "warning"], strict: "error" },
  kinds: {
    writable: { summary: "the container can change the host, or credentials" },
    "read-only": {
      summary: "the container can read the host, or credentials",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  aliases: [
    "kics:volume-has-sensitive-host-directory",
    "kics:1c1325ff-831d-43a1-973e-839ae57dfcc0",
    "compose-lint:CL-0013",
    "compose-lint:CL-0025",
  ],
  why: [
    "A container that may write to `/etc` or `/usr` of its host adds a user, a job or a program there, and is root on the host " +
      "with the next login or timer.",
    "One that reads `~/.aws` or `~/.ssh` has the keys to everything that these open, and so has who breaks into it.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/bind-mounts/",
    "https://docs.docker.com/reference/compose-file/secrets/",
    "CIS 5.6",
    "CWE-668",
    "OWASP #8",
  ],
  securitySeverity: 7.5,
  options,
  mentions: { compose: ["volumes"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a folder of the system",
        kind: "writable",
        message: "`/etc` of the host is writable in `agent`",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes:",
            '      - "«/etc»:/host-etc"',
            "      - «/usr/local/bin»:/tools",
            "      - «/boot/»:/boot",
            "      - «/proc»:/p",
            "      - «/sys»:/s",
            "      - «/dev»:/d",
            "      - «/lib/modules»:/lib/modules",
            "      - «/root/app»:/app",
            "      - «/var/lib/docker/volumes»:/volumes",
          ],
        },
      },
      {
        name: "the whole host, homes, places for everything",
        kind: "writable",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes: ['«/»:/h', '«/var»:/v', '«/home»:/home', '«/home/app»:/a', '«~»:/u', '«/opt»:/o', '«/mnt»:/m']",
          ],
        },
      },
      {
        name: "for reading",
        kind: "read-only",
        message: "`agent` can read `/etc` of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  agent:",
            "    image: acme/agent:1",
            "    volumes:",
            "      - «/etc»:/host-etc:ro",
            "      - {type: bind, source: «/var/lib/docker», target: /docker, read_only: true}",
          ],
        },
      },
      {
        name: "credentials",
        kind: "read-only",
        message: "`~/.aws` holds credentials, and `api` can read it",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1",
            "    volumes:",
            "      - «~/.aws»:/root/.aws:ro",
            "      - «${HOME}/.ssh/id_ed25519»:/key:ro",
            "      - «/home/app/.config/gcloud»:/gcloud:ro",
            "      - «~/.docker/config.json»:/kaniko/.docker/config.json:ro",
          ],
        },
      },
      {
        name: "credentials that can be changed",
        kind: "writable",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1', volumes: ['«~/.kube»:/root/.kube', '«$HOME/.npmrc»:/root/.npmrc']}",
          ],
        },
      },
      {
        name: "credentials of the cloud, for development",
        kind: "read-only",
        preset: "strict",
        severity: "info",
        files: {
          "compose.dev.yaml": ["services:", "  api: {image: 'acme/api:1', volumes: ['«~/.aws»:/root/.aws:ro']}"],
        },
      },
      {
        name: "what monitors are made to read",
        kind: "read-only",
        severity: "info",
        files: {
          "compose.yaml": [
            "services:",
            "  cadvisor:",
            "    image: gcr.io/cadvisor/cadvisor:v0.49.1",
            "    volumes: ['«/»:/rootfs:ro', '«/sys»:/sys:ro', '«/var/lib/docker/»:/var/lib/docker:ro']",
          ],
        },
      },
      {
        name: "a named volume that stands for a folder",
        kind: "writable",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1', volumes: ['conf:/conf']}",
            "volumes:",
            "  conf:",
            "    driver: local",
            "    driver_opts:",
            "      type: none",
            "      o: bind",
            "      device: «/etc»",
          ],
        },
      },
      {
        name: "a path whose beginning is known",
        kind: "writable",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1', volumes: ['«/etc/${NAME}»:/etc/app']}"],
        },
      },
      {
        name: "a folder that the policy takes for credentials",
        kind: "read-only",
        options: { credentials: [".terraform.d"] },
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1', volumes: ['«~/.terraform.d»:/t:ro']}"],
        },
      },
    ],
    good: [
      {
        name: "files of the project, and the time zone",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1",
            "    volumes:",
            "      - ./config/app.yml:/etc/app.yml:ro",
            "      - /etc/localtime:/etc/localtime:ro",
            "      - /etc/timezone:/etc/timezone:ro",
            "      - /etc/ssl/certs:/etc/ssl/certs:ro",
            "      - etc:/etc",
            "volumes: {etc: {}}",
          ],
        },
      },
      {
        name: "folders of applications",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1",
            "    volumes:",
            "      - /srv/app:/app",
            "      - /opt/app/data:/data",
            "      - /home/app/site:/site",
            "      - /var/lib/app:/var/lib/app",
            "      - /mnt/media/films:/films",
            "      - /var/log:/logs:ro",
            "      - /library:/library",
            "      - ~/site:/home",
          ],
        },
      },
      {
        name: "devices are another rule's, and these do no harm",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1",
            "    volumes: ['/dev/null:/x', '/dev/shm:/dev/shm', '/dev/dri:/dev/dri', '/dev/snd:/dev/snd', '/dev/net/tun:/t']",
          ],
        },
      },
      {
        name: "public keys, known hosts, settings",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1",
            "    volumes:",
            "      - ~/.ssh/known_hosts:/root/.ssh/known_hosts:ro",
            "      - ~/.ssh/id_rsa.pub:/key.pub:ro",
            "      - ~/.gitconfig:/root/.gitconfig:ro",
            "      - ~/.config/app:/config",
            "      - ~/.cache:/root/.cache",
          ],
        },
      },
      {
        name: "what the policy allows",
        options: { allow: ["/etc/letsencrypt/**", "~/.kube/config"] },
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1', volumes: ['/etc/letsencrypt/live:/certs', '~/.kube/config:/k:ro']}",
          ],
        },
      },
      {
        name: "modules of the kernel for a VPN",
        files: {
          "compose.yaml": [
            "services:",
            "  vpn: {image: 'linuxserver/wireguard:1.0', volumes: ['/lib/modules:/lib/modules:ro']}",
          ],
        },
      },
      {
        name: "paths that nobody knows",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1', volumes: ['${DATA}:/etc', '${DATA}/x:/y']}"],
        },
      },
    ],
  },
});

type Context = RuleContext<typeof options>;

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const mounts = hostMounts(service);
  if (mounts.length === 0 || service.hasProvider) return;
  for (const mount of mounts) {
    const finding = ofCredentials(mount, service, ctx) ?? ofHost(mount, service, ctx);
    if (finding === undefined) continue;
    const { path } = mount;
    const isAllowed = ctx.options.allow.some((glob) => matchesGlob(glob, path, { hasFolders: true }));
    if (!isAllowed) yield finding;
  }
}

function ofCredentials(
  { path, text, range, isReadOnly }: HostMount,
  { name }: Service,
  { options: { credentials }, role }: Context,
): Finding | undefined {
  const store = credentialsAt(path, credentials);
  if (store === undefined || (isReadOnly && store.isPublic)) return undefined;
  const power = isReadOnly ? "read" : "change";
  const isCloud = store.folder === ".aws" || store.folder === ".config/gcloud";
  return {
    kind: isReadOnly ? "read-only" : "writable",
    range,
    message: `${quoted(text)} holds credentials, and \`${name}\` can ${power} it; hand over what it needs as a secret`,
    atMost: isReadOnly && isCloud && role.name === "development" ? "info" : undefined,
  };
}

function ofHost(
  { path, text, range, isReadOnly }: HostMount,
  service: Service,
  { project }: Context,
): Finding | undefined {
  const part = hostPart(path);
  if (part === undefined || (part === "public" && isReadOnly)) return undefined;
  if (!isReadOnly) {
    const message = `${quoted(text)} of the host is writable in \`${service.name}\`; mount only what it needs, with \`:ro\``;
    return { kind: "writable", range, message };
  }
  if (part === "modules" && runsOneOf(programSet(VPN_PROGRAMS), service, project)) return undefined;
  const message = `\`${service.name}\` can read ${quoted(text)} of the host; mount only the files that it needs`;
  const isMonitor = runsOneOf(programSet(HOST_MONITORS), service, project);
  return { kind: "read-only", range, message, atMost: isMonitor ? "info" : undefined };
}
