import { type JsonStrings, parseJsonStrings } from "../dockerfile/json-array.js";
import type { Instruction } from "../dockerfile/model.js";
import type { Range } from "../text/source.js";

/** Arguments that look like a JSON array and are none, so that the builder takes them for the shell form. */
export interface BrokenArray {
  readonly range: Range;
  /** Why it is no JSON. */
  readonly flaw:
    | "single-quotes"
    | "typographic-quotes"
    | "bare-words"
    | "trailing-comma"
    | "tail"
    | "no-bracket"
    | "other";
  /** The array as JSON; undefined when the items are ambiguous. */
  readonly json: string | undefined;
}

/** The array that an instruction was most likely meant to have; undefined for what is valid, a test of a shell, or a pattern. */
export function brokenArray(instruction: Instruction): BrokenArray | undefined {
  const written = arrayText(instruction);
  if (written === undefined) return undefined;
  const { text, range } = written;
  if (!looksLikeArray(text, instruction.keyword)) return undefined;
  // A number among the items is refused outright, which is a parse error.
  if (parse(text).kind !== "invalid") return undefined;
  return { range, flaw: flawOf(text), json: asJson(text) };
}

/** The arguments in shell form that begin with a bracket. */
function arrayText(instruction: Instruction): { readonly text: string; readonly range: Range } | undefined {
  const { words, argumentsRange } = instruction;
  switch (instruction.keyword) {
    case "HEALTHCHECK": {
      const [, command] = words;
      if (instruction.test.kind !== "cmd" || instruction.form !== "shell" || command?.raw.startsWith("[") !== true)
        return undefined;
      return { text: command.raw, range: command.range };
    }
    case "RUN":
    case "CMD":
    case "ENTRYPOINT":
    case "SHELL":
    case "COPY":
    case "ADD":
    case "VOLUME": {
      if (instruction.form !== "shell" || words[0]?.raw.startsWith("[") !== true) return undefined;
      const [only] = words;
      const isOne = words.length === 1 && only !== undefined;
      return { text: isOne ? only.raw : words.map(({ raw }) => raw).join(" "), range: argumentsRange };
    }
    default:
      return undefined;
  }
}

function parse(text: string): JsonStrings {
  return parseJsonStrings(text, 0, text.length);
}

const QUOTES = "\"'\u2018\u2019\u201c\u201d\u201e\u201f";

/** Whether a text that begins with a bracket was meant to be an array, and not as a test or pattern. */
function looksLikeArray(text: string, keyword: string): boolean {
  // SHELL takes nothing else, whatever it looks like.
  if (keyword === "SHELL") return true;
  if (text.startsWith("[[") || isTest(text)) return false;
  const first = text.slice(1).trimStart().charAt(0);
  const isQuoted = first !== "" && QUOTES.includes(first);
  if (keyword === "COPY" || keyword === "ADD") return isQuoted || (text.endsWith("]") && text.includes(","));
  return isQuoted || text.endsWith("]");
}

const BINARY: ReadonlySet<string> = new Set([
  "=",
  "==",
  "!=",
  "=~",
  "<",
  ">",
  "-eq",
  "-ne",
  "-lt",
  "-le",
  "-gt",
  "-ge",
  "-nt",
  "-ot",
  "-ef",
]);

/** Whether a text is the `[` command of a shell: a bracket that stands alone, then an operator or a variable. */
function isTest(text: string): boolean {
  if (!/^\[\s/.test(text)) return false;
  const [, first = "", second = ""] = text.match(/\S+/g) ?? [];
  if (first.endsWith(",")) return false;
  return first === "!" || (/^-[A-Za-z]$/.test(first) && second !== "]") || first.includes("$") || BINARY.has(second);
}

function flawOf(text: string): BrokenArray["flaw"] {
  const end = text.lastIndexOf("]");
  if (end === -1) return "no-bracket";
  if (text.includes("'"))
    return parse(text.replaceAll("'", '"')).kind === "strings" ? "single-quotes" : looseFlaw(text, end);
  return looseFlaw(text, end);
}

function looseFlaw(text: string, end: number): BrokenArray["flaw"] {
  if (/[\u2018-\u201f]/.test(text)) return "typographic-quotes";
  if (end < text.length - 1) return "tail";
  if (/,\s*\]$/.test(text)) return "trailing-comma";
  const first = text.slice(1).trimStart().charAt(0);
  if (first === "'") return "single-quotes";
  return QUOTES.includes(first) ? "other" : "bare-words";
}

/** One item: in quotes of one kind without that quote and backslashes inside, or a word without blanks and quotes. */
const ITEM =
  /\s*(?:"([^"\\]*)"|'([^'\\]*)'|[\u201c\u201d\u201e]([^\u201c-\u201f\\]*)[\u201c\u201d]|([^\s,'"[\]\\\u2018-\u201f]+))\s*(,|$)/y;

function asJson(text: string): string | undefined {
  if (!text.endsWith("]")) return undefined;
  const inner = text.slice(1, -1).trimEnd();
  const items: string[] = [];
  for (let position = 0; position < inner.length; ) {
    ITEM.lastIndex = position;
    const match = ITEM.exec(inner);
    if (match === null) return undefined;
    const [whole, double, single, typographic, bare] = match;
    items.push(JSON.stringify(double ?? single ?? typographic ?? bare ?? ""));
    position += whole.length;
  }
  return items.length === 0 ? undefined : `[${items.join(", ")}]`;
}
