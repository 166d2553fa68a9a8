import { defineRule } from "../../src/engine/rule.js";
import { cpuCeilingOf, operationOf, placeOfLimit } from "../../src/project/resource-limits.js";

export default defineRule({
  id: "runtime/limit-cpu",
  summary: "CPU has a ceiling",
  levels: { recommended: ["info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  roles: "all",
  fixable: "never",
  aliases: ["kics:cpus-not-limited", "kics:6b610c50-99fb-4ef0-a5f3-e312fd945bc3", "compose-lint:CL-0026"],
  why: [
    "Without a limit one container that spins slows down every other on its host. `cpu_shares` and `cpuset` do not help: the one is " +
      "a weight, the other says which CPUs, and neither says how much of them.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/resource_constraints/#cpu",
    "https://docs.docker.com/reference/compose-file/deploy/#resources",
    "CIS 5.12",
    "CWE-400",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
  securitySeverity: 3.7,
  check: {
    *service(service, { project }) {
      const ceiling = cpuCeilingOf(service);
      if (ceiling.kind === "set" || ceiling.kind === "unknown") return;
      const operation = operationOf(service, project);
      if (operation === "unjudged" || operation === "tool") return;
      const atMost = operation === "job" ? "info" : undefined;
      const remedy = "set `deploy.resources.limits.cpus`";
      if (ceiling.kind === "lifted") {
        const { text, range } = ceiling.value;
        yield { range, message: `\`${text}\` is no limit for the CPU of \`${service.name}\`; ${remedy}`, atMost };
        return;
      }
      const message = `\`${service.name}\` may take every CPU of its host; ${remedy}`;
      yield { ...placeOfLimit(service, "cpus", "cpus"), message, atMost };
    },
  },
  examples: {
    bad: [
      {
        name: "a limit for the memory alone",
        message: "`api` may take every CPU of its host",
        preset: "recommended",
        severity: "info",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: api:1.2.0", "    mem_limit: 512m"] },
      },
      {
        name: "a weight and a place are no limit",
        files: {
          "compose.yaml": [
            "services:",
            "  «api»:",
            "    image: api:1.2.0",
            "    cpu_shares: 512",
            "  «worker»:",
            "    image: api:1.2.0",
            '    cpuset: "0,1"',
          ],
        },
      },
      {
        name: "in the block that is there",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy:",
            "      resources:",
            "        «limits»: { memory: 512M }",
          ],
        },
      },
      {
        name: "zero, which means no limit",
        message: "`0` is no limit",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    cpus: «0»",
            "  worker:",
            "    image: api:1.2.0",
            "    cpu_quota: «-1»",
          ],
        },
      },
      {
        name: "a job is a note",
        preset: "checklist",
        severity: "info",
        files: {
          "compose.yaml": ["services:", "  «seed»:", "    image: api:1.2.0", "    profiles: [seed]"],
        },
      },
    ],
    good: [
      {
        name: "limits in all spellings",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', mem_limit: 512m, cpus: 0.5 }",
            "  web: { image: 'nginx:1.27.4', deploy: { resources: { limits: { cpus: '0.50' } } } }",
            "  worker: { image: 'api:1.2.0', cpu_quota: 50000 }",
            "  mailer: { image: 'api:1.2.0', cpu_quota: 50000, cpu_period: 100000 }",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', cpus: '${CPUS}' }"] },
      },
      {
        name: "tools of developers, and a file that only completes another",
        files: {
          "compose.yaml": [
            "services:",
            "  mail: { image: 'axllent/mailpit:v1.21' }",
            "  api: { image: 'api:1.2.0', cpus: 1 }",
          ],
          "compose.override.yaml": ["services:", "  api: { environment: { LOG: info } }"],
        },
      },
    ],
  },
});
