import type { Service, Variant } from "../../src/compose/model.js";
import { SECRET_CONFIDENCES } from "../../src/data/secret-tokens.js";
import {
  type BadExample,
  defineRule,
  type Finding,
  type Kind,
  option,
  type RuleContext,
} from "../../src/engine/rule.js";
import type { Build, DockerfileView, StageView } from "../../src/project/model.js";
import { dotEnvOf, envFilesOf, startScriptsOf } from "../../src/project/searched-texts.js";
import {
  argsOfStage,
  type NamedValue,
  namedValuesOfService,
  namedValuesOfStage,
} from "../../src/project/secret-places.js";
import { tokensOf } from "../../src/project/secret-tokens.js";
import type { Range, Source } from "../../src/text/source.js";
import { secretName } from "../../src/values/secret-name.js";
import { isAllowedSecret, SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";
import { DEFAULT_ENTROPY, describeSecretValue, secretValue } from "../../src/values/secret-value.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
  anyName: option.boolean({
    default: false,
    description: "Reports values that look random under any name, as kind `entropy`.",
  }),
  entropyHex: option.number({
    default: DEFAULT_ENTROPY.hex,
    description: "Bits per character from which hexadecimal digits look random.",
  }),
  entropyBase36: option.number({
    default: DEFAULT_ENTROPY.base36,
    description: "Bits per character from which letters of one case and digits look random.",
  }),
  entropyBase64: option.number({
    default: DEFAULT_ENTROPY.base64,
    description: "Bits per character from which letters of both cases look random.",
  }),
  disabledFormats: option.strings({ default: [], description: "Formats that are not looked for: `jwt`." }),
};

type Context = RuleContext<typeof options>;

/** The rows of the format table; a kind each, so that a policy can set them apart. */
const FORMATS =
  "1password-token age-key anthropic-key aws-bedrock-key aws-secret-key azure-client-secret " +
  "cloudflare-origin-key crates-token databricks-token digitalocean-token discord-webhook docker-auth docker-pat " +
  "doppler-token dynatrace-token easypost-key fly-token gcp-service-account github-token gitlab-token google-api-key " +
  "google-oauth grafana-token heroku-key huggingface-token linear-key mailgun-key netlify-token " +
  "new-relic-key notion-token npmrc-auth octopus-key openai-key planetscale-token postman-key prefect-key " +
  "pulumi-token pypi-token readme-key rubygems-token sendgrid-key sentry-token shippo-token shopify-token slack-webhook " +
  "snyk-token sonar-token supabase-token teams-webhook telegram-token terraform-token typeform-token vault-token " +
  "vercel-token";

/** Formats for which Checkov has a check of its own. */
const CHECKOV = {
  "jfrog-token": "CKV_SECRET_1",
  "aws-access-key-id": "CKV_SECRET_2",
  "azure-storage-key": "CKV_SECRET_3",
  jwt: "CKV_SECRET_9",
  "mailchimp-key": "CKV_SECRET_11",
  "npm-token": "CKV_SECRET_12",
  "private-key": "CKV_SECRET_13",
  "slack-token": "CKV_SECRET_14",
  "square-token": "CKV_SECRET_16",
  "stripe-key": "CKV_SECRET_17",
  "twilio-key": "CKV_SECRET_18",
} as const;

export default defineRule({
  id: "secrets/no-known-tokens",
  summary: "No file holds a value of a known secret format",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: kinds(),
  roles: "all",
  fixable: "never",
  aliases: [
    "tally:secrets-in-code",
    "kics:passwords-and-secrets",
    "kics:a88baa34-e2ad-44ea-ad6f-8cac87bc7c71",
    "kics:secrets-stored-in-dockerfile",
    "kics:c3e1b6ae-d92c-44b3-8ed5-1f5442bab6a4",
    "checkov:CKV_SECRET_5",
    "checkov:CKV_SECRET_7",
    "checkov:CKV_SECRET_8",
    "checkov:CKV_SECRET_15",
  ],
  why: [
    "Tokens of known formats are found by machines within minutes of a push, and work until somebody revokes them: git " +
      "and registries keep what a later commit removes.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CIS 4.10", "CWE-798"],
  securitySeverity: 9.1,
  options,
  check: {
    dockerfile: checkDockerfile,
    build: checkScripts,
    composeFile: checkComposeFile,
    stage: checkStage,
    service: checkService,
    variant: checkVariant,
  },
  examples: {
    bad: [
      {
        name: "in ENV",
        kind: "gitlab-token",
        message: "a GitLab token (`glpat-…`, 26 characters) is written here; revoke it, then pass it at run time",
        files: { Dockerfile: ["FROM alpine:3.21", `ENV PUSH=«glpat-${some(20)}»`] },
      },
      {
        name: "in a comment and in a heredoc",
        kind: "vault-token",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            `# old: «hvs.${some(95)}»`,
            "COPY <<EOF /etc/app.conf",
            `token = «hvb.${some(95)}»`,
            "EOF",
          ],
        },
      },
      {
        name: "a word that goes on in the next line",
        kind: "gitlab-token",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN git clone \\",
            `  https://ci:«glpat-${some(20).slice(0, 9)}\\`,
            `${some(20).slice(9)}»@gitlab.acme.dev/api.git \\`,
            "  /api",
          ],
        },
      },
      {
        name: "a private key, of which the first line is marked",
        kind: "private-key",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "COPY <<EOF /root/.ssh/id_rsa",
            `«-----BEGIN ${"RSA"} PRIVATE KEY-----»`,
            some(64),
            `-----END ${"RSA"} PRIVATE KEY-----`,
            "EOF",
          ],
        },
      },
      {
        name: "a secret key by the name that it has",
        kind: "aws-secret-key",
        files: { Dockerfile: ["FROM alpine:3.21", `ENV AWS_SECRET_ACCESS_KEY=«${some(40)}»`] },
      },
      {
        name: "anywhere in Compose",
        kind: "openai-key",
        message: "then use `secrets:`",
        files: {
          "compose.yaml": [
            `x-note: &note «sk-proj-${some(48)}»`,
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            `    command: ["--key", "«sk-proj-${some(52)}»"]`,
            `    # before: «sk-proj-${some(44)}»`,
          ],
        },
      },
      {
        name: "in an env file that git tracks, and in the one beside the project",
        kind: "sendgrid-key",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
          "api.env": [`MAIL=«SG.${some(22)}.${some(43)}»`],
          ".env": [`MAIL=«SG.${some(22)}.${some(44).slice(1)}»`],
        },
      },
      {
        name: "in the script that the image starts",
        kind: "docker-pat",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY start.sh /start.sh", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", `export PULL=«dckr_pat_${some(27)}»`, "exec crond -f"],
        },
      },
      {
        name: "a random value, where the policy asks for any name",
        kind: "entropy",
        options: { anyName: true },
        files: { Dockerfile: ["FROM alpine:3.21", `ENV BLOB=«${some(40)}»`] },
      },
      {
        name: "a random variable of a service",
        kind: "entropy",
        options: { anyName: true },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            `    environment: {BLOB: «${some(40)}»}`,
          ],
        },
      },
      ...formatExamples(),
    ],
    good: [
      {
        name: "a secret mount",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN --mount=type=secret,id=gh,env=GH_TOKEN gh release download v1.2.3"],
        },
      },
      {
        name: "samples, public keys and digests",
        files: {
          Dockerfile: [
            `FROM alpine:3.21@sha256:${some(64, "9f86d081e4c7b25a3")}`,
            `ENV A=AKIA${"IOSFODNN7"}EXAMPLE B=pk_live_${some(24)} C=ghp_${"x".repeat(36)}`,
            "RUN npm config set //npm.acme.example/:_authToken=${NPM_TOKEN}",
          ],
        },
      },
      {
        name: "random values under other names",
        files: { Dockerfile: ["FROM alpine:3.21", `ENV BLOB=${some(40)}`] },
      },
      {
        name: "files, values and formats that the policy allows",
        options: { allow: ["*/fixture.yaml"], allowValues: ["glpat-*"], disabledFormats: ["stripe-key"] },
        files: {
          Dockerfile: ["FROM alpine:3.21", `ENV A=glpat-${some(20)} B=sk_live_${some(24)}`],
          "tests/fixture.yaml": ["services: {api: {image: 'alpine:3.21'}}", `# hvs.${some(95)}`],
        },
      },
      {
        name: "an env file that git ignores",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    env_file: [api.env, gone.env]",
          ],
          "api.env": [`MAIL=SG.${some(22)}.${some(43)}`],
          ".env": [`MAIL=SG.${some(22)}.${some(43)}`],
          ".gitignore": ["*.env"],
        },
      },
      {
        name: "a start script without one",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY start.sh /start.sh", 'ENTRYPOINT ["/start.sh"]', 'CMD ["crond"]'],
          "start.sh": ["#!/bin/sh", 'exec "$@"'],
        },
      },
    ],
  },
});

function kinds(): Readonly<Record<string, Kind>> {
  const all: [string, Kind][] = FORMATS.split(" ").map((id) => [id, { summary: summaryOf(id) }]);
  for (const [id, check] of Object.entries(CHECKOV))
    all.push([id, { summary: summaryOf(id), aliases: [`checkov:${check}`] }]);
  all.sort(([a], [b]) => (a < b ? -1 : 1));
  const aliases = ["checkov:CKV_SECRET_6", "checkov:CKV_SECRET_19", "checkov:CKV_SECRET_80"];
  return { ...Object.fromEntries(all), entropy: { summary: "a value that looks random (option `anyName`)", aliases } };
}

function summaryOf(id: string): string {
  return `format \`${id}\``;
}

/** Inside a Compose file the text of the host is what is read. */
function* checkDockerfile({ source, dockerfile }: DockerfileView, ctx: Context): Iterable<Finding> {
  if (source.embedding !== undefined) return;
  const { instructions } = dockerfile;
  // Tokens come in the order of the file, so that the instructions are walked once.
  let index = 0;
  yield* checkSource(source, ctx, ({ start }) => {
    while ((instructions[index]?.range.end ?? Infinity) <= start) index += 1;
    const holder = instructions[index];
    if (holder === undefined || start < holder.range.start) return "take it out";
    if (holder.keyword === "RUN") return "pass it as `--mount=type=secret`";
    return holder.keyword === "ENV" ? "pass it at run time" : "take it out";
  });
}

function* checkComposeFile({ source }: { readonly source: Source }, ctx: Context): Iterable<Finding> {
  yield* checkSource(source, ctx, () => "use `secrets:`");
}

/** Scripts that the image starts. */
function* checkScripts(build: Build, ctx: Context): Iterable<Finding> {
  for (const source of startScriptsOf(build, ctx.project)) {
    yield* checkSource(source, ctx, () => "mount it at run time");
  }
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  for (const source of envFilesOf(service, ctx.project)) yield* checkEnvFile(source, ctx);
  for (const named of namedValuesOfService(service, ctx.project)) yield* checkNamed(named, ctx);
}

function* checkVariant(variant: Variant, ctx: Context): Iterable<Finding> {
  const source = dotEnvOf(variant, ctx.project);
  if (source !== undefined) yield* checkEnvFile(source, ctx);
}

function checkEnvFile(source: Source, ctx: Context): Iterable<Finding> {
  return checkSource(source, ctx, () => "keep the file out of git");
}

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  for (const named of namedValuesOfStage(stage)) yield* checkNamed(named, ctx);
  for (const arg of argsOfStage(stage)) yield* checkNamed(arg, ctx);
}

/** Values that their name or their look gives away, not their format. */
function* checkNamed(
  {
    name,
    value,
    valueRange,
    form,
    nameRange,
  }: Pick<NamedValue, "name" | "value" | "valueRange" | "form" | "nameRange">,
  ctx: Context,
): Iterable<Finding> {
  if (value === undefined || value.length < 20 || valueRange === undefined || form === "reference") return;
  const { anyName, entropyHex: hex, entropyBase36: base36, entropyBase64: base64, disabledFormats } = ctx.options;
  const isAws = /aws/i.test(name) && /secret/i.test(name);
  if ((!anyName && !isAws) || isAllowedSecret(ctx.options, nameRange.source.path, value)) return;
  const judged = secretValue(value, { name, entropy: { hex, base36, base64 } });
  const place = { range: valueRange, masked: [valueRange], subject: name };
  const remedy = "revoke it, then pass it at run time";
  if (judged.kind === "token" && judged.token.id === "aws-secret-key" && !disabledFormats.includes("aws-secret-key")) {
    yield { kind: "aws-secret-key", ...place, message: `${judged.token.description} is written here; ${remedy}` };
  } else if (anyName && judged.kind === "random" && secretName(name, secretPolicy(ctx.options)).kind === "none") {
    const message = `\`${name}\` holds ${describeSecretValue(judged)}; if it is a secret, pass it at run time`;
    yield { kind: "entropy", ...place, message, confidence: "low" };
  }
}

function* checkSource(source: Source, ctx: Context, remedyAt: (range: Range) => string): Iterable<Finding> {
  for (const { id, range, masked, certainty, description } of tokensOf(source)) {
    if (ctx.options.disabledFormats.includes(id)) continue;
    if (isAllowedSecret(ctx.options, source.path, source.text.slice(range.start, range.end))) continue;
    yield {
      kind: id,
      range,
      message: `${description} is written here; revoke it, then ${remedyAt(range)}`,
      masked: [masked],
      confidence: SECRET_CONFIDENCES[certainty],
    };
  }
}

/** One example of each format. Tokens are put together here, so that no file of the repository holds one. */
function formatExamples(): readonly BadExample[] {
  const hex = (length: number) => some(length, "9f86d081e4c7b25a3");
  const upper = (length: number) => some(length, "Q7RK2VXZL3MPW4TDYB6NS5HCFJGEUA");
  const samples: Readonly<Record<string, string>> = {
    "1password-token": `A3-${upper(6)}-${upper(11)}-${upper(5)}-${upper(5)}-${upper(5)}`,
    "age-key": `AGE-SECRET-KEY-1${some(58, "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L")}`,
    "anthropic-key": `sk-ant-api03-${some(93)}`,
    "aws-access-key-id": `AKIA${upper(16)}`,
    "aws-bedrock-key": `ABSK${some(110)}`,
    "azure-client-secret": `abc8Q~${some(34)}`,
    "azure-storage-key": `AccountKey=${some(86)}==`,
    "cloudflare-origin-key": `v1.0-${hex(24)}-${hex(146)}`,
    "crates-token": `cio${some(32)}`,
    "databricks-token": `dapi${hex(32)}`,
    "digitalocean-token": `dop_v1_${hex(64)}`,
    "discord-webhook": `discord.com/api/webhooks/${some(18, "9081726354")}/${some(68)}`,
    "docker-auth": `"auth": "${btoa("ci:kX93jf02lmQp")}"`,
    "doppler-token": `dp.st.${some(42)}`,
    "dynatrace-token": `dt0c01.${upper(24)}.${upper(64)}`,
    "easypost-key": `EZAK${some(54)}`,
    "fly-token": `fo1_${some(43)}`,
    "github-token": `github_pat_${some(22)}_${some(59)}`,
    "google-api-key": `AIza${some(35)}`,
    "google-oauth": `GOCSPX-${some(28)}`,
    "grafana-token": `glsa_${some(40)}`,
    "heroku-key": `HRKU-AA${some(58)}`,
    "huggingface-token": `hf_${some(34)}`,
    "jfrog-token": `AKCp${some(69)}`,
    jwt: [btoa('{"alg":"HS256","typ":"JWT"}'), btoa('{"sub":"1","name":"api"}'), some(32)]
      .join(".")
      .replaceAll("=", ""),
    "linear-key": `lin_api_${some(40)}`,
    "mailchimp-key": `${hex(32)}-us12`,
    "mailgun-key": `key-${hex(32)}`,
    "netlify-token": `nfp_${some(36)}`,
    "new-relic-key": `NRAK-${upper(27)}`,
    "notion-token": `ntn_${some(11, "9081726354")}${some(35)}`,
    "npm-token": `npm_${some(36)}`,
    "octopus-key": `API-${upper(26)}`,
    "planetscale-token": `pscale_tkn_${some(43)}`,
    "postman-key": `PMAK-${hex(24)}-${hex(34)}`,
    "prefect-key": `pnu_${some(36)}`,
    "pulumi-token": `pul-${hex(40)}`,
    "pypi-token": `pypi-AgEIcHlwaS5vcmc${some(60)}`,
    "readme-key": `rdme_${hex(70)}`,
    "rubygems-token": `rubygems_${hex(48)}`,
    "sentry-token": `sntrys_${some(64)}`,
    "shippo-token": `shippo_live_${hex(40)}`,
    "shopify-token": `shpat_${hex(32)}`,
    "slack-token": `xoxb-${some(40)}`,
    "slack-webhook": `hooks.slack.com/services/${some(44)}`,
    "snyk-token": `snyk_uat.${hex(8)}.${some(40)}`,
    "sonar-token": `squ_${hex(40)}`,
    "square-token": `sq0atp-${some(22)}`,
    "stripe-key": `sk_live_${some(24)}`,
    "supabase-token": `sbp_${hex(40)}`,
    "teams-webhook": `acme.webhook.office.com/webhookb2/${hex(60)}`,
    "telegram-token": `987012345:A${some(34)}`,
    "terraform-token": `${some(14)}.atlasv1.${some(64)}`,
    "twilio-key": `SK${hex(32)}`,
    "typeform-token": `tfp_${some(59)}`,
    "vercel-token": `vcp_${some(24)}`,
  };
  const plain = Object.entries(samples).map(
    ([id, token]): BadExample => ({
      name: `format ${id}`,
      kind: id,
      files: { Dockerfile: ["FROM alpine:3.21", `# «${token}»`] },
    }),
  );
  return [
    ...plain,
    {
      name: "format gcp-service-account",
      kind: "gcp-service-account",
      files: { Dockerfile: ["FROM alpine:3.21", `# {«"type": "service${"_account"}"», "private_key": "…"}`] },
    },
    {
      name: "format npmrc-auth",
      kind: "npmrc-auth",
      files: {
        Dockerfile: ["FROM node:22.14.0", `RUN npm config set //npm.acme.example/:_authToken=«${some(24)}»`],
      },
    },
  ];
}

/** Letters that look random. */
function some(length: number, alphabet = "q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1UaKo5ViQt0"): string {
  return Array.from({ length }, (_, index) => {
    return alphabet[(index * 7 + Math.floor(index / alphabet.length) * 3) % alphabet.length];
  }).join("");
}
