import type { Mount, Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { HOST_MONITORS, programSet } from "../../src/data/host-programs.js";
import { defineRule, type Finding } from "../../src/engine/rule.js";
import type { Project } from "../../src/project/model.js";
import { runsOneOf } from "../../src/project/service-program.js";
import type { Edit } from "../../src/text/source.js";

export default defineRule({
  id: "runtime/no-shared-propagation",
  summary: "Mounts do not travel between host and container",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    shared: {
      summary: "mounts made in the container appear on the host",
      aliases: [
        "kics:volume-mounted-in-multiple-containers",
        "kics:baa452f0-1f21-4a25-ace5-844e7a5f410d",
        "compose-lint:CL-0017",
      ],
    },
    slave: {
      summary: "mounts made on the host appear in the container",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
      aliases: ["kics:volume-mounted-in-multiple-containers", "kics:baa452f0-1f21-4a25-ace5-844e7a5f410d"],
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "With `shared` a container that may mount changes what the host and other containers see at that path, also over files that " +
      "were there. With `slave` it gets to see disks that are mounted on the host later.",
    "Without the option, mounts stay where they are made.",
  ],
  references: ["https://docs.docker.com/engine/storage/bind-mounts/#configure-bind-propagation", "CIS 5.20"],
  securitySeverity: 5,
  mentions: { compose: ["shared", "slave"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "in the short form",
        kind: "shared",
        message: "mounts made in `plugin` appear on the host",
        files: {
          "compose.yaml": [
            "services:",
            "  plugin:",
            "    image: acme/plugin:1",
            "    volumes:",
            '      - "/data:/data:«shared»"',
            "      - /more:/more:ro,«rshared»",
            "      - /last:/last:«shared»,z",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  plugin:",
            "    image: acme/plugin:1",
            "    volumes:",
            '      - "/data:/data"',
            "      - /more:/more:ro",
            "      - /last:/last:z",
          ],
        },
      },
      {
        name: "in the long form",
        kind: "shared",
        files: {
          "compose.yaml": [
            "services:",
            "  plugin:",
            "    image: acme/plugin:1",
            "    volumes:",
            "      - {type: bind, source: /data, target: /data, bind: {propagation: «rshared»}}",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  plugin:",
            "    image: acme/plugin:1",
            "    volumes:",
            "      - {type: bind, source: /data, target: /data, bind: {propagation: rprivate}}",
          ],
        },
      },
      {
        name: "from the host",
        kind: "slave",
        files: { "compose.yaml": ["services:", "  a: {image: 'acme/a:1', volumes: ['/mnt/x:/x:«rslave»']}"] },
        fixed: { "compose.yaml": ["services:", "  a: {image: 'acme/a:1', volumes: ['/mnt/x:/x']}"] },
      },
      {
        name: "as a monitor's guide says",
        kind: "slave",
        severity: "info",
        files: {
          "compose.yaml": ["services:", "  n: {image: 'prom/node-exporter:v1.8.2', volumes: ['/:/host:ro,«rslave»']}"],
        },
      },
    ],
    good: [
      {
        name: "no option, or a private one",
        files: {
          "compose.yaml": [
            "services:",
            "  a: {image: 'acme/a:1', volumes: ['/data:/data', '/more:/more:ro,rprivate', '/x:/x:private']}",
            "  b:",
            "    image: acme/b:1",
            "    volumes: [{type: bind, source: /data, target: /data, bind: {propagation: private}}]",
          ],
        },
      },
      {
        name: "a folder of that name",
        files: {
          "compose.yaml": [
            "services:",
            "  a: {image: 'acme/a:1', volumes: ['./shared:/shared', 'slave:/slave']}",
            "volumes: {slave: {}}",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  a: {image: 'acme/shared:1', volumes: [{type: bind, source: /d, target: /d, bind: {propagation: '${P}'}}]}",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: { readonly project: Project }): Iterable<Finding> {
  if (!service.node.entries.has("volumes") || service.hasProvider) return;
  for (const mount of service.mounts) {
    const word = mount.propagation?.value;
    if (mount.propagation === undefined || word === undefined) continue;
    const kind =
      word === "shared" || word === "rshared" ? "shared" : word === "slave" || word === "rslave" ? "slave" : undefined;
    if (kind === undefined) continue;
    const isMonitor = runsOneOf(programSet(HOST_MONITORS), service, project);
    const edit = isMonitor ? undefined : removal(mount, mount.propagation);
    yield {
      kind,
      range: mount.propagation.range,
      message:
        kind === "shared"
          ? `mounts made in \`${service.name}\` appear on the host; drop \`${word}\``
          : `mounts made on the host appear in \`${service.name}\`; drop \`${word}\``,
      // Unsafe: a program that mounts for others needs it.
      fix: edit === undefined ? undefined : { description: `drop \`${word}\``, safety: "unsafe", edits: [edit] },
      atMost: isMonitor ? "info" : undefined,
    };
  }
}

function removal({ form, options }: Mount, { range, node }: Value<string>): Edit | undefined {
  if (node.uses.length > 0) return undefined;
  if (form === "long") return { range, text: "rprivate" };
  const { source, start, end } = range;
  const isFirst = options[0]?.range.start === start;
  // With the colon or comma before it, or the comma behind.
  if (isFirst && options.length > 1) return { range: source.range(start, end + 1), text: "" };
  return { range: source.range(start - 1, end), text: "" };
}
