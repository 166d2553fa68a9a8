import { expect, test } from "vitest";
import { rules } from "../../rules/index.js";
import { cardOf, LazyRule, ROLE_STATES } from "../../src/engine/lazy-rule.js";
import { PRESETS } from "../../src/engine/level.js";
import { isOnIn } from "../../src/engine/levels.js";
import { Registry } from "../../src/engine/registry.js";
import type { Rule } from "../../src/engine/rule.js";

const registry = new Registry(rules);

function lazy(rule: Rule, load: (id: string) => Rule): LazyRule {
  return new LazyRule(
    cardOf(rule, (preset, role) => isOnIn({ rule, registry }, preset, role)),
    load,
  );
}

test("a card says of every rule what the rule says of itself, prose aside", () => {
  const shown = (rule: Rule) => ({
    id: rule.id,
    family: rule.family,
    hooks: rule.hooks,
    levels: rule.levels,
    kinds: Object.entries(rule.kinds ?? {}).map(([name, { levels, aliases }]) => ({ name, levels, aliases })),
    roles: rule.roles,
    roleCaps: rule.roleCaps ?? {},
    fixable: rule.fixable,
    aliases: rule.aliases ?? [],
    securitySeverity: rule.securitySeverity,
    presetOptions: rule.presetOptions ?? {},
    yieldsTo: rule.yieldsTo ?? [],
    yieldsOnSubjectTo: rule.yieldsOnSubjectTo ?? [],
    needsIgnoreFile: rule.needsIgnoreFile ?? false,
    mentions: [rule.mentions?.dockerfile, rule.mentions?.compose],
    options: Object.keys(rule.options ?? {}),
  });

  for (const rule of rules) expect(shown(lazy(rule, () => rule))).toEqual(shown(rule));
});

test("a card knows in which presets and roles its rule is on", () => {
  for (const rule of rules) {
    const card = lazy(rule, () => rule);
    for (const preset of PRESETS) {
      for (const role of ROLE_STATES) {
        expect([rule.id, preset, role, card.isOnIn(preset, role)]).toEqual([
          rule.id,
          preset,
          role,
          isOnIn({ rule, registry }, preset, role),
        ]);
      }
    }
  }
});

test("the code of a rule is loaded for its check and its options, once, and for nothing else", () => {
  const loaded: string[] = [];
  for (const rule of rules) {
    const card = lazy(rule, (id) => {
      loaded.push(id);
      return rule;
    });
    expect([
      card.levels,
      card.kinds,
      card.mentions,
      card.isOnIn("recommended", ROLE_STATES[0] ?? { name: "ci", stated: true }),
    ]).toHaveLength(4);
  }
  expect(loaded).toEqual([]);

  const [first] = rules;
  if (first === undefined) throw new Error("no rules");
  const card = lazy(first, (id) => {
    loaded.push(id);
    return first;
  });
  expect(card.check).toBe(first.check);
  expect(card.check).toBe(first.check);
  expect(loaded).toEqual([first.id]);
});
