import { readFile } from "node:fs/promises";
import type { Host } from "./host.js";

/** Prints the JSON Schema of policy files. */
export async function printSchema(host: Host): Promise<0> {
  host.writeOut(await readFile(new URL("../schema/plimsoll.schema.json", import.meta.url), "utf8"));
  return 0;
}
