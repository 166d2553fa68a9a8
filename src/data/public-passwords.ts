import { words } from "../text/words.js";

/**
 * Passwords that everyone knows: defaults that images and products document, and the head of every list of passwords
 * that attackers try first. In lower case.
 *
 * Sources: Docker Official Images documentation, the vendors' manuals, the SecLists collection of common credentials;
 * 2026-11.
 */
export const PUBLIC_PASSWORDS: ReadonlySet<string> = new Set(
  words(`
admin administrator root postgres postgresql mysql mariadb mongo mongodb redis guest rabbitmq minioadmin minio elastic
neo4j sa changeme changeit change_me password password1 password123 passw0rd p@ssw0rd p@ssword pass secret test testing
toor user default demo example letmein welcome welcome1 qwerty abc123 123 1234 12345 123456 1234567 12345678 123456789
1234567890 111111 000000 admin123 root123 secret123 test123 test1234 user123 grafana sonar nexus admin@123 admin1234
wordpress drupal joomla keycloak couchdb cassandra influxdb clickhouse docker vagrant ubuntu oracle db dev local
yourstrong(!)password yourstrong!passw0rd
`),
);

/** A variable that makes a service accept everyone. */
export interface NoPasswordSwitch {
  /** The variable, in upper case. */
  readonly name: string;
  /** The values, in lower case, that switch the password off. */
  readonly values: readonly string[];
}

const YES = ["1", "true", "yes", "on", "y"] as const;

/** Switches that mean "no password". Sources: documentation of the images that read them; 2026-11. */
export const NO_PASSWORD_SWITCHES: readonly NoPasswordSwitch[] = [
  { name: "MYSQL_ALLOW_EMPTY_PASSWORD", values: YES },
  { name: "MARIADB_ALLOW_EMPTY_PASSWORD", values: YES },
  { name: "MARIADB_ALLOW_EMPTY_ROOT_PASSWORD", values: YES },
  { name: "ALLOW_EMPTY_PASSWORD", values: YES },
  { name: "POSTGRES_HOST_AUTH_METHOD", values: ["trust"] },
  { name: "ALLOW_ANONYMOUS_LOGIN", values: YES },
  { name: "NEO4J_AUTH", values: ["none"] },
  { name: "XPACK.SECURITY.ENABLED", values: ["false"] },
  { name: "GF_AUTH_ANONYMOUS_ENABLED", values: ["true", "1"] },
];
