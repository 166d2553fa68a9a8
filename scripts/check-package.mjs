// Packs the project, installs the tarball into an empty folder, and lints a Dockerfile with it.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./load-source.mjs";

const folder = mkdtempSync(join(tmpdir(), "plimsoll-package-"));
try {
  run("npm", ["pack", "--silent", "--pack-destination", folder], ROOT);
  const tarball = readdirSync(folder).find((name) => name.endsWith(".tgz"));
  if (tarball === undefined) throw new Error("`npm pack` made no tarball");
  const project = join(folder, "project");
  mkdirSync(project);
  writeFileSync(join(project, "package.json"), '{ "private": true }\n');
  run("npm", ["install", "--silent", "--no-audit", "--no-fund", join(folder, tarball)], project);
  writeFileSync(join(project, "Dockerfile"), "FROM node\n");
  const bin = join(project, "node_modules", ".bin", "plimsoll");
  const report = JSON.parse(run(bin, ["--format", "json", "--fail-on", "never", "Dockerfile"], project));
  if (report.summary.files !== 1) throw new Error(`the installed program saw ${report.summary.files} files`);
  run(bin, ["explain", report.files[0].findings[0].rule], project);
  run(bin, ["schema"], project);
  process.stdout.write(`${tarball} installs and lints\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Output of a command that has to succeed. */
function run(command, args, cwd) {
  const result = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (result.status !== 0) {
    throw new Error(`${command} ${args.join(" ")}: exit code ${result.status}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
