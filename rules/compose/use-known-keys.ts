import { defineRule } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/use-known-keys",
  summary: "Every key means something here",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    near: { summary: "a misspelt key: it is plain which one was meant", aliases: ["dclint:invalid-schema"] },
    far: {
      summary: "a key that Compose does not know; the file may be newer than what is known here",
      aliases: ["dclint:invalid-schema"],
      levels: { recommended: "warning", checklist: "warning", strict: "warning" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Compose refuses a file with a key that it does not know, and starts nothing of it. Where a tool ignores the key instead, " +
      "what was meant by it is missing, and nobody is told.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/",
    "https://docs.docker.com/reference/compose-file/extension/",
  ],
  yieldsTo: ["compose/no-legacy-keys", "compose/use-valid-yaml"],
  check: {
    *variant({ files, broughtIn }) {
      for (const file of [...files, ...broughtIn]) {
        for (const { kind, range, message, mend } of file.schemaFaults) {
          if (kind !== "near" && kind !== "far") continue;
          const fix =
            mend === undefined
              ? undefined
              : {
                  description: `rename it to \`${mend.text}\``,
                  safety: "safe" as const,
                  edits: [{ range: mend.range, text: mend.text }],
                };
          yield { kind, range, message, fix };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a slip of the pen",
        kind: "near",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    «enviroment»:", "      TZ: UTC"],
        },
        fixed: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    environment:", "      TZ: UTC"],
        },
        message: "`enviroment` is not a key of a service; did you mean `environment`?",
      },
      {
        name: "a key as another tool calls it",
        kind: "near",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    «container-name»: web"],
        },
        fixed: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    container_name: web"],
        },
      },
      {
        name: "a key of the build",
        kind: "near",
        files: { "compose.yaml": ["services:", "  web:", "    build: .", "    «dockerfile»: Dockerfile.web"] },
        message: "`dockerfile` is not a key of a service; it belongs below `build`",
      },
      {
        name: "a key that is indented too deep",
        kind: "near",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build:",
            "      context: .",
            '      «ports»: ["127.0.0.1:8080:80"]',
          ],
        },
        message: "`ports` is not a key of `build`; it belongs to the service; indent it less",
      },
      {
        name: "a key of a service at the top",
        kind: "near",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "«restart»: always"],
        },
        message: "it belongs to a service",
      },
      {
        name: "a service at the top",
        kind: "far",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "«db»:", "  image: postgres:17.4"],
        },
        message: "is `db` a service? indent it under `services`",
      },
      {
        name: "the section itself",
        kind: "near",
        files: {
          "compose.yaml": ["«service»:", "  web:", "    image: nginx:1.27.4", "volumes:", "  data:"],
        },
        fixed: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "volumes:", "  data:"],
        },
      },
      {
        name: "a key of a port",
        kind: "near",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    ports:",
            "      - target: 80",
            "        «publish»: 8080",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    ports:",
            "      - target: 80",
            "        published: 8080",
          ],
        },
        message: "`publish` is not a key of a port; did you mean `published`?",
      },
      {
        name: "a key that nothing is near to",
        kind: "far",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    «autoscale»: 3"],
        },
        severity: "warning",
      },
      {
        name: "a key of a mapping with few keys",
        kind: "far",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    logging:", "      «rotate»: daily"],
        },
        message: "`rotate` is not a key of `logging`; it may be `driver`, `options`",
      },
      {
        name: "an extension where keys are names",
        kind: "far",
        files: {
          "compose.yaml": ["services:", "  «x-base»:", "    image: nginx:1.27.4"],
        },
        message: "`x-base` is a service here, no extension",
      },
      {
        name: "in a shared block, once",
        kind: "near",
        files: {
          "compose.yaml": [
            "x-base: &base",
            "  image: nginx:1.27.4",
            "  «read-only»: true",
            "services:",
            "  web: *base",
            "  api: {<<: *base}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "x-base: &base",
            "  image: nginx:1.27.4",
            "  read_only: true",
            "services:",
            "  web: *base",
            "  api: {<<: *base}",
          ],
        },
      },
    ],
    good: [
      {
        name: "keys that the user chooses",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    environment: {enviroment: prod}",
            "    labels: {ports: many}",
            "    sysctls: {net.core.somaxconn: 1024}",
            "    logging: {driver: local, options: {max-size: 10m, anything: 1}}",
            "    storage_opt: {size: 1G}",
            "  ai:",
            "    provider: {type: model, options: {whatever: [a, b]}}",
            "volumes:",
            "  data: {driver_opts: {type: nfs, device: ':/srv'}}",
          ],
        },
      },
      {
        name: "extensions",
        files: {
          "compose.yaml": [
            "x-anything: {services: {}}",
            "services:",
            "  web:",
            "    x-team: shop",
            "    image: nginx:1.27.4",
            "    deploy: {x-note: none, replicas: 2}",
          ],
        },
      },
      {
        name: "what only newer Compose knows",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    use_api_socket: true",
            "    gpus: all",
            "    label_file: ./labels",
            "    models: {llm: {endpoint_var: LLM_URL}}",
            "    develop: {watch: [{path: ./src, action: sync+exec, target: /src, exec: {command: make}}]}",
            "    post_start: [{command: ./warm-up.sh, user: root}]",
            "    provider: {type: awesomecloud}",
            "models:",
            "  llm: {model: ai/smollm2, context_size: 4096, runtime_flags: [--no-mmap]}",
          ],
        },
      },
    ],
  },
});
