import type { Healthcheck } from "../compose/model.js";
import type { Value } from "../compose/node-model.js";
import type { Flag, HealthcheckInstruction } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";
import { parseDuration } from "../values/duration.js";
import type { StageView } from "./model.js";

/** The settings of a health check besides what it runs. */
export const TIMINGS = ["interval", "timeout", "start-period", "start-interval", "retries"] as const;

/** Name of a setting as the Dockerfile writes it; Compose has `_` for `-`. */
export type Timing = (typeof TIMINGS)[number];

/** One setting: not written, written with a value that nobody knows, or known. */
export type TimingValue =
  | { readonly kind: "absent" }
  | { readonly kind: "unknown"; readonly range: Range }
  /** Milliseconds, for retries a count. `text` as written. */
  | { readonly kind: "known"; readonly value: number; readonly text: string; readonly range: Range };

/** All settings by name. */
export type Timings = Readonly<Record<Timing, TimingValue>>;

/**
 * What the engine takes for a setting that is not written, or written as 0: milliseconds, for retries a count.
 *
 * @see https://docs.docker.com/reference/dockerfile/#healthcheck
 */
export const TIMING_DEFAULTS: Readonly<Record<Timing, number>> = {
  interval: 30_000,
  timeout: 30_000,
  "start-period": 0,
  "start-interval": 5_000,
  retries: 3,
};

const ABSENT: TimingValue = { kind: "absent" };

/** Settings that HEALTHCHECK writes in a stage. */
export function timingsOfInstruction(instruction: HealthcheckInstruction, stage: StageView): Timings {
  const read = (flag: Flag | undefined, isCount: boolean): TimingValue => {
    if (flag === undefined) return ABSENT;
    const range = flag.range;
    const step = stage.evaluated.steps.find((candidate) => candidate.instruction === instruction);
    const value = flag.value === undefined ? undefined : step?.expand(flag.value);
    if (value?.kind !== "known") return { kind: "unknown", range };
    return known(value.value, isCount, range);
  };
  return {
    interval: read(instruction.interval, false),
    timeout: read(instruction.timeout, false),
    "start-period": read(instruction.startPeriod, false),
    "start-interval": read(instruction.startInterval, false),
    retries: read(instruction.retries, true),
  };
}

/** Settings that `healthcheck` of a service writes. */
export function timingsOfHealthcheck(healthcheck: Healthcheck): Timings {
  const read = (value: Value<number> | undefined): TimingValue => {
    if (value === undefined) return ABSENT;
    const { range, text } = value;
    if (value.value === undefined || value.isSecret) return { kind: "unknown", range };
    return { kind: "known", value: value.value, text, range };
  };
  return {
    interval: read(healthcheck.intervalMs),
    timeout: read(healthcheck.timeoutMs),
    "start-period": read(healthcheck.startPeriodMs),
    "start-interval": read(healthcheck.startIntervalMs),
    retries: read(healthcheck.retries),
  };
}

function known(text: string, isCount: boolean, range: Range): TimingValue {
  if (isCount)
    return /^\d{1,9}$/.test(text) ? { kind: "known", value: Number(text), text, range } : { kind: "unknown", range };
  const duration = parseDuration(text, "go");
  return duration.kind === "duration"
    ? { kind: "known", value: duration.durationMs, text, range }
    : { kind: "unknown", range };
}
