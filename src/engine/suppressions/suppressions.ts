import type { Target } from "../../config/rule-index.js";
import type { Tool } from "../../data/tools.js";
import type { Range, Source } from "../../text/source.js";
import type { Registry } from "../registry.js";
import { readBuildkit, readCheck } from "./buildkit.js";
import type { CommentedText, Lines, SourceComment } from "./comments.js";
import { readDclint } from "./dclint.js";
import type { Dialect, DialectReader, Directive, DirectiveScope } from "./directive.js";
import { readHadolint } from "./hadolint.js";
import { readDockerfileUtils, readShellcheck, readTally } from "./linters.js";
import { readPlimsoll } from "./plimsoll.js";
import { readCheckov, readKics, readSemgrep, readTrivy } from "./scanners.js";

const READERS: readonly DialectReader[] = [
  readPlimsoll,
  readHadolint,
  readBuildkit,
  readDclint,
  readCheckov,
  readTrivy,
  readKics,
  readSemgrep,
  readDockerfileUtils,
  readTally,
  readShellcheck,
];

/** One comment, in one dialect, that silences findings. */
export interface Suppression {
  readonly dialect: Dialect;
  /** The comment. */
  readonly range: Range;
  /** Undefined for the whole file. */
  readonly lines: Lines | undefined;
  readonly reason: string | undefined;
  readonly parts: readonly SuppressionPart[];
}

/** One name of a comment. */
export interface SuppressionPart {
  /** The name, else the comment. */
  readonly range: Range;
  /** As written; undefined when everything of a tool is silenced. */
  readonly name: string | undefined;
  /** Rules and kinds that the name stands for; empty for names that no rule has. */
  readonly targets: readonly Target[];
  /** The tool all of whose findings are silenced. */
  readonly tool: Tool | undefined;
  /** Whether it silenced something; set while findings are matched. */
  isUsed: boolean;
}

/** A comment that means to silence something and does not say it right. */
export interface MalformedSuppression {
  readonly range: Range;
  readonly message: string;
}

/** What was asked: a finding, by what suppressions go by. */
export interface SuppressionQuestion {
  readonly rule: string;
  readonly kind: string | undefined;
  readonly aliases: readonly string[];
  /** 1-based line where the finding begins. */
  readonly line: number;
}

/** The answer: which suppression, and which of its parts. */
export interface SuppressionMatch {
  readonly suppression: Suppression;
  readonly part: SuppressionPart;
}

/** All suppressions of one file, in the order of the text; answers which one silences a finding. */
export class FileSuppressions {
  readonly source: Source;
  readonly malformed: MalformedSuppression[] = [];
  readonly #registry: Registry;
  readonly #all: Suppression[] = [];
  /** Where the comments begin that were read; made for the first one, as most of many files have none. */
  #seen: Set<number> | undefined;
  #index: Index | undefined;

  constructor(source: Source, registry: Registry) {
    this.source = source;
    this.#registry = registry;
  }

  get all(): readonly Suppression[] {
    return this.#all;
  }

  /** Reads the comments of a text of this file; a comment that was read before is not read again. */
  add({ comments, check, kind }: CommentedText): void {
    if (check !== undefined && this.#isNew(check)) {
      const directive = readCheck(check.source.text.slice(check.start, check.end), 0, "file");
      if (directive !== undefined) this.#bind(directive, check, undefined);
    }
    for (const comment of comments) {
      const text = comment.range.source.text.slice(comment.range.start, comment.range.end);
      if (!this.#isNew(comment.range)) continue;
      for (const read of READERS) this.#read(read, text, comment, kind);
    }
  }

  /** What silences a finding; the narrowest one. Marks it as used. */
  match(question: SuppressionQuestion): SuppressionMatch | undefined {
    if (this.#all.length === 0) return undefined;
    this.#index ??= new Index(this.#all);
    const match = this.#index.find(question);
    if (match !== undefined) match.part.isUsed = true;
    return match;
  }

  #isNew({ start }: Range): boolean {
    this.#seen ??= new Set();
    if (this.#seen.has(start)) return false;
    this.#seen.add(start);
    this.#index = undefined;
    return true;
  }

  #read(read: DialectReader, text: string, comment: SourceComment, kind: CommentedText["kind"]): void {
    const reading = read(text);
    if (reading === undefined) return;
    if (reading.kind === "malformed") {
      this.malformed.push({ range: comment.range, message: reading.malformed.message });
      return;
    }
    const { directive } = reading;
    this.#bind(directive, comment.range, scopeLines(directive, comment, kind));
  }

  /** @param lines undefined for the file; `nothing` when the comment stands before nothing */
  #bind(directive: Directive, range: Range, lines: Lines | "nothing" | undefined): void {
    const { dialect, names, everything, reason } = directive;
    const parts: SuppressionPart[] = [];
    if (everything && dialect !== "plimsoll") {
      parts.push({ range, name: undefined, targets: [], tool: dialect, isUsed: false });
    }
    for (const { text, start } of names) {
      const targets = dialect === "plimsoll" ? this.#registry.resolve(text) : this.#registry.resolveFor(dialect, text);
      const begin = range.start + start;
      const end = Math.min(begin + text.length, range.end);
      const place = begin <= end ? range.source.range(begin, end) : range;
      if (targets.length === 0 && dialect === "plimsoll") {
        const near = this.malformed.length < MOST_SUGGESTED ? this.#registry.suggest(text) : undefined;
        this.malformed.push({ range: place, message: noRule(text, near) });
        continue;
      }
      parts.push({ range: place, name: text, targets, tool: undefined, isUsed: false });
    }
    if (parts.length === 0) return;
    const applies = lines === "nothing" ? { first: 0, last: 0 } : lines;
    this.#all.push({ dialect, range, lines: applies, reason, parts });
  }
}

/** The names of all rules and aliases are looked through for so many unknown ones. */
const MOST_SUGGESTED = 100;

function noRule(name: string, near: string | undefined): string {
  return `no rule \`${name}\`; ${near === undefined ? "`plimsoll rules` lists all of them" : `did you mean \`${near}\`?`}`;
}

/** The lines that a directive reaches; undefined for the whole file. */
function scopeLines(
  { dialect, scope }: Directive,
  comment: SourceComment,
  kind: CommentedText["kind"],
): Lines | "nothing" | undefined {
  if (scope === "file" && !(dialect === "checkov" && kind !== "dockerfile")) return undefined;
  // What Trivy reports about a Dockerfile as such has no line: projects silence it at the top of the file.
  if (dialect === "trivy" && comment.isHeader) return undefined;
  // ShellCheck gets a command without the comments between its lines: each of them speaks for all of it.
  if (dialect === "shellcheck" && comment.whole !== undefined) return comment.whole;
  return linesOfScope(scope, comment) ?? "nothing";
}

function linesOfScope(scope: DirectiveScope, { range, target, block, list }: SourceComment): Lines | undefined {
  if (scope === "block") return block();
  if (scope === "list") return list?.() ?? target;
  if (scope !== "line") return target;
  const { line } = range.source.positionAt(range.start);
  return { first: line, last: line };
}

interface Entry {
  readonly suppression: Suppression;
  readonly part: SuppressionPart;
}

/** Entries of one stretch of lines (or of the file), by rule and by tool. */
interface Unit {
  readonly lines: Lines;
  readonly byRule: Map<string, Entry[]>;
  readonly byTool: Map<string, Entry>;
}

/** Finds entries without looking at all of them: a file can hold thousands of comments and of findings. */
class Index {
  readonly #file: Unit = unitOf({ first: 0, last: 0 });
  /** In the order of their first line. */
  readonly #units: readonly Unit[];
  /** Greatest last line of the units up to each. */
  readonly #reach: readonly number[];

  constructor(suppressions: readonly Suppression[]) {
    const units = new Map<string, Unit>();
    for (const suppression of suppressions) {
      const unit = suppression.lines === undefined ? this.#file : unitFor(units, suppression.lines);
      for (const part of suppression.parts) addEntry(unit, { suppression, part });
    }
    this.#units = [...units.values()].sort((a, b) => a.lines.first - b.lines.first);
    const reach: number[] = [];
    for (const { lines } of this.#units) reach.push(Math.max(lines.last, reach.at(-1) ?? 0));
    this.#reach = reach;
  }

  find(question: SuppressionQuestion): Entry | undefined {
    for (let index = this.#lastStarting(question.line); index >= 0; index -= 1) {
      if ((this.#reach[index] ?? 0) < question.line) break;
      const unit = this.#units[index];
      if (unit === undefined || unit.lines.last < question.line) continue;
      const entry = entryIn(unit, question);
      if (entry !== undefined) return entry;
    }
    return entryIn(this.#file, question);
  }

  /** Index of the last unit that begins at or above a line; -1 when there is none. */
  #lastStarting(line: number): number {
    let low = 0;
    let high = this.#units.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#units[middle]?.lines.first ?? 0) <= line) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

function unitFor(units: Map<string, Unit>, lines: Lines): Unit {
  const key = `${lines.first}-${lines.last}`;
  const known = units.get(key);
  if (known !== undefined) return known;
  const unit = unitOf(lines);
  units.set(key, unit);
  return unit;
}

function unitOf(lines: Lines): Unit {
  return { lines, byRule: new Map(), byTool: new Map() };
}

function addEntry({ byRule, byTool }: Unit, entry: Entry): void {
  if (entry.part.tool !== undefined && !byTool.has(entry.part.tool)) byTool.set(entry.part.tool, entry);
  for (const { rule } of entry.part.targets) {
    const entries = byRule.get(rule);
    if (entries === undefined) byRule.set(rule, [entry]);
    else if (entries.at(-1) !== entry) entries.push(entry);
  }
}

function entryIn({ byRule, byTool }: Unit, { rule, kind, aliases }: SuppressionQuestion): Entry | undefined {
  const named = byRule
    .get(rule)
    ?.find(({ part }) =>
      part.targets.some((target) => target.rule === rule && (target.kind === undefined || target.kind === kind)),
    );
  if (named !== undefined || byTool.size === 0) return named;
  for (const alias of aliases) {
    const entry = byTool.get(alias.slice(0, Math.max(0, alias.indexOf(":"))));
    if (entry !== undefined) return entry;
  }
  return undefined;
}
