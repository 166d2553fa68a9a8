import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { addSettings, isWritten } from "../../src/project/service-settings.js";
import { isWritable, type WritePath, writePathsOf } from "../../src/project/write-paths.js";
import { itemInsertion } from "../../src/project/yaml-insertion.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "runtime/mount-write-paths",
  summary: "A read-only service can still write where it must",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "`read_only: true` stops a program that has to write a socket, a PID file or its cache: it ends at start with `Read-only " +
      "file system`, or when the first large upload comes.",
    "A `tmpfs` at the path lets it write, and nothing of that outlives the container.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#read_only",
    "https://docs.docker.com/reference/compose-file/services/#tmpfs",
    "https://hub.docker.com/_/nginx",
  ],
  mentions: { compose: ["read_only"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a web server",
        message: "`web` is read-only, but writes `/var/cache/nginx` and `/run`",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    read_only: «true»", "    init: true"],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    tmpfs: [/var/cache/nginx, /run]",
            "    read_only: true",
            "    init: true",
          ],
        },
      },
      {
        name: "one of two paths is missing",
        message: "`/run`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    read_only: «true»",
            "    tmpfs:",
            "      - /var/cache/nginx",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    read_only: true",
            "    tmpfs:",
            "      - /var/cache/nginx",
            "      - /run",
          ],
        },
      },
      {
        name: "a mount that cannot be written either",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', read_only: «true», tmpfs: [/run], volumes: ['./cache:/var/cache:ro']}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', read_only: true, tmpfs: [/run, \"/var/cache/nginx\"], volumes: ['./cache:/var/cache:ro']}",
          ],
        },
      },
      {
        name: "a database needs its socket; its data has a volume of the image",
        message: "`/var/run/postgresql`",
        files: { "compose.yaml": ["services:", "  db: {image: 'postgres:16.4', read_only: «true»}"] },
      },
      {
        name: "a path of the command",
        message: "`/var/lib/app`",
        files: {
          Dockerfile: ["FROM python:3.12-slim", 'CMD ["gunicorn", "--pid=/var/lib/app/app.pid", "app:app"]'],
          "compose.yaml": ["services:", "  api: {build: ., read_only: «true», tmpfs: [/tmp]}"],
        },
        fixed: {
          "compose.yaml": ["services:", '  api: {build: ., read_only: true, tmpfs: [/tmp, "/var/lib/app"]}'],
        },
      },
      {
        name: "variables of the service and of the image",
        message: "`/var/metrics` and `/var/cache/models`",
        files: {
          Dockerfile: ["FROM python:3.12-slim", "ENV MODEL_CACHE_DIR=/var/cache/models", "CMD python -m app"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    read_only: «true»",
            "    environment:",
            "      PROMETHEUS_MULTIPROC_DIR: /var/metrics",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    tmpfs: [/var/metrics, /var/cache/models]",
            "    read_only: true",
            "    environment:",
            "      PROMETHEUS_MULTIPROC_DIR: /var/metrics",
          ],
        },
      },
      {
        name: "a database in a file needs a volume",
        message: "mount a volume there",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4",
            "    read_only: «true»",
            "    environment: ['DATABASE_URL=sqlite:////data/app.db']",
          ],
        },
      },
    ],
    good: [
      {
        name: "all paths are mounted",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', read_only: true, tmpfs: [/var/cache/nginx, /var/run]}",
            "  proxy: {image: 'nginxinc/nginx-unprivileged:1.27', read_only: true, tmpfs: [/tmp]}",
          ],
        },
      },
      {
        name: "a folder above, and a volume",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', read_only: true, tmpfs: [/run], volumes: ['cache:/var/cache']}",
            "  metrics: {image: 'acme/api:1.4', read_only: true, environment: [TMPDIR=/data/tmp], volumes: ['data:/data']}",
            "volumes: {cache: {}, data: {}}",
          ],
        },
      },
      {
        name: "volumes of the image, and what the engine mounts",
        files: {
          Dockerfile: ["FROM alpine:3.20", "VOLUME /cache", "ENV MODEL_CACHE_DIR=/cache/models", "CMD /api"],
          "compose.yaml": [
            "services:",
            "  api: {build: ., read_only: true, environment: [TMPDIR=/dev/shm]}",
            "  db: {image: 'postgres:16.4', read_only: true, tmpfs: [/run/postgresql]}",
          ],
        },
      },
      {
        name: "not read-only",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', read_only: false}",
            "  edge: {image: 'nginx:1.27.4', read_only: '${READ_ONLY}'}",
          ],
        },
      },
      {
        name: "nobody knows what it writes",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4', read_only: true, environment: [TMPDIR, 'DATABASE_URL=postgres://db/app']}",
            "  web: {image: 'nginx:1.27.4', read_only: true, entrypoint: [/own.sh]}",
            "  conf: {image: 'nginx:1.27.4', read_only: true, volumes: ['./nginx.conf:/etc/nginx/nginx.conf:ro']}",
            "  any: {image: 'nginx:1.27.4', read_only: true, volumes: ['cache:${PLACE}'] }",
            "volumes: {cache: {}}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  if (!service.node.entries.has("read_only")) return;
  const written = service.booleanAt("read_only");
  if (written?.value !== true || service.hasProvider || service.isIncomplete || service.isWindows) return;
  // A mount whose place is unknown may be any.
  if (service.mounts.some(({ targetPath, from }) => targetPath === undefined && from !== "secrets")) return;
  const isConfigured = service.mounts.some(({ targetPath = "" }) => CONFIGURATIONS.has(targetPath));
  const paths = new Map<string, WritePath>();
  for (const each of writePathsOf(service, project)) {
    if ((each.from === "table" && isConfigured) || paths.has(each.path)) continue;
    if (!isWritable(each.path, service, project)) paths.set(each.path, each);
  }
  if (paths.size === 0) return;
  const list = [...paths.values()];
  const needsVolume = list.some(({ isData }) => isData);
  const names = list.map(({ path }) => quoted(path));
  const shown = names.length > 2 ? `${names[0]} and ${names.length - 1} more paths` : names.join(" and ");
  yield {
    range: written.range,
    message: `\`${service.name}\` is read-only, but writes ${shown}; mount a ${needsVolume ? "volume" : "tmpfs"} there`,
    related: list.flatMap(({ range, path }) => (range ? [{ range, message: `this names ${quoted(path)}` }] : [])),
    fix: needsVolume ? undefined : mountAll(list, service),
  };
}

/** Settings that say where a program of the table writes. */
const CONFIGURATIONS: ReadonlySet<string> = new Set(["/etc/nginx/nginx.conf", "/etc/nginx"]);

/** Unsafe: what is written there is gone with the container. */
function mountAll(list: readonly WritePath[], service: Service): Fix | undefined {
  const paths = list.map(({ path }) => path);
  const edit = isWritten(service, "tmpfs")
    ? itemInsertion(service.at("tmpfs"), paths)
    : addSettings(service, [`tmpfs: [${paths.join(", ")}]`]);
  return edit === undefined ? undefined : { description: "mount a tmpfs", safety: "unsafe", edits: [edit] };
}
