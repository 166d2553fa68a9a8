import type { TextFrame } from "./frame.js";
import { DerivedText } from "./frame.js";
import { GivenWord } from "./word.js";

/**
 * Splits a text into words as a shell would, without expanding anything: blanks separate, quotes and backslashes group.
 * Compose splits `command:` and `entrypoint:` strings so, and `env -S` its operand. An unterminated quote ends with the text.
 */
export function splitWords(frame: TextFrame): GivenWord[] {
  const { text } = frame;
  const words: GivenWord[] = [];
  let index = 0;
  while (index < text.length) {
    if (isBlank(text[index])) {
      index += 1;
      continue;
    }
    const start = index;
    const decoded = new DerivedText();
    index = readWord(text, start, decoded);
    const inner = decoded.toFrame(frame);
    words.push(new GivenWord(inner.text, frame.rangeAt(start, index), inner.rangeAt));
  }
  return words;
}

function isBlank(character: string | undefined): boolean {
  return character === " " || character === "\t" || character === "\n" || character === "\r";
}

/** Decodes the word at `start` and gives the offset after it. */
function readWord(text: string, start: number, decoded: DerivedText): number {
  let quote = "";
  let index = start;
  let run = start;
  const flush = () => decoded.appendExact(text.slice(run, index), run);
  for (; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (quote === "" && isBlank(character)) break;
    const opens = quote === "" && (character === "'" || character === '"');
    if (opens || (quote !== "" && character === quote)) {
      flush();
      quote = opens ? character : "";
      run = index + 1;
    } else if (character === "\\" && quote !== "'" && index + 1 < text.length) {
      if (quote === '"' && !/["\\$`]/.test(text[index + 1] ?? "")) continue;
      flush();
      decoded.appendWhole(text[index + 1] ?? "", index, 2);
      index += 1;
      run = index + 1;
    }
  }
  flush();
  return index;
}
