// Runs the SARIF validator with the rules for GitHub over what the built program writes for every fixture.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./load-source.mjs";

const TOOL = join(ROOT, "node_modules", "@microsoft", `sarif-multitool-${process.platform}`, "Sarif.Multitool");

const folder = mkdtempSync(join(tmpdir(), "plimsoll-sarif-"));
let failed = 0;
try {
  // Packages are installed without their scripts, which would have set this bit.
  chmodSync(TOOL, 0o755);
  const fixtures = readdirSync(join(ROOT, "fixtures"), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of fixtures) if (!isValid(name)) failed += 1;
  process.stdout.write(`${fixtures.length} reports validated, ${failed} refused\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;

function isValid(name) {
  const report = join(folder, `${name}.sarif`);
  const target = join("fixtures", name);
  const bin = join(ROOT, "bin", "plimsoll.js");
  const args = [bin, target, "--fail-on", "never", "--preset", "all", "-f", `sarif:${report}`];
  const lint = spawnSync(process.execPath, args, { cwd: ROOT, encoding: "utf8" });
  if (lint.status !== 0) {
    process.stdout.write(`${target}: exit code ${lint.status}\n${lint.stderr}`);
    return false;
  }
  const verdict = join(folder, `${name}.verdict.sarif`);
  const validate = ["validate", report, "--rule-kind", "Sarif;Gh", "--output", verdict, "--log", "ForceOverwrite"];
  const env = { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: "1" };
  const validator = spawnSync(TOOL, validate, { encoding: "utf8", env });
  // A result without a level is a warning. Notes are advice that does not fit every producer.
  const errors = resultsOf(verdict).filter(({ level = "warning" }) => level === "error" || level === "warning");
  for (const { ruleId, message } of errors) process.stdout.write(`${target}: ${ruleId}: ${JSON.stringify(message)}\n`);
  if (errors.length === 0 && validator.status !== 0) {
    process.stdout.write(
      `${target}: the validator ended with ${validator.status}\n${validator.stdout}${validator.stderr}`,
    );
    return false;
  }
  return errors.length === 0;
}

function resultsOf(path) {
  const log = JSON.parse(readFileSync(path, "utf8").replace(/^\ufeff/, ""));
  return log.runs.flatMap((run) => run.results ?? []);
}
