import { CHECKLIST_FAMILIES, type ChecklistState, type RatedFinding, type RunResult } from "../engine/run-result.js";
import { listed, PROMISES, stateWords } from "./checklist-words.js";
import { counted, fixCounts, SEVERITIES, severityCounts } from "./counts.js";
import { type Group, grouped } from "./finding-groups.js";
import { ruleName, showableFix } from "./finding-text.js";
import { htmlPage } from "./html-page.js";
import { codeElement, escapeHtml, messageHtml } from "./html-text.js";
import { type Renderer, type ReportContext, ruleUrl } from "./report-context.js";
import { sourceLines } from "./source-lines.js";

/** Some tools number their checks with these besides naming them; people know the names. */
const UUID = /:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * A page to read, keep and hand on: the checklist in sum and by build, every finding with its lines, a filter by severity
 * and family. It is complete without scripts and loads nothing from anywhere.
 */
export const html: Renderer = (result, context) => {
  const { findings, files } = result;
  const found = findings.length === 0 ? "no findings" : counted(findings.length, "finding");
  return htmlPage({
    title: `Plimsoll: ${found} in ${counted(files.length, "file")}`,
    body: [
      '<a class="skip" href="#findings">Skip to the findings</a>\n',
      `<header>\n<h1>Plimsoll report</h1>\n<p>${escapeHtml(counts(result))}</p>\n</header>\n<main>\n`,
      checklist(result),
      diagnosticList(result),
      findingList(result, context),
      fileList(result),
      `</main>\n<footer><p><a href="${escapeHtml(context.homepage)}">plimsoll</a> ${escapeHtml(context.version)}</p></footer>\n`,
    ].join(""),
  });
};

function counts({ findings, files, suppressed }: RunResult): string {
  const place = `in ${counted(files.length, "file")}`;
  const hidden = suppressed.length === 0 ? [] : [`${suppressed.length} suppressed`];
  if (findings.length === 0) return [`Nothing found ${place}`, ...hidden].join("; ");
  const severities = severityCounts(findings).map(({ text }) => text);
  const found = `${counted(findings.length, "finding")} (${severities.join(", ")}) ${place}`;
  return [found, ...hidden, ...fixCounts(findings)].join("; ");
}

function checklist({ files, checklist: { summary, builds } }: RunResult): string {
  if (files.length === 0) return "";
  const rows = CHECKLIST_FAMILIES.map((family) => {
    const broken = builds.filter(({ lines }) => lines[family] === "broken").map(({ label }) => codeElement(label));
    const state = `<span class="state ${summary[family]}">${stateWords(summary[family])}</span>`;
    return `<tr><th scope="row">${family}</th><td>${PROMISES[family]}</td><td>${state}</td><td>${listed(broken)}</td></tr>\n`;
  });
  const head = ["line", "promise", "in sum", "broken in"].map((name) => `<th scope="col">${name}</th>`).join("");
  return [
    '<section aria-labelledby="checklist">\n<h2 id="checklist">Checklist</h2>\n',
    `<div class="scroll"><table class="sum">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table></div>\n`,
    checklistByBuild(builds),
    "</section>\n",
  ].join("");
}

/** A row for each build; nothing for a single one, which the sum already tells. */
function checklistByBuild(builds: RunResult["checklist"]["builds"]): string {
  if (builds.length < 2) return "";
  const rows = builds.map(({ label, lines }) => {
    const cells = CHECKLIST_FAMILIES.map((family) => `<td>${cell(lines[family])}</td>`);
    return `<tr><th scope="row">${escapeHtml(label)}</th>${cells.join("")}</tr>\n`;
  });
  const head = ["build", ...CHECKLIST_FAMILIES].map((name) => `<th scope="col">${name}</th>`).join("");
  return [
    '<h3 id="builds">By build</h3>\n<div class="scroll" role="region" aria-labelledby="builds" tabindex="0">',
    `<table class="builds">\n<thead><tr>${head}</tr></thead>\n<tbody>\n${rows.join("")}</tbody>\n</table></div>\n`,
  ].join("");
}

function cell(state: ChecklistState): string {
  if (state !== "not-applicable") return `<span class="state ${state}">${state}</span>`;
  return '<span class="not-applicable"><span aria-hidden="true">–</span><span class="visually-hidden">not applicable</span></span>';
}

/** What was not judged, and why; nothing when everything was. */
function diagnosticList({ diagnostics }: RunResult): string {
  if (diagnostics.length === 0) return "";
  const items = diagnostics.map(({ path, line, column, message }) => {
    const place = [path, line, column].filter((part) => part !== undefined && part !== "").join(":");
    return `<li>${place === "" ? "" : `${codeElement(place)}: `}${messageHtml(message)}</li>\n`;
  });
  return `<section aria-labelledby="unjudged">\n<h2 id="unjudged">Not judged</h2>\n<ul>\n${items.join("")}</ul>\n</section>\n`;
}

function findingList({ findings }: RunResult, context: ReportContext): string {
  const head = '<section aria-labelledby="findings">\n<h2 id="findings" tabindex="-1">Findings</h2>\n';
  if (findings.length === 0) return `${head}<p>None.</p>\n</section>\n`;
  const byPath = new Map<string, Group[]>();
  for (const group of grouped(findings)) {
    const { path } = group[0].range.source;
    const ofPath = byPath.get(path);
    if (ofPath === undefined) byPath.set(path, [group]);
    else ofPath.push(group);
  }
  const sections = [...byPath].map(([path, groups], index) => {
    const count = groups.reduce((sum, group) => sum + group.length, 0);
    const id = `file-${index + 1}`;
    return [
      `<section class="file" aria-labelledby="${id}">\n<h3 id="${id}">${escapeHtml(path)} <small>${counted(count, "finding")}</small></h3>\n<ol>\n`,
      ...groups.map((group) => item(group, context)),
      "</ol>\n</section>\n",
    ].join("");
  });
  return `${head}${filter(findings)}${sections.join("")}</section>\n`;
}

/** Hidden until the script shows it: without one it would do nothing. */
function filter(findings: readonly RatedFinding[]): string {
  const count = (matches: (finding: RatedFinding) => boolean) => findings.filter(matches).length;
  const severities = SEVERITIES.map((name) => ({ name, count: count(({ severity }) => severity === name) }));
  const families = familiesOf(findings).map((name) => ({ name, count: count(({ family }) => family === name) }));
  const button = (to: string) =>
    `<button type="button" data-set="family" data-to="${to}">${to}<span class="visually-hidden"> families</span></button>`;
  return [
    `<form id="filter" role="search" aria-label="Filter the findings" data-total="${findings.length}" hidden>\n`,
    `<fieldset><legend>Severity</legend>${boxes("severity", severities)}</fieldset>\n`,
    `<fieldset><legend>Family</legend>${boxes("family", families)}${button("all")}${button("none")}</fieldset>\n`,
    '<p id="shown" role="status" aria-live="polite"></p>\n</form>\n',
  ].join("");
}

/** The families that findings have: those of the checklist in its order, then the others by name. */
function familiesOf(findings: readonly RatedFinding[]): readonly string[] {
  const present = new Set(findings.map(({ family }) => family));
  const checked = CHECKLIST_FAMILIES.filter((family) => present.delete(family));
  return [...checked, ...[...present].sort()];
}

function boxes(name: string, values: readonly { readonly name: string; readonly count: number }[]): string {
  return values
    .filter(({ count }) => count > 0)
    .map(({ name: value, count }) => {
      const box = `<input type="checkbox" name="${name}" value="${escapeHtml(value)}" checked>`;
      return `<label>${box}${escapeHtml(value)} <span>${count}</span></label>`;
    })
    .join("");
}

function item(group: Group, { homepage }: ReportContext): string {
  const [finding, ...others] = group;
  const { range, severity, family, message, rule, fingerprint, masked } = finding;
  const { line, column } = range.source.positionAt(range.start);
  const lines = sourceLines(range, masked).map(({ line: number, pieces }) => {
    const text = pieces.map(({ text, isMarked }) => (isMarked ? `<mark>${escapeHtml(text)}</mark>` : escapeHtml(text)));
    return `<span class="line"><span class="number">${number} </span><span>${text.join("")}\n</span></span>`;
  });
  const notes = notesOf(finding, others).map((note) => `<li>${note}</li>`);
  return [
    `<li class="finding edge-${severity}" id="f-${fingerprint}" data-severity="${severity}" data-family="${escapeHtml(family)}" data-count="${group.length}">\n`,
    `<p class="about"><span class="severity ${severity}">${severity}</span> <a href="${escapeHtml(ruleUrl(homepage, rule))}">${escapeHtml(ruleName(finding))}</a> `,
    `<a class="place" href="#f-${fingerprint}">line ${line}, column ${column}</a></p>\n`,
    `<p class="message">${messageHtml(message)}</p>\n<pre><code>${lines.join("")}</code></pre>\n`,
    notes.length === 0 ? "" : `<ul class="notes">${notes.join("")}</ul>\n`,
    "</li>\n",
  ].join("");
}

function notesOf(finding: RatedFinding, others: readonly RatedFinding[]): readonly string[] {
  const notes: string[] = [];
  if (others.length > 0) {
    const places = others.map(({ range: { source, start, end } }) => {
      const { line, column } = source.positionAt(start);
      return `${codeElement(source.text.slice(start, end))} (${line}:${column})`;
    });
    notes.push(`the same for ${places.join(", ")}`);
  }
  for (const { range, message } of finding.related) {
    const { line, column } = range.source.positionAt(range.start);
    notes.push(`${codeElement(`${range.source.path}:${line}:${column}`)}: ${messageHtml(message)}`);
  }
  const fix = showableFix(finding);
  if (fix !== undefined) {
    const flags = fix.safety === "safe" ? "--fix" : "--fix --unsafe-fixes";
    notes.push(`fix: ${messageHtml(fix.description)} (${codeElement(flags)})`);
  }
  if (finding.builds.length > 0) notes.push(`concerns ${finding.builds.map(codeElement).join(", ")}`);
  const aliases = finding.aliases.filter((alias) => !UUID.test(alias));
  if (aliases.length > 0) notes.push(`elsewhere ${aliases.map(codeElement).join(", ")}`);
  return notes;
}

/** Every file that was judged: what is not named there was not looked at. */
function fileList({ files }: RunResult): string {
  if (files.length === 0) return "";
  const items = files.map(({ path, kind, role }) => `<li>${codeElement(path)} ${kind}, ${role.name}</li>\n`);
  return `<section aria-labelledby="files">\n<h2 id="files">Files</h2>\n<details><summary>${counted(files.length, "file")} judged</summary>\n<ul class="plain">\n${items.join("")}</ul>\n</details>\n</section>\n`;
}
