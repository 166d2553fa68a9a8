import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, relative, resolve } from "node:path";
import { parse } from "acorn";
import { build, transform } from "esbuild";
import { ROOT } from "./load-source.mjs";

/**
 * Links the program as functions, one for each module, that run when something of their module is first used. A bundle
 * in one scope makes every function of 900 modules at each start; here a run pays for the modules that it touches.
 * Modules of this repository may rely on it, because none does anything when it is loaded.
 *
 * @param entry path of the first module, relative to the repository
 * @param contentOf gives the TypeScript of a path (absolute), instead of what the disk has
 * @param define names that are replaced by an expression
 */
export async function modulesOf(entry, contentOf, define) {
  const modules = new Map();
  const waiting = [resolve(ROOT, entry)];
  while (waiting.length > 0) {
    const fresh = waiting.splice(0).filter((key) => !modules.has(key));
    for (const key of fresh) modules.set(key, undefined);
    const parts = await Promise.all([...new Set(fresh)].map((key) => moduleOf(key, contentOf, define)));
    for (const part of parts) {
      modules.set(part.key, part);
      waiting.push(...part.needs);
    }
  }
  return modules;
}

/**
 * The text of some of the modules: an expression whose value is a function that takes `load` (gives the exports of a
 * module by its number), `require` and the name of the file, and gives the functions of the modules in their order.
 *
 * @param keys the modules that the text is to hold
 * @param numbers number of each module by its key
 * @param isReadable whether names and lines stay as they are written
 */
export async function textOf(modules, keys, numbers, isReadable) {
  const bodies = keys.map((key) => {
    const code = modules.get(key).code.replaceAll(PLACE, (_, need, name) => placeOf(modules, numbers, need, name));
    return `/* ${relative(ROOT, key)} */()=>{${code}}`;
  });
  const here = '{get url(){return require("node:url").pathToFileURL(__filename).href}}';
  const program = `$program=function($load,require,__filename){"use strict";const $here=${here};return[${bodies.join(",\n")}]}`;
  if (isReadable) return `${program.replace("$program=", "(")})`;
  const options = { minify: true, target: "node20", charset: "ascii", legalComments: "none" };
  const { code } = await transform(program, options);
  // A function that nobody calls would be left out, which is why it is given to a name first.
  return `${code
    .trim()
    .replace(/^\$program=/, "(")
    .replace(/;$/, "")})`;
}

/** A number that is known when all modules are; the characters are in no source. */
const PLACE = /\u0001([^\u0001\u0002]+)(?:\u0002([^\u0001]+))?\u0001/g;
/** Where the number of a module is to stand. */
const numberOf = (key) => `\u0001${key}\u0001`;
/** Where the place of a name in the exports of a module is to stand; all exports, named, for `*`. */
const exportOf = (key, name) => `\u0001${key}\u0002${name}\u0001`;

function placeOf(modules, numbers, key, name) {
  if (name === undefined) return String(numbers.get(key));
  const { names } = modules.get(key);
  if (name === "*") return names.map((each, place) => `${each}:all[${place}]`).join(",");
  const place = names.indexOf(name);
  if (place < 0) throw new Error(`${key} exports no ${name}`);
  return String(place);
}

async function moduleOf(key, contentOf, define) {
  return key.startsWith("/") ? await ownModule(key, contentOf, define) : await packageModule(key);
}

/** A package, bundled by itself: its modules may do things when they are loaded. */
async function packageModule(name) {
  const { outputFiles, metafile } = await build({
    absWorkingDir: ROOT,
    stdin: { contents: `import * as all from ${JSON.stringify(name)}; export { all };`, resolveDir: ROOT },
    bundle: true,
    write: false,
    metafile: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    legalComments: "none",
    logLevel: "error",
    supported: { "dynamic-import": false },
  });
  const code = `const module={exports:{}};${outputFiles[0].text}\nreturn module.exports.all;`;
  return { key: name, code, names: [], needs: [], inputs: Object.keys(metafile.inputs) };
}
async function ownModule(path, contentOf, define) {
  const source = (await contentOf(path)) ?? (await readFile(path, "utf8"));
  const { code } = await transform(source, {
    loader: "ts",
    format: "cjs",
    target: "node20",
    minifySyntax: true,
    // Leaves out what the data of rules was made of.
    treeShaking: true,
    legalComments: "none",
    supported: { "dynamic-import": false },
    define,
  });
  return { key: path, inputs: [], ...linked(code, path) };
}

/**
 * The body of a function that gives the exports of a module, from what esbuild makes of an ES module. The exports are an
 * array: an object would need a hidden class for each module, which takes V8 longer than most modules do.
 */
function linked(code, path) {
  const end = /^module\.exports = __toCommonJS\(stdin_exports\);$/m.exec(code);
  const body = end === null ? code : code.slice(end.index + end[0].length);
  const program = parse(body, { ecmaVersion: "latest", sourceType: "script", allowReturnOutsideFunction: true });
  const edits = [];
  const needs = [];
  const imports = new Map();
  const keyOf = (specifier) => {
    if (isBuiltin(specifier)) return undefined;
    const key = specifier.startsWith(".") ? resolve(dirname(path), specifier.replace(/\.js$/, ".ts")) : specifier;
    needs.push(key);
    return key;
  };
  /** An expression for a name that a module exports; `held` is the variable that keeps the module. */
  const exported = (specifier, name, held) => {
    const key = keyOf(specifier);
    const module = key === undefined ? `require(${JSON.stringify(specifier)})` : `$load(${numberOf(key)})`;
    const exports = held === undefined ? module : `(${held}??=${module})`;
    return key?.startsWith("/") ? `${exports}[${exportOf(key, name)}]` : `${exports}.${name}`;
  };
  const declarations = program.body.flatMap((node) => (node.type === "VariableDeclaration" ? node.declarations : []));
  for (const { id, init } of declarations) {
    const specifier = requiredBy(init) ?? requiredBy(unwrapped(init));
    if (specifier === undefined) continue;
    // A name of the source's own could be declared again further in; those that esbuild makes are not.
    if (!id.name.startsWith("import_")) throw new Error(`${path}: import names, not \`* as ${id.name}\``);
    imports.set(id.name, specifier);
    edits.push([id.end, init.end, ""]);
  }
  visit(program, (node) => {
    if (node.type === "VariableDeclarator" && imports.has(node.id.name)) return true;
    const held = node.type === "MemberExpression" && !node.computed ? node.object.name : undefined;
    if (imports.has(held)) {
      edits.push([node.start, node.end, exported(imports.get(held), node.property.name, held)]);
      return true;
    }
    if (imports.has(node.name)) throw new Error(`${path}: ${node.name} is used as a whole`);
    const member = node.type === "MemberExpression" ? requiredBy(node.object) : undefined;
    if (member !== undefined) {
      edits.push([node.start, node.end, exported(member, node.property.name)]);
      return true;
    }
    const specifier = requiredBy(node) ?? requiredBy(unwrapped(node));
    if (specifier === undefined) return false;
    const key = keyOf(specifier);
    if (key === undefined) edits.push([node.start, node.end, `require(${JSON.stringify(specifier)})`]);
    else if (!key.startsWith("/")) edits.push([node.start, node.end, `$load(${numberOf(key)})`]);
    else edits.push([node.start, node.end, `(all=>({${exportOf(key, "*")}}))($load(${numberOf(key)}))`]);
    return true;
  });
  const exports = exportsOf(code).map(({ name, value }) => {
    const [held, ...rest] = value.split(".");
    return { name, value: imports.has(held) ? exported(imports.get(held), rest.join("."), held) : value };
  });
  return {
    code: `${applied(body, edits)}return[${exports.map(({ value }) => value).join(",")}];`,
    names: exports.map(({ name }) => name),
    needs,
  };
}

function requiredBy(node) {
  if (node?.type !== "CallExpression" || node.callee.name !== "require") return undefined;
  const [specifier] = node.arguments;
  return specifier?.type === "Literal" ? specifier.value : undefined;
}

function unwrapped(node) {
  return node?.type === "CallExpression" && node.callee.name === "__toESM" ? node.arguments[0] : undefined;
}

/** The names that a module exports, each with the expression of its value. */
function exportsOf(code) {
  const table = /^__export\(stdin_exports, \{\n([\s\S]*?)^\}\);$/m.exec(code)?.[1] ?? "";
  return [...table.matchAll(/^ {2}"?([\w$]+)"?: \(\) => (.*?),?$/gm)].map(([, name, value]) => ({ name, value }));
}

/** Calls `see` for each node from the root down; not below nodes of which `see` says true. */
function visit(node, see) {
  if (see(node)) return;
  for (const [name, value] of Object.entries(node)) {
    if ((name === "key" || name === "property") && node.computed === false) continue;
    if (Array.isArray(value)) {
      for (const item of value) if (typeof item?.type === "string") visit(item, see);
    } else if (typeof value?.type === "string") visit(value, see);
  }
}

function applied(text, edits) {
  let result = "";
  let position = 0;
  for (const [start, end, replacement] of edits.sort(([a], [b]) => a - b)) {
    result += text.slice(position, start) + replacement;
    position = end;
  }
  return result + text.slice(position);
}

/** Paths of everything that came from packages, relative to the repository. */
export function packageInputs(modules) {
  return [...modules.values()].flatMap(({ inputs }) => inputs);
}
