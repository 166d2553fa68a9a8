// Writes the skeleton of a rule: `npm run new-rule images/pin-tag`. Its examples fail until they are true.
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { ruleIds, ruleIndex } from "./rule-index.mjs";
import { inRoot } from "./write-or-check.mjs";

const FAMILIES =
  "stages user images health secrets layers labels context packages shell syntax runtime network compose style".split(
    " ",
  );

const id = process.argv[2] ?? "";
const problem = problemOf(id);
if (problem !== undefined) {
  process.stderr.write(`${problem}\n`);
  process.exitCode = 2;
} else {
  const path = inRoot("rules", `${id}.ts`);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, skeleton(id));
  await writeFile(inRoot("rules", "index.ts"), ruleIndex(await ruleIds()));
  process.stdout.write(
    `rules/${id}.ts: write the examples first, then \`npx vitest run tests/rules.test.ts -t ${id}\`\n`,
  );
}

/** Why there can be no such rule; undefined when it can be made. */
function problemOf(name) {
  const match = /^([a-z]+)\/[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.exec(name);
  if (match === null) return "name the rule `family/rule-name`, for example: npm run new-rule images/pin-tag";
  if (!FAMILIES.includes(match[1])) return `no family \`${match[1]}\`; the families are ${FAMILIES.join(", ")}`;
  return existsSync(inRoot("rules", `${name}.ts`)) ? `rules/${name}.ts is there already` : undefined;
}

function skeleton(name) {
  return `import { defineRule } from "../../src/engine/rule.js";

export default defineRule({
  id: "${name}",
  summary: "Say the policy as a true sentence",
  levels: { recommended: "warning", strict: "error" },
  roles: "all",
  fixable: "never",
  why: ["Say what it costs to ignore the policy."],
  references: [],
  check: {
    *dockerfile() {},
  },
  examples: {
    bad: [{ name: "what is found", files: { Dockerfile: ["FROM «node»"] } }],
    good: [{ name: "what is right", files: { Dockerfile: ["FROM node:22.14.0-slim"] } }],
  },
});
`;
}
