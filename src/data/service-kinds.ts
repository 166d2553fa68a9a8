import { words } from "../text/words.js";
import type { ServiceFacts, ServiceKind } from "./base-image-model.js";

// What an image of a well-known name is, whoever publishes or mirrors it: by the last segment of its repository.
// Only what no build of the program changes: its kind and the ports of its protocol.
// Sources: documentation of the programs; 2026-11.

const KINDS: readonly (readonly [ServiceKind, string])[] = [
  [
    "datastore",
    `postgres:5432 postgresql:5432 timescaledb:5432 timescaledb-ha:5432 postgis:5432 pgvector:5432 mysql:3306,33060
     mysql-server:3306,33060 percona:3306,33060 percona-server:3306,33060 mariadb:3306 mongo:27017 mongodb:27017
     redis:6379 redis-stack:6379 redis-stack-server:6379 valkey:6379 keydb:6379 dragonfly:6379 elasticsearch:9200,9300
     opensearch:9200,9300 clickhouse-server:8123,9000 clickhouse:8123,9000 cassandra:9042 scylla:9042 neo4j:7474,7687
     couchdb:5984 influxdb:8086 server:1433 minio:9000,9001 cockroach:26257 arangodb:8529 meilisearch:7700
     typesense:8108 qdrant:6333 weaviate:8080 milvus:19530`,
  ],
  ["cache", "memcached:11211 varnish:80"],
  [
    "broker",
    `rabbitmq:5672,15672 kafka:9092 cp-kafka:9092 redpanda:9092 activemq:61616,8161 activemq-artemis:61616,8161
     pulsar:6650 eclipse-mosquitto:1883 mosquitto:1883 emqx:1883`,
  ],
  ["control-plane", "zookeeper:2181 cp-zookeeper:2181 etcd:2379,2380 consul:8500 vault:8200 nats:4222,8222"],
  ["web", "nginx:80 nginx-unprivileged:8080 httpd:80 wordpress:80"],
  ["proxy", "caddy:80,443 traefik:80,443 haproxy:80,443 envoy: kong:8000,8443 oauth2-proxy:4180 pgbouncer:6432"],
  [
    "observability",
    `grafana:3000 grafana-oss:3000 grafana-enterprise:3000 prometheus:9090 loki:3100 alertmanager:9093 tempo:3200
     mimir:9009 jaeger:16686 all-in-one:16686 zipkin:9411 kibana:5601 opensearch-dashboards:5601`,
  ],
  [
    "agent",
    `portainer: portainer-ce: portainer-ee: watchtower: docker-socket-proxy: dozzle: cadvisor: node-exporter: promtail:
     netdata: diun: ouroboros: gitlab-runner: actions-runner: github-runner: dind: fluent-bit: fluentd: vector: telegraf:
     autoheal: alloy: agent:`,
  ],
  [
    "dev-tool",
    `adminer:8080 pgadmin4:80 phpmyadmin:80 mongo-express:8081 redis-commander:8081 redisinsight:5540 mailhog:1025,8025
     mailpit:1025,8025 maildev:1025,1080 mailcatcher:1025,1080 localstack:4566 wiremock:8080`,
  ],
  [
    "base",
    `busybox: alpine: debian: ubuntu: fedora: centos: rockylinux: almalinux: amazonlinux: oraclelinux: archlinux:
     python: node: ruby: php: golang: rust: openjdk: eclipse-temurin: amazoncorretto: maven: gradle: perl: elixir: erlang:
     haskell: swift: julia: r-base: bun: deno: sdk: aspnet: runtime: runtime-deps: buildpack-deps: gcc:`,
  ],
];

/** Names that say little by themselves, and the segment that has to stand before them. */
const NEEDS_OWNER: ReadonlyMap<string, string> = new Map([
  ["server", "mssql"],
  ["agent", "portainer"],
  ["sdk", "dotnet"],
  ["aspnet", "dotnet"],
  ["runtime", "dotnet"],
  ["runtime-deps", "dotnet"],
  ["vector", "timberio"],
  ["all-in-one", "jaegertracing"],
]);

let table: ReadonlyMap<string, ServiceFacts> | undefined;

/**
 * Kind and ports of a well-known program by the name of its image; absent for other names.
 *
 * @param repository familiar or normalised, without tag
 */
export function serviceOfName(repository: string): ServiceFacts | undefined {
  const segments = repository.toLowerCase().split("/");
  const name = segments.at(-1) ?? "";
  const owner = NEEDS_OWNER.get(name);
  if (owner !== undefined && segments.at(-2) !== owner) return undefined;
  if (name.endsWith("-runner") || name === "docker")
    return name === "docker" ? undefined : { kind: "agent", ports: [] };
  table ??= new Map(KINDS.flatMap(([kind, names]) => rowsOf(kind, names)));
  return table.get(name);
}

function rowsOf(kind: ServiceKind, names: string): readonly (readonly [string, ServiceFacts])[] {
  return words(names).map((row) => {
    const [name = "", ports = ""] = row.split(":");
    return [name, { kind, ports: ports === "" ? [] : ports.split(",").map(Number) }] as const;
  });
}
