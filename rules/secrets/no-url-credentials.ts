import { SECRET_CONFIDENCES } from "../../src/data/secret-tokens.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { dotEnvOf, envFilesOf, startScriptsOf } from "../../src/project/searched-texts.js";
import { urlCredentialsOf } from "../../src/project/url-credentials.js";
import { overlaps, type Range, type Source } from "../../src/text/source.js";
import { isAllowedSecret, SECRET_OPTIONS } from "../../src/values/secret-options.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "secrets/no-url-credentials",
  summary: "URLs carry no user name and password",
  levels: { recommended: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["checkov:CKV_SECRET_4"],
  why: [
    "A password in a URL is written to wherever the URL goes: the image history, logs of proxies and package managers, " +
      "`.git/config`, error messages.",
  ],
  references: ["https://www.rfc-editor.org/rfc/rfc3986#section-7.5", "CWE-522"],
  securitySeverity: 7.5,
  options,
  yieldsTo: ["secrets/no-known-tokens"],
  check: {
    *dockerfile({ source, dockerfile }, ctx) {
      // Inside a Compose file the text of the host is what is read.
      if (source.embedding !== undefined) return;
      const comments = dockerfile.comments.map(({ range }) => range);
      yield* checkSource(source, ctx, "read it from a mounted secret", comments);
    },
    *composeFile({ source, yaml }, ctx) {
      yield* checkSource(source, ctx, "take it from a variable or from `secrets:`", yaml.comments);
    },
    *build(build, ctx) {
      for (const source of startScriptsOf(build, ctx.project)) yield* checkSource(source, ctx, "read it at run time");
    },
    *service(service, ctx) {
      for (const source of envFilesOf(service, ctx.project)) yield* checkSource(source, ctx, OUT_OF_GIT);
    },
    *variant(variant, ctx) {
      const source = dotEnvOf(variant, ctx.project);
      if (source !== undefined) yield* checkSource(source, ctx, OUT_OF_GIT);
    },
  },
  examples: {
    bad: [
      {
        name: "a package index",
        message: "this URL holds a password of 13 characters; read it from a mounted secret",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN pip install --index-url https://«ci:hunter2hunter»@pypi.corp.acme.dev/simple requests==2.32.3",
          ],
        },
      },
      {
        name: "a token in the place of the user",
        message: "a token of 32 characters",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN git clone https://«q7Rk2vXzL9mPw4TdYb8Ns3HcFj6Ge1Ua»@git.corp.acme.dev/api.git",
          ],
        },
      },
      {
        name: "variables, defaults and extensions of Compose",
        files: {
          "compose.yaml": [
            "x-broker: amqp://«shop:kX93jf02»@mq:5672",
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.2",
            "    environment:",
            "      DATABASE_URL: postgres://«shop:kX93jf02lmQp»@db/shop",
            "      CACHE_URL: ${CACHE_URL:-redis://«:kX93jf02lmQp»@cache:6379}",
          ],
        },
      },
      {
        name: "a script that the image starts, and env files that git does not ignore",
        files: {
          Dockerfile: ["FROM alpine:3.21", "COPY start.sh /start.sh", 'ENTRYPOINT ["/start.sh"]'],
          "start.sh": ["#!/bin/sh", "wget https://«ci:kX93jf02lmQp»@files.corp.acme.dev/rules", "exec crond -f"],
          "compose.yaml": ["services: {api: {build: ., env_file: api.env}}"],
          "api.env": ["SEARCH=http://«elastic:kX93jf02lmQp»@search:9200"],
          ".env": ["MAIL=smtp://«post:kX93jf02lmQp»@mail:25"],
        },
      },
      {
        name: "a comment may show how it is done",
        files: { Dockerfile: ["# postgres://«shop:kX93jf02lmQp»@db/shop", "FROM alpine:3.21"] },
      },
      {
        name: "a password that everyone knows, in production",
        files: {
          "compose.prod.yaml": [
            "services: {api: {image: 'ghcr.io/acme/api:1.4.2', environment: {DB: 'postgres://«postgres:postgres»@db/a'}}}",
          ],
        },
      },
    ],
    good: [
      {
        name: "a secret mount",
        files: {
          Dockerfile: [
            "FROM python:3.13-slim",
            "RUN --mount=type=secret,id=pip,target=/etc/pip.conf pip install requests==2.32.3",
          ],
        },
      },
      {
        name: "variables and placeholders in the place of the password",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN git clone https://$TOKEN:x-oauth-basic@github.com/acme/api.git",
            "RUN git clone https://ci:$(cat /run/secrets/t)@github.com/acme/api.git",
            "RUN psql postgres://user:password@db/app -c 'select 1'",
          ],
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    environment: ['DB_URL=postgres://app:${DB_PASSWORD:?}@db/app']",
            "    command: psql postgres://app:$$PGPASSWORD@db/app",
          ],
        },
      },
      {
        name: "no password, no host, ports, and hosts of documentation",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN git clone ssh://git@github.com/acme/api.git && curl http://proxy:80@gateway/",
            "ENV DB=sqlite:///data/a:b@c CONTACT=mailto:ops@acme.dev",
            "RUN curl https://ci:kX93jf02lmQp@example.com/x",
          ],
        },
      },
      {
        name: "a password that everyone knows, in development",
        files: {
          "compose.dev.yaml": [
            "services: {api: {image: 'ghcr.io/acme/api:1.4.2', environment: {DB: 'postgres://postgres:postgres@db/a'}}}",
          ],
        },
      },
      {
        name: "values and files that the policy allows",
        options: { allowValues: ["local-*"], allow: ["*.env"] },
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
          "api.env": ["SEARCH=http://elastic:kX93jf02lmQp@search:9200"],
          Dockerfile: ["FROM alpine:3.21", "ENV DB=postgres://shop:local-only@db/shop"],
        },
      },
      {
        name: "an env file that git ignores",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: ghcr.io/acme/api:1.4.2", "    env_file: api.env"],
          "api.env": ["SEARCH=http://elastic:kX93jf02lmQp@search:9200"],
          ".gitignore": ["*.env"],
        },
      },
    ],
  },
});

const OUT_OF_GIT = "keep the file out of git";

function* checkSource(
  source: Source,
  ctx: Context,
  remedy: string,
  comments: readonly Range[] = [],
): Iterable<Finding> {
  const isForPeople = ctx.role.name === "development" || ctx.role.name === "test";
  for (const { range, certainty, description, value, isPublic } of urlCredentialsOf(source)) {
    if (isPublic && isForPeople) continue;
    if (isAllowedSecret(ctx.options, source.path, value)) continue;
    // A literal in a comment is more often an example than not.
    const isExample = certainty === "likely" && comments.some((comment) => overlaps(comment, range));
    yield {
      range,
      message: `this URL holds ${description}; ${remedy}`,
      masked: [range],
      confidence: isExample ? "low" : SECRET_CONFIDENCES[certainty],
    };
  }
}
