import type { YamlProblem } from "../../src/compose/yaml-model.js";
import { defineRule, type Finding, type Fix } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/use-valid-yaml",
  summary: "The Compose file is YAML",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "sometimes",
  aliases: ["dclint:invalid-yaml"],
  why: [
    "Compose refuses a file that it cannot read, and starts nothing of it. Other tools read what they can, and then act " +
      "on half a file.",
  ],
  references: ["https://yaml.org/spec/1.2.2/", "https://docs.docker.com/reference/compose-file/"],
  check: {
    *composeFile({ yaml }) {
      for (const problem of yaml.problems) {
        if (problem.kind !== "duplicate-key" && problem.kind !== "limit") yield report(problem);
      }
    },
  },
  examples: {
    bad: [
      {
        name: "a tab",
        files: { "compose.yaml": ["services:", "«\t»web:", "    image: nginx:1.27.4"] },
        message: "a tab cannot indent YAML",
      },
      {
        name: "no blank behind a colon",
        files: { "compose.yaml": ["services:", "  web:", "    «image:nginx»", "    ports: []"] },
        message: "a blank is missing",
      },
      {
        name: "a quote that does not end",
        files: { "compose.yaml": ["services:", "  web:", '    image: «"nginx:1.27.4»', "    restart: always"] },
        message: "the quote is never closed",
      },
      {
        name: "an alias of nothing",
        files: { "compose.yaml": ["services:", "  web:", "    <<: «*base»", "    image: nginx:1.27.4"] },
        message: "`base`",
      },
      {
        name: "a key that is a number",
        files: { "compose.yaml": ["services:", "  «80»:", "    image: nginx:1.27.4"] },
        fixed: { "compose.yaml": ["services:", '  "80":', "    image: nginx:1.27.4"] },
        message: "`80` is a number",
      },
      { name: "a list", files: { "compose.yaml": ["«- web»", "- api"] } },
      { name: "nothing", files: { "compose.yaml": "«»" } },
      {
        name: "text to be merged",
        files: { "compose.yaml": ["services:", "  web:", "    <<: «base»", "    image: nginx:1.27.4"] },
      },
      {
        name: "the same document twice",
        files: {
          "compose.yaml": ["services: {web: {image: nginx:1.27.4}}", "---", "«services: {web: {image: nginx:1.27.4}}»"],
        },
      },
      {
        name: "an unknown tag",
        files: { "compose.yaml": ["services:", "  web: «!include» web.yaml"] },
      },
    ],
    good: [
      {
        name: "anchors, merge keys and the tags of Compose",
        files: {
          "compose.yaml": [
            "x-base: &base",
            "  restart: unless-stopped",
            "services:",
            "  web:",
            "    <<: *base",
            "    image: nginx:1.27.4",
            "    ports: !override",
            '      - "8080:80"',
            "    command: !reset null",
            "...",
          ],
        },
      },
      {
        name: "Windows line ends and a byte order mark",
        files: { "compose.yaml": "\uFEFFservices:\r\n  web:\r\n    image: nginx\r\n" },
      },
      {
        name: "a key that stands twice, which has a rule of its own",
        files: { "compose.yaml": ["services:", "  web:", "    image: nginx:1.26.3", "    image: nginx:1.27.4"] },
      },
    ],
  },
});

function report({ range, message, related, replacement }: YamlProblem): Finding {
  // Safe: the text that the loader reads is the same, now as what has to stand there.
  const fix: Fix | undefined =
    replacement === undefined
      ? undefined
      : { description: `write \`${replacement}\``, safety: "safe", edits: [{ range, text: replacement }] };
  return { range, message, fix, related: related === undefined ? [] : [{ range: related, message: "the other one" }] };
}
