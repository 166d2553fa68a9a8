import type { ServiceFacts, ServiceKind } from "./base-image-model.js";
import type { ImageRow, Layer } from "./image-layer.js";
import { hasPart, type ImageTag, numberAfter } from "./image-tag.js";
import { alpine, debian, osOfTag } from "./operating-systems.js";

// Images of services: databases, caches, brokers, observability. Web servers and proxies: web-images.ts.
// Sources: the Dockerfiles and documentation of the images (github.com/docker-library, hub.docker.com); 2026-11.

const HUB = "docker.io/library/";
const ROOT = { name: "root", uid: 0 } as const;

/** Version from which a major release counts; `latest` is newer than all. */
function isFrom(tag: ImageTag, major: number): boolean {
  const [written] = tag.version;
  return written === undefined || written >= major;
}

function isAlpine(tag: ImageTag): boolean {
  return hasPart(tag, "alpine");
}

/** PostgreSQL moved its data directory one level up in the image of version 18. */
function postgresService(tag: ImageTag): ServiceFacts {
  const dataPath = isFrom(tag, 18) ? "/var/lib/postgresql" : "/var/lib/postgresql/data";
  return {
    kind: "datastore",
    ports: [5432],
    dataPath,
    writablePaths: [dataPath, "/var/run/postgresql", "/tmp"],
    probeCommands: ["pg_isready"],
    probe: ["CMD-SHELL", "pg_isready -U postgres"],
    fileSuffix: "_FILE",
  };
}

function postgres(tag: ImageTag): readonly Layer[] {
  const service = postgresService(tag);
  const [uid, home] = isAlpine(tag) ? ["70:70", "postgres"] : ["999:999", "postgres"];
  return [
    osOfTag(tag),
    {
      accounts: `${home}:${uid}`,
      hasAllAccounts: false,
      dropsTo: { name: "postgres", uid: isAlpine(tag) ? 70 : 999 },
      present: "psql pg_isready pg_dump pg_restore createdb initdb gosu",
      unsure: isAlpine(tag) ? "gosu su-exec bash" : "",
      environment: "PG_MAJOR PG_VERSION PGDATA PATH",
      stopSignal: "SIGINT",
      entrypoint: ["docker-entrypoint.sh"],
      command: ["postgres"],
      exposes: [5432],
      volumes: [service.dataPath ?? ""],
      service,
    },
  ];
}

function redisLike(program: "redis" | "valkey"): (tag: ImageTag) => readonly Layer[] {
  return (tag) => [
    osOfTag(tag),
    {
      accounts: `${program}:999`,
      hasAllAccounts: false,
      dropsTo: { name: program, uid: 999 },
      // Valkey is installed with links under the names of Redis.
      present: program === "valkey" ? "valkey-cli valkey-server redis-cli redis-server" : "redis-cli redis-server",
      unsure: isAlpine(tag) ? "su-exec gosu" : "gosu",
      ...(program === "redis" && { environment: "REDIS_VERSION" }),
      workdir: "/data",
      entrypoint: ["docker-entrypoint.sh"],
      command: [`${program}-server`],
      exposes: [6379],
      volumes: ["/data"],
      service: {
        kind: "datastore",
        ports: [6379],
        dataPath: "/data",
        writablePaths: ["/data"],
        probeCommands: program === "valkey" ? ["valkey-cli", "redis-cli"] : ["redis-cli"],
        probe: ["CMD", `${program}-cli`, "ping"],
        fileSuffix: "none",
      },
    },
  ];
}

const MYSQL_SERVICE: ServiceFacts = {
  kind: "datastore",
  ports: [3306, 33060],
  dataPath: "/var/lib/mysql",
  writablePaths: ["/var/lib/mysql", "/var/run/mysqld", "/tmp"],
  probeCommands: ["mysqladmin"],
  probe: ["CMD", "mysqladmin", "ping", "-h", "127.0.0.1"],
  fileSuffix: "_FILE",
};

/**
 * First releases of their lines that are taken to bring `healthcheck.sh`: those of August 2022. Earlier ones answer
 * `mariadb-admin ping` all the same, as later ones do.
 */
const FIRST_WITH_CHECK: ReadonlyMap<string, number> = new Map([
  ["10.3", 36],
  ["10.4", 26],
  ["10.5", 17],
  ["10.6", 9],
  ["10.7", 5],
  ["10.8", 4],
]);

function hasMariadbCheck({ version: [major = 0, minor = 0, patch] }: ImageTag): boolean {
  const first = FIRST_WITH_CHECK.get(`${major}.${minor}`);
  return patch === undefined || first === undefined || patch >= first;
}

function mariadbService(tag: ImageTag): ServiceFacts {
  const hasCheck = hasMariadbCheck(tag);
  return {
    kind: "datastore",
    ports: [3306],
    dataPath: "/var/lib/mysql",
    writablePaths: ["/var/lib/mysql", "/run/mysqld", "/tmp"],
    probeCommands: hasCheck ? ["healthcheck.sh", "mariadb-admin"] : ["mariadb-admin"],
    probe: hasCheck
      ? ["CMD", "healthcheck.sh", "--connect", "--innodb_initialized"]
      : ["CMD", "mariadb-admin", "ping", "-h", "127.0.0.1"],
    fileSuffix: "_FILE",
  };
}

function mongoService(tag: ImageTag): ServiceFacts {
  const shell = isFrom(tag, 6) ? "mongosh" : "mongo";
  return {
    kind: "datastore",
    ports: [27017],
    dataPath: "/data/db",
    writablePaths: ["/data/db", "/data/configdb", "/tmp"],
    probeCommands: [shell],
    probe: ["CMD", shell, "--quiet", "--eval", "db.adminCommand('ping')"],
    fileSuffix: "_FILE",
  };
}

interface ServiceRow {
  readonly repositories: string;
  readonly service: ServiceFacts;
  readonly layer?: Layer;
}

/** A row of which only the service is known, and what `layer` says. */
function serviceRow({ repositories, service, layer }: ServiceRow): ImageRow {
  const first = repositories.split(" ", 1)[0] ?? "";
  const source = `https://hub.docker.com/r/${first.slice(first.indexOf("/") + 1)}`;
  return { repositories, source, layers: () => [layer ?? {}, { service }] };
}

const BITNAMI: readonly (readonly [string, ServiceKind, readonly number[]])[] = [
  ["postgresql", "datastore", [5432]],
  ["mysql", "datastore", [3306]],
  ["mariadb", "datastore", [3306]],
  ["redis", "datastore", [6379]],
  ["valkey", "datastore", [6379]],
  ["mongodb", "datastore", [27017]],
  ["rabbitmq", "broker", [5672]],
  ["kafka", "broker", [9092]],
  ["zookeeper", "control-plane", [2181]],
  ["etcd", "control-plane", [2379, 2380]],
  ["elasticsearch", "datastore", [9200, 9300]],
  ["memcached", "cache", [11211]],
  ["nginx", "web", [8080]],
  ["apache", "web", [8080]],
  ["wordpress", "web", [8080]],
  ["keycloak", "web", [8080]],
  ["minio", "datastore", [9000, 9001]],
  ["grafana", "observability", [3000]],
  ["prometheus", "observability", [9090]],
];

/** Non-root images on Debian 12; the account has no name in `/etc/passwd` until it starts. */
function bitnami(): readonly ImageRow[] {
  return BITNAMI.map(([name, kind, ports]) =>
    serviceRow({
      repositories: `docker.io/bitnami/${name} docker.io/bitnamilegacy/${name} public.ecr.aws/bitnami/${name}`,
      service: { kind, ports, ...(kind === "datastore" && { fileSuffix: "_FILE" as const }) },
      layer: { defaultUser: { uid: 1001 }, hasHealthcheck: false, libc: "glibc" },
    }),
  );
}

/** Rows of services. */
export const SERVICE_IMAGES: readonly ImageRow[] = [
  { repositories: `${HUB}postgres`, source: "https://hub.docker.com/_/postgres", layers: postgres },
  {
    // Built on the official image, with the same entrypoint and data path; what else they install is not known.
    repositories: "docker.io/postgis/postgis docker.io/pgvector/pgvector docker.io/timescale/timescaledb",
    source: "https://hub.docker.com/r/postgis/postgis",
    layers: (tag) => {
      // The leading number of their tags is PostgreSQL's, but for timescaledb, which writes `latest-pg16`.
      const pg = /(?:^|-)pg(\d+)/.exec(tag.written)?.[1];
      const service = postgresService(pg === undefined ? tag : { ...tag, version: [Number(pg)] });
      return [
        {
          defaultUser: ROOT,
          dropsTo: { name: "postgres" },
          present: "psql pg_isready",
          hasHealthcheck: false,
          service,
        },
      ];
    },
  },
  {
    repositories: `${HUB}mysql`,
    source: "https://hub.docker.com/_/mysql",
    layers: () => [
      {
        defaultUser: ROOT,
        dropsTo: { name: "mysql", uid: 999 },
        libc: "glibc",
        accounts: "mysql:999:999",
        present: "mysql mysqladmin mysqld mysqldump bash sh",
        environment: "GOSU_VERSION MYSQL_MAJOR MYSQL_VERSION MYSQL_SHELL_VERSION",
        hasHealthcheck: false,
        entrypoint: ["docker-entrypoint.sh"],
        command: ["mysqld"],
        exposes: [3306, 33060],
        volumes: ["/var/lib/mysql"],
        service: MYSQL_SERVICE,
      },
    ],
  },
  serviceRow({
    repositories: `docker.io/percona/percona-server ${HUB}percona`,
    service: MYSQL_SERVICE,
    layer: { present: "mysql mysqladmin mysqld" },
  }),
  {
    repositories: `${HUB}mariadb`,
    source: "https://hub.docker.com/_/mariadb",
    layers: (tag) => [
      {
        defaultUser: ROOT,
        dropsTo: { name: "mysql", uid: 999 },
        os: { family: hasPart(tag, "ubi9") || hasPart(tag, "ubi") ? "rhel" : "ubuntu" },
        libc: "glibc",
        accounts: "mysql:999:999",
        // From version 11 on the commands bear the product's own name only.
        present: `mariadbd${hasMariadbCheck(tag) ? " healthcheck.sh" : ""} bash sh ${isFrom(tag, 11) ? "mariadb mariadb-admin mariadb-dump" : "mysql"}`,
        ...(isFrom(tag, 11) && { absent: "mysql mysqladmin mysqldump" }),
        hasHealthcheck: false,
        entrypoint: ["docker-entrypoint.sh"],
        command: ["mariadbd"],
        exposes: [3306],
        volumes: ["/var/lib/mysql"],
        service: mariadbService(tag),
      },
    ],
  },
  {
    repositories: `${HUB}mongo`,
    source: "https://hub.docker.com/_/mongo",
    layers: (tag) => [
      {
        defaultUser: ROOT,
        dropsTo: { name: "mongodb", uid: 999 },
        accounts: "mongodb:999:999",
        present: `mongod bash sh ${isFrom(tag, 6) ? "mongosh" : "mongo"}`,
        ...(isFrom(tag, 6) && { absent: "mongo" }),
        environment: "GOSU_VERSION MONGO_PACKAGE MONGO_REPO MONGO_MAJOR MONGO_VERSION",
        hasHealthcheck: false,
        entrypoint: ["docker-entrypoint.sh"],
        command: ["mongod"],
        exposes: [27017],
        volumes: ["/data/db", "/data/configdb"],
        service: mongoService(tag),
      },
    ],
  },
  { repositories: `${HUB}redis`, source: "https://hub.docker.com/_/redis", layers: redisLike("redis") },
  {
    repositories: "docker.io/valkey/valkey",
    source: "https://hub.docker.com/r/valkey/valkey",
    layers: redisLike("valkey"),
  },
  {
    repositories: `${HUB}memcached`,
    source: "https://hub.docker.com/_/memcached",
    layers: (tag) => [
      isAlpine(tag) ? alpine(numberAfter(tag, "alpine")) : debian(undefined, true),
      {
        defaultUser: { name: "memcache", uid: 11211 },
        accounts: "memcache:11211:11211",
        present: "memcached",
        environment: "MEMCACHED_VERSION MEMCACHED_URL MEMCACHED_SHA1",
        entrypoint: ["docker-entrypoint.sh"],
        command: ["memcached"],
        exposes: [11211],
        service: { kind: "cache", ports: [11211], writablePaths: [], probeCommands: [], fileSuffix: "none" },
      },
    ],
  },
  {
    repositories: `${HUB}rabbitmq`,
    source: "https://hub.docker.com/_/rabbitmq",
    layers: (tag) => [
      isAlpine(tag)
        ? alpine()
        : { defaultUser: ROOT, os: { family: "ubuntu" }, libc: "glibc", present: "bash sh", hasHealthcheck: false },
      {
        keepsAbsences: false,
        dropsTo: { name: "rabbitmq" },
        hasAllAccounts: false,
        present: "rabbitmq-diagnostics rabbitmqctl rabbitmq-plugins rabbitmq-server",
        environment: "RABBITMQ_VERSION RABBITMQ_DATA_DIR RABBITMQ_HOME PATH HOME LANG",
        entrypoint: ["docker-entrypoint.sh"],
        command: ["rabbitmq-server"],
        volumes: ["/var/lib/rabbitmq"],
        service: {
          kind: "broker",
          ports: [5672, 15672],
          dataPath: "/var/lib/rabbitmq",
          writablePaths: ["/var/lib/rabbitmq", "/var/log/rabbitmq", "/etc/rabbitmq"],
          probeCommands: ["rabbitmq-diagnostics"],
          probe: ["CMD", "rabbitmq-diagnostics", "-q", "ping"],
          fileSuffix: "none",
        },
      },
    ],
  },
  serviceRow({
    repositories: "docker.io/jenkins/jenkins",
    service: {
      kind: "dev-tool",
      ports: [8080, 50000],
      dataPath: "/var/jenkins_home",
      writablePaths: ["/var/jenkins_home", "/tmp"],
      probeCommands: ["curl"],
    },
    layer: {
      defaultUser: { name: "jenkins", uid: 1000 },
      accounts: "jenkins:1000:1000",
      present: "java curl git bash sh",
      environment:
        "JENKINS_HOME=/var/jenkins_home JENKINS_SLAVE_AGENT_PORT=50000 JENKINS_VERSION JENKINS_UC JAVA_HOME PATH REF COPY_REFERENCE_FILE_LOG LANG",
      hasHealthcheck: false,
      volumes: ["/var/jenkins_home"],
      exposes: [8080, 50000],
    },
  }),
  serviceRow({
    repositories: `docker.elastic.co/elasticsearch/elasticsearch ${HUB}elasticsearch`,
    service: {
      kind: "datastore",
      ports: [9200, 9300],
      dataPath: "/usr/share/elasticsearch/data",
      writablePaths: [
        "/usr/share/elasticsearch/data",
        "/usr/share/elasticsearch/logs",
        "/usr/share/elasticsearch/config",
        "/tmp",
      ],
      probeCommands: ["curl"],
      fileSuffix: "_FILE",
    },
    layer: { present: "curl bash sh", hasHealthcheck: false },
  }),
  serviceRow({
    repositories: "docker.io/opensearchproject/opensearch",
    service: {
      kind: "datastore",
      ports: [9200, 9300],
      dataPath: "/usr/share/opensearch/data",
      writablePaths: [
        "/usr/share/opensearch/data",
        "/usr/share/opensearch/logs",
        "/usr/share/opensearch/config",
        "/tmp",
      ],
      probeCommands: ["curl"],
    },
    layer: { defaultUser: { name: "opensearch", uid: 1000 }, present: "curl bash sh", hasHealthcheck: false },
  }),
  serviceRow({
    repositories: "docker.io/grafana/grafana docker.io/grafana/grafana-oss docker.io/grafana/grafana-enterprise",
    service: {
      kind: "observability",
      ports: [3000],
      dataPath: "/var/lib/grafana",
      writablePaths: ["/var/lib/grafana"],
      probeCommands: ["wget"],
      fileSuffix: "__FILE",
    },
    layer: { defaultUser: { uid: 472 }, hasHealthcheck: false },
  }),
  serviceRow({
    repositories: "docker.io/prom/prometheus quay.io/prometheus/prometheus",
    service: {
      kind: "observability",
      ports: [9090],
      dataPath: "/prometheus",
      writablePaths: ["/prometheus"],
      probeCommands: ["wget", "promtool"],
      probe: ["CMD", "wget", "-q", "--spider", "http://127.0.0.1:9090/-/healthy"],
      fileSuffix: "none",
    },
    layer: { defaultUser: { name: "nobody", uid: 65534 }, hasHealthcheck: false, present: "wget sh" },
  }),
  serviceRow({
    repositories: "docker.io/prom/alertmanager quay.io/prometheus/alertmanager",
    service: {
      kind: "observability",
      ports: [9093],
      dataPath: "/alertmanager",
      writablePaths: ["/alertmanager"],
      probeCommands: ["wget", "amtool"],
      probe: ["CMD", "wget", "-q", "--spider", "http://127.0.0.1:9093/-/healthy"],
      fileSuffix: "none",
    },
    layer: { defaultUser: { name: "nobody", uid: 65534 }, hasHealthcheck: false, present: "wget sh" },
  }),
  serviceRow({
    repositories: "docker.io/grafana/loki",
    service: { kind: "observability", ports: [3100], dataPath: "/loki", writablePaths: ["/loki"], fileSuffix: "none" },
    layer: { defaultUser: { uid: 10001 }, hasHealthcheck: false },
  }),
  ...withHealthcheck(),
  ...bitnami(),
];

/** Images whose own configuration holds a HEALTHCHECK; nothing else is said of them. */
function withHealthcheck(): readonly ImageRow[] {
  const rows: readonly (readonly [string, ServiceFacts])[] = [
    ["docker.io/netdata/netdata", { kind: "agent", ports: [19999] }],
    ["docker.io/vaultwarden/server", { kind: "web", ports: [80], dataPath: "/data" }],
    ["docker.io/louislam/uptime-kuma", { kind: "observability", ports: [3001], dataPath: "/app/data" }],
    ["docker.io/pihole/pihole", { kind: "web", ports: [53, 80] }],
    ["docker.io/gitlab/gitlab-ce docker.io/gitlab/gitlab-ee", { kind: "web", ports: [80, 443, 22] }],
    ["gcr.io/cadvisor/cadvisor ghcr.io/google/cadvisor", { kind: "agent", ports: [8080] }],
    ["docker.io/axllent/mailpit", { kind: "dev-tool", ports: [8025, 1025] }],
  ];
  return rows.map(([repositories, service]) => serviceRow({ repositories, service, layer: { hasHealthcheck: true } }));
}
