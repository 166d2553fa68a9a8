import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, type RuleContext } from "../../src/engine/rule.js";
import { mainProgramOf, stopSignalOf } from "../../src/project/main-program.js";
import type { Build } from "../../src/project/model.js";
import { kindOfService, servicesShipping } from "../../src/project/service-view.js";
import { startInsertion } from "../../src/project/start-insertion.js";
import { writtenSteps } from "../../src/project/written-steps.js";
import type { Range } from "../../src/text/source.js";
import { canonicalSignal } from "../../src/values/signal.js";

/** Signals that no program can answer. */
const UNGRACEFUL: ReadonlySet<string> = new Set(["SIGKILL", "SIGSTOP"]);

/** The signal on which these programs finish what they have begun; on SIGTERM they drop it, or do not end at all. */
const OWN_SIGNALS: ReadonlyMap<string, string> = new Map([
  ["nginx", "SIGQUIT"],
  ["openresty", "SIGQUIT"],
  ["php-fpm", "SIGQUIT"],
  ["httpd", "SIGWINCH"],
  ["httpd-foreground", "SIGWINCH"],
  ["apache2", "SIGWINCH"],
  ["apache2-foreground", "SIGWINCH"],
  ["postgres", "SIGINT"],
  ["systemd", "SIGRTMIN+3"],
  ["init", "SIGRTMIN+3"],
]);

/** The engine's own time between stop and kill. */
const USUAL_GRACE_MS = 10_000;

export default defineRule({
  id: "runtime/stop-gracefully",
  summary: "A stop is gentle and leaves time to finish",
  levels: { recommended: ["warning", "info"], strict: "warning" },
  kinds: {
    ungraceful: { summary: "a signal that no program can answer", aliases: ["tally:no-ungraceful-stopsignal"] },
    "short-grace": { summary: "no time between stop and kill" },
    process: {
      summary: "another signal than the one on which the program finishes its work",
      levels: { recommended: ["warning", "info"], strict: "warning" },
      aliases: ["tally:prefer-nginx-sigquit", "tally:prefer-systemd-sigrtmin-plus-3"],
    },
  },
  roles: ["production", "test", "ci"],
  fixable: "sometimes",
  why: [
    "A program that is killed writes nothing back: a database replays its log at the next start or has lost what it had confirmed, " +
      "and requests end in the middle.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#stopsignal",
    "https://docs.docker.com/reference/compose-file/services/#stop_grace_period",
    "https://nginx.org/en/docs/control.html",
    "https://www.postgresql.org/docs/current/server-shutdown.html",
  ],
  mentions: {
    dockerfile: ["stopsignal", "nginx", "openresty", "php-fpm", "httpd", "apache2", "postgres", "systemd", "init"],
    compose: ["stop_signal", "stop_grace_period"],
  },
  check: { build: checkBuild, service: checkService },
  examples: {
    bad: [
      {
        name: "killed at once, in Compose",
        kind: "ungraceful",
        message: "`SIGKILL` gives `db` no time",
        files: { "compose.yaml": ["services:", "  db:", "    image: postgres:17.4", "    stop_signal: «SIGKILL»"] },
        fixed: { "compose.yaml": ["services:", "  db:", "    image: postgres:17.4", "    stop_signal: SIGTERM"] },
      },
      {
        name: "killed at once, in a Dockerfile, by name and by number",
        kind: "ungraceful",
        files: {
          Dockerfile: ["FROM debian:12.9-slim", "STOPSIGNAL «SIGKILL»", 'CMD ["/api"]'],
          "b.Dockerfile": ["FROM debian:12.9-slim", "STOPSIGNAL «9»", 'CMD ["/api"]'],
          "c.Dockerfile": ["FROM debian:12.9-slim", "STOPSIGNAL «stop»", 'CMD ["/api"]'],
        },
        fixed: {
          Dockerfile: ["FROM debian:12.9-slim", "STOPSIGNAL SIGTERM", 'CMD ["/api"]'],
          "b.Dockerfile": ["FROM debian:12.9-slim", "STOPSIGNAL SIGTERM", 'CMD ["/api"]'],
          "c.Dockerfile": ["FROM debian:12.9-slim", "STOPSIGNAL SIGTERM", 'CMD ["/api"]'],
        },
      },
      {
        name: "no time at all, and too little for a database",
        kind: "short-grace",
        message: "`0s`",
        files: {
          "compose.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', stop_grace_period: «0s» }",
            "  db: { image: 'postgres:17.4', stop_grace_period: «2s» }",
          ],
        },
      },
      {
        name: "a web server drops its requests",
        kind: "process",
        message: "`nginx` finishes its work on SIGQUIT",
        severity: "info",
        files: {
          Dockerfile: [
            "FROM debian:12.9-slim",
            "RUN apt-get update && apt-get install -y nginx",
            '«CMD ["nginx", "-g", "daemon off;"]»',
          ],
        },
        fixed: {
          Dockerfile: [
            "FROM debian:12.9-slim",
            "RUN apt-get update && apt-get install -y nginx",
            "STOPSIGNAL SIGQUIT",
            'CMD ["nginx", "-g", "daemon off;"]',
          ],
        },
      },
      {
        name: "systemd never ends on SIGTERM",
        kind: "process",
        severity: "warning",
        files: { Dockerfile: ["FROM debian:12.9", '«CMD ["/sbin/init"]»'] },
        fixed: { Dockerfile: ["FROM debian:12.9", "STOPSIGNAL SIGRTMIN+3", 'CMD ["/sbin/init"]'] },
      },
      {
        name: "the signal of another program",
        kind: "process",
        files: { Dockerfile: ["FROM alpine:3.21", "STOPSIGNAL «SIGTERM»", 'ENTRYPOINT ["tini", "--", "php-fpm"]'] },
      },
    ],
    good: [
      {
        name: "gentle",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:17.4', stop_grace_period: 1m, stop_signal: SIGINT }",
            "  api: { image: 'api:1.2.0', stop_grace_period: 3s }",
          ],
          Dockerfile: ["FROM debian:12.9-slim", "STOPSIGNAL SIGTERM", 'CMD ["/api"]'],
        },
      },
      {
        name: "the base has the signal",
        files: {
          Dockerfile: ["FROM nginx:1.27.4", 'CMD ["nginx", "-g", "daemon off;"]'],
          "b.Dockerfile": ["FROM php:8.4-fpm", 'CMD ["php-fpm"]'],
          "c.Dockerfile": ["FROM ghcr.io/acme/web:4", 'CMD ["nginx"]'],
        },
      },
      {
        name: "written, in Compose too",
        files: {
          Dockerfile: ["FROM debian:12.9-slim", "STOPSIGNAL SIGQUIT", 'CMD ["nginx", "-g", "daemon off;"]'],
          "proxy/Dockerfile": ["FROM debian:12.9-slim", 'CMD ["nginx", "-g", "daemon off;"]'],
          "compose.yaml": ["services:", "  proxy: { build: proxy, stop_signal: SIGQUIT }"],
        },
      },
      {
        name: "a shell or a script stands before it",
        files: {
          Dockerfile: ["FROM debian:12.9-slim", "CMD nginx -g 'daemon off;'"],
          "b.Dockerfile": ["FROM debian:12.9-slim", 'ENTRYPOINT ["/start.sh"]', 'CMD ["nginx"]'],
        },
      },
      {
        name: "values that nobody knows, no signal at all, and Windows",
        files: {
          "compose.yaml": [
            "services:",
            "  db: { image: 'postgres:17.4', stop_signal: '${SIGNAL}', stop_grace_period: '${TIME}' }",
          ],
          Dockerfile: ["FROM debian:12.9-slim", "ARG STOP", "STOPSIGNAL ${STOP}", 'CMD ["nginx"]'],
          "b.Dockerfile": ["FROM debian:12.9-slim", "STOPSIGNAL GENTLY", 'CMD ["/api"]'],
          "c.Dockerfile": ["FROM mcr.microsoft.com/windows/servercore:ltsc2022", "STOPSIGNAL SIGKILL"],
        },
      },
      {
        name: "agents, and development",
        files: {
          "compose.yaml": ["services:", "  logs: { image: 'amir20/dozzle:v8.11', stop_grace_period: 0s }"],
          "compose.dev.yaml": [
            "services:",
            "  api: { image: 'api:1.2.0', stop_grace_period: 0s, stop_signal: SIGKILL }",
          ],
        },
      },
    ],
  },
});

function* checkService(service: Service, { project }: RuleContext): Iterable<Finding> {
  if (service.hasProvider || service.isWindows) return;
  const signal = service.valueAt("stop_signal");
  const grace = service.durationAt("stop_grace_period");
  if (signal === undefined && grace?.value === undefined) return;
  const kind = kindOfService(service, project);
  if (kind === "agent") return;
  if (signal?.value !== undefined && isUngraceful(signal.value)) {
    yield ungraceful(signal.text, service.name, signal.range);
  }
  if (grace?.value === undefined || (grace.value > 0 && (kind !== "datastore" || grace.value >= USUAL_GRACE_MS)))
    return;
  const message =
    grace.value === 0
      ? `\`${grace.text}\` kills \`${service.name}\` at once; leave it time to finish, such as \`10s\``
      : `\`${grace.text}\` is little time for \`${service.name}\` to write its data; leave \`10s\` or more`;
  yield { kind: "short-grace", range: grace.range, message };
}

function isUngraceful(signal: string): boolean {
  return UNGRACEFUL.has(canonicalSignal(signal) ?? "");
}

function ungraceful(text: string, name: string, range: Range): Finding {
  const message = `\`${text}\` gives \`${name}\` no time to finish; use \`SIGTERM\``;
  const isPlain = range.source.slice(range) === text;
  // Unsafe: a program that ignores SIGTERM is killed only after the grace period.
  const fix: Fix = { description: "use `SIGTERM`", safety: "unsafe", edits: [{ range, text: "SIGTERM" }] };
  return { kind: "ungraceful", range, message, fix: isPlain ? fix : undefined };
}

function* checkBuild(build: Build, { project }: RuleContext): Iterable<Finding> {
  for (const { instruction, stage, expand } of writtenSteps(build, "STOPSIGNAL")) {
    const { argument } = instruction;
    if (argument === undefined || stage?.isWindows === true) continue;
    const { kind, value } = expand(argument);
    if (kind === "known" && isUngraceful(value)) {
      yield ungraceful(argument.raw, stage?.name ?? "the container", argument.range);
    }
  }
  yield* checkProgram(build, project);
}

function* checkProgram(build: Build, project: RuleContext["project"]): Iterable<Finding> {
  const { target } = build;
  if (target === undefined || target.isWindows) return;
  const main = mainProgramOf(target, project);
  const name = main?.invocation.name ?? "";
  const wanted = OWN_SIGNALS.get(name);
  if (main?.view === undefined || wanted === undefined || main.view.stage.build !== build) return;
  const isInit = wanted === "SIGRTMIN+3";
  if (name === "init" && main.invocation.words[0]?.value !== "/sbin/init") return;
  const set = stopSignalOf(target);
  if (set === undefined ? target.facts?.stopSignal !== undefined : !isOther(set.value.value, wanted, set.value.kind))
    return;
  if (set !== undefined && set.stage.build !== build) return;
  if (servicesShipping(build, project).some((service) => service.node.entries.has("stop_signal"))) return;
  const { range } = set ?? main.view.instruction;
  const edit = set === undefined ? startInsertion(target, `STOPSIGNAL ${wanted}`) : undefined;
  const what = isInit ? `\`${name}\` ends only on ${wanted}` : `\`${name}\` finishes its work on ${wanted}`;
  yield {
    kind: "process",
    range,
    message: `${what}, and gets ${set === undefined ? "SIGTERM" : `\`${set.value.value}\``}; add \`STOPSIGNAL ${wanted}\``,
    atMost: isInit ? undefined : "info",
    // Safe: the image is the same, and only its end is gentler.
    fix:
      edit === undefined ? undefined : { description: `add \`STOPSIGNAL ${wanted}\``, safety: "safe", edits: [edit] },
  };
}

/** Whether a signal that is set is known, a signal, and neither the wanted one nor one that another kind reports. */
function isOther(value: string, wanted: string, certainty: string): boolean {
  const signal = certainty === "known" ? canonicalSignal(value) : undefined;
  return signal !== undefined && signal !== wanted && !UNGRACEFUL.has(signal);
}
