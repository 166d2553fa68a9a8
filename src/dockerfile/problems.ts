import type { Source } from "../text/source.js";
import { type ExpansionProblem, expandText, unknownScope } from "./expand.js";
import { findHeredocOperators, heredocOfWord } from "./heredocs.js";
import { parseJsonStrings } from "./json-array.js";
import { lastPlacesOfLines } from "./logical-lines.js";
import type {
  AddInstruction,
  CopyInstruction,
  EnvInstruction,
  FromInstruction,
  HealthcheckInstruction,
  Heredoc,
  Instruction,
  LabelInstruction,
  Problem,
  ProblemKind,
} from "./model.js";
import type { Word } from "./word.js";

/**
 * What the builder refuses in a file, apart from what the scan of its lines has found: wrong numbers of arguments, malformed
 * pairs, substitutions, JSON arrays and heredocs. Unknown instructions and flags are left to rules of their own.
 */
export function findProblems(source: Source, instructions: readonly Instruction[]): readonly Problem[] {
  const problems: Problem[] = [];
  const nul = source.text.indexOf("\0");
  if (nul >= 0) {
    const message = "the file holds a NUL character; remove it, or save the file as UTF-8";
    problems.push({ kind: "encoding", message, range: source.range(nul, nul + 1), keyword: undefined });
  }
  const findings: Findings = { source, problems, lastLines: undefined };
  for (const instruction of instructions) checkInstruction(instruction, findings);
  return problems;
}

/** What has been found so far, and where each short line stands for the last time once that was asked for. */
interface Findings {
  readonly source: Source;
  readonly problems: Problem[];
  lastLines: ReadonlyMap<string, number> | undefined;
}

type Report = (kind: ProblemKind, message: string, range?: Problem["range"]) => void;

function checkInstruction(instruction: Instruction, findings: Findings): void {
  const { problems } = findings;
  const { keyword } = instruction;
  const report: Report = (kind, message, range = instruction.keywordRange) => {
    problems.push({ kind, message, range, keyword });
  };
  checkArguments(instruction, report);
  if (TAKES_JSON.has(keyword)) checkJson(instruction, report);
  if (keyword !== "RUN" && keyword !== "COPY" && keyword !== "ADD" && keyword !== "ONBUILD") {
    checkMisplacedHeredoc(instruction, findings, report);
  }
  for (const word of expandedWords(instruction)) checkWord(instruction, word, report);
  if (keyword === "COPY" || keyword === "ADD") {
    for (const heredoc of instruction.heredocs) if (heredoc.expand) checkBody(instruction, heredoc, report);
  }
  if (instruction.keyword === "ONBUILD" && instruction.trigger !== undefined) {
    checkInstruction(instruction.trigger, findings);
  }
}

const TAKES_JSON: ReadonlySet<string> = new Set([
  "RUN",
  "CMD",
  "ENTRYPOINT",
  "HEALTHCHECK",
  "SHELL",
  "COPY",
  "ADD",
  "VOLUME",
]);

function checkArguments(instruction: Instruction, report: Report): void {
  const { keyword } = instruction;
  switch (instruction.keyword) {
    case "FROM":
      checkFrom(instruction, report);
      return;
    case "USER":
    case "WORKDIR":
    case "STOPSIGNAL":
    case "MAINTAINER":
      if (instruction.argument === undefined) report("arguments", `\`${keyword}\` has no value; write one behind it`);
      return;
    case "COPY":
    case "ADD":
      checkCopy(instruction, report);
      return;
    case "ENV":
    case "LABEL":
      checkPairs(instruction, report);
      return;
    case "ARG":
      if (instruction.pairs.length === 0) report("arguments", "`ARG` declares nothing; name a variable");
      for (const pair of instruction.pairs) {
        if (pair.key.raw === "") report("key-value", "`=` has no name before it; write `ARG name=value`", pair.range);
      }
      return;
    case "EXPOSE":
      if (instruction.ports.length === 0) report("arguments", "`EXPOSE` names no port; add one");
      return;
    case "VOLUME":
      if (instruction.paths.length === 0) report("arguments", "`VOLUME` names no path; add one");
      for (const path of instruction.paths) {
        if (path.raw.trim() === "") report("arguments", "a volume has an empty path; name a directory", path.range);
      }
      return;
    case "SHELL":
      if (instruction.form === "none" || (instruction.form === "json" && instruction.items.length === 0)) {
        report("arguments", '`SHELL` names no program; write `SHELL ["/bin/sh", "-c"]`');
      }
      return;
    case "ONBUILD":
      if (instruction.trigger === undefined) report("arguments", "`ONBUILD` has no instruction; write one behind it");
      return;
    case "HEALTHCHECK":
      checkHealthcheck(instruction, report);
      return;
    default:
  }
}

function checkFrom({ words, alias }: FromInstruction, report: Report): void {
  if (words.length === 0) report("arguments", "`FROM` names no image; write `FROM image:tag`");
  else if (words.length !== 1 && alias === undefined) {
    const odd = words.length > 3 && words[1]?.raw.toLowerCase() === "as" ? words[3] : words[1];
    const message = odd?.raw.startsWith("#")
      ? "a comment cannot stand behind `FROM`; put it on a line of its own"
      : `\`${shorten(odd?.raw ?? "")}\` is one word too many; write \`FROM image AS name\``;
    if (words.length === 2 && odd?.raw.toLowerCase() === "as") {
      report("arguments", "`AS` has no name behind it; write `FROM image AS name`", odd.range);
    } else report("arguments", message, odd?.range);
  }
}

function checkCopy(instruction: CopyInstruction | AddInstruction, report: Report): void {
  const { keyword, destination, words } = instruction;
  if (destination === undefined) {
    const missing = words.length === 0 ? "neither source nor destination" : "no destination";
    report("arguments", `\`${keyword}\` has ${missing}; write \`${keyword} source destination\``);
  } else if (heredocOfWord(destination.raw) !== undefined) {
    report("heredoc", "a heredoc cannot be the destination; put a path behind it", destination.range);
  }
}

function checkPairs(instruction: EnvInstruction | LabelInstruction, report: Report): void {
  const { keyword, words, pairs } = instruction;
  if (words.length === 0) report("arguments", `\`${keyword}\` sets nothing; write \`${keyword} key=value\``);
  else if (pairs.length === 0) {
    report("key-value", `\`${shorten(words[0]?.raw ?? "")}\` has no value; write \`key=value\``, words[0]?.range);
  } else if (pairs[0]?.legacy === false) {
    for (const word of words) {
      if (word.raw.includes("=")) continue;
      // The word may be the tail of a secret that was to be quoted, so it is not repeated.
      report("key-value", "a word here has no `=`; write `key=value`, and quote values with blanks", word.range);
    }
    for (const pair of pairs) {
      if (pair.key.raw === "") report("key-value", "`=` has no name before it; write `key=value`", pair.range);
    }
  }
}

function checkHealthcheck(instruction: HealthcheckInstruction, report: Report): void {
  const { test, words } = instruction;
  if (test.kind === "none") {
    if (words.length > 1) {
      report("arguments", "`HEALTHCHECK NONE` takes no arguments; remove what follows it", words[1]?.range);
    }
  } else if (test.kind === "cmd") {
    if (words.length < 2) report("arguments", "`HEALTHCHECK CMD` has no command; write one behind it", test.typeRange);
  } else if (test.typeRange === undefined) {
    report("arguments", "`HEALTHCHECK` has no type; write `HEALTHCHECK CMD command` or `HEALTHCHECK NONE`");
  } else {
    const type = shorten(words[0]?.raw ?? "");
    report("arguments", `\`${type}\` is no type of HEALTHCHECK; write \`CMD\` before the command`, test.typeRange);
  }
}

function checkJson(instruction: Instruction, report: Report): void {
  if (instruction.form !== "shell") return;
  const word = instruction.keyword === "HEALTHCHECK" ? instruction.words[1] : undefined;
  const text = word?.raw ?? instruction.text;
  const open = word === undefined ? text.indexOf("[", instruction.written.length) : 0;
  if (open < 0 || text[open] !== "[") return;
  const range = word?.range ?? instruction.argumentsRange;
  if (range.source.text[range.start] !== "[") return;
  if (parseJsonStrings(text, open, text.length).kind !== "not-strings") return;
  report("json", "the array holds an item that is no string; put each item into double quotes", range);
}

function checkMisplacedHeredoc(instruction: Instruction, findings: Findings, report: Report): void {
  const { text, form, keyword, headRange } = instruction;
  if (!text.includes("<<") || form === "json") return;
  const operator = findHeredocOperators(text).find((candidate) => !candidate.detached);
  if (operator === undefined) return;
  findings.lastLines ??= lastPlacesOfLines(findings.source.root.text);
  if ((findings.lastLines.get(operator.name) ?? -1) < headRange.end) return;
  const message = `\`${keyword}\` takes no heredoc, so its lines are read as instructions; use RUN or COPY`;
  report("heredoc", message, instruction.argumentsRange);
}

/** The words of an instruction that the builder expands. */
export function expandedWords(instruction: Instruction): readonly Word[] {
  switch (instruction.keyword) {
    case "FROM":
      return [instruction.image, instruction.platform?.value].filter(isPresent);
    case "ENV":
    case "LABEL":
      return instruction.pairs.flatMap((pair) => [pair.key, pair.value]);
    case "ARG":
      return instruction.pairs.flatMap((pair) => (pair.value === undefined ? [pair.key] : [pair.key, pair.value]));
    case "COPY":
    case "ADD": {
      const paths = instruction.sources.filter((source) => source.kind === "path").map((source) => source.word);
      const { destination, chown, chmod } = instruction;
      return [...paths, destination, chown?.value, chmod?.value].filter(isPresent);
    }
    case "EXPOSE":
    case "VOLUME":
    case "USER":
    case "WORKDIR":
    case "STOPSIGNAL":
      return instruction.words;
    default:
      return [];
  }
}

function isPresent(word: Word | undefined): word is Word {
  return word !== undefined;
}

function checkWord(instruction: Instruction, word: Word, report: Report): void {
  const { problem } = word;
  if (problem === undefined) return;
  const isPair = instruction.keyword === "ENV" || instruction.keyword === "LABEL" || instruction.keyword === "ARG";
  const kind = problem.kind === "quote" && isPair ? "key-value" : "substitution";
  report(kind, describeExpansionProblem(problem, word.raw), word.rangeOf(problem.start, problem.end));
}

function checkBody(instruction: Instruction, heredoc: Heredoc, report: Report): void {
  const { problem } = expandText(heredoc.content, "\\", unknownScope, "keep");
  if (problem === undefined) return;
  const message = describeExpansionProblem(problem, heredoc.content);
  const { source } = heredoc.range;
  const start = Math.min(heredoc.range.start + problem.start, heredoc.range.end);
  const isOwn = heredoc.range.start === heredoc.bodyStart;
  const end = Math.min(heredoc.range.start + problem.end, heredoc.range.end);
  report("substitution", message, isOwn ? source.range(start, end) : instruction.keywordRange);
}

/** What the builder refuses in a word, and how to mend it; repeats no value. */
export function describeExpansionProblem(problem: ExpansionProblem, raw: string): string {
  const { kind, detail, start, end } = problem;
  switch (kind) {
    case "quote":
      return `a quote has no closing \`${detail}\`; add it at the end of the value`;
    case "brace":
      return detail === "/"
        ? "`${x/…` lacks its second slash; write `${x/pattern/text}`"
        : "`${` has no closing brace; add `}`";
    case "empty-name":
      return "`${` is not followed by a name; write `${NAME}`, or `\\$` for a dollar sign";
    case "modifier":
      return `\`${shorten(raw.slice(start, end))}\` is no form the builder knows; use \`:-\`, \`:+\`, \`#\`, \`%\` or \`/\``;
    case "pattern":
      return "the pattern escapes a character that needs none; escape only `*`, `?`, `/` and `}`";
    case "required":
      return `\`${shorten(raw.slice(start, end))}\` needs a value; pass a build argument or give a default`;
    case "depth":
      return "`${` is nested too deeply; split the value into several variables";
  }
}

/** Long words are cut, so that a message stays one line. */
function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 32 ? line : `${line.slice(0, 31)}…`;
}
