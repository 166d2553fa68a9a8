import type { SchemaFault } from "../../src/compose/schema-faults.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/use-valid-schema",
  summary: "Every value has the kind and form that Compose reads",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dclint:invalid-schema"],
  why: [
    "Compose refuses a file in which one value is of another kind than it reads, and starts nothing of it. Forms that it " +
      "lets pass, the engine refuses later, when the first container is made.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/",
    "https://github.com/compose-spec/compose-spec/blob/main/spec.md",
  ],
  yieldsTo: [
    "compose/no-legacy-keys",
    "compose/quote-ambiguous-scalars#changed",
    "compose/set-resource-source",
    "compose/use-valid-extends",
    "compose/use-valid-include",
    "health/use-valid-test",
    "network/use-valid-ports",
    "runtime/no-redundant-capabilities",
  ],
  check: {
    *variant({ files, broughtIn, missingKeys }) {
      for (const file of [...files, ...broughtIn]) {
        for (const fault of file.schemaFaults) {
          if (fault.kind === "value" || fault.kind === "double") yield report(fault);
        }
      }
      for (const fault of missingKeys) yield report(fault);
    },
  },
  examples: {
    bad: [
      {
        name: "a duration without a unit",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            "      interval: «30»",
          ],
        },
        fixed: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    healthcheck:", "      interval: 30s"],
        },
        message: "`30` has no unit; write `30s`",
      },
      {
        name: "a mapping where a list is read",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    «ports»:", '      "8080": 80'],
        },
        message: "`ports` of `web` is a mapping, and Compose reads a list; put a `-` before each item",
      },
      {
        name: "a list where a mapping is read",
        files: { "compose.yaml": ["«services»:", "  - web:", "      image: nginx:1.27.4"] },
        message: "`services` is a list, and Compose reads a mapping; write `name:` instead of `- name`",
      },
      {
        name: "a word that is none",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on:",
            "      db:",
            "        condition: «service_health»",
            "  db:",
            "    image: postgres:17.4",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on:",
            "      db:",
            "        condition: service_healthy",
            "  db:",
            "    image: postgres:17.4",
          ],
        },
        message: "`service_health` is no condition; did you mean `service_healthy`?",
      },
      {
        name: "a number where text is wanted",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    user: «1000»",
            '    command: ["sleep", «10»]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    user: "1000"',
            '    command: ["sleep", "10"]',
          ],
        },
        message: '`user: 1000` is a number, and Compose wants text; write `"1000"`',
      },
      {
        name: "neither true nor false",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    privileged: «maybe»"],
        },
        message: "`privileged: maybe` is neither true nor false",
      },
      {
        name: "a size with a unit that is none",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    mem_limit: «512MiBs»"] },
        message: "`512MiBs` is no size",
      },
      {
        name: "a default that is wrong",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    restart: «${RESTART:-on-fail}»"],
        },
        message: "`on-fail`, the default, is no restart policy",
      },
      {
        name: "a capability that Linux does not have",
        files: { "compose.yaml": ["services:", "  vpn:", "    image: vpn:2.4.1", "    cap_add: [«NET_ADMN»]"] },
        fixed: { "compose.yaml": ["services:", "  vpn:", "    image: vpn:2.4.1", "    cap_add: [NET_ADMIN]"] },
        message: "`NET_ADMN` is no capability; did you mean `NET_ADMIN`?",
      },
      {
        name: "a number out of range",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    oom_score_adj: «2000»"],
        },
        message: "`oom_score_adj: 2000` is out of range; it may be -1000 to 1000",
      },
      {
        name: "a dependency without a condition, in the merged project",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on:",
            "      «db»:",
            "        restart: true",
            "  db:",
            "    image: postgres:17.4",
          ],
        },
        message: "dependency `db` has no `condition`; add `condition: service_healthy`, or use the list form",
      },
      {
        name: "a section without anything in it",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    «environment»:"] },
        message: "`environment` of `web` is empty; give it a value or remove the key",
      },
      {
        name: "an option that stands twice",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    security_opt: [label=disable, «label=disable»]",
          ],
        },
        message: "`label=disable` is listed twice in `security_opt`; remove one",
      },
      {
        name: "a volume that is mounted nowhere",
        files: {
          "compose.yaml": ["services:", "  web:", "    image: nginx:1.27.4", "    volumes:", '      - «"./site:"»'],
        },
        message: "`./site:` is no mount",
      },
      {
        name: "a watched path that is copied nowhere",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    build: .",
            "    develop:",
            "      watch:",
            "        - «action»: sync",
            "          path: ./src",
          ],
        },
        message: "an item of `watch` has no `target`",
      },
    ],
    good: [
      {
        name: "a default that is empty, where the engine takes that for nothing given",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    platform: ${DOCKER_PLATFORM:-}",
            "    restart: ${RESTART:-}",
            "    cpuset: ${CPUS:-}",
          ],
        },
      },
      {
        name: "what an override leaves to the base",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    depends_on:",
            "      db:",
            "        condition: service_started",
            "  db:",
            "    image: postgres:17.4",
          ],
          "compose.override.yaml": [
            "services:",
            "  web:",
            "    ports: !reset null",
            "    depends_on:",
            "      db:",
            "        restart: true",
          ],
        },
      },
      {
        name: "variables without a value",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    privileged: ${PRIVILEGED}",
            "    mem_limit: ${MEMORY}m",
            '    cpus: "${CPUS:-0.5}"',
            "    restart: ${RESTART:?set it}",
          ],
        },
      },
      {
        name: "extensions, wherever they stand",
        files: {
          "compose.yaml": [
            "x-common: &common {restart: always, ports: 80}",
            "services:",
            "  web:",
            "    x-team: [1, 2]",
            "    image: nginx:1.27.4",
            "    healthcheck: {test: [CMD, curl, -f, http://localhost/], interval: 1m30s, x-why: 3}",
          ],
        },
      },
      {
        name: "an item that Compose itself names once, and numbers as text",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    cpus: "1.5"',
            '    pids_limit: "200"',
            "    shm_size: 64mb",
            '    ulimits: {nofile: {soft: 1024, hard: 2048}, nproc: "65535"}',
            "    secrets: [{source: key, uid: '103', mode: 0440}]",
            "secrets:",
            "  key: {file: ./key.txt}",
          ],
        },
      },
    ],
  },
});

/** Doubles in lists that Compose itself makes unique are untidy, and no more. */
function report({ kind, range, message, related, mend }: SchemaFault): Finding {
  return {
    range,
    message,
    ...(kind === "double" && !message.includes("`security_opt`") ? { atMost: "warning" as const } : {}),
    related: related === undefined ? [] : [{ range: related, message: "the first time" }],
    fix:
      mend === undefined
        ? undefined
        : {
            description: `write \`${mend.text}\``,
            safety: mend.isSafe ? "safe" : "unsafe",
            edits: [{ range: mend.range, text: mend.text }],
          },
  };
}
