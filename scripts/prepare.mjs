// Builds `dist/` after an installation from a checkout, which has none. An installed package has one already, and a
// production installation has no compiler: neither is a mistake, so neither fails.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const isForced = process.argv.includes("--force");
const isBuilt = existsSync(join(root, "dist", "launch.cjs"));
const hasCompiler = ["esbuild", "acorn"].every((name) => existsSync(join(root, "node_modules", name, "package.json")));

if ((isForced || !isBuilt) && hasCompiler) {
  await import("./build.mjs");
} else if (isForced) {
  process.stderr.write("cannot build: the development dependencies are missing; run `npm ci`\n");
  process.exitCode = 1;
}
