import { rulesJson, rulesText } from "../report/rule-list.js";
import type { Host } from "./host.js";
import { loadRuleLibrary } from "./rule-prose.js";

/** Prints every rule. */
export async function listRules(format: "text" | "json", host: Host): Promise<0> {
  const { entries } = await loadRuleLibrary();
  host.writeOut(format === "json" ? rulesJson(entries) : rulesText(entries));
  return 0;
}
