import { loadSource } from "./load-source.mjs";

/**
 * An esbuild plugin that puts cards of the rules in the place of the rules: `rules/index.ts` of the bundle loads the
 * code of a rule when it is asked for.
 *
 * @param rules the rules of `rules/index.ts`
 */
export function lazyRules(rules) {
  return {
    name: "lazy-rules",
    setup(build) {
      build.onLoad({ filter: /[\\/]rules[\\/]index\.ts$/ }, async () => ({
        contents: lazyIndex(rules, await cardsOf(rules)),
        loader: "js",
      }));
    },
  };
}

async function cardsOf(rules) {
  const { cardOf } = await loadSource("src/engine/lazy-rule.ts");
  const { isOnIn } = await loadSource("src/engine/levels.ts");
  const { Registry } = await loadSource("src/engine/registry.ts");
  const registry = new Registry(rules);
  return rules.map((rule) => cardOf(rule, (preset, role) => isOnIn({ rule, registry }, preset, role)));
}

/** One function with a case for each rule: 282 small ones would have to be made at each start. */
function lazyIndex(rules, cards) {
  const cases = rules.map(({ id }) => `case ${JSON.stringify(id)}: return require("./${id}.ts").default;`);
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
