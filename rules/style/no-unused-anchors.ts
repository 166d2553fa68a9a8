import type { YamlNode } from "../../src/compose/yaml-model.js";
import { defineRule, option } from "../../src/engine/rule.js";
import { ownEntries, writtenRoots } from "../../src/project/written-compose.js";
import type { Edit, Range } from "../../src/text/source.js";

const options = {
  extensions: option.strings({
    default: ["x-bake", "x-casaos", "x-podman", "x-develop", "x-docker", "x-aws-vpc", "x-aws-cluster", "x-runtipi"],
    description: "Names of `x-` blocks that another tool reads.",
  }),
};

export default defineRule({
  id: "style/no-unused-anchors",
  summary: "Every anchor is used",
  levels: { strict: "info", style: "info" },
  roles: "all",
  fixable: "sometimes",
  why: ["An anchor promises that its value is used elsewhere: who changes it looks for places that do not exist."],
  references: [
    "https://docs.docker.com/reference/compose-file/fragments/",
    "https://yaml.org/spec/1.2.2/#692-node-anchors",
  ],
  options,
  mentions: { compose: ["&", "x-"] },
  check: {
    *composeFile(file, { options: { extensions }, project }) {
      if (project.variants.some(({ broughtIn }) => broughtIn.includes(file))) return;
      for (const { name, range, uses } of file.yaml.anchors) {
        if (uses.length > 0) continue;
        const message = `nothing refers to \`&${name}\`; remove the anchor`;
        yield { range, message, fix: { description: "remove the anchor", safety: "safe", edits: [removal(range)] } };
      }
      for (const root of writtenRoots(file)) {
        for (const { key, value } of ownEntries(root)) {
          if (!key.text.startsWith("x-") || extensions.includes(key.text) || hasAnchor(value)) continue;
          yield { range: key.range, message: `nothing refers to \`${key.text}\`; remove the block` };
        }
      }
    },
  },
  examples: {
    bad: [
      {
        name: "an anchor that nothing refers to",
        message: "nothing refers to `&defaults`",
        files: {
          "compose.yaml": ["x-defaults: «&defaults» { restart: always }", "services:", "  web: { image: nginx }"],
        },
        fixed: { "compose.yaml": ["x-defaults: { restart: always }", "services:", "  web: { image: nginx }"] },
      },
      {
        name: "at the end of a line",
        files: { "compose.yaml": ["services:", "  web: «&web»", "    image: nginx"] },
        fixed: { "compose.yaml": ["services:", "  web:", "    image: nginx"] },
      },
      {
        name: "a block that nothing can refer to",
        files: { "compose.yaml": ["«x-defaults»: { restart: always }", "services:", "  web: { image: nginx }"] },
      },
    ],
    good: [
      {
        name: "used",
        files: {
          "compose.yaml": [
            "x-defaults: &defaults { restart: always }",
            "services:",
            "  web: { image: nginx, <<: *defaults }",
          ],
        },
      },
      {
        name: "a block of another tool",
        options: { extensions: ["x-shop"] },
        files: { "compose.yaml": ["x-shop: { owner: web }", "services:", "  web: { image: nginx }"] },
      },
      {
        name: "a fragment that another file includes",
        files: {
          "compose.yaml": ["include: [parts/base.yaml]", "services:", "  web: { image: nginx }"],
          "parts/base.yaml": ["services:", "  api: &api { image: node }"],
        },
      },
    ],
  },
});

/** The anchor with the blanks behind it, or in front of it where the line ends. */
function removal({ source, start, end }: Range): Edit {
  const { text } = source;
  const isBlank = (at: number) => text[at] === " " || text[at] === "\t";
  let to = end;
  while (isBlank(to)) to += 1;
  let from = start;
  const isEnd = to >= text.length || text[to] === "\n" || text[to] === "\r";
  while (isEnd && from > 0 && isBlank(from - 1)) from -= 1;
  return { range: source.range(from, to), text: "" };
}

function hasAnchor(node: YamlNode): boolean {
  if (node.kind === "alias") return false;
  if (node.anchor !== undefined) return true;
  if (node.kind === "sequence") return node.items.some(hasAnchor);
  return node.kind === "mapping" && node.entries.some(({ key, value }) => key.anchor !== undefined || hasAnchor(value));
}
