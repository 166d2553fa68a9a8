import { UserError } from "../config/user-error.js";
import { Descriptor } from "./descriptor.js";

/** The process as commands see it; the only place that knows `process`. */
export interface Host {
  /** Absolute, with `/`. */
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly isOutputTerminal: boolean;
  readonly isErrorTerminal: boolean;
  /** Milliseconds since some moment; only differences mean something. */
  now(): number;
  writeOut(text: string): void;
  writeError(text: string): void;
  readInput(): Promise<Uint8Array>;
}

/** The host that is this process. */
export interface ProcessHost extends Host {
  /** Whether text may wait in a stream, so that the process must not be ended yet. */
  readonly usesStreams: boolean;
}

/** The host that is this process. */
export function processHost(): ProcessHost {
  const output = new Descriptor(1);
  const error = new Descriptor(2);
  let cwd: string | undefined;
  return {
    get cwd() {
      cwd ??= workingDirectory();
      return cwd;
    },
    env: process.env,
    get isOutputTerminal() {
      return output.isTerminal;
    },
    get isErrorTerminal() {
      return error.isTerminal;
    },
    get usesStreams() {
      return output.isStream || error.isStream;
    },
    now,
    writeOut: (text) => output.write(text),
    writeError: (text) => error.write(text),
    readInput,
  };
}

/** @throws UserError when the folder was removed */
function workingDirectory(): string {
  try {
    return process.cwd().replaceAll("\\", "/");
  } catch (cause) {
    throw new UserError({ problem: "the folder you are in does not exist any more", remedy: "go to another", cause });
  }
}

/** Not `performance.now`: the first use of `performance` loads a part of Node that takes 2 ms. */
function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
