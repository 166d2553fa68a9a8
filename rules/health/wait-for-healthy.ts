import type { Dependency, Service } from "../../src/compose/model.js";
import type { Value } from "../../src/compose/node-model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { endsNever, isMigrationJob } from "../../src/project/job-view.js";
import { healthcheckOfService, kindOfService } from "../../src/project/service-view.js";
import { mayFailAtStart } from "../../src/project/slow-start.js";
import { holdsAnchor, isBrought } from "../../src/project/yaml-removal.js";

export default defineRule({
  id: "health/wait-for-healthy",
  summary: "`depends_on` conditions can be met and are useful",
  levels: { recommended: "error", strict: "error" },
  kinds: {
    "no-healthcheck": { summary: "waits for the health of a service that has no check" },
    "started-only": {
      summary: "does not wait for the check that is there",
      levels: { recommended: "info", strict: "info" },
    },
    "completed-on-daemon": {
      summary: "waits for the end of a service that never ends",
      levels: { recommended: "warning", strict: "warning" },
    },
    "job-started-only": {
      summary: "does not wait for the end of a job that prepares data",
      levels: { recommended: "info", strict: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A condition that cannot be met makes `docker compose up` fail or wait for ever. A dependency that is only started says " +
      "nothing of whether it answers: the first requests of the dependant meet a database that still initialises.",
  ],
  references: ["https://docs.docker.com/compose/how-tos/startup-order/"],
  yieldsTo: ["compose/replace-lists#downgraded"],
  mentions: { compose: ["depends_on"] },
  check: { service: checkService },
  examples: {
    bad: [
      {
        name: "a condition that services without a check share is for people to change",
        kind: "started-only",
        files: {
          "compose.yaml": [
            "x-started: &started",
            "  condition: «service_started»",
            "services:",
            "  api:",
            "    image: acme/api:1.4.0",
            "    depends_on:",
            "      cache: { <<: *started }",
            "      mail: { <<: *started }",
            "  cache:",
            "    image: memcached:1.6.38",
            "    healthcheck: { test: echo stats | nc 127.0.0.1 11211, start_period: 10s }",
            "  mail: { image: 'acme/mail:1.4.0' }",
          ],
        },
      },
      {
        name: "nothing checks the health that is waited for",
        kind: "no-healthcheck",
        message: "`db`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      db:",
            "        condition: «service_healthy»",
            "  db:",
            "    image: postgres:17.6",
          ],
        },
      },
      {
        name: "the check is switched off",
        kind: "no-healthcheck",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: «service_healthy»}}",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {disable: true}",
          ],
        },
      },
      {
        name: "the short form does not wait",
        kind: "started-only",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      - «db»",
            "      - mail",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready], start_period: 30s}",
            "  mail:",
            "    image: ghcr.io/acme/mail:2.0.0",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      db:",
            "        condition: service_healthy",
            "      mail:",
            "        condition: service_started",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready], start_period: 30s}",
            "  mail:",
            "    image: ghcr.io/acme/mail:2.0.0",
          ],
        },
      },
      {
        name: "a database that has no time to start: waiting for it would fail now and then",
        kind: "started-only",
        message: "set `start_period`",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      - «db»",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready]}",
          ],
        },
      },
      {
        name: "a condition that says started",
        kind: "started-only",
        files: {
          Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK CMD wget -q --spider http://127.0.0.1:80/"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      web:",
            "        condition: «service_started»",
            "  web:",
            "    build: .",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      web:",
            "        condition: service_healthy",
            "  web:",
            "    build: .",
          ],
        },
      },
      {
        name: "a service that starts again and again never completes",
        kind: "completed-on-daemon",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {queue: {condition: «service_completed_successfully»}}",
            "  queue:",
            "    image: ghcr.io/acme/queue:1.0.0",
            "    restart: unless-stopped",
          ],
        },
      },
      {
        name: "a database never completes",
        kind: "completed-on-daemon",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: «service_completed_successfully»}}",
            "  db:",
            "    image: postgres:17.6",
          ],
        },
      },
      {
        name: "sleeping for ever",
        kind: "completed-on-daemon",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {shell: {condition: «service_completed_successfully»}}",
            "  shell:",
            "    image: ghcr.io/acme/tools:1.0.0",
            "    command: sleep infinity",
          ],
        },
      },
      {
        name: "a migration that is only started",
        kind: "job-started-only",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on:",
            "      migrate:",
            "        condition: «service_started»",
            "  migrate:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    command: alembic upgrade head",
          ],
        },
      },
    ],
    good: [
      {
        name: "a check is there",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: service_healthy}}",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready]}",
          ],
        },
      },
      {
        name: "the image brings the check",
        files: {
          Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK CMD wget -q --spider http://127.0.0.1:80/"],
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {web: {condition: service_healthy}}",
            "  web:",
            "    build: .",
          ],
        },
      },
      {
        name: "an image of which nothing is known",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {auth: {condition: service_healthy}}",
            "  auth:",
            "    image: ghcr.io/acme/auth:3.1.0",
          ],
        },
      },
      {
        name: "not required",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: service_healthy, required: false}}",
            "  db:",
            "    image: postgres:17.6",
          ],
        },
      },
      {
        name: "a service that is not in these files",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: service_healthy}}",
          ],
        },
      },
      {
        name: "started is enough while developing",
        files: {
          "compose.dev.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: [db]",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready]}",
          ],
        },
      },
      {
        name: "a job that ends",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {migrate: {condition: service_completed_successfully}}",
            "  migrate:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    command: alembic upgrade head",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, ctx: RuleContext): Iterable<Finding> {
  for (const dependency of service.dependsOn) {
    const needed = service.variant.services.get(dependency.service);
    if (needed === undefined || !dependency.isRequired || needed.hasProvider) continue;
    const finding = judge(service, dependency, needed, ctx);
    if (finding !== undefined) yield finding;
  }
}

function judge(service: Service, dependency: Dependency, needed: Service, ctx: RuleContext): Finding | undefined {
  const range = dependency.condition?.range ?? dependency.range;
  const related = [{ range: needed.keyRange, message: `\`${needed.name}\` is defined here` }];
  const name = `\`${needed.name}\``;
  const { kind } = healthcheckOfService(needed, ctx.project);
  switch (dependency.effectiveCondition) {
    case "service_healthy": {
      if (kind !== "absent" && kind !== "disabled") return undefined;
      const what = kind === "absent" ? "has no healthcheck" : "has its healthcheck switched off";
      return {
        kind: "no-healthcheck",
        range,
        message: `\`${service.name}\` waits for ${name} to be healthy, but it ${what}; give ${name} a check`,
        related,
      };
    }
    case "service_completed_successfully": {
      if (!endsNever(needed, ctx.project)) return undefined;
      return {
        kind: "completed-on-daemon",
        range,
        message: `\`${service.name}\` waits for ${name} to end, which it never does; wait for \`service_healthy\``,
        related,
      };
    }
    case "service_started":
      return ctx.role.name === "production" ? startedOnly(service, dependency, needed, ctx) : undefined;
    default:
      return undefined;
  }
}

function startedOnly(
  service: Service,
  dependency: Dependency,
  needed: Service,
  { project }: RuleContext,
): Finding | undefined {
  const range = dependency.condition?.range ?? dependency.range;
  if (isMigrationJob(needed, project)) {
    return {
      kind: "job-started-only",
      range,
      message: `\`${needed.name}\` is only started; wait for its end with \`service_completed_successfully\``,
    };
  }
  if (healthcheckOfService(needed, project).kind !== "check" || kindOfService(needed, project) === "agent") {
    return undefined;
  }
  if (mayFailAtStart(needed, project)) {
    return {
      kind: "started-only",
      range,
      message: `\`${service.name}\` does not wait for the check of \`${needed.name}\`; set \`start_period\` there, then use \`service_healthy\``,
    };
  }
  return {
    kind: "started-only",
    range,
    message: `\`${needed.name}\` has a healthcheck that \`${service.name}\` does not wait for; use \`service_healthy\``,
    fix: waitFix(service, dependency, project),
  };
}

/** Safe: the same containers start; the dependant only starts later. */
function waitFix(service: Service, dependency: Dependency, project: RuleContext["project"]): Fix | undefined {
  const description = "wait with `condition: service_healthy`";
  const { condition } = dependency;
  if (condition !== undefined) {
    if (condition.text !== condition.range.source.slice(condition.range) || isShared(dependency, condition))
      return undefined;
    return { description, safety: "safe", edits: [{ range: condition.range, text: "service_healthy" }] };
  }
  if (dependency.form === "mapping") return undefined;
  const edits = [];
  for (const { service: name, range } of service.dependsOn) {
    const { source, start } = range;
    const line = source.lineSpan(source.positionAt(start).line);
    // Only a block list with an item per line can become a mapping by changing the items alone.
    const before = line === undefined ? undefined : /^([ ]*)-[ ]+$/.exec(source.text.slice(line.start, start));
    if (line === undefined || before === null || before === undefined) return undefined;
    if (source.text.slice(range.end, line.end).trim() !== "" || source !== dependency.range.source) return undefined;
    const needed = service.variant.services.get(name);
    const isChecked =
      needed !== undefined &&
      healthcheckOfService(needed, project).kind === "check" &&
      !mayFailAtStart(needed, project);
    const indent = before[1] ?? "";
    const state = isChecked ? "service_healthy" : "service_started";
    edits.push({
      range: source.range(line.start + indent.length, range.end),
      text: `${name}:\n${indent}  condition: ${state}`,
    });
  }
  return { description, safety: "safe", edits };
}

/** Whether an anchor makes a condition that of other services, too, which may have no check. */
function isShared({ range }: Dependency, { node, range: written }: Value<string>): boolean {
  if (isBrought(node) || range.source !== written.source) return true;
  return holdsAnchor(range.source.range(Math.min(range.start, written.start), written.end));
}
