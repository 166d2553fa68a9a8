import type { EscapeCharacter, Instruction } from "../dockerfile/model.js";
import type { Range, Source } from "../text/source.js";
import { words } from "../text/words.js";

/** An instruction that a continued line above has made a part of its own. */
export interface SwallowedInstruction {
  /** Upper case. */
  readonly keyword: string;
  /** From the keyword to the end of its line, the character that continues it aside. */
  readonly range: Range;
  /** Upper-case keyword of the instruction above. */
  readonly by: string;
  /** What ends the line above: an operator of the shell and the character that continues the line, with blanks before. */
  readonly dangling: Range;
}

/** A line that belongs to an instruction: offsets in the Dockerfile's own text, blanks around aside. */
interface ContentLine {
  readonly start: number;
  /** Without the character that continues the line. */
  readonly end: number;
  /** Offset behind the last character that is not blank. */
  readonly last: number;
  readonly isIndented: boolean;
  readonly isContinued: boolean;
}

/** Instructions of a file's own text inside of another one, in order. */
export function* swallowedInstructions(
  source: Source,
  instruction: Instruction,
  escapeCharacter: EscapeCharacter,
): Iterable<SwallowedInstruction> {
  if (instruction.startLine === lastHeadLine(instruction)) return;
  const { text } = source;
  let before: ContentLine | undefined;
  const quotes = new QuoteScan();
  for (const line of contentLines(source, instruction, escapeCharacter)) {
    const isInQuotes = quotes.isOpen;
    quotes.read(text, line.start, line.end);
    const above = before;
    before = line;
    if (above === undefined || isInQuotes || !isUpperCase(text.charCodeAt(line.start))) continue;
    const written = text.slice(line.start, line.end).trimEnd();
    const blank = written.search(BLANK);
    const keyword = blank < 0 ? "" : written.slice(0, blank);
    if (keyword === "" || mayHold(instruction, keyword) || keyword !== keyword.toUpperCase()) continue;
    if (!isPlausible(keyword, written.slice(blank).trimStart())) continue;
    const danglingStart = withoutOperator(text, above);
    const hasOperator = danglingStart < trimmedEnd(text, above.start, above.end);
    if (!hasOperator && line.isIndented) continue;
    yield {
      keyword,
      range: source.range(line.start, line.start + written.length),
      by: instruction.keyword,
      dangling: source.range(danglingStart, above.last),
    };
  }
}

/** The character that continues the last line of an instruction although nothing follows; undefined when there is none. */
export function danglingEnd(
  source: Source,
  instruction: Instruction,
  escapeCharacter: EscapeCharacter,
): Range | undefined {
  if (instruction.heredocs.length > 0) return undefined;
  let last: ContentLine | undefined;
  for (const line of contentLines(source, instruction, escapeCharacter)) last = line;
  return last?.isContinued === true ? source.range(last.end, last.last) : undefined;
}

function lastHeadLine({ endLine, heredocs }: Instruction): number {
  const [first] = heredocs;
  return first === undefined ? endLine : first.startLine - 1;
}

function* contentLines(
  source: Source,
  instruction: Instruction,
  escapeCharacter: EscapeCharacter,
): Iterable<ContentLine> {
  const { text } = source;
  const lastLine = lastHeadLine(instruction);
  for (let number = instruction.startLine; number <= lastLine; number += 1) {
    const span = source.lineSpan(number);
    if (span === undefined) return;
    let { start } = span;
    while (start < span.end && isBlank(text.charCodeAt(start))) start += 1;
    if (start === span.end || text.charCodeAt(start) === HASH) continue;
    const last = trimmedEnd(text, start, span.end);
    const isContinued = text[last - 1] === escapeCharacter && text[last - 2] !== escapeCharacter;
    const end = isContinued ? last - 1 : last;
    yield { start, end, last, isIndented: start > span.start, isContinued };
  }
}

const HASH = 0x23;
const BLANK = /[ \t]/;

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0d;
}

function isUpperCase(code: number): boolean {
  return code >= 0x41 && code <= 0x5a;
}

function trimmedEnd(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isBlank(text.charCodeAt(at - 1))) at -= 1;
  return at;
}

/** Where a line ends without the operator of the shell that connects it with the next one. */
function withoutOperator(text: string, { start, end }: ContentLine): number {
  const last = trimmedEnd(text, start, end);
  const operator = OPERATORS.find((each) => text.endsWith(each, last) && text.startsWith(each, last - each.length));
  return operator === undefined ? last : trimmedEnd(text, start, last - operator.length);
}

const OPERATORS = ["&&", "||", ";", "|"];

/** Whether text that has been read so far ends inside of quotes. */
class QuoteScan {
  #open = "";

  get isOpen(): boolean {
    return this.#open !== "";
  }

  read(text: string, start: number, end: number): void {
    for (let at = start; at < end; at += 1) {
      const character = text[at] ?? "";
      if (character === "\\" && this.#open !== "'") at += 1;
      else if (character === this.#open) this.#open = "";
      else if (this.#open === "" && (character === '"' || character === "'")) this.#open = character;
    }
  }
}

/** Whether an instruction takes another one behind its keyword. */
function mayHold({ keyword }: Instruction, inner: string): boolean {
  return keyword === "ONBUILD" || (keyword === "HEALTHCHECK" && inner === "CMD");
}

/** Whether arguments begin as those of an instruction do; words of a shell or a text that are in upper case look otherwise. */
function isPlausible(keyword: string, args: string): boolean {
  if (args === "") return false;
  switch (keyword) {
    case "FROM":
      return /^(?:--platform=\S+\s+)?[a-z$][^\s=]*(?:\s+[Aa][Ss]\s+\S+)?$/.test(args);
    case "RUN":
      return /^[-a-z[/.$]/i.test(args);
    case "CMD":
    case "ENTRYPOINT":
      return /^[[a-z/.$]/.test(args);
    case "COPY":
    case "ADD":
      return words(args).length > 1;
    case "ENV":
      return /^[A-Za-z_]\w*[= ]/.test(args);
    case "LABEL":
      return /^[\w."-]+[= ]/.test(args);
    case "ARG":
      return /^[A-Za-z_]\w*(?:=|$)/.test(args);
    case "EXPOSE":
      return /^["$\d]/.test(args);
    case "WORKDIR":
      return /^["']?[/$.]/.test(args);
    case "USER":
    case "STOPSIGNAL":
      return words(args).length === 1;
    case "VOLUME":
      return /^["']?[[/$]/.test(args);
    case "HEALTHCHECK":
      return /^(?:CMD|NONE|--)/.test(args);
    case "SHELL":
      return args.startsWith("[");
    case "ONBUILD":
      return /^[A-Z]+\s/.test(args);
    case "MAINTAINER":
      return true;
    default:
      return false;
  }
}
