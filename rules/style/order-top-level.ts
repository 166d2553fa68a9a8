import type { YamlNode } from "../../src/compose/yaml-model.js";
import { defineRule, option } from "../../src/engine/rule.js";
import { ownEntries, writtenRoots } from "../../src/project/written-compose.js";

const DEFAULT = [
  "x-*",
  "version",
  "name",
  "include",
  "services",
  "networks",
  "volumes",
  "secrets",
  "configs",
  "models",
];

const options = {
  order: option.strings({
    default: DEFAULT,
    description: "Order of the sections; those not named keep this order at the end.",
  }),
};

export default defineRule({
  id: "style/order-top-level",
  summary: "Sections of a Compose file follow one order",
  levels: { style: "info" },
  roles: "all",
  fixable: "never",
  aliases: ["dclint:top-level-properties-order"],
  why: ["A reader looks for services at the top, behind the fragments that they use, and for what they share below."],
  references: ["https://docs.docker.com/reference/compose-file/"],
  options,
  check: {
    *composeFile(file, { options: { order } }) {
      const full = [...order, ...DEFAULT.filter((name) => !order.includes(name))];
      for (const root of writtenRoots(file)) {
        let above: string | undefined;
        for (const { key, value } of ownEntries(root)) {
          const name = key.text;
          if (above === undefined || compare(name, above, full) >= 0) {
            above = name;
            continue;
          }
          // What uses an anchor has to stand below it.
          if (name.startsWith("x-") && usesAlias(value)) continue;
          yield { range: key.range, message: `\`${above}\` stands above \`${name}\`; move \`${name}\` up` };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "volumes above services",
        message: "`volumes` stands above `services`",
        files: { "compose.yaml": ["volumes: { data: {} }", "«services»:", "  web: { image: nginx }"] },
      },
      {
        name: "fragments below services, and out of order",
        files: { "compose.yaml": ["services:", "  web: { image: nginx }", "«x-b»: { a: b }", "«x-a»: { a: b }"] },
      },
      {
        name: "fragments are sorted",
        files: { "compose.yaml": ["x-b: { a: b }", "«x-a»: { a: b }", "services:", "  web: { image: nginx }"] },
      },
      {
        name: "another order",
        options: { order: ["services", "name"] },
        files: { "compose.yaml": ["name: shop", "«services»:", "  web: { image: nginx }"] },
      },
    ],
    good: [
      {
        name: "in order",
        files: {
          "compose.yaml": [
            "x-a: { a: b }",
            "name: shop",
            "services:",
            "  web: { image: nginx }",
            "networks: { n: {} }",
            "volumes: { v: {} }",
          ],
        },
      },
      {
        name: "a fragment below the anchor that it uses",
        files: { "compose.yaml": ["x-b: &b { a: b }", "x-a: { <<: *b }", "services:", "  web: { image: nginx }"] },
      },
    ],
  },
});

/** Sections that nobody knows are behind all others, as equals. */
function compare(a: string, b: string, order: readonly string[]): number {
  const place = placeOf(a, order) - placeOf(b, order);
  if (place !== 0) return place;
  return a < b && a.startsWith("x-") && b.startsWith("x-") ? -1 : 0;
}

function placeOf(name: string, order: readonly string[]): number {
  const place = order.indexOf(name.startsWith("x-") ? "x-*" : name);
  return place === -1 ? order.length : place;
}

function usesAlias(node: YamlNode): boolean {
  if (node.kind === "alias") return true;
  if (node.kind === "sequence") return node.items.some(usesAlias);
  return node.kind === "mapping" && node.entries.some(({ value }) => usesAlias(value));
}
