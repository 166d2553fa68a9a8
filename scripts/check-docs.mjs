// Holds the documents to what exists: links and anchors, paths, npm scripts, commands, flags and rules that they name.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { loadSource, ROOT } from "./load-source.mjs";
import { ruleIds } from "./rule-index.mjs";

const FAMILIES =
  "stages|user|images|health|secrets|layers|labels|context|packages|shell|syntax|runtime|network|compose|style";
const RULE = new RegExp(`\\b(?:${FAMILIES})/[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?![\\w./-])`, "g");
const PATH = /^(?:src|rules|docs|tests|scripts|bin|schema|fixtures|\.ci)\/[\w./-]*\w$/;

const ids = new Set(await ruleIds());
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
const { COMMANDS } = await loadSource("src/cli/request.ts");
const { helpText } = await loadSource("src/cli/program.ts");
/** Flags of single commands, which the help of the program does not list. */
const COMMAND_FLAGS = ["--from", "--compose"];
const flags = new Set([...[...helpText().matchAll(/--[a-z][a-z-]*/g)].map(([flag]) => flag), ...COMMAND_FLAGS]);
/** Its rows for rules that are not there yet are held against the rules by a test of its own. */
const TABLES_OF_IDS = "docs/coming-from.md";

const documents = [...markdownBelow("."), ...markdownBelow("docs")].filter((path) => !path.startsWith("docs/rules/"));
const problems = documents.flatMap((path) => problemsOf(path).map((problem) => `${path}: ${problem}`));

for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${documents.length} documents, ${problems.length} problems\n`);
if (problems.length > 0) process.exitCode = 1;

function problemsOf(path) {
  const text = readFileSync(join(ROOT, path), "utf8");
  return [...brokenLinks(path, text), ...wrongWords(path, text), ...wrongCommands(text)];
}

function brokenLinks(path, text) {
  const found = [];
  for (const [, target] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
    if (/^[a-z]+:/.test(target)) continue;
    const [file, anchor] = target.split("#");
    const absolute = file === "" ? join(ROOT, path) : join(ROOT, dirname(path), file);
    if (!existsSync(absolute)) found.push(`links to ${target}, which does not exist`);
    else if (anchor !== undefined && !anchorsOf(absolute).has(anchor))
      found.push(`links to ${target}: no such heading`);
  }
  return found;
}

/** Anchors of the headings of a document, as GitHub makes them. */
function anchorsOf(file) {
  const headings = readFileSync(file, "utf8").matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, title]) =>
      title
        .toLowerCase()
        .replaceAll(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** Code words that look like a path of the repository or the id of a rule. */
function wrongWords(path, text) {
  const found = [];
  for (const [, code] of text.matchAll(/`([^`\n]+)`/g)) {
    if (PATH.test(code) && !existsSync(join(ROOT, code))) found.push(`names ${code}, which does not exist`);
  }
  if (path === TABLES_OF_IDS) return found;
  for (const [id] of text.matchAll(RULE)) if (!ids.has(id)) found.push(`names the rule ${id}, which does not exist`);
  return found;
}

function wrongCommands(text) {
  const found = [];
  for (const [, script] of text.matchAll(/npm run ([a-z][\w:-]*)/g)) {
    if (scripts[script] === undefined) found.push(`names \`npm run ${script}\`, which does not exist`);
  }
  for (const [, line] of text.matchAll(/\bplimsoll((?: +[^\s`]+)+)/g)) {
    for (const flag of line.matchAll(/(?<=\s)--[a-z][a-z-]*/g)) {
      if (!flags.has(flag[0])) found.push(`names the flag ${flag[0]}, which does not exist`);
    }
  }
  for (const [, word] of text.matchAll(/`plimsoll ([a-z]+)[^`]*`/g)) {
    if (!COMMANDS.has(word)) found.push(`names the command \`plimsoll ${word}\`, which does not exist`);
  }
  return found;
}

function markdownBelow(folder) {
  const start = join(ROOT, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: folder !== ".", withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".md"))
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
