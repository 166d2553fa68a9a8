import type { Diagnostic } from "../../engine/run-result.js";
import type { ScriptChecker, ScriptRemark } from "../../engine/script-checker.js";
import type { ShellText } from "../../project/shell-texts.js";
import { readAnswer } from "./answer.js";
import { checkInProcess, type ProcessLimits, versionOf } from "./process.js";

/** What bounds the work of the program. */
export interface ShellCheckLimits extends ProcessLimits {
  /** Most scripts for one process. */
  readonly scripts: number;
  /** Most UTF-16 code units of scripts for one process. */
  readonly length: number;
  /** Most processes at a time. */
  readonly processes: number;
}

/** What is meant for people: long enough for the slowest machine, short enough to wait for. */
export const LIMITS: ShellCheckLimits = {
  timeoutMs: 20_000,
  outputBytes: 16 * 1024 * 1024,
  scripts: 200,
  length: 1024 * 1024,
  processes: 4,
};

/** Answers that are kept, so that a text that stands in many files, or comes again after a fix, is checked once. */
const KEPT_ANSWERS = 10_000;

interface Waiting {
  readonly text: string;
  readonly headLength: number;
  readonly resolve: (remarks: readonly ScriptRemark[]) => void;
}

const NO_REMARKS: readonly ScriptRemark[] = [];

/** ShellCheck, in few processes that work beside this one. */
export class ShellCheck implements ScriptChecker {
  readonly #program: string;
  readonly #limits: ShellCheckLimits;
  readonly #answers = new Map<string, Promise<readonly ScriptRemark[]>>();
  readonly #diagnostics = new Map<string, number>();
  #version: Promise<string | undefined> | undefined;
  #queue: Waiting[] = [];
  #queueLength = 0;
  #running = 0;
  #hasStarted = false;
  #isFlushing = false;
  #roomier: (() => void)[] = [];

  /** @param program absolute path */
  constructor(program: string, limits: ShellCheckLimits = LIMITS) {
    this.#program = program;
    this.#limits = limits;
  }

  check({ text: script, dialect, declared }: ShellText): Promise<readonly ScriptRemark[]> {
    const head = `# shellcheck shell=${dialect}\n${declared.length === 0 ? "" : `export ${declared.map((name) => `${name}=1`).join(" ")}\n`}`;
    const text = head + script;
    const known = this.#answers.get(text);
    if (known !== undefined) return known;
    const answer = new Promise<readonly ScriptRemark[]>((resolve) => {
      this.#queue.push({ text, headLength: head.length, resolve });
    });
    this.#queueLength += text.length;
    if (this.#answers.size < KEPT_ANSWERS) this.#answers.set(text, answer);
    this.#startFull();
    return answer;
  }

  start(): void {
    if (this.#running === 0 && this.#queue.length > 0) this.#launch();
  }

  flush(): void {
    this.#isFlushing = true;
    this.#startFull();
  }

  /** Waits while so much is under way that models would pile up. */
  async room(): Promise<void> {
    const most = this.#limits.scripts * this.#limits.processes;
    while (this.#queue.length > most) await new Promise<void>((resolve) => this.#roomier.push(resolve));
  }

  /** What went wrong, a diagnostic for each way in which it did. */
  get diagnostics(): readonly Diagnostic[] {
    return [...this.#diagnostics].map(([reason, count]) => ({
      kind: "skipped",
      path: "shellcheck",
      message: `${reason}; ${count} ${count === 1 ? "script was" : "scripts were"} not checked`,
    }));
  }

  /** The version of the program that checked something; undefined when nothing was checked. */
  async version(): Promise<string | undefined> {
    if (this.#hasStarted) this.#version ??= versionOf(this.#program, this.#limits);
    return this.#version;
  }

  #startFull(): void {
    const { scripts, length, processes } = this.#limits;
    while (this.#queue.length > 0 && this.#running < processes) {
      if (!this.#isFlushing && this.#queue.length < scripts && this.#queueLength < length) return;
      this.#launch();
    }
  }

  #launch(): void {
    const batch = this.#takeBatch();
    this.#running += 1;
    this.#hasStarted = true;
    void this.#checkBatch(batch).finally(() => {
      this.#running -= 1;
      if (this.#queue.length > 0) this.#launchNext();
      else this.#isFlushing = false;
      for (const resolve of this.#roomier.splice(0)) resolve();
    });
  }

  #launchNext(): void {
    if (this.#isFlushing) this.#startFull();
    else this.start();
  }

  #takeBatch(): readonly Waiting[] {
    let count = 0;
    let length = 0;
    for (const { text } of this.#queue) {
      if (count > 0 && (count >= this.#limits.scripts || length + text.length > this.#limits.length)) break;
      count += 1;
      length += text.length;
    }
    this.#queueLength -= length;
    return this.#queue.splice(0, count);
  }

  /** Never rejects: what fails is a diagnostic, and the scripts count as checked without remarks. */
  async #checkBatch(batch: readonly Waiting[]): Promise<void> {
    const remarks = batch.map((): ScriptRemark[] => []);
    const failure = await this.#fill(batch, remarks);
    if (failure !== undefined) {
      this.#diagnostics.set(failure, (this.#diagnostics.get(failure) ?? 0) + batch.length);
    }
    for (const [index, { resolve }] of batch.entries()) resolve(remarks[index] ?? NO_REMARKS);
  }

  /** @returns what went wrong */
  async #fill(batch: readonly Waiting[], remarks: ScriptRemark[][]): Promise<string | undefined> {
    let printed: Awaited<ReturnType<typeof checkInProcess>>;
    try {
      printed = await checkInProcess(
        this.#program,
        batch.map(({ text }) => text),
        this.#limits,
      );
    } catch (error) {
      return `its folder could not be made: ${error instanceof Error ? error.message : String(error)}`;
    }
    if (typeof printed !== "string") return printed.reason;
    const placed = readAnswer(printed, batch);
    if (placed === undefined) return "its answer is no JSON of version 0.7 or later";
    for (const { script, remark } of placed) remarks[script]?.push(remark);
    return undefined;
  }
}
