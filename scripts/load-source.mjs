import { mkdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Absolute path of the repository, without a trailing slash. */
export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Bundles a TypeScript module of the repository (its own sources only, packages stay imports) and imports it.
 *
 * @param path relative to the repository
 * @returns the module's exports
 */
export async function loadSource(path) {
  const folder = join(ROOT, "node_modules", ".cache", "plimsoll");
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, `${path.replaceAll(/[^a-z0-9]+/gi, "-")}-${process.pid}.mjs`);
  await build({
    absWorkingDir: ROOT,
    entryPoints: [join(ROOT, path)],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    packages: "external",
    logLevel: "error",
  });
  try {
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(outfile, { force: true });
  }
}
