import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { baseName } from "../../src/files/path.js";
import {
  type CopiedCredential,
  copiedCredentials,
  credentialsOfStages,
  namedCredentialFiles,
} from "../../src/project/copied-credentials.js";
import type { StageView } from "../../src/project/model.js";
import { quoted } from "../../src/text/quoted.js";
import { isAllowedSecret, SECRET_OPTIONS } from "../../src/values/secret-options.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "secrets/no-copied-credentials",
  summary: "No credential file is copied into an image",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    copy: { summary: "COPY or ADD names a credential file", aliases: ["trivy:DS-0031"] },
    file: { summary: "ENV leads to a credential file of the image", aliases: ["dockle:CIS-DI-0010"] },
    "stage-copy": { summary: "credentials are taken from another stage" },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A file that COPY brings is part of the image, even when a later step removes it: whoever can pull the image has the " +
      "key, the token or the password in it.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CIS 4.10", "CWE-538"],
  securitySeverity: 8,
  options,
  check: { stage: checkStage },
  examples: {
    bad: [
      {
        name: "an env file",
        kind: "copy",
        message: "`COPY .env` puts a secret into the image; mount it as a secret when it is needed",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY «.env» /app/"], ".env": ["DB_PASSWORD=kX93jf02lmQp"] },
      },
      {
        name: "files that are not here by chance, or may hold something else",
        kind: "copy",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "COPY package.json «.npmrc» /app/",
            "ADD «id_rsa» /root/.ssh/id_rsa",
            "COPY «config/master.key» config/",
          ],
        },
      },
      {
        name: "a registry token, which the file shows",
        kind: "copy",
        message: "`COPY .npmrc` puts a secret into the image; use `--mount=type=secret,id=npmrc,target=/root/.npmrc`",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «.npmrc» /app/"],
          ".npmrc": [`//npm.acme.example/:_authToken=${"kX93jf02"}lmQpA7`],
        },
      },
      {
        name: "a wildcard that matches one",
        kind: "copy",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY «config/*» /app/"],
          "config/app.json": ["{}"],
          "config/.env.production": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "a builder whose files go on",
        kind: "copy",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY «.env» /app/.env",
            "FROM node:22.14.0-slim",
            "COPY --from=build /app /app",
          ],
        },
      },
      {
        name: "a builder that keeps it, a bind mount, a fixture",
        kind: "copy",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY «.env» /app/.env",
            "COPY «tests/id_rsa» /tests/",
            "RUN --mount=type=bind,source=«.netrc»,target=/root/.netrc ./fetch.sh",
            "FROM node:22.14.0-slim",
            "COPY --from=build /out /app",
          ],
        },
      },
      {
        name: "a variable that names it",
        kind: "file",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "COPY gcp.json /etc/gcp.json",
            "ENV GOOGLE_APPLICATION_CREDENTIALS=«/etc/gcp.json»",
          ],
          "gcp.json": [`{"type": "service${"_account"}", "private_key": "…"}`],
        },
      },
      {
        name: "a folder of another stage",
        kind: "stage-copy",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS fetch",
            "RUN ./fetch.sh",
            "FROM alpine:3.21",
            "COPY --from=fetch «/root/.ssh» /root/.ssh",
          ],
        },
      },
    ],
    good: [
      {
        name: "Compose gives it to the container",
        files: {
          "compose.yaml": ["services:", "  api: {build: ., env_file: .env}"],
          Dockerfile: ["FROM node:22.14.0-slim", "COPY server.js /app/"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
        },
      },
      {
        name: "examples, public keys, and files without secrets",
        files: {
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "COPY .env.example .npmrc ca.pem id_rsa.pub .env.production /app/",
            "COPY config/* /app/",
          ],
          ".npmrc": ["save-exact=true"],
          "ca.pem": [`-----BEGIN ${"CERTIFICATE"}-----`],
          ".env.production": ["VITE_API_URL=https://api.acme.example"],
          "config/app.json": ["{}"],
        },
      },
      {
        name: "kept back by the ignore file or by the COPY",
        files: {
          Dockerfile: ["FROM node:22.14.0-slim", "COPY .env* /app/", "COPY --exclude=.netrc .n* /app/"],
          ".dockerignore": [".env"],
          ".env": ["DB_PASSWORD=kX93jf02lmQp"],
          ".netrc": ["machine x"],
        },
      },
      {
        name: "a folder, which context/ignore-secrets judges",
        files: { Dockerfile: ["FROM node:22.14.0-slim", "COPY . /app"], ".env": ["DB_PASSWORD=kX93jf02lmQp"] },
      },
      {
        name: "a variable that names a file which is mounted, and one without secrets",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "COPY aws.ini /etc/aws.ini",
            "ENV GOOGLE_APPLICATION_CREDENTIALS=/run/secrets/gcp AWS_CONFIG_FILE=/etc/aws.ini",
          ],
          "aws.ini": ["region = eu-west-1"],
        },
      },
      {
        name: "other paths of a stage, and what everyone may know",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS fetch",
            "FROM alpine:3.21",
            "COPY --from=fetch /root/.ssh/known_hosts /root/.ssh/known_hosts",
            "COPY --from=fetch /root/.local/bin /usr/local/bin",
          ],
        },
      },
      {
        name: "files that the policy allows",
        options: { allow: ["certs/*"] },
        files: { Dockerfile: ["FROM alpine:3.21", "COPY certs/dev.p12 /etc/dev.p12"] },
      },
      {
        name: "a context that nobody knows, and a source that needs an unknown value",
        files: {
          "docker/Dockerfile": ["FROM alpine:3.21", "ARG NAME", "COPY ${NAME}/.env .env* gone /app/"],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, { options, project }: Context): Iterable<Finding> {
  for (const found of copiedCredentials(stage, project)) {
    if (isAllowedSecret(options, found.path)) continue;
    const source = found.file === undefined ? undefined : project.read(found.file);
    const isSeen = found.content === "secret" || found.content === "private-key";
    yield {
      kind: "copy",
      range: found.range,
      message: `\`${found.via === "mount" ? "mount of" : found.via} ${found.path}\` ${effectOf(found)}`,
      related: source === undefined || !isSeen ? [] : [{ range: source.range(0, 0), message: "this file holds it" }],
      confidence: confidenceOf(found),
      subject: found.path,
    };
  }
  for (const { path, range } of credentialsOfStages(stage)) {
    const message = `\`${path}\` of another stage comes into this one; mount what it holds as a secret instead`;
    yield { kind: "stage-copy", range, message, ...(stage.isShipped ? {} : { confidence: "medium" }) };
  }
  for (const { variable, path, range, broughtBy } of namedCredentialFiles(stage, project)) {
    if (isAllowedSecret(options, path)) continue;
    yield {
      kind: "file",
      range,
      message: `${quoted(variable)} leads to a credential file in the image; mount \`${path}\` at run time`,
      related: [{ range: broughtBy, message: "this brings the file" }],
      ...(stage.isShipped ? {} : { confidence: "medium" }),
    };
  }
}

function effectOf({ via, path, content }: CopiedCredential): string {
  const what = content === "private-key" ? "a private key" : content === "secret" ? "a secret" : "a credential file";
  const name = baseName(path);
  const target = HOME_FILES.has(name) ? `,target=/root/${name}` : "";
  const mount = `\`--mount=type=secret,id=${name.replace(/^\./, "")}${target}\``;
  if (via === "mount") return `shows ${what} to the whole step; use ${mount}`;
  return target === ""
    ? `puts ${what} into the image; mount it as a secret when it is needed`
    : `puts ${what} into the image; use ${mount}`;
}

/** Files that programs read in the home folder. */
const HOME_FILES: ReadonlySet<string> = new Set([".npmrc", ".netrc", ".pypirc", ".yarnrc.yml", ".git-credentials"]);

function confidenceOf({ via, isFixture, isCertainName, content, ships }: CopiedCredential): "high" | "medium" | "low" {
  if (via === "mount" || isFixture) return "low";
  const isSure = content === "secret" || content === "private-key" || isCertainName;
  return isSure && ships ? "high" : "medium";
}
