import type { Severity } from "../../data/levels.js";
import type { ScriptRemark } from "../../engine/script-checker.js";

/** A remark about one of several scripts. */
export interface PlacedRemark {
  /** 0-based. */
  readonly script: number;
  readonly remark: ScriptRemark;
}

/** A text that was checked: the lines put before a script, then the script. */
export interface CheckedText {
  readonly text: string;
  /** Length of what is put before the script, in UTF-16 code units. */
  readonly headLength: number;
}

/**
 * Reads what `--format=json1` prints: lines and columns are 1-based, columns count code points, ends are exclusive.
 * Remarks about the lines before a script are left out.
 *
 * @returns undefined when this is no such answer
 * @see https://github.com/koalaman/shellcheck/wiki/Integration
 */
export function readAnswer(printed: string, checked: readonly CheckedText[]): readonly PlacedRemark[] | undefined {
  const comments = commentsIn(printed);
  if (comments === undefined) return undefined;
  const texts = checked.map((each) => new LinedText(each));
  const remarks: PlacedRemark[] = [];
  for (const comment of comments) {
    const fields = fieldsOf(comment);
    const script = scriptOf(fields["file"], checked.length);
    const text = script === undefined ? undefined : texts[script];
    if (script === undefined || text === undefined) return undefined;
    const { code, level, message } = fields;
    const span = text.span(fields);
    if (typeof code !== "number" || typeof message !== "string") return undefined;
    if (span === undefined) continue;
    const edits = editsOf(fields["fix"], text);
    remarks.push({ script, remark: { code: `SC${code}`, severity: severityOf(level), message, ...span, edits } });
  }
  return remarks;
}

type Fields = Readonly<Record<string, unknown>>;

function commentsIn(printed: string): readonly unknown[] | undefined {
  try {
    const answer: unknown = JSON.parse(printed);
    const { comments } = fieldsOf(answer);
    return Array.isArray(comments) ? comments : undefined;
  } catch {
    return undefined;
  }
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function scriptOf(file: unknown, count: number): number | undefined {
  if (typeof file !== "string") return undefined;
  if (file === "-") return count === 1 ? 0 : undefined;
  const number = /(?:^|[\\/])(\d+)\.sh$/.exec(file)?.[1];
  return number === undefined ? undefined : Number(number);
}

function severityOf(level: unknown): Severity {
  return level === "error" || level === "warning" ? level : "info";
}

/** Empty when there is no fix, or when a part of it lies outside of the script. */
function editsOf(fix: unknown, text: LinedText): ScriptRemark["edits"] {
  const { replacements } = fieldsOf(fix);
  if (!Array.isArray(replacements)) return [];
  const edits: ScriptRemark["edits"][number][] = [];
  for (const each of replacements) {
    const fields = fieldsOf(each);
    const span = text.span(fields);
    const { replacement } = fields;
    if (span === undefined || typeof replacement !== "string") return [];
    edits.push({ ...span, text: replacement });
  }
  edits.sort((a, b) => a.start - b.start || a.end - b.end);
  return edits.some((edit, index) => edit.start < (edits[index - 1]?.end ?? 0)) ? [] : edits;
}

/** A checked text by lines. */
class LinedText {
  readonly #text: string;
  readonly #headLength: number;
  #starts: readonly number[] | undefined;

  constructor({ text, headLength }: CheckedText) {
    this.#text = text;
    this.#headLength = headLength;
  }

  /** Offsets in the script; undefined when one lies before it or is no place at all. */
  span({ line, column, endLine, endColumn }: Fields): { readonly start: number; readonly end: number } | undefined {
    const start = this.#offset(line, column);
    const end = this.#offset(endLine, endColumn);
    if (start === undefined || end === undefined || start < this.#headLength) return undefined;
    return { start: start - this.#headLength, end: Math.max(start, end) - this.#headLength };
  }

  #offset(line: unknown, column: unknown): number | undefined {
    if (typeof line !== "number" || typeof column !== "number") return undefined;
    this.#starts ??= lineStarts(this.#text);
    const start = this.#starts[line - 1];
    if (start === undefined) return undefined;
    const end = this.#starts[line] ?? this.#text.length;
    let offset = start;
    for (let left = column - 1; left > 0 && offset < end; left -= 1) {
      offset += (this.#text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1;
    }
    return offset;
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let feed = text.indexOf("\n"); feed !== -1; feed = text.indexOf("\n", feed + 1)) starts.push(feed + 1);
  return starts;
}
