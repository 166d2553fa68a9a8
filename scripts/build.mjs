import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { lazyRules } from "./lazy-rules.mjs";
import { loadSource, ROOT } from "./load-source.mjs";
import { writePolicyValidator } from "./policy-validator.mjs";
import { stripRuleProse } from "./strip-rule-prose.mjs";

const DIST = join(ROOT, "dist");
const isReadable = process.argv.includes("--readable");
const { version, homepage } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

// Built aside and put in place as a whole, so that a failed build leaves the old one.
const FRESH = join(ROOT, "node_modules", ".cache", "plimsoll", `dist-${process.pid}`);
await mkdir(FRESH, { recursive: true });
const { rules } = await loadSource("rules/index.ts");
await Promise.all([
  bundle(),
  writeRuleDocs(),
  writePolicyValidator(rules, join(FRESH, "policy-validator.cjs")),
  cp(join(ROOT, "scripts", "warm-up"), join(FRESH, "warm-up"), { recursive: true }),
]);
await rm(DIST, { recursive: true, force: true });
await rename(FRESH, DIST);
warmUp();

/** The program as one text, and the small module that loads it. */
async function bundle() {
  const define = { PLIMSOLL_VERSION: JSON.stringify(version), PLIMSOLL_HOMEPAGE: JSON.stringify(homepage) };
  const shared = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    // Names are shortened too: reading 1.7 MB and their names takes 3 ms of a start. `--readable` keeps them, for stacks.
    minify: !isReadable,
    legalComments: "none",
    // The loader reads the program as Latin-1.
    charset: "ascii",
    logLevel: "error",
  };
  const { metafile } = await build({
    ...shared,
    metafile: true,
    entryPoints: ["src/cli/start.ts"],
    outfile: join(FRESH, "program.cjs"),
    format: "cjs",
    // The launcher runs the program as a script, in which `import()` of a module of Node does not work; `require` does.
    supported: { "dynamic-import": false },
    define: { ...define, "import.meta.url": "$here.url" },
    // One function expression, which the launcher calls: nothing has to be put around a megabyte of text at each start.
    banner: {
      js:
        '(function(exports,require,module,__filename){"use strict";' +
        'const $here={get url(){return require("node:url").pathToFileURL(__filename).href}};',
    },
    footer: { js: "})" },
    plugins: [stripRuleProse, lazyRules(rules)],
  });
  await writeNotices(Object.keys(metafile.inputs));
  const digest = createHash("sha256")
    .update(await readFile(join(FRESH, "program.cjs")))
    .digest("hex");
  await build({
    ...shared,
    entryPoints: ["src/cli/launch.ts"],
    outfile: join(FRESH, "launch.cjs"),
    format: "cjs",
    define: { ...define, PLIMSOLL_BUILD: JSON.stringify(digest.slice(0, 16)) },
  });
}

/** The licences of the packages whose code is part of the program. */
async function writeNotices(inputs) {
  const names = inputs.flatMap(
    (path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(path)?.[1] ?? [],
  );
  const notices = [];
  for (const name of [...new Set(names)].sort()) {
    const folder = join(ROOT, "node_modules", name);
    const file = (await readdir(folder)).find((entry) => /^licen[cs]e/i.test(entry));
    const { license, version: used } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = file === undefined ? `Licence: ${license}` : (await readFile(join(folder, file), "utf8")).trim();
    notices.push(`${name} ${used}\n\n${text}\n`);
  }
  await writeFile(join(FRESH, "THIRD-PARTY-NOTICES.txt"), notices.join(`\n${"-".repeat(80)}\n\n`));
}

/** What people read about the rules: for `explain`, `rules` and the SARIF report. */
async function writeRuleDocs() {
  const { ruleDocs } = await loadSource("src/report/rule-docs.ts");
  const docs = Object.fromEntries(rules.map((rule) => [rule.id, ruleDocs(rule)]));
  await writeFile(join(FRESH, "rule-docs.json"), JSON.stringify(docs));
}

/** Runs the program as often as it has caches of compiled code: the first run of each kind writes its own. */
function warmUp() {
  for (const path of ["alone/Dockerfile", "project/compose.yaml"]) {
    const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "bin", "plimsoll.js"), "--no-config", path], {
      cwd: join(DIST, "warm-up"),
      stdio: ["ignore", "ignore", "pipe"],
      encoding: "utf8",
    });
    if (status !== 0 && status !== 1)
      throw new Error(`the fresh program fails on the samples of scripts/warm-up: ${stderr}`);
  }
}
