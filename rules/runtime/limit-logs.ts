import type { KeyValue, KeyValues, Logging, Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import { logOptionFlaws } from "../../src/project/log-options.js";
import { operationOf } from "../../src/project/resource-limits.js";
import { addSettings, placeOfAbsence } from "../../src/project/service-settings.js";
import { keysAfter } from "../../src/project/yaml-insertion.js";
import type { Edit } from "../../src/text/source.js";

const options = {
  driver: option.choice({
    words: ["json-file", "daemon"],
    default: "json-file",
    description: "What services without a driver get; `daemon` says that the configuration of the engine rotates logs.",
  }),
  maxFiles: option.number({ default: 0, description: "Most files that `max-file` may keep; 0 means any number." }),
};

type Context = RuleContext<typeof options>;

export default defineRule({
  id: "runtime/limit-logs",
  summary: "Logs are kept, and cannot fill the disk",
  levels: { recommended: ["warning", "info", "off"], checklist: ["warning", "off"], strict: ["warning", "info"] },
  kinds: {
    unbounded: { summary: "logs without `max-size`" },
    none: {
      summary: "logs that nobody keeps",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
      aliases: ["compose-lint:CL-0014"],
    },
    "bad-option": {
      summary: "an option that has no effect, or goes beyond the policy",
      levels: { recommended: ["warning", "info"], checklist: ["warning", "info"], strict: "warning" },
    },
    "refused-option": {
      summary: "an option that the engine refuses",
      levels: { recommended: "error", checklist: "error", strict: "error" },
    },
    "no-history": {
      summary: "`max-size` without `max-file`: each rotation drops what was there",
      levels: { recommended: "off", checklist: ["warning", "off"], strict: ["warning", "info"] },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "The default driver writes one file per container and never ends it. A service that logs an error in a loop fills the disk of " +
      "its host in a night, and every other service stops with it.",
    "Without logs at all nobody can tell what happened.",
  ],
  references: [
    "https://docs.docker.com/engine/logging/drivers/json-file/",
    "https://docs.docker.com/engine/logging/configure/",
    "CWE-779",
    "CWE-778",
  ],
  securitySeverity: 3.7,
  options,
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "no limit in production",
        kind: "unbounded",
        message: "logs of `api` grow without bound",
        severity: "warning",
        preset: "recommended",
        files: { "compose.prod.yaml": ["services:", "  «api»:", "    image: api:1.2.0"] },
        fixed: {
          "compose.prod.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      options:",
            '        max-size: "10m"',
            '        max-file: "3"',
          ],
        },
      },
      {
        name: "the driver alone",
        kind: "unbounded",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: api:1.2.0", "    «logging»:", "      driver: json-file"],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      options:",
            '        max-size: "10m"',
            '        max-file: "3"',
          ],
        },
      },
      {
        name: "a number of files without their size does nothing",
        kind: "unbounded",
        message: "`max-file` does nothing without `max-size`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      «options»:",
            '        max-file: "3"',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      options:",
            '        max-file: "3"',
            '        max-size: "10m"',
          ],
        },
      },
      {
        name: "a size that is no limit",
        kind: "unbounded",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', logging: { driver: json-file, options: { max-size: «'-1'», max-file: '3' } } }",
          ],
        },
      },
      {
        name: "no logs at all",
        kind: "none",
        message: "`none` throws the logs of `api` away",
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', logging: { driver: «none» } }"] },
      },
      {
        name: "options that the engine refuses",
        kind: "refused-option",
        message: "did you mean `max-size`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', logging: { driver: local, options: { «max_size»: 10m } } }",
            "  web: { image: 'nginx:1.27.4', logging: { driver: local, options: { max-size: «10 megabytes», max-file: «many» } } }",
            "  worker: { image: 'api:1.2.0', logging: { driver: journald, options: { mode: «async», «max-size»: 10m } } }",
            "  mailer: { image: 'api:1.2.0', logging: { driver: local, options: { «max-buffer-size»: 4m, compress: «maybe» } } }",
          ],
        },
      },
      {
        name: "compression of one file",
        kind: "refused-option",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging: { driver: json-file, options: { max-size: 10m, max-file: '1', «compress»: 'true' } }",
          ],
        },
      },
      {
        name: "more files than the policy allows",
        kind: "bad-option",
        options: { maxFiles: 10 },
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', logging: { driver: json-file, options: { max-size: 10m, max-file: «'50'» } } }",
          ],
        },
      },
      {
        name: "one file, whose rotation drops all",
        kind: "no-history",
        preset: "checklist",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      «options»:",
            "        max-size: 10m",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: api:1.2.0",
            "    logging:",
            "      driver: json-file",
            "      options:",
            "        max-size: 10m",
            '        max-file: "3"',
          ],
        },
      },
    ],
    good: [
      {
        name: "bounded, by its own driver or another",
        files: {
          "compose.yaml": [
            "x-logging: &logging { driver: json-file, options: { max-size: 10m, max-file: '3' } }",
            "services:",
            "  api: { image: 'api:1.2.0', logging: *logging }",
            "  web: { image: 'nginx:1.27.4', logging: { options: { max-size: 10m, max-file: 3 } } }",
            "  worker: { image: 'api:1.2.0', logging: { driver: local } }",
            "  mailer: { image: 'api:1.2.0', logging: { driver: journald, options: { tag: mailer } } }",
            "  cache: { image: 'redis:7.4', logging: { driver: loki, options: { loki-url: 'http://loki:3100' } } }",
            "  queue: { image: 'rabbitmq:4.0', logging: { driver: fluentd, options: { fluentd-async: 'true', mode: non-blocking, max-buffer-size: 4m } } }",
          ],
        },
      },
      {
        name: "values that nobody knows",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', logging: { driver: '${LOG_DRIVER}' } }",
            "  web: { image: 'nginx:1.27.4', logging: { options: { max-size: '${SIZE}', max-file: '${FILES}' } } }",
          ],
        },
      },
      {
        name: "the engine rotates",
        options: { driver: "daemon" },
        files: { "compose.yaml": ["services:", "  api: { image: 'api:1.2.0' }"] },
      },
      {
        name: "jobs, tools, and what cannot be read",
        files: {
          "compose.yaml": [
            "services:",
            "  migrate: { image: 'api:1.2.0', restart: 'no', logging: { driver: none } }",
            "  adminer: { image: 'adminer:5.0.2' }",
            "  api: { image: 'api:1.2.0', extends: { file: ../base.yaml, service: api } }",
          ],
        },
      },
      {
        name: "one file, where nobody asks for more",
        preset: "recommended",
        files: {
          "compose.yaml": ["services:", "  api: { image: 'api:1.2.0', logging: { options: { max-size: 10m } } }"],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  if (service.hasProvider) return;
  const { logging } = service;
  if (logging === undefined) {
    if (ctx.options.driver === "daemon" || operationOf(service, ctx.project) !== "steady") return;
    // A text in place of the block is no configuration, and `compose/use-valid-schema` says so.
    if (service.node.entries.get("logging")?.value.kind === "sequence") return;
    const lines = ["logging:", "  driver: json-file", "  options:", ...LIMITS.map((line) => `    ${line}`)];
    yield {
      kind: "unbounded",
      ...placeOfAbsence(service, "logging"),
      message: `logs of \`${service.name}\` grow without bound; set \`max-size\` and \`max-file\`, or use \`driver: local\``,
      fix: fixWith(addSettings(service, lines)),
    };
    return;
  }
  const driver = logging.driver === undefined ? "json-file" : logging.driver.value;
  if (driver === "none") {
    const range = logging.driver?.range ?? logging.keyRange;
    if (service.isDevTool || operationOf(service, ctx.project) === "job") return;
    yield {
      kind: "none",
      range,
      message: `\`none\` throws the logs of \`${service.name}\` away; use \`driver: local\``,
    };
    return;
  }
  for (const { kind, range, message } of logOptionFlaws(logging)) {
    yield { kind: kind === "refused" ? "refused-option" : "bad-option", range, message };
  }
  yield* tooManyFiles(logging, ctx);
  if (driver === "json-file") yield* checkBounds(service, logging, ctx);
}

const LIMITS = ['max-size: "10m"', 'max-file: "3"'];

function* tooManyFiles({ options: given }: Logging, { options: { maxFiles } }: Context): Iterable<Finding> {
  const files = given.get("max-file")?.value;
  const count = Number(files?.value);
  if (maxFiles <= 0 || files === undefined || !(count > maxFiles)) return;
  const message = `\`max-file: ${files.text}\` keeps more files than the policy allows; keep at most ${maxFiles}`;
  yield { kind: "bad-option", range: files.range, message };
}

function* checkBounds(service: Service, logging: Logging, ctx: Context): Iterable<Finding> {
  const { driver, options: given } = logging;
  const size = given.get("max-size");
  const place = service.entryAt("logging", "options")?.keyRange ?? logging.keyRange;
  if (size !== undefined && size.value?.value !== "-1") {
    if (given.get("max-file") !== undefined || operationOf(service, ctx.project) !== "steady") return;
    const message = `logs of \`${service.name}\` keep one file, and each rotation drops it; set \`max-file\``;
    yield { kind: "no-history", range: place, message, fix: fixWith(afterOption(given, size, LIMITS.slice(1))) };
    return;
  }
  if (driver === undefined && ctx.options.driver === "daemon") return;
  if (operationOf(service, ctx.project) !== "steady") return;
  if (given.entries.some(({ key }) => key.includes("$"))) return;
  const files = given.get("max-file");
  const message =
    files === undefined || size !== undefined
      ? `logs of \`${service.name}\` grow without bound; set \`max-size\` and \`max-file\``
      : `logs of \`${service.name}\` grow without bound: \`max-file\` does nothing without \`max-size\`; set that too`;
  yield { kind: "unbounded", range: size?.value?.range ?? place, message, fix: limitFix(logging) };
}

/** Completes the block where it is written. */
function limitFix({ node, driver, options: given }: Logging): Fix | undefined {
  if (given.get("max-size") !== undefined) return undefined;
  const last = given.entries.at(-1);
  if (last !== undefined)
    return fixWith(afterOption(given, last, given.get("max-file") === undefined ? LIMITS : LIMITS.slice(0, 1)));
  if (driver?.keyRange === undefined || given.node !== undefined || driver.via.length > 0) return undefined;
  return fixWith(keysAfter(node, driver.keyRange, driver.range, ["options:", ...LIMITS.map((line) => `  ${line}`)]));
}

function afterOption(
  { node }: KeyValues,
  { form, keyRange, value }: KeyValue,
  lines: readonly string[],
): Edit | undefined {
  if (form !== "mapping" || node === undefined || value === undefined || value.via.length > 0) return undefined;
  return keysAfter(node, keyRange, value.range, lines);
}

/** Unsafe: what is older than the limits is no longer kept. */
function fixWith(edit: Edit | undefined): Fix | undefined {
  if (edit === undefined) return undefined;
  return { description: "keep three files of 10 MB", safety: "unsafe", edits: [edit] };
}
