import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { loadSource, ROOT } from "./load-source.mjs";
import { writePolicyValidator } from "./policy-validator.mjs";
import { stripRuleProse } from "./strip-rule-prose.mjs";

const DIST = join(ROOT, "dist");
const { version, homepage } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

// Built aside and put in place as a whole, so that a failed build leaves the old one.
const FRESH = join(ROOT, "node_modules", ".cache", "plimsoll", `dist-${process.pid}`);
await mkdir(FRESH, { recursive: true });
const { rules } = await loadSource("rules/index.ts");
await Promise.all([bundle(), writeRuleDocs(), writePolicyValidator(rules, join(FRESH, "policy-validator.js"))]);
await rm(DIST, { recursive: true, force: true });
await rename(FRESH, DIST);

/** The programs, split so that what a run does not need is not read. */
async function bundle() {
  await build({
    absWorkingDir: ROOT,
    entryPoints: { cli: "src/cli/start.ts" },
    outdir: FRESH,
    chunkNames: "[name]-[hash]",
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { PLIMSOLL_VERSION: JSON.stringify(version), PLIMSOLL_HOMEPAGE: JSON.stringify(homepage) },
    // CommonJS packages inside the bundle ask for Node's own modules by `require`.
    banner: {
      js: 'import{createRequire as $createRequire}from"node:module";const require=$createRequire(import.meta.url);',
    },
    plugins: [stripRuleProse],
    logLevel: "error",
  });
}

/** What people read about the rules: for `explain`, `rules` and the SARIF report. */
async function writeRuleDocs() {
  const { ruleDocs } = await loadSource("src/report/rule-docs.ts");
  const docs = Object.fromEntries(rules.map((rule) => [rule.id, ruleDocs(rule)]));
  await writeFile(join(FRESH, "rule-docs.json"), JSON.stringify(docs));
}
