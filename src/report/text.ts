import { CHECKLIST_FAMILIES, type ChecklistState, type RatedFinding, type RunResult } from "../engine/run-result.js";
import { printable } from "../text/printable.js";
import { listed, PROMISES, stateWords } from "./checklist-words.js";
import { counted, fixCounts, severityCounts } from "./counts.js";
import { textWidth } from "./display-width.js";
import { excerpt } from "./excerpt.js";
import { type Group, grouped } from "./finding-groups.js";
import { ruleName, showableFix } from "./finding-text.js";
import type { Palette, Renderer } from "./report-context.js";

/** Widest source line that is shown as a whole. */
const COLUMNS = 100;

/**
 * The report for people: findings by file with the source line and carets, then the checklist, then the counts. What
 * several services of one file lack for the same reason takes one entry that names them all.
 */
export const text: Renderer = (result, { palette }) => {
  const parts: string[] = [];
  let path: string | undefined;
  for (const group of grouped(result.findings)) {
    const [finding] = group;
    if (finding.range.source.path !== path) {
      path = finding.range.source.path;
      parts.push(`${parts.length === 0 ? "" : "\n"}${palette.strong(printable(path))}\n`);
    }
    parts.push(entry(group, palette));
  }
  if (parts.length > 0) parts.push("\n");
  // Without a file to speak of, stderr says why.
  if (result.files.length === 0 && result.findings.length === 0) return "";
  if (result.files.length > 0) parts.push(checklist(result, palette), "\n");
  parts.push(counts(result, palette));
  return parts.join("");
};

function entry(group: Group, palette: Palette): string {
  const [finding, ...others] = group;
  const { range, severity, message } = finding;
  const { line, column } = range.source.positionAt(range.start);
  const shown = excerpt(range, finding.masked, COLUMNS);
  const gutter = String(shown.line);
  const blank = " ".repeat(gutter.length);
  const head = `  ${palette.faint(`${line}:${column}`)} ${palette[severity](severity)} ${printable(message)}`;
  const notes = notesOf(finding, others);
  return [
    `${head} ${palette.faint(ruleName(finding))}\n`,
    `    ${palette.faint(`${gutter} |`)} ${shown.text}\n`,
    `    ${palette.faint(`${blank} |`)} ${shown.carets.replace(/\^+/, (carets) => palette[severity](carets))}\n`,
    ...notes.map((note) => `    ${palette.faint(`${blank} =`)} ${note}\n`),
  ].join("");
}

function notesOf(finding: RatedFinding, others: readonly RatedFinding[]): readonly string[] {
  const notes: string[] = [];
  if (others.length > 0) {
    const places = others.map(({ range: { source, start, end } }) => {
      const { line, column } = source.positionAt(start);
      return `\`${printable(source.text.slice(start, end))}\` (${line}:${column})`;
    });
    notes.push(`the same for ${listed(places)}`);
  }
  for (const { range, message } of finding.related) {
    const { line, column } = range.source.positionAt(range.start);
    notes.push(`${printable(range.source.path)}:${line}:${column}: ${printable(message)}`);
  }
  const fix = showableFix(finding);
  if (fix !== undefined) {
    const flags = fix.safety === "safe" ? "--fix" : "--fix --unsafe-fixes";
    notes.push(`fix: ${printable(fix.description)} (${flags})`);
  }
  return notes;
}

/** The eight lines in sum; a broken one names the builds that break it. */
function checklist({ checklist: { summary, builds } }: RunResult, palette: Palette): string {
  const width = Math.max(...CHECKLIST_FAMILIES.map((family) => family.length));
  const promiseWidth = Math.max(...Object.values(PROMISES).map((promise) => promise.length));
  const lines = CHECKLIST_FAMILIES.map((family) => {
    const state = summary[family];
    const broken = builds.filter(({ lines }) => lines[family] === "broken").map(({ label }) => printable(label));
    const where = state === "broken" && broken.length > 0 ? ` in ${listed(broken)}` : "";
    const promise = PROMISES[family].padEnd(promiseWidth);
    return `  ${family.padEnd(width)}  ${palette.faint(promise)}  ${stateText(state, palette)}${where}\n`;
  });
  return `${palette.strong("Checklist")}\n${lines.join("")}${checklistByBuild(builds, palette)}`;
}

/** A row for each build or service with its eight lines; nothing for a single one, which the sum already tells. */
function checklistByBuild(builds: RunResult["checklist"]["builds"], palette: Palette): string {
  if (builds.length < 2) return "";
  const labelled = builds.map(({ label, lines }) => ({ label: printable(label), lines }));
  const width = Math.max(...labelled.map(({ label }) => textWidth(label)));
  const head = `  ${" ".repeat(width)}  ${CHECKLIST_FAMILIES.map((family) => family.padEnd(CELL_WIDTH)).join(" ")}`;
  const rows = labelled.map(({ label, lines }) => {
    const cells = CHECKLIST_FAMILIES.map((family, index) => {
      const word = lines[family] === "not-applicable" ? "-" : lines[family];
      const blanks = index === CHECKLIST_FAMILIES.length - 1 ? 0 : CELL_WIDTH - word.length;
      return `${cellText(lines[family], word, palette)}${" ".repeat(blanks)}`;
    });
    return `  ${label}${" ".repeat(width - textWidth(label))}  ${cells.join(" ")}\n`;
  });
  return `\n${palette.faint(head.trimEnd())}\n${rows.join("")}`;
}

/** The longest name of a family. */
const CELL_WIDTH = 7;

function cellText(state: ChecklistState, word: string, palette: Palette): string {
  if (state === "held") return palette.good(word);
  return state === "broken" ? palette.error(word) : palette.faint(word);
}

function stateText(state: ChecklistState, palette: Palette): string {
  return cellText(state, stateWords(state), palette);
}

function counts({ findings, files, suppressed }: RunResult, palette: Palette): string {
  const fileCount = counted(files.length, "file");
  const hidden = suppressed.length === 0 ? "" : `; ${suppressed.length} suppressed`;
  if (findings.length === 0) return `${palette.good("No findings")} in ${fileCount}${hidden}\n`;
  const severities = severityCounts(findings).map(({ severity, text }) => palette[severity](text));
  const fixes = fixCounts(findings).map((part) => `; ${part}`);
  return `${counted(findings.length, "finding")} (${severities.join(", ")}) in ${fileCount}${hidden}${fixes.join("")}\n`;
}
