import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";
import { type InteractiveUse, interactiveUses } from "../../src/project/interactive-commands.js";
import { writtenRuns } from "../../src/project/written-runs.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "shell/no-interactive-commands",
  summary: "No command waits for a person",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Nobody can answer during a build: a question reads the end of an empty input. Some programs then take a default that " +
      "nobody has chosen, some stop the build, and some ask again until the build runs out of time.",
  ],
  references: [
    "https://manpages.debian.org/stable/adduser/adduser.8.en.html",
    "https://man.openbsd.org/ssh-keygen.1",
    "https://docs.openssl.org/master/man1/openssl-req/",
  ],
  mentions: {
    dockerfile: [
      "adduser",
      "passwd",
      "dpkg-reconfigure",
      "ssh-keygen",
      "openssl",
      "gpg",
      "npm",
      "yarn",
      "docker",
      "mysql_secure",
      "tzselect",
      "cpan",
      "certbot",
      "read",
    ],
  },
  check: {
    *stage(stage) {
      if (stage.isWindows) return;
      for (const run of writtenRuns(stage)) for (const found of interactiveUses(run)) yield describe(found);
    },
  },
  examples: {
    bad: [
      {
        name: "Debian's `adduser`",
        message: '`adduser app` asks for a password; add `--disabled-password --gecos ""`',
        files: {
          Dockerfile: ["FROM debian:12", "RUN «adduser» app && «adduser» --gecos 'Worker' --uid 1001 worker"],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12",
            "RUN adduser --disabled-password --gecos \"\" app && adduser --disabled-password --gecos 'Worker' --uid 1001 worker",
          ],
        },
      },
      {
        name: "that of busybox",
        message: "add `-D`",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN «adduser» -u 1000 app"] },
        fixed: { Dockerfile: ["FROM alpine:3.21", "RUN adduser -D -u 1000 app"] },
      },
      {
        name: "passwords and keys",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN useradd app && «passwd» app",
            "RUN «ssh-keygen» -t ed25519 && «ssh-keygen» -t rsa -f /key",
            "RUN «openssl» req -x509 -newkey rsa:4096 -nodes -keyout key.pem -out cert.pem",
            "RUN «gpg» --full-generate-key",
          ],
        },
      },
      {
        name: "package managers and registries",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN «npm» init && «yarn» init",
            "RUN «npm» login && «docker» login -u ci ghcr.io",
            "RUN «cpan» JSON::XS",
          ],
        },
      },
      {
        name: "set-up in dialogues, and a line that nobody types",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN «dpkg-reconfigure» tzdata && «tzselect»",
            "RUN «mysql_secure_installation» && «certbot» --nginx",
            "RUN «read» -p 'Continue? ' answer && echo $answer",
            "ONBUILD RUN «passwd» app",
          ],
        },
      },
    ],
    good: [
      {
        name: "all answers given",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN useradd --create-home --uid 1000 app",
            "RUN adduser --disabled-password --gecos '' api && adduser --system web && adduser api docker",
            "RUN passwd -l api && passwd --delete web",
            "RUN ssh-keygen -t ed25519 -f /key -N '' && ssh-keygen -qf /key2 -N x && ssh-keygen -A && ssh-keygen -y -f /key",
            "RUN openssl req -x509 -newkey rsa:4096 -subj /CN=api -out c.pem && openssl req -in a.csr -noout && openssl rand 8",
            "RUN gpg --batch --gen-key params && gpg --import key.asc",
            "RUN certbot certonly -n --standalone && certbot --version",
          ],
        },
      },
      {
        name: "the same of busybox, where `-S` needs no `-D`",
        files: {
          Dockerfile: ["FROM alpine:3.21", "RUN adduser -D app && adduser -S -G app web && adduser app wheel"],
        },
      },
      {
        name: "an answer from a pipe, a file, a variable",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "RUN yes | ssh-keygen -t rsa && echo x | passwd --stdin app && passwd app < /answers",
            "RUN adduser app </dev/null",
            "RUN DEBIAN_FRONTEND=noninteractive dpkg-reconfigure tzdata && dpkg-reconfigure -f noninteractive locales",
            "ENV PERL_MM_USE_DEFAULT=1",
            "RUN cpan JSON::XS",
            "RUN docker login -u ci --password-stdin ghcr.io < /run/secrets/token",
            "ARG FLAGS",
            "RUN ssh-keygen $FLAGS",
          ],
        },
      },
      {
        name: "`read` out of a loop's file, and other words",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN while read -r line; do echo $line; done < /list",
            "RUN cat /list | { read first; echo $first; }",
            "RUN npm init -y && npm init vite@6 web && yarn init -y && npm ci && yarn install",
            "RUN apt-get install -y passwd certbot && echo adduser app",
          ],
        },
      },
      {
        name: "an `adduser` that nobody knows, or that is `useradd`",
        files: {
          Dockerfile: ["FROM registry.acme.dev/base:4", "RUN adduser app", "FROM almalinux:9", "RUN adduser app"],
        },
      },
      {
        name: "when the container starts",
        files: { Dockerfile: ["FROM debian:12", "CMD passwd app"] },
      },
    ],
  },
});

function describe({ invocation, text, asks, remedy, options }: InteractiveUse): Finding {
  const { nameRange, via } = invocation;
  const { source, end } = nameRange;
  // Safe: without an answer the account has no password, as with the option.
  const fix: Fix | undefined =
    options === undefined || via === "exec-form" || via === "nested"
      ? undefined
      : {
          description: `add \`${options}\``,
          safety: "safe",
          edits: [{ range: source.range(end, end), text: ` ${options}` }],
        };
  return { range: nameRange, message: `${quoted(text)} ${asks}; ${remedy}`, fix };
}
