import type { YamlEntry } from "../../src/compose/yaml-model.js";
import { defineRule, type Finding, option } from "../../src/engine/rule.js";
import { ownEntries, writtenRoots, writtenSections } from "../../src/project/written-compose.js";

const options = {
  sections: option.choice({
    words: ["always", "never", "off"],
    default: "always",
    description: "A blank line above each section.",
  }),
  services: option.choice({
    words: ["always", "never", "off"],
    default: "always",
    description: "A blank line above each service.",
  }),
};

type Gap = "always" | "never" | "off";

export default defineRule({
  id: "style/separate-blocks",
  summary: "Services and sections are set apart",
  levels: { style: "info" },
  roles: "all",
  fixable: "always",
  why: [
    "A blank line shows where a service ends without counting columns, and keeps the comment of the next one with it.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/"],
  options,
  check: {
    *composeFile(file, { options: { sections, services } }) {
      for (const root of writtenRoots(file)) if (root.style === "block") yield* gaps(ownEntries(root), sections);
      for (const entries of writtenSections(file, "services")) yield* gaps(entries, services);
    },
  },
  examples: {
    bad: [
      {
        name: "services without a gap; a comment belongs to the service below",
        message: "`web` follows `api` without a blank line",
        files: {
          "compose.yaml": ["services:", "  api:", "    image: node", "  # the shop", "  «web»:", "    image: nginx"],
        },
        fixed: {
          "compose.yaml": ["services:", "  api:", "    image: node", "", "  # the shop", "  web:", "    image: nginx"],
        },
      },
      {
        name: "sections without a gap",
        files: { "compose.yaml": ["services:", "  api:", "    image: node", "«volumes»:", "  data:"] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: node", "", "volumes:", "  data:"] },
      },
      {
        name: "gaps that are not wanted",
        options: { services: "never" },
        files: { "compose.yaml": ["services:", "  api:", "    image: node", "", "  «web»:", "    image: nginx"] },
        fixed: { "compose.yaml": ["services:", "  api:", "    image: node", "  web:", "    image: nginx"] },
      },
    ],
    good: [
      {
        name: "blank lines between",
        files: {
          "compose.yaml": [
            "name: shop",
            "",
            "services:",
            "  api:",
            "    image: node",
            "",
            "  # the shop",
            "  web:",
            "    image: nginx",
            "",
            "volumes:",
            "  data:",
          ],
        },
      },
      {
        name: "a mapping on one line",
        files: { "compose.yaml": ["services: { api: { image: node }, web: { image: nginx } }"] },
      },
      {
        name: "nothing agreed on",
        options: { sections: "off", services: "off" },
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    image: node",
            "  web:",
            "    image: nginx",
            "volumes:",
            "  data:",
          ],
        },
      },
    ],
  },
});

function* gaps(entries: readonly YamlEntry[], wanted: Gap): Iterable<Finding> {
  if (wanted === "off") return;
  for (const [index, { key }] of entries.entries()) {
    const above = entries[index - 1];
    const { source, start } = key.range;
    if (above === undefined) continue;
    const line = source.positionAt(start).line;
    let top = line;
    while (textOfLine(source, top - 1).startsWith("#")) top -= 1;
    let first = top;
    while (first > 1 && textOfLine(source, first - 1) === "") first -= 1;
    const isSameLine = source.positionAt(above.key.range.start).line >= top;
    if (isSameLine || first < top === (wanted === "always")) continue;
    const from = source.lineSpan(first)?.start ?? start;
    const to = source.lineSpan(top)?.start ?? start;
    const names = `\`${key.text}\` follows \`${above.key.text}\``;
    yield wanted === "always"
      ? {
          range: key.range,
          message: `${names} without a blank line; insert one`,
          fix: {
            description: "insert a blank line",
            safety: "safe",
            edits: [{ range: source.range(to, to), text: "\n" }],
          },
        }
      : {
          range: key.range,
          message: `${names} after a blank line; remove it`,
          fix: {
            description: "remove the blank line",
            safety: "safe",
            edits: [{ range: source.range(from, to), text: "" }],
          },
        };
  }
}

function textOfLine(source: YamlEntry["range"]["source"], line: number): string {
  const span = source.lineSpan(line);
  return span === undefined ? "-" : source.slice(span).trim();
}
