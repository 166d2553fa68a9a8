import type { YamlScalar } from "../../src/compose/yaml-model.js";
import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import { entryOf, writtenServices } from "../../src/project/written-compose.js";

const options = {
  sections: option.strings({ default: ["ports", "expose"], description: "Keys of a service whose items are quoted." }),
  quotes: option.choice({ words: ["double", "single", "any"], default: "any", description: "Which quotes." }),
};

export default defineRule({
  id: "style/quote-ports",
  summary: "Port mappings are quoted",
  levels: { style: "info" },
  roles: "all",
  fixable: "always",
  aliases: ["dclint:require-quotes-in-ports"],
  why: [
    "Readers of YAML 1.1 take `22:22` for the number 1342. Quotes keep every port what it is, whatever number it gets next.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#ports"],
  options,
  presetOptions: { dclint: { quotes: "single" } },
  yieldsTo: ["network/use-valid-ports#base-60"],
  mentions: { compose: ["ports", "expose"] },
  check: {
    *composeFile(file, { options: { sections, quotes } }) {
      for (const { mapping } of writtenServices(file)) {
        for (const section of sections) {
          const list = entryOf(mapping, section)?.value;
          if (list?.kind !== "sequence") continue;
          for (const item of list.items) if (item.kind === "scalar") yield* unquoted(item, quotes);
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "plain ports",
        message: "`8080:80` is not quoted",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports:",
            "      - «8080:80»",
            "      - «443»",
            "    expose: [«9000»]",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports:",
            '      - "8080:80"',
            '      - "443"',
            '    expose: ["9000"]',
          ],
        },
      },
      {
        name: "other quotes than agreed on",
        options: { quotes: "single" },
        files: { "compose.yaml": ["services:", "  web:", '    ports: [«"8080:80"»]'] },
        fixed: { "compose.yaml": ["services:", "  web:", "    ports: ['8080:80']"] },
      },
      {
        name: "single quotes, where they are not agreed on",
        options: { quotes: "double", sections: ["ports"] },
        files: { "compose.yaml": ["services:", "  web:", "    ports: [«'8080:80'»]", "    expose: [80]"] },
        fixed: { "compose.yaml": ["services:", "  web:", '    ports: ["8080:80"]', "    expose: [80]"] },
      },
    ],
    good: [
      { name: "quoted", files: { "compose.yaml": ["services:", "  web:", "    ports: [\"8080:80\", '443']"] } },
      {
        name: "the long form, block scalars and aliases",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    ports:",
            "      - target: 80",
            "      - |-",
            "        81:81",
            '      - &p "82:82"',
            "  api:",
            "    ports: [*p]",
          ],
        },
      },
    ],
  },
});

function* unquoted({ style, text, range }: YamlScalar, quotes: "double" | "single" | "any"): Iterable<Finding> {
  if (style === "literal" || style === "folded" || text === "") return;
  const isFine = quotes === "any" ? style !== "plain" : style === quotes;
  if (isFine) return;
  const wanted = quotes === "single" ? "'" : '"';
  const isSimple = !/["'\\\n]/.test(text);
  const what = style === "plain" ? "is not quoted" : `is not in ${quotes} quotes`;
  yield {
    range,
    message: `\`${text}\` ${what}; write \`${wanted}${text}${wanted}\``,
    fix: isSimple
      ? { description: "quote the port", safety: "safe", edits: [{ range, text: `${wanted}${text}${wanted}` }] }
      : undefined,
  };
}
