import type { ExampleText } from "../engine/rule.js";

/** A place of an example that has to be found. */
export interface ExampleMark {
  /** 1-based. */
  readonly line: number;
  /** What is marked, without the marks of places inside of it; empty where a place has no width. */
  readonly text: string;
}

/** The places between `«»` in the text of an example, in the order in which they begin. Marks may lie inside each other. */
export function exampleMarks(text: ExampleText): readonly ExampleMark[] {
  const whole = typeof text === "string" ? text : text.join("\n");
  const open: number[] = [];
  const marks: { start: number; end: number }[] = [];
  let plain = "";
  for (const part of whole.split(/([«»])/)) {
    if (part === "«") open.push(plain.length);
    else if (part === "»") marks.push({ start: open.pop() ?? 0, end: plain.length });
    else plain += part;
  }
  return marks
    .toSorted((a, b) => a.start - b.start)
    .map(({ start, end }) => ({ line: plain.slice(0, start).split("\n").length, text: plain.slice(start, end) }));
}
