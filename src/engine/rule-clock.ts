/** How much of a run each rule took. */
export interface RuleTime {
  readonly rule: string;
  readonly ms: number;
}

/**
 * Measures rules. Models are derived on first use, so that the first rule that asks for a fact pays for it: leave that
 * rule out, and the next one that asks becomes as much slower.
 */
export class RuleClock {
  readonly #now: () => number;
  readonly #spent = new Map<string, number>();

  /** @param now milliseconds since some moment */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Does one check of a rule and adds its time to that of the rule. */
  measure<T>(rule: string, check: () => T): T {
    const start = this.#now();
    const result = check();
    this.#spent.set(rule, (this.#spent.get(rule) ?? 0) + this.#now() - start);
    return result;
  }

  /** The slowest first, at most `count`. */
  slowest(count: number): readonly RuleTime[] {
    const times = [...this.#spent].map(([rule, ms]) => ({ rule, ms }));
    return times.sort((a, b) => b.ms - a.ms).slice(0, count);
  }
}
