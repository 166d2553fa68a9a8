import { type Amount, savedPercent } from "../context/measure.js";
import { printable } from "../text/printable.js";
import { formatBytes } from "../values/byte-size.js";
import type { ContextReport, ReportedBuild, ReportedContext, ReportedLine, ReportedSource } from "./context-report.js";
import { textWidth } from "./display-width.js";

/** Widest first column; longer texts push the others aside. */
const WIDEST = 44;

/** What builds send, for people. Empty for an empty report. */
export function contextText({ contexts, elsewhere }: ContextReport): string {
  const blocks = contexts.map(contextLines);
  for (const { kind, written, labels } of elsewhere) {
    blocks.push([`Context ${printable(written)}: ${kind}, nothing to measure here`, `  for ${listed(labels)}`]);
  }
  return blocks.map((lines) => lines.map((line) => `${line}\n`).join("")).join("\n");
}

function contextLines(context: ReportedContext): readonly string[] {
  const { path, isCertain, ignoreFile, unreadableIgnoreFile, before, after, isLowerBound } = context;
  const percent = savedPercent(before, after);
  const saved = percent === 0 || isLowerBound ? "" : ` (-${percent}%)`;
  const sizes: Row[] = [["in the folder", amountText(before)]];
  if (ignoreFile !== undefined) sizes.push(["not ignored", `${amountText(after)}${saved}`]);
  const isGuess = !isCertain && unreadableIgnoreFile === undefined;
  return [
    `Context ${printable(path)}${isGuess ? " (a guess; give --context)" : ""}, ${printable(ignoreFileText(context))}`,
    ...table(sizes, "  "),
    ...(isLowerBound ? ["  too large, or not readable throughout: there is at least this much"] : []),
    ...largestLines(context),
    ...ignoreLines(context),
    ...context.builds.flatMap(buildLines),
  ];
}

function ignoreFileText({ ignoreFile, unreadableIgnoreFile }: ReportedContext): string {
  if (ignoreFile !== undefined) return `ignore file ${ignoreFile}`;
  return unreadableIgnoreFile === undefined ? "no ignore file" : `${unreadableIgnoreFile} cannot be read`;
}

function largestLines({ largestFolders, largestFiles }: ReportedContext): readonly string[] {
  const folders = largestFolders.map(({ path, ...amount }): Row => [`${path}/`, amountText(amount)]);
  const files = largestFiles.map(({ path, sizeBytes }): Row => [path, formatBytes(sizeBytes)]);
  return [
    ...(folders.length === 0 ? [] : ["  largest folders", ...table(folders, "    ")]),
    ...(files.length === 0 ? [] : ["  largest files", ...table(files, "    ")]),
  ];
}

function ignoreLines({ lines, ignoreFile }: ReportedContext): readonly string[] {
  if (ignoreFile === undefined) return [];
  if (lines.length === 0) return [`  the ignore file has no pattern`];
  const width = String(lines.at(-1)?.line ?? 0).length;
  const rows = lines.map((line): Row => [`${String(line.line).padStart(width)}  ${line.text}`, effectText(line)]);
  return ["  lines of the ignore file", ...table(rows, "    ")];
}

function effectText({ effect, text, matched, decided }: ReportedLine): string {
  switch (effect) {
    case "fails":
      return "every build fails with it";
    case "nothing":
      return "matches nothing";
    case "overruled":
      return text.startsWith("!")
        ? `matches ${amountText(matched)}; brings nothing back`
        : `matches ${amountText(matched)}; other lines decide`;
    case "brings-back":
      return `brings back ${amountText(decided)}`;
    case "ignores":
      return matched.files === 0 ? "empty folders" : ignoredText(matched, decided);
    default:
      return unreachable(effect);
  }
}

function ignoredText(matched: Amount, decided: Amount): string {
  if (matched.files === decided.files) return amountText(matched);
  return `${amountText(decided)}; matches ${amountText(matched)}`;
}

function buildLines({ labels, isAlone, dockerfile, target, before, after, sources }: ReportedBuild): readonly string[] {
  const made = isAlone ? "" : `${listed(labels)}: `;
  const aim = target === undefined ? "" : `, target ${printable(target)}`;
  const cut = before.files === after.files ? "" : ` of ${amountText(before)}`;
  const rows = sources.map((source): Row => [sourceText(source, dockerfile), takenText(source)]);
  const taken = sources.length === 0 ? "takes nothing of it" : `takes ${amountText(after)}${cut}`;
  return [`  build ${made}${printable(dockerfile)}${aim}`, `    ${taken}`, ...table(rows, "    ")];
}

const WORDS = { copy: "COPY", add: "ADD", mount: "bind mount" } as const;

function sourceText({ path, line, via, written }: ReportedSource, dockerfile: string): string {
  return `${path === dockerfile ? "line " : `${path}:`}${line}: ${WORDS[via]} ${written}`;
}

function takenText({ taken, ignoredFiles }: ReportedSource): string {
  if (taken === undefined) return "depends on a value that is not known";
  if (taken.files === 0) return ignoredFiles === 0 ? "nothing there" : `nothing: ${filesText(ignoredFiles)} ignored`;
  return ignoredFiles === 0 ? amountText(taken) : `${amountText(taken)}; ${filesText(ignoredFiles)} ignored`;
}

type Row = readonly [title: string, text: string];

/** Rows in two columns. */
function table(rows: readonly Row[], indent: string): readonly string[] {
  const titles = rows.map(([title]) => printable(title));
  const width = Math.min(WIDEST, Math.max(...titles.map(textWidth)));
  return rows.map(([, text], index) => {
    const title = titles[index] ?? "";
    return `${indent}${title}${" ".repeat(Math.max(0, width - textWidth(title)))}  ${printable(text)}`;
  });
}

function amountText({ sizeBytes, files }: Amount): string {
  return `${formatBytes(sizeBytes)} in ${filesText(files)}`;
}

function filesText(files: number): string {
  return `${files} ${files === 1 ? "file" : "files"}`;
}

function listed(texts: readonly string[]): string {
  return texts.map(printable).join(", ");
}

function unreachable(effect: never): never {
  throw new Error(`no text for ${JSON.stringify(effect)}`);
}
