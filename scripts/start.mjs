// Lints the sample project and prints the report. Findings are what the sample is for, so they do not fail the command.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const result = spawnSync(
  process.execPath,
  [join(root, "bin", "plimsoll.js"), "--fail-on", "never", "fixtures/shop", ...process.argv.slice(2)],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
process.exitCode = result.status ?? 2;
