import type { Host } from "./host.js";

/** Runs shorter than this say nothing. */
const PATIENCE_MS = 1000;
const INTERVAL_MS = 100;

/** One line on stderr about how far a long run is; nothing when stderr is no terminal. */
export class Progress {
  readonly #host: Host;
  readonly #total: number;
  readonly #start: number;
  #done = 0;
  #shownAt: number | undefined;

  /** @param total files to come; 0 shows nothing */
  constructor(host: Host, total: number) {
    this.#host = host;
    this.#total = total;
    this.#start = host.now();
  }

  advance(files: number): void {
    this.#done += files;
    if (this.#total === 0) return;
    const now = this.#host.now();
    if (now - this.#start < PATIENCE_MS || now - (this.#shownAt ?? 0) < INTERVAL_MS) return;
    // Asked this late because asking loads a part of Node that a short run does without.
    if (!this.#host.isErrorTerminal) return;
    this.#shownAt = now;
    this.#host.writeError(`\r${Math.min(this.#done, this.#total)} of ${this.#total} files\x1b[K`);
  }

  /** Removes the line. */
  end(): void {
    if (this.#shownAt !== undefined) this.#host.writeError("\r\x1b[K");
  }
}
