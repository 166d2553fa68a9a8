import type { Mount, Service, Variant } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { dataStoreOf } from "../../src/project/service-data.js";
import { runsOnce } from "../../src/project/service-view.js";
import { words } from "../../src/text/words.js";
import { wordsOfName } from "../../src/values/words-of-name.js";

/** Words in names of services that read or prepare what another one owns. */
const HELPERS = "backup backups restore init migrate migration migrations seed setup certbot";

export default defineRule({
  id: "runtime/no-shared-volume",
  summary: "A writable volume belongs to one service",
  levels: { strict: "info" },
  kinds: {
    shared: {
      summary: "a volume that two services write to",
      aliases: ["kics:shared-volumes-between-containers", "kics:8c978947-0ff6-485c-b0c2-0bfca6026466"],
    },
    datastore: {
      summary: "two databases of one kind on the same data",
      levels: { recommended: "error", strict: "error" },
      aliases: ["kics:shared-volumes-between-containers", "kics:8c978947-0ff6-485c-b0c2-0bfca6026466"],
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Two services that write to one place overwrite each other, and whoever breaks into one can plant files for the other.",
    "A database expects to be the only one: a second server on the same files corrupts them.",
  ],
  references: ["https://docs.docker.com/engine/storage/volumes/#share-data-between-machines", "CWE-362"],
  mentions: { compose: ["volumes"] },
  check: { variant: checkVariant },
  examples: {
    bad: [
      {
        name: "two writers",
        kind: "shared",
        message: "`uploads` is writable in `web` and `worker`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: web:1.2.0",
            "    volumes: ['uploads:/srv/uploads']",
            "  worker:",
            "    image: web:1.2.0",
            "    volumes:",
            "      - «uploads:/srv/uploads»",
            "volumes: { uploads: {} }",
          ],
        },
      },
      {
        name: "in the long form, and three of them",
        kind: "shared",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: 'web:1.2.0', volumes: [{ type: volume, source: uploads, target: /a }] }",
            "  api: { image: 'web:1.2.0', volumes: [«{ type: volume, source: uploads, target: /a }»] }",
            "  worker: { image: 'web:1.2.0', volumes: [«uploads:/a»] }",
            "volumes: { uploads: {} }",
          ],
        },
      },
      {
        name: "two servers on the files of one database",
        kind: "datastore",
        message: "`db` and `replica` both run `postgres` on `pgdata`",
        severity: "error",
        preset: "recommended",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data'] }",
            "  replica: { image: 'postgres:17.4', volumes: [«pgdata:/var/lib/postgresql/data»] }",
            "volumes: { pgdata: {} }",
          ],
        },
      },
      {
        name: "the same on a folder of the host",
        kind: "datastore",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'mysql:8.4', volumes: ['./mysql:/var/lib/mysql'] }",
            "  copy: { image: 'mysql:8.4', volumes: [«./mysql:/var/lib/mysql»] }",
          ],
        },
      },
    ],
    good: [
      {
        name: "one writer, the others read",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: 'web:1.2.0', volumes: ['static:/srv/static'] }",
            "  proxy: { image: 'nginx:1.27.4', volumes: ['static:/usr/share/nginx/html:ro'] }",
            "volumes: { static: {} }",
          ],
        },
      },
      {
        name: "jobs and helpers",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:17.4', volumes: ['pgdata:/var/lib/postgresql/data'] }",
            "  db-backup: { image: 'acme/backup:2', volumes: ['pgdata:/data'] }",
            "  prepare: { image: 'acme/tools:2', restart: 'no', volumes: ['pgdata:/data'] }",
            "volumes: { pgdata: {} }",
          ],
        },
      },
      {
        name: "never at the same time, a sidecar, and parts of one volume",
        files: {
          "compose.yaml": [
            "services:",
            "  blue: { image: 'web:1.2.0', profiles: [blue], volumes: ['a:/srv'] }",
            "  green: { image: 'web:1.3.0', profiles: [green], volumes: ['a:/srv'] }",
            "  app: { image: 'web:1.2.0', volumes: ['b:/srv'] }",
            "  sidecar: { image: 'web:1.2.0', network_mode: 'service:app', volumes: ['b:/srv'] }",
            "  one: { image: 'web:1.2.0', volumes: [{ type: volume, source: c, target: /srv, volume: { subpath: one } }] }",
            "  two: { image: 'web:1.2.0', volumes: [{ type: volume, source: c, target: /srv, volume: { subpath: two } }] }",
            "volumes: { a: {}, b: {}, c: {} }",
          ],
        },
      },
      {
        name: "folders of the host that no database uses",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: 'web:1.2.0', volumes: ['./uploads:/srv'] }",
            "  worker: { image: 'web:1.2.0', volumes: ['./uploads:/srv'] }",
          ],
        },
      },
    ],
  },
});

/** A mount that a service may write to. */
interface Writer {
  readonly service: Service;
  readonly mount: Mount;
}

function* checkVariant(variant: Variant, { project }: RuleContext): Iterable<Finding> {
  const byVolume = new Map<string, Writer[]>();
  for (const service of variant.services.values()) {
    if (service.hasProvider || !service.node.entries.has("volumes")) continue;
    for (const mount of service.mounts) {
      const key = keyOf(mount);
      if (key === undefined || mount.isReadOnly || (mount.readOnly !== undefined && mount.readOnly.value === undefined))
        continue;
      const writers = byVolume.get(key);
      if (writers === undefined) byVolume.set(key, [{ service, mount }]);
      else if (!writers.some((writer) => writer.service === service)) writers.push({ service, mount });
    }
  }
  for (const writers of byVolume.values()) {
    if (writers.length > 1) yield* checkWriters(writers, variant, project);
  }
}

/** What two mounts have in common when they are of the same place: a volume and its part, or a folder of the host. */
function keyOf({ type, source, hostPath, subpath }: Mount): string | undefined {
  if (type === "volume" && source?.value !== undefined) return `volume ${source.value} ${subpath?.text ?? ""}`;
  return type === "bind" && hostPath !== undefined ? `bind ${hostPath}` : undefined;
}

function* checkWriters(
  writers: readonly Writer[],
  variant: Variant,
  project: RuleContext["project"],
): Iterable<Finding> {
  for (const [index, writer] of writers.entries()) {
    for (const first of writers.slice(0, index)) {
      const finding = judge(first, writer, variant, project);
      if (finding === undefined) continue;
      yield finding;
      break;
    }
  }
}

function judge(first: Writer, second: Writer, variant: Variant, project: RuleContext["project"]): Finding | undefined {
  if (!variant.canRunTogether(first.service, second.service)) return undefined;
  const [one, other] = [`\`${first.service.name}\``, `\`${second.service.name}\``];
  const volume = `\`${second.mount.source?.text ?? ""}\``;
  const { range } = second.mount;
  const related = first.mount.range === range ? [] : [{ range: first.mount.range, message: `${one} mounts it here` }];
  const program = sharedProgram(first, second, project);
  if (program !== undefined) {
    const message = `${one} and ${other} both run \`${program}\` on ${volume}, which corrupts it; give each its own`;
    return { kind: "datastore", range, message, related };
  }
  if (second.mount.type !== "volume" || isHelper(first.service, project) || isHelper(second.service, project))
    return undefined;
  if (sharesNamespace(first.service, second.service) || sharesNamespace(second.service, first.service))
    return undefined;
  const message = `${volume} is writable in ${one} and ${other}; append \`:ro\` where it is only read`;
  return { kind: "shared", range, message, related };
}

/** The database that both services run on these files; undefined when they do not. */
function sharedProgram(first: Writer, second: Writer, project: RuleContext["project"]): string | undefined {
  const [a, b] = [dataStoreOf(first.service, project), dataStoreOf(second.service, project)];
  if (a === undefined || b === undefined || a.program !== b.program) return undefined;
  if (a.movedBy !== undefined || b.movedBy !== undefined || a.isCache || b.isCache) return undefined;
  const isOnData = first.mount.targetPath === a.path && second.mount.targetPath === b.path;
  return isOnData ? a.program : undefined;
}

function isHelper(service: Service, project: RuleContext["project"]): boolean {
  const helpers = words(HELPERS);
  return wordsOfName(service.name).some((word) => helpers.includes(word.toLowerCase())) || runsOnce(service, project);
}

function sharesNamespace(service: Service, owner: Service): boolean {
  return service.networkMode?.value === `service:${owner.name}`;
}
