import { defineRule } from "../../src/engine/rule.js";
import { ceilingOf, operationOf, placeOfLimit } from "../../src/project/resource-limits.js";

export default defineRule({
  id: "runtime/limit-pids",
  summary: "The number of processes has a ceiling",
  levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
  kinds: {
    unlimited: {
      summary: "a limit that is switched off",
      aliases: ["kics:pids-limit-not-set", "kics:221e0658-cb2a-44e3-b08a-db96a341d6fa"],
    },
    missing: {
      summary: "no limit",
      levels: { recommended: "off", checklist: "off", strict: ["warning", "info"] },
      aliases: ["kics:pids-limit-not-set", "kics:221e0658-cb2a-44e3-b08a-db96a341d6fa"],
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Processes are a resource of the host: a program that forks without end leaves none for anybody else, and the host cannot even " +
      "be logged in to.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/services/#pids_limit",
    "CIS 5.29",
    "CWE-770",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
  securitySeverity: 4.3,
  check: {
    *service(service, { project }) {
      const ceiling = ceilingOf(service.limits.pids);
      if (ceiling.kind === "lifted") {
        const { text, range, keyRange } = ceiling.value;
        const key = keyRange === undefined ? "pids_limit" : keyRange.source.slice(keyRange);
        const message = `\`${key}: ${text}\` lets \`${service.name}\` fork without end; set a number such as \`200\``;
        yield { kind: "unlimited", range, message };
        return;
      }
      if (ceiling.kind !== "absent" || operationOf(service, project) !== "steady") return;
      const message = `\`${service.name}\` may start processes without end; set \`pids_limit\``;
      yield { kind: "missing", ...placeOfLimit(service, "pids_limit", "pids"), message };
    },
  },
  examples: {
    bad: [
      {
        name: "switched off",
        kind: "unlimited",
        message: "`pids_limit: -1` lets `worker` fork without end",
        severity: "warning",
        preset: "recommended",
        files: { "compose.yaml": ["services:", "  worker:", "    image: api:1.2.0", "    pids_limit: «-1»"] },
      },
      {
        name: "zero, and the other spelling",
        kind: "unlimited",
        files: {
          "compose.yaml": [
            "services:",
            "  worker: { image: 'api:1.2.0', pids_limit: «0» }",
            "  api: { image: 'api:1.2.0', deploy: { resources: { limits: { pids: «-1» } } } }",
          ],
        },
      },
      {
        name: "no limit",
        kind: "missing",
        message: "`api` may start processes without end",
        preset: "strict",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: api:1.2.0"] },
      },
      {
        name: "no limit beside others",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy: { resources: { «limits»: { memory: 1g } } }",
          ],
        },
      },
    ],
    good: [
      {
        name: "a number",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', pids_limit: 200 }",
            "  web: { image: 'nginx:1.27.4', deploy: { resources: { limits: { pids: 100 } } } }",
          ],
        },
      },
      {
        name: "a value that nobody knows, and a job",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', pids_limit: '${PIDS}' }",
            "  migrate: { image: 'api:1.2.0', restart: 'no' }",
          ],
        },
      },
      {
        name: "nothing is asked for by default",
        preset: "recommended",
        files: { "compose.prod.yaml": ["services:", "  api: { image: 'api:1.2.0' }"] },
      },
    ],
  },
});
