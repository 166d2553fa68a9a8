import { defineRule, option } from "../../src/engine/rule.js";
import { resourceConflicts } from "../../src/project/resource-conflicts.js";

const options = {
  maxCpus: option.number({ default: 0, description: "Number of CPUs of the largest host; 0 means that nobody knows." }),
};

export default defineRule({
  id: "runtime/agree-on-resources",
  summary: "Resource settings do not contradict each other",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  kinds: {
    refused: { summary: "Compose or the engine refuses it" },
    doubtful: {
      summary: "it starts, and cannot use what it is given",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Most limits can be written in two places, and Compose loads nothing where they differ. A reservation above the limit, or swap " +
      "without memory, is refused when the container is created: on the server, not where the file was written.",
    "A heap as large as the limit ends in a process that the kernel kills before it collects any garbage.",
  ],
  references: [
    "https://docs.docker.com/reference/compose-file/deploy/#resources",
    "https://docs.docker.com/engine/containers/resource_constraints/",
    "CIS 5.19",
  ],
  options,
  mentions: { compose: ["limit", "cpus", "scale", "replicas", "ulimits", "reservation"] },
  check: {
    *service(service, { options: { maxCpus } }) {
      if (!service.hasProvider) yield* resourceConflicts(service, maxCpus);
    },
  },
  examples: {
    bad: [
      {
        name: "two spellings of the CPU limit",
        kind: "refused",
        message: "`cpus: 0.5` and `limits.cpus: 1` disagree",
        severity: "error",
        preset: "recommended",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    cpus: 0.5",
            "    deploy:",
            "      resources:",
            "        limits:",
            '          cpus: «"1"»',
          ],
        },
      },
      {
        name: "two spellings of the memory limit, the number of processes, and the reservation",
        kind: "refused",
        message: "`mem_limit: 512m` and `limits.memory: 1g` disagree",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', mem_limit: 512m, deploy: { resources: { limits: { memory: «1g» } } } }",
            "  web: { image: 'nginx:1.27.4', deploy: { resources: { limits: { pids: 100 } } }, pids_limit: «200» }",
            "  worker:",
            "    image: api:1.2.0",
            "    mem_reservation: 64m",
            "    deploy: { resources: { reservations: { memory: «128m» } } }",
          ],
        },
      },
      {
        name: "in a file that completes another",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', deploy: { resources: { limits: { memory: 1g } } } }",
          ],
          "compose.override.yaml": ["services:", "  api: { mem_limit: «512m» }"],
        },
      },
      {
        name: "numbers of containers",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', scale: 2, deploy: { replicas: «3» } }",
            "  worker: { image: 'api:1.2.0', scale: «-1» }",
          ],
        },
      },
      {
        name: "more reserved than allowed",
        kind: "refused",
        message: "`1G` is reserved, but the limit is `512M`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy: { resources: { limits: { memory: «512M» }, reservations: { memory: 1G } } }",
          ],
        },
      },
      {
        name: "less than the engine allows",
        kind: "refused",
        message: "is the unit missing?",
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', mem_limit: «512» }"] },
      },
      {
        name: "swap",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', memswap_limit: «1g» }",
            "  worker: { image: 'api:1.2.0', mem_limit: 2g, memswap_limit: «1g» }",
          ],
        },
      },
      {
        name: "a soft limit above the hard one",
        kind: "refused",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', ulimits: { nofile: { soft: «65536», hard: 1024 } } }",
          ],
        },
      },
      {
        name: "memory that is as large as the limit",
        kind: "doubtful",
        severity: "warning",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:17.4', mem_limit: 512m, shm_size: «1g», command: postgres -c «shared_buffers=1GB» }",
            "  api: { image: 'api:1.2.0', mem_limit: 512m, environment: { JAVA_OPTS: '-server «-Xmx1g» -XX:+UseG1GC' } }",
            "  web: { image: 'node:22.14.0', mem_limit: 512m, command: node «--max-old-space-size=512» server.js }",
            "  job: { image: 'api:1.2.0', mem_limit: 64m, tmpfs: ['/tmp:size=32m', '/cache:size=«64m»'] }",
          ],
        },
      },
      {
        name: "more CPUs reserved than allowed, and than there are",
        kind: "doubtful",
        options: { maxCpus: 8 },
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', deploy: { resources: { limits: { cpus: «'1'» }, reservations: { cpus: '2' } } } }",
            "  worker: { image: 'api:1.2.0', cpus: «16» }",
          ],
        },
      },
    ],
    good: [
      {
        name: "equal values in different units",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', cpus: 0.5, deploy: { resources: { limits: { cpus: '0.50' } } } }",
            "  web: { image: 'nginx:1.27.4', mem_limit: 512M, deploy: { resources: { limits: { memory: 0.5g } } } }",
            "  worker: { image: 'api:1.2.0', scale: 2, deploy: { replicas: 2 } }",
          ],
        },
      },
      {
        name: "settings that fit each other",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.4",
            "    mem_limit: 2g",
            "    mem_reservation: 1g",
            "    memswap_limit: -1",
            "    shm_size: 256m",
            "    command: postgres -c shared_buffers=512MB",
            "    tmpfs: /tmp:size=64m",
            "    ulimits: { nofile: { soft: 1024, hard: 65535 }, memlock: { soft: -1, hard: -1 } }",
            "  api: { image: 'api:1.2.0', mem_limit: 1g, memswap_limit: 1g, environment: [JAVA_OPTS=-Xmx512m] }",
          ],
        },
      },
      {
        name: "values that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', mem_limit: '${MEM}', deploy: { resources: { limits: { memory: 1g } } } }",
            "  worker: { image: 'api:1.2.0', mem_limit: '${MEM}', memswap_limit: 1g }",
          ],
        },
      },
    ],
  },
});
