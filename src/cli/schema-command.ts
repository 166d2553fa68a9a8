import { readFile } from "node:fs/promises";
import type { Host } from "./host.js";
import type { SchemaName } from "./request.js";

const FILES = {
  policy: "plimsoll.schema.json",
  compose: "compose.schema.json",
} as const satisfies Record<SchemaName, string>;

/** Prints a JSON Schema that ships with the program. */
export async function printSchema(name: SchemaName, host: Host): Promise<0> {
  host.writeOut(await readFile(new URL(`../schema/${FILES[name]}`, import.meta.url), "utf8"));
  return 0;
}
