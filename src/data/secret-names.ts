import { words } from "../text/words.js";

// Words that tell whether a variable, an argument or a label holds a secret.
// Sources: the documented variables of the vendors named, Docker Official Images documentation, and the name lists that
// BuildKit (SecretsUsedInArgOrEnv) and hadolint (DL3064) document for their own checks. 2026-11.

/** Words that make a name a secret wherever they stand, in lower case. */
export const STRONG_WORDS: ReadonlySet<string> = new Set([
  "password",
  "passwd",
  "passphrase",
  "pword",
  "psw",
  "secret",
  "secrets",
  "token",
  "apikey",
  "credential",
  "credentials",
  "cred",
  "creds",
  "privatekey",
  "secretkey",
  "accesskey",
  "authkey",
]);

/** Words that make a secret only as a sequence, each written with single blanks. */
export const STRONG_SEQUENCES: readonly (readonly string[])[] = [
  ["api", "key"],
  ["private", "key"],
  ["secret", "key"],
  ["access", "key"],
  ["auth", "key"],
  ["signing", "key"],
  ["encryption", "key"],
  ["master", "key"],
  ["license", "key"],
  ["deploy", "key"],
  ["service", "account", "key"],
  ["client", "secret"],
  ["connection", "string"],
  ["storage", "key"],
  ["shared", "key"],
];

/** Words that make a name a secret when they stand last: `DB_PASS`, `GITHUB_PAT`. */
export const STRONG_LAST_WORDS: ReadonlySet<string> = new Set(["pass", "pwd", "pat"]);

/** Words that may name a secret: the value has to witness too. */
export const WEAK_WORDS: ReadonlySet<string> = new Set([
  "key",
  "auth",
  "jwt",
  "bearer",
  "dsn",
  "salt",
  "pepper",
  "sas",
  "webhook",
  "otp",
  "hash",
  "cookie",
  "session",
  "cert",
  "usr",
]);

/** Prefixes of variables that front-end builds send to every browser; in upper case, longest first where they overlap. */
export const BROWSER_PREFIXES = ["NEXT_PUBLIC_", "NUXT_PUBLIC_", "REACT_APP_", "VITE_", "GATSBY_", "PUBLIC_"] as const;

/** Last words that say the variable is *about* a secret, not the secret: `TOKEN_URL`, `PASSWORD_FILE`. */
export const ALLOWED_LAST_WORDS: ReadonlySet<string> = new Set(
  (
    "file files path dir directory folder url uri endpoint host hostname port name names id ids type kind length len " +
    "size bytes ttl expiry expires expiration timeout lifetime age interval version versions algorithm alg header " +
    "prefix suffix format policy rotation enabled disabled required optional min max limit count quota budget location " +
    "region owner issuer audience env provider backend driver method mode scheme scope scopes store storage field " +
    "column regex pattern ref arn fingerprint keyserver server servers ring algo digest checksum sha256 sha512 " +
    "project namespace realm domain bucket table schema class username"
  ).split(" "),
);

/** Words that make a value public wherever they stand. */
export const ALLOWED_WORDS: ReadonlySet<string> = new Set([
  "public",
  "publishable",
  "pub",
  "anon",
  "site",
  "example",
  "dummy",
  "gpg",
  "keyboard",
]);

/** Whole names that are never secrets, in upper case. */
export const ALLOWED_NAMES: ReadonlySet<string> = new Set([
  "PWD",
  "OLDPWD",
  "SSH_AUTH_SOCK",
  "TOKENIZERS_PARALLELISM",
  "MAX_TOKENS",
  "SECRET_KEY_BASE_DUMMY",
  "ALLOW_EMPTY_PASSWORD",
  "HISTCONTROL",
]);

/** Ends of names that are never secrets, in upper case. */
export const ALLOWED_ENDINGS = ["_MAX_TOKENS"] as const;

/** Words beside which `token`, `password` or `secret` is a quantity or a rule about it: `TOKEN_EXPIRE_MILLIS`. */
export const QUANTITY_WORDS: ReadonlySet<string> = new Set([
  "ttl",
  "timeout",
  "expir",
  "expire",
  "expires",
  "expiry",
  "expiration",
  "lifetime",
  "limit",
  "length",
  "minutes",
]);

/** Whole names that vendors document for secrets, in upper case. */
export const SECRET_NAMES: ReadonlySet<string> = new Set(
  words(`
AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AZURE_CLIENT_SECRET GITHUB_TOKEN GH_TOKEN GH_ENTERPRISE_TOKEN GITLAB_TOKEN
CI_JOB_TOKEN CI_DEPLOY_PASSWORD NPM_TOKEN NODE_AUTH_TOKEN YARN_NPM_AUTH_TOKEN TWINE_PASSWORD PYPI_TOKEN HF_TOKEN
OPENAI_API_KEY ANTHROPIC_API_KEY GOOGLE_API_KEY LANGSMITH_API_KEY LANGCHAIN_API_KEY DIGITALOCEAN_ACCESS_TOKEN
DOCKERHUB_PASSWORD DOCKER_AUTH_CONFIG FIREBASE_TOKEN HEROKU_API_KEY SLACK_TOKEN STRIPE_API_KEY TWILIO_AUTH_TOKEN
SENDGRID_API_KEY VAULT_TOKEN SENTRY_AUTH_TOKEN DD_API_KEY NEW_RELIC_LICENSE_KEY CIRCLE_TOKEN SNYK_TOKEN SONAR_TOKEN
CODECOV_TOKEN PULUMI_ACCESS_TOKEN CLOUDFLARE_API_TOKEN FLY_API_TOKEN VERCEL_TOKEN PGPASSWORD SA_PASSWORD
MSSQL_SA_PASSWORD RABBITMQ_DEFAULT_PASS SECRET_KEY_BASE RAILS_MASTER_KEY SECRET_TOKEN DEVISE_SECRET_KEY DEVISE_PEPPER
RAILS_KEY DJANGO_SECRET_KEY APP_KEY APP_SECRET JWT_SECRET COMPOSER_AUTH GEM_HOST_API_KEY COSIGN_PASSWORD
SSH_PRIVATE_KEY HUGGING_FACE_HUB_TOKEN GEMINI_API_KEY MISTRAL_API_KEY COHERE_API_KEY REPLICATE_API_TOKEN
DATADOG_API_KEY HONEYCOMB_API_KEY MYSQL_PWD REDISCLI_AUTH CARGO_REGISTRY_TOKEN NUGET_API_KEY DISCORD_TOKEN
TELEGRAM_BOT_TOKEN
`),
);

/** Names that vendors document for secrets with a part of the user's own: what they start and end with, in upper case. */
export const SECRET_NAME_SHAPES: readonly { readonly start: string; readonly end: string }[] = [
  { start: "POETRY_HTTP_BASIC_", end: "_PASSWORD" },
  { start: "UV_INDEX_", end: "_PASSWORD" },
  { start: "TF_TOKEN_", end: "" },
  { start: "", end: "_ROOT_PASSWORD" },
];

/** Prefixes of Bundler settings that look like the credentials of a host (`BUNDLE_GEMS__EXAMPLE__COM`) and are not. */
export const BUNDLE_SETTINGS = ["BUNDLE_LOCAL__", "BUNDLE_BUILD__"] as const;

/** Words of BuildKit's own check; a name holds one when it stands between `_` or the ends. */
export const BUILDKIT_WORDS: ReadonlySet<string> = new Set([
  "apikey",
  "auth",
  "credential",
  "credentials",
  "key",
  "password",
  "pword",
  "passwd",
  "secret",
  "token",
]);

/** Words that make BuildKit's check silent. */
export const BUILDKIT_ALLOWED_WORDS: ReadonlySet<string> = new Set(["public", "file", "version"]);

/** Parts of names, in lower case, that hadolint's check looks for anywhere. */
export const HADOLINT_PARTS = ["api_key", "client_key", "password", "private", "secret", "token", "username"] as const;

/** Words, bounded by `_` or the ends, that Trivy's check of ENV and ARG (DS-0031) looks for beside the vendors' names. */
export const TRIVY_WORDS: ReadonlySet<string> = new Set([
  "password",
  "passwd",
  "secret",
  "token",
  "apikey",
  "credential",
  "credentials",
]);
