import { loadSource } from "./load-source.mjs";
import { inRoot } from "./write-or-check.mjs";

/** Pages of all rules and their table of contents: absolute path and text. */
export async function rulePages(rules) {
  const { rulePage, levelsText } = await loadSource("src/report/rule-page.ts");
  const { ruleDocs } = await loadSource("src/report/rule-docs.ts");
  const pages = rules.map((rule) => [inRoot("docs", "rules", `${rule.id}.md`), rulePage(rule, ruleDocs(rule))]);
  return [...pages, [inRoot("docs", "rules", "README.md"), contents(rules, levelsText)]];
}

function contents(rules, levelsText) {
  const lines = [
    "# Rules",
    "",
    "Written by `npm run generate` from the files in `rules/`. A level with two words is production / other roles,",
    "one with three words is production stated / production assumed / other roles.",
  ];
  for (const family of [...new Set(rules.map((rule) => rule.family))]) {
    lines.push("", `## ${family}`, "", "| rule | promise | levels | fix |", "| --- | --- | --- | --- |");
    for (const rule of rules) {
      if (rule.family !== family) continue;
      const name = rule.id.slice(family.length + 1);
      const summary = rule.summary.replaceAll("|", "\\|");
      lines.push(`| [${name}](${rule.id}.md) | ${summary} | ${levelsText(rule.levels)} | ${rule.fixable} |`);
    }
  }
  return `${lines.join("\n")}\n`;
}
