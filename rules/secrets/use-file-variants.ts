import type { Service } from "../../src/compose/model.js";
import { isOwnVariable } from "../../src/data/file-variables.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import { secretName } from "../../src/values/secret-name.js";
import { secretValue } from "../../src/values/secret-value.js";

const options = {
  names: option.strings({
    default: [],
    description: "Variables for which a file is asked for; empty: all that are named like a secret.",
  }),
};

export default defineRule({
  id: "secrets/use-file-variants",
  summary: "Images that read secrets from files get files",
  levels: { checklist: ["info", "off"], strict: ["warning", "off"] },
  roles: "all",
  fixable: "never",
  why: [
    "A variable reaches every process of the container, `docker inspect`, crash reports and logs. Images that can read " +
      "`NAME_FILE` take the same value from a mounted secret, which none of them shows.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/use-secrets/",
    "https://hub.docker.com/_/postgres#docker-secrets",
    "OWASP #12",
  ],
  securitySeverity: 4,
  mentions: { compose: ["environment"] },
  options,
  yieldsTo: ["secrets/no-env-secrets"],
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a variable from the environment",
        message: "`postgres` reads `POSTGRES_PASSWORD_FILE`; the environment is visible to `docker inspect`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            '    environment: {«POSTGRES_PASSWORD»: "${DB_PASSWORD:?}"}',
          ],
        },
      },
      {
        name: "passed through, in a list, and with two underscores",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: mysql:8.4",
            "    environment:",
            "      - «MYSQL_ROOT_PASSWORD»",
            "  dashboard:",
            "    image: grafana/grafana:11.5.2",
            "    environment: {«GF_SECURITY_ADMIN_PASSWORD»: '${ADMIN}'}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a secret file",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_PASSWORD_FILE: /run/secrets/db, POSTGRES_DB: '${DB}'}",
            "    secrets: [db]",
            "secrets: {db: {file: ./db.txt}}",
          ],
        },
      },
      {
        name: "a literal, which another rule judges",
        files: {
          "compose.yaml": ["services: {db: {image: 'postgres:17.4', environment: {POSTGRES_PASSWORD: kX93jf02lmQp}}}"],
        },
      },
      {
        name: "images that read no such file, or of which that is not known",
        files: {
          "compose.yaml": [
            "services:",
            "  cache: {image: 'redis:7.4', environment: {REDIS_PASSWORD: '${P}'}}",
            "  api: {image: 'ghcr.io/acme/api:1.4.2', environment: {API_TOKEN: '${T}'}}",
            "  own: {build: ., environment: {API_TOKEN: '${T}'}}",
          ],
        },
      },
      {
        name: "another variable, where the policy names those that count",
        options: { names: ["MYSQL_ROOT_PASSWORD"] },
        files: {
          "compose.yaml": ["services: {db: {image: 'postgres:17.4', environment: {POSTGRES_PASSWORD: '${P}'}}}"],
        },
      },
      {
        name: "the client of another image",
        files: {
          "compose.yaml": ["services: {db: {image: 'postgres:17.4', environment: {PGPASSWORD: '${P}'}}}"],
        },
      },
    ],
  },
});

function* checkService(
  service: Service,
  { options: { names }, project }: RuleContext<typeof options>,
): Iterable<Finding> {
  const { entries } = service.environment;
  if (entries.length === 0) return;
  const image = project.imageOf(service);
  const suffix = image.kind === "pulled" ? image.facts?.service?.fileSuffix : undefined;
  if (image.kind !== "pulled" || suffix === undefined || suffix === "none") return;
  const called = baseName(image.reference.name);
  for (const { key, keyRange, value } of entries) {
    if (names.length > 0 && !names.includes(key)) continue;
    const { kind } = secretName(key);
    if ((kind !== "strong" && kind !== "exact") || !isOwnVariable(key, called)) continue;
    // A value is there, and the file does not hold it.
    const { uses = [], text = "" } = value?.node ?? {};
    if (value !== undefined && (uses.length === 0 || secretValue(text).kind === "literal")) continue;
    yield {
      range: keyRange,
      subject: key,
      message: `\`${called}\` reads \`${key}${suffix}\`; the environment is visible to \`docker inspect\``,
    };
  }
}
