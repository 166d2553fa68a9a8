/** Longest text that a message repeats, in UTF-16 code units: messages stay one line. */
const LONGEST = 64;

/** A text of the user as messages show it: in backticks, on one line, cut in its middle when it is long. */
export function quoted(text: string): string {
  const line = text.replace(/\s+/g, " ");
  if (line.length <= LONGEST) return `\`${line}\``;
  const half = (LONGEST - 1) / 2;
  return `\`${line.slice(0, Math.ceil(half))}…${line.slice(line.length - Math.floor(half))}\``;
}
