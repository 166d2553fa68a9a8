import type { ExampleText } from "../../src/engine/rule.js";

/** A text without its marks, and what they mark. */
export interface MarkedText {
  readonly text: string;
  /** 0-based code units of `text`, in order of start, then end. */
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

/**
 * Takes the marks `«»` out of the text of an example. Marks may lie inside each other; a list of lines ends in a line
 * break.
 *
 * @throws Error for a mark without its partner
 */
export function readMarks(written: ExampleText): MarkedText {
  const marked = typeof written === "string" ? written : written.map((line) => `${line}\n`).join("");
  const ranges: { start: number; end: number }[] = [];
  const open: number[] = [];
  let text = "";
  for (const part of marked.split(/([«»])/)) {
    if (part === "«") open.push(text.length);
    else if (part !== "»") text += part;
    else {
      const start = open.pop();
      if (start === undefined) throw new Error(`a » without « after ${JSON.stringify(text.slice(-30))}`);
      ranges.push({ start, end: text.length });
    }
  }
  if (open.length > 0) throw new Error(`a « without » in ${JSON.stringify(marked.slice(0, 80))}`);
  return { text, ranges: ranges.sort((a, b) => a.start - b.start || a.end - b.end) };
}
