import type { Span } from "../text/source.js";

/** A length of time in milliseconds (fractions possible), or what is wrong with the text; `span` is 0-based. */
export type DurationResult =
  | { readonly kind: "duration"; readonly durationMs: number }
  | { readonly kind: "malformed"; readonly problem: DurationProblem; readonly span: Span };

/** Why a text is no duration. */
export type DurationProblem = "empty" | "no-number" | "no-unit" | "unknown-unit" | "too-large";

/** Which units are known: `go` for Dockerfile flags; `compose` adds days and weeks. */
export type DurationDialect = "go" | "compose";

/** Units of Go's `time.ParseDuration` (go1.22) in milliseconds. */
const GO_UNITS: ReadonlyMap<string, number> = new Map([
  ["ns", 1e-6],
  ["us", 1e-3],
  ["\u00b5s", 1e-3],
  ["\u03bcs", 1e-3],
  ["ms", 1],
  ["s", 1000],
  ["m", 60_000],
  ["h", 3_600_000],
]);

/** Units that Compose adds; github.com/xhit/go-str2duration v2.1.0. */
const COMPOSE_UNITS: ReadonlyMap<string, number> = new Map([...GO_UNITS, ["d", 86_400_000], ["w", 604_800_000]]);

/** Durations are signed 64-bit numbers of nanoseconds in Go. */
const LONGEST_MS = 2 ** 63 / 1e6;

const NUMBER = /(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)/y;
const UNIT = /[^0-9.+-]+/y;

/**
 * Reads a duration such as `1h5m30s20ms`, `1.5s` or `-10s`. A bare `0` is a duration, any other bare number has
 * `no-unit`.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string, dialect: DurationDialect = "go"): DurationResult {
  const units = dialect === "compose" ? COMPOSE_UNITS : GO_UNITS;
  const sign = text.startsWith("-") ? -1 : 1;
  let position = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
  const rest = text.slice(position);
  if (rest === "") return malformed("empty", 0, text.length);
  if (rest === "0") return { kind: "duration", durationMs: 0 };

  let durationMs = 0;
  while (position < text.length) {
    NUMBER.lastIndex = position;
    const number = NUMBER.exec(text);
    if (number === null) return malformed("no-number", position, text.length);
    const unitStart = position + number[0].length;
    UNIT.lastIndex = unitStart;
    const unit = UNIT.exec(text);
    if (unit === null) return malformed("no-unit", position, Math.max(unitStart, position + 1));
    const factor = units.get(unit[0]);
    if (factor === undefined) return malformed("unknown-unit", unitStart, unitStart + unit[0].length);
    durationMs += Number(number[0]) * factor;
    if (durationMs >= LONGEST_MS) return malformed("too-large", 0, text.length);
    position = unitStart + unit[0].length;
  }
  return { kind: "duration", durationMs: sign * durationMs };
}

/** Writes a duration as people do: `1h5m`, `30s`, `1m30s`, `500ms`, `0s`. Parts below a microsecond are dropped. */
export function formatDuration(durationMs: number): string {
  if (!Number.isFinite(durationMs) || durationMs === 0) return "0s";
  if (durationMs < 0) return `-${formatDuration(-durationMs)}`;
  if (durationMs < 1) return `${trimmed(durationMs * 1000)}us`;
  const whole = Math.floor(durationMs / 1000);
  const milliseconds = durationMs - whole * 1000;
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const seconds = whole % 60;
  const parts = [
    hours === 0 ? "" : `${hours}h`,
    minutes === 0 ? "" : `${minutes}m`,
    seconds === 0 ? "" : `${seconds}s`,
    milliseconds === 0 ? "" : `${trimmed(milliseconds)}ms`,
  ];
  return parts.join("");
}

function trimmed(value: number): string {
  return String(Math.floor(value * 1000) / 1000);
}

function malformed(problem: DurationProblem, start: number, end: number): DurationResult {
  return { kind: "malformed", problem, span: { start, end } };
}
