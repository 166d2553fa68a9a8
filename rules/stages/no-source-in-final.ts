import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import type { Build } from "../../src/project/model.js";
import { shippedSources } from "../../src/project/shipped-sources.js";
import { matchesGlob } from "../../src/values/glob.js";

const options = {
  allow: option.strings({
    default: [],
    description: "Sources of COPY that may ship, with wildcards: `src/templates*`.",
  }),
};

export default defineRule({
  id: "stages/no-source-in-final",
  summary: "A stage that receives artefacts does not receive the source tree",
  levels: { recommended: "info", strict: "warning" },
  roles: ["production"],
  fixable: "never",
  why: [
    "The program was built elsewhere so that only the program ships. Copying the tree beside it brings the sources, tests " +
      "and whatever lies in the folder back, and every edit of a comment makes a new image.",
  ],
  references: [
    "https://docs.docker.com/build/building/multi-stage/",
    "https://docs.docker.com/build/building/best-practices/#dont-install-unnecessary-packages",
  ],
  options,
  mentions: { dockerfile: ["from="] },
  check: { build: checkBuild },
  examples: {
    bad: [
      {
        name: "the program, and then everything",
        message: "`go build`",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "WORKDIR /src",
            "COPY . .",
            "RUN go build -o /srv/api .",
            "FROM debian:bookworm-slim",
            "WORKDIR /app",
            "COPY --from=build /srv/api /app/",
            "COPY «.» .",
            'CMD ["/app/api"]',
          ],
        },
      },
      {
        name: "the folder that was compiled",
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS build",
            "COPY Cargo.toml Cargo.lock ./",
            "COPY src ./src",
            "RUN cargo build --release",
            "FROM debian:bookworm-slim",
            "COPY --from=build /target/release/api /usr/local/bin/api",
            "COPY «./src/» /usr/src/api",
          ],
        },
      },
      {
        name: "an unknown base that starts what was built",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN --mount=type=bind,target=. go build -o /out/api .",
            "FROM registry.example.com/runtime:4",
            "COPY --from=build /out/api /usr/bin/api",
            "COPY «*» /srv/",
            'ENTRYPOINT ["api"]',
          ],
        },
      },
      {
        name: "a site and what it was made from",
        message: "`npm run build`",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "COPY . .",
            "RUN npm ci && npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=build /dist /usr/share/nginx/html",
            "COPY «.» /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "in a stage that the last one is made from",
        files: {
          Dockerfile: [
            "FROM eclipse-temurin:21 AS build",
            "COPY . .",
            "RUN ./gradlew bootJar",
            "FROM eclipse-temurin:21-jre AS base",
            "ADD «.» /app",
            "FROM base",
            "COPY --from=build /build/libs/api.jar /app/api.jar",
          ],
        },
      },
    ],
    good: [
      {
        name: "the program alone",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "COPY . .",
            "RUN go build -o /srv/api .",
            "FROM debian:bookworm-slim",
            "COPY --from=build /srv/api /app/",
          ],
        },
      },
      {
        name: "configuration and assets by name",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "COPY . .",
            "RUN go build -o /srv/api .",
            "FROM debian:bookworm-slim",
            "COPY --from=build /srv/api /app/",
            "COPY config/ static/ templates/ /app/",
          ],
        },
      },
      {
        name: "an interpreted program and its dependencies",
        files: {
          Dockerfile: [
            "FROM python:3.12 AS build",
            "COPY . .",
            "RUN python -m venv /opt/venv && /opt/venv/bin/pip install -r requirements.txt",
            "FROM python:3.12-slim",
            "COPY --from=build /opt/venv /opt/venv",
            "COPY . .",
          ],
        },
      },
      {
        name: "a front end beside an interpreted program",
        files: {
          Dockerfile: [
            "FROM node:22.14.0 AS assets",
            "COPY . .",
            "RUN npm ci && npm run build",
            "FROM debian:bookworm-slim",
            "RUN apt-get update && apt-get install -y python3",
            "COPY --from=assets /dist /app/static",
            "COPY . /app",
          ],
        },
      },
      {
        name: "a helper beside an interpreted program",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS helper",
            "COPY . .",
            "RUN go build -o /helper ./helper",
            "FROM acme/runtime:4",
            "COPY --from=helper /helper /usr/bin/helper",
            "COPY . /app",
            'CMD ["gunicorn", "app:app"]',
          ],
        },
      },
      {
        name: "a base that nobody knows, which may run the sources",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS helper",
            "COPY . .",
            "RUN go build -o /helper ./helper",
            "FROM acme/runtime:4",
            "COPY --from=helper /helper /usr/bin/helper",
            "COPY . /app",
          ],
        },
      },
      {
        name: "with the sources left out",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "COPY . .",
            "RUN go build -o /srv/api .",
            "FROM debian:bookworm-slim",
            "COPY --from=build /srv/api /app/",
            "COPY --exclude=**/*.go . /app/",
          ],
        },
      },
      {
        name: "built from elsewhere than the context",
        files: {
          Dockerfile: [
            "FROM golang:1.22 AS build",
            "RUN go install github.com/caddyserver/xcaddy/cmd/xcaddy@v0.4.4",
            "FROM debian:bookworm-slim",
            "COPY --from=build /go/bin/xcaddy /usr/bin/",
            "COPY . /srv",
          ],
        },
      },
      {
        name: "allowed by the policy",
        options: { allow: ["sr*"] },
        files: {
          Dockerfile: [
            "FROM rust:1.84 AS build",
            "COPY . .",
            "RUN cargo build --release",
            "FROM debian:bookworm-slim",
            "COPY --from=build /target/release/api /usr/local/bin/api",
            "COPY src /usr/src/api",
          ],
        },
      },
      {
        name: "a development image",
        files: {
          "Dockerfile.dev": [
            "FROM golang:1.22 AS build",
            "COPY . .",
            "RUN go build -o /srv/api .",
            "FROM debian:bookworm-slim",
            "COPY --from=build /srv/api /app/",
            "COPY . .",
          ],
        },
      },
    ],
  },
});

function* checkBuild(build: Build, { options: { allow } }: RuleContext<typeof options>): Iterable<Finding> {
  for (const { copy, written, range, path, artefact, builder, command } of shippedSources(build)) {
    if (allow.some((glob) => matches(glob, path))) continue;
    yield {
      range,
      message: `\`${written}\` ships the sources beside what \`${command}\` made in \`${builder.label}\`; copy only what runs`,
      related: [{ range: artefact.instruction.headRange, message: `\`${copy.stage.label}\` takes the program here` }],
    };
  }
}

function matches(glob: string, path: string): boolean {
  return glob === path || matchesGlob(glob, path);
}
