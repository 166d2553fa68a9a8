import type { Service, Ulimit } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type RuleContext } from "../../src/engine/rule.js";
import { ceilingOf } from "../../src/project/resource-limits.js";
import { runsOneOf } from "../../src/project/service-program.js";
import { words } from "../../src/text/words.js";

/** The kernel's own ceiling of open files for a process (`fs.nr_open`), which engines start containers with. */
const MOST_FILES = 1_048_576;
/** From here on the kernel spares a process and takes its neighbours. */
const SPARED = -500;
/** Programs whose documentation asks for locked memory without a limit. */
const LOCKING = "elasticsearch opensearch vault openbao mssql/server azure-sql-edge";

export default defineRule({
  id: "runtime/no-lifted-limits",
  summary: "Built-in protections are not switched off",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    "oom-kill": { summary: "the kernel spares it when memory runs out" },
    "unbounded-oom": {
      summary: "the kernel spares it, and nothing limits its memory",
      levels: { recommended: ["error", "warning"], strict: "error" },
    },
    limits: { summary: "swap, ulimits and swappiness without a limit" },
    "core-dumps": {
      summary: "dumps of memory, which hold secrets",
      levels: { recommended: ["info", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "When memory runs out, the kernel ends what takes most of it. A container that it must not end holds on to its memory until " +
      "the host stands still, and others are ended in its place.",
    "A dump of memory is a copy of every password and key that the process held.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/resource_constraints/",
    "https://docs.docker.com/reference/compose-file/services/#oom_kill_disable",
    "CIS 5.19",
    "CWE-400",
  ],
  securitySeverity: 4.3,
  mentions: { compose: ["oom_", "memswap_limit", "ulimits", "mem_swappiness"] },
  check: {
    *service(service, ctx) {
      const { entries } = service.node;
      if (service.hasProvider) return;
      if (entries.has("oom_kill_disable")) yield* sparedByKernel(service);
      if (entries.has("oom_score_adj")) yield* rarelyEnded(service);
      if (entries.has("memswap_limit") || entries.has("mem_swappiness")) yield* swap(service);
      if (!entries.has("ulimits")) return;
      for (const ulimit of service.ulimits) yield* checkUlimit(ulimit, service, ctx);
    },
  },
  examples: {
    bad: [
      {
        name: "spared without a limit",
        kind: "unbounded-oom",
        message: "`oom_kill_disable` without a memory limit can hang the host",
        severity: "error",
        files: { "compose.yaml": ["services:", "  db:", "    image: api:1.2.0", "    oom_kill_disable: «true»"] },
      },
      {
        name: "spared",
        kind: "oom-kill",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'api:1.2.0', mem_limit: 1g, oom_kill_disable: «true» }",
            "  api: { image: 'api:1.2.0', oom_score_adj: «-1000» }",
          ],
        },
      },
      {
        name: "swap without end",
        kind: "limits",
        message: "`memswap_limit: -1` lets `api` swap without end",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', mem_limit: 1g, memswap_limit: «-1» }",
            "  worker: { image: 'api:1.2.0', mem_swappiness: «100» }",
          ],
        },
      },
      {
        name: "ulimits without a limit",
        kind: "limits",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    ulimits:",
            "      nproc: «-1»",
            "      memlock: { soft: 65536, hard: «-1» }",
            "      nofile:",
            "        soft: 1024",
            "        hard: «2000000»",
          ],
        },
      },
      {
        name: "both limits at once are one finding each",
        kind: "limits",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', ulimits: { memlock: { soft: «-1», hard: «-1» } } }",
          ],
        },
      },
      {
        name: "dumps in production",
        kind: "core-dumps",
        message: "`core: -1`",
        files: { "compose.prod.yaml": ["services:", "  api: { image: 'api:1.2.0', ulimits: { core: «-1» } }"] },
      },
    ],
    good: [
      {
        name: "limits that are there",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    oom_kill_disable: false",
            "    oom_score_adj: 300",
            "    mem_limit: 1g",
            "    memswap_limit: 2g",
            "    mem_swappiness: 60",
            "    ulimits: { nofile: { soft: 65535, hard: 65535 }, core: 0 }",
          ],
        },
      },
      {
        name: "what the documentation of an image asks for",
        files: {
          "compose.yaml": [
            "services:",
            "  search:",
            "    image: docker.elastic.co/elasticsearch/elasticsearch:8.17.0",
            "    ulimits: { memlock: { soft: -1, hard: -1 }, nofile: { soft: 65535, hard: 65535 } }",
            "  events:",
            "    image: clickhouse/clickhouse-server:24.8",
            "    ulimits: { nofile: { soft: 262144, hard: 262144 } }",
            "  db:",
            "    image: mcr.microsoft.com/mssql/server:2022-latest",
            "    ulimits: { memlock: -1 }",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', oom_kill_disable: '${SPARE}', ulimits: { nproc: '${N}' } }",
          ],
        },
      },
      {
        name: "dumps in development, and Windows",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', ulimits: { core: 1000000 } }",
            "  web: { image: 'mcr.microsoft.com/windows/servercore:ltsc2022', ulimits: { core: 0 } }",
          ],
        },
      },
    ],
  },
});

function* sparedByKernel(service: Service): Iterable<Finding> {
  const spared = service.booleanAt("oom_kill_disable");
  if (spared?.value !== true) return;
  const { kind } = ceilingOf(service.limits.memoryBytes);
  const { range } = spared;
  if (kind === "absent" || kind === "lifted") {
    const message = "`oom_kill_disable` without a memory limit can hang the host; set `mem_limit`, or remove it";
    yield { kind: "unbounded-oom", range, message };
    return;
  }
  const message = `\`oom_kill_disable\` keeps \`${service.name}\` hanging when its memory runs out; remove it`;
  yield { kind: "oom-kill", range, message };
}

function* rarelyEnded(service: Service): Iterable<Finding> {
  const score = service.numberAt("oom_score_adj");
  if (score?.value === undefined || score.value >= SPARED) return;
  const message = `\`oom_score_adj: ${score.text}\` has the kernel end others before \`${service.name}\`; use a number near 0`;
  yield { kind: "oom-kill", range: score.range, message };
}

function* swap(service: Service): Iterable<Finding> {
  const limit = service.bytesAt("memswap_limit");
  if (limit?.value === -1) {
    const message = `\`memswap_limit: -1\` lets \`${service.name}\` swap without end; set memory and swap together`;
    yield { kind: "limits", range: limit.range, message };
  }
  const swappiness = service.numberAt("mem_swappiness");
  if (swappiness?.value === 100) {
    const message = `\`mem_swappiness: 100\` swaps all that \`${service.name}\` can spare; use a smaller number`;
    yield { kind: "limits", range: swappiness.range, message };
  }
}

function* checkUlimit(ulimit: Ulimit, service: Service, { project, role }: RuleContext): Iterable<Finding> {
  const { name, soft, hard } = ulimit;
  if (name === "core") {
    const dump = [hard, soft].find((limit) => limit?.value !== undefined && limit.value !== 0);
    if (dump === undefined || role.name !== "production") return;
    const message = `\`core: ${dump.text}\` lets \`${service.name}\` write its memory, secrets and all, to disk; set it to \`0\``;
    yield { kind: "core-dumps", range: dump.range, message };
    return;
  }
  for (const limit of soft === hard ? [soft] : [soft, hard]) {
    if (limit?.value === undefined || !isLifted(name, limit, service, project)) continue;
    const message = `\`${name}: ${limit.text}\` lifts a limit of \`${service.name}\`; set the number that it needs`;
    yield { kind: "limits", range: limit.range, message };
  }
}

function isLifted(name: string, { value }: Value<number>, service: Service, project: RuleContext["project"]): boolean {
  if (value === undefined) return false;
  if (value !== -1) return name === "nofile" && value > MOST_FILES;
  return name !== "memlock" || !runsOneOf(new Set(words(LOCKING)), service, project);
}
