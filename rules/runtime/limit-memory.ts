import type { Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, option, type RuleContext } from "../../src/engine/rule.js";
import { ceilingOf, operationOf, placeOfLimit } from "../../src/project/resource-limits.js";
import { parseByteSize } from "../../src/values/byte-size.js";

const options = {
  min: option.string({ default: "", description: "Smallest limit that is enough for any service: `64m`." }),
  max: option.string({ default: "", description: "Largest limit that any service may have: `4g`." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "runtime/limit-memory",
  summary: "Memory has a ceiling",
  levels: { recommended: ["warning", "info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  kinds: {
    missing: {
      summary: "no limit at all",
      aliases: ["kics:memory-not-limited", "kics:bb9ac4f7-e13b-423d-a010-c74a1bfbe492", "compose-lint:CL-0026"],
    },
    "out-of-range": {
      summary: "a limit outside of what the policy says",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
  },
  roles: "all",
  fixable: "never",
  why: [
    "Without a limit one container can take all memory of its host. Then the kernel ends processes, and not only those of the " +
      "container that leaks.",
  ],
  references: [
    "https://docs.docker.com/engine/containers/resource_constraints/#memory",
    "https://docs.docker.com/reference/compose-file/deploy/#resources",
    "CIS 5.11",
    "CWE-400",
    "https://cheatsheetseries.owasp.org/cheatsheets/Docker_Security_Cheat_Sheet.html",
  ],
  securitySeverity: 4.3,
  options,
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "no limit",
        kind: "missing",
        message: "`api` may take all memory of its host",
        severity: "info",
        preset: "recommended",
        files: { "compose.yaml": ["services:", "  «api»:", "    image: api:1.2.0"] },
      },
      {
        name: "no limit in production",
        kind: "missing",
        severity: "warning",
        preset: "recommended",
        files: { "compose.prod.yaml": ["services:", "  «api»:", "    image: api:1.2.0"] },
      },
      {
        name: "a limit for the CPU alone",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy:",
            "      resources:",
            "        «limits»:",
            '          cpus: "1"',
          ],
        },
      },
      {
        name: "a reservation is no limit",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy:",
            "      «resources»:",
            "        reservations: { memory: 128M }",
          ],
        },
      },
      {
        name: "replicas alone, and the key of a reservation",
        kind: "missing",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    «deploy»: { replicas: 2 }",
            "  «worker»:",
            "    image: api:1.2.0",
            "    mem_reservation: 128m",
          ],
        },
      },
      {
        name: "zero, which means no limit",
        kind: "missing",
        message: "`0` is no limit",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    mem_limit: «0»",
            "  worker:",
            "    image: api:1.2.0",
            "    deploy: { resources: { limits: { memory: «0» } } }",
            "  web:",
            "    image: nginx:1.27.4",
            "    mem_limit: «${MEM:-0}»",
          ],
        },
      },
      {
        name: "taken away by an override",
        kind: "missing",
        files: {
          "compose.yaml": ["services:", "  «api»:", "    image: api:1.2.0", "    mem_limit: 512m"],
          "compose.override.yaml": ["services:", "  api:", "    mem_limit: !reset null"],
        },
      },
      {
        name: "a job is a note",
        kind: "missing",
        severity: "info",
        preset: "checklist",
        files: {
          "compose.yaml": ["services:", "  «migrate»:", "    image: api:1.2.0", '    restart: "no"'],
        },
      },
      {
        name: "outside of what the policy says",
        kind: "out-of-range",
        message: "`16g` is more than `8g`",
        options: { min: "64m", max: "8g" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    mem_limit: «16g»",
            "  worker:",
            "    image: api:1.2.0",
            "    deploy: { resources: { limits: { memory: «16M» } } }",
          ],
        },
      },
    ],
    good: [
      {
        name: "limits in both spellings",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    deploy:",
            "      resources:",
            "        limits:",
            '          cpus: "1.0"',
            "          memory: 512M",
            "  worker:",
            "    image: api:1.2.0",
            "    mem_limit: 512m",
          ],
        },
      },
      {
        name: "a value that nobody knows",
        files: { "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    mem_limit: ${MEM}"] },
      },
      {
        name: "set by the file that completes this one, an anchor, and `extends`",
        files: {
          "compose.yaml": [
            "x-limits: &limits",
            "  mem_limit: 256m",
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "  worker:",
            "    image: api:1.2.0",
            "    <<: *limits",
            "  mailer:",
            "    extends: { service: worker }",
          ],
          "compose.override.yaml": ["services:", "  api:", "    mem_limit: 512m"],
        },
      },
      {
        name: "what is extended cannot be read",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    extends: { file: ../common/base.yaml, service: api }",
          ],
        },
      },
      {
        name: "tools of developers",
        files: {
          "compose.yaml": [
            "services:",
            "  adminer:",
            "    image: adminer:5.0.2",
            "  debugger:",
            "    image: api:1.2.0",
            "    profiles: [debug]",
          ],
        },
      },
      {
        name: "development",
        preset: "recommended",
        files: { "compose.dev.yaml": ["services:", "  api:", "    image: api:1.2.0"] },
      },
      {
        name: "a limit within the range of the policy, a value that nobody knows, and a provider",
        options: { min: "64m", max: "8g" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    mem_limit: 8g",
            "  worker:",
            "    image: api:1.2.0",
            "    mem_limit: ${MEM:?}",
            "  database:",
            "    provider: { type: awesomecloud }",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const ceiling = ceilingOf(service.limits.memoryBytes);
  if (ceiling.kind === "unknown") return;
  if (ceiling.kind === "set") {
    const message = outOfRange(ceiling.value, ctx);
    if (message !== undefined) yield { kind: "out-of-range", range: ceiling.value.range, message };
    return;
  }
  const operation = operationOf(service, ctx.project);
  if (operation === "unjudged" || operation === "tool") return;
  const atMost = operation === "job" ? "info" : undefined;
  const remedy = "set `deploy.resources.limits.memory`";
  if (ceiling.kind === "lifted") {
    const { text, range } = ceiling.value;
    yield {
      kind: "missing",
      range,
      message: `\`${text}\` is no limit for the memory of \`${service.name}\`; ${remedy}`,
      atMost,
    };
    return;
  }
  const message = `\`${service.name}\` may take all memory of its host; ${remedy}`;
  yield { kind: "missing", ...placeOfLimit(service, "mem_limit", "memory"), message, atMost };
}

function outOfRange({ value, text }: Value<number>, { options: { min, max } }: Context): string | undefined {
  if (value === undefined || (min === "" && max === "")) return undefined;
  const [smallest, largest] = [sizeOf(min), sizeOf(max)];
  if (smallest !== undefined && value < smallest)
    return `\`${text}\` is less than \`${min}\`, which the policy asks for`;
  if (largest !== undefined && value > largest) return `\`${text}\` is more than \`${max}\`, which the policy allows`;
  return undefined;
}

function sizeOf(text: string): number | undefined {
  const size = parseByteSize(text);
  return size.kind === "size" ? size.sizeBytes : undefined;
}
