import { defineRule } from "../../src/engine/rule.js";
import { generatedKeys } from "../../src/project/generated-keys.js";

export default defineRule({
  id: "secrets/no-generated-keys",
  summary: "No private key is generated into an image",
  levels: { recommended: "warning", strict: "error" },
  roles: ["production", "ci"],
  fixable: "never",
  why: [
    "A key that is made by the build is the same in every container, and in the hands of everyone who can pull the image: " +
      "they can read what it encrypts and pretend to be the service.",
  ],
  references: ["https://docs.docker.com/build/building/secrets/", "CWE-321"],
  securitySeverity: 6.5,
  mentions: {
    dockerfile: [
      "ssh-keygen",
      "openssl",
      "certtool",
      "step",
      "mkcert",
      "keytool",
      "gpg",
      "wg",
      "ssl-cert",
      "openssh-server",
    ],
  },
  check: {
    *stage(stage) {
      for (const { range, what, isPackage, path } of generatedKeys(stage)) {
        const remedy = isPackage ? "remove it in the same RUN, and make one at start" : "make it at start, or mount it";
        yield {
          range,
          message: `every container of this image gets the private key that \`${what}\` makes; ${remedy}`,
          confidence: path === undefined ? "medium" : "high",
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a certificate with its key",
        message: "every container of this image gets the private key that `openssl req` makes",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            "RUN «openssl req -x509 -newkey rsa:2048 -nodes -keyout /etc/nginx/k.pem -out /etc/nginx/c.pem -subj /CN=api»",
          ],
        },
      },
      {
        name: "a key alone, to a file or by a redirect",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "WORKDIR /keys",
            "RUN «openssl genrsa -out jwt.pem 2048» && «openssl ecparam -name prime256v1 -genkey» > /etc/ec.pem",
          ],
        },
      },
      {
        name: "host keys",
        files: { Dockerfile: ["FROM alpine:3.21", "RUN apk add --no-cache openssh && «ssh-keygen -A»"] },
      },
      {
        name: "a package that makes host keys when it is installed",
        message: "`openssh-server`",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y --no-install-recommends «openssh-server» && rm -rf /var/lib/apt/lists/*",
          ],
        },
      },
      {
        name: "nobody says where the key goes",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN «gpg --batch --gen-key params»",
            "RUN «keytool -genkeypair -alias api -storepass changeit»",
          ],
        },
      },
      {
        name: "made in a build stage, and taken from it",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS keys",
            "RUN «ssh-keygen -t ed25519 -N '' -f /keys/host»",
            "FROM alpine:3.21",
            "COPY --from=keys /keys /etc/ssh",
          ],
        },
      },
    ],
    good: [
      {
        name: "made when the container starts",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "COPY <<EOF /start.sh",
            "test -f /keys/host || ssh-keygen -t ed25519 -N '' -f /keys/host",
            "exec /usr/sbin/sshd -D",
            "EOF",
            'ENTRYPOINT ["sh", "/start.sh"]',
          ],
        },
      },
      {
        name: "removed in the same RUN",
        files: {
          Dockerfile: [
            "FROM debian:12-slim",
            "RUN apt-get update && apt-get install -y openssh-server && rm -f /etc/ssh/ssh_host_*",
            "RUN openssl genrsa -out /ca.key 2048 && openssl req -new -x509 -key /ca.key -out /ca.crt && rm /ca.key",
            "RUN gpg --batch --gen-key params && rm -rf $GNUPGHOME",
          ],
        },
      },
      {
        name: "in a temporary folder, and on a mount",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN openssl genrsa -out /tmp/k.pem 2048",
            "RUN --mount=type=cache,target=/keys openssl genrsa -out /keys/k.pem 2048",
          ],
        },
      },
      {
        name: "no key is made",
        files: {
          Dockerfile: [
            "FROM alpine:3.21",
            "RUN openssl dhparam -out /etc/dh.pem 2048 && openssl req -new -key /run/secrets/k -out /a.csr",
            "RUN ssh-keygen -F github.com && ssh-keygen -lf /etc/a.pub && mkcert -CAROOT && openssl version",
            "RUN openssl genrsa 2048 | openssl rsa -noout -check && apt-get install -y openssh-client",
            "ONBUILD RUN ssh-keygen -A",
          ],
        },
      },
      {
        name: "a stage of which nothing of that kind ships",
        files: {
          Dockerfile: [
            "FROM alpine:3.21 AS test",
            "RUN ssh-keygen -t ed25519 -N '' -f /keys/host && gpg --gen-key",
            "FROM alpine:3.21",
            "COPY --from=test /app /app",
          ],
        },
      },
      {
        name: "development",
        files: { "Dockerfile.dev": ["FROM nginx:1.27.4", "RUN mkcert -key-file /etc/nginx/k.pem localhost"] },
      },
    ],
  },
});
