import { defineRule, option } from "../../src/engine/rule.js";
import { type BlockForm, blocksOf, convertBlock, type WrittenBlock } from "../../src/project/environment-forms.js";

const options = {
  form: option.choice({
    words: ["mapping", "list", "consistent"],
    default: "consistent",
    description: "`consistent`: that of most blocks of the file, of the first where both are as many.",
  }),
  keys: option.strings({
    default: ["environment", "labels", "args", "annotations", "sysctls"],
    description: "Keys of a service, and `args` of its build, that are compared, each with its like.",
  }),
};

export default defineRule({
  id: "style/use-one-environment-form",
  summary: "Environments are all mappings or all lists",
  levels: { style: "info" },
  roles: "all",
  fixable: "sometimes",
  why: [
    "Mappings merge key by key and quote like YAML, lists quote like neither: who moves a line between the two breaks it.",
  ],
  references: ["https://docs.docker.com/reference/compose-file/services/#environment"],
  options,
  mentions: { compose: ["environment", "labels", "args", "annotations", "sysctls"] },
  check: {
    *composeFile(file, { options: { form, keys } }) {
      for (const key of keys) {
        const blocks = blocksOf(file, key);
        const wanted = form === "consistent" ? formOfMost(blocks) : form;
        for (const block of blocks) {
          // A merge key needs a mapping.
          if (block.form === wanted || block.isBound) continue;
          const others = form === "consistent" ? "most of the file are" : "the agreed form is";
          const other =
            wanted === "list"
              ? form === "consistent"
                ? "lists"
                : "a list"
              : form === "consistent"
                ? "mappings"
                : "a mapping";
          const message = `\`${key}\` of \`${block.service}\` is a ${block.form}; ${others} ${other}`;
          const edits = convertBlock(block);
          const fix = edits && ({ description: `write a ${wanted}`, safety: "safe", edits } as const);
          yield { range: block.keyRange, message, fix };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a list among mappings",
        message: "`environment` of `web` is a list; most of the file are mappings",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    environment: { A: b }",
            "  cache:",
            "    environment: { A: b }",
            "  web:",
            "    «environment»:",
            "      - PORT=80 # http",
            "      - URL=a=b",
            "      - TOKEN",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    environment: { A: b }",
            "  cache:",
            "    environment: { A: b }",
            "  web:",
            "    environment:",
            '      PORT: "80" # http',
            '      URL: "a=b"',
            "      TOKEN:",
          ],
        },
      },
      {
        name: "lists, where they are agreed on",
        options: { form: "list" },
        files: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    «environment»:",
            "      PORT: 80",
            '      TITLE: "a shop"',
            "      TOKEN:",
          ],
        },
        fixed: {
          "compose.yaml": [
            "services:",
            "  web:",
            "    environment:",
            "      - PORT=80",
            "      - TITLE=a shop",
            "      - TOKEN",
          ],
        },
      },
      {
        name: "arguments of builds; a list below its key is left to its author",
        options: { form: "mapping" },
        files: {
          "compose.yaml": ["services:", "  web:", "    build:", "      context: .", "      «args»:", "      - A=b"],
        },
      },
    ],
    good: [
      {
        name: "all alike",
        files: {
          "compose.yaml": [
            "services:",
            "  api:",
            "    environment: [A=b]",
            "  web:",
            "    environment: [A=b]",
            "    labels: { a: b }",
          ],
        },
      },
      {
        name: "merge keys need a mapping",
        options: { form: "list" },
        files: {
          "compose.yaml": [
            "x-env: &env { A: b }",
            "services:",
            "  web:",
            "    environment:",
            "      <<: *env",
            "      C: d",
          ],
        },
      },
      {
        name: "empty blocks",
        options: { form: "list" },
        files: { "compose.yaml": ["services:", "  web:", "    environment: {}", "    labels:"] },
      },
    ],
  },
});

function formOfMost(blocks: readonly WrittenBlock[]): BlockForm {
  const lists = blocks.filter(({ form }) => form === "list").length;
  const mappings = blocks.length - lists;
  if (lists === mappings) return blocks[0]?.form ?? "mapping";
  return lists > mappings ? "list" : "mapping";
}
