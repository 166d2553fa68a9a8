import { CHECKLIST_FAMILIES, type ChecklistState, type RunResult } from "../engine/run-result.js";
import { encode } from "../files/decode.js";
import { listed, NAMED, PROMISES, stateWords } from "./checklist-words.js";
import { counted, fixCounts, SEVERITIES, severityCounts } from "./counts.js";
import { type Group, grouped } from "./finding-groups.js";
import { ruleName, showableFix } from "./finding-text.js";
import { code, codeHtml, messageMarkdown } from "./markdown-text.js";
import { type Renderer, type ReportContext, ruleUrl } from "./report-context.js";

/**
 * Largest report in bytes of UTF-8: what a comment of a pull request may hold. A job summary may be 1 MiB.
 *
 * @see https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands (job summaries)
 */
const MOST_BYTES = 65_000;
/** Kept free for what is said about findings that are left out. */
const RESERVE = 400;
/** Bytes that rows of builds may take; the other builds are counted. */
const MOST_OF_BUILDS = 16_000;
/** Rows of a table that is open from the start; longer ones are folded. */
const MOST_OPEN = 15;

const MARKS = { held: "✅", broken: "❌", "not-applicable": "➖" } as const satisfies Record<ChecklistState, string>;

/**
 * A report in GitHub's Markdown for comments of pull requests and for job summaries: the counts, the checklist in sum and by
 * build, then findings by file. When not all of them fit, the worst are shown and the others counted. Nothing that comes
 * from a file is read as Markdown or HTML.
 */
export const markdown: Renderer = (result, context) => {
  const head = `${title(result)}${checklist(result)}${diagnostics(result)}`;
  return `${head}${findings(result, context, MOST_BYTES - RESERVE - size(head))}`;
};

function title({ findings, files, suppressed }: RunResult): string {
  const place = `in ${counted(files.length, "file")}`;
  const notes = suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`];
  if (findings.length === 0) return `## Plimsoll: no findings\n\n${[`Nothing found ${place}`, ...notes].join("; ")}.\n`;
  const severities = severityCounts(findings).map(({ text }) => text);
  const fixes = fixCounts(findings).map((part) => part.replace(/--.*/, "`$&`"));
  const counts = [`${severities.join(", ")} ${place}`, ...notes, ...fixes].join("; ");
  return `## Plimsoll: ${counted(findings.length, "finding")}\n\n${counts}.\n`;
}

/** The eight lines in sum, with the builds that break them, then a row for each build. */
function checklist({ files, checklist: { summary, builds } }: RunResult): string {
  if (files.length === 0) return "";
  const rows = CHECKLIST_FAMILIES.map((family) => {
    const broken = builds.filter(({ lines }) => lines[family] === "broken").map(({ label }) => code(label));
    const state = summary[family];
    return `| ${family} | ${PROMISES[family]} | ${MARKS[state]} ${stateWords(state)} | ${listed(broken)} |\n`;
  });
  return [
    "\n### Checklist\n\n| line | promise | in sum | broken in |\n| --- | --- | --- | --- |\n",
    ...rows,
    checklistByBuild(builds),
  ].join("");
}

/** Nothing for a single build, which the sum already tells. */
function checklistByBuild(builds: RunResult["checklist"]["builds"]): string {
  if (builds.length < 2) return "";
  const rows: string[] = [];
  let left = MOST_OF_BUILDS;
  for (const { label, lines } of builds) {
    const cells = CHECKLIST_FAMILIES.map((family) => {
      return lines[family] === "not-applicable" ? "–" : `${MARKS[lines[family]]} ${lines[family]}`;
    });
    const row = `| ${code(label)} | ${cells.join(" | ")} |\n`;
    left -= size(row);
    if (left < 0) break;
    rows.push(row);
  }
  const columns = CHECKLIST_FAMILIES.map(() => " --- |").join("");
  const table = `| build | ${CHECKLIST_FAMILIES.join(" | ")} |\n| --- |${columns}\n${rows.join("")}`;
  const more = builds.length - rows.length;
  const rest = more === 0 ? "" : `\n…and ${more} more.\n`;
  return folded(`Checklist of ${counted(builds.length, "build")}`, `${table}${rest}`, builds.length <= MOST_OPEN);
}

/** What was not judged, and why. */
function diagnostics({ diagnostics: all }: RunResult): string {
  if (all.length === 0) return "";
  const shown = all.slice(0, MOST_OPEN).map(({ path, line, column, message }) => {
    const place = [path, line, column].filter((part) => part !== undefined && part !== "").join(":");
    return `- ${place === "" ? "" : `${code(place)}: `}${messageMarkdown(message)}\n`;
  });
  const more = all.length - shown.length;
  return `\n### Not judged\n\n${shown.join("")}${more === 0 ? "" : `- …and ${more} more\n`}`;
}

/** A row of a table of findings. */
interface Row {
  readonly path: string;
  readonly count: number;
  readonly text: string;
}

function findings({ findings: all }: RunResult, context: ReportContext, room: number): string {
  if (all.length === 0) return "";
  const rows = grouped(all).map((group) => ({ group, row: { path: group[0].range.source.path, count: group.length } }));
  const shown = new Map<number, Row>();
  const paths = new Set<string>();
  let left = room;
  // The worst first, so that they are what is shown when not everything fits.
  fill: for (const severity of SEVERITIES) {
    for (const [index, { group, row }] of rows.entries()) {
      if (group[0].severity !== severity) continue;
      const text = rowOf(group, context);
      left -= size(text) + (paths.has(row.path) ? 0 : size(fileTable(row.path, all.length, [], false)));
      if (left < 0) break fill;
      paths.add(row.path);
      shown.set(index, { ...row, text });
    }
  }
  const byPath = new Map<string, Row[]>();
  for (const [index] of rows.entries()) {
    const row = shown.get(index);
    if (row !== undefined) byPath.set(row.path, [...(byPath.get(row.path) ?? []), row]);
  }
  const tables = [...byPath].map(([path, ofPath]) => {
    const count = ofPath.reduce((sum, row) => sum + row.count, 0);
    return fileTable(
      path,
      count,
      ofPath.map(({ text }) => text),
      ofPath.length <= MOST_OPEN,
    );
  });
  const more = all.length - [...shown.values()].reduce((sum, row) => sum + row.count, 0);
  return `\n### Findings\n${tables.join("")}${more === 0 ? "" : leftOut(more)}`;
}

function leftOut(more: number): string {
  return `\n**${more} more**: the worst are shown, up to ${MOST_BYTES} bytes; every other format lists them all.\n`;
}

function fileTable(path: string, count: number, rows: readonly string[], isOpen: boolean): string {
  const table = `| severity | line | rule | finding | fix |\n| --- | --- | --- | --- | --- |\n${rows.join("")}`;
  const counts = counted(count, "finding");
  if (isOpen) return `\n#### ${code(path)}: ${counts}\n\n${table}`;
  return `\n<details>\n<summary>${codeHtml(path)}: ${counts}</summary>\n\n${table}\n</details>\n`;
}

function folded(summary: string, text: string, isOpen: boolean): string {
  return isOpen ? `\n${text}` : `\n<details>\n<summary>${summary}</summary>\n\n${text}\n</details>\n`;
}

function rowOf([finding, ...others]: Group, { homepage }: ReportContext): string {
  const { range, severity, message, rule, related } = finding;
  const { line, column } = range.source.positionAt(range.start);
  const notes = related.slice(0, NAMED).map(({ range: { source, start }, message: note }) => {
    const at = source.positionAt(start);
    return `${code(`${source.path}:${at.line}:${at.column}`)}: ${messageMarkdown(note)}`;
  });
  if (related.length > NAMED) notes.push(`…and ${related.length - NAMED} more places`);
  if (others.length > 0) notes.unshift(`the same for ${listed(others.map(namedPlace))}`);
  const fix = showableFix(finding);
  const mended = fix === undefined ? "" : `${messageMarkdown(fix.description)} (${fix.safety})`;
  const text = [messageMarkdown(message), ...notes].join("<br>");
  return `| ${severity} | ${line}:${column} | [${ruleName(finding)}](${ruleUrl(homepage, rule)}) | ${text} | ${mended} |\n`;
}

function namedPlace({ range: { source, start, end } }: Group[number]): string {
  const { line, column } = source.positionAt(start);
  return `${code(source.text.slice(start, end))} (${line}:${column})`;
}

function size(text: string): number {
  return encode(text).length;
}
