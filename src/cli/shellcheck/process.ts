import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What ended a process that gave no answer. */
export interface Failure {
  /** Says what happened, to follow the name of the program: `did not answer within 20 s`. */
  readonly reason: string;
}

/** How long and how much. */
export interface ProcessLimits {
  readonly timeoutMs: number;
  /** Most bytes of output. */
  readonly outputBytes: number;
}

// No file of the user's, no colours, no links; every remark, however mild.
const FLAGS = ["--norc", "--format=json1", "--severity=style", "--color=never", "--wiki-link-count=0"];

/**
 * Checks scripts in one process: a single one on standard input, several as files of a private folder that is removed
 * afterwards. Nothing of a script is ever part of a command line.
 *
 * @returns what the program printed: JSON whose `file` is `-`, or ends in the 0-based number of the script and `.sh`
 */
export async function checkInProcess(
  program: string,
  scripts: readonly string[],
  limits: ProcessLimits,
): Promise<string | Failure> {
  const [only] = scripts;
  if (only !== undefined && scripts.length === 1) return run(program, [...FLAGS, "-"], only, limits);
  const folder = mkdtempSync(join(tmpdir(), "plimsoll-"));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // Also when something else ends this process before the answer is there.
  process.once("exit", remove);
  try {
    const files = scripts.map((text, index) => {
      const file = join(folder, `${index}.sh`);
      writeFileSync(file, text, { mode: 0o600, flag: "wx" });
      return file;
    });
    return await run(program, [...FLAGS, ...files], "", limits);
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** The version that the program says it has; undefined when it does not say. */
export async function versionOf(program: string, limits: ProcessLimits): Promise<string | undefined> {
  const answer = await run(program, ["--version"], "", limits);
  return typeof answer === "string" ? /^version: (\S{1,40})$/m.exec(answer)?.[1] : undefined;
}

function run(
  program: string,
  args: readonly string[],
  input: string,
  limits: ProcessLimits,
): Promise<string | Failure> {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: tmpdir(),
      env: environment(),
      stdio: ["pipe", "pipe", "ignore"],
      windowsHide: true,
    });
    const chunks: Buffer[] = [];
    let size = 0;
    const stop = (reason: string): void => {
      clearTimeout(timer);
      resolve({ reason });
      child.kill("SIGKILL");
      // A grandchild that holds the pipe must not keep us waiting.
      child.stdout.destroy();
    };
    const timer = setTimeout(() => stop(`did not answer within ${limits.timeoutMs / 1000} s`), limits.timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.outputBytes) stop("printed too much");
      else chunks.push(chunk);
    });
    child.on("error", (error) => stop(`could not be started: ${"code" in error ? String(error.code) : error.message}`));
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      // 1 means that there are remarks.
      if (code === 0 || code === 1) resolve(Buffer.concat(chunks).toString("utf8"));
      else resolve({ reason: signal === null ? `ended with status ${code}` : `was ended by ${signal}` });
    });
    // A program that does not read ends the pipe early; its status says the rest.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

/** What the program needs, and nothing that changes its answers. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME, SystemRoot, TEMP } = process.env;
  return { PATH, HOME, SystemRoot, TEMP, LC_ALL: "C.UTF-8" };
}
