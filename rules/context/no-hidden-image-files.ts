import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { type FilledPath, type HidingMount, hidingMounts } from "../../src/project/hidden-folders.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "context/no-hidden-image-files",
  summary: "A mount does not hide what the build put there",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    hidden: { summary: "a folder of the host, or an empty one, takes the place" },
    "seeded-once": {
      summary: "a named volume keeps what the first image had",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "A mount covers everything that the image has at its place. What was installed or compiled there is gone in the " +
      "container, so that it does not start, or runs what happens to lie on the host.",
    "A named volume is filled from the image once, when it is empty. Images that are built later never reach it: the " +
      "container goes on with old files.",
  ],
  references: [
    "https://docs.docker.com/engine/storage/bind-mounts/#mounting-over-existing-data",
    "https://docs.docker.com/engine/storage/volumes/#mounting-a-volume-over-existing-data",
  ],
  yieldsTo: ["runtime/no-source-mount"],
  mentions: { compose: ["volumes", "tmpfs"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "the source over what was installed",
        kind: "hidden",
        message: "`.:/app` hides `/app/node_modules` of the image; give that folder a volume of its own",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    volumes: [".:«/app»"]'],
          Dockerfile: [
            "FROM node:22.14.0-slim",
            "WORKDIR /app",
            "COPY package*.json ./",
            "RUN npm ci",
            "COPY . .",
            'CMD ["node", "server.js"]',
          ],
          "package.json": ["{}"],
        },
      },
      {
        name: "in development too, with a target stage",
        kind: "hidden",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  api:",
            "    build: {context: ., target: dev}",
            "    volumes:",
            "      - type: bind",
            "        source: .",
            "        target: «/srv»",
          ],
          Dockerfile: [
            "FROM composer:2.8 AS dev",
            "WORKDIR /srv",
            "COPY composer.json composer.lock ./",
            "RUN composer install",
          ],
          "composer.json": ["{}"],
        },
      },
      {
        name: "over what another stage made",
        kind: "hidden",
        message:
          "`./site:/usr/share/nginx/html` hides `/usr/share/nginx/html` of the image; mount elsewhere, or drop it",
        files: {
          "compose.yaml": ["services:", "  web:", "    build: .", '    volumes: ["./site:«/usr/share/nginx/html»"]'],
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "WORKDIR /app",
            "COPY . .",
            "RUN npm ci && npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /usr/share/nginx/html",
          ],
        },
      },
      {
        name: "an empty folder in memory",
        kind: "hidden",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    tmpfs: ["«/app»"]'],
          Dockerfile: [
            "FROM golang:1.25 AS build",
            "RUN go build -o /out/api .",
            "FROM alpine:3.21",
            "COPY --from=build /out/api /app/api",
          ],
        },
      },
      {
        name: "a volume that keeps old files",
        kind: "seeded-once",
        message: "`static:/srv/static` keeps `/srv/static` of the first image: later builds never reach it",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build: .",
            '    volumes: ["static:«/srv/static»"]',
            "volumes: {static: {}}",
          ],
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "RUN npm run build",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/dist /srv/static",
          ],
        },
      },
    ],
    good: [
      {
        name: "the dependencies have a volume of their own",
        files: {
          "compose.yaml": ["services:", "  api:", "    build: .", '    volumes: [".:/app", "/app/node_modules"]'],
          Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "COPY package.json .", "RUN npm ci"],
        },
      },
      {
        name: "a named volume for them",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    volumes: [".:/app", "modules:/app/node_modules"]',
            "volumes: {modules: {}}",
          ],
          Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "COPY package.json .", "RUN npm ci"],
        },
      },
      {
        name: "installed outside of the mount, or for all projects, or moved away",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., dockerfile: api.Dockerfile}, volumes: ['.:/srv/app']}",
            "  web: {build: {context: ., dockerfile: web.Dockerfile}, volumes: ['.:/srv/app']}",
            "  job: {build: {context: ., dockerfile: job.Dockerfile}, volumes: ['.:/srv/app']}",
            "  lib: {build: {context: ., dockerfile: lib.Dockerfile}, volumes: ['.:/srv/app']}",
          ],
          "api.Dockerfile": ["FROM node:22.14.0-slim", "WORKDIR /srv", "RUN npm ci", "WORKDIR /srv/app"],
          "web.Dockerfile": ["FROM node:22.14.0-slim", "WORKDIR /srv/app", "RUN npm install -g serve@14.2.4"],
          "job.Dockerfile": ["FROM node:22.14.0-slim", "WORKDIR /srv/app", "RUN npm ci && mv node_modules /srv/"],
          "lib.Dockerfile": ["FROM python:3.13-slim", "WORKDIR /srv/app", "RUN pip install -r requirements.txt"],
        },
      },
      {
        name: "the container installs when it starts",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    build: .",
            '    command: sh -c "npm install && npm run dev"',
            '    volumes: [".:/app"]',
          ],
          Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "RUN npm ci"],
        },
      },
      {
        name: "only what another stage made, in development",
        files: {
          "compose.dev.yaml": ["services:", "  web:", "    build: .", '    volumes: ["./src:/app"]'],
          Dockerfile: [
            "FROM node:22.14.0 AS build",
            "RUN npm run build",
            "FROM node:22.14.0-slim",
            "COPY --from=build /src/dist /app/dist",
          ],
        },
      },
      {
        name: "one file of the host, state, and the same files that are kept in git",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build: .",
            "    volumes:",
            "      - ./nginx.conf:/etc/nginx/nginx.conf",
            "      - uploads:/srv/uploads",
            "      - ./php:/srv/php",
            "volumes: {uploads: {}}",
          ],
          Dockerfile: [
            "FROM composer:2.8 AS build",
            "RUN composer install",
            "FROM nginx:1.27.4",
            "COPY --from=build /app/nginx.conf /etc/nginx/nginx.conf",
            "COPY --from=build /app/uploads /srv/uploads",
            "COPY --from=build /app/vendor /srv/php/vendor",
          ],
          "php/vendor/autoload.php": [""],
        },
      },
      {
        name: "an image that is pulled, and a place that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  db: {image: 'postgres:17.4', volumes: ['data:/var/lib/postgresql/data']}",
            "  api: {build: ., volumes: ['.:${PLACE}']}",
            "volumes: {data: {}}",
          ],
          Dockerfile: ["FROM node:22.14.0-slim", "WORKDIR /app", "RUN npm ci"],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project, role }: RuleContext): Iterable<Finding> {
  for (const hiding of hidingMounts(service, project)) {
    const { mount, effect } = hiding;
    // Who develops mounts the sources over what was made of them; without its dependencies nothing starts at all.
    const isDevelopment = role.name === "development";
    const paths = isDevelopment ? hiding.paths.filter(({ what }) => what === "dependencies") : hiding.paths;
    const [first] = paths;
    const range = mount.target?.range ?? mount.range;
    if (first === undefined) continue;
    yield {
      kind: effect === "hidden" ? "hidden" : "seeded-once",
      range,
      cause: mount.range,
      message: messageOf(hiding, first, paths.length - 1),
      related: paths.slice(0, 3).map((filled) => ({ range: filled.range, message: `this fills \`${filled.path}\`` })),
    };
  }
}

function messageOf({ mount, effect }: HidingMount, { path, what }: FilledPath, more: number): string {
  const written = [mount.source?.text, mount.target?.text].filter((text) => text !== undefined).join(":");
  const paths = `${quoted(path)}${more === 0 ? "" : ` and ${more} more`}`;
  if (effect === "seeded") return `${quoted(written)} keeps ${paths} of the first image: later builds never reach it`;
  const remedy = what === "dependencies" ? "give that folder a volume of its own" : "mount elsewhere, or drop it";
  return `${quoted(written)} hides ${paths} of the image; ${remedy}`;
}
