/**
 * What the names of an image's own variables begin with, by the last part of its repository: only those are read from
 * files, while clients in the same image read others (`PGPASSWORD`). Sources: documentation of the images; 2026-11.
 */
const OWN_VARIABLES: Readonly<Record<string, string>> = {
  postgres: "POSTGRES_",
  postgis: "POSTGRES_",
  pgvector: "POSTGRES_",
  timescaledb: "POSTGRES_",
  postgresql: "POSTGRES",
  mysql: "MYSQL_",
  mariadb: "MARIADB_ MYSQL_",
  mongo: "MONGO_INITDB_",
  mongodb: "MONGODB_",
  grafana: "GF_",
  "grafana-oss": "GF_",
  "grafana-enterprise": "GF_",
  elasticsearch: "ELASTIC",
};

/** Whether a variable belongs to the program of an image, whose entrypoint reads it. @param image last part of the name */
export function isOwnVariable(variable: string, image: string): boolean {
  const listed = Object.hasOwn(OWN_VARIABLES, image) ? OWN_VARIABLES[image] : undefined;
  const prefixes = listed ?? `${image.toUpperCase().replace(/[^A-Z0-9]/g, "_")}_`;
  return prefixes.split(" ").some((prefix) => variable.startsWith(prefix));
}
