import { beforeAll, describe, expect, test } from "vitest";
import { FORMATS } from "../../src/report/formats.js";
import { type CliRun, type Files, runCli } from "../support/run-cli.js";

// Put together here, so that no scanner takes this file for a leak.
const TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
const PASSWORD = ["hunter22", "xA"].join("");
const PHRASE = ["correct horse", "7"].join(" ");
const RANDOM = ["q7Rk2vXzL9mPw4TdYb8", "Ns3HcFj6Ge1UaKo5V"].join("");
// A token that is broken at the end of a line must not be shown in pieces either.
const BROKEN = ["glpat-q7Rk2vXzL9", "mPw4TdYb8Ns3Hc"] as const;
const SECRETS = [TOKEN, PASSWORD, PHRASE, RANDOM, ...BROKEN];

const FILES: Files = {
  Dockerfile: [
    `ARG REGISTRY_PASSWORD=${PASSWORD}`,
    "FROM node",
    `ENV DB_PASSWORD=${PASSWORD} PORT=80`,
    `ENV API_TOKEN ${PHRASE}`,
    `LABEL api.token=${TOKEN} a=b`,
    "LABEL a=c",
    `RUN curl -u ada:${PASSWORD} https://ada:${PASSWORD}@host/x | sh && login --password ${PASSWORD}`,
    "RUN <<EOF",
    `echo ${TOKEN} | sh`,
    "EOF",
    `USER app ${TOKEN}`,
    `${TOKEN} is no instruction`,
    `HEALTHCHECK CMD curl -H "Authorization: Bearer ${PASSWORD}" http://localhost`,
    `CMD ["serve", "--password=${PASSWORD}"]`,
    'ENV DB_PASSWORD=""',
    `RUN SECRET_KEY=${RANDOM} python manage.py collectstatic && unset DB_PASSWORD`,
    `RUN fetch ${BROKEN[0]}\\`,
    `${BROKEN[1]} \\`,
    "  --all",
    `RUN --mount=type=secret,id=t,env=T npm config set //r/:_authToken=$T && echo $T ${PASSWORD}`,
    `COPY web.env id_rsa /keys/`,
    `RUN rm /keys/id_rsa && openssl req -x509 -newkey rsa:2048 -keyout /k.pem -passout pass:${PASSWORD}`,
  ],
  "compose.yaml": [
    "services:",
    "  web:",
    "    build:",
    "      context: .",
    "      args:",
    `        NPM_TOKEN: ${PASSWORD}`,
    "    environment:",
    `      DB_PASSWORD: ${PHRASE}`,
    `      URL: postgres://ada:${PASSWORD}@db/app`,
    `      ESCAPED_PASSWORD: "\\x68${PASSWORD.slice(1)}"`,
    `    command: [serve, --token, ${PASSWORD}]`,
    "    env_file: web.env",
    "  db:",
    "    image: postgres",
    "    environment:",
    `      - POSTGRES_PASSWORD=${PHRASE}`,
    `      - TOKEN=\${TOKEN:-${PASSWORD}}`,
    `      - ${TOKEN}`,
    "    build:",
    "      dockerfile_inline: |",
    "        FROM node",
    `        ENV PASSWORD=${PASSWORD}`,
  ],
  "compose.prod.yaml": [
    "services:",
    "  db:",
    "    image: postgres:17.4",
    `    ports: ["5432:5432"]`,
    "    environment:",
    "      ADMIN_PASSWORD: changeme",
    `      POSTGRES_USER: ${PASSWORD}`,
    `      POSTGRES_PASSWORD: ${PASSWORD}`,
    "configs:",
    "  app:",
    "    content: |",
    `      api_password = ${PASSWORD}`,
    `      url: amqp://mq:${RANDOM}@mq`,
    "secrets:",
    "  db: {file: db.env}",
  ],
  "db.env": [`DB_PASSWORD=${RANDOM}`],
  ".env": [`ROOT_PASSWORD=${PASSWORD}`, `MAIL=smtp://post:${RANDOM}@mail`],
  ".git/HEAD": ["ref: refs/heads/main"],
  id_rsa: [`-----BEGIN ${"OPENSSH"} PRIVATE KEY-----`, RANDOM],
  "web.env": [`FILE_PASSWORD=${PASSWORD}`],
  ".dockerignore": [`# ${TOKEN}`],
};

function leaks({ stdout, stderr }: CliRun): readonly string[] {
  return `${stdout}\n${stderr}`.split("\n").filter((line) => SECRETS.some((secret) => line.includes(secret)));
}

const STRICT = ["--preset", "all", "--min-confidence", "low", "."];
const WITHOUT_RULES = ["--skip", "secrets/*", ...STRICT];

describe.each([
  ["a report of every rule", STRICT],
  ["a report without the rules about secrets", WITHOUT_RULES],
])("%s shows no secret", (_, args) => {
  test.each(FORMATS)("as %s", async (format) => {
    const run = await runCli(["-f", format, ...args], FILES);

    expect(leaks(run)).toEqual([]);
    expect(run.exitCode).toBe(1);
  });

  test("with what a run says of itself", async () => {
    const run = await runCli(["--verbose", "--timing", ...args], FILES);

    expect(leaks(run)).toEqual([]);
  });

  test("while it fixes", async () => {
    const run = await runCli(["--fix", "--unsafe-fixes", ...args], FILES);

    expect(leaks(run)).toEqual([]);
  });

  test("as a diff", async () => {
    const run = await runCli(["--diff", "--unsafe-fixes", ...args], FILES);

    expect(leaks(run)).toEqual([]);
    expect(run.stdout).toContain("@@");
  });
});

test("nearly every rule about secrets has something to say here", async () => {
  const run = await runCli(["-f", "json", ...STRICT], FILES);
  const report: { files: { findings: { rule: string }[] }[] } = JSON.parse(run.stdout);
  const spoken = new Set(report.files.flatMap(({ findings }) => findings.map(({ rule }) => rule)));

  expect([...spoken].filter((rule) => rule.startsWith("secrets/")).sort()).toEqual([
    "secrets/match-build-secrets",
    "secrets/no-build-arg-secrets",
    "secrets/no-command-secrets",
    "secrets/no-copied-credentials",
    "secrets/no-env-secrets",
    "secrets/no-generated-keys",
    "secrets/no-known-tokens",
    "secrets/no-late-removal",
    "secrets/no-mount-leaks",
    "secrets/no-tracked-secret-files",
    "secrets/no-url-credentials",
    "secrets/no-weak-passwords",
    "secrets/protect-mounts",
  ]);
});

describe("the models that inspect shows", () => {
  let text: CliRun;
  let json: CliRun;
  beforeAll(async () => {
    text = await runCli(["inspect", "Dockerfile", "compose.yaml"], FILES);
    json = await runCli(["inspect", "--format", "json", "Dockerfile", "compose.yaml"], FILES);
  });

  test("hold no secret", () => {
    expect([...leaks(text), ...leaks(json)]).toEqual([]);
  });

  test("keep the names of masked values, and all other values", () => {
    const [dockerfile, compose] = JSON.parse(json.stdout).files;
    expect(dockerfile.instructions[2].arguments).toEqual(["DB_PASSWORD=********", "PORT=80"]);
    const { environment } = compose.variants[0].model.entries.services.entries.web.entries;
    expect(environment.entries.DB_PASSWORD).toMatchObject({ value: "********", line: 8 });
    expect(compose.variants[0].model.entries.services.entries.db.entries.image).toMatchObject({ value: "postgres" });
  });
});

test("the effective policy shows no build argument that is a secret", async () => {
  const files = { "plimsoll.yaml": ["buildArgs:", `  NPM_TOKEN: ${PASSWORD}`, "  VERSION: 1.2.3"] };
  const run = await runCli(["config", "Dockerfile", "--build-arg", `API_TOKEN=${PASSWORD}`], files);

  expect(leaks(run)).toEqual([]);
  expect(run.stdout).toContain("1.2.3");
});

test.each([
  ["a rule", ["--only", TOKEN]],
  ["a page", ["explain", TOKEN]],
  ["a format", ["-f", TOKEN]],
])("an error about %s repeats no token", async (_, args) => {
  const run = await runCli(args, {});

  expect(leaks(run)).toEqual([]);
  expect(run.exitCode).toBe(2);
});
