import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { sourceMounts } from "../../src/project/source-mounts.js";
import { quoted } from "../../src/text/quoted.js";

export default defineRule({
  id: "runtime/no-source-mount",
  summary: "Production runs what was built, not the checkout",
  levels: {
    recommended: ["warning", "info", "off"],
    checklist: ["warning", "info", "off"],
    strict: ["warning", "off"],
  },
  roles: ["production"],
  fixable: "never",
  why: [
    "The mount takes the place of what the build put into the image: what runs is whatever lies in the folder of the host, " +
      "tested by nobody, without the dependencies or the compiled files of the build.",
    "The container is bound to one machine and one checkout, and an intruder who writes there changes the sources themselves. " +
      "For development the mount belongs in `compose.override.yaml`.",
  ],
  references: [
    "https://docs.docker.com/compose/how-tos/production/#modify-your-compose-file-for-production",
    "https://docs.docker.com/compose/how-tos/multiple-compose-files/merge/",
  ],
  mentions: { compose: ["volumes"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "the context over the folder of the program",
        message: "`.` replaces the code that was built into `api`",
        files: {
          "compose.prod.yaml": ["services:", "  api:", "    build: .", '    volumes: ["«.»:/app"]'],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
        },
      },
      {
        name: "a folder that is copied, read-only, in the long form",
        files: {
          "compose.prod.yaml": [
            "services:",
            "  api:",
            "    build: {context: ./api}",
            "    volumes:",
            "      - «./api/src»:/app/src:ro",
            "      - {type: bind, source: «./api/handlers», target: /app/handlers}",
          ],
          "api/Dockerfile": [
            "FROM python:3.12-slim",
            "WORKDIR /app",
            "COPY src/ ./src/",
            "COPY handlers /app/handlers",
            "CMD python -m app",
          ],
          "api/src/app.py": ["pass"],
          "api/handlers/a.py": ["pass"],
        },
      },
      {
        name: "a folder of what is copied as a whole, from above",
        files: {
          "compose.prod.yaml": [
            "services:",
            "  api: {build: ./api, volumes: ['«./api/src»:/srv/app/src']}",
            "  web: {build: ./web, volumes: ['«.»:/srv']}",
          ],
          "api/Dockerfile": ["FROM node:22-slim", "WORKDIR /srv/app", "COPY . .", "CMD node src/a.js"],
          "api/src/a.js": ["0"],
          "web/Dockerfile": ["FROM node:22-slim", "COPY . /srv/web", "CMD node /srv/web/a.js"],
        },
      },
      {
        name: "nothing is copied at all",
        message: "`.` is all the code that `api` has",
        files: {
          "compose.prod.yaml": ["services:", "  api: {build: ., volumes: ['«.»:/app']}"],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "RUN pip install flask==3.0.3", "CMD flask run"],
        },
      },
      {
        name: "a plain file says little of what it is for",
        preset: "recommended",
        severity: "info",
        files: {
          "compose.yaml": ["services:", "  api: {build: ., volumes: ['«.»:/app']}"],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
        },
      },
      {
        name: "a folder that may hold anything",
        severity: "info",
        files: {
          "compose.prod.yaml": ["services:", "  api: {build: ., volumes: ['«./plugins»:/app/plugins']}"],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
        },
      },
    ],
    good: [
      {
        name: "the override is for development",
        files: {
          "compose.yaml": ["services:", "  api: {build: .}"],
          "compose.override.yaml": ["services:", "  api: {volumes: ['.:/app']}"],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
        },
      },
      {
        name: "development",
        files: {
          "compose.dev.yaml": ["services:", "  api: {build: ., volumes: ['.:/app']}"],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
        },
      },
      {
        name: "settings, data, and what is not in the image",
        files: {
          "compose.prod.yaml": [
            "services:",
            "  api:",
            "    build: .",
            "    volumes:",
            "      - ./config:/app/config:ro",
            "      - ./data:/app/data",
            "      - ./settings.py:/app/settings.py:ro",
            "      - ./tests:/app/tests",
            "      - ./built:/app/built",
            "      - .:/backup",
            "      - state:/app/state",
            "volumes: {state: {}}",
          ],
          Dockerfile: ["FROM python:3.12-slim", "WORKDIR /app", "COPY . .", "CMD python -m app"],
          ".dockerignore": ["tests"],
          ".gitignore": ["/built"],
          "settings.py": ["0"],
        },
      },
      {
        name: "pages of a web server",
        files: {
          "compose.prod.yaml": ["services:", "  web: {build: ., volumes: ['./public:/usr/share/nginx/html:ro']}"],
          Dockerfile: ["FROM nginx:1.27.4", "COPY public /usr/share/nginx/html"],
        },
      },
      {
        name: "an image of others",
        files: {
          "compose.prod.yaml": ["services:", "  api: {image: 'node:22', volumes: ['.:/app'], working_dir: /app}"],
        },
      },
      {
        name: "a stage for development, and `watch`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {build: {context: ., target: dev}, volumes: ['.:/app']}",
            "  web: {build: ., volumes: ['.:/app'], develop: {watch: [{path: ., action: rebuild}]}}",
          ],
          Dockerfile: [
            "FROM python:3.12-slim AS dev",
            "WORKDIR /app",
            "COPY . .",
            "CMD flask run --debug",
            "FROM dev",
            "CMD gunicorn app",
          ],
        },
      },
    ],
  },
});

/** What these images serve is content, also where it comes from the checkout. */
const SERVERS: ReadonlySet<string | undefined> = new Set(["web", "proxy"]);

function* checkService(service: Service, { project, role }: RuleContext): Iterable<Finding> {
  if (!service.node.entries.has("volumes") || service.hasProvider) return;
  if (!role.stated && service.node.entries.has("develop")) return;
  for (const { mount, copy, isSurelyCode } of sourceMounts(service, project)) {
    const image = project.imageOf(service);
    if (image.kind !== "stage" || image.stage.namedRole?.name === "development") return;
    if (SERVERS.has(image.stage.facts?.service?.kind)) return;
    const text = mount.source?.text ?? "";
    const message =
      copy === undefined
        ? `${quoted(text)} is all the code that \`${service.name}\` has; COPY it in the Dockerfile`
        : `${quoted(text)} replaces the code that was built into \`${service.name}\`; drop the mount`;
    yield {
      range: mount.source?.range ?? mount.range,
      message,
      related: copy === undefined ? [] : [{ range: copy, message: "this put it into the image" }],
      confidence: isSurelyCode ? "high" : "low",
    };
  }
}
