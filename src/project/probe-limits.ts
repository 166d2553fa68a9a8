import { type OptionTable, readWords } from "../shell/options.js";
import { toolOptions } from "../shell/tool-options.js";
import type { Range } from "../text/source.js";
import type { Probe } from "./probes.js";

/** How long a program of a probe waits before it gives up by itself. */
export interface ProbeLimit {
  readonly limitMs: number;
  /** The option with its value, in the user's words. */
  readonly written: string;
  readonly range: Range;
}

/** Options that limit the whole of a request, in seconds; source: manuals of curl 8.14, wget 1.25 and busybox 1.37. */
const LIMITS: ReadonlyMap<string, readonly string[]> = new Map([
  ["curl", ["-m", "--max-time"]],
  ["wget", ["-T", "--timeout"]],
]);

/** Limits that a probe sets with known values, in order. */
export function* probeLimits({ commands }: Probe): Iterable<ProbeLimit> {
  for (const { name, args } of commands) {
    const names = name === undefined ? undefined : LIMITS.get(name);
    const table: OptionTable | undefined = names === undefined ? undefined : toolOptions(name ?? "");
    if (names === undefined || table === undefined) continue;
    const found = readWords(args, table).find(...names);
    const seconds = found?.value === undefined ? Number.NaN : Number(found.value);
    if (found?.valueRange === undefined || !(seconds > 0)) continue;
    const { source, start } = found.range;
    const isForward = found.valueRange.source === source && found.valueRange.end >= start;
    const range = isForward ? source.range(start, found.valueRange.end) : found.range;
    const isJoined = found.valueWord === found.word;
    const separator = isJoined ? (found.name.startsWith("--") ? "=" : "") : " ";
    yield { limitMs: seconds * 1000, written: `${found.name}${separator}${found.value ?? ""}`, range };
  }
}
