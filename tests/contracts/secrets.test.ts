import { beforeAll, describe, expect, test } from "vitest";
import { type CliRun, type Files, runCli } from "../support/run-cli.js";

// Put together here, so that no scanner takes this file for a leak.
const TOKEN = ["ghp", "16C7e42F292c6912E7710c838347Ae178B4a"].join("_");
const PASSWORD = ["hunter22", "xA"].join("");
const PHRASE = ["correct horse", "7"].join(" ");
const SECRETS = [TOKEN, PASSWORD, PHRASE];

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
  test.each(["text", "compact", "json", "sarif", "markdown", "html"])("as %s", async (format) => {
    const run = await runCli(["-f", format, ...args], FILES);

    expect(leaks(run)).toEqual([]);
    expect(run.exitCode).toBe(1);
  });

  test("as a diff", async () => {
    const run = await runCli(["--diff", "--unsafe-fixes", ...args], FILES);

    expect(leaks(run)).toEqual([]);
    expect(run.stdout).toContain("@@");
  });
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
