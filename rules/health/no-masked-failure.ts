import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { type MaskedFailure, maskedFailures } from "../../src/project/probe-result.js";
import { type Probe, probeOfService, probeOfStage } from "../../src/project/probes.js";

export default defineRule({
  id: "health/no-masked-failure",
  summary: "A failing service makes the probe fail",
  levels: { recommended: "warning", strict: "warning" },
  kinds: {
    "http-status": { summary: "curl that succeeds on an error answer" },
    masked: { summary: "a command behind the probe hides its failure" },
    constant: { summary: "a probe that cannot fail" },
    "exit-code": {
      summary: "a probe that fails with another code than 1",
      levels: { recommended: "off", strict: "off", style: "info" },
    },
  },
  roles: "all",
  fixable: "sometimes",
  why: [
    "A probe that succeeds whatever happens is worse than none: the container is called healthy while it answers every " +
      "request with an error, and whatever waits for it or would restart it believes that.",
  ],
  references: ["https://docs.docker.com/reference/dockerfile/#healthcheck", "https://curl.se/docs/manpage.html#-f"],
  mentions: { dockerfile: ["healthcheck"], compose: ["healthcheck"] },
  check: {
    stage: (stage) => checkProbe(stageProbe(stage)),
    service: (service, { project }) => checkProbe(serviceProbe(service, project)),
  },
  examples: {
    bad: [
      {
        name: "curl succeeds on a 500",
        kind: "http-status",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD «curl» http://localhost/ || exit 1"] },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f http://localhost/ || exit 1"] },
      },
      {
        name: "exec form too",
        kind: "http-status",
        files: { Dockerfile: ["FROM nginx:1.27.4", 'HEALTHCHECK CMD ["«curl»", "http://localhost/"]'] },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", 'HEALTHCHECK CMD ["curl", "-f", "http://localhost/"]'] },
      },
      {
        name: "a list in Compose",
        kind: "http-status",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "«curl»", "-s", "http://localhost/"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            "    healthcheck:",
            '      test: ["CMD", "curl", "-f", "-s", "http://localhost/"]',
          ],
        },
      },
      {
        name: "true behind the probe",
        kind: "masked",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f http://localhost/ || «true»"] },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f http://localhost/ || exit 1"] },
      },
      {
        name: "a line in the log in its place",
        kind: "masked",
        files: { Dockerfile: ["FROM redis:8.2.2", "HEALTHCHECK CMD redis-cli ping || «echo failed»"] },
        fixed: { Dockerfile: ["FROM redis:8.2.2", "HEALTHCHECK CMD redis-cli ping || exit 1"] },
      },
      {
        name: "success as the last word",
        kind: "masked",
        files: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: pg_isready; «exit 0»",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck:",
            "      test: pg_isready; exit 1",
          ],
        },
      },
      {
        name: "a pipe into a program that always succeeds",
        kind: "masked",
        files: { Dockerfile: ["FROM redis:8.2.2", "HEALTHCHECK CMD redis-cli ping | «cat»"] },
      },
      {
        name: "no probe at all",
        kind: "constant",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD «exit 0»"] },
      },
      {
        name: "no probe at all in Compose",
        kind: "constant",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    image: nginx:1.27.4",
            '    healthcheck: {test: [CMD, «"true"»]}',
          ],
        },
      },
      {
        name: "curl fails with 22",
        kind: "exit-code",
        preset: "style",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD «curl» -f http://localhost/"] },
        fixed: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -f http://localhost/ || exit 1"] },
      },
    ],
    good: [
      {
        name: "the probe fails with the service",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -fsS http://localhost/ || exit 1"] },
      },
      {
        name: "the long option",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl --fail http://localhost/ || exit 1"] },
      },
      {
        name: "the status is looked at",
        files: {
          Dockerfile: [
            "FROM nginx:1.27.4",
            "HEALTHCHECK CMD test \"$(curl -s -o /dev/null -w '%{http_code}' http://localhost/)\" = 200 || exit 1",
          ],
        },
      },
      {
        name: "the answer is looked at",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl -s http://localhost/ | grep -q ready || exit 1"],
        },
      },
      {
        name: "wget fails on an error answer",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK CMD wget -qO- http://localhost/ || exit 1"] },
      },
      {
        name: "a script that stops at the first error",
        files: { Dockerfile: ["FROM redis:8.2.2", "HEALTHCHECK CMD set -e; redis-cli ping; true"] },
      },
      {
        name: "curl over a protocol without status",
        files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK CMD curl telnet://localhost:25 || exit 1"] },
      },
      {
        name: "another program decides",
        files: { Dockerfile: ["FROM node:24.11.0", 'HEALTHCHECK CMD ["node", "probe.js"]'] },
      },
      { name: "switched off", files: { Dockerfile: ["FROM nginx:1.27.4", "HEALTHCHECK NONE"] } },
    ],
  },
});

function stageProbe(stage: StageView): Probe | undefined {
  return stage.isWindows ? undefined : probeOfStage(stage);
}

function serviceProbe(service: Service, project: RuleContext["project"]): Probe | undefined {
  return service.isWindows ? undefined : probeOfService(service, project);
}

function* checkProbe(probe: Probe | undefined): Iterable<Finding> {
  for (const failure of probe === undefined ? [] : maskedFailures(probe)) {
    yield { kind: failure.kind, range: failure.range, message: messageFor(failure), fix: fixFor(failure) };
  }
}

function messageFor({ kind, what }: MaskedFailure): string {
  switch (kind) {
    case "http-status":
      return `\`${what}\` succeeds on an error answer such as 500; add \`-f\``;
    case "masked":
      return `\`${what}\` makes the probe succeed when the service fails; end with \`|| exit 1\``;
    case "constant":
      return `\`${what}\` always succeeds, so nothing is probed; ask the service`;
    default:
      return `\`${what}\` fails with a code other than 1; add \`|| exit 1\``;
  }
}

function fixFor({ kind, insertion, replacement, ending }: MaskedFailure): Fix | undefined {
  if (kind === "http-status" && insertion !== undefined) {
    return { description: "add `-f`", safety: "safe", edits: [insertion] };
  }
  if (kind === "exit-code" && ending !== undefined) {
    return {
      description: "add `|| exit 1`",
      safety: "safe",
      edits: [{ range: ending.source.range(ending.end, ending.end), text: " || exit 1" }],
    };
  }
  // Unsafe: a check that could not fail begins to.
  if (kind !== "masked" || replacement === undefined) return undefined;
  return { description: "fail with `exit 1`", safety: "unsafe", edits: [{ range: replacement, text: "exit 1" }] };
}
