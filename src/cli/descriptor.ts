import { fstatSync, statSync, writeSync } from "node:fs";

/**
 * Standard output or standard error. Written to without `process.stdout` and `process.stderr` where that is possible:
 * they load streams and sockets, which takes longer than linting a file.
 */
export class Descriptor {
  readonly #number: 1 | 2;
  readonly #isDevice: boolean;
  #stream: NodeJS.WritableStream | undefined;

  constructor(number: 1 | 2) {
    this.#number = number;
    this.#isDevice = isDevice(number);
  }

  /** Whether text may wait in a stream, so that the process must not be ended yet. */
  get isStream(): boolean {
    return this.#stream !== undefined;
  }

  get isTerminal(): boolean {
    return this.#isDevice && this.#open().isTTY === true;
  }

  /** Writes all of a text. A reader that has gone away (`plimsoll | head`) ends the process; it is no mistake of anyone. */
  write(text: string): void {
    if (text === "") return;
    // Terminals of Windows take no bytes.
    if (this.#stream !== undefined || this.#isDevice) this.#toStream(text);
    else this.#toFile(Buffer.from(text));
  }

  #toFile(bytes: Buffer): void {
    let written = 0;
    try {
      while (written < bytes.length) written += writeSync(this.#number, bytes, written);
    } catch (error) {
      // A pipe that does not wait for its reader is full: a stream waits.
      if (codeOf(error) !== "EAGAIN") this.#end(error);
      this.#toStream(bytes.subarray(written));
    }
  }

  #toStream(data: string | Buffer): void {
    if (this.#stream === undefined) {
      this.#stream = this.#open();
      this.#stream.on("error", (error) => this.#end(error));
    }
    this.#stream.write(data);
  }

  /** Ends the process: nobody reads on, which is no mistake, or the text cannot be written, as on a full disk. */
  #end(error: unknown): never {
    const code = codeOf(error);
    if (code === "EPIPE") process.exit(process.exitCode ?? 0);
    if (this.#number === 1) process.stderr.write(`standard output cannot be written to: ${String(code)}\n`);
    process.exit(2);
  }

  #open() {
    return this.#number === 1 ? process.stdout : process.stderr;
  }
}

/** Whether it is a device that may be a terminal; the null device is none. */
function isDevice(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return stats.isCharacterDevice() && stats.rdev !== statSync("/dev/null", { throwIfNoEntry: false })?.rdev;
  } catch {
    // Closed, or something that only a stream can tell.
    return true;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
