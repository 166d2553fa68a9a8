import { RuleClock } from "../engine/rule-clock.js";
import type { Host } from "./host.js";

/** So many of the slowest rules are shown. */
const SHOWN_RULES = 10;

/** How long the parts of a run took, and the slowest rules; measures nothing unless it was asked for. */
export class Timing {
  /** Undefined when nothing is measured. */
  readonly rules: RuleClock | undefined;
  readonly #host: Pick<Host, "now">;
  readonly #parts = new Map<string, number>();
  #last = 0;

  constructor(host: Pick<Host, "now">, isWanted: boolean) {
    this.#host = host;
    if (!isWanted) return;
    this.rules = new RuleClock(() => host.now());
    this.#last = host.now();
  }

  /** Ends a stretch of a part, which began with the previous mark; a part may have many. */
  mark(part: string): void {
    if (this.rules === undefined) return;
    const now = this.#host.now();
    this.#parts.set(part, (this.#parts.get(part) ?? 0) + now - this.#last);
    this.#last = now;
  }

  /** A line per part, and one per slow rule, in milliseconds; empty when nothing was measured. */
  text(): string {
    if (this.rules === undefined) return "";
    const parts = [...this.#parts].map(([name, ms]) => line(ms, name));
    const rules = this.rules.slowest(SHOWN_RULES).map(({ rule, ms }) => line(ms, rule));
    const heading = rules.length === 0 ? "" : "slowest rules, with what they were the first to derive:\n";
    return `${parts.join("")}${heading}${rules.join("")}`;
  }
}

function line(ms: number, name: string): string {
  return `${ms.toFixed(1).padStart(8)} ms  ${name}\n`;
}
