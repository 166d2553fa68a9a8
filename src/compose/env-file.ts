import type { Range, Source } from "../text/source.js";
import { interpolate, type VariableLookup } from "./interpolate.js";

/** One name that an env file sets. Values stay inside {@link EnvFile}: only facts about them leave it. */
export interface EnvName {
  readonly name: string;
  readonly range: Range;
  /** `KEY` alone: taken from the caller's environment. */
  readonly isInherited: boolean;
  readonly isEmpty: boolean;
}

/** A line that is no `KEY=VALUE`. */
export interface EnvFileProblem {
  readonly range: Range;
  readonly message: string;
}

const NAME = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*/;

/** An env file that was read. It holds secrets: values come out through {@link EnvFile.valueForInterpolation} only. */
export class EnvFile {
  readonly source: Source;
  readonly names: readonly EnvName[];
  readonly problems: readonly EnvFileProblem[];
  readonly #values: ReadonlyMap<string, string>;

  private constructor(
    source: Source,
    names: readonly EnvName[],
    problems: readonly EnvFileProblem[],
    values: ReadonlyMap<string, string>,
  ) {
    this.source = source;
    this.names = names;
    this.problems = problems;
    this.#values = values;
  }

  /**
   * Reads `KEY=VAL`, `KEY: VAL`, `export KEY=VAL` and bare `KEY`; comments; single quotes (literal), double quotes
   * (escapes, variables), values over several lines inside quotes.
   *
   * @param outer values that win over the file's own inside its `${…}`
   * @see https://github.com/compose-spec/compose-go/blob/v2.4.0/dotenv/parser.go
   */
  static parse(source: Source, outer: VariableLookup = () => undefined): EnvFile {
    const names: EnvName[] = [];
    const problems: EnvFileProblem[] = [];
    const values = new Map<string, string>();
    const lookup = (name: string) => outer(name) ?? values.get(name);
    const { text } = source;
    let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
    while (at < text.length) {
      const lineEnd = endOfLine(text, at);
      const line = text.slice(at, lineEnd);
      const indent = line.length - line.trimStart().length;
      const content = line.slice(indent);
      if (content === "" || content.startsWith("#")) {
        at = nextLine(text, lineEnd);
        continue;
      }
      const match = NAME.exec(content);
      const name = match?.[1] ?? "";
      const after = at + indent + (match?.[0].length ?? 0);
      const nameStart = at + indent + content.indexOf(name);
      const range = source.range(nameStart, nameStart + name.length);
      const sign = text[after];
      if (name !== "" && (after >= lineEnd || sign === "#")) {
        names.push({ name, range, isInherited: true, isEmpty: false });
        at = nextLine(text, lineEnd);
      } else if (name === "" || (sign !== "=" && sign !== ":")) {
        const message = "this line is not `KEY=VALUE`; a name holds no blanks and needs a `=`";
        problems.push({ range: source.range(at + indent, at + line.trimEnd().length), message });
        at = nextLine(text, lineEnd);
      } else {
        const read = readValue(text, after + 1, lookup);
        if (read.isUnclosed) {
          problems.push({ range: source.range(after + 1, lineEnd), message: "the quote is never closed" });
        }
        names.push({ name, range, isInherited: false, isEmpty: read.value === "" });
        values.set(name, read.value);
        at = nextLine(text, read.end);
      }
    }
    return new EnvFile(source, names, problems, values);
  }

  /** Whether the file sets a name, also as a bare one. */
  has(name: string): boolean {
    return this.names.some((entry) => entry.name === name);
  }

  /** The value of a name, for putting it into `${…}` and for nothing that anyone sees; undefined when not set. */
  valueForInterpolation(name: string): string | undefined {
    return this.#values.get(name);
  }
}

interface ReadValue {
  readonly value: string;
  /** Offset after the value, on its last line. */
  readonly end: number;
  readonly isUnclosed: boolean;
}

function readValue(text: string, from: number, lookup: VariableLookup): ReadValue {
  let at = from;
  while (text[at] === " " || text[at] === "\t") at += 1;
  const lineEnd = endOfLine(text, at);
  const quote = text[at];
  if (quote === "'" || quote === '"') {
    const close = closingQuote(text, at + 1, quote);
    if (close === -1) return { value: "", end: lineEnd, isUnclosed: true };
    const inner = text.slice(at + 1, close);
    const value = quote === "'" ? inner : expand(unescaped(inner), lookup);
    return { value, end: endOfLine(text, close), isUnclosed: false };
  }
  const raw = text.slice(at, lineEnd);
  const comment = raw.search(/(?:^|[ \t])#/);
  const bare = (comment === -1 ? raw : raw.slice(0, comment)).trim();
  return { value: expand(bare, lookup), end: lineEnd, isUnclosed: false };
}

/** An unset variable in an env file is empty, as for Compose. */
function expand(text: string, lookup: VariableLookup): string {
  if (!text.includes("$")) return text;
  return interpolate(text, (name) => lookup(name) ?? "").resolved;
}

function closingQuote(text: string, from: number, quote: string): number {
  for (let index = from; index < text.length; index += 1) {
    if (text[index] === "\\" && quote === '"') index += 1;
    else if (text[index] === quote) return index;
  }
  return -1;
}

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["\\", "\\"],
  ['"', '"'],
  ["$", "$$"],
]);

function unescaped(text: string): string {
  return text.includes("\\")
    ? text.replace(/\\([\s\S])/g, (whole, after: string) => ESCAPES.get(after) ?? whole)
    : text;
}

function endOfLine(text: string, from: number): number {
  for (let index = from; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === 10 || code === 13) return index;
  }
  return text.length;
}

function nextLine(text: string, lineEnd: number): number {
  return text.charCodeAt(lineEnd) === 13 && text.charCodeAt(lineEnd + 1) === 10 ? lineEnd + 2 : lineEnd + 1;
}
