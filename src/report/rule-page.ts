import { type LevelCell, type Levels, PRESETS } from "../engine/level.js";
import type { BadExample, Example, ExampleText, Rule } from "../engine/rule.js";
import { formatBytes } from "../values/byte-size.js";
import { findTokens } from "../values/secret-token.js";
import { type ExampleMark, exampleMarks } from "./example-marks.js";
import type { RuleDocs } from "./rule-docs.js";

/** How many examples of each sort a page shows; the rest are tests. */
const SHOWN = 4;

/** The page about one rule in Markdown: `docs/rules/<family>/<rule>.md`, and what `explain` prints. */
export function rulePage(rule: Rule, docs: RuleDocs): string {
  const sections = [
    `# ${rule.id}\n\n${docs.summary}.`,
    facts(rule),
    `## Why\n\n${docs.why.join("\n\n")}`,
    kinds(rule, docs),
    examples(docs),
    options(rule),
    references(docs.references),
    `## Silence one finding\n\n\`\`\`text\n# plimsoll-ignore ${rule.id} -- why it is right here\n\`\`\``,
  ];
  return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

/**
 * The levels of a rule by preset, as a list of `preset level`; a cell with two words is production / other roles, with
 * three words production stated / production assumed / other roles.
 */
export function levelsText(levels: Levels): string {
  const cells = PRESETS.flatMap((preset) => {
    const cell = levels[preset];
    return cell === undefined ? [] : [`${preset} ${cellText(cell)}`];
  });
  return cells.length === 0 ? "only in preset all" : cells.join(", ");
}

function cellText(cell: LevelCell): string {
  return typeof cell === "string" ? cell : cell.join(" / ");
}

function facts(rule: Rule): string {
  const rows = [
    ["Levels", levelsText(rule.levels)],
    ["Roles", rolesText(rule)],
    ["Fix", rule.fixable],
    ["Aliases", codes(rule.aliases ?? [])],
  ];
  const shown = rows.filter(([, value]) => value !== "");
  return ["| | |", "| --- | --- |", ...shown.map(([name, value]) => `| ${name} | ${value} |`)].join("\n");
}

function rolesText(rule: Rule): string {
  const roles = rule.roles === "all" ? "all" : rule.roles.join(", ");
  const caps = Object.entries(rule.roleCaps ?? {}).map(([role, severity]) => `at most ${severity} in ${role}`);
  return [roles, ...caps].join("; ");
}

function kinds(rule: Rule, docs: RuleDocs): string {
  if (rule.kinds === undefined) return "";
  const rows = Object.entries(rule.kinds).map(([name, kind]) => {
    const levels = kind.levels === undefined ? "as the rule" : levelsText(kind.levels);
    return `| \`${name}\` | ${cell(docs.kinds[name] ?? "")} | ${levels} | ${codes(kind.aliases ?? [])} |`;
  });
  return ["## Kinds", "", "| kind | what it is | levels | aliases |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

function options(rule: Rule): string {
  const entries = Object.entries(rule.options ?? {});
  if (entries.length === 0) return "";
  const rows = entries.map(([name, { schema, description }]) => {
    const words = schema.enum === undefined ? "" : ` (${schema.enum.map((word) => `\`${word}\``).join(", ")})`;
    return `| \`${name}\` | ${cell(description)}${words} | \`${cell(JSON.stringify(schema.default) ?? "")}\` |`;
  });
  return ["## Options", "", "| option | meaning | default |", "| --- | --- | --- |", ...rows].join("\n");
}

function examples(docs: RuleDocs): string {
  const bad = docs.examples.bad.slice(0, SHOWN).map((example) => exampleText(example));
  const good = docs.examples.good.slice(0, SHOWN).map((example) => exampleText(example));
  return ["## Found", ...bad, "## Not found", ...good].join("\n\n");
}

function exampleText(example: Example | BadExample): string {
  const parts = [`${capitalised(example.name)}:`];
  const settings = { ...example.policy, ...(example.options === undefined ? {} : { options: example.options }) };
  if (Object.keys(settings).length > 0) parts.push(fenced("json", JSON.stringify(settings)));
  parts.push(...files(example.files));
  if ("message" in example && example.message !== undefined) parts.push(`> ${withoutTokens(example.message)}`);
  const places = placesIn(example.files);
  if (places.length > 0) parts.push(places.join("\n"));
  if ("fixed" in example && example.fixed !== undefined)
    parts.push("After `--fix --unsafe-fixes`:", ...files(example.fixed));
  return parts.join("\n\n");
}

/** How many places of an example are named. */
const SHOWN_PLACES = 4;

/** Where an example is found wanting, as a list. */
function placesIn(texts: Readonly<Record<string, ExampleText>>): readonly string[] {
  const places = Object.entries(texts).flatMap(([path, text]) => exampleMarks(text).map((mark) => place(path, mark)));
  const more = places.length - SHOWN_PLACES;
  return more <= 0 ? places : [...places.slice(0, SHOWN_PLACES), `- and ${more} more`];
}

function place(path: string, { line, text }: ExampleMark): string {
  const [first = ""] = text.split("\n");
  const shown = withoutTokens(first).trim();
  const what = shown === "" ? "" : `: ${inlineCode(first.length < text.length ? `${shown} …` : shown)}`;
  return `- \`${path}\`, line ${line}${what}`;
}

/** Code within a sentence, between more backticks than it holds. */
function inlineCode(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}

/** Code units of a file in one line. */
const LONGEST_SHOWN = 1000;

function files(texts: Readonly<Record<string, ExampleText>>): string[] {
  return Object.entries(texts).map(([path, text]) => {
    const plain = plainText(text);
    if (plain === "") return `\`${path}\` (empty)`;
    // Filling, where only the size matters.
    if (plain.length > LONGEST_SHOWN && !plain.includes("\n")) return `\`${path}\` (${formatBytes(plain.length)})`;
    const name = path === "Dockerfile" ? "" : `\`${path}\`:\n\n`;
    return name + fenced(languageOf(path), plain);
  });
}

/** The text of an example without the marks of what is found. */
export function plainText(text: ExampleText): string {
  const whole = typeof text === "string" ? text : text.join("\n");
  return withoutTokens(whole.replaceAll(/[«»]/g, "").replace(/\n$/, ""));
}

/** Made-up tokens are cut short: nothing that scanners of repositories would take for a real one. */
function withoutTokens(text: string): string {
  let cut = text;
  for (const { start, end } of findTokens(text).toReversed()) {
    if (end - start > SHOWN_OF_TOKEN) cut = `${cut.slice(0, start + SHOWN_OF_TOKEN)}…${cut.slice(end)}`;
  }
  return cut;
}

/** Code units: the prefix of a format and a little more. */
const SHOWN_OF_TOKEN = 12;

function languageOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return "yaml";
  return /(^|\/)(Dockerfile|Containerfile)/.test(path) ? "dockerfile" : "text";
}

/** A code block whose fence is longer than any run of backticks inside. */
function fenced(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map((match) => match[0].length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

function references(list: readonly string[]): string {
  if (list.length === 0) return "";
  const lines = list.map((reference) => (reference.startsWith("https://") ? `- <${reference}>` : `- ${reference}`));
  return ["## References", "", ...lines].join("\n");
}

function codes(words: readonly string[]): string {
  return words.map((word) => `\`${word}\``).join(", ");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
