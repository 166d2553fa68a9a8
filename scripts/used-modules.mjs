// Runs the linked program and writes the numbers of the modules that it loads, in the order of loading, as JSON.
// Usage: node used-modules.mjs TEXT OUTPUT ENTRY WORD…   (ENTRY is the place of `start` in the exports of the entry)
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { runInThisContext } from "node:vm";

const [file, output, entry, ...words] = process.argv.slice(2);
const loaded = new Map();
const load = (number) => {
  if (!loaded.has(number)) {
    loaded.set(number, undefined);
    loaded.set(number, functions[number]());
  }
  return loaded.get(number);
};
const functions = runInThisContext(readFileSync(file, "utf8"))(load, createRequire(file), file);
await load(0)[entry](words);
writeFileSync(output, JSON.stringify([...loaded.keys()]));
