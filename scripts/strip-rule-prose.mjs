import { readFile } from "node:fs/promises";
import { parse } from "acorn";
import { transform } from "esbuild";

/** Fields that only people read: they live in `dist/rule-docs.json`, so that a start does not pay for them. */
const PROSE = new Set(["summary", "why", "references", "examples"]);

/** The code of `rules/<family>/<rule>.ts` (absolute path) without its prose. */
export async function ruleWithoutProse(path) {
  const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", target: "node20" });
  return withoutProse(code, path);
}

/**
 * The code of a rule file without its prose.
 *
 * @throws Error when the file does not hold exactly one `defineRule({ … })`
 */
export function withoutProse(code, path) {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const calls = [];
  collectCalls(program, calls);
  const definition = calls[0]?.arguments[0];
  if (calls.length !== 1 || definition?.type !== "ObjectExpression") {
    throw new Error(`${path} must hold exactly one \`defineRule({ … })\`; it holds ${calls.length}`);
  }
  const cuts = [];
  for (const property of definition.properties) {
    if (property.type !== "Property") continue;
    const name = property.key.name ?? property.key.value;
    if (PROSE.has(name)) cuts.push(property);
    if (name === "kinds" && property.value.type === "ObjectExpression") cuts.push(...summariesOf(property.value));
  }
  return cut(code, cuts);
}

/** The summaries of a rule's kinds; kinds that are not written as plain objects keep theirs. */
function summariesOf(kinds) {
  const found = [];
  for (const kind of kinds.properties) {
    if (kind.type !== "Property" || kind.value.type !== "ObjectExpression") continue;
    for (const property of kind.value.properties) {
      if (property.type === "Property" && (property.key.name ?? property.key.value) === "summary") found.push(property);
    }
  }
  return found;
}

function cut(code, nodes) {
  let result = "";
  let position = 0;
  for (const node of [...nodes].sort((a, b) => a.start - b.start)) {
    result += code.slice(position, node.start);
    position = node.end;
    const comma = /^\s*,/.exec(code.slice(position, position + 200));
    if (comma !== null) position += comma[0].length;
  }
  return result + code.slice(position);
}

function collectCalls(node, calls) {
  if (Array.isArray(node)) {
    for (const item of node) collectCalls(item, calls);
    return;
  }
  if (node === null || typeof node !== "object" || typeof node.type !== "string") return;
  if (node.type === "CallExpression" && node.callee.name === "defineRule") calls.push(node);
  for (const value of Object.values(node)) {
    if (value !== null && typeof value === "object") collectCalls(value, calls);
  }
}
