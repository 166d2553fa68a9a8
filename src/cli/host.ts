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
export function processHost(): Host {
  return {
    cwd: process.cwd().replaceAll("\\", "/"),
    env: process.env,
    isOutputTerminal: process.stdout.isTTY === true,
    isErrorTerminal: process.stderr.isTTY === true,
    now: () => performance.now(),
    writeOut: (text) => {
      process.stdout.write(text);
    },
    writeError: (text) => {
      process.stderr.write(text);
    },
    readInput,
  };
}

async function readInput(): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}
