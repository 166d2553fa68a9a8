import type { Service, Settings } from "../compose/model.js";
import type { Value } from "../compose/node-model.js";
import type { Remark } from "../text/remark.js";
import type { Range } from "../text/source.js";
import { parseByteSize } from "../values/byte-size.js";

/** Two settings of a service that cannot both be meant. */
export interface ResourceConflict {
  /** `refused`: the loader or the engine stops there; `doubtful`: it starts, and does not do what it says. */
  readonly kind: "refused" | "doubtful";
  readonly range: Range;
  readonly message: string;
  readonly related: readonly Remark[];
}

/** The engine creates no container with less memory; github.com/moby/moby v28, daemon/daemon_unix.go (linuxMinMemory). */
const LEAST_MEMORY = 6 * 1024 * 1024;

/** Keys of a service without which none of its settings can be in conflict. */
const KEYS = [
  "deploy",
  "mem_limit",
  "cpus",
  "scale",
  "memswap_limit",
  "ulimits",
  "mem_reservation",
  "pids_limit",
] as const;

/** All conflicts among the resources of a service; values that are unknown are in none. */
export function* resourceConflicts(service: Service, maxCpus: number): Iterable<ResourceConflict> {
  const { entries } = service.node;
  if (!KEYS.some((key) => entries.has(key))) return;
  const { limits, reservations, replicas } = service;
  for (const settings of [limits.cpus, limits.memoryBytes, limits.pids, reservations.memoryBytes, replicas]) {
    yield* disagreement(settings, service);
  }
  for (const count of replicas) {
    if (count.value !== undefined && count.value < 0) {
      yield refused(count, `\`${labelOf(count, service)}\` is less than no container; write 0 or more`);
    }
  }
  yield* overReserved(service);
  const memory = limits.memoryBytes.find(({ value }) => value !== undefined && value > 0);
  if (entries.has("memswap_limit")) yield* swapConflicts(service, memory);
  if (memory?.value !== undefined) yield* memoryConflicts(service, memory, memory.value);
  for (const { name, soft, hard } of service.ulimits) {
    if (soft?.value === undefined || hard?.value === undefined || hard.value === -1) continue;
    if (soft.value !== -1 && soft.value <= hard.value) continue;
    yield refused(soft, `the soft limit \`${soft.text}\` of \`${name}\` is above the hard one; lower it`, hard);
  }
  const cpus = limits.cpus[0];
  if (maxCpus > 0 && cpus?.value !== undefined && cpus.value > maxCpus) {
    yield doubtful(cpus, `\`${labelOf(cpus, service)}\` is more than the ${maxCpus} CPUs that hosts have; lower it`);
  }
}

function* disagreement(settings: Settings<number>, service: Service): Iterable<ResourceConflict> {
  const [first, second] = settings;
  if (first?.value === undefined || second?.value === undefined || first.value === second.value) return;
  const [earlier, later] = comesFirst(first, second, service) ? [first, second] : [second, first];
  const message = `\`${labelOf(earlier, service)}\` and \`${labelOf(later, service)}\` disagree; keep one of them`;
  yield refused(later, message, earlier);
}

function comesFirst(a: Value<number>, b: Value<number>, { variant }: Service): boolean {
  if (a.range.source === b.range.source) return a.range.start < b.range.start;
  const place = (value: Value<number>) => variant.files.findIndex(({ source }) => source === value.range.source);
  return place(a) <= place(b);
}

function* overReserved({ limits, reservations }: Service): Iterable<ResourceConflict> {
  for (const [limit, reserved, kind] of [
    [limits.memoryBytes[0], reservations.memoryBytes[0], "refused"],
    [limits.cpus[0], reservations.cpus[0], "doubtful"],
  ] as const) {
    if (limit?.value === undefined || reserved?.value === undefined) continue;
    if (limit.value <= 0 || reserved.value <= limit.value) continue;
    const message = `\`${reserved.text}\` is reserved, but the limit is \`${limit.text}\`; raise the limit or reserve less`;
    yield { ...refused(limit, message, reserved), kind };
  }
}

function* swapConflicts(service: Service, memory: Value<number> | undefined): Iterable<ResourceConflict> {
  const swap = service.bytesAt("memswap_limit");
  if (swap?.value === undefined || swap.value <= 0) return;
  if (memory?.value === undefined) {
    if (service.limits.memoryBytes.some(({ value }) => value === undefined) || service.isIncomplete) return;
    yield refused(swap, `\`memswap_limit: ${swap.text}\` is refused without a memory limit; set \`mem_limit\` too`);
  } else if (swap.value < memory.value) {
    const message = `\`memswap_limit: ${swap.text}\` holds memory and swap, and is less than the memory; raise it`;
    yield refused(swap, message, memory);
  }
}

function* memoryConflicts(service: Service, memory: Value<number>, limit: number): Iterable<ResourceConflict> {
  if (limit < LEAST_MEMORY) {
    yield refused(
      memory,
      `\`${labelOf(memory, service)}\` is refused: the engine asks for 6 MB at least; is the unit missing?`,
    );
    return;
  }
  const shared = service.bytesAt("shm_size");
  if (shared?.value !== undefined && shared.value >= limit) {
    const message = `\`shm_size: ${shared.text}\` cannot be filled within the memory limit of \`${memory.text}\`; lower it`;
    yield doubtful(shared, message, memory);
  }
  const sizes = service.mounts.flatMap(({ type, sizeBytes }) =>
    type === "tmpfs" && sizeBytes?.value !== undefined ? [sizeBytes] : [],
  );
  const last = sizes.at(-1);
  if (last !== undefined && sizes.reduce((sum, { value = 0 }) => sum + value, 0) > limit) {
    const message = `tmpfs mounts of this size do not fit the memory limit of \`${memory.text}\`; make them smaller`;
    yield doubtful(last, message, memory);
  }
  yield* heapConflicts(service, memory, limit);
}

/** Variables whose text a runtime takes for options. */
const OPTION_VARIABLES = [
  "JAVA_OPTS",
  "JAVA_TOOL_OPTIONS",
  "JDK_JAVA_OPTIONS",
  "_JAVA_OPTIONS",
  "CATALINA_OPTS",
  "ES_JAVA_OPTS",
  "NODE_OPTIONS",
] as const;

function* heapConflicts(service: Service, memory: Value<number>, limit: number): Iterable<ResourceConflict> {
  const texts: { readonly text: string; readonly rangeOf: (start: number, end: number) => Range }[] = [];
  if (service.node.entries.has("environment")) {
    for (const name of OPTION_VARIABLES) {
      const value = service.environment.get(name)?.value;
      if (value?.value !== undefined && !value.isSecret) {
        texts.push({ text: value.value, rangeOf: (start, end) => value.node.rangeOf(start, end) });
      }
    }
  }
  for (const command of [service.entrypoint, service.command]) {
    for (const word of command?.words ?? []) {
      if (word.value !== undefined) texts.push({ text: word.value, rangeOf: word.rangeOf.bind(word) });
    }
  }
  for (const { text, rangeOf } of texts) {
    for (const { start, end, sizeBytes } of heapSizes(text)) {
      if (sizeBytes < limit) continue;
      const message = `\`${text.slice(start, end)}\` fills all of the memory limit of \`${memory.text}\`; leave room for the rest`;
      yield { kind: "doubtful", range: rangeOf(start, end), message, related: [limitPlace(memory)] };
    }
  }
}

/** What a program is told to take for itself: `-Xmx2g`, `--max-old-space-size=2048` (MB), `shared_buffers=2GB`. */
function* heapSizes(
  text: string,
): Iterable<{ readonly start: number; readonly end: number; readonly sizeBytes: number }> {
  if (!text.includes("-Xmx") && !text.includes("max-old-space-size") && !text.includes("shared_buffers")) return;
  for (const match of text.matchAll(
    /-Xmx(\d{1,15}[kKmMgGtT]?)|--max-old-space-size=(\d{1,9})|shared_buffers=(\d{1,9}[kMGT]B)/g,
  )) {
    const [whole, heap, megabytes, buffers] = match;
    const size = parseByteSize(megabytes === undefined ? (heap ?? buffers ?? "") : `${megabytes}m`);
    const start = match.index;
    if (size.kind === "size") yield { start, end: start + whole.length, sizeBytes: size.sizeBytes };
  }
}

/** Keys whose name tells enough only together with the block that they stand in. */
const BLOCK_KEYS: ReadonlySet<string> = new Set(["memory", "pids", "cpus"]);

/** `mem_limit: 512m`, `limits.memory: 1g`: the key as people know it, with its value. */
function labelOf(setting: Value<number>, service: Service): string {
  const { text, keyRange } = setting;
  if (keyRange === undefined) return text;
  const key = keyRange.source.slice(keyRange);
  if (!BLOCK_KEYS.has(key) || service.node.entries.get(key)?.value === setting.node) return `${key}: ${text}`;
  const isLimit = service.at("deploy", "resources", "limits", key) === setting.node;
  return `${isLimit ? "limits" : "reservations"}.${key}: ${text}`;
}

function refused(at: Value<number>, message: string, other?: Value<number>): ResourceConflict {
  return { kind: "refused", range: at.range, message, related: other === undefined ? [] : [limitPlace(other)] };
}

function doubtful(at: Value<number>, message: string, other?: Value<number>): ResourceConflict {
  return { ...refused(at, message, other), kind: "doubtful" };
}

function limitPlace({ range, text }: Value<number>): Remark {
  return { range, message: `\`${text}\` is set here` };
}
