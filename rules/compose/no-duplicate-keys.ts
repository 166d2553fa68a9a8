import { defineRule } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/no-duplicate-keys",
  summary: "No mapping names a key twice",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  aliases: ["dclint:invalid-yaml"],
  why: [
    "Compose refuses a file that names a key twice. Other readers of YAML keep the last one and drop the first without a " +
      "word, so that half of what is written has no effect there.",
  ],
  references: ["https://yaml.org/spec/1.2.2/#3213-node-comparison", "https://docs.docker.com/reference/compose-file/"],
  check: {
    *composeFile({ yaml }) {
      for (const { kind, range, message, related } of yaml.problems) {
        if (kind !== "duplicate-key") continue;
        const isMerge = range.source.slice(range) === "<<";
        yield {
          range,
          message: `${message}; ${isMerge ? "merge both with one list, `<<: [*a, *b]`" : "join the two or remove one"}`,
          related: related === undefined ? [] : [{ range: related, message: "the first one" }],
        };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a key of a service",
        message: "`environment` is already set in line 4; join the two or remove one",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    environment: {LOG_LEVEL: info}",
            "    ports: ['127.0.0.1:8080:8080']",
            "    «environment»: {PORT: 8080}",
          ],
        },
      },
      {
        name: "a service",
        message: "`web` is already set in line 2",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}", "  «web»: {image: 'httpd:2.4.63'}"],
        },
      },
      {
        name: "a section",
        files: {
          "compose.yaml": [
            "services:",
            "  web: {image: 'nginx:1.27.4', volumes: ['pages:/usr/share/nginx/html']}",
            "volumes: {pages: }",
            "«volumes»: {cache: }",
          ],
        },
      },
      {
        name: "one of them quoted",
        files: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4', «\"image\"»: 'nginx:1.27.5'}"] },
      },
      {
        name: "two merge keys",
        message: "`<<: [*a, *b]`",
        files: {
          "compose.yaml": [
            "x-logs: &logs {logging: {driver: local}}",
            "x-restart: &restart {restart: always}",
            "services:",
            "  web:",
            "    <<: *logs",
            "    «<<»: *restart",
            "    image: nginx:1.27.4",
          ],
        },
      },
    ],
    good: [
      {
        name: "the same key in different mappings",
        files: { "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}", "  db: {image: 'postgres:17.4'}"] },
      },
      {
        name: "a key over a merged one",
        files: {
          "compose.yaml": [
            "x-base: &base {image: 'acme/api:1.4.0', restart: always}",
            "services:",
            "  api: {<<: *base, restart: 'no'}",
          ],
        },
      },
      {
        name: "the same service in an override",
        files: {
          "compose.yaml": ["services:", "  web: {image: 'nginx:1.27.4'}"],
          "compose.override.yaml": ["services:", "  web: {image: 'nginx:1.27.5'}"],
        },
      },
      {
        name: "what is no YAML has other findings",
        files: { "compose.yaml": ["services:", "\tweb: {image: 'nginx:1.27.4'}"] },
      },
    ],
  },
});
