// Writes everything that follows from the rules; with `--check` only says what is not up to date.
import { spawnSync } from "node:child_process";
import { readFile } from "node:fs/promises";
import { loadSource } from "./load-source.mjs";
import { ruleIds, ruleIndex } from "./rule-index.mjs";
import { rulePages } from "./rule-pages.mjs";
import { betweenMarkers, inRoot, writeOrCheck } from "./write-or-check.mjs";

/** Lines of findings that the readme shows. */
const SAMPLE_LINES = 16;

const isCheck = process.argv.includes("--check");

const ids = await ruleIds();
const stale = await writeOrCheck(new Map([[inRoot("rules", "index.ts"), ruleIndex(ids)]]), isCheck);
stale.push(...(await writeOrCheck(await derivedFiles(), isCheck)));

if (stale.length > 0) {
  const verb = isCheck ? "is not what `npm run generate` writes" : "written";
  for (const path of stale) process.stdout.write(`${path}: ${verb}\n`);
  if (isCheck) process.exitCode = 1;
}

/** Text by absolute path of all files that are made from the loaded rules. */
async function derivedFiles() {
  const { rules } = await loadSource("rules/index.ts");
  const { policySchema } = await loadSource("src/config/schema.ts");
  const { helpText } = await loadSource("src/cli/program.ts");
  const files = new Map(await rulePages(rules));
  files.set(inRoot("schema", "plimsoll.schema.json"), `${JSON.stringify(policySchema(rules), undefined, 2)}\n`);
  const { composeSchema } = await loadSource("src/data/compose-schema/schema.ts");
  const { homepage } = JSON.parse(await readFile(inRoot("package.json"), "utf8"));
  files.set(inRoot("schema", "compose.schema.json"), `${JSON.stringify(composeSchema(homepage), undefined, 2)}\n`);
  const cli = await readFile(inRoot("docs", "cli.md"), "utf8");
  files.set(inRoot("docs", "cli.md"), betweenMarkers(cli, "help", `\`\`\`text\n${helpText()}\`\`\``));
  const readme = await readFile(inRoot("README.md"), "utf8");
  const withSample = betweenMarkers(readme, "sample", `\n\`\`\`text\n${sampleReport()}\`\`\`\n`);
  files.set(inRoot("README.md"), betweenMarkers(withSample, "families", familyTable(rules)));
  return files;
}

/** What `npm start` prints, from a fresh build; of a long list of findings the beginning. */
function sampleReport() {
  const build = spawnSync(process.execPath, [inRoot("scripts", "build.mjs")], { encoding: "utf8" });
  if (build.status !== 0) throw new Error(`the build failed\n${build.stderr}`);
  const start = spawnSync(process.execPath, [inRoot("scripts", "start.mjs")], { encoding: "utf8" });
  if (start.status !== 0) throw new Error(`the sample ended with ${start.status}\n${start.stderr}`);
  const end = start.stdout.indexOf("\nChecklist\n");
  const findings = start.stdout.slice(0, end).split("\n");
  if (findings.length <= SAMPLE_LINES) return start.stdout;
  // Cut before a finding, so that none is shown in part.
  const isStart = (line) => /^ {2}\d+:\d+ /.test(line) || line === "";
  let cut = SAMPLE_LINES;
  while (cut > 1 && !isStart(findings[cut])) cut -= 1;
  return `${findings.slice(0, cut).join("\n")}\n  …\n${start.stdout.slice(end)}`;
}

/** The table of families with the number of their rules. */
function familyTable(rules) {
  const counts = new Map();
  for (const rule of rules) counts.set(rule.family, (counts.get(rule.family) ?? 0) + 1);
  const rows = [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
  return [
    "",
    "| family | rules |",
    "| --- | --: |",
    ...rows.map(([family, count]) => `| [${family}](docs/rules/README.md#${family}) | ${count} |`),
    "",
  ].join("\n");
}
