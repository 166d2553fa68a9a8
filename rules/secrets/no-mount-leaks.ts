import { defineRule } from "../../src/engine/rule.js";
import { mountLeaks } from "../../src/project/mount-leaks.js";

export default defineRule({
  id: "secrets/no-mount-leaks",
  summary: "A mounted secret does not end up in the layer",
  levels: { recommended: "warning", strict: "error" },
  kinds: {
    persisted: { summary: "a command writes the secret to a file of the image" },
    log: { summary: "a command prints the secret", levels: { recommended: "info", strict: "info" } },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A mount keeps a secret out of the image only until some command copies it. Commands that log in or set credentials " +
      "write them to a file of the home folder, which is then part of the layer.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CWE-538"],
  securitySeverity: 6.5,
  mentions: { dockerfile: ["secret"] },
  check: {
    *stage(stage) {
      for (const run of stage.runs) {
        for (const { kind, range, verb, id, file } of mountLeaks(run)) {
          const where = file === undefined ? "a file" : `\`${file}\``;
          const message =
            kind === "log"
              ? `\`${verb}\` prints the mounted secret \`${id}\` to the build log; take it out`
              : `\`${verb}\` writes the mounted secret \`${id}\` to ${where}; mount that file, or remove it in this RUN`;
          yield { kind, range, message, ...(stage.isShipped ? {} : { atMost: "info" }) };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a command that stores credentials",
        kind: "persisted",
        message: "`npm config set` writes the mounted secret `t` to `~/.npmrc`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t «npm config set» //r.acme.dev/:_authToken=$(cat /run/secrets/t) && npm ci",
          ],
        },
      },
      {
        name: "through a variable, and from standard input",
        kind: "persisted",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t TOKEN=$(cat /run/secrets/t) && «git clone» https://$TOKEN@git.acme.dev/api.git",
            "RUN --mount=type=secret,id=t cat /run/secrets/t | «docker login» --password-stdin ghcr.io",
            "RUN --mount=type=secret,id=t «gh auth login» --with-token < /run/secrets/t",
          ],
        },
      },
      {
        name: "a copy, and files that are written",
        kind: "persisted",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "WORKDIR /app",
            "RUN --mount=type=secret,id=npmrc «cp» /run/secrets/npmrc /root/.npmrc && npm ci",
            'RUN --mount=type=secret,id=t,env=TOKEN echo "token=$TOKEN" «> app.conf» && make',
            "RUN --mount=type=secret,id=t,env=TOKEN envsubst < app.tpl «>> /etc/app.conf»",
            "RUN --mount=type=secret,id=t cat /run/secrets/t | base64 -d | «tee» /etc/key.pem",
            'RUN --mount=type=secret,id=t,env=TOKEN «sed» -i "s/@T@/$TOKEN/" app.conf',
          ],
        },
      },
      {
        name: "a heredoc that the shell fills in",
        kind: "persisted",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t,env=TOKEN <<EOF",
            "cat «> /root/.netrc» <<NET",
            "machine git.acme.dev login ci password $TOKEN",
            "NET",
            "EOF",
          ],
        },
      },
      {
        name: "the log",
        kind: "log",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t,env=TOKEN «echo» using $TOKEN && «printenv»",
            "RUN --mount=type=secret,id=t «cat» /run/secrets/t",
          ],
        },
      },
    ],
    good: [
      {
        name: "the whole file is mounted, or only read",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci",
            "RUN --mount=type=secret,id=n curl --netrc-file /run/secrets/n -o a.tgz https://files.acme.dev/a.tgz",
            'RUN --mount=type=secret,id=t,env=TOKEN curl -H "Authorization: Bearer $TOKEN" https://a.acme.dev > /list.json',
            "RUN --mount=type=secret,id=t export TOKEN=$(cat /run/secrets/t) && make",
            'RUN --mount=type=secret,id=t,env=TOKEN [ -n "$TOKEN" ] && echo "token ${TOKEN:+is there}"',
          ],
        },
      },
      {
        name: "removed or undone in the same RUN",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc cp /run/secrets/npmrc ~/.npmrc && npm ci && rm -f ~/.npmrc",
            "RUN --mount=type=secret,id=t npm config set _authToken $(cat /run/secrets/t) && npm ci && npm config delete _authToken",
            "RUN --mount=type=secret,id=t,env=T git clone https://$T@git.acme.dev/api.git && rm -rf api/.git",
            "RUN --mount=type=secret,id=t,env=T trap 'rm ~/.netrc' EXIT; echo $T > ~/.netrc; make",
          ],
        },
      },
      {
        name: "temporary folders, mounts, and paths that nobody can know",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t,env=T --mount=type=tmpfs,target=/work echo $T > /tmp/t && echo $T > /work/t && make",
            "RUN --mount=type=secret,id=t,env=T echo $T > $DIR/t && make",
          ],
        },
      },
      {
        name: "another command stores something else",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=t,env=T npm config set cache /cache && npm ci && cp a b && echo done",
            "RUN --mount=type=ssh git clone git@git.acme.dev:api.git",
            "RUN npm config set //r.acme.dev/:_authToken=$T",
          ],
        },
      },
      {
        name: "a link leads to the mount only",
        files: {
          Dockerfile: [
            "FROM node:22.14.0",
            "RUN --mount=type=secret,id=npmrc ln -s /run/secrets/npmrc /root/.npmrc && npm ci",
          ],
        },
      },
    ],
  },
});
