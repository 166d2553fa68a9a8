import type { Service } from "../../src/compose/model.js";
import { defineRule, type Finding, type Fix, option, type RuleContext } from "../../src/engine/rule.js";
import type { StageView } from "../../src/project/model.js";
import { probeLimits } from "../../src/project/probe-limits.js";
import {
  TIMING_DEFAULTS,
  TIMINGS,
  type Timing,
  type Timings,
  type TimingValue,
  timingsOfHealthcheck,
  timingsOfInstruction,
} from "../../src/project/probe-timings.js";
import { type Probe, probeOfService, probeOfStage } from "../../src/project/probes.js";
import { healthcheckOfService } from "../../src/project/service-view.js";
import { startsSlowly } from "../../src/project/slow-start.js";
import { quoted } from "../../src/text/quoted.js";
import type { Range } from "../../src/text/source.js";
import { formatDuration, parseDuration } from "../../src/values/duration.js";

const options = {
  require: option.strings({
    default: ["interval", "timeout"],
    description: "Settings that have to be written: interval, timeout, start-period, start-interval, retries.",
  }),
  minInterval: option.string({ default: "5s", description: "A shorter interval costs more than it tells." }),
  maxDetection: option.string({ default: "5m", description: "Longest time until a dead service is noticed." }),
};

type Context = RuleContext<typeof options>;

const NOTE = { recommended: "info", checklist: "info", strict: "info" } as const;

export default defineRule({
  id: "health/set-timings",
  summary: "Probe intervals are explicit and make sense",
  levels: { recommended: "warning", checklist: "warning", strict: "warning" },
  kinds: {
    implicit: { summary: "a setting is left to its default", levels: NOTE },
    "timeout-exceeds-interval": { summary: "a probe may run longer than the pause between two" },
    "too-frequent": { summary: "an interval that loads the service", levels: NOTE },
    "slow-detection": { summary: "a failure that is noticed late", levels: NOTE },
    "zero-retries": {
      summary: "0 retries, which means 3",
      levels: NOTE,
      aliases: ["dockerfile-utils:FLAG_AT_LEAST_ONE"],
    },
    "start-interval-unused": { summary: "a start interval without a start period", levels: NOTE },
    "probe-outlasts-timeout": {
      summary: "a limit in the probe that the timeout of the check never lets it reach",
      levels: NOTE,
    },
    "never-late": { summary: "a slow starter that others wait for, without a start period", levels: NOTE },
  },
  roles: ["production", "test"],
  fixable: "sometimes",
  why: [
    "By default a probe may hang for 30 seconds, and a dead service is called unhealthy after a minute and a half or more. " +
      "Times that are written down were chosen; times that contradict each other delay every restart.",
  ],
  references: [
    "https://docs.docker.com/reference/dockerfile/#healthcheck",
    "https://docs.docker.com/reference/compose-file/services/#healthcheck",
  ],
  options,
  mentions: { dockerfile: ["healthcheck"], compose: ["healthcheck"] },
  presetOptions: { checklist: { require: ["interval", "timeout", "retries"] } },
  check: { stage: checkStage, service: checkService },
  examples: {
    bad: [
      {
        name: "nothing is written",
        kind: "implicit",
        message: "`--interval` and `--timeout`",
        files: { Dockerfile: ["FROM alpine:3.22", "«HEALTHCHECK» CMD /probe"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=30s --timeout=30s CMD /probe"] },
      },
      {
        name: "nothing is written in Compose",
        kind: "implicit",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    «healthcheck»:",
            "      test: [CMD, /probe]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    healthcheck:",
            "      interval: 30s",
            "      timeout: 30s",
            "      test: [CMD, /probe]",
          ],
        },
      },
      {
        name: "the checklist asks for retries too",
        kind: "implicit",
        preset: "checklist",
        files: { Dockerfile: ["FROM alpine:3.22", "«HEALTHCHECK» --interval=30s --timeout=3s CMD /probe"] },
        fixed: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --retries=3 --interval=30s --timeout=3s CMD /probe"] },
      },
      {
        name: "the probe outlives the interval",
        kind: "timeout-exceeds-interval",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=5s «--timeout=30s» CMD /probe"] },
      },
      {
        name: "the default timeout outlives the interval: a note, as nobody chose it",
        kind: "timeout-exceeds-interval",
        severity: "info",
        message: "`--timeout` is left at 30s",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK «--interval=10s» CMD /probe"] },
      },
      {
        name: "the same in Compose",
        kind: "timeout-exceeds-interval",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    healthcheck: {test: [CMD, /probe], interval: 10s, timeout: «1m»}",
          ],
        },
      },
      {
        name: "every second",
        kind: "too-frequent",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK «--interval=1s» --timeout=1s CMD /probe"] },
      },
      {
        name: "half an hour until somebody notices",
        kind: "slow-detection",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK «--interval=10m» --timeout=3s CMD /probe"] },
      },
      {
        name: "no retries are three",
        kind: "zero-retries",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=30s --timeout=3s «--retries=0» CMD /probe"] },
      },
      {
        name: "a start interval for no start period",
        kind: "start-interval-unused",
        files: {
          Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=30s --timeout=3s «--start-interval=1s» CMD /probe"],
        },
      },
      {
        name: "curl may wait longer than the check",
        kind: "probe-outlasts-timeout",
        message: "`--max-time 10`",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "HEALTHCHECK --interval=30s --timeout=5s CMD curl -f «--max-time 10» http://localhost/ || exit 1",
          ],
        },
      },
      {
        name: "as long as the default of the check, and in Compose",
        kind: "probe-outlasts-timeout",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    healthcheck:",
            "      test: wget -q «-T 60» -O /dev/null http://localhost/ && curl -fs «-m3» http://localhost/ready",
            "      interval: 1m",
            "      timeout: 2s",
          ],
        },
      },
      {
        name: "a database that others wait for",
        kind: "never-late",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: service_healthy}}",
            "  db:",
            "    image: postgres:17.6",
            "    «healthcheck»: {test: [CMD, pg_isready], interval: 10s, timeout: 3s}",
          ],
        },
      },
    ],
    good: [
      {
        name: "all written",
        files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD /probe"] },
      },
      {
        name: "a probe that gives up in time, or after a time that nobody knows",
        files: {
          Dockerfile: [
            "FROM debian:12",
            "ARG WAIT=9",
            "HEALTHCHECK --interval=30s --timeout=5s CMD curl -fm 3 localhost && wget -q --timeout=4 localhost && curl -m $LIMIT localhost",
          ],
        },
      },
      { name: "switched off", files: { Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK NONE"] } },
      {
        name: "values that nobody knows",
        files: {
          Dockerfile: ["FROM alpine:3.22", "ARG PAUSE", "HEALTHCHECK --interval=$PAUSE --timeout=90s CMD /probe"],
        },
      },
      {
        name: "the image writes what Compose leaves out",
        files: {
          Dockerfile: ["FROM alpine:3.22", "HEALTHCHECK --interval=1m --timeout=3s CMD /probe"],
          "compose.yaml": ["services:", "  api:", "    build: .", "    healthcheck: {retries: 5}"],
        },
      },
      {
        name: "a development image",
        files: { "Dockerfile.dev": ["FROM alpine:3.22", "HEALTHCHECK CMD /probe"] },
      },
      {
        name: "time to start",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: ghcr.io/acme/api:1.4.0",
            "    depends_on: {db: {condition: service_healthy}}",
            "  db:",
            "    image: postgres:17.6",
            "    healthcheck: {test: [CMD, pg_isready], interval: 10s, timeout: 3s, start_period: 30s}",
          ],
        },
      },
    ],
  },
});

function* checkStage(stage: StageView, ctx: Context): Iterable<Finding> {
  const { healthcheck } = stage;
  if (healthcheck.kind !== "check" || healthcheck.stage !== stage) return;
  const { instruction } = healthcheck;
  const timings = timingsOfInstruction(instruction, stage);
  const place = instruction.keywordRange;
  const missing = missingOf(timings, ctx);
  if (missing.length > 0) {
    const text = missing.map((name) => ` --${name}=${defaultText(name)}`).join("");
    const fix = insertion(place.source.range(place.end, place.end), text);
    yield implicit(
      place,
      missing.map((name) => `--${name}`),
      fix,
    );
  }
  yield* contradictions(timings, ctx, (name) => `--${name}`);
  yield* longProbes(probeOfStage(stage), timings, "--timeout");
}

function* checkService(service: Service, ctx: Context): Iterable<Finding> {
  const { healthcheck } = service;
  if (healthcheck === undefined || healthcheck.isDisabled) return;
  const timings = timingsOfHealthcheck(healthcheck);
  const inEffect = healthcheckOfService(service, ctx.project);
  const isOwn = inEffect.kind === "check" && inEffect.from === "service";
  // What Compose leaves out is the image's own: without a known image nothing is missing here.
  const missing = isOwn && ctx.project.imageOf(service).kind !== "stage" ? missingOf(timings, ctx) : [];
  if (missing.length > 0) {
    const keys = missing.map((name) => name.replaceAll("-", "_"));
    yield implicit(healthcheck.keyRange, keys, composeFix(service, missing));
  }
  yield* contradictions(timings, ctx, (name) => name.replaceAll("-", "_"));
  // A timeout that is not written here may be the image's own.
  if (timings.timeout.kind === "known" || ctx.project.imageOf(service).kind !== "stage") {
    yield* longProbes(probeOfService(service, ctx.project), timings, "timeout");
  }
  if (isOwn && timings["start-period"].kind === "absent" && startsSlowly(service, ctx.project) && isAwaited(service)) {
    yield {
      kind: "never-late",
      range: healthcheck.keyRange,
      message: `services wait for \`${service.name}\`, whose failures count from its start; set \`start_period\``,
    };
  }
}

function missingOf(timings: Timings, { options: { require } }: Context): readonly Timing[] {
  return TIMINGS.filter(
    (name) =>
      require.includes(name) && timings[name].kind === "absent" && !(name === "timeout" && exceedsInterval(timings)),
  );
}

/** Said of the contradiction, it need not be said again of what is not written. */
function exceedsInterval(timings: Timings): boolean {
  const interval = inEffectMs(timings, "interval");
  const timeout = inEffectMs(timings, "timeout");
  return interval !== undefined && timeout !== undefined && timeout > interval;
}

function defaultText(name: Timing): string {
  return name === "retries" ? "3" : formatDuration(TIMING_DEFAULTS[name]);
}

function implicit(range: Range, names: readonly string[], fix: Fix | undefined): Finding {
  const quoted = names.map((name) => `\`${name}\``);
  const last = quoted.pop() ?? "";
  const list = quoted.length === 0 ? last : `${quoted.join(", ")} and ${last}`;
  return {
    kind: "implicit",
    range,
    message: `${list} ${names.length === 1 ? "is" : "are"} left to the default; write what fits this service`,
    fix,
  };
}

/** Unsafe only in name: the defaults are what runs, but a person meant to choose. */
function insertion(range: Range, text: string): Fix {
  return { description: "write the defaults out", safety: "unsafe", edits: [{ range, text }] };
}

function composeFix(service: Service, missing: readonly Timing[]): Fix | undefined {
  const node = service.at("healthcheck");
  const [first] = node?.kind === "mapping" ? node.entries.values() : [];
  if (first === undefined) return undefined;
  const { source, start } = first.keyRange;
  const line = source.lineSpan(source.positionAt(start).line);
  const indent = line === undefined ? "" : source.text.slice(line.start, start);
  // Only a block mapping takes a line of its own for each key.
  if (line === undefined || indent.trim() !== "") return undefined;
  const lines = missing.map((name) => `${name.replaceAll("-", "_")}: ${defaultText(name)}\n${indent}`);
  return insertion(source.range(start, start), lines.join(""));
}

function inEffectMs(timings: Timings, name: Timing): number | undefined {
  const timing = timings[name];
  if (timing.kind === "unknown") return undefined;
  const written = timing.kind === "known" && timing.value > 0 ? timing.value : undefined;
  return written ?? TIMING_DEFAULTS[name];
}

function* contradictions(timings: Timings, { options }: Context, call: (name: Timing) => string): Iterable<Finding> {
  const interval = inEffectMs(timings, "interval");
  const timeout = inEffectMs(timings, "timeout");
  const retries = inEffectMs(timings, "retries");
  const at = (value: TimingValue) => (value.kind === "absent" ? undefined : value.range);
  const timeoutRange = at(timings.timeout) ?? at(timings.interval);
  if (interval !== undefined && timeout !== undefined && timeoutRange !== undefined && exceedsInterval(timings)) {
    const times = { kind: "timeout-exceeds-interval", range: timeoutRange };
    const [longer, shorter] = [formatDuration(timeout), formatDuration(interval)];
    const key = `\`${call("timeout")}\``;
    if (timings.timeout.kind === "known" && timings.timeout.value > 0) {
      yield { ...times, message: `a probe may take ${longer} but is due every ${shorter}; keep ${key} below` };
    } else {
      const message = `${key} is left at ${longer}, so a hung probe holds up one that is due every ${shorter}; write it`;
      yield { ...times, message, atMost: "info" };
    }
  }
  const shortest = durationOption(options.minInterval);
  if (
    timings.interval.kind === "known" &&
    shortest !== undefined &&
    timings.interval.value > 0 &&
    timings.interval.value < shortest
  ) {
    yield {
      kind: "too-frequent",
      range: timings.interval.range,
      message: `a probe every ${formatDuration(timings.interval.value)} loads the service; ${options.minInterval} or more is enough`,
    };
  }
  const longest = durationOption(options.maxDetection);
  const slow = at(timings.interval) ?? at(timings.retries);
  if (
    interval !== undefined &&
    retries !== undefined &&
    longest !== undefined &&
    interval * retries > longest &&
    slow !== undefined
  ) {
    yield {
      kind: "slow-detection",
      range: slow,
      message: `a dead service is noticed after ${formatDuration(interval * retries)}; lower \`${call("interval")}\` or \`${call("retries")}\``,
    };
  }
  if (timings.retries.kind === "known" && timings.retries.value === 0) {
    yield {
      kind: "zero-retries",
      range: timings.retries.range,
      message: `\`${call("retries")}\` 0 means the default of 3; write 1 for the first failure to count`,
    };
  }
  const period = timings["start-period"];
  const starting = timings["start-interval"];
  if (starting.kind === "known" && (period.kind === "absent" || (period.kind === "known" && period.value === 0))) {
    yield {
      kind: "start-interval-unused",
      range: starting.range,
      message: `\`${call("start-interval")}\` counts during the start period only; set \`${call("start-period")}\` too`,
    };
  }
}

/** Limits of the probe's own programs that the engine cuts short: they never get to say what is wrong. */
function* longProbes(probe: Probe | undefined, timings: Timings, key: string): Iterable<Finding> {
  const timeout = inEffectMs(timings, "timeout");
  if (probe === undefined || timeout === undefined) return;
  for (const { limitMs, written, range } of probeLimits(probe)) {
    if (limitMs < timeout) continue;
    const message = `${quoted(written)} is never reached, as the check ends after ${formatDuration(timeout)}; keep it below \`${key}\``;
    yield { kind: "probe-outlasts-timeout", range, message };
  }
}

function durationOption(text: string): number | undefined {
  const duration = parseDuration(text, "compose");
  return duration.kind === "duration" ? duration.durationMs : undefined;
}

function isAwaited(service: Service): boolean {
  return service.variant
    .dependants(service)
    .some(({ service: other }) =>
      other.dependsOn.some(
        (dependency) => dependency.service === service.name && dependency.effectiveCondition === "service_healthy",
      ),
    );
}
