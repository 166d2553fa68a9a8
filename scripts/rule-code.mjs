import { readFile } from "node:fs/promises";
import { parse } from "acorn";
import { transform } from "esbuild";

/**
 * What is asked of a loaded rule. Its other data is in its card, and what only people read in `dist/rule-docs.json`: a
 * start that loads a hundred rules would make all of that as objects.
 */
const CODE = new Set(["options", "levelByOptions", "check"]);

/** The code of `rules/<family>/<rule>.ts` (absolute path) without its data. */
export async function ruleCode(path) {
  const { code } = await transform(await readFile(path, "utf8"), { loader: "ts", target: "node20" });
  return withoutData(code, path);
}

/**
 * The code of a rule file without its data: what `defineRule` is given, cut down to code, stands in its place.
 *
 * @throws Error when the file does not hold exactly one `defineRule({ … })`
 */
export function withoutData(code, path) {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  const calls = [];
  collectCalls(program, calls);
  const [call] = calls;
  const definition = call?.arguments[0];
  if (calls.length !== 1 || definition?.type !== "ObjectExpression") {
    throw new Error(`${path} must hold exactly one \`defineRule({ … })\`; it holds ${calls.length}`);
  }
  const kept = definition.properties.filter(({ key }) => CODE.has(key?.name ?? key?.value));
  const text = kept.map(({ start, end }) => code.slice(start, end)).join(",\n");
  return `${code.slice(0, call.start)}({${text}})${code.slice(call.end)}`;
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
