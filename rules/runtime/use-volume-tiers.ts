import type { Mount, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { isWithin, joinPath } from "../../src/files/path.js";
import {
  isFilledByOther,
  isWrittenByImage,
  isWrittenOrSource,
  readOnlyEdit,
  type TierNames,
  tierOf,
} from "../../src/project/mount-tiers.js";
import { imageNameOf, runsOneOf } from "../../src/project/service-program.js";
import { runsOnce } from "../../src/project/service-view.js";
import { words } from "../../src/text/words.js";

const options = {
  config: option.strings({
    default: words(
      "conf conf.d config configs cfg etc certs ssl tls keys secrets docker-entrypoint-initdb.d *.conf *.cnf *.ini *.toml *.yml *.yaml " +
        "*.json *.pem *.crt *.key *.properties",
    ),
    description: "Names of settings, which have to be read-only; globs over the parts of source and target.",
  }),
  ephemeral: option.strings({
    default: words("tmp temp ephemeral session sessions cache run"),
    description:
      "Names of what can be made again: tmpfs or a volume; a folder of the project has to be ignored by git.",
  }),
  persistent: option.strings({
    default: words("data logs log backups uploads media storage memory db state"),
    description: "Names of what must not be lost: a named volume or a folder of the host.",
  }),
};

type Context = RuleContext<typeof options>;

/** Programs that write their own settings, or certificates for others. */
const SELF_CONFIGURING =
  "homeassistant home-assistant certbot acme-companion nginx-proxy-manager docker-letsencrypt-nginx-proxy-companion acme.sh pihole " +
  "adguardhome swag wg-easy wireguard portainer portainer-ce syncthing jellyfin plex emby sonarr radarr lidarr prowlarr bazarr overseerr " +
  "jellyseerr qbittorrent transmission zigbee2mqtt eclipse-mosquitto frigate node-red nextcloud gitlab-ce gitlab-ee gitlab-runner " +
  "netdata esphome pgadmin4 headscale authelia step-ca openvpn mailserver docker-mailserver";

export default defineRule({
  id: "runtime/use-volume-tiers",
  summary: "Every mount belongs to a tier and is mounted that way",
  levels: { recommended: ["info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  kinds: {
    config: { summary: "settings that the service can write" },
    ephemeral: {
      summary: "what can be made again, in a folder that git tracks",
      levels: { recommended: "off", checklist: ["info", "off"], strict: "info" },
    },
    persistent: {
      summary: "what must not be lost, in memory or on an anonymous volume",
      levels: { recommended: "off", checklist: ["info", "off"], strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Whoever breaks into a service that can write its own settings stays there after the next restart, and reaches the host's copy. " +
      "Settings are read; only data is written.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#volumes",
    "https://docs.docker.com/engine/storage/bind-mounts/",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
  securitySeverity: 3.7,
  options,
  yieldsTo: ["runtime/keep-data", "runtime/no-docker-socket", "runtime/no-host-mounts", "runtime/no-source-mount"],
  mentions: { compose: ["volumes", "tmpfs"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a folder of settings",
        kind: "config",
        message: "`./configs` is configuration, and `web` can write it",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: web:1.2.0",
            "    volumes:",
            "      - «./configs:/app/configs»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: web:1.2.0",
            "    volumes:",
            "      - ./configs:/app/configs:ro",
          ],
        },
      },
      {
        name: "single files, with options and quotes",
        kind: "config",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes:",
            "      - «./nginx.conf:/etc/nginx/nginx.conf»",
            '      - «"./server.key:/etc/nginx/server.key:z"»',
            "      - «./prometheus.yml:/srv/prometheus.yml:rw»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes:",
            "      - ./nginx.conf:/etc/nginx/nginx.conf:ro",
            '      - "./server.key:/etc/nginx/server.key:z,ro"',
            "      - ./prometheus.yml:/srv/prometheus.yml:ro",
          ],
        },
      },
      {
        name: "the long form",
        kind: "config",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    volumes:",
            "      - type: bind",
            "        source: ./init",
            "        target: «/docker-entrypoint-initdb.d»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    volumes:",
            "      - type: bind",
            "        source: ./init",
            "        target: /docker-entrypoint-initdb.d",
            "        read_only: true",
          ],
        },
      },
      {
        name: "a volume that another service fills",
        kind: "config",
        files: {
          "compose.yaml": [
            "services:",
            "  certbot: { image: 'certbot/certbot:v3.2.0', volumes: ['certs:/etc/letsencrypt'] }",
            "  web: { image: 'nginx:1.27.4', volumes: [«certs:/etc/nginx/certs»] }",
            "volumes: { certs: {} }",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  certbot: { image: 'certbot/certbot:v3.2.0', volumes: ['certs:/etc/letsencrypt'] }",
            "  web: { image: 'nginx:1.27.4', volumes: [certs:/etc/nginx/certs:ro] }",
            "volumes: { certs: {} }",
          ],
        },
      },
      {
        name: "a cache that git tracks",
        kind: "ephemeral",
        message: "`./cache`",
        preset: "checklist",
        files: {
          ".git/HEAD": ["ref: refs/heads/main"],
          "cache/pages.html": ["<p>kept by mistake</p>"],
          "compose.yaml": ["services:", "  web: { image: 'web:1.2.0', volumes: [«./cache:/srv/cache»] }"],
        },
      },
      {
        name: "data in memory, and on a volume without a name",
        kind: "persistent",
        preset: "checklist",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: 'web:1.2.0', tmpfs: [«/srv/uploads»], volumes: [«/srv/media»] }",
          ],
        },
      },
    ],
    good: [
      {
        name: "each in its way",
        files: {
          ".git/HEAD": ["ref: refs/heads/main"],
          ".gitignore": ["cache/"],
          "cache/.keep": ["kept for the example"],
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: web:1.2.0",
            "    tmpfs: /tmp",
            "    volumes:",
            "      - ./configs:/app/configs:ro",
            "      - { type: bind, source: ./nginx.conf, target: /etc/nginx.conf, read_only: true }",
            "      - ./cache:/srv/cache",
            "      - ./sessions:/srv/sessions",
            "      - uploads:/srv/uploads",
            "      - ./logs:/var/log/web",
            "      - ./src:/app/src",
            "volumes: { uploads: {} }",
          ],
        },
      },
      {
        name: "programs that write their own settings, and files that are written",
        files: {
          "compose.yaml": [
            "services:",
            "  media: { image: 'lscr.io/linuxserver/jellyfin:10.10', volumes: ['./config:/config'] }",
            "  home: { image: 'ghcr.io/home-assistant/home-assistant:2025.3', volumes: ['./config:/config'] }",
            "  proxy: { image: 'traefik:3.3', volumes: ['./traefik/acme.json:/acme.json'] }",
            "  queue: { image: 'rabbitmq:4.0', volumes: ['./etc/rabbitmq:/etc/rabbitmq'] }",
            "  api: { image: 'api:1.2.0', volumes: ['./package.json:/app/package.json', settings:/srv/config] }",
            "volumes: { settings: {} }",
          ],
        },
      },
      {
        name: "a database of a test, in memory",
        preset: "strict",
        files: {
          "compose.test.yaml": ["services:", "  db: { image: 'postgres:17.4', tmpfs: [/var/lib/postgresql/data] }"],
        },
      },
      {
        name: "a job that makes certificates, and services that fill a volume for themselves",
        files: {
          "compose.yaml": [
            "services:",
            "  setup: { image: 'elasticsearch:8.17.3', command: [bash, -c, 'bin/make-certs'], volumes: ['certs:/work/certs'] }",
            "  es: { image: 'elasticsearch:8.17.3', depends_on: [setup], volumes: ['certs:/work/certs:ro'] }",
            "  api: { image: 'api:1.2.0', volumes: ['keys:/srv/keys'] }",
            "  worker: { image: 'api:1.2.0', volumes: ['keys:/srv/keys'] }",
            "volumes: { certs: {}, keys: {} }",
          ],
        },
      },
      {
        name: "secrets and configs, ends that contradict each other, and what nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    configs: [app]",
            "    volumes: ['./data:/etc/app', '${DIR}:/srv/config', './config:/srv/config:${MODE}']",
            "configs: { app: { file: ./app.yml } }",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  if (service.hasProvider || service.isWindows) return;
  for (const mount of service.mounts) {
    if (mount.isReadOnly || mount.type === "secret" || mount.type === "config") continue;
    const found = tierOf(mount, ctx.options satisfies TierNames);
    if (found === undefined) continue;
    switch (found.tier) {
      case "config":
        yield* checkConfig(mount, found.isFile, service, ctx);
        break;
      case "ephemeral":
        yield* checkEphemeral(mount, service, ctx);
        break;
      case "persistent":
        // Tests begin with nothing, and faster so.
        if (ctx.role.name === "production" || ctx.role.name === "development") yield* checkPersistent(mount, service);
        break;
    }
  }
}

function* checkConfig(mount: Mount, isFile: boolean, service: Service, { project }: Context): Iterable<Finding> {
  const { type, source, readOnly, options: given } = mount;
  if (readOnly !== undefined && readOnly.value === undefined) return;
  if (mount.node.kind === "scalar" && given.some(({ text }) => text.includes("$"))) return;
  if (isWrittenOrSource(mount) || isSelfConfiguring(service, project)) return;
  if (type !== "bind") {
    const isWriter = (other: Service) => isSelfConfiguring(other, project) || runsOnce(other, project);
    if (type !== "volume" || runsOnce(service, project) || !isFilledByOther(mount, service, isWriter)) return;
  }
  const image = project.imageOf(service);
  const facts = image.kind === "pulled" ? image.facts : image.kind === "stage" ? image.stage.facts : undefined;
  if (isWrittenByImage(mount, facts?.service?.writablePaths ?? [])) return;
  const edit = readOnlyEdit(mount);
  // Safe for a file, which programs read; a folder may be where the program puts a file of its own.
  const fix: Fix | undefined =
    edit === undefined
      ? undefined
      : { description: "mount it read-only", safety: isFile ? "safe" : "unsafe", edits: [edit] };
  yield {
    kind: "config",
    range: placeOf(mount),
    message: `\`${source?.text ?? ""}\` is configuration, and \`${service.name}\` can write it; append \`:ro\``,
    fix,
  };
}

/** The whole short entry, or the `target` of a long one. */
function placeOf({ form, range, target }: Mount) {
  return form === "short" || target === undefined ? range : target.range;
}

function isSelfConfiguring(service: Service, project: Context["project"]): boolean {
  const image = imageNameOf(service, project);
  // Images of LinuxServer.io keep everything below `/config`.
  if (image?.domain === "lscr.io" || image?.path.startsWith("linuxserver/") === true) return true;
  return runsOneOf(new Set(words(SELF_CONFIGURING)), service, project);
}

function* checkEphemeral(mount: Mount, service: Service, { project }: Context): Iterable<Finding> {
  const { type, hostPath, source } = mount;
  const { root } = service.variant.project;
  if (type !== "bind" || hostPath === undefined || !isWithin(root, hostPath) || hostPath === root) return;
  // A folder that is not there is not in the repository either.
  if (!project.exists(hostPath)) return;
  // `cache/` ignores what is in the folder, whether or not the folder is there.
  if (project.isGitIgnored(joinPath(hostPath, "file")) || !project.exists(joinPath(root, ".git"))) return;
  const message = `git tracks \`${source?.text ?? ""}\`, whose files can be made again; ignore it, or use a volume`;
  yield { kind: "ephemeral", range: placeOf(mount), message };
}

function* checkPersistent(mount: Mount, service: Service): Iterable<Finding> {
  const { type, target } = mount;
  if (type !== "tmpfs" && type !== "anonymous") return;
  const where = type === "tmpfs" ? "in memory" : "on a volume without a name";
  const message = `\`${service.name}\` keeps \`${target?.text ?? ""}\` ${where}; mount a named volume there`;
  yield { kind: "persistent", range: target?.range ?? mount.range, message };
}
