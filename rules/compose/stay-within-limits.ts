import { defineRule } from "../../src/engine/rule.js";

export default defineRule({
  id: "compose/stay-within-limits",
  summary: "The Compose file can be read safely",
  levels: { recommended: "error", checklist: "error", strict: "error" },
  roles: "all",
  fixable: "never",
  why: [
    "A few lines of aliases can stand for billions of values, and files that include each other never end. Such a file " +
      "is not read any further here, so that nothing else is said about it; other tools may run out of memory.",
  ],
  references: ["https://yaml.org/spec/1.2.2/#71-alias-nodes", "CWE-776", "CWE-400"],
  securitySeverity: 4.3,
  check: {
    *composeFile({ yaml }) {
      for (const { kind, range, message } of yaml.problems) if (kind === "limit") yield { range, message };
    },
    *variant({ problems }) {
      for (const { kind, range, message, related } of problems) {
        if (kind !== "limit") continue;
        yield { range, message, related: related.map((other) => ({ range: other, message: "on the way here" })) };
      }
    },
  },
  examples: {
    bad: [
      {
        name: "aliases of aliases",
        files: {
          "compose.yaml": [
            "x-a: &a [one, two, three, four, five, six, seven, eight, nine, ten]",
            "x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a]",
            "x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b]",
            "x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c]",
            "x-e: &e [*d, *d, *d, *d, *d, *d, *d, «*»d, *d, *d]",
            "services: {}",
          ],
        },
        message: "100,000",
      },
      {
        name: "an alias inside its own anchor",
        files: { "compose.yaml": ["x-base: &base", "  again: «*»base", "services: {}"] },
      },
      {
        name: "files that include each other in a long row",
        files: {
          "compose.yaml": ["include: [part/1.yaml]", "services: {}"],
          ...Object.fromEntries(
            Array.from({ length: 21 }, (_, index) => [
              `part/${index + 1}.yaml`,
              [`include: [${index === 19 ? "«21.yaml»" : `${index + 2}.yaml`}]`, "services: {}"],
            ]),
          ),
        },
      },
      { name: "values nested too deep", files: { "compose.yaml": `x-deep: ${"[".repeat(64)}«[»${"]".repeat(65)}\n` } },
    ],
    good: [
      {
        name: "ordinary anchors",
        files: {
          "compose.yaml": [
            "x-base: &base",
            "  restart: unless-stopped",
            "services:",
            "  web:",
            "    <<: *base",
            "    image: nginx:1.27.4",
          ],
        },
      },
    ],
  },
});
