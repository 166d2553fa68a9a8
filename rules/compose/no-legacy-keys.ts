import { defineRule, type Finding } from "../../src/engine/rule.js";
import { firstFormatKeys, type LegacySpelling, legacySpellings } from "../../src/project/legacy-compose.js";

export default defineRule({
  id: "compose/no-legacy-keys",
  summary: "Keys are spelled as today's Compose spells them",
  levels: { recommended: "warning", strict: "warning" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose still reads much of what was written for its first versions: some of it as before, some of it without any " +
      "effect, and some of it not at all. Readers cannot tell which, and examples for today's Compose do not fit beside it.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/legacy-versions/",
    "https://docs.docker.com/reference/compose-file/services/#links",
    "https://docs.docker.com/reference/compose-file/services/#mac_address",
  ],
  check: {
    *composeFile(file) {
      for (const spelling of firstFormatKeys(file)) yield finding(spelling);
    },
    *variant(variant, { project }) {
      for (const spelling of legacySpellings(variant, project.composeFiles)) yield finding(spelling);
    },
  },
  examples: {
    bad: [
      {
        name: "links instead of an order",
        message: "`links` is a leftover of the time before networks; use `depends_on`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    «links»:",
            "      - db:db",
            "      - cache",
            "  db: {image: 'postgres:17.4'}",
            "  cache: {image: 'redis:7.4.2'}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on:",
            "      - db",
            "      - cache",
            "  db: {image: 'postgres:17.4'}",
            "  cache: {image: 'redis:7.4.2'}",
          ],
        },
      },
      {
        name: "links beside an order",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on: [db]",
            "    «links»:",
            "      - db",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on: [db]",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "links that another name hangs on, and what else joined containers",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    «links»: ['db:database']",
            "    «external_links»: [mail]",
            "    «volumes_from»: [db]",
            "    «mac_address»: 02:42:ac:11:65:43",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "names of values",
        message: "`if_not_present` is the old name; write `missing`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    pull_policy: «if_not_present»",
            "    read_only: «yes»",
            "    tty: «'off'»",
            "    healthcheck: {disable: «no»}",
            "    depends_on: {db: {condition: service_started, required: «no», restart: «on»}}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    pull_policy: missing",
            "    read_only: true",
            "    tty: false",
            "    healthcheck: {disable: false}",
            "    depends_on: {db: {condition: service_started, required: false, restart: true}}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "options without effect",
        message: "is not used, the engine brings its own; write `init: true`",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    init: «/usr/libexec/docker-init»",
            '    volumes: ["./src:/app:ro,«cached»", "./logs:/logs:«delegated»"]',
          ],
        },
      },
      {
        name: "the name of something external",
        message: "write `external: true` and `name` beside it",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', networks: [proxy], volumes: ['pages:/pages']}",
            "networks:",
            "  proxy:",
            "    «external»:",
            "      name: traefik",
            "volumes:",
            "  pages: {«external»: {name: 'site-pages'}}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', networks: [proxy], volumes: ['pages:/pages']}",
            "networks:",
            "  proxy:",
            "    external: true",
            "    name: traefik",
            "volumes:",
            "  pages: {external: true, name: 'site-pages'}",
          ],
        },
      },
      {
        name: "the first format",
        message: "`web` stands at the top level, which Compose refuses; put it under `services`",
        files: {
          "docker-compose.yml": [
            "«web»:",
            "  build: .",
            "  «dockerfile»: web.Dockerfile",
            "  «net»: host",
            "db:",
            "  image: postgres:17.4",
            "  «log_driver»: syslog",
            "  «volume_driver»: local",
          ],
        },
      },
    ],
    good: [
      {
        name: "as it is spelled today",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    pull_policy: missing",
            "    init: true",
            "    read_only: true",
            "    restart: 'no'",
            "    depends_on: [db]",
            "    networks: {back: {mac_address: '02:42:ac:11:65:43'}}",
            "    volumes: ['./conf:/conf:ro', {type: volume, source: files, target: /files}]",
            "    environment: {DEBUG: 'off', init: 'no'}",
            "  db: {image: 'postgres:17.4', networks: [back]}",
            "networks: {back: {external: true, name: shop}}",
            "volumes: {files: }",
          ],
        },
      },
      {
        name: "links on the default bridge, where there are no other names",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', network_mode: bridge, links: ['db:database']}",
            "  db: {image: 'postgres:17.4', network_mode: bridge}",
          ],
        },
      },
      {
        name: "a stack, whose command knows no other form",
        files: { "docker-stack.yml": ["services:", "  api: {image: 'acme/api:1.4.0', links: [db], tty: yes}"] },
      },
      {
        name: "values that nobody can know",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1.4.0', tty: '${TTY:-no}', init: '${INIT}', network_mode: '${MODE}', links: [db]}",
            "  db: {image: 'postgres:17.4'}",
          ],
        },
      },
      {
        name: "blocks of other tools",
        files: { "compose.yaml": ["x-web: {image: 'nginx:1.27.4'}", "services: {web: {image: 'nginx:1.27.4'}}"] },
      },
    ],
  },
});

function finding({ range, message, fix }: LegacySpelling): Finding {
  if (fix === undefined) return { range, message };
  const { description, isSafe, edits } = fix;
  return { range, message, fix: { description, safety: isSafe ? "safe" : "unsafe", edits } };
}
