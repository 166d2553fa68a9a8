import type { VariableLookup, Word } from "./model.js";

/** What a variable holds at some point: one text, the items of a `for` list, or nobody knows. */
export type Binding =
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly Word[] }
  | { readonly kind: "unknown" };

interface Entry {
  readonly version: number;
  readonly binding: Binding;
}

const UNKNOWN: Binding = { kind: "unknown" };
/** Longer values are taken as unknown, so that `A=$A$A` repeated cannot fill the memory. */
const MAX_VALUE_LENGTH = 2048;

/** Stands for the time at which a function body runs: after assignments that nobody can order. */
export const ANY_TIME = -1;

/**
 * The variables of one script over time. Each command of the script has a version, counted up by assignments; looking a
 * name up at a version gives what the last assignment before it left. Names never assigned fall back to the surrounding scope.
 */
export class Bindings {
  readonly #entries = new Map<string, Entry[]>();
  readonly #scope: VariableLookup | undefined;
  #version = 0;
  /** Version from which nothing is known, because a file was sourced or text was evaluated. */
  #lostFrom = Number.POSITIVE_INFINITY;

  constructor(scope: VariableLookup | undefined) {
    this.#scope = scope;
  }

  /** The version that a command read now has. */
  get version(): number {
    return this.#version;
  }

  /** Records an unconditional assignment; undefined means that its value is unknown. */
  assign(name: string, value: string | undefined): void {
    const isKnown = value !== undefined && value.length <= MAX_VALUE_LENGTH;
    this.#add(name, isKnown ? { kind: "value", value } : UNKNOWN);
  }

  /** Records that a `for` variable takes each of the items. */
  assignList(name: string, items: readonly Word[]): void {
    this.#add(name, { kind: "list", items });
  }

  /** Makes a name unknown from `since` on: it is assigned in a loop that began then, or under a condition. */
  forget(name: string, since: number): void {
    const entries = this.#entries.get(name);
    if (entries !== undefined) while ((entries.at(-1)?.version ?? -1) > since) entries.pop();
    this.#add(name, UNKNOWN, since);
  }

  /** Makes every name unknown from now on: a file was sourced. */
  forgetAll(): void {
    this.#version += 1;
    if (this.#lostFrom === Number.POSITIVE_INFINITY) this.#lostFrom = this.#version;
  }

  /** What `name` holds for a command of `version`. */
  lookup(name: string, version: number): Binding {
    const entry = version === ANY_TIME ? this.#onlyEntry(name) : this.#entryAt(name, version);
    if (entry === "several") return UNKNOWN;
    const isLost = version === ANY_TIME ? this.#lostFrom !== Number.POSITIVE_INFINITY : version >= this.#lostFrom;
    if (entry !== undefined) return isLost && entry.version < this.#lostFrom ? UNKNOWN : entry.binding;
    if (isLost) return UNKNOWN;
    const value = this.#scope?.(name);
    return value === undefined || value.length > MAX_VALUE_LENGTH ? UNKNOWN : { kind: "value", value };
  }

  #add(name: string, binding: Binding, since?: number): void {
    this.#version += 1;
    const entry = { version: since ?? this.#version, binding };
    const entries = this.#entries.get(name);
    if (entries === undefined) this.#entries.set(name, [entry]);
    else entries.push(entry);
  }

  #onlyEntry(name: string): Entry | "several" | undefined {
    const entries = this.#entries.get(name);
    if (entries === undefined) return undefined;
    return entries.length === 1 ? entries[0] : "several";
  }

  #entryAt(name: string, version: number): Entry | undefined {
    const entries = this.#entries.get(name);
    if (entries === undefined || (entries[0]?.version ?? 0) > version) return undefined;
    let low = 0;
    let high = entries.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((entries[middle]?.version ?? 0) <= version) low = middle;
      else high = middle - 1;
    }
    return entries[low];
  }
}
