import type { YamlScalar } from "../../src/compose/yaml-model.js";
import { defineRule } from "../../src/engine/rule.js";
import { entryOf, writtenServices } from "../../src/project/written-compose.js";

/** Characters that begin something else than a plain text. */
const LEADING = "#*&!%@`|>?-,[]{}\"'~:= ";

export default defineRule({
  id: "style/unquote-volumes",
  summary: "Volumes are written plainly",
  levels: { style: "info" },
  roles: "all",
  fixable: "always",
  aliases: ["dclint:no-quotes-in-volumes"],
  why: ["Quotes that change nothing hide the ones that do, and half a list in quotes looks as if it meant something."],
  references: ["https://docs.docker.com/reference/compose-file/services/#volumes"],
  mentions: { compose: ["volumes"] },
  check: {
    *composeFile(file) {
      for (const { mapping } of writtenServices(file)) {
        const list = entryOf(mapping, "volumes")?.value;
        if (list?.kind !== "sequence") continue;
        for (const item of list.items) {
          if (item.kind !== "scalar" || !isSamePlain(item, list.style === "flow")) continue;
          const { range, text } = item;
          yield {
            range,
            message: `\`${text}\` needs no quotes; write it plainly`,
            fix: { description: "remove the quotes", safety: "safe", edits: [{ range, text }] },
          };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "quoted volumes",
        message: "`data:/data` needs no quotes",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    volumes:",
            '      - «"data:/data"» # all',
            "      - «'./a:/a:ro'»",
            '    tmpfs: ["/run"]',
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    volumes:",
            "      - data:/data # all",
            "      - ./a:/a:ro",
            '    tmpfs: ["/run"]',
          ],
        },
      },
      {
        name: "in a list on one line",
        files: { "compose.yaml": ["services:", "  web:", '    volumes: [«"data:/data"», b:/b]'] },
        fixed: { "compose.yaml": ["services:", "  web:", "    volumes: [data:/data, b:/b]"] },
      },
      {
        name: "a variable",
        files: { "compose.yaml": ["services:", "  web:", "    volumes:", '      - «"${DATA:-./data}:/data"»'] },
        fixed: { "compose.yaml": ["services:", "  web:", "    volumes:", "      - ${DATA:-./data}:/data"] },
      },
    ],
    good: [
      { name: "plain", files: { "compose.yaml": ["services:", "  web:", "    volumes: [data:/data]"] } },
      {
        name: "quotes that are needed, and the long form",
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    volumes:",
            '      - "./a #1:/a"',
            '      - "*:/b"',
            '      - "${A:?set: it}:/c"',
            '      - "/d "',
            "      - 'C:\\data:/e'",
            '      - "{{.Name}}:/f"',
            '      - { type: bind, source: "./g", target: "/g" }',
            "  api:",
            '    volumes: ["${A:-b,c}:/h"]',
          ],
        },
      },
    ],
  },
});

/** Whether a quoted text reads the same without its quotes. */
function isSamePlain({ style, text, type, range }: YamlScalar, isInFlow: boolean): boolean {
  if ((style !== "single" && style !== "double") || type !== "text" || text === "") return false;
  // Escapes, and texts of several lines, are written otherwise than they read.
  if (range.end - range.start !== text.length + 2 || text.includes("\\")) return false;
  if (LEADING.includes(text.charAt(0)) || text.trim() !== text || text.endsWith(":")) return false;
  if (text.includes(": ") || text.includes(" #") || !text.includes("/")) return false;
  return !isInFlow || !/[,[\]{}]/.test(text);
}
