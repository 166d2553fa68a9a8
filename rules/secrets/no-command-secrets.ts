import type { Service } from "../../src/compose/model.js";
import { SECRET_CONFIDENCES } from "../../src/data/secret-tokens.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { type CommandSecret, secretsOfCommand } from "../../src/project/command-secrets.js";
import type { StageView } from "../../src/project/model.js";
import { commandsOf, commandsOfTest } from "../../src/project/service-view.js";
import type { Invocation } from "../../src/shell/model.js";
import { isAllowedSecret, SECRET_OPTIONS, secretPolicy } from "../../src/values/secret-options.js";

const options = {
  extraNames: option.strings(SECRET_OPTIONS.extraNames),
  allowNames: option.strings(SECRET_OPTIONS.allowNames),
  allowValues: option.strings(SECRET_OPTIONS.allowValues),
  allow: option.strings(SECRET_OPTIONS.allow),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "secrets/no-command-secrets",
  summary: "Command lines carry no credentials",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["trivy:DS-0031"],
  why: [
    "The words of a RUN are stored in the history of the image, those of a running command are shown by `ps` and " +
      "`docker inspect`: a password among them is readable for everyone who can see the image or the host.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CWE-214", "CWE-798"],
  securitySeverity: 7.5,
  options,
  yieldsTo: ["secrets/no-known-tokens"],
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "user and password of a download",
        message: "`curl -u` carries a literal of 8 characters; read it from a mounted secret",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN curl -u «ci:s3cr3tpw» https://x.acme.example/a"] },
      },
      {
        name: "joined to the option, in a health check",
        files: {
          Dockerfile: ["FROM mysql:8.4", "HEALTHCHECK CMD mysqladmin ping «-ps3cr3tpw»"],
        },
      },
      {
        name: "headers",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            'RUN curl -H "Authorization: Bearer «kX93jf02lmQp»" https://x.acme.example/a',
            'RUN wget --header "X-Api-Token: «kX93jf02lmQp»" https://x.acme.example/a',
            'RUN curl --header="X-Api-Token: «kX93jf02lmQp»" «--proxy-user=ci:kX93jf02lmQp» https://x.acme.example/a',
          ],
        },
      },
      {
        name: "long options of any program",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN ./setup «--admin-password=kX93jf02lmQp» --token «kX93jf02lmQp»",
            'CMD ["java", «"-Ddb.password=kX93jf02lmQp"», "-jar", "app.jar"]',
          ],
        },
      },
      {
        name: "logins and key stores",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN docker login -u ci -p «kX93jf02lmQp» registry.acme.example",
            "RUN sshpass -p «kX93jf02lmQp» scp ci@x.acme.example:/a /a",
            "RUN keytool -import -storepass «kX93jf02lmQp» -file ca.crt",
            "RUN openssl rsa -passin «pass:kX93jf02lmQp» -in key.pem",
            "RUN htpasswd -bc /etc/htpasswd admin «kX93jf02lmQp» && htpasswd -nb admin «kX93jf02lmQp»",
            "RUN gh auth login --with-token <<< «kX93jf02lmQp»",
          ],
        },
      },
      {
        name: "settings that are stored",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN aws configure set aws_secret_access_key «kX93jf02lmQp»",
            "RUN npm config set npmAuthToken «kX93jf02lmQp» && npm set «//r.acme.example/:_password=kX93jf02lmQp»",
            "RUN composer config http-basic.r.acme.example ci «kX93jf02lmQp»",
            "RUN bundle config set --global r.acme.example «ci:kX93jf02lmQp»",
          ],
        },
      },
      {
        name: "a variable in front of a command, and an export",
        files: {
          Dockerfile: [
            "FROM postgres:17.4",
            "RUN «PGPASSWORD»=kX93jf02lmQp psql -h db -c 'select 1'",
            "RUN export «API_TOKEN»=kX93jf02lmQp && ./fetch.sh",
          ],
        },
      },
      {
        name: "commands of a service",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4",
            "    command: redis-server --requirepass «kX93jf02lmQp»",
            "    healthcheck:",
            "      test: [CMD, redis-cli, -a, «kX93jf02lmQp», ping]",
            "  broker:",
            "    image: rabbitmq:4.0",
            "    entrypoint: [sh, -c, 'rabbitmqctl add_user ci «kX93jf02lmQp»']",
            "  tokens:",
            "    image: redis:7.4",
            "    command: --requirepass ${REDIS_PASSWORD:-«kX93jf02lmQp»}",
          ],
        },
      },
    ],
    good: [
      {
        name: "read from a mounted secret",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=secret,id=netrc,target=/root/.netrc curl --netrc https://x.acme.example/a",
            'RUN --mount=type=secret,id=t curl -H "Authorization: Bearer $(cat /run/secrets/t)" https://x.acme.example/a',
            "RUN --mount=type=secret,id=t,env=TOKEN npm config set //r.acme.example/:_authToken=$TOKEN",
            'HEALTHCHECK CMD mysqladmin ping -p"$MYSQL_PASSWORD"',
          ],
        },
      },
      {
        name: "asked for, read from a file or from standard input",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN docker login --password-stdin registry.acme.example < /run/secrets/t",
            "RUN mysql -p < dump.sql && tool --password-file /run/secrets/t --token-ttl=900",
            "RUN docker build --secret id=npm . && adduser --disabled-password ci",
          ],
        },
      },
      {
        name: "an argument, which has a rule of its own",
        files: { Dockerfile: ["FROM alpine:3.21", "ARG TOKEN=kX93jf02lmQp", "RUN ./fetch --token $TOKEN"] },
      },
      {
        name: "a mounted secret is set up, whatever stands beside it",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN --mount=type=secret,id=t docker login -u ci -p kX93jf02lmQp registry.acme.example",
          ],
        },
      },
      {
        name: "placeholders, a user alone, and keys that a build step wants",
        files: {
          Dockerfile: [
            "FROM ruby:3.4",
            "RUN keytool -storepass changeit -list && curl -u ci https://x.acme.example/a",
            "RUN SECRET_KEY_BASE=precompile rails assets:precompile",
          ],
        },
      },
      {
        name: "another verb, operands that are none, and no operand",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN docker run -p 8080:8080 ghcr.io/acme/api:1 && npm config set cache /tmp/npm && vault login",
            "RUN htpasswd -b && bundle config set without development && ./setup --password",
          ],
        },
      },
      {
        name: "variables of Compose",
        files: {
          "compose.yaml": [
            "services:",
            "  cache:",
            "    image: redis:7.4",
            "    command: redis-server --requirepass ${REDIS_PASSWORD:?}",
            "    healthcheck:",
            "      test: redis-cli -a $$REDIS_PASSWORD ping",
            "  other:",
            "    image: redis:7.4",
            "    command: [redis-server, --requirepass, '${FROM_ENV_FILE}']",
            "    healthcheck: {disable: true}",
          ],
          ".env": ["FROM_ENV_FILE=kX93jf02lmQp"],
        },
      },
      {
        name: "a value that the policy allows",
        options: { allowValues: ["s3cr3tpw"] },
        files: { Dockerfile: ["FROM alpine:3.21", "RUN curl -u ci:s3cr3tpw https://x.acme.example/a"] },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  for (const { commands, instruction } of stage.runs) {
    const hasSecret = instruction.mounts.some(({ type }) => type === "secret");
    for (const secret of secretsOf(commands, ctx)) {
      // What a command stores of a mounted secret is for another rule to say.
      if (!hasSecret || !secret.isSetUp) yield describe(secret, "read it from a mounted secret");
    }
  }
  const { entrypoint, command, healthcheck } = stage;
  for (const view of [entrypoint, command, healthcheck.kind === "check" ? healthcheck.view : undefined]) {
    for (const secret of secretsOf(view?.commands ?? [], ctx)) yield describe(secret, "read it at run time");
  }
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const { command, entrypoint, healthcheck, hooks } = service;
  const test = healthcheck?.test;
  const checked = test === undefined ? undefined : commandsOfTest(test, ctx.project.imageOf(service));
  const commands = [command, entrypoint, ...hooks.map((hook) => hook.command)].flatMap((each) =>
    each === undefined ? [] : commandsOf(each),
  );
  for (const secret of secretsOf([...commands, ...(checked?.commands ?? [])], ctx)) {
    yield describe(secret, "use `secrets:`, or take it from a variable");
  }
}

function* secretsOf(commands: readonly Invocation[], { options }: Context): Iterable<CommandSecret> {
  const policy = secretPolicy(options);
  for (const invocation of commands) {
    for (const secret of secretsOfCommand(invocation, policy)) {
      if (!isAllowedSecret(options, secret.range.source.path, secret.value)) yield secret;
    }
  }
}

function describe({ holder, description, range, masked, certainty }: CommandSecret, remedy: string): Finding {
  return {
    range,
    message: `\`${holder}\` carries ${description}; ${remedy}`,
    masked: [masked],
    subject: holder,
    confidence: SECRET_CONFIDENCES[certainty],
  };
}
