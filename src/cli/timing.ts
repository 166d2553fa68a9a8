import type { Host } from "./host.js";

/** How long the parts of a run took. */
export class Timing {
  readonly #now: () => number;
  readonly #parts: { readonly name: string; readonly ms: number }[] = [];
  #last: number;

  constructor(host: Pick<Host, "now">) {
    this.#now = () => host.now();
    this.#last = this.#now();
  }

  /** Ends the part that began with the previous mark. */
  mark(name: string): void {
    const now = this.#now();
    this.#parts.push({ name, ms: now - this.#last });
    this.#last = now;
  }

  /** A line per part, in milliseconds. */
  text(): string {
    return this.#parts.map(({ name, ms }) => `${ms.toFixed(1).padStart(8)} ms  ${name}\n`).join("");
  }
}
