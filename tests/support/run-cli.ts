import { spawn } from "node:child_process";
import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Text by path relative to the working directory: lines, or one string where the line ending is the point. */
export type Files = Readonly<Record<string, readonly string[] | string>>;

/** What the process did. */
export interface CliRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What differs from a plain call. */
export interface CliOptions {
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Working directory, relative to the folder that holds the files. */
  readonly cwd?: string;
  /** Called in the folder before the process starts. */
  readonly prepare?: (folder: string) => Promise<void>;
  /** Called in the folder after the process has ended. */
  readonly inspect?: (folder: string) => Promise<void>;
}

const BIN = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), "bin", "plimsoll.js");

/** Variables that would change what the program prints. */
const SCRUBBED = /^(?:CI|NO_COLOR|FORCE_COLOR|NODE_OPTIONS|GITHUB_.*|PLIMSOLL_.*)$/;

/** Runs the built program in a temporary folder that holds `files`, and removes the folder. */
export async function runCli(args: readonly string[], files: Files, options: CliOptions = {}): Promise<CliRun> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "plimsoll-")));
  try {
    await writeFiles(folder, files);
    await options.prepare?.(folder);
    const run = await spawnCli(args, join(folder, options.cwd ?? "."), options);
    await options.inspect?.(folder);
    return run;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    const target = join(folder, path);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, typeof text === "string" ? text : `${text.join("\n")}\n`);
  }
}

function spawnCli(args: readonly string[], cwd: string, { stdin, env }: CliOptions): Promise<CliRun> {
  const kept = Object.entries(process.env).filter(([name]) => !SCRUBBED.test(name));
  // No programs: what is found must not depend on whether ShellCheck is installed.
  const own = { ...Object.fromEntries(kept), PATH: "", ...env };
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { cwd, env: own });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
      stderr += chunk;
    });
    child.on("error", reject);
    child.on("close", (exitCode) => resolve({ exitCode, stdout, stderr }));
    child.stdin.on("error", () => undefined);
    child.stdin.end(stdin ?? "");
  });
}
