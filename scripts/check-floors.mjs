// Holds the order of the floors: what may import what, which folder may know which parser, and no circles.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { ROOT } from "./load-source.mjs";

/** Lowest first; folders of one floor do not know each other. */
const FLOORS = [
  ["text"],
  ["files"],
  ["data"],
  ["values"],
  ["shell", "dockerfile"],
  ["compose", "context"],
  ["config"],
  ["project"],
  ["engine"],
  ["report"],
  ["cli", "lsp"],
];

/** Folders of `src/` that may import a package; packages that are not named here may be imported anywhere. */
const OWNERS = {
  "dockerfile-ast": ["dockerfile"],
  unbash: ["shell"],
  yaml: ["compose", "config"],
  ajv: ["config"],
  commander: ["cli"],
  chalk: ["cli"],
  "fast-glob": ["cli"],
};

/** The one file below `cli/` and `lsp/` that may use Node's own modules. */
const DISK = "src/files/disk.ts";
const TOP = new Set(["cli", "lsp"]);

/** `engine/` modules that hold the contract of rules: types and tables that floors below may name. */
const CONTRACT = new Set(["src/engine/rule.ts", "src/engine/option.ts", "src/engine/level.ts"]);

const problems = [];
const graph = new Map();

for (const file of [...filesBelow("src"), ...filesBelow("rules")]) {
  const imports = importsOf(file);
  graph.set(
    file,
    imports.filter((found) => found.target !== undefined && !found.isType).map((found) => found.target),
  );
  for (const found of imports) {
    const problem = judge(file, found);
    if (problem !== undefined) problems.push(`${file}: ${problem}`);
  }
}
problems.push(...circles(graph));

for (const problem of problems) process.stdout.write(`${problem}\n`);
process.stdout.write(`${graph.size} files, ${problems.length} problems\n`);
if (problems.length > 0) process.exitCode = 1;

/** What is wrong with one import; undefined when it is allowed. */
function judge(file, { name, target }) {
  const folder = folderOf(file);
  if (target === undefined) return judgePackage(file, folder, name);
  if (file.startsWith("rules/")) return judgeRule(file, target);
  if (target.startsWith("rules/")) return TOP.has(folder) ? undefined : `imports ${target}; only cli/ and lsp/ may`;
  const to = folderOf(target);
  if (folder === to) return undefined;
  if (floorOf(to) === -1) return `imports ${target}, which is on no floor`;
  return floorOf(to) < floorOf(folder) ? undefined : `imports ${target}, which is not on a floor below`;
}

function judgePackage(file, folder, name) {
  if (name.startsWith("node:")) {
    if (file.startsWith("rules/")) return `imports ${name}; rules do no input and output`;
    return TOP.has(folder) || file === DISK ? undefined : `imports ${name}; files are reached by the FileSystem port`;
  }
  const owners = OWNERS[name.split("/")[0]];
  if (owners === undefined) return undefined;
  return owners.includes(folder) ? undefined : `imports ${name}; only ${owners.join(" and ")}/ may`;
}

function judgeRule(file, target) {
  if (file === "rules/index.ts") return undefined;
  if (target.startsWith("rules/")) return `imports ${target}; rules do not know each other`;
  const floor = floorOf(folderOf(target));
  if (CONTRACT.has(target) || (floor !== -1 && floor <= floorOf("project"))) return undefined;
  return `imports ${target}; rules know the contract (engine/rule) and the models`;
}

/** Index of the floor of a folder of `src/`, or -1. */
function floorOf(folder) {
  return FLOORS.findIndex((floor) => floor.includes(folder));
}

function folderOf(file) {
  return file.split("/")[1] ?? "";
}

/** Imports of a file, type imports too: `target` is a path in the repository, absent for a package. */
function importsOf(file) {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = [];
  for (const match of text.matchAll(/^(?:import|export)\s+(type\s)?[^;"]*?\bfrom\s+"([^"]+)"|^import\s+"([^"]+)"/gm)) {
    found.push(resolved(file, match[2] ?? match[3], match[1] !== undefined || onlyTypes(match[0])));
  }
  for (const match of text.matchAll(/\bimport\("([^"]+)"\)/g)) found.push({ ...resolved(file, match[1], true) });
  return found;
}

/** Whether an import names types only: `import { type A, type B } from …` leaves nothing at run time. */
function onlyTypes(statement) {
  const names = /\{([^}]*)\}/.exec(statement)?.[1];
  if (names === undefined || !/^(?:import|export)\s*\{/.test(statement)) return false;
  return names
    .split(",")
    .filter((name) => name.trim() !== "")
    .every((name) => name.trim().startsWith("type "));
}

function resolved(file, name, isType) {
  if (!name.startsWith(".")) return { name, isType };
  const path = relative(ROOT, join(ROOT, dirname(file), name))
    .split(sep)
    .join("/");
  const source = path.replace(/\.js$/, ".ts");
  return { name, isType, target: existsSync(join(ROOT, source)) ? source : path };
}

/** Circles of imports that exist at run time, each once. */
function circles(edges) {
  const state = new Map();
  const found = [];
  const visit = (file, path) => {
    if (state.get(file) === "done") return;
    const at = path.indexOf(file);
    if (at !== -1) {
      found.push(`${[...path.slice(at), file].join(" -> ")}: a circle of imports`);
      return;
    }
    for (const next of edges.get(file) ?? []) visit(next, [...path, file]);
    state.set(file, "done");
  };
  for (const file of edges.keys()) visit(file, []);
  return found;
}

function filesBelow(folder) {
  const start = join(ROOT, folder);
  if (!existsSync(start)) return [];
  return readdirSync(start, { recursive: true })
    .map((name) => `${folder}/${String(name).split(sep).join("/")}`)
    .filter((name) => name.endsWith(".ts"))
    .sort();
}
