import { defineRule, option } from "../../src/engine/rule.js";
import { ceilingOf, cpuCeilingOf, operationOf } from "../../src/project/resource-limits.js";

const options = {
  require: option.choice({
    words: ["memory", "cpus", "both"],
    default: "memory",
    description: "What has to be reserved where there are limits.",
  }),
};

export default defineRule({
  id: "runtime/reserve-resources",
  summary: "Memory is reserved as well as limited",
  levels: { checklist: ["info", "off"], strict: ["info", "off"] },
  roles: ["production"],
  fixable: "never",
  why: [
    "A limit says how much a service may take, a reservation how much it is sure to find. Without one, hosts are filled with services " +
      "that cannot all run at once, and the kernel takes memory back from whichever is largest.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/deploy/#resources"],
  options,
  mentions: { compose: ["mem_limit", "limits", "cpus"] },
  check: {
    *service(service, { project, options: { require: required } }) {
      const { limits, reservations } = service;
      if (ceilingOf(limits.memoryBytes).kind !== "set" && cpuCeilingOf(service).kind !== "set") return;
      const missing = [
        ...(required !== "cpus" && reservations.memoryBytes.length === 0 ? ["memory"] : []),
        ...(required !== "memory" && reservations.cpus.length === 0 ? ["cpus"] : []),
      ];
      if (missing.length === 0 || operationOf(service, project) !== "steady") return;
      if (service.valueAt("deploy", "mode")?.value?.startsWith("global") === true) return;
      const place = service.entryAt("deploy", "resources") ?? service.entryAt("mem_limit") ?? service.entryAt("cpus");
      const remedy = missing.map((key) => `\`${key}\``).join(" and ");
      yield {
        range: place?.keyRange ?? service.keyRange,
        message: `\`${service.name}\` has limits but no reservation; set ${remedy} in \`deploy.resources.reservations\``,
      };
    },
  },
  examples: {
    bad: [
      {
        name: "a limit alone",
        message: "`api` has limits but no reservation",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy: { «resources»: { limits: { memory: 512M } } }",
          ],
        },
      },
      {
        name: "in the older spelling",
        files: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    «mem_limit»: 512m"] },
      },
      {
        name: "the policy asks for both",
        message: "set `cpus`",
        options: { require: "both" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy:",
            "      «resources»:",
            "        limits: { memory: 512M }",
            "        reservations: { memory: 128M }",
          ],
        },
      },
    ],
    good: [
      {
        name: "both",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy: { resources: { limits: { memory: 512M }, reservations: { memory: 128M } } }",
            "  worker: { image: 'api:1.2.0', mem_limit: 512m, mem_reservation: 128m }",
          ],
        },
      },
      {
        name: "no limits, a job, and one on each node",
        files: {
          "compose.yaml": [
            "services:",
            "  web: { image: 'nginx:1.27.4' }",
            "  migrate: { image: 'api:1.2.0', restart: 'no', mem_limit: 512m }",
            "  exporter:",
            "    image: quay.io/prometheus/node-exporter:v1.9.0",
            "    deploy: { mode: global, resources: { limits: { memory: 64M } } }",
          ],
        },
      },
      {
        name: "development",
        files: { "compose.dev.yaml": ["services:", "  api: { image: 'api:1.2.0', mem_limit: 512m }"] },
      },
    ],
  },
});
