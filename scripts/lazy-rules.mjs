import { loadSource } from "./load-source.mjs";

/**
 * The text of a `rules/index.ts` with cards of the rules in the place of the rules: it loads the code of a rule when it
 * is asked for.
 *
 * @param rules the rules of `rules/index.ts`
 */
export async function lazyIndex(rules) {
  const cards = await cardsOf(rules);
  const cases = rules.map(({ id }) => `case ${JSON.stringify(id)}: return require("./${id}.ts").default;`);
  // One function with a case for each rule: 282 small ones would have to be made at each start.
  return `import { LazyRule } from "../src/engine/lazy-rule.ts";
export const rules = ${JSON.stringify(cards.join("\n"))}.split("\\n").map((card) => new LazyRule(card, load));
function load(id) {
  switch (id) {
    ${cases.join("\n    ")}
    default: throw new Error("no rule " + id);
  }
}
`;
}

async function cardsOf(rules) {
  const { cardOf } = await loadSource("src/engine/lazy-rule.ts");
  const { isOnIn } = await loadSource("src/engine/levels.ts");
  const { Registry } = await loadSource("src/engine/registry.ts");
  const registry = new Registry(rules);
  return rules.map((rule) => cardOf(rule, (preset, role) => isOnIn({ rule, registry }, preset, role)));
}
