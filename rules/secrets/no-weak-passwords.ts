import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import {
  type NamedValue,
  namedValuesOfService,
  namedValuesOfStage,
  soleVariable,
} from "../../src/project/secret-places.js";
import { ownersOf, type WeakPassword, weakPasswordsAmong } from "../../src/project/weak-passwords.js";
import { quoted } from "../../src/text/quoted.js";
import { isAllowedSecret, SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";
import { judgeSecret } from "../../src/values/secret-verdict.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "secrets/no-weak-passwords",
  summary: "No service runs with a public or empty password",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  roleCaps: { development: "info", test: "info" },
  fixable: "never",
  why: [
    "Default passwords are the first that attackers try, and the whole internet is scanned for open databases all the " +
      "time. A password that was meant to be changed later is the one that stays.",
  ],
  references: ["https://docs.docker.com/compose/how-tos/use-secrets/", "CWE-1391", "CWE-258"],
  securitySeverity: 7,
  options,
  yieldsTo: ["secrets/no-env-secrets"],
  check: {
    *stage(stage, ctx) {
      if (!stage.isShipped || isForPeople(ctx)) return;
      const values = namedValuesOfStage(stage).filter(({ place }) => place === "env");
      for (const weak of weakPasswordsAmong(values, [], secretPolicy(ctx.options))) {
        yield* describe(weak, ctx, "the image", "pass it at run time", ctx.role.name === "production");
      }
    },
    *service(service, ctx) {
      if (isForPeople(ctx) && !service.isPublic) return;
      const values = [...namedValuesOfService(service, ctx.project)].filter(isVariable);
      const isReachable = service.isPublic || (ctx.role.name === "production" && ctx.role.stated);
      for (const weak of weakPasswordsAmong(values, ownersOf(service), secretPolicy(ctx.options))) {
        const { entry, name } = weak.named;
        const variable = (entry?.value === undefined ? undefined : soleVariable(entry.value)) ?? name;
        const remedy = `require it: \`\${${variable}:?}\``;
        yield* describe(weak, ctx, `\`${service.name}\``, remedy, isReachable);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a default, of a variable with another name",
        message: "require it: `${DB_PASSWORD:?}`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['5432:5432']",
            "    environment: { «POSTGRES_PASSWORD»: '${DB_PASSWORD:-postgres}' }",
          ],
        },
      },
      {
        name: "nobody needs a password",
        message: "`POSTGRES_HOST_AUTH_METHOD=trust` lets everyone into `db`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['5432:5432']",
            "    environment: {POSTGRES_HOST_AUTH_METHOD: «trust»}",
          ],
        },
      },
      {
        name: "a placeholder",
        message: "`POSTGRES_PASSWORD` of `db` is a password that everyone knows; require it: `${POSTGRES_PASSWORD:?}`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['5432:5432']",
            "    environment: [POSTGRES_PASSWORD=«changeme»]",
          ],
        },
      },
      {
        name: "the default of a variable",
        files: {
          "compose.prod.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_PASSWORD: «'${DB_PASSWORD:-password}'»}",
          ],
        },
      },
      {
        name: "the name of the user, of the service and of the image",
        files: {
          "compose.yaml": [
            "services:",
            "  store:",
            "    image: mariadb:11.4",
            "    ports: ['3306:3306']",
            "    environment:",
            "      MARIADB_USER: shop",
            "      «MARIADB_PASSWORD»: shop",
            "      «MARIADB_ROOT_PASSWORD»: store",
            "      «REPLICATION_PASS»: mariadb",
          ],
        },
      },
      {
        name: "no port is published, so that only neighbours get in",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: bitnami/redis:7.4",
            "    environment: {ALLOW_EMPTY_PASSWORD: «yes»}",
          ],
        },
      },
      {
        name: "an env file that git tracks",
        files: {
          "compose.yaml": ["services:", "  db:", "    image: postgres:17.4", "    env_file: db.env"],
          "db.env": ["«POSTGRES_PASSWORD»=changeme"],
        },
      },
      {
        name: "in the image, also for a trust store",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "ENV ADMIN_PASSWORD=«changeme» MYSQL_ALLOW_EMPTY_PASSWORD=«yes»",
            "ENV TRUSTSTORE_PASSWORD=«changeit»",
          ],
        },
      },
      {
        name: "a published port in development",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['5432:5432']",
            "    environment: {POSTGRES_PASSWORD: «password»}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a secret file, a variable without default, and a password of one's own",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['5432:5432']",
            "    environment:",
            "      POSTGRES_PASSWORD_FILE: /run/secrets/db",
            "      PGPASSWORD: ${PGPASSWORD:?}",
            "      REPLICATION_PASSWORD: kX93jf02lmQp",
            "      POSTGRES_INITDB_ARGS: --auth-host=scram-sha-256",
            "      EMPTY_PASSWORD: ''",
          ],
        },
      },
      {
        name: "what another service gives out, and what browsers get",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    ports: ['80:80']",
            "    environment: {OPENAI_API_KEY: changeme, OIDC_CLIENT_SECRET: changeme, VITE_DEMO_PASSWORD: demo}",
          ],
        },
      },
      {
        name: "development and tests, where nothing is published beyond this machine",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    ports: ['127.0.0.1:5432:5432']",
            "    environment: {POSTGRES_PASSWORD: postgres}",
          ],
          "Dockerfile.test": ["FROM postgres:17.4", "ENV POSTGRES_PASSWORD=changeme"],
        },
      },
      {
        name: "a stage that does not ship",
        files: {
          Dockerfile: [
            "FROM postgres:17.4 AS seed",
            "ENV POSTGRES_PASSWORD=changeme",
            "RUN docker-entrypoint.sh postgres --version",
            "FROM postgres:17.4",
            "COPY --from=seed /var/lib/postgresql/dump.sql /docker-entrypoint-initdb.d/",
          ],
        },
      },
      {
        name: "names and values that the policy allows",
        options: { allowNames: ["FIXTURE_*"], allowValues: ["changeme"] },
        files: { Dockerfile: ["FROM alpine:3.21", "ENV FIXTURE_PASSWORD=password DB_PASSWORD=changeme"] },
      },
    ],
  },
});

function isForPeople({ role }: Context): boolean {
  return role.name === "development" || role.name === "test";
}

function isVariable({ place }: NamedValue): boolean {
  return place === "environment" || place === "env-file";
}

function* describe(
  { kind, named }: WeakPassword,
  ctx: Context,
  owner: string,
  remedy: string,
  isReachable: boolean,
): Iterable<Finding> {
  const { name, nameRange, value = "", valueRange, place } = named;
  if (isAllowedSecret(ctx.options, nameRange.source.path, value)) return;
  // Where the rule about secrets in variables speaks too, both mark the same text.
  const isOther = kind !== "switch" && judgeSecret(name, value, secretPolicy(ctx.options)) !== undefined;
  const range = isOther || place === "env-file" ? nameRange : (valueRange ?? nameRange);
  const isHarmless = !isReachable || value.toLowerCase() === "changeit";
  const message =
    kind === "switch"
      ? `\`${name}=${value}\` lets everyone into ${owner}; set a password`
      : `${quoted(name)} of ${owner} is ${kind === "public" ? "a password that everyone knows" : "a placeholder"}; ${remedy}`;
  yield {
    range,
    message,
    subject: name,
    masked: kind === "switch" ? [] : named.masked,
    ...(isHarmless ? { atMost: "info" } : {}),
  };
}
