import type { Mount, Service } from "../../src/compose/model.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import { isAbsolutePath } from "../../src/files/path.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";

export default defineRule({
  id: "compose/use-unique-mount-targets",
  summary: "Each place in a container has one mount",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    clash: { summary: "two mounts at one place" },
    invalid: { summary: "a mount at `/`, or at a place that is not absolute" },
    system: {
      summary: "a mount over a file or folder that the engine makes",
      levels: { recommended: "warning", strict: "warning" },
    },
    nested: {
      summary: "an outer mount listed after one inside of it",
      levels: { recommended: "off", strict: "info" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "The engine refuses a container with two mounts at one place, and of two volumes Compose silently drops the first. A " +
      "mount at `/` or at a relative place does not start either.",
    "The engine mounts outer folders before inner ones, whatever their order; listed so, they also read so.",
    "Mounts over `/etc/hosts` or `/etc/resolv.conf` take away the names of the other services.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#volumes",
    "https://docs.docker.com/engine/storage/",
  ],
  mentions: { compose: ["volumes", "tmpfs", "configs", "secrets"] },
  check: {
    *service(service) {
      const { mounts } = service;
      if (mounts.length === 0 || service.hasProvider) return;
      const seen: Seen = { byTarget: new Map(), inside: new Map() };
      for (const mount of mounts) {
        yield* judge(mount, seen, service);
        remember(mount, seen);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a volume and a tmpfs",
        kind: "clash",
        message: "`/data` is already mounted from `cache`; remove one of the two",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4.2",
            '    volumes: ["cache:/data"]',
            "    tmpfs: [«/data»]",
            "volumes: { cache: }",
          ],
        },
      },
      {
        name: "two spellings of one place, long and short",
        kind: "clash",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes:",
            "      - ./html:/usr/share/nginx/html",
            "      - ./public:«/usr/share/nginx/html/»:ro",
            "      - type: bind",
            "        source: ./other",
            "        target: «/usr/share/nginx/../nginx/html»",
            "    tmpfs: [/tmp, «/tmp:size=64m»]",
          ],
        },
      },
      {
        name: "secrets and configs",
        kind: "clash",
        message: "`/run/secrets/key` is already mounted from `key`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    secrets: [key, { source: other, target: «key» }]",
            "    volumes: ['./nginx.conf:/etc/nginx/nginx.conf']",
            "    configs: [{ source: site, target: «/etc/nginx/nginx.conf» }]",
            "secrets: { key: { file: ./key }, other: { file: ./other } }",
            "configs: { site: { file: ./site } }",
          ],
        },
      },
      {
        name: "the root, and relative places",
        kind: "invalid",
        message: "`/` cannot be a mount; choose a folder below it",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes:",
            "      - ./rootfs:«/»",
            "      - ./html:«html»",
            "      - { type: volume, source: data, target: «data» }",
            "    tmpfs: «run»",
            "volumes: { data: }",
          ],
        },
      },
      {
        name: "what the engine makes",
        kind: "system",
        message: "`/etc/resolv.conf` is written by the engine",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    secrets: [key]",
            "    volumes:",
            "      - ./resolv.conf:«/etc/resolv.conf»:ro",
            "      - ./keys:«/run/secrets»:ro",
            "secrets: { key: { file: ./key } }",
          ],
        },
      },
      {
        name: "a folder of secrets where Compose would put its own",
        kind: "system",
        severity: "info",
        files: {
          "compose.yaml": ["services: { web: { image: nginx:1.27.4, volumes: ['./keys:«/run/secrets»:ro'] } }"],
        },
      },
      {
        name: "the outer one last",
        kind: "nested",
        message: "`/app` is listed after `/app/node_modules`, which lies in it; list the outer mount first",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node:22.14.0",
            "    volumes:",
            "      - modules:/app/node_modules",
            "      - .:«/app»",
            "volumes: { modules: }",
          ],
        },
      },
    ],
    good: [
      {
        name: "distinct places, the outer one first",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: node:22.14.0",
            "    volumes: ['.:/app', 'modules:/app/node_modules', '/app/dist', './hosts:/etc/hosts.d']",
            "    tmpfs: [/tmp, /run]",
            "    secrets: [key, { source: key, target: /etc/key }]",
            "volumes: { modules: }",
            "secrets: { key: { file: ./key } }",
          ],
        },
      },
      {
        name: "an override takes a mount's place",
        files: {
          "compose.yaml": [
            "services: { db: { image: postgres:17.4, volumes: ['data:/var/lib/postgresql/data'] } }",
            "volumes: { data: }",
          ],
          "compose.override.yaml": ["services: { db: { volumes: ['./data:/var/lib/postgresql/data/'] } }"],
        },
      },
      {
        name: "places that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    volumes: ['./a:${TARGET}', './b:${TARGET}', '${VOLUME}', 'data:${DIR}/data']",
            "volumes: { data: }",
          ],
        },
      },
      {
        name: "Windows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: mcr.microsoft.com/windows/servercore/iis:windowsservercore-ltsc2022",
            "    volumes: ['C:\\site:C:\\inetpub', '.\\logs:D:\\logs']",
            "    isolation: process",
          ],
        },
      },
    ],
  },
});

const ENGINE_FILES: ReadonlySet<string> = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]);
const SECRETS = "/run/secrets";

/** The mounts of a service so far. */
interface Seen {
  /** The first mount at each place. */
  readonly byTarget: Map<string, Mount>;
  /** For a folder, in the order of its file, the first mount that lies in it. */
  readonly inside: Map<string, Mount>;
}

/** Deeper places are not looked up by their outer folders. */
const DEEPEST = 64;

function remember(mount: Mount, { byTarget, inside }: Seen): void {
  const { targetPath, from } = mount;
  if (targetPath === undefined) return;
  if (!byTarget.has(targetPath)) byTarget.set(targetPath, mount);
  if (from !== "volumes" || !targetPath.startsWith("/")) return;
  let end = targetPath.lastIndexOf("/");
  for (let level = 0; end > 0 && level < DEEPEST; level += 1) {
    const key = insideKey(targetPath.slice(0, end), mount);
    if (!inside.has(key)) inside.set(key, mount);
    end = targetPath.lastIndexOf("/", end - 1);
  }
}

/** In one list of one file: the order of lists and files is nobody's choice. */
function insideKey(folder: string, { range }: Mount): string {
  return `${folder}\n${range.source.file}`;
}

function* judge(mount: Mount, seen: Seen, service: Service): Iterable<Finding> {
  const { targetPath, from, problem } = mount;
  if (targetPath === undefined || problem !== undefined || isWindowsPath(targetPath) || service.isWindows) return;
  const range = placeOf(mount);
  const isFolder = from === "volumes" || from === "tmpfs";
  if (isFolder && targetPath === "/") {
    yield { kind: "invalid", range, message: "`/` cannot be a mount; choose a folder below it" };
    return;
  }
  if (isFolder && !isAbsolutePath(targetPath)) {
    const message = `${quoted(targetPath)} is not absolute; write the whole path in the container`;
    yield { kind: "invalid", range, message };
    return;
  }
  const same = seen.byTarget.get(targetPath);
  if (same !== undefined) {
    const message = `${quoted(targetPath)} is already mounted from ${nameOf(same)}; remove one of the two`;
    yield { kind: "clash", range, message, related: [{ range: placeOf(same), message: "the first mount" }] };
    return;
  }
  if (isFolder && ENGINE_FILES.has(targetPath)) {
    const message = `${quoted(targetPath)} is written by the engine; use \`extra_hosts\`, \`dns\` or \`hostname\``;
    yield { kind: "system", range, message };
  } else if (isFolder && targetPath === SECRETS) {
    const hasSecrets = service.secrets.length > 0;
    const message = `${quoted(SECRETS)} is where Compose puts secrets; mount the folder at another place`;
    yield { kind: "system", range, message, atMost: hasSecrets ? undefined : "info" };
  }
  const inner = from === "volumes" ? seen.inside.get(insideKey(targetPath, mount)) : undefined;
  if (inner?.targetPath === undefined) return;
  const order = `${quoted(targetPath)} is listed after ${quoted(inner.targetPath)}, which lies in it`;
  const related = [{ range: placeOf(inner), message: "the inner mount" }];
  yield { kind: "nested", range, message: `${order}; list the outer mount first`, related };
}

function placeOf({ target, range, from }: Mount): Range {
  return target === undefined || from === "tmpfs" ? range : target.range;
}

function nameOf({ source, type }: Mount): string {
  if (source !== undefined) return quoted(source.text);
  return type === "tmpfs" ? "a tmpfs" : "an anonymous volume";
}

function isWindowsPath(path: string): boolean {
  return path.includes("\\") || path.charAt(1) === ":";
}
