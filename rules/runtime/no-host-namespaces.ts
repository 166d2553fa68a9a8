import type { Service } from "../../src/compose/model.js";
import { HOST_MONITORS, programSet } from "../../src/data/host-programs.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { runsOneOf } from "../../src/project/service-program.js";

export default defineRule({
  id: "runtime/no-host-namespaces",
  summary: "Namespaces are not shared with the host",
  levels: { recommended: ["error", "warning"], strict: "error" },
  kinds: {
    pid: {
      summary: "processes of the host",
      aliases: ["kics:host-namespace-is-shared", "kics:4f31dd9f-2cc3-4751-9b53-67e4af83dac0"],
    },
    ipc: {
      summary: "shared memory of the host",
      aliases: ["kics:shared-host-ipc-namespace", "kics:baa3890f-bed7-46f5-ab8f-1da8fc91c729"],
    },
    uts: { summary: "host name of the host", levels: { recommended: ["warning", "info"], strict: "warning" } },
    userns: {
      summary: "users of the host",
      levels: { recommended: ["warning", "info"], strict: "warning" },
      aliases: ["kics:shared-host-user-namespace", "kics:8af7162d-6c98-482f-868e-0d33fb675ca8"],
    },
    cgroup: { summary: "control groups of the host", levels: { recommended: ["warning", "info"], strict: "warning" } },
    foreign: {
      summary: "a namespace of a container outside of the project",
      levels: { recommended: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  aliases: ["compose-lint:CL-0010"],
  why: [
    "With `pid: host` a process sees, and as root kills and traces, all processes of the host; their environment with its " +
      "secrets is in `/proc`. With `ipc: host` it reads their shared memory.",
    "Containers that work together share with each other: `pid: service:app`, `ipc: shareable`.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#pid",
    "https://docs.docker.com/engine/security/userns-remap/#user-namespace-known-limitations",
    "CIS 5.16",
    "CIS 5.17",
    "CIS 5.21",
    "CIS 5.31",
    "CWE-668",
  ],
  securitySeverity: 7.5,
  mentions: { compose: ["pid", "ipc", "uts", "userns_mode", "cgroup"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "processes",
        kind: "pid",
        message: "`pid: host` shows every process of the host to `monitor`",
        files: { "compose.yaml": ["services:", "  monitor:", "    image: acme/monitor:1", "    pid: «host»"] },
      },
      {
        name: "shared memory",
        kind: "ipc",
        files: { "compose.yaml": ["services:", "  db: {image: 'acme/db:1', ipc: «'host'»}"] },
      },
      {
        name: "host name",
        kind: "uts",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1', uts: «host»}"] },
      },
      {
        name: "users",
        kind: "userns",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1', userns_mode: «host»}"] },
      },
      {
        name: "control groups",
        kind: "cgroup",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1', cgroup: «host»}"] },
      },
      {
        name: "containers of others",
        kind: "foreign",
        message: "`container:legacy`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1', pid: «container:legacy», ipc: «container:legacy»}",
          ],
        },
      },
      {
        name: "an agent that watches the host",
        kind: "pid",
        severity: "info",
        files: { "compose.yaml": ["services:", "  node: {image: 'prom/node-exporter:v1.8.2', pid: «host»}"] },
      },
      {
        name: "in development",
        kind: "pid",
        preset: "recommended",
        severity: "warning",
        files: { "compose.dev.yaml": ["services:", "  api: {image: 'acme/api:1', pid: «host»}"] },
      },
      {
        name: "by an override",
        kind: "ipc",
        files: {
          "compose.yaml": ["services:", "  api: {image: 'acme/api:1', ipc: private}"],
          "compose.override.yaml": ["services:", "  api: {ipc: «host»}"],
        },
      },
    ],
    good: [
      {
        name: "with a service of the project, or with nobody",
        files: {
          "compose.yaml": [
            "services:",
            "  api: {image: 'acme/api:1', ipc: shareable, cgroup: private}",
            "  debug: {image: 'acme/debug:1', pid: 'service:api', ipc: 'service:api', userns_mode: 'keep-id'}",
            "  job: {image: 'acme/job:1', ipc: none, pids_limit: 100, cgroup_parent: m}",
          ],
        },
      },
      { name: "nothing written", files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1'}"] } },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1', pid: '${PID}', ipc: 'container:${X}'}"] },
      },
      {
        name: "the network is another rule's",
        files: { "compose.yaml": ["services:", "  api: {image: 'acme/api:1', network_mode: host}"] },
      },
    ],
  },
});

const KEYS = [
  ["pid", "pid", (name) => `shows every process of the host to ${name}`],
  ["ipc", "ipc", (name) => `opens shared memory of the host to ${name}`],
  ["uts", "uts", (name) => `gives ${name} the host's name, to change as well`],
  ["userns_mode", "userns", (name) => `makes root in ${name} root on the host, past the mapping of users`],
  ["cgroup", "cgroup", (name) => `shows the control groups of the host to ${name}`],
] as const satisfies readonly (readonly [string, string, (name: string) => string])[];

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  const { entries } = service.node;
  for (const [key, kind, effect] of KEYS) {
    if (!entries.has(key) || service.hasProvider || service.isWindows) continue;
    const written = service.valueAt(key);
    if (written?.value === undefined) continue;
    const { value, range, text } = written;
    if (value === "host") {
      const isMonitor = kind === "pid" && runsOneOf(programSet(HOST_MONITORS), service, project);
      const message = `\`${key}: host\` ${effect(`\`${service.name}\``)}; drop it`;
      yield { kind, range, message, atMost: isMonitor ? "info" : undefined };
    } else if ((kind === "pid" || kind === "ipc") && value.startsWith("container:")) {
      const message = `\`${text}\` is a container outside of the project; share with a service of it`;
      yield { kind: "foreign", range, message };
    }
  }
}
