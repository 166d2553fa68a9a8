import type { Mount, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { isWithin, parentPath, resolvePath } from "../../src/files/path.js";
import type { Project } from "../../src/project/model.js";
import { operationOf } from "../../src/project/resource-limits.js";
import {
  type DataStore,
  dataStoreOf,
  hasKnownMounts,
  mountsBelow,
  mountsHolding,
} from "../../src/project/service-data.js";
import { isJudgedForAbsence } from "../../src/project/service-settings.js";
import { volumesOf } from "../../src/project/volumes.js";
import type { Range } from "../../src/text/source.js";

const LATER = {
  recommended: ["info", "off"],
  checklist: ["info", "off"],
  strict: ["warning", "info"],
} as const;

export default defineRule({
  id: "runtime/keep-data",
  summary: "Data that matters lives in a named volume or path",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  kinds: {
    "no-mount": { summary: "a database without a mount where its data is" },
    "unstable-mount": { summary: "a database on an anonymous volume or in memory", levels: LATER },
    "image-volume": { summary: "a VOLUME of the image that no mount covers", levels: LATER },
    "wrong-path": { summary: "a mount beside the data", levels: LATER },
    "moved-data": { summary: "a setting that moves the data away from the mount", levels: LATER },
    sqlite: { summary: "an SQLite file that is under no mount", levels: LATER },
  },
  roles: ["production", "development"],
  fixable: "never",
  why: [
    "What is written to the container itself is gone with the container, and every change of its image or settings makes a new one. " +
      "An anonymous volume is left behind, under a name that is a random number.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/volumes/",
    "https://hub.docker.com/_/postgres",
    "https://docs.docker.com/reference/dockerfile/#volume",
  ],
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "no mount at all",
        kind: "no-mount",
        message: "`db` loses its data when the container is replaced",
        preset: "recommended",
        severity: "warning",
        files: { "compose.yaml": ["services:", "  «db»: { image: 'postgres:16.4' }"] },
      },
      {
        name: "in memory, or on a volume without a name",
        kind: "unstable-mount",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'mysql:8.4', tmpfs: [«/var/lib/mysql»] }",
            "  docs: { image: 'mongo:8.0', volumes: [«/data/db»] }",
            "  users: { image: 'mariadb:11.4', volumes: [{ type: volume, target: «/var/lib/mysql» }] }",
          ],
        },
      },
      {
        name: "a volume of the image",
        kind: "image-volume",
        message: "`/srv/uploads`",
        files: {
          Dockerfile: ["FROM debian:12.9-slim", "VOLUME /srv/uploads", 'CMD ["/api"]'],
          "compose.yaml": ["services:", "  «api»: { build: . }"],
        },
      },
      {
        name: "a queue whose image makes a volume",
        kind: "image-volume",
        files: { "compose.yaml": ["services:", "  «queue»: { image: 'rabbitmq:4.0' }"] },
      },
      {
        name: "a mount above or below the data of PostgreSQL",
        kind: "wrong-path",
        message:
          "`pgdata` is mounted at `/var/lib/postgresql`, but `postgres` keeps its data in `/var/lib/postgresql/data`",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:16.4', volumes: ['pgdata:«/var/lib/postgresql»'] }",
            "  next: { image: 'postgres:18.1', volumes: ['next:«/var/lib/postgresql/data»'] }",
            "volumes: { pgdata: {}, next: {} }",
          ],
        },
      },
      {
        name: "settings that move the data",
        kind: "moved-data",
        message: "`PGDATA=/srv/pg`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    environment: { PGDATA: «/srv/pg» }",
            "    volumes: ['pgdata:/var/lib/postgresql/data']",
            "  docs:",
            "    image: mongo:8.0",
            "    command: mongod --dbpath «/srv/mongo»",
            "    volumes: ['docs:/data/db']",
            "volumes: { pgdata: {}, docs: {} }",
          ],
        },
      },
      {
        name: "an SQLite file in the container",
        kind: "sqlite",
        message: "`/srv/app.db`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { DATABASE_URL: «'sqlite:////srv/app.db'» }, volumes: ['data:/data'] }",
            "volumes: { data: {} }",
          ],
        },
      },
    ],
    good: [
      {
        name: "a named volume or a folder of the host",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:16.4', volumes: ['pgdata:/var/lib/postgresql/data'] }",
            "  next: { image: 'postgres:18.1', volumes: ['next:/var/lib/postgresql'] }",
            "  users: { image: 'mysql:8.4', volumes: ['./mysql:/var/lib/mysql'] }",
            "  docs: { image: 'mongo:8.0', volumes: [{ type: volume, source: docs, target: /data/db }] }",
            "  queue: { image: 'rabbitmq:4.0', volumes: ['queue:/var/lib/rabbitmq'] }",
            "volumes: { pgdata: {}, next: {}, docs: {}, queue: {} }",
          ],
        },
      },
      {
        name: "moved below the mount, or to where nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:16.4",
            "    environment: [PGDATA=/var/lib/postgresql/data/pgdata]",
            "    volumes: ['pgdata:/var/lib/postgresql/data']",
            "  other:",
            "    image: postgres:16.4",
            "    environment: { PGDATA: '${PGDATA}' }",
            "  third: { image: 'mysql:8.4', volumes: ['${DATA}'] }",
            "volumes: { pgdata: {} }",
          ],
        },
      },
      {
        name: "a cache",
        files: {
          "compose.yaml": [
            "services:",
            "  cache: { image: 'redis:7.4' }",
            "  session: { image: 'valkey/valkey:8.0', command: valkey-server --save '' }",
            "  memory: { image: 'memcached:1.6' }",
          ],
        },
      },
      {
        name: "tests, tools of the image, and unknown images",
        files: {
          "compose.test.yaml": ["services:", "  db: { image: 'postgres:16.4', tmpfs: /var/lib/postgresql/data }"],
          "compose.yaml": [
            "services:",
            "  backup: { image: 'postgres:16.4', command: pg_dump shop }",
            "  dump: { image: 'mysql:8.4', entrypoint: [mysqldump] }",
            "  api: { image: 'acme/store:4' }",
          ],
        },
      },
      {
        name: "an SQLite file under a mount, in memory, or where nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', environment: { DATABASE_URL: 'sqlite:////data/app.db' }, volumes: ['data:/data'] }",
            "  web: { image: 'api:1.2.0', environment: { DATABASE_URL: 'sqlite:///app.db' } }",
            "  worker: { image: 'api:1.2.0', environment: { DATABASE_URL: 'sqlite://:memory:' } }",
            "volumes: { data: {} }",
          ],
        },
      },
      {
        name: "an anonymous volume in development, and a volume of temporary files",
        files: {
          "compose.dev.yaml": ["services:", "  db: { image: 'postgres:16.4', volumes: [/var/lib/postgresql/data] }"],
          Dockerfile: ["FROM debian:12.9-slim", "VOLUME /tmp /var/cache/api", 'CMD ["/api"]'],
          "compose.yaml": ["services:", "  api: { build: . }"],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: RuleContext): Iterable<Finding> {
  if (service.hasProvider || service.isWindows || service.isIncomplete) return;
  const store = dataStoreOf(service, ctx.project);
  if (store !== undefined) {
    if (!store.isCache) yield* checkStore(service, store, ctx);
    return;
  }
  if (ctx.role.name !== "production") return;
  yield* imageVolumes(service, ctx.project);
  if (service.node.entries.has("environment")) yield* sqliteFile(service, ctx.project);
}

function* checkStore(service: Service, store: DataStore, { role, project }: RuleContext): Iterable<Finding> {
  const { path, usualPath, movedBy, program } = store;
  if (path === undefined || !hasKnownMounts(service)) return;
  const holding = mountsHolding(service, path).at(-1);
  if (movedBy === undefined) {
    const wrong = misplaced(service, store, holding);
    if (wrong !== undefined) {
      const name = wrong.source?.text ?? "the mount";
      yield {
        kind: "wrong-path",
        range: wrong.target?.range ?? wrong.range,
        message: `\`${name}\` is mounted at \`${wrong.targetPath ?? ""}\`, but \`${program}\` keeps its data in \`${usualPath}\`; mount it there`,
        confidence: store.isVersioned ? "high" : "medium",
      };
      return;
    }
  }
  if (holding !== undefined) {
    if (role.name !== "production" || (holding.type !== "anonymous" && holding.type !== "tmpfs")) return;
    const where = holding.type === "tmpfs" ? "in memory" : "on a volume without a name";
    const message = `\`${service.name}\` keeps its data ${where}; mount a named volume at \`${path}\``;
    yield { kind: "unstable-mount", range: holding.target?.range ?? holding.range, message };
    return;
  }
  if (mountsBelow(service, path).length > 0) return;
  if (movedBy !== undefined && service.mountsAt(usualPath).length > 0) {
    const message = `\`${movedBy.text}\` moves the data of \`${service.name}\` out of its mount; mount that path`;
    yield { kind: "moved-data", range: movedBy.range, message };
    return;
  }
  if (!isJudgedForAbsence(service) || operationOf(service, project) !== "steady") return;
  const message = `\`${service.name}\` loses its data when the container is replaced; mount a volume at \`${path}\``;
  yield { kind: "no-mount", range: service.keyRange, message };
}

/** A mount that looks meant for the data and does not hold it: above a volume of the image, or in the folder of another version. */
function misplaced(service: Service, store: DataStore, holding: Mount | undefined): Mount | undefined {
  const { usualPath, hasOwnVolume } = store;
  if (holding !== undefined) {
    const isAbove = holding.targetPath === parentPath(usualPath) && holding.targetPath !== "/";
    return isAbove && hasOwnVolume ? holding : undefined;
  }
  // PostgreSQL 18 keeps each version in a folder of its own, and refuses a mount at the old place.
  if (usualPath !== "/var/lib/postgresql") return undefined;
  return service.mounts.find(({ targetPath }) => targetPath === "/var/lib/postgresql/data");
}

/** Folders of files that can be made again, and of what other rules are about. */
const PASSING = ["/tmp", "/var/tmp", "/var/cache", "/run", "/var/run", "/var/log", "/sys", "/proc"] as const;

function* imageVolumes(service: Service, project: Project): Iterable<Finding> {
  if (!isJudgedForAbsence(service) || !hasKnownMounts(service)) return;
  const image = project.imageOf(service);
  const volumes: { readonly path: string; readonly range: Range | undefined }[] = [];
  if (image.kind === "stage") {
    for (const { value, word } of volumesOf(image.stage)) {
      if (value.value.startsWith("/")) volumes.push({ path: resolvePath("/", value.value), range: word.range });
    }
  }
  const facts = image.kind === "pulled" ? image.facts : image.kind === "stage" ? image.stage.facts : undefined;
  for (const path of facts?.volumes ?? []) volumes.push({ path, range: undefined });
  const bare = volumes.filter(
    ({ path }) => !PASSING.some((folder) => isWithin(folder, path)) && service.mountsAt(path).length === 0,
  );
  const [first] = bare;
  if (first === undefined || mountsBelow(service, first.path).length > 0) return;
  if (
    operationOf(service, project) !== "steady" ||
    facts?.service?.kind === "cache" ||
    facts?.service?.kind === "datastore"
  ) {
    return;
  }
  yield {
    kind: "image-volume",
    range: service.keyRange,
    message: `each container of \`${service.name}\` gets a new volume for \`${first.path}\`; mount a named one there`,
    related: bare.flatMap(({ path, range }) =>
      range === undefined ? [] : [{ range, message: `\`${path}\` is declared here` }],
    ),
  };
}

const SQLITE_VARIABLES = ["DATABASE_URL", "DB_URL", "SQLALCHEMY_DATABASE_URI"] as const;

function* sqliteFile(service: Service, project: Project): Iterable<Finding> {
  for (const name of SQLITE_VARIABLES) {
    const value = service.environment.get(name)?.value;
    const text = value?.value;
    if (value === undefined || text === undefined || value.isSecret || !text.startsWith("sqlite:")) continue;
    const paths = sqlitePaths(text, service, project);
    if (paths.length === 0 || !hasKnownMounts(service)) continue;
    if (paths.some((path) => service.mountsAt(path).length > 0)) continue;
    const message = `\`${paths[0]}\` is lost when the container of \`${service.name}\` is replaced; mount a volume there`;
    yield { kind: "sqlite", range: value.range, message };
  }
}

/** Where the file may be: libraries differ in whether three slashes begin an absolute path. Empty when nobody knows. */
function sqlitePaths(url: string, service: Service, project: Project): readonly string[] {
  const rest = (url.slice("sqlite:".length).split("?", 1)[0] ?? "").replace(/^\/\//, "");
  if (rest === "" || rest.includes(":memory:")) return [];
  if (rest.startsWith("//")) return [resolvePath("/", rest.slice(1))];
  const image = project.imageOf(service);
  const folder = service.valueAt("working_dir")?.value ?? (image.kind === "stage" ? image.stage.workdir : undefined);
  if (folder === undefined || !folder.startsWith("/")) return [];
  const relative = resolvePath(folder, rest.replace(/^\/+/, ""));
  return rest.startsWith("/") ? [relative, resolvePath("/", rest)] : [relative];
}
