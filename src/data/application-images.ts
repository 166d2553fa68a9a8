import type { ImageRow, Layer } from "./image-layer.js";
import { hasPart, type ImageTag } from "./image-tag.js";

// Applications and tools of which little more than their user and health check is known; what they are as services is in
// service-kinds.ts. No Docker Official Image holds a HEALTHCHECK (github.com/docker-library/faq#healthcheck).
// Sources: the Dockerfiles of the images, as linked from the page of each row; 2026-11.

const HUB = "docker.io/library/";
const ROOT = { name: "root", uid: 0 } as const;

interface ApplicationRow {
  /** Normalised repositories, separated by blanks. */
  readonly repositories: string;
  readonly layer: Layer;
  /** Whether the row is of a tag; absent means all of them. */
  readonly fits?: (tag: ImageTag) => boolean;
}

/** From this major version on; `latest` counts, other tags without a version do not. */
function since(major: number): (tag: ImageTag) => boolean {
  return ({ version: [first], isLatest }) => isLatest || (first !== undefined && first >= major);
}

/** Starts as root, and its entrypoint gives that up. */
function drops(name: string, uid: number): Layer {
  return { defaultUser: ROOT, dropsTo: { name, uid }, hasHealthcheck: false };
}

/** Starts as a user of its own. */
function runsAs(name: string, uid?: number): Layer {
  return { defaultUser: { name, ...(uid !== undefined && { uid }) }, hasHealthcheck: false };
}

const STAYS_ROOT: Layer = { defaultUser: ROOT, hasHealthcheck: false };

function applicationRows(): readonly ApplicationRow[] {
  return [
    { repositories: `${HUB}ghost`, layer: drops("node", 1000) },
    { repositories: `${HUB}cassandra`, layer: drops("cassandra", 999) },
    { repositories: `${HUB}neo4j`, layer: drops("neo4j", 7474) },
    { repositories: `${HUB}couchdb`, layer: drops("couchdb", 5984) },
    { repositories: `${HUB}influxdb`, layer: drops("influxdb", 1000), fits: ({ version: [major] }) => major === 2 },
    { repositories: `${HUB}zookeeper`, layer: drops("zookeeper", 1000) },
    { repositories: `${HUB}redmine`, layer: drops("redmine", 999) },
    { repositories: "docker.io/clickhouse/clickhouse-server", layer: drops("clickhouse", 101) },
    { repositories: `docker.io/hashicorp/vault ${HUB}vault`, layer: drops("vault", 100) },
    { repositories: `docker.io/hashicorp/consul ${HUB}consul`, layer: drops("consul", 100) },
    {
      repositories: "tomcat composer registry drupal joomla phpmyadmin nextcloud"
        .split(" ")
        .map((name) => HUB + name)
        .join(" "),
      layer: STAYS_ROOT,
    },
    { repositories: `${HUB}docker`, layer: STAYS_ROOT, fits: (tag) => !hasPart(tag, "rootless") },
    { repositories: `${HUB}sonarqube`, layer: runsAs("sonarqube", 1000), fits: since(10) },
    { repositories: `${HUB}jetty`, layer: runsAs("jetty", 999) },
    { repositories: `${HUB}solr`, layer: runsAs("solr", 8983), fits: since(8) },
    { repositories: `${HUB}odoo`, layer: runsAs("odoo") },
    { repositories: `${HUB}adminer`, layer: runsAs("adminer") },
    { repositories: `docker.elastic.co/kibana/kibana ${HUB}kibana`, layer: runsAs("kibana", 1000), fits: since(7) },
    {
      repositories: `docker.elastic.co/logstash/logstash ${HUB}logstash`,
      layer: runsAs("logstash", 1000),
      fits: since(7),
    },
    {
      // On ubi-micro: there is no program to ask an address with.
      repositories: "quay.io/keycloak/keycloak docker.io/keycloak/keycloak",
      layer: { ...runsAs("keycloak", 1000), absent: "curl wget nc", present: "bash sh", exposes: [8080, 8443, 9000] },
      fits: since(22),
    },
    {
      repositories: "mcr.microsoft.com/mssql/server",
      layer: runsAs("mssql", 10_001),
      fits: ({ version: [year] }) => year !== undefined && year >= 2019,
    },
    { repositories: "docker.io/apache/kafka", layer: runsAs("appuser", 1000) },
    {
      repositories:
        "docker.io/confluentinc/cp-kafka docker.io/confluentinc/cp-zookeeper docker.io/confluentinc/cp-schema-registry",
      layer: runsAs("appuser", 1000),
      fits: since(6),
    },
    { repositories: "docker.io/n8nio/n8n docker.n8n.io/n8nio/n8n", layer: runsAs("node", 1000) },
    { repositories: "docker.io/prom/node-exporter quay.io/prometheus/node-exporter", layer: runsAs("nobody", 65_534) },
    { repositories: "docker.io/dpage/pgadmin4", layer: { defaultUser: { name: "pgadmin", uid: 5050 } } },
    { repositories: "docker.io/apache/airflow", layer: runsAs("airflow", 50_000), fits: since(2) },
    {
      repositories: ["docker.io/jupyter/", "quay.io/jupyter/"]
        .flatMap((prefix) => ["base", "minimal", "scipy", "datascience"].map((name) => `${prefix}${name}-notebook`))
        .join(" "),
      layer: { defaultUser: { name: "jovyan", uid: 1000 } },
    },
    { repositories: "docker.io/hashicorp/terraform docker.io/amazon/aws-cli", layer: STAYS_ROOT },
    { repositories: "docker.io/continuumio/miniconda3 docker.io/pytorch/pytorch", layer: { defaultUser: ROOT } },
    {
      repositories: "docker.io/localstack/localstack docker.io/maildev/maildev docker.io/containrrr/watchtower",
      layer: { hasHealthcheck: true },
    },
    {
      repositories: "docker.io/bellsoft/liberica-openjre-alpine docker.io/bellsoft/liberica-openjre-debian",
      layer: { ...STAYS_ROOT, present: "java", absent: "javac" },
    },
  ];
}

/** JDKs whose publisher has a JRE under the same tag, or with another part in it. */
const JDK_ROWS: readonly ImageRow[] = [
  {
    repositories: "docker.io/bellsoft/liberica-openjdk-alpine docker.io/bellsoft/liberica-openjdk-debian",
    source: "https://hub.docker.com/u/bellsoft",
    layers: (tag, repository) => [
      {
        ...STAYS_ROOT,
        present: "java javac jar",
        isSdk: true,
        runtimeImage: `${repository.slice("docker.io/".length).replace("openjdk", "openjre")}:${tag.written || "latest"}`,
      },
    ],
  },
  {
    repositories: `${HUB}ibm-semeru-runtimes`,
    source: "https://hub.docker.com/_/ibm-semeru-runtimes",
    layers: (tag) => {
      const isJdk = hasPart(tag, "jdk");
      const runtimeImage = `ibm-semeru-runtimes:${tag.written.replace("jdk", "jre")}`;
      return [{ ...STAYS_ROOT, present: "java", isSdk: isJdk, ...(isJdk && { runtimeImage }) }];
    },
  },
];

/** Rows of applications. */
export function applicationImages(): readonly ImageRow[] {
  const rows = applicationRows().map(({ repositories, layer, fits }): ImageRow => {
    const first = repositories.split(" ", 1)[0] ?? "";
    const page = first.startsWith(HUB) ? `_/${first.slice(HUB.length)}` : `r/${first.slice(first.indexOf("/") + 1)}`;
    const isOnHub = first.startsWith("docker.io/");
    const source = isOnHub ? `https://hub.docker.com/${page}` : `https://${first}`;
    return { repositories, source, layers: (tag) => (fits?.(tag) === false ? undefined : [layer]) };
  });
  return [...rows, ...JDK_ROWS];
}
