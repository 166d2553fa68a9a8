import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { build } from "esbuild";
import { writeComposeJudge } from "./compose-judge.mjs";
import { lazyIndex } from "./lazy-rules.mjs";
import { modulesOf, packageInputs, textOf } from "./link-program.mjs";
import { loadSource, ROOT } from "./load-source.mjs";
import { writePolicyValidator } from "./policy-validator.mjs";
import { ruleCode } from "./rule-code.mjs";

const DIST = join(ROOT, "dist");
/** A Dockerfile alone, and a Compose file with what belongs to it: most runs are like these. */
const SAMPLES = ["alone/Dockerfile", "project/compose.yaml"];
/** What runs over a folder need beside; their code is compiled by another plan, see `src/cli/launch.ts`. */
const FOLDER = "project";
const RULE_FILE = /[\\/]rules[\\/][a-z-]+[\\/][a-z0-9-]+\.ts$/;
const isReadable = process.argv.includes("--readable");
const { version, homepage } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8"));

// Built aside and put in place as a whole, so that a failed build leaves the old one.
const FRESH = join(ROOT, "node_modules", ".cache", "plimsoll", `dist-${process.pid}`);
await mkdir(FRESH, { recursive: true });
const { rules } = await loadSource("rules/index.ts");
// Before the program is run over the samples, which it may need this for.
await writeComposeJudge(join(FRESH, "compose-judge.cjs"));
await Promise.all([
  bundle(),
  writeRuleDocs(),
  writePolicyValidator(rules, join(FRESH, "policy-validator.cjs")),
  cp(join(ROOT, "scripts", "warm-up"), join(FRESH, "warm-up"), { recursive: true }),
]);
await rm(DIST, { recursive: true, force: true });
await rename(FRESH, DIST);
warmUp();

/** The program in its parts, and the small module that loads them. */
async function bundle() {
  const define = { PLIMSOLL_VERSION: JSON.stringify(version), PLIMSOLL_HOMEPAGE: JSON.stringify(homepage) };
  const index = join(ROOT, "rules", "index.ts");
  const contentOf = (path) => {
    if (path === index) return lazyIndex(rules);
    return RULE_FILE.test(path) ? ruleCode(path) : undefined;
  };
  const modules = await modulesOf("src/cli/start.ts", contentOf, { ...define, "import.meta.url": "$here.url" });
  const parts = await partsOf(modules);
  const numbers = new Map(parts.flat().map((key, number) => [key, number]));
  const digest = createHash("sha256");
  for (const [number, keys] of parts.entries()) {
    const text = await textOf(modules, keys, numbers, isReadable);
    digest.update(text);
    await writeFile(join(FRESH, `program-${number}.cjs`), text);
  }
  await writeNotices(packageInputs(modules));
  await build({
    absWorkingDir: ROOT,
    bundle: true,
    platform: "node",
    target: "node20",
    minify: !isReadable,
    legalComments: "none",
    charset: "ascii",
    logLevel: "error",
    entryPoints: ["src/cli/launch.ts"],
    outfile: join(FRESH, "launch.cjs"),
    format: "cjs",
    define: {
      ...define,
      PLIMSOLL_BUILD: JSON.stringify(digest.digest("hex").slice(0, 16)),
      PLIMSOLL_PARTS: JSON.stringify(parts.map(({ length }) => length)),
    },
  });
}

/**
 * The modules by the run that needs them: those for a Dockerfile alone, those that a Compose file adds, the others. The
 * first module of all is the entry.
 */
async function partsOf(modules) {
  const keys = [...modules.keys()];
  const numbers = new Map(keys.map((key, number) => [key, number]));
  const whole = join(FRESH, "whole.cjs");
  await writeFile(whole, await textOf(modules, keys, numbers, true));
  const entry = String(modules.get(keys[0]).names.indexOf("start"));
  const parts = [];
  const isTaken = new Set();
  for (const path of SAMPLES) {
    const output = join(FRESH, "used.json");
    runSample("used-modules.mjs", [whole, output, entry, "--no-config", path], join(ROOT, "scripts", "warm-up"));
    const used = JSON.parse(await readFile(output, "utf8")).filter((number) => !isTaken.has(number));
    for (const number of used) isTaken.add(number);
    parts.push(used.map((number) => keys[number]));
    await rm(output);
  }
  await rm(whole);
  return [...parts, keys.filter((_, number) => !isTaken.has(number))];
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
  for (const path of [...SAMPLES, FOLDER])
    runSample("../bin/plimsoll.js", ["--no-config", path], join(DIST, "warm-up"));
}

/** Runs a script of this folder that lints a sample. Without a search path: other programs have caches of their own. */
function runSample(script, words, cwd) {
  const { status, stderr } = spawnSync(process.execPath, [join(ROOT, "scripts", script), ...words], {
    cwd,
    env: { ...process.env, PATH: "" },
    stdio: ["ignore", "ignore", "pipe"],
    encoding: "utf8",
  });
  if (status !== 0 && status !== 1)
    throw new Error(`the fresh program fails on the samples of scripts/warm-up: ${stderr}`);
}
