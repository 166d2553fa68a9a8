import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { ROOT } from "./load-source.mjs";

/** Ids of all rules in UTF-16 order, from the files `rules/<family>/<rule>.ts`. */
export async function ruleIds() {
  const folder = join(ROOT, "rules");
  if (!existsSync(folder)) return [];
  const ids = [];
  for (const family of await readdir(folder, { withFileTypes: true })) {
    if (!family.isDirectory()) continue;
    for (const name of await readdir(join(folder, family.name))) {
      if (name.endsWith(".ts")) ids.push(`${family.name}/${name.slice(0, -3)}`);
    }
  }
  return ids.sort();
}

/** Text of `rules/index.ts`: every rule, imported in the order of ids. */
export function ruleIndex(ids) {
  const lines = ['import type { Rule } from "../src/engine/rule.js";'];
  for (const id of ids) lines.push(`import ${variableOf(id)} from "./${id}.js";`);
  lines.push(
    "",
    "/** Every rule of the product in the order of ids. Generated from the files of this folder by `npm run generate`. */",
    "export const rules: readonly Rule[] = [",
    ...ids.map((id) => `  ${variableOf(id)},`),
    "];",
    "",
  );
  return lines.join("\n");
}

function variableOf(id) {
  return id.replaceAll(/[-/](.)/g, (_, letter) => letter.toUpperCase());
}
