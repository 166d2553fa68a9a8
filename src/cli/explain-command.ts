import { UserError } from "../config/user-error.js";
import { rulePage } from "../report/rule-page.js";
import type { Host } from "./host.js";
import { loadRuleLibrary } from "./rule-prose.js";

/**
 * Prints the page of each rule that a name stands for: an id, `rule#kind`, or an alias, which may name several.
 *
 * @throws UserError when no rule has that name
 */
export async function explain(name: string, host: Host): Promise<0> {
  const { index, entry } = await loadRuleLibrary();
  const ids = [...new Set(index.resolve(name).map(({ rule }) => rule))];
  if (ids.length === 0) {
    const nearest = index.suggest(name);
    const remedy = nearest === undefined ? "`plimsoll rules` lists them" : `did you mean \`${nearest}\`?`;
    throw new UserError({ problem: `no rule \`${name}\``, remedy });
  }
  const pages = ids.flatMap((id) => {
    const found = entry(id);
    return found === undefined ? [] : [rulePage(found.rule, found.docs)];
  });
  host.writeOut(pages.join("\n"));
  return 0;
}
