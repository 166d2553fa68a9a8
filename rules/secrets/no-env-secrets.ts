import type { Service } from "../../src/compose/model.js";
import { SECRET_CONFIDENCES } from "../../src/data/secret-tokens.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import {
  argNamed,
  type NamedValue,
  namedValuesOfService,
  namedValuesOfStage,
  namedValuesOfVariant,
  soleVariable,
} from "../../src/project/secret-places.js";
import { quoted } from "../../src/text/quoted.js";
import { textOf } from "../../src/text/source.js";
import { secretName } from "../../src/values/secret-name.js";
import { isAllowedSecret, SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";
import { describeSecretValue, secretValue } from "../../src/values/secret-value.js";
import { judgeSecret } from "../../src/values/secret-verdict.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
  nameSet: option.choice({
    words: ["plimsoll", "buildkit", "hadolint", "trivy"],
    default: "plimsoll",
    description:
      "Whose idea of a secret name counts for ENV; that of another tool ignores the value, as the tool does.",
  }),
  flat: option.boolean({
    default: false,
    description: "Gives every finding the level of the rule, however sure it is.",
  }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "secrets/no-env-secrets",
  summary: "Environment variables and labels hold no secrets",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    env: {
      summary: "ENV of a Dockerfile",
      aliases: [
        "buildkit:SecretsUsedInArgOrEnv",
        "hadolint:DL3064",
        "trivy:DS-0031",
        "tally:ruby/secrets-in-arg-or-env",
        "dockle:CIS-DI-0010",
      ],
    },
    label: { summary: "a label or annotation" },
    service: {
      summary: "a variable or option of a Compose file",
      aliases: ["compose-lint:CL-0020", "compose-lint:CL-0021"],
    },
    default: { summary: "the default of a Compose variable" },
  },
  roles: "all",
  fixable: "sometimes",
  aliases: ["checkov:CKV_SECRET_10"],
  why: [
    "ENV and LABEL are part of the image: whoever can pull it reads them with `docker inspect`, and a later ENV does not " +
      "take an earlier layer back. What a Compose file holds is in every clone of the repository.",
    "Variables also reach every process of the container, its crash reports and its logs. A file that is mounted when it " +
      "is needed does not.",
  ],
  references: [
    "https://docs.docker.com/build/building/secrets/",
    "https://docs.docker.com/compose/how-tos/use-secrets/",
    "CIS 4.10",
    "CIS 7.4",
    "CWE-526",
    "CWE-798",
    "CWE-256",
    "CWE-259",
    "OWASP #12",
  ],
  securitySeverity: 7.5,
  options,
  presetOptions: {
    buildkit: { nameSet: "buildkit", flat: true },
    hadolint: { nameSet: "hadolint", flat: true },
  },
  yieldsTo: ["secrets/no-known-tokens"],
  check: {
    *stage(stage, ctx) {
      for (const named of namedValuesOfStage(stage)) yield* checkStageValue(named, stage, ctx);
    },
    *service(service, ctx) {
      for (const named of namedValuesOfService(service, ctx.project)) yield* checkServiceValue(named, service, ctx);
    },
    *variant(variant, ctx) {
      for (const named of namedValuesOfVariant(variant)) yield* checkServiceValue(named, undefined, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "a literal in ENV",
        kind: "env",
        message: "`API_KEY` is set to a literal of 9 characters",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "ENV «API_KEY»=secret123 PORT=8080"] },
      },
      {
        name: "a build argument is kept as ENV",
        kind: "env",
        message: "`NPM_TOKEN` keeps build argument `NPM_TOKEN`",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "ARG NPM_TOKEN", "ENV «NPM_TOKEN»=$NPM_TOKEN"] },
      },
      {
        name: "the default of a build argument is kept as ENV",
        kind: "env",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ARG DB_PASSWORD=hunter22", "ENV «DB_PASSWORD»=${DB_PASSWORD}"],
        },
      },
      {
        name: "a value of a known format stands below its own name",
        kind: "env",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            `ENV GH_TOKEN=«${["ghp", "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1UaKo5V"].join("_")}»`,
          ],
        },
      },
      {
        name: "every name on BuildKit's list, whatever its value",
        kind: "env",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.21", "ENV «AUTH_TOKEN»=/run/secrets/token"] },
      },
      {
        name: "a trigger sets it in every child",
        kind: "env",
        files: { Dockerfile: ["FROM alpine:3.21", "ONBUILD ENV «DB_PASSWORD»=kX93jf02lmQp"] },
      },
      {
        name: "a label",
        kind: "label",
        files: { Dockerfile: ["FROM alpine:3.21", "LABEL «com.acme.deploy-token»=kX93jf02lmQp"] },
      },
      {
        name: "a literal in Compose",
        kind: "service",
        message: "use `secrets:` with `POSTGRES_PASSWORD_FILE`",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment:",
            "      «POSTGRES_PASSWORD»: kX93jf02lmQp # of the team",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment:",
            '      POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?set POSTGRES_PASSWORD}" # of the team',
          ],
        },
      },
      {
        name: "a list, and a default",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    environment:",
            "      - «JWT_SECRET»=kX93jf02lmQp",
            "      - «DB_PASSWORD»=${DB_PASSWORD:-hunter22}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    environment:",
            '      - "JWT_SECRET=${JWT_SECRET:?set JWT_SECRET}"',
            '      - "DB_PASSWORD=${DB_PASSWORD:?set DB_PASSWORD}"',
          ],
        },
      },
      {
        name: "a default",
        kind: "default",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    environment: { «DB_PASSWORD»: '${DB_PASSWORD:-hunter22}' }",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            '    environment: { DB_PASSWORD: "${DB_PASSWORD:?set DB_PASSWORD}" }',
          ],
        },
      },
      {
        name: "a default of a variable with another name, which keeps it",
        kind: "default",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    environment: { «JWT_SECRET»: '${HUB_SECRET:-hunter22}' }",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            '    environment: { JWT_SECRET: "${HUB_SECRET:?set HUB_SECRET}" }',
          ],
        },
      },
      {
        name: "a fragment that several services share is reported where it is written",
        kind: "service",
        files: {
          "compose.yaml": [
            "x-env: &env",
            "  «DB_PASSWORD»: kX93jf02lmQp",
            "services:",
            "  api: {image: 'ghcr.io/acme/api:1.4.2', environment: *env}",
            "  worker: {image: 'ghcr.io/acme/api:1.4.2', environment: *env}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "x-env: &env",
            '  DB_PASSWORD: "${DB_PASSWORD:?set DB_PASSWORD}"',
            "services:",
            "  api: {image: 'ghcr.io/acme/api:1.4.2', environment: *env}",
            "  worker: {image: 'ghcr.io/acme/api:1.4.2', environment: *env}",
          ],
        },
      },
      {
        name: "an env file that git tracks",
        kind: "service",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
          "api.env": ["LOG_LEVEL=info", "«SMTP_PASSWORD»=kX93jf02lmQp"],
        },
      },
      {
        name: "options of a volume and of a log driver",
        kind: "service",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    logging:",
            "      driver: splunk",
            "      options: {«splunk-token»: kX93jf02lmQp}",
            "volumes:",
            "  share:",
            "    driver_opts: {type: cifs, o: 'username=ci,«password»=kX93jf02lmQp'}",
          ],
        },
      },
      {
        name: "the text of a config",
        kind: "service",
        message: "`db_password` is a literal of 12 characters; take it from a variable",
        files: {
          "compose.yaml": [
            "services: {}",
            "configs:",
            "  app:",
            "    content: |",
            "      log_level: info",
            "      «db_password»: kX93jf02lmQp",
            "      {",
            '        "«api_token»": "kX93jf02lmQp",',
            "      }",
            "      smtp_password = ${SMTP_PASSWORD}",
          ],
        },
      },
      {
        name: "a label of a service",
        kind: "label",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    labels: {«com.acme.api-token»: kX93jf02lmQp}",
          ],
        },
      },
    ],
    good: [
      {
        name: "names about secrets, and values that are none",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "ENV API_KEY_FILE=/run/secrets/api_key TOKEN_URL=https://id.acme.example/token MAX_TOKENS=4096 AUTH_ENABLED=true",
            "ENV GPG_KEY=7169605F62C751356D054A26A821E680E5FA6305 KEYCLOAK_URL=https://id.acme.example",
            "ENV AWS_ACCESS_KEY_ID=ci DATABASE_URL=sqlite:///app/data/x.db REDIS_URL=redis://redis:6379",
            "ENV DB_PASSWORD= SESSION_SECRET=changeme JWT_PRIVATE_KEY=/etc/keys/jwt TOKEN_TTL=3600",
          ],
        },
      },
      {
        name: "an argument that is no secret",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "ARG APP_VERSION", "ENV APP_VERSION=$APP_VERSION"] },
      },
      {
        name: "an argument with a path",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "ARG NPM_TOKEN=/run/secrets/npm", "ENV NPM_TOKEN=$NPM_TOKEN"],
        },
      },
      {
        name: "what a front end shows to everyone",
        files: {
          Dockerfile: ["FROM node:22.14.0", "ARG NEXT_PUBLIC_API_KEY", "ENV NEXT_PUBLIC_API_KEY=$NEXT_PUBLIC_API_KEY"],
        },
      },
      {
        name: "a hashed password, and a variable of the container",
        files: {
          "compose.yaml": [
            "services:",
            "  proxy:",
            "    image: traefik:v3.3",
            "    labels: ['traefik.http.middlewares.auth.basicauth.users=admin:$$apr1$$xyz$$abcdefghij']",
            "    environment: {RUNNER_TOKEN: $$RUNNER}",
          ],
        },
      },
      {
        name: "an unknown variable",
        files: { Dockerfile: ["FROM ghcr.io/acme/base:1", "ENV API_KEY=$BASE_API_KEY"] },
      },
      {
        name: "references, pass-through and files in Compose",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment:",
            "      POSTGRES_PASSWORD_FILE: /run/secrets/db",
            "      PGPASSWORD: ${PGPASSWORD:?}",
            "      API_TOKEN: ${API_TOKEN:-}",
            "      SMTP_PASSWORD:",
            "      TOKEN_TTL: 900",
            "      DB_PASSWORD: op://vault/db/password",
            "    labels: [com.acme.team=data]",
          ],
        },
      },
      {
        name: "a value of `.env` is none of the Compose file",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: {POSTGRES_PASSWORD: '${DB_PASSWORD}'}",
          ],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "an env file that git ignores is not read",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
          "api.env": ["SMTP_PASSWORD=kX93jf02lmQp"],
          ".gitignore": ["*.env"],
        },
      },
      {
        name: "an env file that is not there",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
        },
      },
      {
        name: "names and values that the policy allows",
        options: { allowNames: ["FIXTURE_*"], allowValues: ["local-*"] },
        files: { Dockerfile: ["FROM alpine:3.21", "ENV FIXTURE_TOKEN=kX93jf02lmQp DB_PASSWORD=local-only"] },
      },
      {
        name: "names that BuildKit leaves out",
        preset: "buildkit",
        files: { Dockerfile: ["FROM alpine:3.21", "ENV PUBLIC_KEY=kX93jf02lmQp", "LABEL token=kX93jf02lmQp"] },
      },
    ],
  },
});

function* checkStageValue(named: NamedValue, stage: StageView, ctx: Context): Iterable<Finding> {
  const kind = named.place === "label" ? "label" : "env";
  // What a build-only stage sets reaches caches and logs, not the image.
  const cap = stage.isShipped ? undefined : ({ atMost: "warning" } as const);
  if (ctx.options.nameSet !== "plimsoll") {
    const isNamed =
      secretName(named.name, { ...secretPolicy(ctx.options), nameSet: ctx.options.nameSet }).kind !== "none";
    if (kind === "env" && isNamed && !isAllowed(named, ctx)) {
      yield {
        kind,
        ...placeOf(named),
        message: `\`${named.name}\` is named like a secret and stays in the image; ${AT_RUN_TIME}`,
      };
    }
    return;
  }
  const promoted = promotedArg(named, stage, ctx);
  if (promoted !== undefined) {
    const related = [{ range: promoted.nameRange, message: "the argument is declared here" }];
    const message = `${quoted(named.name)} keeps build argument \`${promoted.name}\` in the image; mount a secret in the RUN`;
    yield { kind, ...placeOf(named), message, related, ...cap };
    return;
  }
  for (const finding of judged(named, ctx)) {
    const { what, ...rest } = finding;
    yield {
      kind,
      ...rest,
      ...cap,
      message: `${quoted(named.name)} is set to ${what} and stays in the image; ${AT_RUN_TIME}`,
    };
  }
}

const AT_RUN_TIME = "pass it at run time";

/** The build argument with a secret's name whose value, given by whoever builds, becomes part of the image. */
function promotedArg({ name, uses }: NamedValue, stage: StageView, { options: values }: Context) {
  const policy = secretPolicy(values);
  if (uses.length === 0 || (values.allowNames.length > 0 && secretName(name, policy).kind === "none")) return undefined;
  for (const use of uses) {
    const { kind, isSentToBrowsers } = secretName(use.name, policy);
    // What a front-end build hands to every browser is no secret, whatever it is called.
    if ((kind !== "strong" && kind !== "exact") || isSentToBrowsers) continue;
    const arg = argNamed(stage, use.name);
    if (arg === undefined) continue;
    const given = arg.value === undefined ? "none" : secretValue(arg.value).kind;
    if (given === "none" || given === "reference" || given === "placeholder") return arg;
  }
  return undefined;
}

function* checkServiceValue(named: NamedValue, service: Service | undefined, ctx: Context): Iterable<Finding> {
  const kind = named.place === "label" ? "label" : named.form === "default" ? "default" : "service";
  for (const { what, ...finding } of judged(named, ctx)) {
    const owner = service === undefined ? "" : ` of \`${service.name}\``;
    const isLiteral = what.startsWith("a literal ");
    const has =
      named.form !== "default"
        ? `is ${what}`
        : `has a default${isLiteral ? what.slice("a literal".length) : `: ${what}`}`;
    const message = `${quoted(named.name)}${owner} ${has}; ${remedyFor(named, service, ctx)}`;
    const fix = kind === "label" ? undefined : requireVariable(named);
    const isSure = kind !== "default" || ctx.options.flat;
    yield { kind, ...finding, ...(isSure ? {} : { confidence: lowered(finding.confidence) }), message, fix };
  }
}

function lowered(confidence: Finding["confidence"]): "medium" | "low" {
  return confidence === "low" ? "low" : "medium";
}

function remedyFor({ name, place }: NamedValue, service: Service | undefined, { project }: Context): string {
  if (service === undefined || place !== "environment") return "take it from a variable";
  const image = project.imageOf(service);
  const suffix = image.kind === "pulled" ? image.facts?.service?.fileSuffix : undefined;
  return suffix === undefined || suffix === "none"
    ? "use `secrets:`, or take it from a variable"
    : `use \`secrets:\` with \`${name}${suffix}\``;
}

type Judged = Pick<Finding, "range" | "masked" | "subject" | "confidence" | "atMost" | "related"> & {
  /** What the value is: `a literal of 9 characters`. */
  readonly what: string;
};

/** The verdict of name and value. */
function* judged(named: NamedValue, ctx: Context): Iterable<Judged> {
  const { name, value, form, uses } = named;
  if (value === undefined || value === "" || isAllowed(named, ctx)) return;
  const secret = judgeSecret(name, value, secretPolicy(ctx.options));
  if (secret === undefined) return;
  const { certainty, witness } = secret.verdict;
  const isSoft = witness === "literal" || secret.name.kind === "weak";
  const isPublic = secret.name.isSentToBrowsers && witness !== "token";
  const origin = uses.find((use) => use.origin !== undefined)?.origin;
  yield {
    ...placeOf(named),
    // A value of a known format is the business of the rule that knows it, which this one yields to.
    ...(witness === "token" && form !== "reference" && named.valueRange !== undefined
      ? { range: named.valueRange }
      : {}),
    what: describeSecretValue(secret.value),
    confidence: ctx.options.flat ? "high" : isPublic ? "low" : SECRET_CONFIDENCES[certainty],
    ...(isSoft && ctx.role.name !== "production" ? { atMost: "warning" } : {}),
    related: origin === undefined ? [] : [{ range: origin, message: "the value comes from here" }],
  };
}

function isAllowed({ nameRange, value }: NamedValue, { options: values }: Context): boolean {
  return isAllowedSecret(values, nameRange.source.path, value);
}

function placeOf({ name, nameRange, masked }: NamedValue): Pick<Finding, "range" | "masked" | "subject"> {
  return { range: nameRange, masked, subject: name };
}

/** Unsafe: whoever starts the project has to set the variable from then on. */
function requireVariable({ name, entry }: NamedValue): Fix | undefined {
  if (entry?.value === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return undefined;
  const variable = soleVariable(entry.value) ?? name;
  const reference = `\${${variable}:?set ${variable}}`;
  const range = entry.form === "list" ? entry.range : entry.value.range;
  // An anchor or a tag in front of the value would be lost or misplaced.
  if (/^[&!|>]/.test(textOf(range))) return undefined;
  const text = entry.form === "list" ? `"${name}=${reference}"` : `"${reference}"`;
  return { description: `require the variable \`${variable}\``, safety: "unsafe", edits: [{ range, text }] };
}
