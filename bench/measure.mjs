import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const PROBE = fileURLToPath(new URL("./peak-memory.cjs", import.meta.url));

/**
 * Runs a command once and waits for its end.
 *
 * @returns wall time in milliseconds, exit code, standard output, and for Node programs the peak memory in KiB
 */
export function runOnce(command, args, { cwd, env = {}, probe = false } = {}) {
  return new Promise((resolve, reject) => {
    const start = process.hrtime.bigint();
    const nodeArgs = probe ? ["--require", PROBE, ...args] : args;
    const child = spawn(command, nodeArgs, {
      cwd,
      env: { PATH: process.env.PATH, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe", probe ? "pipe" : "ignore"],
    });
    let stdout = "";
    let memory = "";
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.resume();
    if (probe) child.stdio[3].on("data", (chunk) => (memory += chunk));
    child.on("error", reject);
    child.on("close", (exitCode) => {
      const ms = Number(process.hrtime.bigint() - start) / 1e6;
      resolve({ ms, exitCode, stdout, peakKiB: Number(memory) || undefined });
    });
  });
}

/** Runs several commands in turn, `rounds` times each, so that noise of the machine meets all of them alike; medians by name. */
export async function compare(commands, rounds) {
  const times = new Map(commands.map(({ name }) => [name, []]));
  const peaks = new Map();
  for (let round = 0; round < rounds; round += 1) {
    for (const { name, command, args, options } of commands) {
      times.get(name).push((await runOnce(command, args, options)).ms);
    }
  }
  for (const { name, command, args, options } of commands) {
    if (command !== process.execPath) continue;
    // Twice: under a flag of Node that it has not seen before, the program compiles itself and keeps what came of it.
    await runOnce(command, args, { ...options, probe: true });
    const run = await runOnce(command, args, { ...options, probe: true });
    peaks.set(name, run.peakKiB);
  }
  return commands.map(({ name }) => ({ name, ms: median(times.get(name)), peakKiB: peaks.get(name) }));
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
